"""Owns what must hold at a world's end, by the venue's books and the final states alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from actors.holdings.holdings import Holdings
from actors.runtime.system import BaseActor
from core.money import quotient_down
from core.orders.payload import is_of
from core.orders.risk_limits import worth
from core.trading.external_changes import ADOPTED, ours
from core.trading.position_size import least_entry
from core.trading.trades import Dust
from messages.account import DustLost, SoldOutside, TradeReleased
from messages.base import Envelope
from messages.control import CommandTaken, ExplainPair, ReloadConfig
from messages.orders import Order, OrderAbsent, OrderClosed, OrderIntended, OrderRefused
from messages.recovery import SaleTaken
from messages.trading import UNSOLD, TradeClosed, TradeOpened, TradeReduced
from persistence.store import Store
from sandbox.records import StoredOrder, coin
from simulation.costs import conserved
from simulation.folds import audited, folded
from simulation.journal_invariants import conducted
from simulation.live.coverage import of_orders
from simulation.live.rolled import TWIN
from simulation.live.world import LEAVE, World
from simulation.runs import Run, Violated, demand

ZERO = Decimal(0)
CENT = Decimal("0.01")  # KRW
UNIT = Decimal("0.00000001")  # the bot orders no finer; the venue may hold finer
KEPT = 500  # candles of a pair that are looked at
PATIENCE = 900.0  # seconds, in good weather
FLOOR = 3  # orders that the venue took; a bot that does nothing must not pass


def check(world: World, store: Store, cast: Sequence[type[BaseActor]], run: Run) -> None:
    """Raises Violated."""
    events = list(store.events())
    states = folded(store, cast, events)
    run.read(events)
    run.orders = world.order_watch.orders
    run.seen += of_orders(events)[0]
    conducted(events)
    demand(not world.order_watch.violations, "; ".join(world.order_watch.violations[:3]))
    demand(not world.laws.violations, "; ".join(world.laws.violations[:3]))
    _rested(states, world.end)
    every = [o for o in world.upbit.books.orders.values() if o.identifier]
    every = [order for order in every if not is_of(TWIN, order.identifier)]
    lost = _lost(world, events)
    orders = [order for order in every if order.identifier not in lost]
    _intended(orders, events)
    _ended(every, states)
    _own(world, every, events)
    _cash(world, orders, events, states["budget"])
    _coins(world, orders, events, states["holdings"])
    _capped(world, events)
    _evidenced(world, events)
    conserved(events, states["holdings"])
    _acted(world, events)
    for pair in world.pairs:
        lows = [candle.low for candle in store.candles(pair, KEPT)]
        demand(not lows or min(lows) > 0, f"a candle of {pair} without a price was kept")
    _left(world, states)
    _back(world, states["holdings"])
    demand(states["account"].reconciled, "the account was not reconciled")
    demand(run.orders, "no order at all")
    tried = sum(isinstance(e.body, OrderIntended | OrderRefused) for e in events)
    demand(tried >= FLOOR, f"only {tried} orders were tried")  # none may pay or permit them all
    if not world.order_watch.strays:
        audited(events)


def _intended(orders: list[StoredOrder], events: list[Envelope]) -> None:
    """I1, I5: each order at the venue is one that was intended, as it was intended."""
    every = [e.body for e in events if isinstance(e.body, OrderIntended)]
    intents = {intent.identifier: intent.order for intent in every}
    demand(len(intents) == len(every), "an identifier used for two intents")
    for order in orders:
        meant = intents.get(order.identifier)
        if meant is None or _terms(meant) != _terms(order.order):
            raise Violated(f"an order that was not intended: {order.identifier}")


def _terms(order: Order) -> tuple[Any, ...]:
    facts = (order.pair, order.side, order.ord_type, order.time_in_force)
    return (*facts, order.price, order.volume)


def _ended(orders: list[StoredOrder], states: dict[str, Any]) -> None:
    """I6, I8: nothing is under way, and nothing is set aside."""
    alive = [order.identifier for order in orders if order.alive]
    demand(not alive, f"orders of ours rest at the venue: {alive}")
    live = {id: live.stage for id, live in states["gateway"].live.items()}
    demand(not live, f"intents that have not ended: {live}")
    budget = states["budget"]
    kept = {**budget.reserved, **budget.sales, **budget.strays}
    demand(not kept, f"not released: {sorted(kept)}")


def _lost(world: World, events: list[Envelope]) -> set[str]:
    """Orders that the ledger has lost, without those that it intended once more, by name."""
    again = {e.body.identifier for e in events if isinstance(e.body, OrderIntended)}
    return world.rolled.lost - again


def _own(world: World, every: list[StoredOrder], events: list[Envelope]) -> None:
    """No coin of the owner is sold: what was sold was bought, or adopted, by whichever ledger.

    A lost sale of a trade that the ledger has kept is booked, once, by its own figures.
    """
    if world.order_watch.strays:
        return
    taken: dict[str, SaleTaken] = {}
    for envelope in events:
        if isinstance(envelope.body, SaleTaken):
            name = envelope.body.identifier
            demand(name not in taken, f"{name} was booked twice")
            taken[name] = envelope.body
    lost = _lost(world, events) & world.rolled.sold
    for order in every:
        if order.identifier in lost and order.executed:
            booked = taken.get(order.identifier)
            right = booked and (booked.funds, booked.fee) == (order.funds, order.paid_fee)
            demand(right, f"a lost sale was not booked: {order.identifier}")
    adopted = [e.body for e in world.rolled.letters if isinstance(e.body, TradeOpened)]
    gone = [(one.pair, one.volume) for one in adopted if one.tag == ADOPTED]
    for pair in world.pairs:
        had = sum((v for p, v in (*_adopted(events), *gone) if p == pair), ZERO)
        for order in every:
            if order.order.pair == pair:
                had += order.executed if order.bid else -order.executed
        demand(had > -UNIT, f"{-had} {pair} of the owner's own were sold")


def _cash(world: World, orders: list[StoredOrder], events: list[Envelope], budget: Any) -> None:
    """I2, I3: the cash is the capital and what the venue's books say that our orders did."""
    moved = sum((_net(order) for order in orders), ZERO)
    sold = [e.body for e in events if isinstance(e.body, SoldOutside)]
    expected = world.config.capital + moved + sum((s.funds - s.fee for s in sold), ZERO)
    found = [e.body for e in events if isinstance(e.body, SaleTaken)]
    expected += sum((s.funds - s.fee for s in found), ZERO)
    has = budget.cash + budget.missing
    demand(has == expected, f"a won went astray: {has} and not {expected}")
    account = world.upbit.books.accounts["KRW"]
    demand(budget.cash <= account.balance, f"{budget.cash} of {account.balance} KRW")
    took = budget.missing <= 0 or budget.cash == account.balance
    demand(took, f"{budget.missing} missing, and {account.balance} there of {budget.cash}")


def _net(order: StoredOrder) -> Decimal:
    """KRW that it brought."""
    spent = order.funds + order.paid_fee
    return -spent if order.bid else order.funds - order.paid_fee


def _coins(world: World, orders: list[StoredOrder], events: list[Envelope], holdings: Any) -> None:
    """I4: what is held is what our orders bought and did not sell, and it is there."""
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for order in orders:
        held[order.order.pair] += order.executed if order.bid else -order.executed
    for envelope in events:
        match envelope.body:
            case SoldOutside() | DustLost() | SaleTaken():
                held[envelope.body.pair] -= envelope.body.volume
            case TradeReduced(row=row) | TradeClosed(row=row) if row.exit_reason in UNSOLD:
                held[row.pair] -= row.amount
    for pair, volume in _adopted(events):
        held[pair] += volume
    for pair in world.pairs:
        mine = ours(holdings, pair)
        most = held[pair] + _strayed(world, orders, pair)
        demand(
            held[pair] <= mine <= most, f"a coin went astray: {mine} {pair} and not {held[pair]}"
        )
        there = world.upbit.books.accounts.get(coin(pair))
        away = sum((t.suspended for t in holdings.trades.values() if t.pair == pair), ZERO)
        whole = there.total if there else ZERO
        demand(mine - away - whole < UNIT, f"{mine - away} {pair} are not there")


def _evidenced(world: World, events: list[Envelope]) -> None:
    """No sale by hand without an order of the owner's, none beyond it, each at its own price."""
    booked: defaultdict[str, Decimal] = defaultdict(Decimal)
    for envelope in events:
        event = envelope.body
        if not isinstance(event, SoldOutside) or isinstance(envelope.prompt, ExplainPair):
            continue
        order = world.upbit.books.orders.get(event.uuid)
        if order is None or order.identifier or order.bid or order.order.pair != event.pair:
            raise Violated(f"a sale by hand that no order shows: {event}")
        booked[event.uuid] += event.volume
        demand(booked[event.uuid] <= order.executed, f"more than was sold: {event}")
        share = quotient_down(order.funds * event.volume, order.executed)
        demand(abs(event.funds - share) < CENT, f"sold for {share}: {event}")


def _adopted(events: list[Envelope]) -> Iterator[tuple[str, Decimal]]:
    """Coin that became the bot's by the operator's word, or ceased to be. Dust was its own."""
    state = Holdings.State()
    for envelope in events:
        if envelope.source != Holdings.name:
            continue
        event: Any = envelope.body
        if isinstance(event, TradeOpened) and event.tag == ADOPTED:
            yield event.pair, event.volume - state.dust.get(event.pair, Dust()).volume
        elif isinstance(event, TradeReleased):
            yield event.pair, -event.volume
        state = Holdings.evolve(state, event)


def _capped(world: World, events: list[Envelope]) -> None:
    """I13: the day's cap refuses an entry only where what was spent and is open leaves too little.

    An entry counts whole until it has ended, and then for what it has spent.
    """
    most = world.setting.config.exchange.max_daily_krw
    counts: dict[str, Decimal] = {}
    for envelope in events:
        match envelope.body:
            case OrderIntended(order=order) if order.side == "bid":
                counts[order.id] = worth(order)
            case OrderClosed(id=id, side="bid", funds=funds):
                counts[id] = funds
            case OrderRefused(reason="max_daily_krw", pair=pair) if most is not None:
                left = most - sum(counts.values(), ZERO)
                demand(left < least(world), f"{pair} refused although the day has {left} KRW left")
            case OrderRefused(id=id) | OrderAbsent(id=id) if id in counts:
                counts[id] = ZERO


def least(world: World) -> Decimal:
    """KRW of the least entry."""
    config = world.setting.config
    return least_entry(config.min_order_krw, config.stoploss)


def _back(world: World, holdings: Any) -> None:
    """What is in the account again is missed no more."""
    for trade in holdings.trades.values():
        there = world.upbit.books.accounts.get(coin(trade.pair))
        whole = there.total if there else ZERO
        missing = trade.suspended and whole >= ours(holdings, trade.pair)
        demand(not missing, f"{trade.pair} is all there, and suspended")


def _acted(world: World, events: list[Envelope]) -> None:
    """What the operator brought about. What he typed twice is two orders."""
    seen = world.fault_plan.seen
    for envelope in events:
        match envelope.body:
            case TradeOpened(tag=tag) if tag == ADOPTED:
                seen["act adopt"] += 1
            case TradeReleased():
                seen["act release"] += 1
            case CommandTaken() if isinstance(envelope.prompt, ExplainPair):
                seen["act explain"] += 1
            case CommandTaken() if isinstance(envelope.prompt, ReloadConfig):
                seen["act reload_config"] += 1
    intended = {e.body.order.id for e in events if isinstance(e.body, OrderIntended)}
    for both in world.operator.typed:
        seen["act typed twice"] += intended >= {*both}


def _strayed(world: World, orders: list[StoredOrder], pair: str) -> Decimal:
    """Coin that was not the bot's: sold by exits that came after they were given up."""
    strays = world.order_watch.strays
    sales = (o for o in orders if o.identifier in strays and not o.bid and o.order.pair == pair)
    return sum((order.executed for order in sales), ZERO)


def _rested(states: dict[str, Any], end: float) -> None:
    """P8: no refused sale waits for ever, and no pause of the breaker outlasts its reason."""
    holdings, breaker = states["holdings"], states["breaker"]
    if not holdings.held_back:
        waits = [t.pair for t in holdings.trades.values() if t.wish and t.retry_at < end - PATIENCE]
        demand(not waits, f"sales that were not tried again: {waits}")
    late = breaker.until and breaker.until < end - PATIENCE
    demand(not late, "the breaker never closed again")


def _left(world: World, states: dict[str, Any]) -> None:
    """P8: who was told to leave has left, but for what cannot be sold any more."""
    trades = states["holdings"].trades.values()
    stay = [t.pair for t in trades if t.exit or not t.ended]
    demand(not stay, f"trades under way: {stay}")
    if world.leaves and not world.system:
        told = [t for t in trades if t.opened_at <= world.end - LEAVE]  # its entry may have rested
        there = [t for t in told if not t.suspended]  # coins that are away cannot be sold
        left = [t.pair for t in there if world.upbit.exchange.trades(t.pair)]
        demand(not left, f"trades that were told to end: {left}")
