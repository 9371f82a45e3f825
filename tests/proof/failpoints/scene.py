"""What a scene is: a few candles, a plan of entries, what befalls the line, what people do.

Moments are seconds after the first candle's beginning; candle k, from 1, closes at 60 * k. A scene
is ``exact`` when a crash must change nothing: the same rows, the same books. Where it may cost a
purchase (a wish that has become stale, live rules that never send twice) only the invariants must
hold. The recording crosses an hour, the end of a trading day and the turn of a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from msgspec import Struct, structs

from core.market.candles import Candles, CandleSeries, series_of
from core.strategy import Signals
from messages.base import Command
from messages.config import Config, Exchange, Gateway, OrderTypes, Paper, UnfilledTimeout
from messages.market import Candle
from tests.proof.failpoints.owner import Lost, Move
from tests.proof.failpoints.venue import Window

TAIL = 8  # candles more, in which whatever is under way comes to its end
BTC, ETH = "KRW-BTC", "KRW-ETH"
EPOCH = 1_798_728_900  # 2026-12-31 14:55 UTC, five minutes before a year begins in Korea
HURRIED = Gateway(
    quarantine_minutes=1,
    quarantine_answers=2,
    tombstone_seconds=60,
    tombstone_hours=1,
    tombstone_days=0,
)
PLAIN = Config(
    gateway=HURRIED,
    stoploss=Decimal("-0.02"),
    minimal_roi=Decimal("0.03"),
    trailing_stop_positive=Decimal("0.005"),
    trailing_stop_positive_offset=Decimal("0.015"),
    partial_exit_profit=Decimal("0.01"),
    partial_exit_ratio=Decimal("0.5"),
    cooldown_minutes=1,
    startup_candle_count=2,
    max_open_trades=2,
    stake_amount=Decimal(300000),
    protections=(),
)
LIMIT = structs.replace(
    PLAIN,
    order_types=OrderTypes(entry="limit"),
    unfilledtimeout=UnfilledTimeout(entry=2),
    paper=Paper(Decimal("0.4")),
)
PATIENT = structs.replace(LIMIT, unfilledtimeout=UnfilledTimeout(entry=60))
LIVE = structs.replace(  # the rules of real money: nothing is sent twice, nothing before a look
    PLAIN,
    dry_run=False,
    available_capital=PLAIN.dry_run_wallet,
    exchange=Exchange(
        account_seconds=20, max_order_krw=None, max_daily_krw=None, max_orders_per_minute=None
    ),
)


Tide = Literal["disk", "map", "fails"]


class NoParams(Struct, frozen=True):
    """The plan has none."""


class Planned:
    """Enters at these candles, leaves at those; counted by their close, from the first one."""

    Params: type[Struct] = NoParams

    def __init__(self, entries: Sequence[int], exits: Sequence[int] = ()) -> None:
        self._entries, self._exits = entries, exits

    def signals(self, candles: Candles, params: Any, /) -> Signals:
        """As planned."""
        minutes = (candles.time - EPOCH) // 60 + 1
        return Signals(np.isin(minutes, self._entries), np.isin(minutes, self._exits))


class Scene(Struct, frozen=True):
    """What happens; ``tides`` are (begin, end, what): no room on the disk, or in the map (until a
    start), or a gauge that fails once a life."""

    closes: tuple[int, ...]  # of BTC, in permille of 100,000 KRW
    entries: tuple[int, ...]
    exits: tuple[int, ...] = ()
    others: tuple[int, ...] = ()  # the same of ETH, which enters at the same candles
    config: Config = PLAIN
    script: tuple[Window, ...] = ()
    operator: tuple[tuple[float, Command], ...] = ()
    moves: tuple[Move, ...] = ()  # of coins, beside the bot's orders
    tides: tuple[tuple[float, float, Tide], ...] = ()
    loss: float = 0.0  # the power goes at this moment in any case: what follows is a recovery
    off: float = 0.0  # seconds from then on in which the machine is off, and nothing is traded
    lost: tuple[Lost, ...] = ()  # orders that the ledger does not know after it
    renewed: bool = False  # after it the API key is another one
    tail: int = TAIL
    watched: bool = False  # the venue's markets are looked at, and the year's turn
    exact: bool = True
    sales: bool = False  # not exact: what was bought is sold all the same, all of it is told once

    def candle_series(self) -> tuple[CandleSeries, ...]:
        """What is replayed."""
        rows = {BTC: self.closes, ETH: self.others}
        return tuple(self._tape(pair, closes) for pair, closes in rows.items() if closes)

    def _tape(self, pair: str, closes: Sequence[int]) -> CandleSeries:
        candles, before = [], closes[0]
        for place, close in enumerate((*closes, *[closes[-1]] * self.tail)):
            open, close_ = Decimal(before * 100), Decimal(close * 100)
            low, high = sorted((open, close_))
            begin = EPOCH + 60 * place + (self.off if 60 * place > self.loss else 0)
            candles.append(Candle(int(begin), open, high, low, close_, Decimal(1)))
            before = close
        return series_of(pair, 60, candles)

    def price(self, pair: str, now: float) -> Decimal:
        """The newest close of a pair at a moment (epoch seconds), KRW."""
        closes = self.others if pair == ETH else self.closes
        place = int(now - EPOCH) // 60 - 1
        return Decimal(closes[max(0, min(place, len(closes) - 1))] * 100)

    def strategy(self) -> Planned:
        """Who decides."""
        return Planned(self.entries, self.exits)
