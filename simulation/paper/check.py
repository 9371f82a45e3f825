"""Owns what must hold at a recording's end, by the paper venue's own books."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from actors.cast import CAST
from core.orders.life import Live
from messages.base import Envelope
from messages.orders import OrderFound
from messages.paper import PaperAccepted, PaperFilled
from persistence.store import Store
from simulation.conduct import conducted
from simulation.folds import audited, folded
from simulation.runs import Run, demand
from simulation.sightings import of_orders

ZERO = Decimal(0)
Totals = tuple[Decimal, Decimal, Decimal]  # coin, KRW, KRW
Disputed = list[tuple[Live, Totals]]  # and what the venue executed


def check(store: Store, run: Run) -> None:
    """The invariants of architecture section 7, at quiescence. Raises Violated."""
    events = list(store.events())
    states = folded(store, CAST, events)
    run.read(events)
    conducted(events)
    budget = states["budget"]
    seen, lives = of_orders(events)
    run.seen += seen
    unseen = {id: filled(events, id) for id, live in lives.items() if live.stage == "disputed"}
    disputed = [(lives[id], fill) for id, fill in unseen.items()]
    _cash(states, events, disputed)
    _coins(states, disputed)
    accepted = Counter(e.body.resting.order.id for e in events if isinstance(e.body, PaperAccepted))
    run.orders = len(accepted)
    demand(max(accepted.values(), default=1) == 1, "an order twice")
    live = {intent.order.id for intent in states["gateway"].live.values()}
    demand(set(budget.reserved) <= live, "a leak")
    audited(events)


def filled(events: list[Envelope], id: str) -> Totals:
    """What the venue has executed of an order."""
    fills = [e.body for e in events if isinstance(e.body, PaperFilled) and e.body.id == id]
    return (
        sum((f.volume for f in fills), ZERO),
        sum((f.funds for f in fills), ZERO),
        sum((f.fee for f in fills), ZERO),
    )


def _cash(states: dict[str, Any], events: list[Envelope], disputed: Disputed) -> None:
    """Our cash is the venue's, but for what disputed orders did behind our back."""
    budget = states["budget"]
    found = {e.body.id for e in events if isinstance(e.body, OrderFound) and e.body.side == "bid"}
    strays = sum((funds + fee for _, funds, fee in (filled(events, id) for id in found)), ZERO)
    demand(budget.free + strays >= 0, "more reserved than there is")
    cash = budget.cash
    for live, (_, funds, fee) in disputed:
        bid = live.order.side == "bid"
        cash -= (
            (funds + fee - live.funds - live.fee) if bid else (live.funds - live.fee - funds + fee)
        )
    demand(cash == states["paper"].cash, "a won went astray")


def _coins(states: dict[str, Any], disputed: Disputed) -> None:
    """What is held is what the venue has for us, with the same reservation."""
    held: dict[str, Decimal] = {}
    holdings = states["holdings"]
    for trade in holdings.trades.values():
        held[trade.pair] = held.get(trade.pair, ZERO) + trade.volume - trade.sold
    for pair, dust in holdings.dust.items():
        held[pair] = held.get(pair, ZERO) + dust.volume
    for live, (volume, _, _) in disputed:
        more = volume - live.volume
        pair = live.order.pair
        held[pair] = held.get(pair, ZERO) + (more if live.order.side == "bid" else -more)
    coins = {pair: volume for pair, volume in held.items() if volume}
    demand(coins == states["paper"].coins, "a coin went astray")
