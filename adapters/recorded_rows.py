"""The rows of a recording, checked and turned into exact columns, many at a time.

A column is checked as one text by one pattern and converted in one sweep; only when that fails is
it gone through row by row, to accept an unusual spelling (``1.5E-3``) or to name what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.market.candles import LARGEST, PRICES, CandleSeries, Ints, rescaled
from messages.config import TIMEFRAMES

COLUMNS = ("market", "unit", "timestamp_utc", *PRICES, "volume")
DIGITS_MOST = 18

_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:\t[0-9]+(?:\.[0-9]+)?)*")
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_TIMES = re.compile(f"{_TIME}(?:\t{_TIME})*")
_PAIR = re.compile(r"KRW-[A-Z0-9]{1,20}")


class RecordingError(ValueError):
    """A recording that cannot be used: names the file, the line, the column, what is allowed."""


class Rows(Struct, frozen=True):
    """Some rows of one file: their columns by name, the file, and the first one's line.

    ``lines``: each one's, where they do not follow each other; ``word``: what they are called.
    """

    where: str
    line: int
    columns: dict[str, Sequence[str]]
    lines: Sequence[int] = ()
    word: str = "line"

    def refusal(self, index: int, column: str, problem: str) -> RecordingError:
        """The error that names this cell."""
        place = self.lines[index] if self.lines else self.line + index
        return RecordingError(f"{self.where}, {self.word} {place}, {column}: {problem}")


def tapes_of(rows: Rows, unit: str, last: dict[str, int]) -> list[CandleSeries]:
    """A tape for each pair in these rows; ``last`` is the newest time of each pair before them.

    RecordingError for what is not a candle: see the module's tests for the list.
    """
    seconds = TIMEFRAMES[unit]
    _check_unit(rows, unit)
    time = _times(rows)
    for index in np.flatnonzero(time % seconds)[:1]:
        text = rows.columns["timestamp_utc"][index]
        raise rows.refusal(int(index), "timestamp_utc", f"{text} does not begin a {unit} candle")
    prices, price_places = _prices(rows)
    volume, volume_places = _numbers(rows, "volume")
    candle_series = []
    for pair, chosen in _by_pair(rows):
        _check_order(rows, pair, time, chosen, last.get(pair))
        candle_series.append(
            CandleSeries(
                pair,
                seconds,
                price_places,
                volume_places,
                time=time[chosen],
                **{name: column[chosen] for name, column in prices.items()},
                volume=volume[chosen],
            )
        )
    return candle_series


def _check_unit(rows: Rows, unit: str) -> None:
    units = rows.columns["unit"]
    if set(units) == {unit}:
        return
    index = next(i for i, other in enumerate(units) if other != unit)
    raise rows.refusal(
        index, "unit", f"{units[index]!r} among candles of {unit}; a replay takes one length"
    )


def _times(rows: Rows) -> Ints:
    texts = rows.columns["timestamp_utc"]
    if _alike(texts, _TIMES):
        try:
            plain = np.array([text[:19] for text in texts], dtype="datetime64[s]")
            return plain.astype(np.int64)
        except ValueError:
            pass  # the 30th of February: found below
    for index, text in enumerate(texts):
        try:
            datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            problem = f"{text!r} is no UTC time like 2025-09-01T00:00:00Z"
            raise rows.refusal(index, "timestamp_utc", problem) from None
    raise rows.refusal(0, "timestamp_utc", "times must look like 2025-09-01T00:00:00Z")


def _prices(rows: Rows) -> tuple[dict[str, Ints], int]:
    """The four price columns at one scale, their order within each candle checked."""
    read = {name: _numbers(rows, name) for name in PRICES}
    places = max(own for _, own in read.values())
    try:
        prices = {name: rescaled(values, places - own) for name, (values, own) in read.items()}
    except ValueError:
        raise rows.refusal(0, "open", f"prices need more than {DIGITS_MOST} digits") from None
    opens, highs, lows, closes = (prices[name] for name in PRICES)
    wrong = {
        "low": (lows <= 0, "a price must be above 0"),
        "high": (highs < lows, "high is below low"),
        "high ": (highs < np.maximum(opens, closes), "high is below open or close"),
        "low ": (lows > np.minimum(opens, closes), "low is above open or close"),
    }
    for name, (where, problem) in wrong.items():
        for index in np.flatnonzero(where)[:1]:
            texts = ", ".join(f"{n} {rows.columns[n][index]}" for n in PRICES)
            raise rows.refusal(int(index), name.strip(), f"{problem} ({texts})")
    return prices, places


def _numbers(rows: Rows, column: str) -> tuple[Ints, int]:
    """A column as integers and the number of decimals they are scaled by."""
    texts = rows.columns[column]
    if _alike(texts, _NUMBERS):
        if not any("." in text for text in texts):
            return _packed(rows, column, [int(text) for text in texts]), 0
        cut = [text.partition(".") for text in texts]
    else:
        spelled = (_plain(rows, index, column, text) for index, text in enumerate(texts))
        cut = [text.partition(".") for text in spelled]
    places = max(len(decimals) for _, _, decimals in cut)
    values = [int(head + decimals.ljust(places, "0")) for head, _, decimals in cut]
    if column == "volume":  # it only informs: what does not fit in 64 bits is cut off
        while max(values) > LARGEST and places:
            values, places = [value // 10 for value in values], places - 1
    return _packed(rows, column, values), places


def _alike(texts: Sequence[str], pattern: re.Pattern[str]) -> bool:
    """Whether every cell is one of the pattern's; a cell with a tab in it would pass as two."""
    whole = "\t".join(texts)
    return whole.count("\t") < len(texts) and pattern.fullmatch(whole) is not None


def _packed(rows: Rows, column: str, values: list[int]) -> Ints:
    largest = max(values)
    if largest > LARGEST:
        index = values.index(largest)
        text = rows.columns[column][index]
        raise rows.refusal(index, column, f"{text} needs more than {DIGITS_MOST} digits in all")
    return np.array(values, dtype=np.int64)


def _plain(rows: Rows, index: int, column: str, text: str) -> str:
    """A number without exponent; RecordingError if it is none, not finite or negative."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or not text.isascii() or "_" in text:
        problem = f"{text!r} is not a finite number of 0 or more"
        raise rows.refusal(index, column, problem)
    if number and abs(number.adjusted()) > DIGITS_MOST:
        raise rows.refusal(index, column, f"{text} is out of any market's range")
    return f"{number:f}"


def _by_pair(rows: Rows) -> list[tuple[str, slice | NDArray[np.intp]]]:
    markets = rows.columns["market"]
    pairs = sorted(set(markets))
    for pair in pairs:
        if not _PAIR.fullmatch(pair):
            index = markets.index(pair)
            raise rows.refusal(index, "market", f"{pair!r} is no KRW market like KRW-BTC")
    if len(pairs) == 1:
        return [(pairs[0], slice(None))]
    names = np.array(markets)
    return [(pair, np.flatnonzero(names == pair)) for pair in pairs]


def _check_order(
    rows: Rows, pair: str, time: Ints, chosen: slice | NDArray[np.intp], last: int | None
) -> None:
    """Times of a pair must rise, within these rows and from those before."""
    own = time[chosen]
    before = np.concatenate(([own[0] - 1 if last is None else last], own[:-1]))
    for index in np.flatnonzero(own <= before)[:1]:
        row = int(np.arange(len(time))[chosen][index])
        text = rows.columns["timestamp_utc"][row]
        told = "a second candle of" if own[index] == before[index] else "goes back in time for"
        raise rows.refusal(row, "timestamp_utc", f"{text}: {told} {pair}; times must rise")
