"""Owns the law of cost: what entries paid is in rows, in open trades or in dust, each won once.

Dust leaves its trade at its value and the rest of what it cost is the row's loss; the next trade
takes it at that value. So of all entries of a pair: paid = cost of what was sold + losses of dust +
what is held. A pair whose coins came or went beside our orders is left out: these bring no cost.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from core.trading.external_changes import ADOPTED
from core.trading.trades import HoldingsState
from messages.account import DustLost, TradeReleased
from messages.base import Envelope
from messages.orders import OrderClosed, OrderDisputed, OrderFilled, OrderFound
from messages.trading import DustKept, TradeClosed, TradeOpened, TradeReduced
from simulation.runs import demand

ZERO = Decimal(0)


def conserved(events: list[Envelope], holdings: HoldingsState) -> None:
    """Raises Violated where a won that was paid is nowhere, or in two places."""
    paid: dict[str, tuple[str, Decimal]] = {}  # by the order
    gone: defaultdict[str, Decimal] = defaultdict(Decimal)
    apart: set[str] = set()
    for envelope in events:
        event: Any = envelope.body
        match event:
            case OrderFilled(side="bid") | OrderClosed(side="bid"):
                paid[event.id] = (event.pair, event.funds + event.fee)
            case TradeReduced(row=row) | TradeClosed(row=row):
                gone[row.pair] += row.stake_amount + row.fee_open_cost
            case DustKept(row=row):
                gone[row.pair] -= row.profit_abs
            case DustLost() | TradeReleased() | OrderDisputed() | OrderFound():
                apart.add(event.pair)
            case TradeOpened(tag=tag) if tag == ADOPTED:
                apart.add(event.pair)
    held = _held(holdings)
    for pair in {pair for pair, _ in paid.values()} - apart:
        spent = sum((cost for whose, cost in paid.values() if whose == pair), ZERO)
        told = f"{pair}: {spent:f} was paid, {gone[pair]:f} is gone and {held[pair]:f} held"
        demand(spent == gone[pair] + held[pair], f"a won of cost went astray: {told}")


def _held(holdings: HoldingsState) -> defaultdict[str, Decimal]:
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for trade in holdings.trades.values():
        found[trade.pair] += trade.funds + trade.fee
    for pair, dust in holdings.dust.items():
        found[pair] += dust.cost + dust.fee
    return found
