"""A table of candles turned into a recording's columns, whatever its own are called.

Known are pyupbit's ``to_csv`` (an index of KST times), Upbit's own candles, freqtrade's data, and
what is alike. A market or a length that the table does not tell is read off the file's name, the
length also off the times; a table that is newest first, as Upbit's answers are, is turned round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from adapters.recorded_rows import COLUMNS, RecordingError, Rows
from adapters.tables.names import market_of, unit_of
from adapters.tables.times import TIMES, iso, zone_of
from core.market.candles import PRICES
from messages.config import TIMEFRAMES

UNITS = {seconds: unit for unit, seconds in TIMEFRAMES.items()}
NAMES = {  # ours: what others call it
    "open": ("open", "opening_price"),
    "high": ("high", "high_price"),
    "low": ("low", "low_price"),
    "close": ("close", "trade_price"),
    "volume": ("volume", "candle_acc_trade_volume"),
}
MARKETS, LENGTHS = ("market", "pair", "symbol"), ("unit", "timeframe", "interval")
OF_A_DAY = "prev_closing_price"  # only Upbit's candles of days have it
SHOWN = 200  # characters of what a file has
_FIGURE = re.compile(r"-?[0-9][0-9:., TZz+-]*(e[+-]?[0-9]+)?", re.I)  # a number or a moment


class Table(Struct, frozen=True):
    """Rows of texts under a header; ``lines``: the place of each in its file, ``word`` its kind."""

    path: Path
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    word: str = "line"


def is_foreign(header: Sequence[str]) -> bool:
    """Whether a header is not a recording's own, and tells the figures of candles all the same."""
    return not {*COLUMNS} <= {*header} and {*NAMES, "time"} <= _places(header).keys()


def standard(table: Table) -> Rows:
    """All rows as a recording's columns. RecordingError for what cannot be known."""
    places = _places(table.header)
    time = table.header[places["time"]]
    shaped = _turned(table, places["time"])
    found: dict[str, Sequence[str]] = {
        name: _column(shaped, places[name]) for name in (*PRICES, "volume")
    }
    rows = Rows(str(table.path), 2, found, shaped.lines, table.word)
    found["timestamp_utc"] = _times(rows, _column(shaped, places["time"]), _plain(time))
    found["market"] = _markets(shaped, places)
    found["unit"] = _units(shaped, places, found["timestamp_utc"])
    return rows


def _plain(cell: str) -> str:
    return cell.strip().strip("\ufeff").lower()


def _places(header: Sequence[str]) -> dict[str, int]:
    """Where each column of ours is, among those that are there."""
    where = {_plain(cell): place for place, cell in reversed([*enumerate(header)])}
    groups: Mapping[str, Sequence[str]] = {
        **NAMES, "market": MARKETS, "unit": LENGTHS, "time": TIMES, "day": (OF_A_DAY,)
    }  # fmt: skip
    found = {}
    for ours, names in groups.items():
        if known := [where[name] for name in names if name in where]:
            found[ours] = known[0]
    return found


def _column(table: Table, place: int) -> list[str]:
    return [row[place].strip() for row in table.rows]


def _turned(table: Table, time: int) -> Table:
    """Oldest first. Texts of one form are as their moments are."""
    first, last = table.rows[0][time], table.rows[-1][time]
    if first <= last:
        return table
    rows, lines = table.rows[::-1], table.lines[::-1]
    return Table(table.path, table.header, rows, lines, table.word)


def _times(rows: Rows, texts: Sequence[str], column: str) -> list[str]:
    zone, found = zone_of(column), []
    for index, text in enumerate(texts):
        try:
            found.append(iso(text, zone))
        except (ValueError, OverflowError, OSError) as error:
            raise rows.refusal(index, column or "index", str(error)) from None
    return found


def _markets(table: Table, places: Mapping[str, int]) -> list[str]:
    if "market" in places:
        return [_market(text) for text in _column(table, places["market"])]
    market = market_of(table.path)
    if not market:
        raise RecordingError(
            f"{table.path}, {table.word} 1: has no column 'market', and its name tells none; "
            f"call the file KRW-BTC_1m{''.join(table.path.suffixes)[-20:]}"
        )
    return [market] * len(table.rows)


def _market(text: str) -> str:
    """BTC/KRW is KRW-BTC, in capitals or not; what is neither is told as it stands."""
    coin, slash, quote = text.upper().partition("/")
    if slash and quote == "KRW":
        return f"KRW-{coin}"
    return text.upper() if text.upper().startswith("KRW-") else text


def _units(table: Table, places: Mapping[str, int], times: Sequence[str]) -> list[str]:
    if "unit" in places:
        texts = _column(table, places["unit"])
        return [UNITS.get(60 * int(t), t) if t.isdecimal() else t for t in texts]
    unit = unit_of(table.path) or ("1d" if "day" in places else _by_distance(times))
    if not unit:
        raise RecordingError(
            f"{table.path}, {table.word} 1: has no column 'unit', and neither its name nor its "
            f"times tell one of {', '.join(TIMEFRAMES)}; call the file KRW-BTC_1m"
            f"{''.join(table.path.suffixes)[-20:]}"
        )
    return [unit] * len(times)


def _by_distance(times: Sequence[str]) -> str:
    """The length of candles that follow each other: the least distance of two of them.

    A doubled row and one out of order tell no length of their own: they are named as what they are.
    """
    moments = sorted({int(datetime.fromisoformat(time).timestamp()) for time in times})
    steps = [later - sooner for sooner, later in pairwise(moments)]
    return UNITS.get(min(steps, default=0), "")


def missing(path: Path, header: Sequence[str]) -> RecordingError:
    """What is said of a table that tells no candles: which of their figures it lacks."""
    shown = ", ".join(header)[:SHOWN]
    allowed = f"{','.join(COLUMNS)},value"
    if any(_FIGURE.fullmatch(_plain(cell)) for cell in header):
        return RecordingError(
            f"{path}, line 1: is a row of figures ({shown}) where the names of columns belong; "
            f"put them before it: {allowed}"
        )
    places = _places(header)
    if not {*NAMES} & places.keys():
        return RecordingError(
            f"{path}, line 1: is no table of candles; it has {shown}; a recording has {allowed}"
        )
    wanted = {"time": "timestamp_utc", **{name: name for name in (*PRICES, "volume")}}
    lost = [repr(column) for name, column in wanted.items() if name not in places]
    names = ("columns " if len(lost) > 1 else "column ") + ", ".join(lost)
    return RecordingError(
        f"{path}, line 1: has no {names}; it has {shown}; a recording has {allowed}"
    )
