"""What stood in the way of entries, and when: slots, locks, mode and lists of a journal, in time.

The strategist states a reason when it changes, and not again at each signal that it stops after
that. Whether a reason that was stated earlier still stood at a later signal is asked here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from core.market.pairs import names
from core.trading.protections import locks_at
from messages.config import Config
from messages.control import ConfigAdopted, TradingChanged
from messages.market import FeedTaken
from messages.trading import EntryWanted, LockTaken, PairLocked, SlotFreed, SlotTaken

V = TypeVar("V")
GRACE = 30.0  # seconds after its candle's close in which a signal may still be acted on
FOREVER = 1e18
MODES = ("stopentry", "stopped", "killed")
OF_A_BOOK = frozenset(
    {
        "no_book",
        "ask_above_band",
        "thin_book",
        "no_asks",
        "no_bids",
        "crossed_book",
        "stale_book",
    }
)  # an order book is asked anew at each signal: what it said holds for that one alone


@dataclass
class Timeline(Generic[V]):
    """Values, each in force from a moment on (epoch seconds), in the journal's order."""

    moments: list[float] = field(default_factory=list)
    values: list[V] = field(default_factory=list)

    def put(self, at: float, value: V) -> None:
        """From now on; a clock that was set back counts as the newest moment known."""
        self.moments.append(max([at, *self.moments[-1:]]))
        self.values.append(value)

    def around(self, begin: float, end: float) -> list[V]:
        """What was in force before a time, and what was set in it, its ends included."""
        first = max(bisect_left(self.moments, begin) - 1, 0)
        return self.values[first : bisect_right(self.moments, end)]


@dataclass
class Standing:
    """A fold of a journal. ``slots``: trade to pair, as they are now."""

    slots: dict[str, str] = field(default_factory=dict)
    pairs: dict[str, Timeline[int]] = field(default_factory=dict)  # slots of each
    taken: Timeline[int] = field(default_factory=Timeline)  # slots in all
    locks: dict[tuple[str, str], Timeline[float]] = field(default_factory=dict)  # until
    modes: Timeline[str] = field(default_factory=Timeline)
    configs: Timeline[Config] = field(default_factory=Timeline)

    def begin(self, trades: Iterable[tuple[str, str]]) -> None:
        """The trades (id, pair) that were open before the journal begins."""
        for trade, pair in trades:
            self._slot(0.0, trade, pair)

    def take(self, event: Any, at: float) -> None:
        """One more event of the journal."""
        match event:
            case ConfigAdopted(config=config):
                self.configs.put(at, config)
            case TradingChanged(mode=mode):
                self.modes.put(at, mode)
            case EntryWanted(id=id, pair=pair) | SlotTaken(trade=id, pair=pair):
                self._slot(at, id, pair)
            case SlotFreed(trade=id):
                self._slot(at, id, "")
            case LockTaken() | PairLocked():
                place = (event.pair, event.reason)
                self.locks.setdefault(place, Timeline()).put(at, event.until)
            case FeedTaken(fresh=fresh):
                until = 0.0 if fresh else FOREVER
                self.locks.setdefault(("*", "stale_feed"), Timeline()).put(at, until)

    def _slot(self, at: float, trade: str, pair: str) -> None:
        known = self.slots.pop(trade, "")
        if pair:
            self.slots[trade] = pair
        if pair := pair or known:
            count = sum(held == pair for held in self.slots.values())
            self.pairs.setdefault(pair, Timeline()).put(at, count)
            self.taken.put(at, len(self.slots))

    def stands(self, pair: str, reason: str, closes: float) -> bool:
        """Whether a reason of before may have stopped the signal of a candle that closes then.

        What the journal tells nothing of may.
        """
        span = (closes, closes + GRACE)
        configs = self.configs.around(*span) or [Config()]
        if reason in OF_A_BOOK:
            return False
        if reason in MODES:
            return reason in (self.modes.around(*span) or [reason])
        if reason == "blacklisted":
            return any(names(one.pair_blacklist, pair) for one in configs)
        if reason == "not_listed":
            lists = [one.pair_whitelist for one in configs]
            return any(not isinstance(one, str) and not names(one, pair) for one in lists)
        if reason == "pair_busy":
            told = self.pairs.get(pair, Timeline()).around(*span)
            return any(told) or not self.taken.moments
        if reason == "max_open_trades":
            most = min(one.max_open_trades for one in configs)
            return max(self.taken.around(*span), default=most) >= most
        return self._locked(pair, reason, closes, configs)

    def _locked(self, pair: str, reason: str, closes: float, configs: list[Config]) -> bool:
        lines = [self.locks[key] for key in ((pair, reason), ("*", reason)) if key in self.locks]
        if not lines:
            return True
        untils = [until for line in lines for until in line.around(closes, closes + GRACE)]
        return any(locks_at(u, reason, closes, config) for u in untils for config in configs)
