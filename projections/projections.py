"""The journal as those who watch it need it: everything on one pass, in steps, within bounds.

It is a ``Ledger`` whose lists do not grow for ever: of rows and orders that have ended only the
newest stay, sums stay of all.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from messages.base import Envelope
from messages.control import ConfigAdopted
from messages.market import FeedTaken
from messages.orders import OrderIntended
from messages.trading import DustKept, TradeClosed, TradeRecord, TradeReduced
from persistence.reader import Reader
from projections.equity_curve import EquityCurve
from projections.event_counters import EventCounters
from projections.ledger import Ledger
from projections.order_latency import OrderLatency
from projections.orders import OrderRow, Orders
from projections.recent_entries import RecentEntries
from projections.stop_history import StopHistory

ROWS_MAX = 10_000  # closed rows that are kept, at least; twice as many at most
ORDERS_MAX = 10_000  # orders
LIVING_MAX = 100  # the oldest that are looked at for one that has ended


@dataclass
class Projections(Ledger):
    """A fold up to entry ``number``; ``closed`` counts all rows, kept or not."""

    curve: EquityCurve = field(default_factory=EquityCurve)
    courses: OrderLatency = field(default_factory=OrderLatency)
    levels: StopHistory = field(default_factory=StopHistory)
    recent: RecentEntries = field(default_factory=RecentEntries)
    counts: EventCounters = field(default_factory=EventCounters)
    closed: int = 0
    fresh: bool | None = None  # whether live prices come, as the strategist last heard
    _order: deque[str] = field(default_factory=deque)  # of ids, the oldest first

    def read_on(self, reader: Reader, most: int) -> bool:
        """Take in so many entries more; whether there are any left. Raises Damaged."""
        base = reader.base()
        if self.number < base.number:
            self._begin(reader)
        for envelope in reader.events(self.number, self.number + most):
            if envelope.number != self.number + 1 and reader.base().number > self.number:
                return True  # it was trimmed just now: the next step begins at its base
            self.take((envelope,))
        return self.number < reader.count()

    def take(self, events: Iterable[Envelope]) -> None:
        """Take in these events."""
        for envelope in events:
            super().take((envelope,))
            body, at = envelope.body, envelope.at
            self.courses.take(body, at)
            self.levels.take(body, at, self.config)
            self.recent.take(envelope)
            self.counts.take(body)
            self._keep(body, at)

    def light(self) -> Ledger:
        """The ledger of what is open: views that look at every order look at few."""
        known = {f.name: getattr(self, f.name) for f in dataclasses.fields(Ledger)}
        rows = {id: row for id, row in self.orders.rows.items() if not row.ended}
        return Ledger(**{**known, "orders": Orders(rows)})

    def newest_orders(self, skip: int, count: int) -> list[OrderRow]:
        """A page of what is kept, the newest first."""
        ids = list(self._order)[::-1][skip : skip + count]
        return [self.orders.rows[id] for id in ids if id in self.orders.rows]

    def newest_rows(self, skip: int, count: int) -> list[TradeRecord]:
        """The same of closed rows."""
        return self.trades.closed[::-1][skip : skip + count]

    @property
    def orders_kept(self) -> int:
        """How many there are to page through."""
        return len(self._order)

    def _keep(self, event: Any, at: float) -> None:
        match event:
            case TradeReduced(row=row) | TradeClosed(row=row) | DustKept(row=row):
                self._closed(row)
            case OrderIntended(order=order):
                self._order.append(order.id)
                self._forget()
            case ConfigAdopted(config=config):
                self.levels.adopt(at, config)
            case FeedTaken(fresh=fresh):
                self.fresh = fresh

    def _closed(self, row: TradeRecord) -> None:
        self.closed += 1
        self.curve.add(row, self.config.day_starts_at)
        if len(self.trades.closed) >= 2 * ROWS_MAX:
            del self.trades.closed[:-ROWS_MAX]

    def _forget(self) -> None:
        """Let go of the oldest order that has ended; few live as long as so many others."""
        if len(self._order) <= ORDERS_MAX:
            return
        for place, id in enumerate(islice(self._order, LIVING_MAX)):
            row = self.orders.rows.get(id)
            if row is None or row.ended:
                del self._order[place]
                self.orders.rows.pop(id, None)
                self.cash.totals.pop(id, None)
                return

    def _begin(self, reader: Reader) -> None:
        """Begin where a trimmed journal does: with what its old part added up to."""
        kept = vars(Ledger.of_base(reader))
        vars(self).update(vars(Projections()) | kept)
        for row in self.trades.closed:
            self.closed += 1
            self.curve.add(row, self.config.day_starts_at)
        self._order.extend(self.orders.rows)
        del self.trades.closed[:-ROWS_MAX]
