"""The hours that can be compared: of which there are candles, and in which the bot was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.recordings import source_of, warn
from app.state_directory import PULSE
from core.market.candles import CandleSeries, between, series_of
from core.market.pairs import expanded, names
from i18n import say
from i18n.errors import UserError
from interfaces.options import CliContext
from messages.config import Config
from persistence import archive
from persistence.reader import Reader
from projections.ledger import Ledger, clock


@dataclass(frozen=True)
class Window:
    """Epoch seconds, the tapes with the history before, and the candles that were judged then.

    ``judged`` is None where it is not known: the recording that was named tells nothing of it.
    """

    config: Config
    begin: float
    end: float
    candle_series: tuple[CandleSeries, ...]
    judged: Mapping[str, frozenset[int]] | None


def window_of(reader: Reader, ledger: Ledger, files: Sequence[Path], here: CliContext) -> Window:
    """From the archive, or from recordings that are named. Raises UserError without any."""
    language, config = here.language, ledger.config
    first, last = next(reader.events(), None), reader.last()
    if first is None or last is None:
        raise UserError(say("drift_nothing", language), str(reader.path))
    judged: dict[str, frozenset[int]] | None = None
    replayed = reader.birth.recording not in ("", PULSE)
    if files or replayed:
        source = source_of(files, config)
        if replayed and source.digest != reader.birth.recording:
            todo = say("replay_name_it", language)
            raise UserError(say("drift_recording", language), "--recording", "", todo)
        candle_series = source.candle_series
    else:
        candle_series, judged = _archived(reader, ledger)
        warn(candle_series, language)
    startup = config.startup_candle_count
    begin = int(first.at) - config.seconds + 1  # the first candle that can have closed since
    # a recording may go on long after this run ended: only candles that it saw close are compared
    end = int(clock(reader, ledger)) - config.seconds + 1
    kept = [
        between(series, begin, end, startup - 1)
        for series in candle_series
        if _traded(series, config)
    ]
    kept = _in_order([series for series in kept if len(series.time) >= startup], config)
    if not kept:
        facts = {"count": str(startup)}
        raise UserError(say("drift_short", language, **facts), str(reader.path))
    opens = min(float(series.time[startup - 1]) for series in kept)
    closes = max(float(series.time[-1]) for series in kept) + config.seconds
    return Window(config, max(opens, first.at), closes, tuple(kept), judged)


def _traded(series: CandleSeries, config: Config) -> bool:
    listed = config.pair_whitelist
    return isinstance(listed, str) or names(listed, series.pair)


def _in_order(candle_series: list[CandleSeries], config: Config) -> list[CandleSeries]:
    """As the bot takes pairs whose candles close at the same moment: the first may get the slot."""
    listed = config.pair_whitelist
    if isinstance(listed, str):
        return sorted(candle_series, key=lambda series: series.pair)
    order = expanded(listed, [series.pair for series in candle_series])
    return sorted(candle_series, key=lambda series: order.index(series.pair))


def _archived(
    reader: Reader, ledger: Ledger
) -> tuple[tuple[CandleSeries, ...], dict[str, frozenset[int]]]:
    candle_series, judged = [], {}
    for pair in sorted(ledger.pairs):
        rows = reader.archived(pair, archive.KEEP)
        if rows:
            seconds = ledger.config.seconds
            candle_series.append(series_of(pair, seconds, [row.candle for row in rows]))
            judged[pair] = frozenset(row.candle.time for row in rows if row.judged)
    return tuple(candle_series), judged
