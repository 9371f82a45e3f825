"""Realised profit: one point a row that was closed, and its sums.

Deposits and withdrawals are no profit. The points inform, so they are floats; sums are exact.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from messages.plain_values import KST, moment
from messages.trading import TradeRecord

ZERO = Decimal(0)


@dataclass
class EquityCurve:
    """KRW earned (``profits`` are running sums, by ``times``), fees paid, and sums by day."""

    times: array[float] = field(default_factory=lambda: array("d"))
    profits: array[float] = field(default_factory=lambda: array("d"))
    profit: Decimal = ZERO
    fees: Decimal = ZERO
    wins: int = 0
    losses: int = 0
    days: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, row: TradeRecord, day_starts_at: str) -> None:
        """One more row; a close that is told late stands where the newest does."""
        self.profit += row.profit_abs
        self.fees += row.fee_open_cost + row.fee_close_cost
        self.wins += row.profit_abs > 0
        self.losses += row.profit_abs < 0
        self.days[trading_day(row.close_date, day_starts_at)] += row.profit_abs
        self.times.append(max(row.close_date, self.times[-1] if self.times else 0.0))
        self.profits.append(float(self.profit))


def trading_day(at: float, starts: str) -> date:
    """The day in Korea on which the trading day of a moment began; ``starts`` is HH:MM, KST."""
    hours, minutes = map(int, starts.split(":"))
    return (moment(at).astimezone(KST) - timedelta(hours=hours, minutes=minutes)).date()
