"""Owns the configuration of simulated bots: levels so tight that six hours see many exits."""

from __future__ import annotations

from decimal import Decimal

from messages.config import Config

TIGHT = Config(
    stoploss=Decimal("-0.006"),
    minimal_roi=Decimal("0.02"),
    trailing_stop_positive=Decimal("0.003"),
    trailing_stop_positive_offset=Decimal("0.005"),
    partial_exit_profit=Decimal("0.008"),
    cooldown_minutes=5,
    startup_candle_count=60,
    max_open_trades=3,
    stake_amount=Decimal(400000),
    strategy_params={"rsi_oversold": 45, "conditions_required": 1},
)
