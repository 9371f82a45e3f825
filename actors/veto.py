"""Owns why a pair may not be entered now, and what of the strategist's memory tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, assert_never

from msgspec import Struct, structs

from messages.account import AccountReconciled, DisputeSettled, ReconciliationBegun
from messages.config import Config
from messages.market import FeedReport, FeedTaken
from messages.orders import OrderDisputed
from messages.space import SpaceRegained, SpaceShort
from messages.trading import LockTaken, PairLocked

STALE = "stale_feed"
FOREVER = 1e18
OfLock = (
    PairLocked
    | OrderDisputed
    | DisputeSettled
    | SpaceShort
    | SpaceRegained
    | ReconciliationBegun
    | AccountReconciled
)


class StrategistState(Struct, frozen=True):
    """``slots``: trade id -> pair, from the wish to the end of the trade."""

    config: Config | None = None
    mode: Literal["running", "stopentry", "stopped", "killed"] = "running"
    slots: dict[str, str] = {}
    locks: dict[str, dict[str, float]] = {}  # pair ("*" = any) -> reason -> until
    vetoes: dict[str, str] = {}  # the reason last stated, by pair
    taken: dict[str, int] = {}  # the newest candle for which something was stated, by pair


def veto(state: StrategistState, pair: str, closes: float, forced: bool = False) -> str | None:
    """Why the pair may not be entered at a candle that closes then; None when it may."""
    assert state.config is not None
    if not forced and state.mode != "running":
        return state.mode
    listed = state.config.pair_whitelist
    if isinstance(listed, tuple) and pair not in listed:
        return "not_listed"
    if pair in state.config.pair_blacklist:
        return "blacklisted"
    if pair in state.slots.values():
        return "pair_busy"
    reasons = _locked(state, pair, closes)
    for reason in reasons:
        if reason != "disputed" and not (forced and reason == "cooldown"):
            return reason
    if len(state.slots) >= state.config.max_open_trades:
        return "max_open_trades"
    return "disputed" if "disputed" in reasons else None


def lock_of(event: OfLock) -> LockTaken:
    """The lock that an event begins or ends."""
    match event:
        case PairLocked(pair=pair, until=until, reason=reason):
            return LockTaken(pair, until, reason)
        case OrderDisputed(pair=pair):
            return LockTaken(pair, FOREVER, "disputed")
        case DisputeSettled(pair=pair):
            return LockTaken(pair, 0.0, "disputed")
        case SpaceShort():
            return LockTaken("*", FOREVER, "no_room")
        case SpaceRegained():
            return LockTaken("*", 0.0, "no_room")
        case ReconciliationBegun():
            return LockTaken("*", FOREVER, "not_reconciled")
        case AccountReconciled():
            return LockTaken("*", 0.0, "not_reconciled")
        case _:
            assert_never(event)


def with_lock(state: StrategistState, pair: str, reason: str, until: float) -> StrategistState:
    """The pair ("*" = any) locked until then; a moment that is past ends the lock."""
    reasons = {**state.locks.get(pair, {}), reason: until}
    return structs.replace(state, locks={**state.locks, pair: reasons})


def feed_taken(state: StrategistState, report: FeedReport) -> Iterator[FeedTaken]:
    """What is new of the feed: a change, or a silence that was over before it was told."""
    stale = state.locks.get("*", {}).get(STALE, 0.0) > 0
    if report.fresh == stale or (report.fresh and report.silent_seconds):
        yield FeedTaken(report.fresh, report.silent_seconds)


def _locked(state: StrategistState, pair: str, closes: float) -> list[str]:
    """Why the pair is locked then: its own locks first, then those of every pair."""
    locks = (*state.locks.get(pair, {}).items(), *state.locks.get("*", {}).items())
    return [reason for reason, until in locks if closes < until]
