"""Recordings of a market: CSV files, packed or not, read into tapes and written from them.

Columns: ``market,unit,timestamp_utc,open,high,low,close,volume,value``. The time is the candle's
start (``2025-09-01T00:00:00Z``), volume is in the coin, value may be empty and is not read. Every
number is kept exactly as written. A file is read in pieces, so memory is bounded by the tapes.
Tables of other programs (adapters/tables) are read whole.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TextIO

import numpy as np

from adapters.archive.columns import tapes_in
from adapters.compression import (
    ARROW,
    BROKEN,
    NoRecording,
    TooLarge,
    broken,
    content_of,
    kind_of,
    text_of,
)
from adapters.recorded_rows import COLUMNS, RecordingError, Rows, tapes_of
from adapters.tables import arrow_rows, csv_rows, json_rows
from adapters.tables.csv_rows import ROWS
from adapters.tables.standard import standard
from core.market.candles import COLUMNS as TAPE_COLUMNS
from core.market.candles import PRICES, CandleSeries, Ints, between, joined
from core.market.mapped import let_go
from messages.config import TIMEFRAMES

HEADER = (*COLUMNS, "value")
UNITS = {seconds: unit for unit, seconds in TIMEFRAMES.items()}
PEEKED = 64  # bytes that tell what a text is
_JSON = re.compile(r"\.json(\.\w{2,4})*$", re.I)  # a name, its packing behind it


def read(paths: Iterable[Path | str]) -> list[CandleSeries]:
    """The tapes of these files together, one a pair, sorted by pair.

    Several files of one pair are joined in time order. A folder is an archive, whose tapes stay
    where they are. RecordingError names the file, the line, the column and what is allowed.
    """
    found: dict[str, list[tuple[CandleSeries, Path]]] = {}
    for path in map(Path, paths):
        for series in tapes_in(path) if path.is_dir() else _read_file(path):
            found.setdefault(series.pair, []).append((series, path))
    if not found:
        raise RecordingError("no recording was named; give at least one file")
    _check_lengths(found)
    return [_joined(found.pop(pair)) for pair in sorted(found)]


def write(path: Path | str, candle_series: Sequence[CandleSeries]) -> None:
    """Write tapes as one recording; the same tapes give the same bytes. OSError as it comes."""
    path = Path(path)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        packed.write((",".join(HEADER) + "\n").encode())
        for series in candle_series:
            for start in range(0, len(series.time), ROWS):
                packed.write("".join(_lines(series, start, start + ROWS)).encode())
    os.replace(part, path)  # a half-written recording never bears the name


def digest(candle_series: Sequence[CandleSeries]) -> str:
    """sha256 of what was recorded, whatever files it came in: names a recording."""
    total = hashlib.sha256()
    for series in sorted(candle_series, key=lambda series: series.pair):
        places = f"{series.price_places},{series.volume_places}"
        total.update(f"{series.pair},{series.seconds},{len(series.time)},{places}\n".encode())
        for name in TAPE_COLUMNS:
            total.update(np.ascontiguousarray(getattr(series, name), dtype="<i8").data)
        let_go([series])
    return total.hexdigest()


def within(
    candle_series: Sequence[CandleSeries], timerange: str, history: int = 0
) -> list[CandleSeries]:
    """The candles in a range of UTC days, with up to ``history`` candles of each pair before it.

    ``timerange`` is freqtrade's: "20250901-20250910", "20250901-", "-20250910", or epoch seconds
    or milliseconds in the place of days. The end is excluded.
    """
    start, stop = _range(timerange)
    cut = [between(series, start, stop, history) for series in candle_series]
    kept = [series for series in cut if len(series.time) and series.time[-1] >= start]
    if not kept:
        raise RecordingError(
            f"timerange {timerange}: the recording has no candle in it; {spanned(candle_series)}"
        )
    return kept


def spanned(candle_series: Sequence[CandleSeries]) -> str:
    """From when to when candles were recorded, in words: the starts of the first and the last."""
    ends = [
        int(series.time[place]) for series in candle_series if len(series.time) for place in (0, -1)
    ]
    if not ends:
        return "it holds none at all"
    first, last = _iso(np.array([min(ends), max(ends)]))
    return f"its candles begin {first} to {last}"


def _read_file(path: Path) -> list[CandleSeries]:
    pieces: dict[str, list[CandleSeries]] = {}
    last: dict[str, int] = {}
    unit = ""
    try:
        for rows in _rows(path):
            unit = unit or _unit(rows)
            for series in tapes_of(rows, unit, last):
                pieces.setdefault(series.pair, []).append(series)
                last[series.pair] = int(series.time[-1])
    except BROKEN as error:
        told = broken(error, kind_of(path))
        raise RecordingError(f"{path}: {told} ({error}); fetch or make it again") from error
    except (TooLarge, NoRecording) as error:
        raise RecordingError(f"{path}: {error}") from None
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise RecordingError(f"{path}: is not UTF-8 CSV: {error}") from error
    if not pieces:
        raise RecordingError(f"{path}: holds no candle")
    try:
        return [joined(pieces.pop(pair)) for pair in list(pieces)]
    except ValueError as error:
        raise RecordingError(f"{path}: {error}") from error


def _rows(path: Path) -> Iterator[Rows]:
    """A file's rows as columns by name, of whatever kind it is."""
    content, kind = content_of(path)
    with content:
        if kind in ARROW:
            yield standard(arrow_rows.table_of(path, kind, content))
            return
        start = content.peek(PEEKED)[:PEEKED].removeprefix(codecs.BOM_UTF8).lstrip()
        with text_of(content) as file:
            text = file if start else _unless_empty(path, file)
            if start[:1] == b"<":
                raise RecordingError(
                    f"{path}: is a web page and no recording; fetch the file itself"
                )
            if start[:1] in (b"[", b"{") or (b"," not in start and _JSON.search(path.name)):
                yield standard(json_rows.table_of(path, text))
            else:
                yield from csv_rows.pieces(path, text)


def _unless_empty(path: Path, file: TextIO) -> TextIO:
    """All of a text that begins with blanks; RecordingError where there is nothing else."""
    text = file.read().lstrip()
    if not text:
        raise RecordingError(f"{path}: is empty; fetch or make it again")
    return StringIO(text, newline="")


def _unit(rows: Rows) -> str:
    unit = rows.columns["unit"][0]
    if unit not in TIMEFRAMES:
        raise rows.refusal(0, "unit", f"{unit!r} is not one of {', '.join(TIMEFRAMES)}")
    return unit


def _check_lengths(found: dict[str, list[tuple[CandleSeries, Path]]]) -> None:
    every = [entry for entries in found.values() for entry in entries]
    first, origin = every[0]
    for series, path in every:
        if series.seconds != first.seconds:
            raise RecordingError(
                f"{path}, unit: {UNITS[series.seconds]} beside {UNITS[first.seconds]} in {origin}; "
                "a replay takes one candle length"
            )


def _joined(entries: list[tuple[CandleSeries, Path]]) -> CandleSeries:
    """One pair's files one after the other; their spans must not overlap."""
    entries.sort(key=lambda entry: int(entry[0].time[0]))
    for (before, origin), (after, path) in pairwise(entries):
        if after.time[0] <= before.time[-1]:
            both = np.intersect1d(before.time, after.time)
            when = _iso(both[:1] if len(both) else after.time[:1])[0]
            told = "duplicate time" if len(both) else "unordered times"
            raise RecordingError(
                f"{path}: {told} {when} of {after.pair}: {origin} covers it too; "
                "name files whose spans do not overlap"
            )
    candle_series = [series for series, _ in entries]
    return candle_series[0] if len(candle_series) == 1 else joined(candle_series)


def _lines(series: CandleSeries, start: int, stop: int) -> Iterator[str]:
    prices = [_texts(getattr(series, n)[start:stop], series.price_places) for n in PRICES]
    volume = _texts(series.volume[start:stop], series.volume_places)
    head = f"{series.pair},{UNITS[series.seconds]}"
    for time, *rest in zip(_iso(series.time[start:stop]), *prices, volume, strict=True):
        yield f"{head},{time},{','.join(rest)},\n"


def _texts(values: Ints, places: int) -> list[str]:
    if not places:
        return [str(value) for value in values.tolist()]
    cut = [divmod(value, 10**places) for value in values.tolist()]
    return [f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".") for whole, rest in cut]


def _iso(times: Ints) -> list[str]:
    return [f"{text}Z" for text in np.datetime_as_string(times.astype("datetime64[s]")).tolist()]


def _range(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{8}|\d{10}|\d{13})?-(\d{8}|\d{10}|\d{13})?", text, re.ASCII)
    try:
        if not found or text == "-":
            raise ValueError
        start = _moment(found[1]) if found[1] else 0
        stop = _moment(found[2]) if found[2] else 2**62
        if start >= stop:
            raise ValueError
    except ValueError:
        raise RecordingError(
            f"timerange {text!r}: must look like 20250901-20250910, 20250901- or -20250910, "
            "the end after the start (UTC, the end excluded)"
        ) from None
    return start, stop


def _moment(digits: str) -> int:
    if len(digits) == 8:
        return int(datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).timestamp())
    return int(digits) if len(digits) == 10 else int(digits) // 1000
