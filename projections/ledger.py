"""What the journal adds up to now: one pass over it answers every question.

It keeps its place, so whoever asks again reads only what is new.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import takewhile
from typing import Any

from core.market.pairs import codes
from core.money import quotient_down
from core.trading.external_changes import ADOPTED
from messages.account import (
    AccountSeen,
    CoinsMovedOut,
    DustLost,
    StopsDisabled,
    StopsEnabled,
    TradeReleased,
)
from messages.audit import InvariantBroken
from messages.base import Envelope
from messages.config import Config
from messages.control import ConfigAdopted, TradingChanged
from messages.limits import BreakerClosed, BreakerHalfOpened, BreakerOpened, VenueBanned
from messages.market_status import PairsWatched
from messages.recovery import (
    AccountDenied,
    AccountTaken,
    BirthSighted,
    ExitsAllowed,
    ExitsBarred,
    PastShut,
    PastSought,
    RecoveryBegun,
)
from messages.trading import DustKept, LockTaken, PairLocked, TradeClosed, TradeOpened
from persistence.journal_base import VIEW
from persistence.reader import Reader
from projections import orders, trades
from projections.cash import Cash

OfPast = ExitsBarred | PastSought | PastShut | RecoveryBegun | AccountTaken | AccountDenied
ZERO = Decimal(0)
MARKET = "-"  # in the code of every market: KRW-BTC


@dataclass
class Ledger:
    """A fold of the journal up to entry ``number``.

    It lies in the base of a trimmed journal: fields are only added, each with a default.
    """

    number: int = 0
    at: float = 0.0
    config: Config = field(default_factory=Config)
    mode: str = "running"
    trades: trades.Trades = field(default_factory=trades.Trades)
    orders: orders.Orders = field(default_factory=orders.Orders)
    cash: Cash = field(default_factory=Cash)
    dust: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)  # pair: coin, cost
    moved: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)  # out, unsold
    account: AccountSeen | None = None
    locks: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    breaker: str = "closed"
    breaker_until: float = 0.0
    broken: list[InvariantBroken] = field(default_factory=list)  # nobody has looked yet
    recovery: OfPast | None = None  # exits wait
    rival: BirthSighted | None = None  # a second bot, not looked at yet
    disabled: StopsDisabled | None = None  # our key is refused: no stop works
    pairs: set[str] = field(default_factory=set)  # all that were ever heard of

    def catch_up(self, reader: Reader, until: float = math.inf) -> None:
        """Take in what has been written since, up to a moment (epoch seconds).

        Where the journal was trimmed beyond where this stood, what it added up to comes first.
        """
        base = reader.base()
        if self.number < base.number:
            vars(self).update(vars(Ledger.of_base(reader)))
            self.pairs = {pair for pair in self.pairs if MARKET in pair}
        events = takewhile(lambda e: e.at <= until, reader.events(self.number))
        for envelope in events:
            if envelope.number != self.number + 1:  # it was trimmed just now: begin again
                self.catch_up(reader, until)
                return
            self.take((envelope,))

    @staticmethod
    def of_base(reader: Reader) -> Ledger:
        """What the trimmed part of the journal adds up to; nothing where all of it is there."""
        return reader.based(VIEW, Ledger) or Ledger()

    def condensed(self) -> Ledger:
        """What of it stays when the journal is trimmed: all trades, and orders that live."""
        ended = {id for id, row in self.orders.rows.items() if row.ended}
        rows = {id: row for id, row in self.orders.rows.items() if id not in ended}
        totals = {id: total for id, total in self.cash.totals.items() if id not in ended}
        cash = dataclasses.replace(self.cash, totals=totals)
        return dataclasses.replace(self, orders=orders.Orders(rows), cash=cash)

    def take(self, events: Iterable[Envelope]) -> None:
        """Take in these events."""
        for envelope in events:
            self.number, self.at = envelope.number or self.number + 1, envelope.at
            self.trades.take(envelope.body, envelope.at)
            self.orders.take(envelope.body, envelope.at)
            self.cash.take(envelope.body)
            self._take(envelope.body, envelope.at)
            pair = envelope.mark.pair or getattr(envelope.body, "pair", "")
            if MARKET in pair:  # a lock of "*" and the cash's own row are no market's
                self.pairs.add(pair)

    def _take(self, event: Any, at: float) -> None:
        match event:
            case ConfigAdopted(config=config):
                self.config = config
            case TradingChanged(mode=mode):
                self.mode = mode
                if mode == "running":  # whoever starts it again has looked
                    self.broken, self.rival = [], None
            case InvariantBroken():
                self.broken.append(event)
            case AccountTaken() if self.recovery is None:
                pass
            case event if isinstance(event, OfPast):
                self.recovery = event
            case ExitsAllowed():
                self.recovery = None
            case BirthSighted():
                self.rival = event
            case PairLocked() | LockTaken():
                self.locks[event.pair, event.reason] = (at, event.until)
            case AccountSeen():
                self.account = event
            case PairsWatched(pairs=pairs):
                self.pairs |= {*pairs}
            case StopsDisabled() | StopsEnabled():
                self.disabled = event if isinstance(event, StopsDisabled) else None
            case BreakerOpened(until=until):
                self.breaker, self.breaker_until = "open", until
            case BreakerHalfOpened():
                self.breaker = "probing"
            case BreakerClosed():
                self.breaker = "closed"
            case VenueBanned(until=until):
                self.breaker, self.breaker_until = "banned", until
            case _:
                self._pile(event)

    def _pile(self, event: Any) -> None:
        """Coin that belongs to no trade: dust, and what was moved out."""
        match event:
            case TradeOpened():
                joined, _ = self.dust.pop(event.pair, (Decimal(0), Decimal(0)))
                if event.tag == ADOPTED and event.pair in self.moved:
                    _less(self.moved, event.pair, event.volume - joined)
            case CoinsMovedOut(pair=pair, volume=volume):
                old, cost = self.moved.get(pair, (Decimal(0), Decimal(0)))
                self.moved[pair] = (old + volume, cost + event.cost + event.fee)
            case TradeClosed() if event.dust:
                cost = event.dust_cost + event.dust_fee
                self.dust[event.row.pair] = (event.dust, cost)
            case DustKept(row=row, value=value):
                kept, worth = self.dust.get(row.pair, (ZERO, ZERO))
                self.dust[row.pair] = (kept + row.amount, worth + value)
            case TradeReleased() if event.dust:
                self.dust[event.pair] = (event.dust, event.dust_cost)
            case DustLost(pair=pair, volume=volume):
                _less(self.dust, pair, volume)


def _less(piles: dict[str, tuple[Decimal, Decimal]], pair: str, volume: Decimal) -> None:
    """So much coin of a pile is gone, with its share of the cost."""
    pile, cost = piles.pop(pair, (volume, volume))
    if pile > volume:
        left = pile - volume
        piles[pair] = (left, quotient_down(cost * left, pile))


def clock(reader: Reader, ledger: Ledger) -> float:
    """The bot's time as far as the state directory tells: its newest candle or journal entry."""
    newest = [reader.candles(pair, 1) for pair in {*ledger.pairs, *listed(ledger.config)}]
    closes = [found[0].time + ledger.config.seconds for found in newest if found]
    return max([ledger.at, *closes])


def listed(config: Config) -> tuple[str, ...]:
    """The pairs that a configuration names; none for "every one"."""
    return () if isinstance(config.pair_whitelist, str) else codes(config.pair_whitelist)
