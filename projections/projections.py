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
from messages.trading import DustKept, Row, TradeClosed, TradeReduced
from persistence.reader import Reader
from projections.equity_curve import Curve
from projections.event_counters import Counts
from projections.ledger import Ledger
from projections.order_latency import Courses
from projections.orders import OrderRow, Orders
from projections.recent_entries import Recent
from projections.stop_history import Levels

ROWS_MAX = 10_000  # closed rows that are kept, at least; twice as many at most
ORDERS_MAX = 10_000  # orders
LIVING_MAX = 100  # the oldest that are looked at for one that has ended


@dataclass
class Chronicle(Ledger):
    """A fold up to entry ``number``; ``closed`` counts all rows, kept or not."""

    curve: Curve = field(default_factory=Curve)
    courses: Courses = field(default_factory=Courses)
    levels: Levels = field(default_factory=Levels)
    recent: Recent = field(default_factory=Recent)
    counts: Counts = field(default_factory=Counts)
    closed: int = 0
    fresh: bool | None = None  # whether live prices come, as the strategist last heard
    _order: deque[str] = field(default_factory=deque)  # of ids, the oldest first

    def read_on(self, reader: Reader, most: int) -> bool:
        """Take in so many entries more; whether there are any left. Raises Damaged."""
        base = reader.base()
        if self.number < base.number:
            self._begin(reader)
        for letter in reader.events(self.number, self.number + most):
            if letter.number != self.number + 1 and reader.base().number > self.number:
                return True  # it was trimmed just now: the next step begins at its base
            self.take((letter,))
        return self.number < reader.count()

    def take(self, events: Iterable[Envelope]) -> None:
        """Take in these events."""
        for letter in events:
            super().take((letter,))
            body, at = letter.body, letter.at
            self.courses.take(body, at)
            self.levels.take(body, at, self.config)
            self.recent.take(letter)
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

    def newest_rows(self, skip: int, count: int) -> list[Row]:
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

    def _closed(self, row: Row) -> None:
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
        vars(self).update(vars(Chronicle()) | kept)
        for row in self.trades.closed:
            self.closed += 1
            self.curve.add(row, self.config.day_starts_at)
        self._order.extend(self.orders.rows)
        del self.trades.closed[:-ROWS_MAX]
