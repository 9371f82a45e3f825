"""Owns what a journal must tell, whoever the venue is: laws that one event after another shows.

The books may come out right at the end by luck; here a promise is broken when it is broken.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from messages.base import Envelope
from messages.orders import OrderClosed, OrderFilled, OrderIntended
from messages.trading import EntryEnded, EntryWanted, ExitWanted
from simulation.runs import demand

Totals = tuple[Decimal, Decimal, Decimal]  # coin, KRW, KRW


def conducted(events: Iterable[Envelope]) -> None:
    """Wishes and intents are made once, fills grow, exits wait for entries. Raises Violated."""
    wished: set[str] = set()
    intended: set[str] = set()
    ended: set[str] = set()  # trades whose entry's order has
    fills: dict[str, Totals] = {}
    for envelope in events:
        match envelope.body:
            case EntryWanted(id=id):
                demand(id not in wished, f"{id} was wanted twice")
                wished.add(id)
            case ExitWanted(id=id, trade=trade):
                demand(id not in wished, f"{id} was wanted twice")
                demand(trade in ended, f"{id} was wanted while the entry's order lived")
                wished.add(id)
            case EntryEnded(trade=trade):
                ended.add(trade)
            case OrderIntended(order=order):
                demand(order.id not in intended, f"{order.id} was intended twice")
                intended.add(order.id)
            case OrderFilled(id=id) | OrderClosed(id=id):
                totals = envelope.body.volume, envelope.body.funds, envelope.body.fee
                known = fills.get(id, totals)
                grown = all(new >= old for new, old in zip(totals, known, strict=True))
                demand(grown, f"the fills of {id} shrank")
                fills[id] = totals
