"""The cash, as the budget's own events add up: what there is, and what is set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from messages.budget import (
    BudgetAdjusted,
    BudgetCredited,
    BudgetReleased,
    BudgetReserved,
    BudgetSettled,
)
from messages.control import ConfigAdopted

ZERO = Decimal(0)


@dataclass
class Cash:
    """KRW: moved in or out by fills, and reserved per entry.

    Settled and credited events carry running totals, so only the difference moves cash.
    """

    start: Decimal | None = None  # the capital of the first configuration
    moved: Decimal = ZERO
    reserved: dict[str, Decimal] = field(default_factory=dict)
    totals: dict[str, Decimal] = field(default_factory=dict)  # by order id, out of or into cash

    def take(self, event: Any) -> None:
        """One event."""
        match event:
            case ConfigAdopted(config=config) if self.start is None:
                self.start = config.capital
            case BudgetReserved():
                self.reserved[event.id] = event.krw + event.fee
            case BudgetSettled():
                spent = self._moved(event.id, -(event.funds + event.fee))
                if event.id in self.reserved:
                    self.reserved[event.id] = max(ZERO, self.reserved[event.id] + spent)
            case BudgetCredited():
                self._moved(event.id, event.funds - event.fee)
            case BudgetReleased():
                self.reserved.pop(event.id, None)
            case BudgetAdjusted(krw=krw):
                self.moved += krw

    def _moved(self, key: str, total: Decimal) -> Decimal:
        change = total - self.totals.get(key, ZERO)
        self.totals[key] = total
        self.moved += change
        return change

    @property
    def now(self) -> Decimal:
        """All the cash there is, the reserved included."""
        return (self.start or ZERO) + self.moved
