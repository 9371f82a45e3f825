"""Owns what the account's owner does at the venue itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from random import Random

from core.money import floor_volume, quotient_down
from messages.orders import Order, OrdType, Side
from sandbox.exchange import Exchange, OrderRequest
from sandbox.records import coin
from sandbox.rejections import Rejected

SMALL = Decimal(20000)


class AccountHolder:
    """His own orders have no identifier."""

    def __init__(self, random: Random, exchange: Exchange, pairs: tuple[str, ...]) -> None:
        self._random, self._exchange, self._pairs = random, exchange, pairs
        self._orders = 0
        self._taken = Decimal(0)
        self.acts: dict[str, Callable[[], None]] = {
            "deposit": self._pay_in,
            "withdrawal": self._take_out,
            "manual order": self._trade,
            "manual sale": self._sell,
            "manual cancel": self._cancel,
            "delisted": self._delist,
        }

    def act(self, name: str) -> None:
        """One thing that he does; what the venue refuses does not happen."""
        with suppress(Rejected):
            self.acts[name]()

    def tidy(self) -> None:
        """His own orders that rest are cancelled."""
        for order in self._exchange.books.resting():
            if not order.identifier:
                self._exchange.cancel(order)

    def _pay_in(self) -> None:
        pair, random = self._random.choice(self._pairs), self._random
        if random.random() < 0.6:
            self._exchange.deposit("KRW", Decimal(random.randrange(1000, 500000)))
        elif last := self._exchange.market.last(pair):
            amount = quotient_down(Decimal(random.randrange(1000, 60000)), last)
            self._exchange.deposit(coin(pair), amount)

    def _take_out(self) -> None:
        """Every second time he brings back what he took, so that the bot has cash again."""
        taken, self._taken = self._taken, Decimal(0)
        if not taken:
            free = self._exchange.books.accounts["KRW"].balance
            share = self._random.choice((Decimal("0.1"), Decimal("0.5"), Decimal("0.9")))
            self._taken = floor_volume(free * share)
        self._exchange.deposit("KRW", taken - self._taken)

    def _trade(self) -> None:
        pair = self._random.choice(self._pairs)
        last = self._exchange.market.last(pair)
        if last is None:
            return
        if self._random.random() < 0.5:
            self._place(pair, "bid", "price", price=SMALL)
        else:  # far below: it rests, and locks cash that the bot may count on
            price = Decimal(int(last) * 9 // 10 // 1000 * 1000)
            if price:
                volume = quotient_down(SMALL, price)
                self._place(pair, "bid", "limit", price=price, volume=volume)

    def _sell(self) -> None:
        held = {
            pair: free
            for pair in self._pairs
            if (found := self._exchange.books.accounts.get(coin(pair)))
            and (free := floor_volume(found.balance))
        }
        if held:
            pair = self._random.choice(sorted(held))
            share = self._random.choice((Decimal(1), Decimal("0.5")))
            self._place(pair, "ask", "market", volume=floor_volume(held[pair] * share))

    def _cancel(self) -> None:
        alive = [order for order in self._exchange.books.resting() if order.identifier]
        if alive:
            self._exchange.cancel(self._random.choice(alive))

    def _delist(self) -> None:
        if len(self._exchange.market.pairs) > 1:
            self._exchange.delist(self._random.choice(sorted(self._exchange.market.pairs)))

    def _place(
        self,
        pair: str,
        side: Side,
        kind: OrdType,
        price: Decimal | None = None,
        volume: Decimal | None = None,
    ) -> None:
        self._orders += 1
        order = Order("", "", pair, side, kind, price, volume)
        self._exchange.place(OrderRequest(order), f"by-hand-{self._orders}")
