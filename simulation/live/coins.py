"""Owns coins that leave the account without a sale and come back, and balances that lag.

All of it is drawn from randoms of its own, so that no other fault of a seed is moved by it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any, Literal

from msgspec import structs

from core.money import floor_volume
from messages.base import Message
from messages.control import ExplainPair
from sandbox.exchange import Exchange
from sandbox.records import coin
from sandbox.rejections import Rejected
from simulation.live.event_queue import EventQueue
from simulation.live.scenario import Scenario

COINS = {
    "balance lag": "the balances that are told are up to a minute old",
    "moved out": "the owner withdraws coins that the bot holds",
    "moved back": "he returns them",
}
EVERY = 1200.0  # seconds from one withdrawal to the next
LAG_EVERY, LAG_LASTS = 900.0, 1800.0
LAG_SECONDS = (45.0, 60.0)
TICK = 5.0  # between two balances that may be told later
LAST = 900.0  # seconds before the calm, in which some of these worlds lose coins once more
HISTORY = 240.0  # seconds of them that are kept
ON = 0.5  # of these worlds have one of these faults; all of them have "moved out"
LOOKS = (10, 15)  # account_seconds where balances lag
Truth = tuple[Decimal, Decimal]  # what is free, and all of it
ANSWERED = 0.7  # of the withdrawals: their operator says what became of the coins
ANSWERS: tuple[Literal["moved", "lost"], ...] = ("moved", "lost")


def looking(setting: Scenario, seed: int) -> Scenario:
    """Where balances lag, the bot looks so often that a lag lasts for many looks."""
    random = Random(f"{seed} balance lag")
    if random.random() >= ON:
        return setting
    exchange = structs.replace(setting.config.exchange, account_seconds=random.choice(LOOKS))
    return structs.replace(setting, config=structs.replace(setting.config, exchange=exchange))


class Coins:
    """``told``: called with what the operator types; ``balances``: what a true answer says."""

    def __init__(
        self,
        seed: int,
        queue: EventQueue,
        exchange: Exchange,
        pairs: tuple[str, ...],
        seen: Counter[str],
    ) -> None:
        self._randoms = {fault: Random(f"{seed} {fault}") for fault in COINS}
        some = frozenset(f for f, random in self._randoms.items() if random.random() < ON)
        self.on = some | {"moved out"}
        self._agenda, self._exchange, self._pairs, self._seen = queue, exchange, pairs, seen
        self._away: dict[str, Decimal] = {}  # by currency
        self._past: deque[tuple[float, Any]] = deque()
        self._history: deque[tuple[float, dict[str, Truth]]] = deque()
        self._lag = self._until = 0.0
        self._answers = 0
        self.balances: Callable[[], Any] = list
        self.told: Callable[[Message], None] = lambda message: None

    def plan(self, until: float) -> None:
        """Set all of it on the agenda, up to the calm."""
        self._until = until
        if "moved out" in self.on:
            self._later("moved out", EVERY, self._take)
            if "moved back" not in self.on:
                self._agenda.after(until - LAST - self._agenda.now, self._take_at_last)
        if "balance lag" in self.on:
            self._sample()
            self._later("balance lag", LAG_EVERY, self._lagging)

    def calm(self) -> None:
        """The account tells the truth, and what was taken is back."""
        self._lag = 0.0
        for currency in sorted(self._away):
            self._bring(currency)

    @property
    def now(self) -> float:
        """The world's moment."""
        return self._agenda.now

    def least(self, currency: str, since: float) -> Truth | None:
        """The least that was really there of late, from a moment on; None where it is not known."""
        if not self._history or self._agenda.now - self._history[0][0] < HISTORY - 2 * TICK:
            return None
        account = self._exchange.books.accounts.get(currency)
        every = [(account.balance, account.total) if account else (Decimal(0), Decimal(0))]
        every += [
            seen.get(currency, (Decimal(0), Decimal(0))) for at, seen in self._history if at > since
        ]
        return min(free for free, _ in every), min(total for _, total in every)

    def _sample(self) -> None:
        now, accounts = self._agenda.now, self._exchange.books.accounts
        self._history.append((now, {c: (a.balance, a.total) for c, a in accounts.items()}))
        while self._history[0][0] < now - HISTORY:
            self._history.popleft()
        if now < self._until:
            self._agenda.after(TICK, self._sample)
        else:
            self._history.clear()

    # --- coins
    def _later(self, fault: str, every: float, act: Callable[[], None]) -> None:
        wait = self._randoms[fault].expovariate(1 / every)
        if self._agenda.now + wait < self._until:
            self._agenda.after(wait, act)

    def _take_at_last(self) -> None:
        """Nothing is said of these, and they are away until the calm."""
        for pair in self._pairs:
            account = self._exchange.books.accounts.get(coin(pair))
            amount = floor_volume(account.balance) if account else Decimal(0)
            if amount and self._paid(coin(pair), -amount):
                self._seen["fault moved out"] += 1
                self._away[coin(pair)] = self._away.get(coin(pair), Decimal(0)) + amount

    def _take(self) -> None:
        """All, or half, of what is free of a coin; what becomes of it is said, or it returns."""
        random = self._randoms["moved out"]
        self._later("moved out", EVERY, self._take)
        accounts = self._exchange.books.accounts
        held = [p for p in self._pairs if (a := accounts.get(coin(p))) and floor_volume(a.balance)]
        if not held or self._agenda.now >= self._until:
            return
        pair, share = random.choice(held), random.choice((Decimal(1), Decimal("0.5")))
        amount = floor_volume(accounts[coin(pair)].balance * share)
        if not amount or not self._paid(coin(pair), -amount):
            return
        self._seen["fault moved out"] += 1
        self._away[coin(pair)] = self._away.get(coin(pair), Decimal(0)) + amount
        if random.random() < ANSWERED:
            self._agenda.after(random.uniform(900.0, 3000.0), lambda: self._answer(pair))
        if "moved back" in self.on:
            wait = self._randoms["moved back"].uniform(60.0, 4000.0)
            self._agenda.after(wait, lambda: self._bring(coin(pair)))

    def _bring(self, currency: str) -> None:
        amount = self._away.pop(currency, None)
        if amount and self._paid(currency, amount):
            self._seen["fault moved back"] += 1

    def _paid(self, currency: str, amount: Decimal) -> bool:
        try:
            self._exchange.deposit(currency, amount)
        except Rejected:
            return False
        return True

    def _answer(self, pair: str) -> None:
        """The operator says what became of them."""
        self._answers += 1
        answer = self._randoms["moved out"].choice(ANSWERS)
        self.told(ExplainPair(pair, answer, id=f"coins{self._answers}"))

    # --- balances
    def _lagging(self) -> None:
        random = self._randoms["balance lag"]
        self._lag = random.choice(LAG_SECONDS)
        self._past.clear()
        self._agenda.after(LAG_LASTS, self._true_again)
        self._remember()

    def _true_again(self) -> None:
        self._lag = 0.0
        self._later("balance lag", LAG_EVERY, self._lagging)

    def _remember(self) -> None:
        if self._lag and self._agenda.now < self._until:
            self._past.append((self._agenda.now, self.balances()))
            self._agenda.after(TICK, self._remember)

    def answer(self) -> Any:
        """What an answer about the balances says now."""
        now = self.balances()
        if not self._lag or self._agenda.now >= self._until:
            return now
        since = self._agenda.now - self._lag
        while len(self._past) > 1 and self._past[1][0] <= since:
            self._past.popleft()
        old = self._past[0][1] if self._past else now
        self._seen["fault balance lag"] += old != now
        return old
