"""Owns the law of a refused key: it is said while trades are open, and over when it is taken.

What the venue does is the truth here, not what the bot has heard. Who is dead, banned or on a clock
that leaps is given his time anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from messages.account import StopsDisabled, StopsEnabled, TradeReleased
from messages.trading import TradeClosed, TradeOpened

SAID = 1300.0  # seconds: a period of looks, beside a venue that is down for a while
OVER = 960.0  # the same, with a look each few seconds


class KeyProperties:
    """``broken`` is told what was not done in time."""

    def __init__(
        self, now: Callable[[], float], skew: Callable[[], float], broken: Callable[[str], None]
    ) -> None:
        self._now, self._skew, self._broken = now, skew, broken
        self._trades: dict[str, float] = {}  # open ones, and since when
        self._known = False
        self._refused, self._changed = False, 0.0
        self._since = self._known_skew = 0.0

    def turned(self, *, refused: bool) -> None:
        """The venue begins to refuse the key, or takes it again."""
        self._refused, self._changed = refused, self._now()

    def remember(self) -> Callable[[], None]:
        """Gives what makes the bot's own word that of now again."""
        trades, known = dict(self._trades), self._known

        def restore() -> None:
            self._trades, self._known = trades, known

        return restore

    def forgiven(self, until: float) -> None:
        """The bot could not have said anything before this moment."""
        self._since = max(self._since, until)

    def stated(self, event: Any) -> None:
        """One event that is on the disk."""
        self.look()
        match event:
            case TradeOpened(trade=trade):
                self._trades[trade] = self._now()
            case TradeClosed(row=row):
                self._trades.pop(row.trade, None)
            case TradeReleased(trade=trade):
                self._trades.pop(trade, None)
            case StopsDisabled() | StopsEnabled():
                self._known = isinstance(event, StopsDisabled)

    def look(self) -> None:
        """What is overdue is told, and then given its time again."""
        now = self._now()
        if self._skew() != self._known_skew:
            self._known_skew = self._skew()
            self.forgiven(now)
        if self._known == self._refused:
            return
        since = max(self._changed, self._since)
        if self._refused and self._trades:
            if now > max(since, min(self._trades.values())) + SAID:
                self.forgiven(now)
                self._broken("no stop worked for a refused key, and it was not said")
        elif self._known and now > since + OVER:
            self.forgiven(now)
            self._broken("the key is taken again, and stops stayed disabled")
