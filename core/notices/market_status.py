"""Owns which events about the market, our key and our clock are told to people."""

from __future__ import annotations

from typing import assert_never

from core.market.instrument_status import SUSPENDED
from core.notices.events import Text, text
from messages.account import AccountOpened, AccountShut, CoinRead, CoinUnread
from messages.market import PricesRefused
from messages.market_status import (
    Bar,
    ClockAgreed,
    ClockDiffered,
    KeyEnding,
    PairBarred,
    PairFreed,
    PairReminded,
)
from messages.notices import Level

OfVenue = (
    PairBarred
    | PairFreed
    | PairReminded
    | KeyEnding
    | ClockDiffered
    | ClockAgreed
    | AccountShut
    | AccountOpened
    | PricesRefused
    | CoinUnread
    | CoinRead
)
URGENT_DAYS = 7  # before its end a key is urgent


def _gravity(reason: Bar) -> Level:
    """A wallet that rests is common, and comes back; a market that ends does not."""
    return "warning" if reason == SUSPENDED else "critical"


def venue_notice(event: OfVenue) -> Text:
    """The notice of an event."""
    match event:
        case PairBarred(pair=pair, reason=reason, detail=detail):
            facts = {"pair": pair, "reason": reason, "detail": detail}
            if event.held:
                return text(_gravity(reason), "held_barred", **facts)
            return text("warning", "pair_barred", **facts)
        case PairReminded(pair=pair, reason=reason, detail=detail):
            facts = {"pair": pair, "reason": reason, "detail": detail}
            return text(_gravity(reason), "held_barred", **facts)
        case PairFreed(pair=pair, reason=reason):
            return text("info", "pair_freed", pair=pair, reason=reason)
        case KeyEnding(ends=ends, days=days):
            level: Level = "critical" if days <= URGENT_DAYS else "warning"
            return text(level, "key_ending", until=ends, days=days)
        case ClockDiffered(seconds=seconds):
            return text("critical", "clock_differs", off=f"{seconds:+.1f}")
        case ClockAgreed():
            return text("info", "clock_agrees")
        case PricesRefused():
            return _doubted(event)
        case AccountShut(reason=reason):
            return text("critical", "account_shut", reason=reason)
        case AccountOpened():
            return text("info", "account_opened")
        case CoinUnread(pair=pair):
            return text("warning", "coin_unread", pair=pair)
        case CoinRead(pair=pair):
            return text("info", "coin_read", pair=pair)
        case _:
            assert_never(event)


def _doubted(event: PricesRefused) -> Text:
    pair, price, last, count = event.pair, event.price, event.last, event.count
    if event.reason == "frame_unwitnessed":
        return text(
            "warning", "price_unwitnessed", pair=pair, price=price, last_price=last, count=count
        )
    facts = {"reason": event.reason, "count": str(count)}
    return text("warning", "price_refused", pair=pair, price=price, last_price=last, **facts)
