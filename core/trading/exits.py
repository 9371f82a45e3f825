"""Owns when a position is sold: its levels, and the decision at one candle.

All levels are gross: measured on prices, before fees. They are products, never quotients, so
they are exact.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from core.money import floor_volume
from messages.config import Config
from messages.market import Candle
from messages.trading import ExitReason

LEAST = Decimal("0.00000001")  # KRW, below every tick there is
ORDERED = (  # levels of which the first has to lie below the second
    ("trailing_stop_positive", "trailing_stop_positive_offset"),
    ("partial_exit_profit", "minimal_roi"),
)


class Position(Struct, frozen=True):
    """What an exit is decided for: prices in KRW, the volume in coin."""

    entry: Decimal
    volume: Decimal
    max_price: Decimal  # as known before the candle
    partial_done: bool = False


class ExitChoice(Struct, frozen=True):
    """How much is sold, and why. ``dust`` is not sold: it is worth too little."""

    volume: Decimal
    reason: ExitReason
    partial: bool = False
    wanted: ExitReason | None = None  # of dust: why it would be sold, were it worth enough


def stop_level(
    entry: Decimal, max_price: Decimal, config: Config
) -> tuple[Decimal, Literal["stop_loss", "trailing_stop_loss"]]:
    """The price at or below which all is sold; of equal levels the fixed one gives the name."""
    fixed = entry * (1 + config.stoploss)
    if max_price < entry * (1 + config.trailing_stop_positive_offset):
        return fixed, "stop_loss"
    trailing = max_price * (1 - config.trailing_stop_positive)
    return (trailing, "trailing_stop_loss") if trailing > fixed else (fixed, "stop_loss")


def decide_exit(
    position: Position, candle: Candle, exit_signal: bool, config: Config
) -> ExitChoice | None:
    """What the candle does to the position; values that decide are taken at its close."""
    reason = _whole(position, candle, exit_signal, config)
    if reason:
        return sell_all(position.volume, candle.close, reason, config)
    level = position.entry * (1 + config.partial_exit_profit)
    if position.partial_done or candle.high < level:
        return None
    part = floor_volume(position.volume * config.partial_exit_ratio)
    if min(part, position.volume - part) * candle.close < config.min_order_krw:
        return sell_all(position.volume, candle.close, "partial_exit", config)
    return ExitChoice(part, "partial_exit", partial=True)


def sell_all(volume: Decimal, close: Decimal, reason: ExitReason, config: Config) -> ExitChoice:
    """All of it, or nothing: what the venue would refuse for its worth is dust."""
    if volume * close < config.min_order_krw:
        return ExitChoice(volume, "dust", wanted=reason)
    return ExitChoice(volume, reason)


def _whole(
    position: Position, candle: Candle, exit_signal: bool, config: Config
) -> ExitReason | None:
    stop, name = stop_level(position.entry, position.max_price, config)
    if candle.low <= stop:
        return name
    if candle.high >= position.entry * (1 + config.minimal_roi):
        return "roi"
    return "exit_signal" if exit_signal else None


def quiet_band(position: Position, config: Config) -> tuple[Decimal, Decimal]:
    """(below, above): a candle with low > below and high <= above changes nothing.

    Unless the strategy says to leave at it. A peak may stand above a level already when an exit
    was refused there; then the band ends just below the level.
    """
    below, _ = stop_level(position.entry, position.max_price, config)
    gain = config.minimal_roi
    if not position.partial_done:
        gain = min(gain, config.partial_exit_profit)
    level = position.entry * (1 + gain)
    return below, position.max_price if position.max_price < level else level - LEAST
