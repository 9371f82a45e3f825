"""``status``: open trades, with their profit now and their stop."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from rich.console import RenderableType

from core.market.pairs import coin
from core.money import quotient
from core.trading.exits import stop_level
from core.trading.position_size import gain
from core.trading.trades import BARS
from i18n import say, word
from i18n.formatting import DASH, duration, krw, kst, pair_name, percent, price, volume
from i18n.tables import grid, nothing, pairs, stacked
from interfaces.views.health import breach, stopless, waiting, waits
from messages.account import StopsDisabled
from messages.audit import InvariantBroken
from messages.config import Config
from messages.plain_values import moment, plain
from messages.recovery import BirthSighted
from persistence.reader import Reader
from projections.ledger import Ledger
from projections.trades import OpenTrade


class TradeNow(Struct, frozen=True):
    """One open trade. Prices and money are KRW; profit is after fees, as if sold at ``current``."""

    trade: str
    pair: str
    open_date: datetime
    open_rate: Decimal
    current_rate: Decimal | None
    amount: Decimal
    stake_amount: Decimal
    profit_abs: Decimal | None
    profit_ratio: Decimal | None
    stop_rate: Decimal
    stop_reason: str
    max_rate: Decimal
    held_seconds: float
    enter_tag: str
    suspended: Decimal = Decimal(0)  # coin of it that left without a sale
    answer_by: datetime | None = None  # when that counts as moved out
    exit_waits: str = ""  # why; where its coins are locked, by which order


class DustNow(Struct, frozen=True):
    """Coins of a pair that are worth too little to sell, at the value that was booked (KRW)."""

    pair: str
    amount: Decimal
    value: Decimal


class StatusView(Struct, frozen=True):
    """Open trades by open date, at a moment of the bot's clock, and dust by pair."""

    at: datetime
    trades: tuple[TradeNow, ...]
    broken: tuple[InvariantBroken, ...] = ()  # invariants of the money: no entries meanwhile
    recovery: str = ""  # why exits wait: reading | shut | found; "" when they do not
    recovery_since: datetime | None = None
    recovery_facts: dict[str, str] = {}
    second_birth: BirthSighted | None = None  # another bot's order on this account
    disabled: StopsDisabled | None = None  # our key is refused: no stop works
    dust: tuple[DustNow, ...] = ()


def look(
    ledger: Ledger,
    reader: Reader,
    now: float,
    old: float = math.inf,
    prices: Mapping[str, Decimal] = {},
) -> StatusView:
    """From the journal, with the newest archived price of then, or the one given (KRW by pair).

    An archived price whose candle closed more than ``old`` seconds before is none.
    """
    config = ledger.config
    began = now - config.seconds
    rows = [
        _now(trade, prices.get(trade.pair) or _price(reader, trade.pair, began, old), config, now)
        for trade in ledger.trades.sorted_open
    ]
    dust = tuple(DustNow(pair, *kept) for pair, kept in sorted(ledger.dust.items()))
    return StatusView(
        moment(now),
        tuple(rows),
        tuple(ledger.broken),
        *waiting(ledger),
        ledger.rival,
        ledger.disabled,
        dust,
    )


def table(view: StatusView, language: str) -> RenderableType:
    """As people read it."""
    open_now = _trades(view, language)
    if view.dust:
        open_now = stacked(open_now, _dust(view, language))
    lines = [(say("health_audit", language), breach(b, language)) for b in view.broken]
    held = waits(view.recovery, view.recovery_facts, view.second_birth, language)
    lines += [(say(key, language), text) for key, text in held.items()]
    lines += [line for trade in view.trades for line in _owed(trade, language)]
    if view.disabled:
        lines.append((say("health_stops", language), stopless(view.disabled, language)))
    if not lines:
        return open_now
    return stacked(pairs("", lines), open_now)


def _owed(trade: TradeNow, language: str) -> Iterator[tuple[str, str]]:
    """What a trade waits for, and what to type."""
    if trade.suspended:
        until = str(trade.answer_by.timestamp()) if trade.answer_by else ""
        facts = {"volume": plain(trade.suspended), "coin": coin(trade.pair), "until": until}
        text = say("status_suspended_text", language, pair=trade.pair, **facts)
        yield say("status_suspended", language), text
    if trade.exit_waits:
        key = "status_barred_text" if trade.exit_waits in BARS else "status_waits_text"
        known = word("reason", trade.exit_waits, language)
        facts = {"pair": trade.pair, "reason": trade.exit_waits, "uuid": known}
        yield say("status_waits", language), say(key, language, **facts)


def _trades(view: StatusView, language: str) -> RenderableType:
    if not view.trades:
        return nothing("none_status", language)
    names = ("pair", "since", "held", "entry", "now", "profit", "ratio", "stop", "amount", "stake")
    rows = [_cells(trade, language) for trade in view.trades]
    spare = ("since", "stake", "amount", "held")
    return grid(say("title_status", language), names, rows, language, spare)


def _dust(view: StatusView, language: str) -> RenderableType:
    rows = [(pair_name(d.pair, language), volume(d.amount), krw(d.value)) for d in view.dust]
    title = say("title_dust", language)
    return grid(title, ("coin", "dust", "dust_value"), rows, language)


def _cells(trade: TradeNow, language: str) -> tuple[str, ...]:
    known = trade.current_rate is not None
    return (
        pair_name(trade.pair, language),
        kst(trade.open_date, seconds=False),
        duration(trade.held_seconds, language),
        price(trade.open_rate),
        price(trade.current_rate) if trade.current_rate is not None else DASH,
        krw(trade.profit_abs or Decimal(0), signed=True) if known else DASH,
        percent(trade.profit_ratio or Decimal(0), signed=True) if known else DASH,
        price(trade.stop_rate),
        volume(trade.amount),
        krw(trade.stake_amount),
    )


def _price(reader: Reader, pair: str, began: float, old: float) -> Decimal | None:
    """The close of the newest candle that had closed; ``began``: it began then at the latest."""
    newest = reader.candles(pair, 1, began + 1)
    return newest[0].close if newest and newest[0].time >= began - old else None


def _now(trade: OpenTrade, current: Decimal | None, config: Config, now: float) -> TradeNow:
    stop, reason = stop_level(trade.price, trade.max_price, config)
    cost = trade.stake + trade.fee
    profit = ratio = None
    if current is not None:
        profit = gain(trade.volume, current, cost, config.fee_rate)
        ratio = quotient(profit, cost) if cost else Decimal(0)
    return TradeNow(
        trade.trade,
        trade.pair,
        moment(trade.opened_at),
        trade.price,
        current,
        trade.volume,
        trade.stake,
        profit,
        ratio,
        stop,
        reason,
        trade.max_price,
        max(0.0, now - trade.opened_at),
        trade.tag,
        trade.suspended,
        moment(trade.answer_by) if trade.suspended else None,
        trade.waits,
    )
