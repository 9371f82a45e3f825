"""Owns how often what happened: the counters of ``/metrics``, as the journal tells them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from messages.audit import InvariantBroken
from messages.budget import BudgetRefused
from messages.limits import BreakerOpened, PaceShrunk, VenueBanned
from messages.market import FeedTaken, PricesRefused
from messages.notices import NoticeSkipped
from messages.orders import (
    OrderAbsent,
    OrderClosed,
    OrderDisputed,
    OrderFound,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
)
from messages.storage import SpaceShort
from messages.trading import (
    DustKept,
    EntryVetoed,
    EntryWanted,
    ExitWanted,
    TradeClosed,
    TradeReduced,
)

Key = tuple[str, ...]
REASONS = 60  # that refusals are told apart by; the rest is "other": Upbit's names are not ours


@dataclass
class EventCounters:
    """A fold of the journal. Keys are the values of a counter's labels, in their order."""

    orders: Counter[Key] = field(default_factory=Counter)  # side, outcome
    wishes: Counter[Key] = field(default_factory=Counter)  # side, reason
    refusals: Counter[Key] = field(default_factory=Counter)  # by whom, reason
    rows: Counter[Key] = field(default_factory=Counter)  # exit reason, result
    doubts: Counter[Key] = field(default_factory=Counter)  # unknown, disputed, found
    throttled: Counter[Key] = field(default_factory=Counter)  # rate group, "" = banned
    troubles: Counter[Key] = field(default_factory=Counter)  # what

    def take(self, event: Any) -> None:
        """One event."""
        match event:
            case OrderIntended(order=order):
                self.orders[order.side, "intended"] += 1
            case OrderClosed(side=side, volume=volume):
                self.orders[side, "filled" if volume else "unfilled"] += 1
            case OrderRefused(side=side, reason=reason):
                self.orders[side, "refused"] += 1
                self._refused("venue", reason)
            case OrderAbsent(side=side):
                self.orders[side, "absent"] += 1
            case EntryWanted():
                self.wishes["bid", "force_entry" if event.tag == "force_entry" else "signal"] += 1
            case ExitWanted(reason=reason):
                self.wishes["ask", reason] += 1
            case EntryVetoed(reason=reason):
                self._refused("strategist", reason)
            case BudgetRefused(reason=reason):
                self._refused("budget", reason)
            case TradeReduced(row=row) | TradeClosed(row=row) | DustKept(row=row):
                result = "win" if row.profit_abs > 0 else "loss" if row.profit_abs < 0 else "even"
                self.rows[row.exit_reason, result] += 1
            case _:
                self._troubled(event)

    def _refused(self, who: str, reason: str) -> None:
        known = len(self.refusals) < REASONS or (who, reason) in self.refusals
        self.refusals[who, reason if known else "other"] += 1

    def _troubled(self, event: Any) -> None:
        match event:
            case OrderUncertain():
                self.doubts["unknown",] += 1
            case OrderDisputed():
                self.doubts["disputed",] += 1
            case OrderFound():
                self.doubts["found",] += 1
            case PaceShrunk(group=group):
                self.throttled[group,] += 1
            case VenueBanned():
                self.troubles["banned",] += 1
            case BreakerOpened():
                self.troubles["breaker_opened",] += 1
            case InvariantBroken():
                self.troubles["invariant_broken",] += 1
            case FeedTaken(fresh=False):
                self.troubles["feed_stale",] += 1
            case PricesRefused(count=count):
                self.troubles["price_refused",] += count
            case NoticeSkipped():
                self.troubles["notice_skipped",] += 1
            case SpaceShort():
                self.troubles["space_short",] += 1
