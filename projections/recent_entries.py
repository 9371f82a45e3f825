"""Owns the newest entries: all of them, those that decide something, and those by pair."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from messages.account import (
    AccountOpened,
    AccountReconciled,
    AccountShut,
    CoinRead,
    CoinsFreed,
    CoinsMovedOut,
    CoinsReturned,
    CoinUnread,
    DisputeSettled,
    ExitUnresolved,
    ReconciliationBegun,
    SettlementAsked,
    SoldOutside,
    TradeReleased,
    TradeResumed,
    TradeSuspended,
)
from messages.audit import InvariantBroken
from messages.base import Envelope
from messages.budget import BudgetRefused, BudgetReserved
from messages.control import TradingChanged
from messages.limits import BreakerClosed, BreakerOpened, VenueBanned
from messages.market import FeedTaken
from messages.market_status import (
    ClockAgreed,
    ClockDiffered,
    PairBarred,
    PairFreed,
    TermsAwaited,
    TermsSeen,
)
from messages.orders import (
    CancelIntended,
    CapEased,
    OrderAbsent,
    OrderClosed,
    OrderDisputed,
    OrderFound,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
)
from messages.recovery import (
    AccountDenied,
    AccountTaken,
    BirthSighted,
    PastShut,
    RecoveryBegun,
    SaleFound,
    StrayFound,
)
from messages.storage import SpaceRegained, SpaceShort
from messages.trading import (
    DustKept,
    EntryVetoed,
    EntryWanted,
    ExitFailed,
    ExitWanted,
    PairLocked,
    TradeClosed,
    TradeEmptied,
    TradeOpened,
    TradeReduced,
)

TAIL = 200  # entries
DECIDED = 200
OF_A_PAIR = 60
OF_THE_PAIR = (
    EntryVetoed,
    EntryWanted,
    BudgetReserved,
    BudgetRefused,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
    OrderAbsent,
    OrderFound,
    OrderDisputed,
    CancelIntended,
    OrderClosed,
    TradeOpened,
    ExitWanted,
    ExitFailed,
    TradeReduced,
    TradeClosed,
    DustKept,
    TradeEmptied,
    PairLocked,
    PairBarred,
    PairFreed,
    CoinUnread,
    CoinRead,
    SoldOutside,
    TradeSuspended,
    TradeResumed,
    CoinsMovedOut,
    CoinsReturned,
    CoinsFreed,
    TradeReleased,
    ExitUnresolved,
    SettlementAsked,
    DisputeSettled,
    SaleFound,
    StrayFound,
)
OF_ALL = (
    CapEased,
    TradingChanged,
    BreakerOpened,
    BreakerClosed,
    VenueBanned,
    SpaceShort,
    SpaceRegained,
    FeedTaken,
    ReconciliationBegun,
    AccountReconciled,
    InvariantBroken,
    PastShut,
    RecoveryBegun,
    BirthSighted,
    AccountTaken,
    AccountDenied,
    AccountShut,
    AccountOpened,
    TermsAwaited,
    TermsSeen,
    ClockDiffered,
    ClockAgreed,
)


def _bounded(most: int) -> deque[Envelope]:
    return deque(maxlen=most)


@dataclass
class RecentEntries:
    """A fold of the journal, newest last."""

    tail: deque[Envelope] = field(default_factory=lambda: _bounded(TAIL))
    decided: deque[Envelope] = field(default_factory=lambda: _bounded(DECIDED))
    pairs: dict[str, deque[Envelope]] = field(default_factory=dict)
    everybody: deque[Envelope] = field(default_factory=lambda: _bounded(OF_A_PAIR))

    def take(self, envelope: Envelope) -> None:
        """One entry."""
        self.tail.append(envelope)
        if isinstance(envelope.body, OF_THE_PAIR):
            self.decided.append(envelope)
            pair = pair_of(envelope)
            if pair == "*":
                self.everybody.append(envelope)
            elif pair:
                kept = self.pairs.get(pair)
                if kept is None:
                    kept = self.pairs[pair] = _bounded(OF_A_PAIR)
                kept.append(envelope)
        elif isinstance(envelope.body, OF_ALL):
            self.decided.append(envelope)
            self.everybody.append(envelope)

    def of(self, pair: str, last: int) -> list[Envelope]:
        """The newest decisions that touched a pair, those that stop every pair among them."""
        found: Iterable[Envelope] = (*self.pairs.get(pair, ()), *self.everybody)
        return sorted(found, key=lambda letter: letter.number)[-last:]


def pair_of(envelope: Envelope) -> str:
    """The pair an entry is about: its own, else that of the workflow it belongs to."""
    body = envelope.body
    inner = getattr(body, "row", None) or getattr(body, "order", None)
    own = getattr(body, "pair", "") or getattr(inner, "pair", "")
    if own:
        return "*" if own == "KRW" else str(own)  # the cash is every pair's
    head = envelope.trace.partition("@")[0].partition("!")[0]
    return head if head.startswith("KRW-") else ""
