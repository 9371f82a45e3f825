"""Owns the wish to enter: at most one for each candle and pair, within slots, locks and mode."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never, get_args

from msgspec import structs

from actors.entries.veto import (
    FOREVER,
    STALE,
    OfLock,
    StrategistState,
    feed_taken,
    lock_of,
    veto,
    with_lock,
)
from actors.machinery.owner import Outcome, Owner
from core.market.ticks import korean_day, price_down
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
    DustKept,
    EnterAt,
    EntryVetoed,
    EntryWanted,
    LockTaken,
    SlotFreed,
    SlotTaken,
    TradeClosed,
    TradeEmptied,
    TradeOpened,
)

GOOD_SECONDS = 30.0  # a wish is stale after this (settled 1)

Inbox = (
    ConfigAdopted
    | TradingChanged
    | ClosingReport
    | ForceEnter
    | EnterAt
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
)


def decide(
    state: StrategistState, message: Inbox, at: float, kept: Message | None = None
) -> Outcome:
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
        case BudgetRefused(id=id) | OrderRefused(trade=id) | OrderAbsent(trade=id):
            if isinstance(message, BudgetRefused) or message.side == "bid":
                yield from _freed(state, id)
        case OrderClosed(trade=id, side=side, volume=volume):
            if side == "bid" and not volume:
                yield from _freed(state, id)
        case TradeOpened(trade=trade, pair=pair):
            if trade not in state.slots:  # given up as absent, found after all
                yield SlotTaken(trade, pair)
        case TradeClosed(row=row) | DustKept(row=row):
            yield from _freed(state, row.trade)
        case TradeReleased(trade=id) | TradeEmptied(trade=id):
            yield from _freed(state, id)
        case FeedReport():
            yield from feed_taken(state, message)
        case _:
            yield lock_of(message)


def _freed(state: StrategistState, trade: str) -> Outcome:
    if trade in state.slots:
        yield SlotFreed(trade, state.slots[trade])


def _closing(state: StrategistState, report: ClosingReport, at: float) -> Outcome:
    pair, candle = report.pair, report.candle
    known = state.taken.get(pair, -1) >= candle.time
    if state.config is None or known or not report.verdict.entry:
        return
    closes = float(candle.time + report.seconds)
    reason = veto(state, pair, closes)
    if reason is None:
        id, tag = f"{pair}@{candle.time}", " ".join(report.verdict.conditions)
        yield _wish(state.config, id, report, tag, closes, at)
    elif state.vetoes.get(pair) != reason:
        yield EntryVetoed(pair, candle.time, reason, report.verdict.conditions)


def _wish(
    config: Config, id: str, report: ClosingReport, tag: str, closes: float, at: float
) -> EntryWanted:
    close, limit, cancel_at = report.candle.close, None, 0.0
    if config.order_types.entry == "limit":
        limit = price_down(close, korean_day(at), report.pair)
        unit = 60 if config.unfilledtimeout.unit == "minutes" else 1
        cancel_at = at + config.unfilledtimeout.entry * unit
    until, stake, candle = closes + GOOD_SECONDS, config.stake_amount, report.candle.time
    return EntryWanted(id, report.pair, stake, close, tag, candle, until, limit, cancel_at)


def _forced(
    state: StrategistState,
    command: ForceEnter,
    at: float,
    kept: Message | None,
    price: Decimal = Decimal(0),
) -> Outcome:
    """``price`` is 0 where it is not known: a market entry on paper does not need it."""
    facts = {"pair": command.pair}
    if kept is not None:
        yield OperatorReply(True, "entry_wanted", facts)
        return
    if state.config is None:
        yield OperatorReply(False, "not_entered", {**facts, "reason": "not_configured"})
        return
    stake = command.stake if command.stake is not None else state.config.stake_amount
    reason = _unusable(command.id, stake) or veto(state, command.pair, at, forced=True)
    if reason:
        yield OperatorReply(False, "not_entered", {**facts, "reason": reason})
        return
    id = f"{command.pair}!{command.id}"
    yield CommandTaken(command.id)
    yield EntryWanted(
        id=id,
        pair=command.pair,
        stake=stake,
        close=price,
        tag="force_entry",
        candle=-1,
        good_until=at + GOOD_SECONDS,
    )
    yield OperatorReply(True, "entry_wanted", facts)


def _unusable(id: str, stake: Decimal) -> str | None:
    """A frame is foreign input: without an id it could be two orders, and NaN is a Decimal."""
    try:
        return None if id and money(stake) > 0 else "bad_command"
    except ValueError:
        return "bad_command"


def evolve(state: StrategistState, event: Change) -> StrategistState:
    match event:
        case ConfigTaken(config=config):
            return structs.replace(state, config=config)
        case ModeTaken(mode=mode):
            return structs.replace(state, mode=mode)
        case EntryWanted(id=id, pair=pair, candle=candle):
            assert pair not in state.slots.values(), "two trades of one pair"
            vetoes = {p: r for p, r in state.vetoes.items() if p != pair}
            taken = {**state.taken, pair: max(candle, state.taken.get(pair, -1))}
            slots = {**state.slots, id: pair}
            return structs.replace(state, slots=slots, taken=taken, vetoes=vetoes)
        case EntryVetoed(pair=pair, candle=candle, reason=reason):
            vetoes, taken = {**state.vetoes, pair: reason}, {**state.taken, pair: candle}
            return structs.replace(state, vetoes=vetoes, taken=taken)
        case SlotTaken(trade=trade, pair=pair):
            return structs.replace(state, slots={**state.slots, trade: pair})
        case SlotFreed(trade=trade):
            slots = {key: p for key, p in state.slots.items() if key != trade}
            return structs.replace(state, slots=slots)
        case LockTaken(pair=pair, until=until, reason=reason):
            return with_lock(state, pair, reason, until)
        case FeedTaken(fresh=fresh):
            return with_lock(state, "*", STALE, 0.0 if fresh else FOREVER)
        case CommandTaken():
            return state
        case _:
            assert_never(event)


class Strategist(Owner[StrategistState]):
    """The entries."""

    name = "strategist"
    accepts = get_args(Inbox)
    State = StrategistState
    recalls = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)

    @staticmethod
    def key(message: Inbox) -> str:
        """An operator's command id."""
        wish = message.command if isinstance(message, EnterAt) else message
        return wish.id if isinstance(wish, ForceEnter) else ""

    @staticmethod
    def keeps(event: Change) -> str:
        """Ids of commands that were carried out."""
        return event.id if isinstance(event, CommandTaken) else ""
