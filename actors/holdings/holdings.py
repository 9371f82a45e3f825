"""Owns what is held: opens, exits and closes trades, and says until when a pair rests.

Fills change it, candles make it decide (core/trading/exits.py), and the feed is told which candles
of a pair matter to it. A trade's exits begin when its entry's order has ended; while an exit is
under way nothing more is decided for it. A refused exit is tried again, the waits growing.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never, get_args

from actors.holdings import disabled
from actors.holdings.exits import (
    at_candle,
    emptied,
    finished,
    forced,
    let_go,
    order_over,
    recovered,
    refused,
    resumed,
    retries,
    retry,
    wanted,
)
from actors.holdings.missing import explained
from actors.holdings.reconciliation import adopted, compared, released
from actors.runtime.owner import Outputs, Owner
from core.money import quotient
from core.trading.exits import quiet_band
from core.trading.external_changes import Change, evolve
from core.trading.trades import OF_ORDERS, ZERO, Dust, HoldingsState, Trade
from messages.account import AccountOpened, AccountShut, CompareCoins, RemindStops
from messages.base import Event, Message
from messages.config import Config
from messages.control import (
    AdoptPair,
    CommandTaken,
    ConfigAdopted,
    ConfigTaken,
    ExplainPair,
    ForceExit,
    ModeTaken,
    OperatorReply,
    ReleasePair,
    TradingChanged,
)
from messages.market import CandleReport, Watch
from messages.market_status import PairBarred
from messages.orders import OrderAbsent, OrderClosed, OrderFilled, OrderRefused
from messages.recovery import ExitsAllowed, SaleFound
from messages.trading import EntryEnded, ExitFilled, RetryExit, TradeIncreased, TradeOpened

NAME = "holdings"

Outside = PairBarred | SaleFound | ExitsAllowed | AccountShut | AccountOpened | RemindStops
Inbox = (
    ConfigAdopted
    | TradingChanged
    | CandleReport
    | OrderFilled
    | OrderClosed
    | OrderRefused
    | OrderAbsent
    | ForceExit
    | RetryExit
    | CompareCoins
    | AdoptPair
    | ReleasePair
    | ExplainPair
    | Outside
)


# --- decide
def decide(state: HoldingsState, message: Inbox, at: float, kept: Message | None = None) -> Outputs:
    """``kept`` tells that this very command was carried out before."""
    after = state
    for said in _decided(state, message, at, kept):
        if isinstance(said, Event):
            after = evolve(after, said)  # type: ignore[arg-type]  # all of them are its own
        yield said
    if after is not state:
        yield from disabled.opened(state, after, at)
        yield from _watches(state, after)


def _decided(state: HoldingsState, message: Inbox, at: float, kept: Message | None) -> Outputs:
    match message:
        case CandleReport(pair=pair):
            for trade in state.trades.values():
                if trade.pair == pair:
                    yield from at_candle(state, trade, message, at)
        case ConfigAdopted(config=config):
            yield ConfigTaken(config)
        case TradingChanged(mode=mode):
            if mode != state.mode:
                yield ModeTaken(mode)
            if mode in ("running", "stopentry"):
                yield from retries(state, at)
                yield from let_go(state, at) if state.held_back else ()
        case OrderFilled(side="bid"):
            yield from _bought(state, message)
        case OrderFilled():
            yield from _selling(state, message)
        case OrderClosed() | OrderRefused() | OrderAbsent():
            yield from _ended(state, message, at)
        case ForceExit():
            yield from _forced(state, message, at, kept)
        case RetryExit():
            yield from retry(state, message, at)
        case CompareCoins():
            if state.config is not None:
                yield from compared(state, message, at)
        case AdoptPair():
            yield from adopted(state, message, at, kept)
        case ReleasePair():
            yield from released(state, message, kept)
        case ExplainPair():
            yield from explained(state, message, at, kept)
        case _:
            yield from _outside(state, message, at)


def _outside(state: HoldingsState, message: Outside, at: float) -> Outputs:
    """What has become of the account and of its pairs."""
    match message:
        case SaleFound():
            yield from recovered(state, message)
        case ExitsAllowed():
            yield from resumed(state, at)
        case PairBarred():
            yield from _barred(state, message, at)
        case AccountShut() | AccountOpened() | RemindStops():
            yield from disabled.decided(state, message, at)
        case _:
            assert_never(message)


def _ended(
    state: HoldingsState, end: OrderClosed | OrderRefused | OrderAbsent, at: float
) -> Outputs:
    after = state
    for said in _end_taken(state, end, at):
        yield said
        if isinstance(said, Event):
            after = evolve(after, said)  # type: ignore[arg-type]  # all of them are its own
    # What waits for an order of its pair was none: two such exits would try each other for ever.
    waits = isinstance(end, OrderRefused) and end.reason in OF_ORDERS
    if not waits and (end.side == "ask" or isinstance(end, OrderClosed)):
        yield from order_over(state, after, end.pair, at)


def _end_taken(
    state: HoldingsState, end: OrderClosed | OrderRefused | OrderAbsent, at: float
) -> Outputs:
    match end:
        case OrderClosed(side="bid"):
            yield from _bought(state, end)
            yield from _entry_ended(state, end, at)
        case OrderClosed():
            yield from finished(state, end, at)
        case OrderRefused(side="ask", reason=reason):
            yield from refused(state, end, reason, at)
        case OrderAbsent(side="ask"):
            yield from refused(state, end, "absent", at)


def _bought(
    state: HoldingsState, fill: OrderFilled | OrderClosed
) -> Iterable[TradeOpened | TradeIncreased]:
    """An entry's running totals; the dust of the pair joins, the price is the fills' own."""
    trade = state.trades.get(fill.trade)
    dust = trade.dust if trade else state.dust.get(fill.pair, Dust())
    volume = fill.volume + dust.volume
    if not fill.volume or (trade and (trade.ended or volume <= trade.volume + trade.parted.volume)):
        return
    funds, fee, price = (
        fill.funds + dust.cost,
        fill.fee + dust.fee,
        quotient(fill.funds, fill.volume),
    )
    if trade:
        yield TradeIncreased(fill.trade, fill.pair, volume, funds, fee, price, fill.filled_at)
    else:
        tag = fill.tag if isinstance(fill, OrderFilled) else ""
        at = fill.filled_at
        yield TradeOpened(fill.trade, fill.pair, volume, funds, fee, price, at, tag)


def _entry_ended(state: HoldingsState, closed: OrderClosed, at: float) -> Outputs:
    trade = state.trades.get(closed.trade)
    if not closed.volume or (trade and trade.ended):
        return
    yield EntryEnded(closed.trade, closed.pair)
    if trade is None:
        return
    left = closed.volume + trade.dust.volume - trade.parted.volume
    if not left:
        yield from emptied(state, trade, at)
    elif trade.forced:
        yield wanted(trade, left, "force_exit", at)


def _selling(state: HoldingsState, fill: OrderFilled) -> Iterable[ExitFilled]:
    trade = state.trades.get(fill.trade)
    if trade and trade.exit and trade.exit.id == fill.id and fill.volume > trade.sold:
        facts = (fill.volume, fill.funds, fill.fee, fill.filled_at)
        yield ExitFilled(fill.id, fill.trade, fill.pair, *facts)


def _forced(state: HoldingsState, command: ForceExit, at: float, kept: Message | None) -> Outputs:
    facts = {"pair": command.pair}
    every = command.pair == "all"
    if kept is not None:
        yield OperatorReply(True, "done" if every else "exit_wanted", facts)
        return
    found = [t for t in state.trades.values() if every or t.pair == command.pair]
    idle = [t for t in found if not t.exit and not t.forced]
    if not idle or state.mode == "killed":  # the gateway intends nothing then: say so at once
        reason = ("killed" if idle else "exit_under_way") if found else "no_trade"
        yield OperatorReply(
            False, "exits_vetoed" if every else "exit_vetoed", facts | {"reason": reason}
        )
        return
    yield from forced(idle, at)
    if command.id:
        yield CommandTaken(command.id)
    facts = {"count": str(len(idle))} if every else facts
    yield OperatorReply(True, "exit_wanted_all" if every else "exit_wanted", facts)


def _barred(state: HoldingsState, event: PairBarred, at: float) -> Outputs:
    """Of entries alone, unless it is to be sold before its pair is gone."""
    config = state.config
    if event.reason == "delisting" and config and config.exchange.exit_on_delisting:
        yield from forced(_idle(state, event.pair), at)


def _idle(state: HoldingsState, pair: str) -> list[Trade]:
    """The trades of a pair ("" = of any) that nobody is leaving yet."""
    trades = [trade for trade in state.trades.values() if not pair or trade.pair == pair]
    return [trade for trade in trades if not trade.exit and not trade.forced]


# --- what the feed is told
def _watches(before: HoldingsState, after: HoldingsState) -> Iterable[Watch]:
    """The bands that have changed; a pair without a trade is watched no more."""
    pairs = dict.fromkeys(t.pair for s in (before, after) for t in s.trades.values())
    for pair in pairs:
        watch = _watch(after, pair)
        if watch != _watch(before, pair):
            yield watch


def _watch(state: HoldingsState, pair: str) -> Watch:
    """Which candles matter to the pair's trades; while an entry fills, the venue sees to that."""
    config = state.config
    trades = [t for t in state.trades.values() if t.pair == pair and t.ended]
    if config is None or not trades:
        return Watch(NAME, pair)
    bands = [_band(trade, config) for trade in trades]
    return Watch(NAME, pair, max(below for below, _ in bands), min(above for _, above in bands))


def _band(trade: Trade, config: Config) -> tuple[Decimal, Decimal]:
    """Of what was refused for its worth, any price matters: it may be dust."""
    below, above = quiet_band(trade.position, config)
    return below, (ZERO if trade.too_small else above)


# --- the owner
def resume(state: HoldingsState, at: float) -> Outputs:
    """Bands and retries were lost."""
    yield from _watches(HoldingsState(), state)
    yield from retries(state, at)
    yield from disabled.resume(state, at)


class Holdings(Owner[HoldingsState]):
    """What is held; the index keeps the ids of commands that were carried out."""

    name = NAME
    accepts = get_args(Inbox)
    State = HoldingsState
    indexed = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    @staticmethod
    def key(message: Inbox) -> str:
        """An operator's command id."""
        of_operator = ForceExit | AdoptPair | ReleasePair | ExplainPair
        return message.id if isinstance(message, of_operator) else ""

    @staticmethod
    def keeps(event: Change) -> str:
        """Ids of commands that were carried out."""
        return event.id if isinstance(event, CommandTaken) else ""
