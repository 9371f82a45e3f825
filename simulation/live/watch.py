"""Owns what must hold at every moment at the venue, by its own books, whatever the bot believes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.money import money
from core.orders.payload import is_of
from core.trading.protections import day_end
from messages.config import Config
from sandbox.exchange import Exchange
from sandbox.records import StoredOrder
from simulation.live.rolled import TWIN

ZERO = Decimal(0)
IN_TIME = 30.0  # an order that arrives later than this after it first left is a stray
MINUTE, DAY = 60.0, 86400.0


class OrderWatch:
    """Looks at each order of the bot's as it is booked.

    ``sent``: when each identifier first left. A stray is what was on the line for so long that it
    was, or may have been, given up; while there was none, the bot's own laws hold without mercy.
    ``capital``: the most KRW that the operator ever let it have.
    """

    def __init__(
        self, exchange: Exchange, sent: Mapping[str, float], config: Config, capital: Decimal
    ) -> None:
        self._exchange, self._sent = exchange, sent
        self._config, self.capital = config, capital
        self.strays: set[str] = set()
        self.lost: set[str] = set()  # identifiers that the bot's ledger has lost
        self.leaping = False  # whether the bot's clock leaps by hours
        self.orders = 0
        self.violations: list[str] = []

    def taken(self, order: StoredOrder) -> None:
        """One more order of the bot's."""
        self.orders += 1
        books = self._exchange.books
        if order.created_at - self._sent[order.identifier] > IN_TIME:
            self.strays.add(order.identifier)
        others = [o for o in books.orders.values() if self._ours(o) and o.uuid != order.uuid]
        for other in others:
            rival = other.alive and _way(other) == _way(order)
            if rival and not {order.identifier, other.identifier} & self.strays:
                self._violated(f"two live orders: {order.identifier} beside {other.identifier}")
        if order.bid:
            self._capped(order, [o for o in others if o.bid])
            if not self.strays:
                lost = (o for o in books.orders.values() if o.identifier in self.lost and not o.bid)
                self._committed([*others, *lost, books.orders[order.uuid]])

    def _ours(self, order: StoredOrder) -> bool:
        """Whether the bot's ledger may know of it: not a second bot's, nor a lost one."""
        name = order.identifier
        return bool(name) and name not in self.lost and not is_of(TWIN, name)

    def _capped(self, order: StoredOrder, bids: list[StoredOrder]) -> None:
        """I13: no entry above the caps, by what was really spent and is really open there."""
        caps = self._config.exchange
        if caps.max_order_krw is not None and _worth(order) > caps.max_order_krw:
            self._violated(f"an order of {_worth(order)} KRW")
        if caps.max_daily_krw is not None and not self.leaping:  # else its day is another
            day = day_end(order.created_at, self._config.day_starts_at) - DAY
            counts = [b for b in bids if b.identifier not in self.strays]
            today = _worth(order) + sum((_used(bid, day) for bid in counts), ZERO)
            if order.identifier not in self.strays and today > caps.max_daily_krw:
                self._violated(f"{today} KRW of a day")

    def _committed(self, orders: list[StoredOrder]) -> None:
        """P3: never more at stake than the capital, and what was won with it."""
        stake = ZERO
        for order in orders:
            if order.bid:
                stake += order.funds + order.paid_fee + (order.locked if order.alive else ZERO)
            else:
                stake -= order.funds - order.paid_fee
        hands = [o for o in self._exchange.books.orders.values() if not o.identifier and not o.bid]
        if stake > self.capital + money("1.1") * sum((o.funds for o in hands), ZERO):
            self._violated(f"{stake} KRW at stake")

    def _violated(self, what: str) -> None:
        self.violations.append(what)


def _way(order: StoredOrder) -> tuple[str, str]:
    return order.order.pair, order.order.side


def _used(order: StoredOrder, day: float) -> Decimal:
    """KRW that it has spent since the day began, and that are still open of it."""
    spent = order.funds if order.created_at >= day else ZERO
    return spent + (max(_worth(order) - order.funds, ZERO) if order.alive else ZERO)


def _worth(order: StoredOrder) -> Decimal:
    """KRW of an entry, without the fee."""
    return (order.order.price or ZERO) * (order.order.volume or Decimal(1))
