"""Owns what the bot owes once it has said something: and whether it does it in time.

A sale leaves, a refused one is tried again, an order that was found is cancelled. A bot that is
dead owes nothing until it lives again, nor does one that is held back or banned. A clock that leaps
forgives nothing: a wait ends when it would have, and after a restart waits for as long once more.
"""

from __future__ import annotations

from collections.abc import Callable

from messages.account import StopsEnabled, TradeReleased
from messages.base import Envelope, Message
from messages.control import ModeTaken
from messages.orders import (
    CancelIntended,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFound,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
)
from messages.recovery import ExitsAllowed
from messages.trading import DustKept, ExitFailed, ExitWanted, TradeClosed, TradeReduced

SOON = 10.0  # seconds within which a sale is tried again once it is due
AT_ONCE = 30.0  # within which a cancel leaves: a call that nobody answers may be before it
UNFILLED = "unfilled"


class LivenessProperties:
    """``now``: the world's time; ``broken`` is told what was not done."""

    def __init__(self, now: Callable[[], float], broken: Callable[[str], None]) -> None:
        self._now, self._broken = now, broken
        self._names: dict[str, str] = {}  # identifiers, by the intent's id
        self._wishes: dict[str, ExitWanted] = {}  # the newest of each trade
        # When a refused one is due, and its wait, by trade.
        self._sales: dict[str, tuple[float, float]] = {}
        self._leapt: set[str] = set()  # trades whose sale waited when the clock leapt
        self._unread: set[str] = set()  # trades whose sale waits for the past to be read
        self._unsent: dict[str, float] = {}  # since when a sale is to leave, by identifier
        self._cancels: dict[str, float] = {}  # since when one is owed, by identifier
        self._held = False
        self._since = 0.0

    def remember(self) -> Callable[[], None]:
        """Gives what makes it owe what it may know of: nothing that its ledger has lost."""
        held, wishes = self._held, dict(self._wishes)

        def restore() -> None:
            self._held = held
            self._wishes |= wishes
            self._sales.clear()
            self._cancels.clear()

        return restore

    def forgiven(self, until: float) -> None:
        """It could not have done anything before this moment."""
        self._since = max(self._since, until)

    def awake(self, now: float) -> None:
        """A life begins, or exits are let go. By a clock that has leapt, it waits as long again."""
        self._sales |= {
            trade: (max(due, now + wait), wait)
            for trade, (due, wait) in self._sales.items()
            if trade in self._leapt
        }
        self._leapt.clear()
        self.forgiven(now)

    def leapt(self) -> None:
        """The bot's clock is another: this life's alarms do not count by it, the next begin so."""
        self._leapt |= self._sales.keys()

    def stated(self, envelope: Envelope) -> None:
        """One event that is on the disk."""
        event, now = envelope.body, self._now()
        self.look()
        match event:
            case OrderIntended(order=order, identifier=identifier):
                self._names[order.id] = identifier
                if order.side == "ask":
                    self._unsent[identifier] = now
            case ExitWanted(trade=trade):
                self._wishes[trade] = event
                self._sales.pop(trade, None)
                self._unread.discard(trade)
                self._leapt.discard(trade)
            case ExitFailed(trade=trade, reason=reason, retry_at=retry_at):
                # A part is decided anew, and what somebody cancelled is not forced on him.
                if reason != UNFILLED and self._wishes[trade].reason != "partial_exit":
                    wait = retry_at - envelope.at
                    self._sales[trade] = now + wait, wait
                    self._unread |= {trade} if reason == "recovering" else set()
            case ExitsAllowed():
                self._sales |= {
                    t: (now, wait) for t, (_, wait) in self._sales.items() if t in self._unread
                }
            case StopsEnabled():  # what was refused for the key goes out again at once
                self._sales = {trade: (now, wait) for trade, (_, wait) in self._sales.items()}
            case TradeReduced(row=row) | TradeClosed(row=row) | DustKept(row=row):
                self._sales.pop(row.trade, None)
            case TradeReleased(trade=trade):
                self._sales.pop(trade, None)
            case ModeTaken(mode=mode) if envelope.source == "holdings":
                self._held = mode in ("stopped", "killed")
                self.awake(now)
            case _:
                self._of_order(event, now)

    def _of_order(self, event: Message, now: float) -> None:
        """What became of an order: whether a sale or a cancel is owed of it still."""
        match event:
            case OrderFound(id=id):
                self._cancels[self._names[id]] = now
            case OrderClosed(id=id) | OrderDisputed(id=id):
                self._cancels.pop(self._names[id], None)
                self.left(self._names[id])
            case (
                OrderRefused(id=id)
                | OrderUncertain(id=id)
                | OrderAccepted(id=id)
                | CancelIntended(id=id)
            ):
                self.left(self._names.get(id, ""))

    def left(self, identifier: str) -> None:
        """An order leaves, or needs to no more."""
        self._unsent.pop(identifier, None)

    def cancelled(self, identifier: str) -> None:
        """A cancel leaves."""
        self._cancels.pop(identifier, None)

    def look(self) -> None:
        """Whatever is overdue is told once."""
        now = self._now()
        for trade, (due, _) in [*self._sales.items()]:
            if not self._held and now > max(due, self._since) + SOON:
                del self._sales[trade]
                self._broken(f"the sale of {trade} was not tried again")
        for identifier, since in [*self._unsent.items()]:
            if now > max(since, self._since) + AT_ONCE:
                del self._unsent[identifier]
                self._broken(f"the sale {identifier} did not leave")
        for identifier, since in [*self._cancels.items()]:
            if now > max(since, self._since) + AT_ONCE:
                del self._cancels[identifier]
                self._broken(f"{identifier} was found, and not cancelled")
