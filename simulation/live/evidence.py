"""Owns the law that nothing is booked which the venue's own books do not show.

A sale by hand is one of the owner's orders; coins and cash that are said to have left were not
there for a while, whatever the balances told.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from actors.budget import Budget
from actors.holdings.holdings import Holdings
from core.trading.external_changes import ours
from messages.account import TradeSuspended
from messages.base import Envelope
from messages.budget import BudgetAdjusted
from messages.trading import TradeIncreased, TradeOpened
from sandbox.records import coin
from simulation.live.coins import Coins

UNIT = Decimal("0.00000001")


class Evidence:
    """Looks at what is stated, at the moment at which it is; ``broken`` is told what is wrong."""

    def __init__(self, coins: Coins, broken: Callable[[str], None]) -> None:
        self._coins, self._broken = coins, broken
        self._holdings: Any = Holdings.State()
        self._budget: Any = Budget.State()
        self._grew: dict[str, float] = {}  # when a pair's coins, or the cash (""), last became more

    def remember(self) -> Callable[[], None]:
        """Gives what makes the books those of now again; what left before is not judged then."""
        holdings, budget = self._holdings, self._budget

        def restore() -> None:
            self._holdings, self._budget = holdings, budget
            self._grew = dict.fromkeys((*self._grew, ""), self._coins.now)

        return restore

    def stated(self, envelope: Envelope) -> None:
        """One event that is on the disk."""
        event: Any = envelope.body
        if envelope.source == Holdings.name:
            if isinstance(event, TradeSuspended):
                self._suspended(event)
            elif isinstance(event, TradeOpened | TradeIncreased):
                self._grew[event.pair] = self._coins.now
            self._holdings = Holdings.evolve(self._holdings, event)
        elif envelope.source == Budget.name:
            if isinstance(event, BudgetAdjusted) and event.reason == "account" and event.krw < 0:
                self._taken(event)
            free = self._budget.free
            self._budget = Budget.evolve(self._budget, event)
            if self._budget.free > free:
                self._grew[""] = self._coins.now

    def _suspended(self, event: TradeSuspended) -> None:
        least = self._coins.least(coin(event.pair), self._grew.get(event.pair, 0.0))
        if least is not None and ours(self._holdings, event.pair) - least[1] < UNIT:
            self._broken(f"all of {event.pair} was there all the time, and is said to have left")

    def _taken(self, event: BudgetAdjusted) -> None:
        least = self._coins.least("KRW", self._grew.get("", 0.0))
        if least is not None and self._budget.free <= least[0]:
            self._broken(f"{event.krw} KRW are said to have left, and were there all the time")
