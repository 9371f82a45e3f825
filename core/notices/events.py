"""Owns which events are told to people, at what level, under which key, with which facts.

Keys and the names of their facts are those of messages/notices.py, which also says how each
fact is written.
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from core.market.book import excess
from core.money import half_even
from messages.base import Message
from messages.budget import BudgetRefused
from messages.control import ConfigAdopted, TradingChanged
from messages.limits import (
    BreakerClosed,
    BreakerHalfOpened,
    BreakerOpened,
    PaceShrunk,
    VenueBanned,
)
from messages.market import FeedTaken
from messages.notices import Level, NoticeCounted
from messages.orders import OrderClosed, OrderRefused
from messages.storage import SpaceRegained, SpaceShort
from messages.trading import (
    DustKept,
    EntryVetoed,
    EntryWanted,
    ExitWanted,
    PairLocked,
    TradeClosed,
    TradeRecord,
    TradeReduced,
)

NoticeOf = (
    EntryWanted
    | EntryVetoed
    | BudgetRefused
    | ExitWanted
    | TradeReduced
    | TradeClosed
    | DustKept
    | BreakerOpened
    | BreakerHalfOpened
    | BreakerClosed
    | VenueBanned
    | PaceShrunk
    | PairLocked
    | TradingChanged
    | ConfigAdopted
    | SpaceShort
    | SpaceRegained
    | FeedTaken
)
Text = tuple[Level, str, dict[str, str]]  # level, key, facts
Fact = str | int | float | Decimal | tuple[str, ...]


def written(fact: Fact) -> str:
    """A fact as text: figures in plain decimal notation, names with spaces between."""
    match fact:
        case str():
            return fact
        case Decimal():
            return format(fact, "f")
        case tuple():
            return " ".join(fact)
        case float():
            return repr(fact)
        case int():
            return str(fact)
        case _:
            assert_never(fact)


def text(level: Level, key: str, **facts: Fact) -> Text:
    """A notice without its moment."""
    return level, key, {name: written(fact) for name, fact in facts.items()}


def notice_of(event: NoticeOf) -> Text | None:
    """The notice of an event; None when there is nothing to say."""
    match event:
        case EntryWanted() | ExitWanted():
            return _wanted(event)
        case EntryVetoed(pair=pair, conditions=conditions, ask=ask, close=close) if ask:
            above, allowed = excess(ask, close, event.allowed)
            shares = {"above": above, "allowed": allowed}
            prices = {"ask": ask, "price": close}
            return text(
                "info", "ask_above_band", pair=pair, conditions=conditions, **prices, **shares
            )
        case EntryVetoed(pair=pair, reason=reason, conditions=conditions):
            return text("info", "entry_vetoed", pair=pair, reason=reason, conditions=conditions)
        case BudgetRefused(pair=pair, reason=reason):
            money = {"needed": event.needed, "free": event.free}
            return text("warning", "entry_unfunded", pair=pair, reason=reason, **money)
        case TradeReduced() | TradeClosed() | DustKept():
            return _sold(event)
        case TradingChanged() | ConfigAdopted() | SpaceShort() | SpaceRegained():
            return _of_bot(event)
        case FeedTaken(fresh=fresh, silent_seconds=silent):
            seconds = int(silent)
            if fresh:
                return text("warning", "feed_fresh", lasting=seconds) if seconds else None
            return text("critical", "feed_stale", seconds=seconds)
        case _:
            return _of_venue(event)


def _wanted(event: EntryWanted | ExitWanted) -> Text | None:
    """A wish that is bound to no candle was decided at no price: none is told.

    What is tried again was told before: only how it is refused this time says something.
    """
    price: dict[str, Fact] = {"price": event.close} if event.close else {}
    match event:
        case EntryWanted(pair=pair, stake=krw, tag=tag):
            key = "entry_signal" if price else "entry_unpriced"
            return text("info", key, pair=pair, krw=krw, tag=tag, **price)
        case ExitWanted(failures=failures) if failures:
            return None
        case ExitWanted(pair=pair, volume=volume, reason=reason):
            key = "exit_signal" if price else "exit_unpriced"
            return text("info", key, pair=pair, volume=volume, reason=reason, **price)
        case _:
            assert_never(event)


def _sold(event: TradeReduced | TradeClosed | DustKept) -> Text | None:
    row = event.row
    if row.exit_reason == "moved_out":
        return None  # told with its cost
    if row.exit_reason == "lost":
        facts = {"volume": row.amount, "profit": row.profit_abs}
        return text("warning", "coins_lost", pair=row.pair, **facts)
    if isinstance(event, DustKept):
        return _dust(row, row.amount, event.value)
    if isinstance(event, TradeClosed) and row.exit_reason == "dust":  # of an older journal
        return _dust(row, event.dust, event.dust_cost)
    return text(
        "info",
        "exit_filled" if isinstance(event, TradeClosed) else "exit_part_filled",
        pair=row.pair,
        volume=row.amount,
        price=row.close_rate,
        krw=half_even(row.amount * row.close_rate, 8),
        profit=row.profit_abs,
        ratio=row.profit_ratio,
        reason=row.exit_reason,
    )


def _dust(row: TradeRecord, volume: Decimal, krw: Decimal) -> Text:
    facts = {"volume": volume, "krw": krw, "profit": row.profit_abs, "ratio": row.profit_ratio}
    return text("info", "trade_dust", pair=row.pair, **facts)


def _of_venue(
    event: BreakerOpened
    | BreakerHalfOpened
    | BreakerClosed
    | VenueBanned
    | PaceShrunk
    | PairLocked,
) -> Text:
    match event:
        case BreakerOpened(until=until, failures=failures):
            return text("critical", "breaker_opened", failures=failures, until=until)
        case BreakerHalfOpened():
            return text("info", "breaker_probed")
        case BreakerClosed():
            return text("info", "breaker_closed")
        case VenueBanned(until=until):
            return text("critical", "venue_banned", until=until)
        case PaceShrunk(group=group, per_second=per_second):
            return text("warning", "pace_shrunk", group=group, per_second=per_second)
        case PairLocked(pair=pair, until=until, reason=reason):
            return text("info", "pair_locked", pair=pair, until=until, reason=reason)
        case _:
            assert_never(event)


def _of_bot(event: TradingChanged | ConfigAdopted | SpaceShort | SpaceRegained) -> Text:
    match event:
        case TradingChanged(mode=mode):
            level: Level = "info" if mode == "running" else "warning"
            return text(level, "mode_changed", mode=mode)
        case ConfigAdopted(config=config):
            return text(
                "info",
                "config_adopted",
                strategy=config.strategy,
                timeframe=config.timeframe,
                pairs=config.pair_whitelist,
                stake=config.stake_amount,
            )
        case SpaceShort(reason=reason, used=used, free=free):
            facts = {"megabytes": free // 1_000_000, "used": int(used * 100)}
            return text("critical", "space_short", reason=reason, **facts)
        case SpaceRegained():
            return text("info", "space_regained")
        case _:
            assert_never(event)


def counted(event: Message) -> NoticeCounted | None:
    """What an event adds to the next summary."""
    match event:
        case EntryWanted() | EntryVetoed():
            return NoticeCounted("signal")
        case OrderClosed(side="bid") if event.volume:
            return NoticeCounted("entry")
        case TradeReduced(row=row) | TradeClosed(row=row) | DustKept(row=row):
            return NoticeCounted("exit", row.profit_abs)
        case OrderRefused() | BudgetRefused():
            return NoticeCounted("refusal")
        case _:
            return None
