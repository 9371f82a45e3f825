"""Owns why a pair may not be entered now, and what of the strategist's memory tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, assert_never

from msgspec import Struct, structs

from core.market.pairs import names
from core.trading.protections import locks_at
from messages.account import (
    AccountOpened,
    AccountReconciled,
    AccountShut,
    CoinRead,
    CoinUnread,
    DisputeSettled,
    ReconciliationBegun,
)
from messages.config import Config
from messages.market import FeedReport, FeedTaken
from messages.market_status import (
    ClockAgreed,
    ClockDiffered,
    PairBarred,
    PairFreed,
    TermsAwaited,
    TermsSeen,
)
from messages.orders import CapEased, OrderDisputed
from messages.storage import SpaceRegained, SpaceShort
from messages.trading import BookAsked, LockTaken, PairLocked

STALE = "stale_feed"
UNFILLED = "unfilled"
RESTS = ("cooldown", "CooldownPeriod", UNFILLED)  # of a pair, which an operator may cut short
CAPS = ("max_order_krw", "max_daily_krw", "max_orders_per_minute")  # the gateway's
FOREVER = 1e18
OfAll = (
    SpaceShort
    | SpaceRegained
    | ReconciliationBegun
    | AccountReconciled
    | AccountShut
    | AccountOpened
    | TermsAwaited
    | TermsSeen
    | ClockDiffered
    | ClockAgreed
    | CapEased
)
OfCoin = CoinUnread | CoinRead
OfLock = PairLocked | OrderDisputed | DisputeSettled | PairBarred | PairFreed | OfCoin | OfAll


class StrategistState(Struct, frozen=True):
    """``slots``: trade id -> pair, from the wish to the end of the trade.

    Where ``book_seconds`` is not 0 an entry waits so long for the order book: ``asked``, by pair.
    ``rests``: seconds that the pair rests if an entry ends unfilled, by its id.
    """

    config: Config | None = None
    mode: Literal["running", "stopentry", "stopped", "killed"] = "running"
    slots: dict[str, str] = {}
    locks: dict[str, dict[str, float]] = {}  # pair ("*" = any) -> reason -> until
    vetoes: dict[str, str] = {}  # the reason last stated, by pair
    taken: dict[str, int] = {}  # the newest candle for which something was stated, by pair
    book_seconds: float = 0.0
    asked: dict[str, BookAsked] = {}
    rests: dict[str, float] = {}


def entry_refusal(
    state: StrategistState, pair: str, closes: float, forced: bool = False
) -> str | None:
    """Why the pair may not be entered at a candle that closes then; None when it may.

    ``forced``: an operator's wish skips the cooldown and the pause of entries. Stop and kill mean
    nothing at all, its own wishes too.
    """
    assert state.config is not None
    if state.mode != "running" and not (forced and state.mode == "stopentry"):
        return state.mode
    if reason := unlisted(state.config, pair):
        return reason
    if pair in state.asked or pair in state.slots.values():
        return "pair_busy"
    reasons = _locked(state, pair, closes)
    for reason in reasons:
        if reason != "disputed" and not (forced and reason in RESTS):
            return reason
    if len(state.slots) >= state.config.max_open_trades:
        return "max_open_trades"
    return "disputed" if "disputed" in reasons else None


def unlisted(config: Config, pair: str) -> str | None:
    """Why the lists of pairs keep this one from entries; None when they do not."""
    listed = config.pair_whitelist
    if isinstance(listed, tuple) and not names(listed, pair):
        return "not_listed"
    if names(config.pair_blacklist, pair):
        return "blacklisted"
    return None


def lock_of(event: OfLock) -> LockTaken:
    """The lock that an event begins or ends."""
    match event:
        case PairLocked(pair=pair, until=until, reason=reason):
            return LockTaken(pair, until, reason)
        case OrderDisputed(pair=pair):
            return LockTaken(pair, FOREVER, "disputed")
        case DisputeSettled(pair=pair):
            return LockTaken(pair, 0.0, "disputed")
        case PairBarred(pair=pair, reason=reason):
            return LockTaken(pair, FOREVER, reason)
        case PairFreed(pair=pair, reason=reason):
            return LockTaken(pair, 0.0, reason)
        case CoinUnread(pair=pair) | CoinRead(pair=pair):
            until = FOREVER if isinstance(event, CoinUnread) else 0.0
            return LockTaken("*" if pair == "KRW" else pair, until, f"unread_{_row_of(pair)}")
        case _:
            return _of_all(event)


def _row_of(pair: str) -> str:
    """Whose row of the account it is: each is a reason of its own, which ends by itself."""
    return {"KRW": "cash", "*": "row"}.get(pair, "coin")


def _of_all(event: OfAll) -> LockTaken:
    """The lock of every pair that an event begins or ends."""
    match event:
        case SpaceShort() | SpaceRegained():
            return _every("no_room", isinstance(event, SpaceShort))
        case ReconciliationBegun() | AccountReconciled():
            return _every("not_reconciled", isinstance(event, ReconciliationBegun))
        case AccountShut() | AccountOpened():
            return _every("account_shut", isinstance(event, AccountShut))
        case TermsAwaited() | TermsSeen():
            return _every("terms_unknown", isinstance(event, TermsAwaited))
        case ClockDiffered() | ClockAgreed():
            return _every("clock_differs", isinstance(event, ClockDiffered))
        case CapEased(reason=reason):
            return _every(reason, False)
        case _:
            assert_never(event)


def _every(reason: str, begins: bool) -> LockTaken:
    return LockTaken("*", FOREVER if begins else 0.0, reason)


def with_lock(state: StrategistState, pair: str, reason: str, until: float) -> StrategistState:
    """The pair ("*" = any) locked until then; a moment that is past ends the lock."""
    reasons = {**state.locks.get(pair, {}), reason: until}
    return structs.replace(state, locks={**state.locks, pair: reasons})


def without_caps(state: StrategistState) -> StrategistState:
    """What the caps refused under another configuration may be tried again."""
    every = {key: v for key, v in state.locks.get("*", {}).items() if key not in CAPS}
    if every == state.locks.get("*", {}):
        return state
    return structs.replace(state, locks={**state.locks, "*": every})


def feed_taken(state: StrategistState, report: FeedReport) -> Iterator[FeedTaken]:
    """What is new of the feed: a change, or a silence that was over before it was told."""
    stale = state.locks.get("*", {}).get(STALE, 0.0) > 0
    if report.fresh == stale or (report.fresh and report.silent_seconds):
        yield FeedTaken(report.fresh, report.silent_seconds)


def _locked(state: StrategistState, pair: str, closes: float) -> list[str]:
    """Why the pair is locked then: its own locks first, then those of every pair."""
    assert state.config is not None
    locks = (*state.locks.get(pair, {}).items(), *state.locks.get("*", {}).items())
    return [key for key, until in locks if locks_at(until, key, closes, state.config)]
