"""Owns the sandbox's exchange: it takes orders, cancels them and matches them at every new price.

The rules are core/venue/matching.py's, as on paper. Every change is on the disk before the caller,
and so the client, hears of it. What Upbit has not confirmed is a switch (switches.py).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from msgspec import Struct, structs

from core.market.tick_size import korean_day
from core.venue.levels import Level, suffices
from core.venue.matching import Rules, refusal
from messages.market import Candle
from messages.orders import Order
from sandbox import frames
from sandbox.account_ledger import AccountLedger, LedgerDraft
from sandbox.assumptions import Assumptions
from sandbox.fills import LedgerTurn, accept, end
from sandbox.matching import meet, touch
from sandbox.records import Deposit, StoredOrder, Trade, coin
from sandbox.rejections import Rejected

PLENTY = Decimal(10**12)  # coin on offer at the price of a market that shows no book


class OrderRequest(Struct, frozen=True):
    """An order that somebody wants placed."""

    order: Order
    identifier: str = ""
    smp_type: str = ""


class Prices(Protocol):
    """The market, as far as the exchange looks at it."""

    @property
    def pairs(self) -> Any: ...
    def last(self, pair: str) -> Decimal | None: ...
    def book(self, pair: str) -> list[tuple[Decimal, Decimal, Decimal, Decimal]]: ...
    def listen(self, callback: Callable[[str, Decimal, float, Candle], None]) -> None: ...
    def delist(self, pair: str) -> None: ...


class Listener(Protocol):
    """Where frames of the private socket go."""

    def order(self, frame: dict[str, Any]) -> None: ...
    def asset(self, frame: dict[str, Any]) -> None: ...


class Exchange:
    """One account's exchange. All calls come from one thread."""

    def __init__(
        self,
        books: AccountLedger,
        market: Prices,
        hub: Listener,
        now: Callable[[], float],
        rules: Rules = Rules(),
        switches: Assumptions = Assumptions(),
    ) -> None:
        self.books, self.market, self.now = books, market, now
        self.rules, self.switches, self._hub = rules, switches, hub
        for pair in books.gone.keys() & set(market.pairs):
            market.delist(pair)
        market.listen(self.on_price)

    # --- orders
    def place(self, wish: OrderRequest, name: str = "") -> StoredOrder:
        """Take an order and match it; gives it as it stood when it was taken. Raises Rejected."""
        draft, turn, told = self._turn()
        try:
            taken = self._booked(self._checked(wish, draft), name)
            self._enter(turn, taken)
            self._unfit(draft.order(taken.uuid))
        except Rejected as no:
            if self.switches.refusal_burns and no.name != "duplicated_identifier":
                burnt = LedgerDraft(self.books)
                burnt.burn(wish.identifier)
                burnt.commit()
            raise
        self._commit(draft, told)
        return taken

    def imagine(self, wish: OrderRequest) -> StoredOrder:
        """An order that passed every check, and was not taken. Raises Rejected."""
        return self._booked(self._checked(wish, LedgerDraft(self.books)), "")

    def cancel(self, order: StoredOrder) -> StoredOrder:
        """Cancel a living order; gives it as it stood before, as Upbit does. Raises Rejected."""
        if not order.alive:
            raise Rejected(self.switches.ended_cancel)
        draft, turn, told = self._turn()
        end(turn, order, "cancel")
        self._commit(draft, told)
        return order

    def replace(self, order: StoredOrder, wish: OrderRequest, name: str) -> StoredOrder:
        """Cancel an order and place another, named so; gives the old one as it stood.

        One turn: when the new one is refused, the old one stays. Raises Rejected.
        """
        draft, turn, told = self._turn()
        end(turn, order, "cancel")
        self._enter(turn, self._booked(self._checked(wish, draft), name))
        self._commit(draft, told)
        return order

    def trades(self, pair: str) -> bool:
        """Whether there is such a market, and it is not delisted."""
        return pair in self.market.pairs and pair not in self.books.gone

    # --- the market and the world
    def on_price(self, pair: str, price: Decimal, at: float, candle: Candle) -> None:
        """Resting orders meet a new price, the oldest first."""
        waiting = self.books.resting(pair)
        if not waiting:
            return
        draft, turn, told = self._turn(at)
        for one in waiting:
            order = draft.order(one.uuid)
            if order.alive:
                touch(turn, order, price, self.rules)
        self._commit(draft, told)

    def deposit(self, currency: str, amount: Decimal, average: Decimal | None = None) -> None:
        """Money comes in from outside, or leaves when negative. Raises Rejected."""
        draft, _, told = self._turn()
        if draft.account(currency).balance + amount < 0:
            raise Rejected("withdraw_insufficient_balance")
        draft.pay(currency, amount, average)
        draft.came_in(Deposit(str(uuid.uuid4()), currency, amount, self.now()))
        self._commit(draft, told)

    def delist(self, pair: str) -> None:
        """The pair is gone for ever, and its resting orders with it. Raises Rejected."""
        if not self.trades(pair):
            raise Rejected("notfoundmarket")
        draft, turn, told = self._turn()
        for order in self.books.resting(pair):
            end(turn, order, "cancel")
        draft.gone[pair] = self.now()
        self._commit(draft, told)
        self.market.delist(pair)

    # --- within
    def _checked(self, wish: OrderRequest, draft: LedgerDraft) -> OrderRequest:
        """The wish as it would be taken: its reference price, its mode. Raises Rejected."""
        order = wish.order
        if wish.identifier in self.books.identifiers:
            raise Rejected("duplicated_identifier")
        if not self.trades(order.pair):
            raise Rejected("notfoundmarket", f"다음 마켓에 없는 종목입니다: {order.pair}")
        if order.ord_type == "market":
            last = self.market.last(order.pair) or Decimal(0)
            order = structs.replace(order, reference=last)
        krw, coins = draft.account("KRW").balance, draft.account(coin(order.pair)).balance
        no = refusal(order, krw, coins, self.rules, korean_day(self.now()))
        if no:
            raise Rejected(*no)
        self._fits(order)
        return structs.replace(wish, order=order, smp_type=self._mode(wish))

    def _enter(self, turn: LedgerTurn, order: StoredOrder) -> None:
        """Into the books, and to the present price if there is one; else it waits for the first."""
        accept(turn, order)
        pair = order.order.pair
        last = self.market.last(pair)
        if last is None:
            return
        if self.rules.share < 1:
            touch(turn, order, last, self.rules)
        else:
            meet(turn, order, self._levels(pair, order.bid, last))

    def _turn(self, at: float = 0.0) -> tuple[LedgerDraft, LedgerTurn, list[dict[str, Any]]]:
        draft, told = LedgerDraft(self.books), list[dict[str, Any]]()
        moment = at or self.now()

        def tell(state: str, order: StoredOrder, trade: Trade | None) -> None:
            told.append(frames.order_frame(state, order, trade, moment))

        return draft, LedgerTurn(draft, moment, tell), told

    def _commit(self, draft: LedgerDraft, told: list[dict[str, Any]]) -> None:
        """To the disk first, then to whoever listens."""
        before = {name: self.books.accounts.get(name) for name in draft.accounts}
        draft.commit()
        for frame in frames.heard(told, self.switches):
            self._hub.order(frame)
        changed = [a for name, a in draft.accounts.items() if a != before[name]]
        if changed:
            self._hub.asset(frames.asset_frame(changed, self.now()))

    def _unfit(self, order: StoredOrder) -> None:
        """Where it is so switched, an order that its own condition ended at once is refused."""
        ended = order.state == "cancel" and not order.executed
        if self.switches.unfit_refused and ended:
            if order.order.time_in_force == "post_only":
                raise Rejected("invalid_post_only")
            if order.order.time_in_force == "fok":
                raise Rejected("invalid_time_in_force", "주문조건을 다시 확인해 주세요.")

    def _booked(self, wish: OrderRequest, name: str) -> StoredOrder:
        name = name or str(uuid.uuid4())
        return StoredOrder(
            uuid=name,
            number=len(self.books.orders) + 1,
            order=structs.replace(wish.order, id=name),
            created_at=self.now(),
            fee_rate=self.rules.fee_rate,
            identifier=wish.identifier,
            smp_type=wish.smp_type,
        )

    def _levels(self, pair: str, bid: bool, last: Decimal) -> list[Level]:
        rows = self.market.book(pair)
        if not rows:
            return [(last, PLENTY)]
        return [(row[0], row[2]) if bid else (row[1], row[3]) for row in rows]

    def _fits(self, order: Order) -> None:
        """A market order larger than all that the book shows is refused (3.3)."""
        last, name = self.market.last(order.pair), self.switches.beyond_book
        if order.ord_type not in ("price", "market") or last is None or not name:
            return
        left = (order.price if order.volume is None else order.volume) or Decimal(0)
        if not suffices(order, left, self._levels(order.pair, order.side == "bid", last)):
            raise Rejected(name.format(side=order.side), "주문 가능한 호가 잔량을 초과했습니다.")

    def _mode(self, wish: OrderRequest) -> str:
        """The self-match mode that is in force for the order (3.7). Raises Rejected."""
        post_only = wish.order.time_in_force == "post_only"
        if post_only and wish.smp_type not in ("", "none"):
            raise Rejected("invalid_post_only")
        if wish.smp_type or korean_day(self.now()) < self.switches.smp_since:
            return wish.smp_type
        return "none" if post_only else "cancel_maker"
