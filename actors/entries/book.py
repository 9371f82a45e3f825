"""Order book before an entry: it is asked once, and what it shows decides.

What was asked is journaled: a start asks again while an answer may still count, so that a crash in
between costs the signal at most and never makes two entries of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from actors.entries.entry_filter import StrategistState, entry_refusal
from actors.runtime.owner import Outputs
from core.market.book import ABOVE_BAND, NO_BOOK, BookRequest, BookVerdict, judged
from messages.base import After
from messages.config import Config
from messages.trading import BookAnswered, BookAsked, EntryVetoed, EntryWanted, ExpireBook
from messages.venue_queries import BookReport, FetchBook

GOOD_SECONDS = 30.0  # a wish is stale after this (docs/reference/reliability.md 3)


def request_book(asked: BookAsked, at: float) -> Outputs:
    """State that the book is asked, and ask it."""
    yield asked
    yield from repeat_request(asked, asked.until - at)


def repeat_request(asked: BookAsked, seconds: float) -> Outputs:
    """The call and its alarm."""
    yield FetchBook(asked.id, asked.pair, asked.until)
    yield After(max(seconds, 0.0), ExpireBook(asked.id, asked.pair))


def on_book(state: StrategistState, message: BookReport | ExpireBook, at: float) -> Outputs:
    """The book, or its silence: one answer decides, and whatever comes later is nothing."""
    asked, config = state.asked.get(message.pair), state.config
    if asked is None or asked.id != message.id or config is None:
        return
    pair, closes = asked.pair, asked.good_until - GOOD_SECONDS
    others = {p: other for p, other in state.asked.items() if p != pair}
    reason = entry_refusal(structs.replace(state, asked=others), pair, closes, asked.forced)
    if reason:
        yield _vetoed(state, config, asked, BookVerdict(reason))
        return
    found = BookVerdict(NO_BOOK)
    if isinstance(message, BookReport) and at <= asked.until:
        found = judged(message, BookRequest(pair, asked.close, asked.since), config, at)
    yield _vetoed(state, config, asked, found) if found.reason else _wanted(config, asked, found)


def _wanted(config: Config, asked: BookAsked, found: BookVerdict) -> EntryWanted:
    """What the book has up to the limit is taken, and no more."""
    return EntryWanted(
        id=asked.id,
        pair=asked.pair,
        stake=asked.stake,
        close=asked.close,
        tag=asked.tag,
        candle=asked.candle,
        good_until=asked.good_until,
        limit=found.limit,
        time_in_force="ioc",
        ask=found.ask,
        depth=found.depth,
        rest=rest_of(config),
    )


def unjudged(asked: BookAsked) -> EntryWanted:
    """The wish that is behind a question to the book, before any answer."""
    facts = (asked.id, asked.pair, asked.stake, asked.close, asked.tag, asked.candle)
    return EntryWanted(*facts, asked.good_until)


def _vetoed(
    state: StrategistState, config: Config, asked: BookAsked, found: BookVerdict
) -> EntryVetoed | BookAnswered:
    """What an operator wanted is answered each time, the rest where the reason is a new one."""
    if state.vetoes.get(asked.pair) == found.reason and not asked.forced:
        return BookAnswered(asked.id, asked.pair, asked.candle)
    event = EntryVetoed(asked.pair, asked.candle, found.reason, tuple(asked.tag.split()))
    if found.reason != ABOVE_BAND:
        return event
    allowed = config.exchange.max_slippage
    return structs.replace(event, ask=found.ask, close=asked.close, allowed=allowed)


def rest_of(config: Config) -> float:
    """Seconds without an entry after one of which nothing was filled."""
    return config.cooldown_after_unfilled * 60.0


def with_asked(state: StrategistState, asked: BookAsked) -> StrategistState:
    """The state while the book is asked: that candle asks for nothing more."""
    pair = asked.pair
    taken = {**state.taken, pair: max(asked.candle, state.taken.get(pair, -1))}
    return structs.replace(state, asked={**state.asked, pair: asked}, taken=taken)


def without_asked(state: StrategistState, pair: str, candle: int) -> StrategistState:
    """The state once it was heard, or its time is over."""
    asked = state.asked.get(pair)
    if asked is None or asked.candle != candle:
        return state
    others = {p: other for p, other in state.asked.items() if p != pair}
    return structs.replace(state, asked=others)


def resumed(state: StrategistState, at: float) -> Iterator[FetchBook | After]:
    """What was under way is asked again, for no longer than it was to be waited for."""
    for asked in state.asked.values():
        for said in repeat_request(asked, min(asked.until - at, state.book_seconds)):
            assert isinstance(said, FetchBook | After)
            yield said
