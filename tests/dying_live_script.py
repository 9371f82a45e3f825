"""A bot that trades live until it comes to one named point, where it kills itself with -9.

Arguments: the point, the side of the order it is about, and the state directory.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from adapters.upbit.socket.hearing import Hearing
from interfaces import logs
from interfaces.attendance import prepare
from interfaces.child import attend, put_line
from interfaces.launch import Order
from interfaces.live.bot import account_of, compose, keys_of
from interfaces.live.connection import Connection
from interfaces.live.market import pairs_of
from interfaces.states import open_for_trading
from messages.base import Envelope
from messages.budget import BudgetReserved
from messages.orders import Call, OrderClosed, OrderIntended, OrderReport, SubmitOrder
from messages.trading import ExitWanted, TradeClosed, TradeOpened
from persistence.store import Store

WISH = {"bid": BudgetReserved, "ask": ExitWanted}
BOOKED = {"bid": TradeOpened, "ask": TradeClosed}
NOWHERE = ("nowhere", "bid")
POINTS = (
    ("wish kept", "bid"),
    ("intent unkept", "ask"),
    ("intent kept", "bid"),
    ("intent kept", "ask"),
    ("sent", "bid"),
    ("sent", "ask"),
    ("answered", "bid"),
    ("answered", "ask"),
    ("end unkept", "bid"),
    ("booked", "ask"),
)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingStore:
    """A store that does not come back from, or not to, one of its commits."""

    def __init__(self, store: Store, point: str, side: str) -> None:
        self.inner, self.point, self.side = store, point, side

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def commit(self, owner: str, record: Any, events: list[Envelope], *more: Any) -> Any:
        """The store's, or the end before or after it."""
        bodies = [envelope.body for envelope in events]
        intent = any(isinstance(b, OrderIntended) and b.order.side == self.side for b in bodies)
        end = any(isinstance(b, OrderClosed) and b.side == self.side for b in bodies)
        if (self.point, True) in (("intent unkept", intent), ("end unkept", end)):
            die()
        kept = self.inner.commit(owner, record, events, *more)
        wish = any(isinstance(body, WISH[self.side]) for body in bodies)
        booked = any(isinstance(body, BOOKED[self.side]) for body in bodies)
        points = (("wish kept", wish), ("intent kept", intent), ("booked", booked))
        if (self.point, True) in points:
            die()
        return kept


class DyingConnection(Connection):
    """A connection whose process dies before an order leaves, or when its answer is there."""

    point, side = "", ""

    def perform(self, call: Call) -> Any:
        """The call, or the end."""
        ours = isinstance(call, SubmitOrder) and call.order.side == self.side
        if ours and self.point == "sent":
            die()
        came: tuple[OrderReport, Any] = super().perform(call)
        if ours and self.point == "answered":
            die()
        return came


def main(point: str, side: str, state: Path) -> int:
    """The bot's life, as interfaces/live/bot.py lives it."""
    order = Order(state, None, {}, (), None, stays=False)
    pipe, loaded = prepare(), order.load()
    keys = keys_of("en")
    connection = DyingConnection(loaded.config.exchange, keys)
    connection.point, connection.side = point, side
    pairs = pairs_of(loaded.config, connection.rest, connection.clock.now(), "en")
    lock, store, _ = open_for_trading(state, loaded.config, "", account_of(keys))
    logs.set_up(state)
    hearing = Hearing(loaded.config.exchange.ws_url)
    dying: Any = DyingStore(store, point, side)
    clock = connection.clock
    bot = compose(loaded, order, dying, connection, hearing, pairs, clock, "en")
    try:
        return attend(bot, order, pipe, "en", lambda _: "")
    finally:
        hearing.stop()
        lock.release()


if __name__ == "__main__":
    put_line("born")
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
