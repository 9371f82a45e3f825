"""Owns the laws of prices, judged by what the market really did.

No trade ends, and no peak rises, at a price at which nothing was traded; and a market that really
crashes is sold, soon after the bot could hear of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from actors.holdings.holdings import Holdings
from messages.base import Envelope
from messages.trading import UNSOLD, DustKept, ExitWanted, HighRaised, TradeClosed

CRASH_SECONDS = 8.0  # from the first frame of a crash to the decision to sell
WAITED = 4.5  # seconds that a leap waits at the least
CLOSES = ("stop_loss", "trailing_stop_loss", "roi", "partial_exit", "dust")


class PriceChecks:
    """``broken`` is told what was not right; ``full`` says whether the disk takes nothing."""

    def __init__(
        self, now: Callable[[], float], full: Callable[[], bool], broken: Callable[[str], None]
    ) -> None:
        self._now, self._full, self._broken = now, full, broken
        self._real: defaultdict[str, set[Decimal]] = defaultdict(set)
        self._made_up: dict[tuple[str, Decimal], float] = {}  # when they were told
        self._answered: dict[str, float] = {}  # when a ticker last was, by pair
        self._since = 0.0  # what was told before is forgiven
        self._holdings = Holdings.State()
        self._owed: dict[str, tuple[str, float]] = {}  # since when a sale is, by trade: its pair

    # --- what the world does
    def traded(self, pair: str, price: Decimal) -> None:
        """At the venue."""
        self._real[pair].add(price)

    def told_falsely(self, pair: str, price: Decimal) -> None:
        """To the bot."""
        self._made_up[pair, price] = self._now()

    def answered(self, pair: str) -> None:
        """The bot has asked for a pair's true price, late enough to be sure, and got it."""
        self._answered[pair] = self._now()

    def crashed(self, pair: str) -> None:
        """The bot is told so: whatever it holds of the pair has lost far more than any stop."""
        if self._holdings.held_back:
            return
        for trade in self._holdings.trades.values():
            free = trade.ended and not trade.exit and not trade.wish
            if trade.pair == pair and free and trade.filled_at < self._now():
                self._owed[trade.trade] = pair, self._now()

    def forgiven(self) -> None:
        """It dies or sleeps, or its connection is lost: it cannot hear whether the crash lasts."""
        self._owed.clear()
        self._since = self._now()

    def remember(self) -> Callable[[], None]:
        """Gives what makes the holdings those of now again."""
        holdings = self._holdings

        def restore() -> None:
            self._holdings = holdings
            self.forgiven()

        return restore

    # --- what the bot says
    def stated(self, envelope: Envelope) -> None:
        """One event that is on the disk."""
        event: Any = envelope.body
        self.look()
        if envelope.source == Holdings.name:
            self._holdings = Holdings.evolve(self._holdings, event)
            if self._holdings.held_back:
                self.forgiven()
        match event:
            case ExitWanted(trade=trade, pair=pair, close=close, reason=reason):
                self._owed.pop(trade, None)
                if reason in CLOSES and self._false(pair, close):
                    self._broken(f"{pair} is sold for {reason} at {close}, where none was traded")
            case HighRaised(pair=pair, max_price=price) if self._false(pair, price):
                self._broken(f"the peak of {pair} is {price}, where none was traded")
            case TradeClosed(row=row) if row.exit_reason in UNSOLD:
                self._owed.pop(row.trade, None)
            case TradeClosed(row=row) | DustKept(row=row):
                self._owed.pop(row.trade, None)
                if not row.close_rate or self._false(row.pair, row.close_rate):
                    self._broken(f"{row.trade} has ended at {row.close_rate}")

    def look(self) -> None:
        """Whatever is overdue is told once."""
        if self._full():
            self.forgiven()
        for trade, (pair, since) in [*self._owed.items()]:
            if self._now() > since + CRASH_SECONDS:
                del self._owed[trade]
                if trade in self._holdings.trades:
                    self._broken(f"{pair} crashed, and {trade} was not sold")

    def _false(self, pair: str, price: Decimal) -> bool:
        """No trade had this price, and it has not waited, or waited though its ticker denied it."""
        told = self._made_up.get((pair, price))
        if told is None or price in self._real[pair] or told <= self._since:
            return False
        return self._now() < told + WAITED or self._answered.get(pair, 0.0) > told
