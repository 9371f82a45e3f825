"""What the journal adds up to now: one pass over it answers every question.

It keeps its place, so whoever asks again reads only what is new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.money import quotient_down
from interfaces.reports import orders, trades
from interfaces.views.cash import Cash
from messages.account import AccountSeen, DustLost, TradeReleased
from messages.base import Envelope
from messages.config import Config
from messages.control import ConfigAdopted, TradingChanged
from messages.limits import BreakerClosed, BreakerHalfOpened, BreakerOpened, VenueBanned
from messages.trading import LockTaken, PairLocked, TradeClosed, TradeOpened
from persistence.reader import Reader


@dataclass
class Ledger:
    """A fold of the journal up to entry ``number``."""

    number: int = 0
    at: float = 0.0
    config: Config = field(default_factory=Config)
    mode: str = "running"
    trades: trades.Trades = field(default_factory=trades.Trades)
    orders: orders.Orders = field(default_factory=orders.Orders)
    cash: Cash = field(default_factory=Cash)
    dust: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)  # pair: coin, cost
    account: AccountSeen | None = None
    locks: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    breaker: str = "closed"
    breaker_until: float = 0.0
    pairs: set[str] = field(default_factory=set)  # all that were ever heard of

    def catch_up(self, reader: Reader) -> None:
        """Take in what has been written since."""
        self.take(reader.events(self.number))

    def take(self, events: Iterable[Envelope]) -> None:
        """Take in these events."""
        for envelope in events:
            self.number, self.at = envelope.number or self.number + 1, envelope.at
            self.trades.take(envelope.body)
            self.orders.take(envelope.body, envelope.at)
            self.cash.take(envelope.body)
            self._take(envelope.body, envelope.at)
            if pair := envelope.mark.pair or getattr(envelope.body, "pair", ""):
                self.pairs.add(pair)

    def _take(self, event: Any, at: float) -> None:
        match event:
            case ConfigAdopted(config=config):
                self.config = config
            case TradingChanged(mode=mode):
                self.mode = mode
            case PairLocked() | LockTaken():
                self.locks[event.pair, event.reason] = (at, event.until)
            case TradeOpened():
                self.dust.pop(event.pair, None)  # it has joined the trade
            case TradeClosed() if event.dust:
                cost = event.dust_cost + event.dust_fee
                self.dust[event.row.pair] = (event.dust, cost)
            case TradeReleased() if event.dust:
                self.dust[event.pair] = (event.dust, event.dust_cost)
            case DustLost(pair=pair, volume=volume):
                self._lost(pair, volume)
            case AccountSeen():
                self.account = event
            case BreakerOpened(until=until):
                self.breaker, self.breaker_until = "open", until
            case BreakerHalfOpened():
                self.breaker = "probing"
            case BreakerClosed():
                self.breaker = "closed"
            case VenueBanned(until=until):
                self.breaker, self.breaker_until = "banned", until

    def _lost(self, pair: str, volume: Decimal) -> None:
        dust, cost = self.dust.pop(pair, (volume, volume))
        if dust > volume:
            left = dust - volume
            self.dust[pair] = (left, quotient_down(cost * left, dust))


def clock(reader: Reader, ledger: Ledger) -> float:
    """The bot's time as far as the state directory tells: its newest candle or journal entry."""
    newest = [reader.candles(pair, 1) for pair in {*ledger.pairs, *listed(ledger.config)}]
    closes = [found[0].time + ledger.config.seconds for found in newest if found]
    return max([ledger.at, *closes])


def listed(config: Config) -> tuple[str, ...]:
    """The pairs that a configuration names; none for "every one"."""
    return () if isinstance(config.pair_whitelist, str) else config.pair_whitelist
