"""What the venue tells beside orders, one answer to a call: from the paper's books and the scene.

Windows of the script say what is odd in an answer:

    account: key, the key is refused; odd, ETH's row cannot be read; strange, an order of another
             birth of this bot; copy, one of our own birth that we never placed
    past, book, snapshot: down, there is no answer      past: odd, a row of it cannot be read
    snapshot: odd, it has no prices      markets: odd, another time     wallets: odd, ETH's pauses
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from msgspec import structs

from actors.runtime.system import System
from core.market.tick_size import korean_day, tick_size
from core.orders.payload import identifier
from core.venue.account_ledger import PaperState
from messages.base import Message
from messages.orders import CallReport
from messages.paper import PaperAccepted
from messages.venue_queries import (
    AccountReport,
    Balance,
    BookReport,
    Fetch,
    FetchAccount,
    FetchBook,
    FetchKey,
    FetchMarkets,
    FetchPast,
    FetchSnapshot,
    FetchTerms,
    FetchWallets,
    HeldCurrency,
    KeyReport,
    Level,
    MarketsReport,
    OpenOrder,
    PastOrder,
    PastReport,
    SnapshotReport,
    Terms,
    TermsReport,
    WalletsReport,
)
from tests.proof.failpoints.owner import KRW, ZERO, Progress
from tests.proof.failpoints.venue import KEY_REFUSED, Read, trouble_of

PRICE = Decimal(100000)  # KRW, of every coin
WEEK, DAY = 7 * 86400.0, 86400.0
ODD, OTHER = "KRW-ETH", "0therb1rthid"  # whose row is odd; another birth of this bot
ENDLESS = Decimal(10**6)  # coin at a level
SKEW = 5.0  # seconds
SILENT = "status 500"


class Told(Protocol):
    """A pair's price at a moment (epoch seconds), KRW."""

    def __call__(self, pair: str, now: float) -> Decimal: ...


class Far:
    """The tool ``archive`` of one life."""

    def __init__(self, system: System, progress: Progress, price: Told) -> None:
        self._system, self._progress, self._price = system, progress, price
        self._answers: dict[type, tuple[Read | None, Callable[[Any, str], Message | None]]] = {
            FetchAccount: ("account", self._account),
            FetchPast: ("past", self._past),
            FetchBook: ("book", self._book),
            FetchSnapshot: ("snapshot", self._snapshot),
            FetchMarkets: ("markets", self._markets),
            FetchWallets: ("wallets", self._wallets),
            FetchTerms: (None, lambda call, _: TermsReport(dict.fromkeys(call.pairs, Terms()))),
            FetchKey: (None, lambda _call, _: KeyReport(self._system.now() + 3 * DAY)),
        }

    def __call__(self, call: Fetch) -> tuple[Message, ...]:
        """What came of it, and how it went."""
        did, answer = self._answers[type(call)]
        trouble = trouble_of(self._system.tools["script"], self._system.now(), did) if did else ""
        came = answer(call, trouble)
        if came is None:
            return (CallReport("default", "failed"),)
        return came, CallReport("default", "ok")

    def _books(self) -> PaperState:
        kept = self._system.store.load("paper", PaperState)
        return kept.state if kept else PaperState()

    # --- the account
    def _account(self, call: FetchAccount, trouble: str) -> AccountReport:
        """What the paper's books have, and what moved beside them."""
        if trouble == "key":
            return AccountReport(failed=KEY_REFUSED, asked=call.asked)
        cash, coins = self._pockets()
        report = AccountReport(
            cash,
            coins,
            self._open(),
            prices=dict.fromkeys(coins, PRICE),
            asked=call.asked,
            closed=self._progress.closed,
            closed_since=call.asked - WEEK,
        )
        if trouble == "odd":
            coins = {pair: pocket for pair, pocket in coins.items() if pair != ODD}
            return structs.replace(report, coins=coins, unread=(ODD,))
        if trouble in ("strange", "copy"):
            birth = OTHER if trouble == "strange" else self._system.store.birth.id
            name, at = identifier(birth, "another"), self._system.now()
            return structs.replace(report, unfilled=(OpenOrder(trouble, ODD, "bid", name, at),))
        return report

    def _pockets(self) -> tuple[Balance, dict[str, Balance]]:
        books, outside = self._books(), self._progress.outside
        coins = {}
        for pair in sorted({*books.coins, *outside} - {KRW}):
            volume, free = books.coins.get(pair, ZERO), books.free_coin(pair)
            coins[pair] = Balance(max(free + outside.get(pair, ZERO), ZERO), volume - free)
        here = {pair: pocket for pair, pocket in coins.items() if pocket.whole}
        return Balance(books.free + outside.get(KRW, ZERO), books.cash - books.free), here

    def _open(self) -> tuple[OpenOrder, ...]:
        return tuple(
            OpenOrder(r.uuid, r.order.pair, r.order.side, identifier)
            for identifier, r in self._books().resting.items()
        )

    def _past(self, call: FetchPast, trouble: str) -> PastReport:
        """All that it ever took of ours: by this ledger, and by what is lost of it."""
        if trouble == "down":
            return PastReport(call, failed=SILENT)
        taken = [
            PastOrder(r.identifier, r.order.pair, r.order.side, r.accepted_at)
            for letter in self._system.store.events()
            if isinstance(letter.body, PaperAccepted)
            for r in (letter.body.resting,)
        ]
        taken += [
            PastOrder(o.identifier, o.pair, "bid" if o.side == "bid" else "ask", o.created_at)
            for o in self._progress.closed
            if o.identifier
        ]
        new = (o for o in taken if o.created_at >= call.since and o.identifier not in call.known)
        return PastReport(call, tuple(new), odd=int(trouble == "odd"))

    def _snapshot(self, call: FetchSnapshot, trouble: str) -> SnapshotReport:
        now = self._system.now()
        if trouble == "down":
            return SnapshotReport(call.id, now, failed=SILENT)
        cash, coins = self._pockets()
        held = [HeldCurrency(KRW, cash.free, cash.locked)]
        for pair, pocket in coins.items():
            price = None if trouble == "odd" else PRICE
            held.append(HeldCurrency(pair[4:], pocket.free, pocket.locked, price=price))
        return SnapshotReport(call.id, now, tuple(held), SILENT if trouble == "odd" else "")

    # --- the market
    def _book(self, call: FetchBook, trouble: str) -> BookReport | None:
        if trouble:
            return None
        now = self._system.now()
        ask = self._price(call.pair, now)
        bid = ask - tick_size(ask, korean_day(now), call.pair)
        return BookReport(call.id, call.pair, (Level(ask, ENDLESS),), bid, now)

    def _markets(self, _call: FetchMarkets, trouble: str) -> MarketsReport:
        pairs: tuple[str, ...] = self._system.tools["pairs"]
        return MarketsReport(pairs, skew=SKEW if trouble else 0.0)

    def _wallets(self, _call: FetchWallets, trouble: str) -> WalletsReport:
        return WalletsReport({ODD[4:]: "paused" if trouble else "working"})
