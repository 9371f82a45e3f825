"""Owns the sandbox's books: accounts, orders and burnt identifiers, on disk before anyone is told.

A turn works on a draft over the books; committing it is one transaction, and a turn that fails
leaves no trace. Everything happens in one thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import structs

from persistence.kv_store import KvStore
from sandbox.records import ZERO, Account, Deposit, StoredOrder


class AccountLedger:
    """What is committed. All orders ever accepted are kept in memory too."""

    def __init__(self, shelf: KvStore) -> None:
        self._shelf = shelf
        self.accounts = dict(shelf.rows("account/", Account))
        self.identifiers = dict(shelf.rows("identifier/", str))  # to a uuid, "" when refused
        deposits = (row for _, row in shelf.rows("deposit/", Deposit))
        self.deposits = sorted(deposits, key=lambda deposit: deposit.at)
        self._clock = dict(shelf.rows("value/", float)).get("clock", 0.0)
        self.gone = dict(shelf.rows("gone/", float))  # pairs that are delisted, since when
        orders = sorted(shelf.rows("order/", StoredOrder), key=lambda row: row[1].number)
        self.orders = dict(orders)
        self.alive = {uuid: None for uuid, order in self.orders.items() if order.alive}

    @staticmethod
    def open(path: Path, balances: Mapping[str, Decimal], *, sync: bool = True) -> AccountLedger:
        """The books of a state directory; empty ones begin with these balances."""
        books = AccountLedger(KvStore.open(path, sync=sync))
        if not books.accounts:
            draft = LedgerDraft(books)
            for currency, amount in balances.items():
                draft.pay(currency, amount)
            draft.commit()
        return books

    def resting(self, pair: str = "") -> list[StoredOrder]:
        """Orders that may still trade, of a pair or of all, in the order of acceptance."""
        found = (self.orders[uuid] for uuid in self.alive)
        return [order for order in found if pair in ("", order.order.pair)]

    def find(self, uuid: str = "", identifier: str = "") -> StoredOrder | None:
        """An order by either name; the uuid wins."""
        return self.orders.get(uuid or self.identifiers.get(identifier, ""))

    def listed(self) -> list[Account]:
        """All accounts: KRW, then coins by name."""
        return sorted(self.accounts.values(), key=lambda a: (a.currency != "KRW", a.currency))

    def newest(self) -> float:
        """The latest moment that these books know of (epoch seconds), 0 when there is none."""
        moments = [self._clock, *(deposit.at for deposit in self.deposits)]
        for order in self.orders.values():
            moments += [order.created_at, order.ended_at, *(trade.at for trade in order.trades)]
        return max(moments)

    def note(self, now: float) -> None:
        """Keep the market's moment, so that a start goes on from there."""
        self._shelf.put({"value/clock": now})

    def take(self, draft: LedgerDraft) -> None:
        """Commit a draft, then show it."""
        rows: dict[str, Any] = {f"account/{name}": a for name, a in draft.accounts.items()}
        rows |= {f"order/{uuid}": order for uuid, order in draft.orders.items()}
        rows |= {f"identifier/{name}": uuid for name, uuid in draft.identifiers.items()}
        rows |= {f"deposit/{deposit.uuid}": deposit for deposit in draft.deposits}
        rows |= {f"gone/{pair}": at for pair, at in draft.gone.items()}
        if not rows:
            return
        self._shelf.put(rows)
        self.accounts |= draft.accounts
        self.identifiers |= draft.identifiers
        self.deposits += draft.deposits
        self.gone |= draft.gone
        for uuid, order in draft.orders.items():
            self.orders[uuid] = order
            if order.alive:
                self.alive[uuid] = None
            else:
                self.alive.pop(uuid, None)

    def close(self) -> None:
        """Let go of the state directory."""
        self._shelf.close()


class LedgerDraft:
    """The books as one turn would have them."""

    def __init__(self, books: AccountLedger) -> None:
        self.books = books
        self.accounts: dict[str, Account] = {}
        self.orders: dict[str, StoredOrder] = {}
        self.identifiers: dict[str, str] = {}
        self.deposits: list[Deposit] = []
        self.gone: dict[str, float] = {}

    def account(self, currency: str) -> Account:
        """As it stands in the draft; zeros for a currency never held."""
        known = self.accounts.get(currency) or self.books.accounts.get(currency)
        return known or Account(currency)

    def order(self, uuid: str) -> StoredOrder:
        """As it stands in the draft."""
        return self.orders.get(uuid) or self.books.orders[uuid]

    def resting(self, pair: str) -> Iterator[StoredOrder]:
        """Orders of a pair that may still trade, this turn's included."""
        names = dict.fromkeys([*self.books.alive, *self.orders])
        found = (self.order(uuid) for uuid in names)
        return (order for order in found if order.alive and order.order.pair == pair)

    def pay(self, currency: str, amount: Decimal, average: Decimal | None = None) -> None:
        """Add to what is free, or take from it; an average goes with coin that came in."""
        account = self.account(currency)
        after = structs.replace(account, balance=account.balance + amount)
        if average is not None:
            after = structs.replace(after, average=average, modified=True)
        self._keep(after)

    def hold(self, currency: str, amount: Decimal) -> None:
        """Move from free to locked; a negative amount is set free again."""
        account = self.account(currency)
        balance, locked = account.balance - amount, account.locked + amount
        self._keep(structs.replace(account, balance=balance, locked=locked))

    def spend(self, currency: str, amount: Decimal) -> None:
        """Take from what is locked."""
        account = self.account(currency)
        self._keep(structs.replace(account, locked=account.locked - amount))

    def average(self, currency: str, average: Decimal) -> None:
        """Note what the coin cost on average."""
        account = self.account(currency)
        self._keep(structs.replace(account, average=average, modified=False))

    def keep(self, order: StoredOrder) -> None:
        """Put an order as it is now."""
        self.orders[order.uuid] = order
        if order.identifier:
            self.identifiers[order.identifier] = order.uuid

    def came_in(self, deposit: Deposit) -> None:
        """Note where money came from."""
        self.deposits.append(deposit)

    def burn(self, identifier: str) -> None:
        """An identifier was refused; it is never taken again."""
        if identifier:
            self.identifiers.setdefault(identifier, "")

    def commit(self) -> None:
        """Make it so; what no pocket can bear raises, and nothing of it happened."""
        self._check()
        self.books.take(self)

    def _keep(self, account: Account) -> None:
        self.accounts[account.currency] = account

    def _check(self) -> None:
        """Money is never made of nothing, and what is locked is what living orders hold."""
        for currency, account in self.accounts.items():
            assert account.balance >= 0, f"{currency}: balance below zero"
            names = dict.fromkeys([*self.books.alive, *self.orders])
            held = (o for o in map(self.order, names) if o.alive and o.currency == currency)
            assert account.locked == sum((o.locked for o in held), ZERO), f"{currency}: locked"
