"""The strategy's verdicts judged again: of a live market from the archive, else from the tapes.

A live bot judged windows, each the last candles known at that close; so is it here. A verdict that
led to something stands in the journal and is compared. One that should have led to an entry and
stands nowhere becomes a question to the strategist of then (``owners``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from actors.trading_state import TradingState
from app.replay_check.owners import Question, in_order
from app.replay_check.report import Difference, Replayed
from core.market.candles import Candles, CandleSeries, candle_at, candles_of, columns, window
from core.market.pairs import names
from core.strategy import Strategy, latest_verdict, params_of, signals_of, verdict_at
from messages.config import Config
from messages.control import ConfigAdopted
from messages.market import Candle, CandleReport, ClosingReport, Verdict
from persistence import archive
from persistence.codec import unseal
from persistence.reader import Reader


class JudgedCandle(NamedTuple):
    """One candle, what today's code says of it, and whether the strategist was told of it then."""

    pair: str
    candle: Candle
    verdict: Verdict | None  # None: not all of its window is there
    asked: bool


class JournaledVerdicts(NamedTuple):
    """What the journal says of the strategy: verdicts by pair and candle, configurations, rules."""

    verdicts: dict[tuple[str, int], list[tuple[int, float, Any]]]
    since: list[float]
    configs: list[Config]
    rules: list[int]

    def config(self, at: float) -> Config:
        """The one in force at a moment."""
        return self.configs[max(0, bisect_right(self.since, at) - 1)]


def journaled_verdicts(reader: Reader) -> JournaledVerdicts | None:
    """None when there never was a configuration."""
    found = JournaledVerdicts({}, [], [], [])
    kept = reader.based("steward", TradingState)
    if kept and kept.config:
        found.since.append(reader.base().at)
        found.configs.append(kept.config)
        found.rules.append(kept.rules)
    for envelope in reader.events():
        if isinstance(envelope.body, ConfigAdopted):
            found.since.append(envelope.at)
            found.configs.append(envelope.body.config)
            found.rules.append(envelope.body.rules)
        prompt = envelope.prompt
        if isinstance(prompt, ClosingReport | CandleReport) and prompt.seconds:
            key = prompt.pair, prompt.candle.time
            found.verdicts.setdefault(key, []).append((envelope.number, envelope.at, prompt))
    return found if found.configs else None


def from_archive(
    reader: Reader, strategy: Strategy, known: JournaledVerdicts
) -> Iterator[JudgedCandle]:
    """Window by window, pair by pair."""
    rows = (
        (archive.split(key)[0], unseal(key, value, archive.Row))
        for key, value in reader.rows("archive")
    )
    for pair, group in groupby(rows, key=lambda row: row[0]):
        kept = [row for _, row in group]
        candles = candles_of([row.candle for row in kept])
        for index, row in enumerate(kept):
            if row.judged or (pair, row.candle.time) in known.verdicts:
                config = known.config(float(row.candle.time))
                verdict = _windowed(strategy, config, candles, index, len(kept))
                yield JudgedCandle(pair, row.candle, verdict, row.judged)


def _windowed(
    strategy: Strategy, config: Config, candles: Candles, index: int, count: int
) -> Verdict | None:
    startup = config.startup_candle_count
    if index + 1 < startup and count >= archive.KEEP:
        return None  # the archive has let go of its beginning
    seen = window(candles, max(0, index + 1 - startup), index + 1)
    return latest_verdict(strategy, params_of(strategy, config.strategy_params), seen, startup)


def from_tapes(
    candle_series: Sequence[CandleSeries], strategy: Strategy, known: JournaledVerdicts
) -> Iterator[JudgedCandle]:
    """Of a recording, all candles of a pair at once, as the replay judged them."""
    for series in candle_series:
        made: dict[int, Any] = {}
        for index, time in enumerate(series.time.tolist()):
            config = known.config(float(time))
            if id(config) not in made:
                params = params_of(strategy, config.strategy_params)
                whole = columns(series)
                made[id(config)] = signals_of(strategy, params, whole, config.startup_candle_count)
            signals = made[id(config)]
            listed = config.pair_whitelist
            traded = isinstance(listed, str) or names(listed, series.pair)
            if (signals.entry[index] and traded) or (series.pair, time) in known.verdicts:
                verdict = verdict_at(signals, index)
                yield JudgedCandle(series.pair, candle_at(series, index), verdict, traded)


def compared(
    found: Iterator[JudgedCandle], known: JournaledVerdicts, begins: float, out: Replayed
) -> list[Question]:
    """Note what differs from the journal; gives the closings that should have led to nothing."""
    questions = []
    left = dict(known.verdicts)
    for pair, candle, verdict, asked in found:
        then = left.pop((pair, candle.time), [])
        seconds = known.config(float(candle.time)).seconds
        closes = float(candle.time + seconds)
        if verdict is None:
            out.unseen += 1
            continue
        out.verdicts += 1
        for number, at, report in then:
            if report.verdict != verdict:
                now = (verdict,)
                out.differences.append(
                    Difference.of(number, "strategy", at, report, (report.verdict,), now)
                )
        closings = any(isinstance(report, ClosingReport) for _, _, report in then)
        if asked and verdict.entry and not closings and closes >= begins:
            message = ClosingReport(pair, candle, seconds, verdict)
            questions.append(Question(message, closes))
    out.unseen += len(left)
    return in_order(questions)
