"""Owns what a configuration is for the kernel: whole numbers that decide as the Decimals do."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from msgspec import Struct

from core.money import down, up
from core.trading.position_size import least_entry
from core.trading.protections import daily_loss_limit, day_end, duration, lookback, protections
from messages.config import Config, Protection
from research.kernel import layout as at
from research.kernel.layout import Ints
from research.unsupported import Unsupported

FEE_PLACES, RATE_PLACES = 8, 12
FEE_UNITS = 16  # decimals of money before those of the fee
RATES = (
    *("stoploss", "minimal_roi", "trailing_stop_positive", "trailing_stop_positive_offset"),
    *("partial_exit_profit", "partial_exit_ratio", "slippage_rate"),
)
WORD = 2**64
KNOWN = ("StoplossGuard", "MaxDrawdown")  # of the protections
ZERO = Decimal(0)


class Rules(Struct, frozen=True, eq=False):
    """A configuration as the kernel has it: made once, played as often as one likes.

    ``row`` and ``protections``: see ``research.kernel.layout``; ``unit``: so many units of the
    kernel's money are a won; ``capital``: KRW.
    """

    row: Ints
    protections: Ints
    unit: int
    capital: Decimal
    blacklist: tuple[str, ...]


def rules_of(config: Config) -> Rules:
    """The rules that a configuration states. Raises Unplayable."""
    _refuse(config)
    unit, blacklist = money_unit(config), tuple(config.pair_blacklist)
    return Rules(_row(config), _protections(config), unit, config.capital, blacklist)


def money_unit(config: Config) -> int:
    """How many units of the kernel's money are in a won."""
    unit: int = 10 ** (FEE_UNITS + _decimals(config.fee_rate, "fee_rate", FEE_PLACES))
    return unit


def words(number: int) -> tuple[int, int]:
    """A whole number as the two columns of a ``Wide``."""
    low = number % WORD
    return number // WORD, low - WORD if low >= WORD // 2 else low


def number(high: int, low: int) -> int:
    """The whole number of two columns."""
    return int(high) * WORD + int(low) % WORD


def _row(config: Config) -> Ints:
    one = 10 ** max(_decimals(getattr(config, name), name, RATE_PLACES) for name in RATES)
    fee_one = 10 ** _decimals(config.fee_rate, "fee_rate", FEE_PLACES)
    rules = np.zeros(at.RULES, dtype=np.int64)
    rules[at.SECONDS], rules[at.SLOTS] = config.seconds, config.max_open_trades
    rules[at.COOLDOWN] = config.cooldown_minutes * 60
    rules[at.STAKE] = _units(config.stake_amount, "stake_amount")
    rules[at.LEAST] = least_entry(config.min_order_krw, config.stoploss) * at.UNIT
    rules[at.BURST] = _burst(config)
    rules[at.ONE], rules[at.FEE_ONE] = one, fee_one
    rules[at.FEE] = config.fee_rate * fee_one
    rules[at.STOPPED] = (1 + config.stoploss) * one
    rules[at.TRAILED] = (1 - config.trailing_stop_positive) * one
    rules[at.OFFSET] = (1 + config.trailing_stop_positive_offset) * one
    rules[at.GAIN] = (1 + config.minimal_roi) * one
    rules[at.PART_GAIN] = (1 + config.partial_exit_profit) * one
    rules[at.PART] = config.partial_exit_ratio * one
    rules[at.UP], rules[at.DOWN] = (
        (1 + config.slippage_rate) * one,
        (1 - config.slippage_rate) * one,
    )
    least = _units(config.min_order_krw, "min_order_krw") * at.UNIT
    rules[at.MIN_HIGH : at.MIN_LOW + 1] = words(least)
    limit = daily_loss_limit(config)
    rules[at.DAY_START] = int(day_end(0.0, config.day_starts_at)) - 86400
    rules[at.LOSS_LIMITED] = limit is not None
    rules[at.LOSS_HIGH : at.LOSS_LOW + 1] = words(int(up((limit or ZERO) * money_unit(config), 0)))
    return rules


def _protections(config: Config) -> Ints:
    rows = [_protection(rule, config) for rule in protections(config)]
    return np.array(rows, dtype=np.int64).reshape(-1, at.PROTECTION)


def _protection(rule: Protection, config: Config) -> list[int]:
    if rule.method not in KNOWN:
        raise Unsupported(f"the protection {rule.method}", "protections", ", ".join(KNOWN))
    if rule.unlock_at or rule.required_profit:
        key = "unlock_at" if rule.unlock_at else "required_profit"
        raise Unsupported(f"the key {key} of a protection", "protections", "rows without it")
    method = at.STOPLOSS_GUARD if rule.method == "StoplossGuard" else at.MAX_DRAWDOWN
    allowed = int(down(rule.max_allowed_drawdown * config.capital * money_unit(config), 0))
    times = (int(lookback(rule, config)), int(duration(rule, config)))
    row = [method, times[0], rule.trade_limit, times[1]]
    return [*row, int(rule.only_per_pair), *words(allowed)]


def _burst(config: Config) -> int:
    """Orders of one moment that are surely out before they are stale, half a minute later."""
    calls = config.exchange
    second, minute = calls.order_per_second * 20, calls.order_per_minute
    return min(second, calls.queue_max, second if minute is None else minute // 2)


def _refuse(config: Config) -> None:
    if not config.dry_run:
        raise Unsupported("money at stake has caps of its own", "dry_run", "paper: true")
    if config.order_types.entry != "market":
        raise Unsupported("limit entries", "order_types.entry", "market entries")
    if config.paper.fill_share != 1:
        raise Unsupported("fills in parts", "paper.fill_share", "whole fills: 1")
    if config.min_order_krw <= 0:
        raise Unsupported("no least order", "min_order_krw", "one above 0")
    if config.capital > config.dry_run_wallet:
        raise Unsupported("more than the wallet", "available_capital", "up to dry_run_wallet")


def _decimals(value: Decimal, where: str, most: int) -> int:
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    if -exponent > most:
        raise Unsupported(f"{value} has too many decimals", where, f"up to {most} decimals")
    return max(0, -exponent)


def _units(value: Decimal, where: str) -> int:
    _decimals(value, where, at.PLACES)
    return int(value * at.UNIT)
