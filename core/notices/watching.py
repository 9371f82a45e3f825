"""Owns which events about the market, our key and our clock are told to people."""

from __future__ import annotations

from typing import assert_never

from core.notices.events import Text, text
from messages.account import AccountOpened, AccountShut, CoinRead, CoinUnread
from messages.notices import Level
from messages.watching import (
    ClockAgreed,
    ClockDiffered,
    KeyEnding,
    PairBarred,
    PairFreed,
    PairReminded,
)

OfVenue = (
    PairBarred
    | PairFreed
    | PairReminded
    | KeyEnding
    | ClockDiffered
    | ClockAgreed
    | AccountShut
    | AccountOpened
    | CoinUnread
    | CoinRead
)
URGENT_DAYS = 7  # before its end a key is urgent


def told_of_venue(event: OfVenue) -> Text:
    """The notice of an event."""
    match event:
        case PairBarred(pair=pair, reason=reason, detail=detail):
            facts = {"pair": pair, "reason": reason, "detail": detail}
            if event.held:
                return text("critical", "held_barred", **facts)
            return text("warning", "pair_barred", **facts)
        case PairReminded(pair=pair, reason=reason, detail=detail):
            return text("critical", "held_barred", pair=pair, reason=reason, detail=detail)
        case PairFreed(pair=pair, reason=reason):
            return text("info", "pair_freed", pair=pair, reason=reason)
        case KeyEnding(ends=ends, days=days):
            level: Level = "critical" if days <= URGENT_DAYS else "warning"
            return text(level, "key_ending", until=ends, days=days)
        case ClockDiffered(seconds=seconds):
            return text("critical", "clock_differs", off=f"{seconds:+.1f}")
        case ClockAgreed():
            return text("info", "clock_agrees")
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
