"""Owns what the live feed makes of candles: those that form, those that close, and the verdict."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from actors.market.feed_health import LONGEST, FeedHealth
from actors.market.history import History
from core.market.candles import Candles
from core.strategy import Strategy, latest_verdict, params_of
from messages.config import Config
from messages.market import Candle, CandleReport, ClosingReport, Verdict

Row = tuple[str, Candle]
LATE_SECONDS = 30.0  # no entry from a candle that closed longer ago


class CandleBuilder:
    """Candles by pair: told and not yet closed in ``_forming``, closed in ``history``."""

    def __init__(
        self, strategy: Strategy, config: Config, talk: FeedHealth, pace: float = 1.0
    ) -> None:
        self._strategy, self._talk, self._pace = strategy, talk, pace
        self._forming: dict[str, dict[int, Candle]] = {}
        self._spoilt: dict[str, set[int]] = {}  # those whose last state could not be
        self.history = History(config.seconds, config.startup_candle_count, pace)
        self._set(config)

    def _set(self, config: Config) -> None:
        self._seconds, self._startup = config.seconds, config.startup_candle_count
        self._params = params_of(self._strategy, config.strategy_params)
        self.grace = float(config.exchange.candle_grace_seconds)

    def adopt(self, config: Config) -> None:
        """From the next candle on."""
        if config.startup_candle_count != self._startup:
            self.history = History(config.seconds, config.startup_candle_count, self._pace)
        self._set(config)

    def forget(self) -> None:
        """Nothing is known of any candle."""
        self._forming.clear()
        self.history = History(self._seconds, self._startup, self._pace)

    def boundary(self, now: float) -> int:
        """The newest close that lies at least the grace behind now (epoch seconds)."""
        return int((now - self.grace) // self._seconds) * self._seconds

    def join(self, pairs: Sequence[str], heard: float, now: float) -> None:
        """A new connection tells the candle of now and those to come; the rest is asked for.

        What the old one told of candles before is not their last state.
        """
        start = int(now // self._seconds) * self._seconds
        for candles in self._forming.values():
            for time in [time for time in candles if time < start]:
                del candles[time]
        self.history.missed(pairs, heard, start, max(now, start + self.grace))

    def standing(self, pair: str, time: int) -> Candle | None:
        """A candle as it stood when it was last told."""
        return self._forming.get(pair, {}).get(time)

    def may_form(self, time: int, now: float) -> bool:
        """Whether a candle that began then may still be told; one from long ago may not."""
        return time + 2 * self._seconds >= self.boundary(now)

    def update(self, pair: str, candle: Candle) -> None:
        """A candle as it stands now: all of it, so it puts right what was told of it before."""
        self._forming.setdefault(pair, {})[candle.time] = candle
        self._spoilt.get(pair, set()).discard(candle.time)

    def spoil(self, pair: str, time: int, now: float) -> None:
        """Its newest state cannot be: unless another one comes, it is asked for when it closes."""
        if abs(now - time) <= 2 * self._seconds:
            self._spoilt.setdefault(pair, set()).add(time)

    def close(
        self, now: float, traded: Sequence[str], watched: Collection[str]
    ) -> tuple[list[Row], list[ClosingReport | CandleReport], frozenset[str]]:
        """The candles that have closed, in the order of the pairs, and what follows from them.

        Last, the traded pairs whose newest candle the strategy was asked about.
        """
        closes = self.boundary(now)
        rows: list[Row] = []
        asked: set[str] = set()
        said: list[ClosingReport | CandleReport] = []
        in_time = now - closes <= LATE_SECONDS
        for pair in dict.fromkeys((*traded, *self._forming, *self._spoilt)):
            candles = self._closed(pair, closes, now)
            if not candles:
                continue
            self.history.add(pair, candles)
            rows += [(pair, candle) for candle in candles]
            newest = candles[-1]
            if in_time and newest.time + self._seconds == closes and self.history.whole(pair):
                said += self._judged(pair, newest, pair in traded, pair in watched)
                asked.add(pair)
        return rows, said, frozenset(asked & set(traded))

    def _closed(self, pair: str, closes: int, now: float) -> list[Candle]:
        forming, spoilt = self._forming.get(pair, {}), self._spoilt.get(pair, set())
        for time in [time for time in spoilt if time + self._seconds <= closes]:
            spoilt.discard(time)
            forming.pop(time, None)
            self.history.missed((pair,), time, time + self._seconds, now)
        times = sorted(time for time in forming if time + self._seconds <= closes)
        return [forming.pop(time) for time in times]

    def _judged(
        self, pair: str, candle: Candle, traded: bool, watched: bool
    ) -> list[ClosingReport | CandleReport]:
        verdict = self._verdict(self.history.window(pair))
        said: list[ClosingReport | CandleReport] = []
        if verdict.exit and watched:
            said.append(self._leaving(pair, candle, verdict))
        if watched or (verdict.entry and traded):
            said.append(ClosingReport(pair, candle, self._seconds, verdict))
        return said

    def _verdict(self, window: Candles) -> Verdict:
        """What the strategy says; what it raises instead is noted for ``health``."""
        try:
            verdict = latest_verdict(self._strategy, self._params, window, self._startup)
        except Exception as error:
            self._talk.raised = (str(error) or type(error).__name__)[:LONGEST]
            raise
        self._talk.raised = ""
        return verdict

    def _leaving(self, pair: str, candle: Candle, verdict: Verdict) -> CandleReport:
        """To holdings as a price, which it was; counting for trades filled before the candle."""
        close = candle.close
        price = Candle(candle.time + self._seconds, close, close, close, close, candle.volume)
        opened = float(candle.time)
        return CandleReport(pair, price, 0, verdict, since=opened, moment=opened)
