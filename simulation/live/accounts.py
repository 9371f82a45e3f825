"""Order books as a world's Upbit tells them, and what may be wrong with one.

What is told may differ from what orders meet: a book moves, or a copy of it lags.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from core.market.tick_size import korean_day, price_down, price_up, tick_size
from simulation.live.event_queue import EventQueue
from simulation.live.fault_plan import BOOKS, FaultPlan
from simulation.live.market import Market, Row

CHANCE = 0.25  # of a book, to be told wrongly
ZERO = Decimal(0)
ENDLESS = Decimal(10**9)  # coin at a level, where there is no end of it
LAGS = 1800.0  # seconds that a copy is behind
WIDE = 7  # ticks


class BookTeller:
    """``on``: the faults of this seed, by a chance of their own."""

    def __init__(self, seed: int, market: Market, queue: EventQueue, fault_plan: FaultPlan) -> None:
        self._random = Random(f"{seed} books")
        self._market, self._agenda, self._weather = market, queue, fault_plan
        half = self._random.sample(sorted(BOOKS), len(BOOKS) // 2 + 1)
        self.on = half if fault_plan.on else []

    def told(self, pair: str) -> list[dict[str, Any]]:
        """Upbit's answer for one pair (docs/reference/upbit.md 2.5)."""
        last, now = self._market.last(pair), self._agenda.now
        if last is None:
            return []
        rows, fault = self._market.book(pair) or self._endless(pair, last), self._fault(now)
        at = now - LAGS if fault == "book lagging" else now
        units = [_unit(row) for row in self._struck(rows, fault, pair, last)]
        totals = {f"total_{side}_size": _total(units, side) for side in ("ask", "bid")}
        row = {"market": pair, "timestamp": int(at * 1000), "level": 0, "orderbook_units": units}
        return [row | totals]

    def _fault(self, now: float) -> str:
        if not self.on or self._weather.calm(now) or self._random.random() >= CHANCE:
            return ""
        fault = self._random.choice(self.on)
        self._weather.seen[f"fault {fault}"] += 1
        return fault

    def _endless(self, pair: str, last: Decimal) -> list[Row]:
        day = korean_day(self._agenda.now)
        ask = price_up(last, day, pair)
        return [(ask, ask - tick_size(ask, day, pair), ENDLESS, ENDLESS)]

    def _struck(self, rows: list[Row], fault: str, pair: str, last: Decimal) -> list[Row]:
        """The rows as they are told."""
        day = korean_day(self._agenda.now)
        match fault:
            case "book wide":
                far = price_down(last * Decimal("1.01"), day, pair)
                far += WIDE * tick_size(far, day, pair)
                step = tick_size(far, day, pair)
                return [(far + n * step, row[1], *row[2:]) for n, row in enumerate(rows)]
            case "book one-sided":
                if self._random.random() < 0.5:
                    return [(ZERO, bid, ZERO, size) for _, bid, _, size in rows]
                return [(ask, ZERO, size, ZERO) for ask, _, size, _ in rows]
            case "book crossed":
                return [(bid, ask, size, other) for ask, bid, size, other in rows]
            case "book thin":
                return [(ask, bid, Decimal("0.00000001"), size) for ask, bid, _, size in rows]
            case _:
                return rows


def _unit(row: Row) -> dict[str, Decimal]:
    return dict(zip(("ask_price", "bid_price", "ask_size", "bid_size"), row, strict=True))


def _total(units: list[dict[str, Decimal]], side: str) -> Decimal:
    return sum((unit[f"{side}_size"] for unit in units), ZERO)
