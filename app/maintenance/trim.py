"""When the journal is trimmed, and by how much: at a start and daily, in steps between turns."""

from __future__ import annotations

from collections.abc import Iterator

from actors.trading_state import TradingState
from app.maintenance.folds import folds
from persistence.maintenance.trim import trimming
from persistence.record import Base
from persistence.store import Store, StoreFull
from projections.ledger import Ledger

DAY = 86400.0
PAUSE_SECONDS = 0.05  # on the runtime's clock, from one step to the next


class JournalTrim:
    """What the gauge of a bot on live prices calls; it keeps so many days.

    A journal in which the auditor found something stays whole until a person has looked.
    """

    def __init__(self, store: Store, days: int) -> None:
        self._store, self._days = store, days
        self._steps: Iterator[Base] | None = None

    def step(self, at: float) -> float:
        """One bounded step; seconds until the next."""
        if self._steps is None:
            if _in_question(self._store):
                return DAY
            before, book = at - self._days * DAY, Ledger.of_base(self._store)
            self._steps = trimming(self._store, folds(), book, before)
        try:
            if next(self._steps, None) is not None:
                return PAUSE_SECONDS
        except StoreFull:  # the bot says itself that there is no room; entries have stopped
            pass
        self._steps = None
        return DAY


def _in_question(store: Store) -> bool:
    """Whether an invariant was broken and nobody has started trading again since."""
    steward = store.load("steward", TradingState)
    if steward is None or steward.state.mode == "running":
        return False
    ledger = Ledger()
    ledger.catch_up(store)
    return bool(ledger.broken)
