"""What happens in the account beside the bot's orders: coins that come and go, a ledger's loss."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct, structs

from core.orders.payload import identifier
from core.venue.account_ledger import PaperState
from messages.orders import OrderReport, Side
from messages.venue_queries import ClosedOrder

ZERO = Decimal(0)
KRW = "KRW"
RATE = Decimal("0.0005")


class Move(Struct, frozen=True):
    """At a second of the scene coin of a pair moves; never more than there is.

    in: it comes from elsewhere. out: it leaves. back: of what has left. sold: by hand, at
    ``price``.
    """

    at: float
    pair: str
    volume: Decimal
    how: Literal["in", "out", "back", "sold"] = "in"
    price: Decimal = ZERO


class Lost(Struct, frozen=True):
    """An order of ours at the venue that was made and filled in a part of the ledger that is lost.

    ``seconds``: how long before the loss it was made.
    """

    id: str
    pair: str
    side: Side
    volume: Decimal
    price: Decimal
    seconds: float = 10.0


class Progress(Struct):
    """What outlives a crash beside the ledger: how far people are, and what moved in the account.

    ``outside``: by pair, or "KRW", what there is beside the venue's own books, below 0 what is
    not there. ``closed``: orders that these do not have.
    """

    asked: int = 0
    lost: bool = False
    moved: int = 0
    outside: dict[str, Decimal] = {}
    closed: tuple[ClosedOrder, ...] = ()

    def move(self, move: Move, books: PaperState, now: float) -> None:
        """The owner's next one; ``now`` epoch seconds."""
        self.moved += 1
        gone = -self.outside.get(move.pair, ZERO)
        volume = move.volume
        if move.how == "back":
            volume = min(volume, max(gone, ZERO))
        elif move.how != "in":
            volume = -min(volume, max(books.free_coin(move.pair) - gone, ZERO))
        if not volume:
            return
        self._pay(move.pair, volume)
        if move.how == "sold":
            funds = -volume * move.price
            uuid = f"by hand {self.moved}"
            self._close(ClosedOrder(uuid, move.pair, "ask", "", -volume, funds, funds * RATE, now))

    def lose(self, orders: tuple[Lost, ...], birth: str, books: PaperState, now: float) -> None:
        """The ledger is older than the account from now on; what was not there was not sold."""
        self.lost = True
        for order in orders:
            bid = order.side == "bid"
            if not bid and books.free_coin(order.pair) < order.volume:
                continue
            name, funds = identifier(birth, order.id), order.volume * order.price
            self._pay(order.pair, order.volume if bid else -order.volume)
            facts = (f"lost {order.id}", order.pair, order.side, name, order.volume)
            self._close(ClosedOrder(*facts, funds, funds * RATE, now - order.seconds))

    def _pay(self, what: str, amount: Decimal) -> None:
        self.outside = {**self.outside, what: self.outside.get(what, ZERO) + amount}

    def _close(self, order: ClosedOrder) -> None:
        self.closed = (*self.closed, order)
        bid = order.side == "bid"
        self._pay(KRW, -(order.funds + order.fee) if bid else order.funds - order.fee)

    def copy(self) -> Progress:
        """As it is now: no value of it is ever changed in place."""
        return structs.replace(self)


def shown(orders: tuple[ClosedOrder, ...]) -> dict[str, OrderReport]:
    """What a look-up shows of each that has an identifier."""
    return {
        order.identifier: OrderReport(
            id="",
            outcome="snapshot",
            call="query",
            uuid=order.uuid,
            state="done",
            pair=order.pair,
            side="bid" if order.side == "bid" else "ask",
            ord_type="market",
            asked_volume=order.volume,
            volume=order.volume,
            funds=order.funds,
            fee=order.fee,
            filled_at=order.created_at,
        )
        for order in orders
        if order.identifier
    }
