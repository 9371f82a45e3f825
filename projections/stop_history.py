"""Owns where the stop of each trade lay, and from when on: steps for the charts."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from msgspec import Struct

from core.trading.exits import stop_level
from messages.account import TradeReleased
from messages.config import Config
from messages.trading import (
    DustKept,
    HighRaised,
    TradeClosed,
    TradeEmptied,
    TradeIncreased,
    TradeOpened,
)

KEEP = 300  # trades that are over
STEPS = 600  # of one trade; behind that every other one is left out


class TradeStops(Struct):
    """The stop of one trade. Prices are KRW, moments epoch seconds; ``ended`` 0 = it is open."""

    pair: str
    entry: Decimal
    high: Decimal
    steps: list[tuple[float, Decimal]]
    ended: float = 0.0


@dataclass
class StopHistory:
    """A fold of the journal, by trade."""

    open: dict[str, TradeStops] = field(default_factory=dict)
    over: OrderedDict[str, TradeStops] = field(default_factory=OrderedDict)

    def take(self, event: Any, at: float, config: Config) -> None:
        """One event, when it was stated, and what was configured then."""
        match event:
            case TradeOpened(trade=id, price=price):
                self.open[id] = TradeStops(event.pair, price, price, [])
                self._step(id, event.opened_at, config)
            case TradeIncreased(trade=id, price=price) if id in self.open:
                track = self.open[id]
                track.entry, track.high = price, max(track.high, price)
                self._step(id, event.filled_at or at, config)
            case HighRaised(trade=id, max_price=high) if id in self.open:
                self.open[id].high = max(self.open[id].high, high)
                self._step(id, float(event.candle), config)
            case TradeClosed(row=row) | DustKept(row=row) if row.trade in self.open:
                self._end(row.trade, row.close_date)
            case TradeReleased(trade=id) | TradeEmptied(trade=id) if id in self.open:
                self._end(id, at)

    def adopt(self, at: float, config: Config) -> None:
        """Open trades follow new levels."""
        for id in self.open:
            self._step(id, at, config)

    def of(self, pair: str) -> list[TradeStops]:
        """The tracks of a pair, the oldest first."""
        return [t for t in (*self.over.values(), *self.open.values()) if t.pair == pair]

    def _step(self, id: str, at: float, config: Config) -> None:
        track = self.open[id]
        stop, _ = stop_level(track.entry, track.high, config)
        if not track.steps or track.steps[-1][1] != stop:
            moment = max(at, track.steps[-1][0]) if track.steps else at
            track.steps.append((moment, stop))
            if len(track.steps) > STEPS:
                track.steps[1:-1:2] = []

    def _end(self, id: str, at: float) -> None:
        track = self.open.pop(id)
        track.ended = at
        self.over[id] = track
        if len(self.over) > KEEP:
            self.over.popitem(last=False)
