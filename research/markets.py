"""Owns what the kernel is given of the markets: their columns, and their price units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.market.candles import PRICES, CandleSeries
from core.market.mapped import let_go
from core.market.pairs import names
from core.market.tick_size import CHANGES, grid
from core.strategy import Signals
from research.kernel import layout as at
from research.kernel.layout import Ints
from research.unsupported import Unsupported

HIGHEST = 2**60  # units of 1e-8: 11,529 million won
HELD = "prices above 0, up to 11,529 million won, up to 8 decimals"
_EPOCH, _DAY, _KOREA = date(1970, 1, 1).toordinal(), 86400, 9 * 3600
DAYS = (date.min, *CHANGES)


class Markets(Struct, frozen=True, eq=False):
    """Tapes in the order in which pairs are taken, ready to be played under any signals."""

    candle_series: tuple[CandleSeries, ...]
    counts: Ints
    bands: Ints
    periods: Ints


class Columns(Struct, frozen=True, eq=False):
    """Where the kernel finds what; the addresses hold as long as the arrays live."""

    addresses: Ints
    arrays: tuple[NDArray[np.generic], ...]


def markets_of(candle_series: Sequence[CandleSeries], startup: int) -> Markets:
    """The markets of these tapes. Raises Unplayable for prices that the kernel cannot hold."""
    for series in candle_series:
        _refuse(series)
        let_go([series])
    counts = [(len(t.time), startup - 1, 10 ** (at.PLACES - t.price_places)) for t in candle_series]
    bands = [_bands(series.pair) for series in candle_series]
    longest = max((len(table) for tables in bands for table in tables), default=0)
    padded = [[t + [(0, 1)] * (longest - len(t)) for t in tables] for tables in bands]
    return Markets(
        tuple(candle_series),
        np.array(counts, dtype=np.int64).reshape(-1, 3),
        np.array(padded, dtype=np.int64).reshape(-1, len(DAYS), longest, 2),
        np.array([_begins(day) for day in DAYS], dtype=np.int64),
    )


def columns_of(
    markets: Markets, signals: Sequence[Signals], blacklist: Sequence[str] = ()
) -> Columns:
    """The columns under these signals; pairs of the blacklist are never entered.

    ValueError for signals that are not one truth a candle.
    """
    arrays: list[NDArray[np.generic]] = []
    for series, said in zip(markets.candle_series, signals, strict=True):
        entry = np.zeros_like(said.entry) if names(blacklist, series.pair) else said.entry
        _check(series, {"entry": entry, "exit": said.exit})
        prices = [getattr(series, name) for name in PRICES]
        arrays += [np.ascontiguousarray(a) for a in (series.time, *prices, entry, said.exit)]
    places = [array.__array_interface__["data"][0] for array in arrays]
    return Columns(np.array(places, dtype=np.int64).reshape(-1, at.COLUMNS), tuple(arrays))


def _check(series: CandleSeries, given: dict[str, NDArray[np.bool_]]) -> None:
    for name, array in given.items():
        if array.dtype != np.bool_ or array.shape != series.time.shape:
            found, needed = f"{array.dtype}{array.shape}", f"bool{series.time.shape}"
            raise ValueError(f"{series.pair}: {name} is {found}, not {needed}: one truth a candle")


def _refuse(series: CandleSeries) -> None:
    if not len(series.time):
        return
    where = f"recording of {series.pair}"
    if series.price_places > at.PLACES:
        raise Unsupported(f"prices of {series.price_places} decimals", where, HELD)
    highest = max(int(getattr(series, name).max()) for name in PRICES)
    if highest * 10 ** (at.PLACES - series.price_places) > HIGHEST:
        price = Decimal(highest).scaleb(-series.price_places)
        raise Unsupported(f"a price of {price:,f} won", where, HELD)
    if min(int(getattr(series, name).min()) for name in PRICES) <= 0:
        raise Unsupported("a price of 0", where, HELD)


def _bands(pair: str) -> list[list[tuple[int, int]]]:
    """In each period the pair's price units, in 1e-8."""
    tables = [grid(day, pair) for day in DAYS]
    return [[(int(low * at.UNIT), int(tick * at.UNIT)) for low, tick in t] for t in tables]


def _begins(day: date) -> int:
    """The first moment of a day in Korea; of the first day of all, before every candle."""
    return -at.LAST if day == date.min else (day.toordinal() - _EPOCH) * _DAY - _KOREA
