"""One moment as the pages show it: worked out when a page asks for it, once for all readers."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from core.orders.end_reason import EndReason
from interfaces.dashboard.watch import Watch
from interfaces.dashboard.worth import EquitySeries
from interfaces.views import health, locks, status
from messages.base import Envelope
from messages.orders import OrderClosed
from projections.equity_curve import trading_day
from projections.ledger import Ledger, listed
from projections.order_latency import OrderTimeline
from projections.orders import OrderRow, ending_of
from projections.recent_entries import RecentEntries

ZERO = Decimal(0)
FIRST_LOOK = 300  # entries shown before the journal was read
NOT_KNOWN = OrderTimeline()


class Figures(Struct, frozen=True):
    """Money is KRW; what hangs on the journal's past is None until it was read."""

    equity: Decimal | None
    realised: Decimal | None
    unrealised: Decimal
    today: Decimal | None
    drawdown: float | None
    drawdown_most: float | None
    cash: Decimal
    free: Decimal


class Picture:
    """What is known at a version of the watch."""

    def __init__(self, watch: Watch) -> None:
        self.watch, self.version = watch, watch.version
        self.ledger: Ledger = watch.ledger
        self.chronicle, self.reader = watch.chronicle, watch.reader
        self.vitals, self.now = watch.vitals, watch.now
        self._worths = watch.worths
        self.caught_up = watch.caught_up

    @cached_property
    def status(self) -> status.StatusView:
        """Open trades, with live prices where the bot tells them."""
        prices = self.vitals.prices if self.vitals else {}
        return status.look(self.ledger, self.reader, self.now, prices=prices)

    @cached_property
    def health(self) -> health.HealthView:
        """Whether every part is well."""
        ails = self.vitals.ails if self.vitals else ()
        return health.look(self.ledger, self.reader, self.now, ails)

    @cached_property
    def locks(self) -> locks.LocksView:
        """Pairs that may not be entered."""
        return locks.look(self.ledger, self.now)

    @cached_property
    def figures(self) -> Figures:
        """The money in a few numbers."""
        ledger, curve = self.ledger, self.chronicle.curve
        reserved = sum(ledger.cash.reserved.values(), ZERO)
        cash = ledger.cash.now
        unrealised = sum((t.profit_abs or ZERO for t in self.status.trades), ZERO)
        if not self.caught_up:
            return Figures(None, None, unrealised, None, None, None, cash, cash - reserved)
        wallet = self.wallet
        equity = wallet + curve.profit + unrealised
        today = trading_day(self.now, ledger.config.day_starts_at)
        fall, most = self._worth(equity).drawdown()
        earned = curve.days.get(today, ZERO)
        free = cash - reserved
        return Figures(equity, curve.profit, unrealised, earned, fall, most, cash, free)

    @property
    def worth(self) -> EquitySeries | None:
        """The equity at market prices over time; None until the journal was read."""
        equity = self.figures.equity
        return None if equity is None else self._worth(equity)

    def _worth(self, equity: Decimal) -> EquitySeries:
        made = self._worths.of(self.reader, self.chronicle, self.ledger)
        return made.now(max(self.now, float(made.moments[-1])), float(equity))

    @property
    def wallet(self) -> Decimal:
        """KRW that trading began with."""
        start = self.ledger.cash.start
        return self.ledger.config.capital if start is None else start

    @cached_property
    def open_orders(self) -> list[tuple[OrderRow, OrderTimeline]]:
        """Those that have not ended, the oldest first."""
        rows = self.ledger.orders.rows.values()
        return [(row, self.course(row.id)) for row in rows if not row.ended]

    def why(self, event: OrderClosed) -> EndReason:
        """Why an order ended as it did."""
        return ending_of(event, self.chronicle.orders.rows, self.reader)

    def course(self, id: str) -> OrderTimeline:
        """When an order passed its stages, where that is still known."""
        return self.chronicle.courses.rows.get(id, NOT_KNOWN)

    @cached_property
    def _first_look(self) -> list[Envelope]:
        return list(self.reader.events(max(0, self.reader.count() - FIRST_LOOK)))

    @cached_property
    def tail(self) -> list[Envelope]:
        """The newest entries, the newest first."""
        found = list(self.chronicle.recent.tail) if self.caught_up else self._first_look
        return found[::-1]

    @cached_property
    def decided(self) -> list[Envelope]:
        """The newest decisions, the newest first."""
        if self.caught_up:
            return list(self.chronicle.recent.decided)[::-1]
        recent = RecentEntries()
        for letter in self._first_look:
            recent.take(letter)
        return list(recent.decided)[::-1]

    def knows(self, pair: str) -> bool:
        """Whether there is anything to tell of a pair; while the journal is read there may be."""
        return pair in self.pairs or not self.caught_up or bool(self.reader.candles(pair, 1))

    @cached_property
    def pairs(self) -> tuple[str, ...]:
        """Those to look at: what is held first, then what was heard of, then what is traded."""
        held = [trade.pair for trade in self.status.trades]
        heard = sorted(self.ledger.pairs)
        return tuple(dict.fromkeys((*held, *heard, *listed(self.ledger.config))))
