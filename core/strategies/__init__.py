"""The built-in strategies, by name; each module holds one."""

from __future__ import annotations

from core.strategies.rsi_macd_bollinger import RsiMacdBollinger
from core.strategy import Strategy

BUILT_IN: dict[str, Strategy] = {"rsi_macd_bollinger": RsiMacdBollinger()}
