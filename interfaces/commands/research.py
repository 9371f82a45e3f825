"""Owns what verbs of research stand on: a strategy, a configuration and the tapes of its pairs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from app.config.config_file import load
from app.config.layers import placed
from app.recordings import require_startup, source_of
from app.replay import entered
from core.market.candles import CandleSeries
from core.strategy import Strategy
from i18n import configured_language
from interfaces.options import config_path, files_of
from messages.config import Config


@dataclass(frozen=True)
class ResearchInput:
    """Tapes are in the order in which pairs are taken."""

    config: Config
    strategy: Strategy
    candle_series: tuple[CandleSeries, ...]
    language: str


def research_input(
    config: Path | None,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    timerange: str,
    strategy: str | None,
) -> ResearchInput:
    """Read what was named on the command line. Raises UserError."""
    loaded = load(config_path(config), os.environ, {"strategy": strategy} if strategy else {})
    source = source_of(files_of(recording, more), loaded.config, timerange)
    with placed(loaded.origin):
        candle_series = tuple(entered(source.candle_series, loaded.config))
        require_startup(candle_series, loaded.config)
    language = configured_language(loaded.config, os.environ)
    return ResearchInput(loaded.config, loaded.strategy.strategy, candle_series, language)
