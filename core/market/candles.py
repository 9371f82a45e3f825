"""Candles in columns: floats for indicators, and the exact record that money is decided on.

A ``CandleSeries`` keeps what was recorded exactly, as integers: a price is
``open[i] / 10**price_places``. Six 8-byte columns hold a million candles in 48 MB, where Decimals
would take 600. The Decimals of one candle are made when somebody asks for it; the float columns
when a strategy looks. A volume, which only informs, is cut to the decimals that fit beside the
largest; a price never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from messages.market import Candle

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRICES = ("open", "high", "low", "close")
COLUMNS = ("time", *PRICES, "volume")
EXACT_IN_FLOAT = 2**53
LARGEST = 2**63 - 1


class Candles(Struct, frozen=True, eq=False):
    """Columns of one pair, oldest first, all of one length; they inform, they never balance.

    ``time`` is each candle's start in epoch seconds, prices are KRW, ``volume`` is in the coin.
    """

    time: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats


class CandleSeries(Struct, frozen=True, eq=False):
    """The exact record of one pair: scaled integers, times strictly rising, gaps left as gaps."""

    pair: str
    seconds: int
    price_places: int
    volume_places: int
    time: Ints
    open: Ints
    high: Ints
    low: Ints
    close: Ints
    volume: Ints


def trimmed(series: CandleSeries) -> CandleSeries:
    """The same record with the fewest decimals that hold it, so equal records have equal bytes."""
    price_places = _places_needed([getattr(series, name) for name in PRICES], series.price_places)
    volume_places = _places_needed([series.volume], series.volume_places)
    return _at_places(series, price_places, volume_places)


def series_of(pair: str, seconds: int, candles: Sequence[Candle]) -> CandleSeries:
    """The tape of these candles; ValueError if a price has more digits than 64 bits hold."""
    prices = [(c.open, c.high, c.low, c.close) for c in candles]
    price_places = max((_decimals(p) for row in prices for p in row), default=0)
    volume_places = max((_decimals(c.volume) for c in candles), default=0)
    most = max((c.volume for c in candles), default=Decimal(0))
    while most.scaleb(volume_places) > LARGEST:
        volume_places -= 1
    rows = [[_scaled(p, price_places) for p in row] for row in prices]
    volume = [int(c.volume.scaleb(volume_places)) for c in candles]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T.copy()
    return trimmed(
        CandleSeries(
            pair,
            seconds,
            price_places,
            volume_places,
            time=np.array([c.time for c in candles], dtype=np.int64),
            **dict(zip(PRICES, columns, strict=True)),
            volume=np.array(volume, dtype=np.int64),
        )
    )


def candle_at(series: CandleSeries, index: int) -> Candle:
    """One candle with its exact Decimals, each in its shortest spelling."""
    places = series.price_places
    return Candle(
        int(series.time[index]),
        _decimal(int(series.open[index]), places),
        _decimal(int(series.high[index]), places),
        _decimal(int(series.low[index]), places),
        _decimal(int(series.close[index]), places),
        _decimal(int(series.volume[index]), series.volume_places),
    )


def columns(series: CandleSeries) -> Candles:
    """What a strategy sees: the floats nearest to the exact numbers."""
    prices = {name: _floats(getattr(series, name), series.price_places) for name in PRICES}
    return Candles(series.time, **prices, volume=_floats(series.volume, series.volume_places))


def candles_of(candles: Sequence[Candle]) -> Candles:
    """The float columns of single candles: equal, to the bit, to those of their tape."""
    floats = {
        name: np.array([float(getattr(c, name)) for c in candles], dtype=np.float64)
        for name in COLUMNS[1:]
    }
    return Candles(np.array([c.time for c in candles], dtype=np.int64), **floats)


def window(candles: Candles, start: int, stop: int) -> Candles:
    """The rows from ``start`` up to but not including ``stop``, as views."""
    return Candles(*(getattr(candles, name)[start:stop] for name in COLUMNS))


def with_next(candles: Candles, candle: Candle, keep: int) -> Candles:
    """The columns with one candle more at their end, cut to the last ``keep``."""
    return Candles(
        *(
            np.append(getattr(candles, name), np.asarray(getattr(candle, name), dtype=kind))[-keep:]
            for name, kind in zip(COLUMNS, (np.int64, *[np.float64] * 5), strict=True)
        )
    )


def merged(candles: Candles, more: Sequence[Candle], keep: int) -> Candles:
    """The columns with candles put in at their times, a later telling winning; the last ``keep``.

    ``more`` is in the order of its times, which the columns need not end before.
    """
    if len(more) == 1 and (not len(candles.time) or more[0].time > candles.time[-1]):
        return with_next(candles, more[0], keep)
    new = candles_of(more)
    told = {int(time): row for row, time in enumerate((*candles.time, *new.time))}
    rows = [told[time] for time in sorted(told)][-keep:]
    return Candles(
        *(np.concatenate([getattr(candles, name), getattr(new, name)])[rows] for name in COLUMNS)
    )


def part(series: CandleSeries, start: int, stop: int) -> CandleSeries:
    """The candles from index ``start`` up to but not including ``stop``, as views."""
    return structs.replace(series, **{name: getattr(series, name)[start:stop] for name in COLUMNS})


def between(series: CandleSeries, start: int, stop: int, history: int = 0) -> CandleSeries:
    """The candles that start in [start, stop) (epoch seconds), and up to ``history`` before."""
    first, last = np.searchsorted(series.time, [start, stop])
    return part(series, max(0, int(first) - history), int(last))


def joined(candle_series: Sequence[CandleSeries]) -> CandleSeries:
    """Tapes of one pair, one after the other; the caller has seen to it that they are in order."""
    price_places = max(series.price_places for series in candle_series)
    volume_places = max(series.volume_places for series in candle_series)
    tops = [(int(t.volume.max()), t.volume_places) for t in candle_series if len(t.time)]
    while any(top * 10**volume_places > LARGEST * 10**places for top, places in tops):
        volume_places -= 1
    alike = [_at_places(series, price_places, volume_places) for series in candle_series]
    rows = {name: np.concatenate([getattr(series, name) for series in alike]) for name in COLUMNS}
    return trimmed(structs.replace(alike[0], **rows))


def rescaled(values: Ints, by: int) -> Ints:
    """Scaled integers with ``by`` decimals more, or fewer where those are all zero."""
    if by <= 0:
        return values if by == 0 else values // 10**-by
    if len(values) and int(np.abs(values).max()) * 10**by > LARGEST:
        raise ValueError("a column holds numbers of more than 18 digits in all")
    return values * np.int64(10**by)


def _at_places(series: CandleSeries, price_places: int, volume_places: int) -> CandleSeries:
    if (price_places, volume_places) == (series.price_places, series.volume_places):
        return series
    by = price_places - series.price_places
    return structs.replace(
        series,
        price_places=price_places,
        volume_places=volume_places,
        volume=rescaled(series.volume, volume_places - series.volume_places),
        **{name: rescaled(getattr(series, name), by) for name in PRICES},
    )


def _places_needed(arrays: Sequence[Ints], places: int) -> int:
    spare = 0
    while spare < places and not any((a % 10 ** (spare + 1)).any() for a in arrays):
        spare += 1
    return places - spare


def _floats(values: Ints, places: int) -> Floats:
    """Correctly rounded: both operands of the division are exact, except beyond 2**53."""
    result = values / np.float64(10**places)
    for index in np.flatnonzero(np.abs(values) > EXACT_IN_FLOAT):
        result[index] = int(values[index]) / 10**places  # Python rounds a ratio of integers once
    return result


def _decimal(value: int, places: int) -> Decimal:
    while places and value % 10 == 0:
        value, places = value // 10, places - 1
    return Decimal(value).scaleb(-places)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _scaled(number: Decimal, places: int) -> int:
    scaled = int(number.scaleb(places))
    if abs(scaled) > LARGEST:
        raise ValueError(f"{number} has more digits than a recording holds (18 in all)")
    return scaled
