"""Owns what must hold at a recording's end, by the paper venue's own books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import Any

from actors.actor_sets import REPLAY_ACTORS
from core.orders.lifecycle import TrackedOrder
from messages.base import Envelope
from messages.orders import OrderFound
from messages.paper import PaperAccepted, PaperFilled
from persistence.store import Store
from simulation.costs import conserved
from simulation.folds import audited, folded
from simulation.journal_invariants import conducted
from simulation.live.coverage import of_orders
from simulation.runs import Run, demand

ZERO = Decimal(0)
CASH = "KRW"
NOTHING: Mapping[str, Decimal] = MappingProxyType({})
Totals = tuple[Decimal, Decimal, Decimal]  # coin, KRW, KRW
Disputed = list[tuple[TrackedOrder, Totals]]  # and what the venue executed


def check(store: Store, run: Run, outside: Mapping[str, Decimal] = NOTHING) -> None:
    """The invariants of architecture section 7, at quiescence. Raises Violated.

    ``outside``: by pair, coin that came into the account beside the venue's books (below 0: left);
    cash by "KRW".
    """
    events = list(store.events())
    states = folded(store, REPLAY_ACTORS, events)
    run.read(events)
    conducted(events)
    budget = states["budget"]
    seen, lives = of_orders(events)
    run.seen += seen
    doubted = [live for live in lives.values() if live.stage == "disputed"]
    disputed = [(live, filled(events, live.order.id)) for live in doubted]
    _cash(states, events, disputed, outside.get(CASH, ZERO))
    coins = {pair: volume for pair, volume in outside.items() if pair != CASH}
    taken = _coins(states, events, disputed, coins)
    conserved(events, states["holdings"])
    accepted = Counter(e.body.resting.order.id for e in events if isinstance(e.body, PaperAccepted))
    run.orders = len(accepted)
    demand(max(accepted.values(), default=1) == 1, "an order twice")
    live = {intent.order.id for intent in states["gateway"].live.values()}
    demand(set(budget.reserved) <= live, "a leak")
    if not taken:  # else the auditor names that sale, and rightly: it was of no trade's coin
        audited(events)


def filled(events: list[Envelope], id: str) -> Totals:
    """What the venue has executed of an order."""
    fills = [e.body for e in events if isinstance(e.body, PaperFilled) and e.body.id == id]
    return (
        sum((f.volume for f in fills), ZERO),
        sum((f.funds for f in fills), ZERO),
        sum((f.fee for f in fills), ZERO),
    )


def _cash(
    states: dict[str, Any], events: list[Envelope], disputed: Disputed, outside: Decimal
) -> None:
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
    demand(cash == states["paper"].cash + outside, "a won went astray")


def _coins(
    states: dict[str, Any],
    events: list[Envelope],
    disputed: Disputed,
    outside: Mapping[str, Decimal],
) -> dict[str, Decimal]:
    """What is held or shown as external is what the venue has for us and what came in.

    But for coin of a disputed entry that a late sale took: by pair, how much.
    """
    holdings = states["holdings"]
    held = _by_pair(
        ((trade.pair, trade.volume - trade.sold) for trade in holdings.trades.values()),
        ((pair, dust.volume) for pair, dust in holdings.dust.items()),
        ((pair, shown.external) for pair, shown in holdings.shown.items()),
        ((live.order.pair, _behind(live, volume)) for live, (volume, _, _) in disputed),
    )
    there = _by_pair(states["paper"].coins.items(), outside.items())
    taken = _by_pair(held.items(), ((pair, -volume) for pair, volume in there.items()))
    most = _late_sales(
        events, {live.order.pair for live, _ in disputed if live.order.side == "bid"}
    )
    fair = all(0 < volume <= most.get(pair, ZERO) for pair, volume in taken.items())
    demand(fair, "a coin went astray")
    return taken


def _late_sales(events: list[Envelope], pairs: Set[str]) -> dict[str, Decimal]:
    """By pair, coin sold by exits that were given up as absent and then found."""
    found = {e.body.id: e.body for e in events if isinstance(e.body, OrderFound)}
    sales = [sale for sale in found.values() if sale.side == "ask" and sale.pair in pairs]
    return _by_pair((sale.pair, filled(events, sale.id)[0]) for sale in sales)


def _behind(live: TrackedOrder, volume: Decimal) -> Decimal:
    more = volume - live.volume
    return more if live.order.side == "bid" else -more


def _by_pair(*parts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """What there is in all."""
    found: dict[str, Decimal] = {}
    for pair, volume in chain(*parts):
        found[pair] = found.get(pair, ZERO) + volume
    return {pair: volume for pair, volume in found.items() if volume}
