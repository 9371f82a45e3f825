"""Owns what the kernel is given of the markets: their columns, and their price units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.market.candles import PRICES, Tape
from core.market.mapped import let_go
from core.market.pairs import names
from core.market.tick_size import CHANGES, grid
from core.strategy import Signals
from research.kernel import layout as at
from research.kernel.layout import Ints
from research.unsupported import Unplayable

HIGHEST = 2**60  # units of 1e-8: 11,529 million won
HELD = "prices above 0, up to 11,529 million won, up to 8 decimals"
_EPOCH, _DAY, _KOREA = date(1970, 1, 1).toordinal(), 86400, 9 * 3600
DAYS = (date.min, *CHANGES)


class Markets(Struct, frozen=True, eq=False):
    """Tapes in the order in which pairs are taken, ready to be played under any signals."""

    tapes: tuple[Tape, ...]
    counts: Ints
    bands: Ints
    periods: Ints


class Columns(Struct, frozen=True, eq=False):
    """Where the kernel finds what; the addresses hold as long as the arrays live."""

    addresses: Ints
    arrays: tuple[NDArray[np.generic], ...]


def markets_of(tapes: Sequence[Tape], startup: int) -> Markets:
    """The markets of these tapes. Raises Unplayable for prices that the kernel cannot hold."""
    for tape in tapes:
        _refuse(tape)
        let_go([tape])
    counts = [(len(t.time), startup - 1, 10 ** (at.PLACES - t.price_places)) for t in tapes]
    bands = [_bands(tape.pair) for tape in tapes]
    longest = max((len(table) for tables in bands for table in tables), default=0)
    padded = [[t + [(0, 1)] * (longest - len(t)) for t in tables] for tables in bands]
    return Markets(
        tuple(tapes),
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
    for tape, said in zip(markets.tapes, signals, strict=True):
        entry = np.zeros_like(said.entry) if names(blacklist, tape.pair) else said.entry
        _check(tape, {"entry": entry, "exit": said.exit})
        prices = [getattr(tape, name) for name in PRICES]
        arrays += [np.ascontiguousarray(a) for a in (tape.time, *prices, entry, said.exit)]
    places = [array.__array_interface__["data"][0] for array in arrays]
    return Columns(np.array(places, dtype=np.int64).reshape(-1, at.COLUMNS), tuple(arrays))


def _check(tape: Tape, given: dict[str, NDArray[np.bool_]]) -> None:
    for name, array in given.items():
        if array.dtype != np.bool_ or array.shape != tape.time.shape:
            found, needed = f"{array.dtype}{array.shape}", f"bool{tape.time.shape}"
            raise ValueError(f"{tape.pair}: {name} is {found}, not {needed}: one truth a candle")


def _refuse(tape: Tape) -> None:
    if not len(tape.time):
        return
    where = f"recording of {tape.pair}"
    if tape.price_places > at.PLACES:
        raise Unplayable(f"prices of {tape.price_places} decimals", where, HELD)
    highest = max(int(getattr(tape, name).max()) for name in PRICES)
    if highest * 10 ** (at.PLACES - tape.price_places) > HIGHEST:
        price = Decimal(highest).scaleb(-tape.price_places)
        raise Unplayable(f"a price of {price:,f} won", where, HELD)
    if min(int(getattr(tape, name).min()) for name in PRICES) <= 0:
        raise Unplayable("a price of 0", where, HELD)


def _bands(pair: str) -> list[list[tuple[int, int]]]:
    """In each period the pair's price units, in 1e-8."""
    tables = [grid(day, pair) for day in DAYS]
    return [[(int(low * at.UNIT), int(tick * at.UNIT)) for low, tick in t] for t in tables]


def _begins(day: date) -> int:
    """The first moment of a day in Korea; of the first day of all, before every candle."""
    return -at.LAST if day == date.min else (day.toordinal() - _EPOCH) * _DAY - _KOREA
