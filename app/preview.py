"""Preview of a change: the owners decide on it one after the other as they would, nothing is done.

No rule stands here twice: what refuses a preview is the very decision that would refuse the
change. An entry goes from the strategist to the budget and the gateway; an exit from the holdings
to the gateway. Only what the order book and the exchange will say is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar, get_args

from msgspec import structs

from actors.budget import Budget
from actors.entries.book import unjudged
from actors.holdings.holdings import Holdings
from actors.market.market_status import MarketStatusOwner
from actors.orders.breaker import Breaker
from actors.orders.gateway import Gateway
from actors.runtime.owner import Owner
from actors.runtime.system import System
from core.market.instrument_status import MarketStatus
from core.money import quotient
from core.notices.events import Text, notice_of
from core.notices.orders import order_notice
from core.orders.intents import GatewayState
from core.orders.risk_limits import worth
from core.trading.exits import sell_all
from core.trading.position_size import gain
from core.trading.trades import HoldingsState, Trade
from messages.base import Command, Event
from messages.budget import BudgetRefused, BudgetReserved
from messages.control import (
    CancelOpenOrder,
    CommandTaken,
    ForceExit,
    Kill,
    OperatorReply,
    Shutdown,
    StopTrading,
    TradingChanged,
)
from messages.market_status import Bar
from messages.orders import CancelIntended, OrderIntended, OrderRefused
from messages.previews import (
    ChangePreview,
    PreviewedCancel,
    PreviewedOrder,
    PreviewedTrade,
    TurnPreviewed,
)
from messages.trading import BookAsked, EntryWanted, ExitWanted, ForceExitNoted

ZERO = Decimal(0)
BARS = get_args(Bar)
NO_ORDERS = ("halted", "gone")  # bars of a market in which nothing can be ordered at all
DONE = OperatorReply(True, "done")
Price = Callable[[str], Decimal | None]  # the newest of a pair, KRW
T = TypeVar("T")


def previewed(system: System, command: Command, price: Price) -> ChangePreview:
    """What would become of a command that the actors would be asked."""
    if isinstance(command, Shutdown):
        return ChangePreview(DONE, trades=stopless(system, price))
    owner = system.acceptor(command)
    if not any(a.name == owner and issubclass(a, Owner) for a in system.actors):
        return ChangePreview(DONE)
    turn = _turn(system, owner, command)
    reply = next(_of(OperatorReply, turn), DONE)
    if turn.failed or not reply.done:
        return ChangePreview(reply)
    events = [said for said in turn.said if isinstance(said, Event)]
    calls = [said for said in turn.said if not isinstance(said, Event | OperatorReply)]
    if not calls and all(isinstance(event, CommandTaken) for event in events):
        return ChangePreview(reply, idle=True)
    return _consequences(system, command, turn, reply, price)


def _consequences(
    system: System, command: Command, turn: TurnPreviewed, reply: OperatorReply, price: Price
) -> ChangePreview:
    if wish := next(_entries(turn), None):
        return _entry(system, wish, reply, price)
    match command:
        case ForceExit():
            return ChangePreview(reply, _exits(system, turn, price))
        case CancelOpenOrder():
            return ChangePreview(reply, cancels=_cancels(turn))
        case Kill():
            mode = next(_of(TradingChanged, turn))
            cancels = _cancels(_turn(system, Gateway.name, mode))
            return ChangePreview(reply, cancels=cancels, trades=stopless(system, price))
        case StopTrading():
            return ChangePreview(reply, trades=stopless(system, price))
    return ChangePreview(reply)


def stopless(system: System, price: Price) -> tuple[PreviewedTrade, ...]:
    """The open trades, the oldest first: what has no stop while nothing watches or may sell."""
    holdings = _holdings(system)
    fee_rate = holdings.config.fee_rate if holdings.config else ZERO
    found = []
    for trade in sorted(holdings.trades.values(), key=lambda one: one.opened_at):
        last, cost = price(trade.pair), trade.funds + trade.fee
        row = PreviewedTrade(trade.pair, trade.volume)
        if last:
            profit = gain(trade.volume, last, cost, fee_rate)
            row = structs.replace(row, krw=trade.volume * last, profit=profit)
        found.append(row)
    return tuple(found)


def barred(system: System, reply: OperatorReply) -> OperatorReply:
    """The reply to an entry; where the market is barred, with what the venue says of it."""
    pair, reason = (reply.facts.get(name, "") for name in ("pair", "reason"))
    if reply.done or reply.key != "not_entered" or reason not in BARS:
        return reply
    detail = _bars(system, pair).get(reason, "")
    return OperatorReply(False, "not_entered_barred", {**reply.facts, "detail": detail})


# --- entries
def _entries(turn: TurnPreviewed) -> Iterator[EntryWanted]:
    """The entry that is wanted, also where the order book would be asked first."""
    yield from _of(EntryWanted, turn)
    yield from map(unjudged, _of(BookAsked, turn))


def _entry(system: System, wish: EntryWanted, reply: OperatorReply, price: Price) -> ChangePreview:
    reserving = _turn(system, Budget.name, wish)
    if poor := next(_of(BudgetRefused, reserving), None):
        return ChangePreview(_refusal(notice_of(poor)))
    reserved = next(_of(BudgetReserved, reserving), None)
    if reserved is None:
        return ChangePreview(reply)
    intending = _turn(system, Gateway.name, reserved)
    if refused := next(_of(OrderRefused, intending), None):
        return ChangePreview(_refusal(order_notice(refused)))
    intended = next(_of(OrderIntended, intending), None)
    if intended is None:
        return ChangePreview(reply)
    order = intended.order
    row = PreviewedOrder(
        pair=order.pair,
        side=order.side,
        krw=worth(order),
        price=price(order.pair) or ZERO,
        limit=order.price or ZERO if order.ord_type == "limit" else ZERO,
        fee=quotient(reserved.fee * worth(order), reserved.krw),
        stake=intended.wanted,
        cut=intended.cut_by,
    )
    return ChangePreview(reply, (row,), held_until=_held_until(system))


def _refusal(notice: Text | None) -> OperatorReply:
    """A refusal of an owner in the words of its notice."""
    assert notice is not None
    _, key, facts = notice
    return OperatorReply(False, key, facts)


def _held_until(system: System) -> float:
    """Until when the breaker holds entries back; 0 where it does not."""
    state = _turn(system, Breaker.name).state
    until = max(state.until, state.banned_until)
    return until if until > system.now() else 0.0


# --- exits
def _exits(system: System, turn: TurnPreviewed, price: Price) -> tuple[PreviewedOrder, ...]:
    holdings: HoldingsState = turn.state
    rows = []
    for wish in _of(ExitWanted, turn):
        trade = holdings.trades[wish.trade]
        rows.append(_exit(system, holdings, trade, wish, price(wish.pair) or ZERO))
    for noted in _of(ForceExitNoted, turn):
        volume = holdings.trades[noted.trade].volume
        row = PreviewedOrder(noted.pair, "ask", volume, waits="entry_under_way")
        rows.append(row)
    return tuple(rows)


def _exit(
    system: System, holdings: HoldingsState, trade: Trade, wish: ExitWanted, price: Decimal
) -> PreviewedOrder:
    """As the gateway would send it; it sells no more than is free in the account."""
    config = holdings.config
    assert config is not None
    intending = _turn(system, Gateway.name, wish)
    refused = next(_of(OrderRefused, intending), None)
    intended = next(_of(OrderIntended, intending), None)
    volume = (intended.order.volume if intended else None) or wish.volume
    row = PreviewedOrder(wish.pair, "ask", volume, price=price)
    if volume < wish.volume:
        row = structs.replace(row, cut="coins_not_free")
    if price:
        cost = trade.funds + trade.fee
        if volume != trade.volume:
            cost = quotient(cost * volume, trade.volume)
        profit = gain(volume, price, cost, config.fee_rate)
        fee = volume * price * config.fee_rate
        row = structs.replace(row, krw=volume * price, fee=fee, profit=profit)
    bars = _bars(system, wish.pair)
    if bar := next((name for name in NO_ORDERS if name in bars), ""):
        return structs.replace(row, waits=bar, detail=bars[bar])
    if holdings.disabled is not None:
        return structs.replace(row, waits=holdings.disabled.reason)
    if refused is not None:
        return structs.replace(row, waits=refused.reason, detail=refused.text)
    small = price and sell_all(volume, price, "force_exit", config).reason == "dust"
    return structs.replace(row, waits="dust") if small else row


# --- what owners say
def _turn(system: System, owner: str, message: Any = None) -> TurnPreviewed:
    """What an owner would say; nothing of one that does not play."""
    return system.preview(owner, message) or TurnPreviewed((), None, True)


def _of(kind: type[T], turn: TurnPreviewed) -> Iterator[T]:
    return (said for said in turn.said if isinstance(said, kind))


def _cancels(turn: TurnPreviewed) -> tuple[PreviewedCancel, ...]:
    state: GatewayState = turn.state
    orders = [state.live[event.id].order for event in _of(CancelIntended, turn)]
    return tuple(PreviewedCancel(order.pair, order.side) for order in orders)


def _holdings(system: System) -> HoldingsState:
    state: HoldingsState = _turn(system, Holdings.name).state
    return state


def _bars(system: System, pair: str) -> dict[str, str]:
    """Why the market is barred, with what the venue says; on a recording no market is."""
    state: MarketStatus | None = _turn(system, MarketStatusOwner.name).state
    bars = state.bars.get(pair, {}) if state else {}
    return {str(bar): said for bar, said in bars.items()}
