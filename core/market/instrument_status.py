"""Owns what the terms of a market, a key's end and a clock mean, and what the warden remembers."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct, structs

from messages.config import Config
from messages.control import ConfigTaken
from messages.market import PricesRefused
from messages.market_status import (
    Bar,
    ClockAgreed,
    ClockDiffered,
    HoldingNoted,
    KeyEnding,
    PairBarred,
    PairFreed,
    PairReminded,
    PairsWatched,
    TermsAwaited,
    TermsSeen,
)
from messages.venue_queries import Terms

DAY = 86400.0
AHEAD = (30, 14, 7, 1)  # days before its end at which a key is announced
ACTIVE = "active"
SKEW_MAX = 1.0  # seconds; a larger difference is reported
SUSPENDED: Bar = "wallet_suspended"
TO_REMIND: tuple[Bar, ...] = ("warned", "delisting", "gone", SUSPENDED)  # of what is held, daily
OF_TERMS: tuple[Bar, ...] = ("halted", "fee_differs", "least_differs")

Change = (
    ConfigTaken
    | PairsWatched
    | HoldingNoted
    | TermsAwaited
    | TermsSeen
    | PairBarred
    | PairFreed
    | PairReminded
    | KeyEnding
    | ClockDiffered
    | ClockAgreed
    | PricesRefused
)


class MarketStatus(Struct, frozen=True):
    """``held``: pairs by trade; ``bars``: why, with a detail, by pair; ``said``: when, by pair."""

    config: Config | None = None
    pairs: tuple[str, ...] = ()
    held: dict[str, str] = {}
    bars: dict[str, dict[Bar, str]] = {}
    said: dict[str, float] = {}
    awaited: bool = False  # the terms, in this life
    key: KeyEnding | None = None  # as last announced
    skewed: bool = False

    @property
    def live(self) -> bool:
        """Whether there is a key to ask with."""
        return self.config is not None and not self.config.dry_run


def bars_of(terms: Terms, config: Config) -> dict[Bar, str]:
    """Why there may be no entry under these terms, with what the venue says.

    A higher fee or a higher least order than is configured makes every reckoning wrong; lower
    ones do no harm.
    """
    bars: dict[Bar, str] = {}
    if terms.state != ACTIVE:
        bars["halted"] = terms.state
    if terms.fee > config.fee_rate:
        bars["fee_differs"] = format(terms.fee, "f")
    if terms.least > config.min_order_krw:
        bars["least_differs"] = format(terms.least, "f")
    return bars


def days_left(end: float, at: float) -> int:
    """Whole days until then, down; 0 on the last one."""
    return max(0, int((end - at) // DAY))


def announced(days: int) -> int | None:
    """The announcement that is due with so many days left: 30, 14, 7 or 1; None before them."""
    return min((ahead for ahead in AHEAD if days <= ahead), default=None)


def _barred(state: MarketStatus, event: PairBarred | PairFreed) -> MarketStatus:
    pair, reason = event.pair, event.reason
    bars = {key: kept for key, kept in state.bars.get(pair, {}).items() if key != reason}
    others = {key: kept for key, kept in state.bars.items() if key != pair}
    if isinstance(event, PairFreed):
        return structs.replace(state, bars={**others, pair: bars} if bars else others)
    state = structs.replace(state, bars={**others, pair: {**bars, reason: event.detail}})
    told = event.held and reason in TO_REMIND
    return structs.replace(state, said={**state.said, pair: event.at}) if told else state


def evolve(state: MarketStatus, event: Change) -> MarketStatus:
    match event:
        case ConfigTaken(config=config):
            return structs.replace(state, config=config)
        case PairsWatched(pairs=pairs):
            return structs.replace(state, pairs=pairs)
        case HoldingNoted(trade=trade, pair=pair):
            held = {key: kept for key, kept in state.held.items() if key != trade}
            return structs.replace(state, held={**held, trade: pair} if pair else held)
        case TermsAwaited() | TermsSeen():
            return structs.replace(state, awaited=isinstance(event, TermsAwaited))
        case PairBarred() | PairFreed():
            return _barred(state, event)
        case PairReminded(pair=pair, at=at):
            return structs.replace(state, said={**state.said, pair: at})
        case KeyEnding():
            return structs.replace(state, key=event)
        case ClockDiffered() | ClockAgreed():
            return structs.replace(state, skewed=isinstance(event, ClockDiffered))
        case PricesRefused():
            return state
        case _:
            assert_never(event)
