"""Owns how candle history becomes a recording: windows of one page, oldest first, till the end.

A page of 200 candles asked for with ``to`` = the window's end holds every candle of a window of
200 intervals, whatever is missing in it (docs/reference/upbit.md 2.3). So pages can be fetched
forwards, which is how a recording is written, and a download goes on where it was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from adapters.partial_download import PartialDownload, Row
from adapters.upbit.answers import Answer, Failure
from adapters.upbit.client import CANDLES_MAX, Client
from adapters.upbit.groups import CANDLES
from adapters.upbit.replies import NoData, Refused, Trouble
from adapters.upbit.schemas.quotes import Candle, market_candle
from app.venue.requests import PacedRequester

Told = Callable[[int], None]  # the moment up to which a pair is fetched (epoch seconds)


class Span(Struct, frozen=True):
    """Which candles: those that start in [start, end), epoch seconds, of this length."""

    start: int
    end: int
    seconds: int
    unit: str

    @property
    def days(self) -> str:
        """As ``--timerange`` has it: 20250901-20250910."""
        first, last = (datetime.fromtimestamp(at, UTC) for at in (self.start, self.end))
        return f"{first:%Y%m%d}-{last:%Y%m%d}"


class Fetched(Struct, frozen=True):
    """What came of one pair: ``first`` and ``last`` are starts of candles, epoch seconds."""

    pair: str
    path: str
    candles: int
    first: int = 0
    last: int = 0
    was_there: bool = False


class Broken(Exception):
    """A page that could not be had; what was fetched before it is kept."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(type(trouble).__name__)
        self.trouble = trouble


def place_of(folder: Path, pair: str, span: Span) -> Path:
    """Where the recording of a pair goes."""
    return folder / f"{pair}_{span.unit}_{span.days}.csv.gz"


def download(
    client: Client, reading: PacedRequester, pair: str, span: Span, folder: Path, told: Told
) -> Fetched:
    """Fetch one pair's history, or the rest of it. Raises Broken, ShutOut, RecordingError."""
    path = place_of(folder, pair, span)
    if path.exists():
        return Fetched(pair, str(path), 0, was_there=True)
    with PartialDownload(path, pair, span.seconds) as unfinished:
        begin = span.start if unfinished.last is None else unfinished.last + span.seconds
        for window in windows(begin, span.end, span.seconds):
            unfinished.append(_page(client, reading, pair, span.seconds, window))
            told(window[1])
        series = unfinished.finish()
    if series is None:
        return Fetched(pair, "", 0)
    return Fetched(pair, str(path), len(series.time), int(series.time[0]), int(series.time[-1]))


def windows(begin: int, end: int, seconds: int) -> list[tuple[int, int]]:
    """Stretches of at most one page of intervals that cover [begin, end)."""
    step = CANDLES_MAX * seconds
    return [(start, min(start + step, end)) for start in range(begin, end, step)]


def _page(
    client: Client, reading: PacedRequester, pair: str, seconds: int, window: tuple[int, int]
) -> list[Row]:
    """The closed candles of one window, oldest first."""
    start, to = window
    reply = reading.ask(CANDLES, lambda: client.candles(pair, seconds, to))
    value = reply.value
    if isinstance(value, NoData | Refused | Failure):
        raise Broken(value)
    now = reply.answer.date if isinstance(reply.answer, Answer) else 0.0
    rows = {row.candle.time: row for row in map(_row, value)}
    if any(candle.market != pair for candle in value) or len(rows) < len(value):
        raise Broken(NoData("candles of another market, or twice of one moment"))
    own = [rows[time] for time in sorted(rows) if start <= time < to]
    return [row for row in own if not now or row.candle.time + seconds <= now]


def _row(candle: Candle) -> Row:
    return Row(market_candle(candle), candle.candle_acc_trade_price)
