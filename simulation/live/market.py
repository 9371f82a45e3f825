"""Owns the prices of a world: made-up candles as trades on the agenda, four in a minute.

What is told of them is what the candles say: whoever rebuilds candles gets the same ones. The
books beside the prices are thin or without end, as the weather wants it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, partial
from random import Random
from typing import Any

import numpy as np
from msgspec import structs

from core.market.candles import PRICES, CandleSeries, candle_at
from core.market.synthetic import synthetic_market
from core.market.tick_size import korean_day, price_down, tick_size
from core.money import quotient_down
from messages.market import Candle
from simulation.live.event_queue import EventQueue

MINUTE = 60
OFFSETS = (1.0, 17.0, 36.0, 54.0)  # seconds of a minute at which there is a trade
LEVELS = 6  # of a thin book
Tell = Callable[[str, Decimal, float, Candle], None]
Row = tuple[Decimal, Decimal, Decimal, Decimal]


@cache
def recorded(seed: int, days: int) -> tuple[CandleSeries, ...]:
    """The tapes of a market; few of them, so that many seeds share one."""
    return tuple(synthetic_market(seed, days=days)[:3])


def spread_of(seed: int) -> int:
    """Ticks from the last price to the best ask, by a chance of its own."""
    return Random(f"{seed} spread").choice((0, 1))


class Market:
    """What Upbit's market is to the exchange, to the stream and to who asks for candles.

    ``depth``: KRW on offer at each level of a thin book; None = there is no end of it. ``spread``:
    how many ticks its best ask is above the last price; the best bid is a tick below the ask.
    """

    def __init__(
        self,
        candle_series: Sequence[CandleSeries],
        queue: EventQueue,
        depth: Decimal | None,
        spread: int = 0,
    ) -> None:
        self._tapes = {series.pair: series for series in candle_series}
        self._places = {t.pair: {int(at): i for i, at in enumerate(t.time)} for t in candle_series}
        self._agenda, self._depth, self._spread = queue, depth, spread
        self._last: dict[str, Decimal] = {}
        self._last_at: dict[str, float] = {}
        self._tellers: list[Tell] = []
        self._minute = int(queue.now) // MINUTE * MINUTE
        self._agenda.after(0.0, self._next_minute)

    @property
    def pairs(self) -> tuple[str, ...]:
        """Those that are listed."""
        return tuple(self._tapes)

    def last(self, pair: str) -> Decimal | None:
        """KRW of the newest trade."""
        return self._last.get(pair)

    def listen(self, callback: Tell) -> None:
        """Who hears of every trade: the exchange first, then the stream."""
        self._tellers.append(callback)

    def delist(self, pair: str) -> None:
        """The pair is traded no more."""
        self._tapes.pop(pair, None)
        self._last.pop(pair, None)

    def last_at(self, pair: str) -> float:
        """Epoch seconds of the newest trade; 0 before the first."""
        return self._last_at.get(pair, 0.0)

    def crash(self, pair: str, factor: Decimal) -> None:
        """From the next minute on a pair's prices are so many times what they would have been."""
        series = self._tapes.get(pair)
        if series is None:
            return
        index = int(series.time.searchsorted(self._minute + MINUTE))
        day, places = korean_day(self._agenda.now), series.price_places

        def fallen(price: int) -> int:
            whole = Decimal(price).scaleb(-places) * factor
            return max(1, int(price_down(whole, day, pair).scaleb(places)))

        columns = {
            name: np.array([*old[:index], *map(fallen, old[index:])], np.int64)
            for name, old in ((name, getattr(series, name).tolist()) for name in PRICES)
        }
        self._tapes[pair] = structs.replace(series, **columns)

    def book(self, pair: str) -> list[Row]:
        """Rows of a thin book; none where there is no end of it."""
        last = self._last.get(pair)
        if last is None or self._depth is None:
            return []
        day = korean_day(self._agenda.now)
        tick, rows = tick_size(last, day, pair), []
        for level in range(LEVELS):
            ask = last + (self._spread + level) * tick
            bid = last + (self._spread - 1 - level) * tick
            if bid <= 0:
                break
            size = quotient_down(self._depth * (level + 1), ask)
            rows.append((ask, bid, size, size))
        return rows

    def candles(self, pair: str, to: float, most: int) -> list[dict[str, Any]]:
        """Rows of candles that begin before ``to``, newest first (docs/reference/upbit.md 2.3)."""
        series = self._tapes[pair]
        until = min(to, self._agenda.now - OFFSETS[0])
        end = int(series.time.searchsorted(until))
        return [
            _row(pair, candle_at(series, i)) for i in range(end - 1, max(end - most, 0) - 1, -1)
        ]

    def _next_minute(self) -> None:
        """Set the trades of the minute that begins, and the next minute."""
        self._minute += MINUTE
        wait = self._minute - self._agenda.now
        paths: list[tuple[str, Candle, tuple[Decimal, ...]]] = []
        for pair, series in self._tapes.items():
            index = self._places[pair].get(self._minute)
            if index is None:
                continue
            candle = candle_at(series, index)
            inner = (candle.low, candle.high)
            turns = inner if candle.close >= candle.open else inner[::-1]
            paths.append((pair, candle, (candle.open, *turns, candle.close)))
        for step, offset in enumerate(OFFSETS):
            self._agenda.after(wait + offset, partial(self._trade, paths, step + 1))
        self._agenda.after(wait, self._next_minute)

    def _trade(self, paths: list[tuple[str, Candle, tuple[Decimal, ...]]], steps: int) -> None:
        """One trade of each pair."""
        for pair, whole, every in paths:
            if pair not in self._tapes:
                continue
            path = every[:steps]
            price = self._last[pair] = path[-1]
            self._last_at[pair] = self._agenda.now
            forming = Candle(whole.time, path[0], max(path), min(path), price, whole.volume)
            for tell in self._tellers:
                tell(pair, price, self._agenda.now, forming)


def _row(pair: str, candle: Candle) -> dict[str, Any]:
    start = datetime.fromtimestamp(candle.time, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "market": pair,
        "candle_date_time_utc": start,
        "opening_price": candle.open,
        "high_price": candle.high,
        "low_price": candle.low,
        "trade_price": candle.close,
        "timestamp": (candle.time + MINUTE - 1) * 1000,
        "candle_acc_trade_price": candle.close * candle.volume,
        "candle_acc_trade_volume": candle.volume,
        "unit": 1,
    }
