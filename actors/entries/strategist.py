"""Owns the wish to enter: at most one for each candle and pair, within slots, locks and mode.

On live prices a market entry asks the order book first (actors/entries/book.py).
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never, get_args

from msgspec import structs

from actors.entries.book import (
    GOOD_SECONDS,
    on_book,
    request_book,
    rest_of,
    resumed,
    with_asked,
    without_asked,
)
from actors.entries.entry_filter import (
    CAPS,
    FOREVER,
    STALE,
    UNFILLED,
    OfLock,
    StrategistState,
    entry_refusal,
    feed_taken,
    lock_of,
    with_lock,
    without_caps,
)
from actors.runtime.owner import Outputs, Owner
from core.market.tick_size import korean_day, price_down
from core.money import money
from messages.account import (
    TradeReleased,
)
from messages.base import Message
from messages.budget import BudgetRefused
from messages.config import Config
from messages.control import (
    CommandTaken,
    ConfigAdopted,
    ConfigTaken,
    ForceEnter,
    ModeTaken,
    OperatorReply,
    TradingChanged,
)
from messages.market import ClosingReport, FeedReport, FeedTaken
from messages.orders import OrderAbsent, OrderClosed, OrderRefused
from messages.trading import (
    BookAnswered,
    BookAsked,
    BookEnabled,
    DustKept,
    EnableBook,
    EnterAt,
    EntryVetoed,
    EntryWanted,
    ExpireBook,
    LockTaken,
    PairLocked,
    SlotFreed,
    SlotTaken,
    TradeClosed,
    TradeEmptied,
    TradeOpened,
)
from messages.venue_queries import BookReport

Inbox = (
    ConfigAdopted
    | TradingChanged
    | ClosingReport
    | ForceEnter
    | EnterAt
    | EnableBook
    | BookReport
    | ExpireBook
    | BudgetRefused
    | OrderRefused
    | OrderAbsent
    | OrderClosed
    | TradeOpened
    | TradeClosed
    | DustKept
    | TradeEmptied
    | FeedReport
    | TradeReleased
    | OfLock
)
Change = (
    ConfigTaken
    | ModeTaken
    | EntryWanted
    | EntryVetoed
    | SlotTaken
    | SlotFreed
    | LockTaken
    | FeedTaken
    | CommandTaken
    | BookEnabled
    | BookAsked
    | BookAnswered
    | PairLocked
)


def decide(
    state: StrategistState, message: Inbox, at: float, kept: Message | None = None
) -> Outputs:
    """``kept`` tells that this very command was carried out before."""
    match message:
        case ConfigAdopted(config=config):
            yield ConfigTaken(config)
        case TradingChanged(mode=mode):
            yield ModeTaken(mode)
        case ClosingReport():
            yield from _closing(state, message, at)
        case ForceEnter():
            yield from _forced(state, message, at, kept)
        case EnterAt(command=command, price=price):
            yield from _forced(state, command, at, kept, price)
        case EnableBook(seconds=seconds):
            if seconds != state.book_seconds:
                yield BookEnabled(seconds)
        case BookReport() | ExpireBook():
            yield from on_book(state, message, at)
        case BudgetRefused() | OrderRefused() | OrderAbsent() | OrderClosed():
            yield from _ended(state, message, at)
        case TradeOpened(trade=trade, pair=pair):
            if trade not in state.slots:  # given up as absent, found after all
                yield SlotTaken(trade, pair)
        case TradeClosed(row=row) | DustKept(row=row):
            yield from _freed(state, row.trade)
        case TradeReleased(trade=id) | TradeEmptied(trade=id):
            yield from _freed(state, id)
        case FeedReport():
            yield from feed_taken(state, message)
        case PairLocked(reason=reason):
            if reason != UNFILLED:  # that one is our own
                yield lock_of(message)
        case _:
            yield lock_of(message)


def _ended(
    state: StrategistState,
    message: BudgetRefused | OrderRefused | OrderAbsent | OrderClosed,
    at: float,
) -> Outputs:
    """An entry that came to nothing: its slot is free. A cap refuses whatever comes next, too."""
    match message:
        case BudgetRefused(id=id):
            yield from _freed(state, id)
        case OrderRefused(trade=id, side="bid", reason=reason, until=until):
            yield from _freed(state, id)
            if reason in CAPS and until > at:
                yield LockTaken("*", until, reason)
        case OrderAbsent(trade=id, side="bid"):
            yield from _freed(state, id)
        case OrderClosed(trade=id, pair=pair, side="bid", volume=volume) if not volume:
            yield from _freed(state, id)
            if rest := state.rests.get(id, 0.0):
                yield PairLocked(pair, at + rest, UNFILLED)


def _freed(state: StrategistState, trade: str) -> Outputs:
    if trade in state.slots:
        yield SlotFreed(trade, state.slots[trade])


def _closing(state: StrategistState, report: ClosingReport, at: float) -> Outputs:
    pair, candle = report.pair, report.candle
    known = state.taken.get(pair, -1) >= candle.time
    if state.config is None or known or not report.verdict.entry:
        return
    closes = float(candle.time + report.seconds)
    reason = entry_refusal(state, pair, closes)
    if reason is None:
        yield from _entered(state, report, at)
    elif state.vetoes.get(pair) != reason:
        yield EntryVetoed(pair, candle.time, reason, report.verdict.conditions)


def _entered(state: StrategistState, report: ClosingReport, at: float) -> Outputs:
    """The wish, or the question that comes before it. A limit entry has a price of its own."""
    assert state.config is not None
    pair, candle, config = report.pair, report.candle, state.config
    id, tag = f"{pair}@{candle.time}", " ".join(report.verdict.conditions)
    good_until = candle.time + report.seconds + GOOD_SECONDS
    if not state.book_seconds or config.order_types.entry == "limit":
        rest = rest_of(config) if state.book_seconds else 0.0
        yield _wish(config, id, report, tag, good_until, rest, at)
        return
    asked = BookAsked(
        id=id,
        pair=pair,
        stake=config.stake_amount,
        close=candle.close,
        tag=tag,
        candle=candle.time,
        good_until=good_until,
        until=at + state.book_seconds,
        since=float(candle.time),
    )
    yield from request_book(asked, at)


def _wish(
    config: Config,
    id: str,
    report: ClosingReport,
    tag: str,
    good_until: float,
    rest: float,
    at: float,
) -> EntryWanted:
    close, limit, cancel_at = report.candle.close, None, 0.0
    if config.order_types.entry == "limit":
        limit = price_down(close, korean_day(at), report.pair)
        unit = 60 if config.unfilledtimeout.unit == "minutes" else 1
        cancel_at = at + config.unfilledtimeout.entry * unit
    stake, candle = config.stake_amount, report.candle.time
    wish = EntryWanted(id, report.pair, stake, close, tag, candle, good_until, limit, cancel_at)
    return structs.replace(wish, rest=rest)


def _forced(
    state: StrategistState,
    command: ForceEnter,
    at: float,
    kept: Message | None,
    price: Decimal = Decimal(0),
) -> Outputs:
    """``price`` is 0 where it is not known: a market entry on paper does not need it."""
    facts = {"pair": command.pair}
    if kept is not None:
        yield OperatorReply(True, "entry_wanted", facts)
        return
    if state.config is None:
        yield OperatorReply(False, "not_entered", {**facts, "reason": "not_configured"})
        return
    stake = command.stake if command.stake is not None else state.config.stake_amount
    reason = _unusable(command.id, stake) or entry_refusal(state, command.pair, at, forced=True)
    if reason:
        yield OperatorReply(False, "not_entered", {**facts, "reason": reason})
        return
    yield CommandTaken(command.id)
    yield from _commanded(state, command, stake, price, at)
    yield OperatorReply(True, "entry_wanted", facts)


def _commanded(
    state: StrategistState, command: ForceEnter, stake: Decimal, price: Decimal, at: float
) -> Outputs:
    """The operator's wish; on live prices the order book has the last word on it as well."""
    facts = (f"{command.pair}!{command.id}", command.pair, stake, price, "force_entry", -1)
    good_until = at + GOOD_SECONDS
    if state.book_seconds and price:
        yield from request_book(BookAsked(*facts, good_until, at + state.book_seconds), at)
    else:
        yield EntryWanted(*facts, good_until)


def _unusable(id: str, stake: Decimal) -> str | None:
    """A frame is foreign input: without an id it could be two orders, and NaN is a Decimal."""
    try:
        sound = money(stake) > 0
    except ValueError:
        sound = False
    return "bad_command" if not id else None if sound else "bad_stake"


def evolve(state: StrategistState, event: Change) -> StrategistState:
    match event:
        case ConfigTaken(config=config):
            kept = state if config == state.config else without_caps(state)
            return structs.replace(kept, config=config)
        case ModeTaken(mode=mode):
            return structs.replace(state, mode=mode)
        case EntryWanted():
            return _after_wish(without_asked(state, event.pair, event.candle), event)
        case EntryVetoed(pair=pair, candle=candle, reason=reason):
            state, vetoes = without_asked(state, pair, candle), {**state.vetoes, pair: reason}
            taken = {**state.taken, pair: max(candle, state.taken.get(pair, -1))}
            return structs.replace(state, vetoes=vetoes, taken=taken)
        case BookEnabled(seconds=seconds):
            return structs.replace(state, book_seconds=seconds)
        case BookAsked():
            return with_asked(state, event)
        case BookAnswered(pair=pair, candle=candle):
            return without_asked(state, pair, candle)
        case SlotTaken(trade=trade, pair=pair):
            return structs.replace(state, slots={**state.slots, trade: pair})
        case SlotFreed(trade=trade):
            slots = {key: p for key, p in state.slots.items() if key != trade}
            rests = {key: rest for key, rest in state.rests.items() if key != trade}
            return structs.replace(state, slots=slots, rests=rests)
        case (
            LockTaken(pair=pair, until=until, reason=reason)
            | PairLocked(pair=pair, until=until, reason=reason)
        ):
            return with_lock(state, pair, reason, until)
        case FeedTaken(fresh=fresh):
            return with_lock(state, "*", STALE, 0.0 if fresh else FOREVER)
        case CommandTaken():
            return state
        case _:
            assert_never(event)


def _after_wish(state: StrategistState, wish: EntryWanted) -> StrategistState:
    pair, candle = wish.pair, wish.candle
    assert pair not in state.slots.values(), "two trades of one pair"
    vetoes = {p: r for p, r in state.vetoes.items() if p != pair}
    taken = {**state.taken, pair: max(candle, state.taken.get(pair, -1))}
    rests = {**state.rests, wish.id: wish.rest} if wish.rest else state.rests
    slots = {**state.slots, wish.id: pair}
    return structs.replace(state, slots=slots, taken=taken, vetoes=vetoes, rests=rests)


def resume(state: StrategistState, at: float) -> Outputs:
    """Ask again what was being asked."""
    yield from resumed(state, at)


class Strategist(Owner[StrategistState]):
    """The entries."""

    name = "strategist"
    accepts = get_args(Inbox)
    State = StrategistState
    indexed = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    @staticmethod
    def key(message: Inbox) -> str:
        """An operator's command id."""
        wish = message.command if isinstance(message, EnterAt) else message
        return wish.id if isinstance(wish, ForceEnter) else ""

    @staticmethod
    def keeps(event: Change) -> str:
        """Ids of commands that were carried out."""
        return event.id if isinstance(event, CommandTaken) else ""
