"""Owns Upbit's price units: on which grid a KRW price lies, by its height, the day and the coin.

Tables and dates: docs/reference/upbit.md 4.3 and 4.4 (Upbit's changelog pages krw_tick_unit_change,
tick_unit_change, usdtkrw_tick_unit_change). Days are Korean, as Upbit's changes of them are.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

Table = tuple[tuple[Decimal, Decimal], ...]  # (lowest price of the band, its tick), highest first


def _table(rows: str, rest: str) -> Table:
    """Bands from lines "lowest:tick", and the tick of all below."""
    bands = tuple(row.split(":") for row in rows.split())
    return (*((Decimal(low), Decimal(tick)) for low, tick in bands), (Decimal(0), Decimal(rest)))


_HIGH = "2000000:1000 1000000:500 500000:100 100000:50 10000:10 "

_SINCE_2025 = _table(
    "1000000:1000 500000:500 100000:100 50000:50 10000:10 5000:5 100:1 10:0.1 1:0.01 0.1:0.001"
    " 0.01:0.0001 0.001:0.00001 0.0001:0.000001 0.00001:0.0000001",
    "0.00000001",
)
_SINCE_2024 = _table(
    _HIGH + "1000:1 100:0.1 10:0.01 1:0.001 0.1:0.0001 0.01:0.00001"
    " 0.001:0.000001 0.0001:0.0000001",
    "0.00000001",
)
_BEFORE = _table(_HIGH + "1000:5 100:1 10:0.1 1:0.01 0.1:0.001", "0.0001")

_START_2025, _START_2024 = date(2025, 7, 31), date(2024, 1, 29)

# Exceptions of the second period. Of the two dates that Upbit's pages give for the first one
# (10-01, 10-14) the earlier is taken: a price on the coarser grid is on the finer one as well.
_SIXTEEN = "ADA ALGO BLUR CELO ELF EOS GRS GRT ICX MANA MINA POL SAND SEI STG TRX"
_WHOLE_WON = frozenset(_SIXTEEN.split())
_WHOLE_WON_SINCE = date(2024, 10, 1)
_DOLLARS = frozenset(("USDT", "USDC"))
_DOLLARS_SINCE = date(2025, 3, 21)

CHANGES = (_START_2024, _WHOLE_WON_SINCE, _DOLLARS_SINCE, _START_2025)  # days of new units

_EPOCH = date(1970, 1, 1).toordinal()
_KOREA = 9 * 3600


def korean_day(at: float) -> date:
    """The day in Korea at this moment (epoch seconds)."""
    return date.fromordinal(_EPOCH + int(at + _KOREA) // 86400)


def tick_size(price: Decimal, day: date, pair: str = "") -> Decimal:
    """The unit of KRW prices of this height on that day; ``pair`` matters for a few coins only."""
    if day < _START_2024:
        return _of_band(_BEFORE, price)
    if day >= _START_2025:
        return _of_band(_SINCE_2025, price)
    coin = pair.removeprefix("KRW-")
    if coin in _WHOLE_WON and day >= _WHOLE_WON_SINCE and 100 <= price < 1000:
        return Decimal(1)
    if coin in _DOLLARS and day >= _DOLLARS_SINCE and 1000 <= price < 10000:
        return Decimal("0.5")
    return _of_band(_SINCE_2024, price)


def grid(day: date, pair: str = "") -> Table:
    """The same as a table: bands of (lowest price, tick), the highest first, down to price 0."""
    if day < _START_2024:
        return _BEFORE
    if day >= _START_2025:
        return _SINCE_2025
    coin = pair.removeprefix("KRW-")
    if coin in _WHOLE_WON and day >= _WHOLE_WON_SINCE:
        return tuple((low, Decimal(1) if low == 100 else tick) for low, tick in _SINCE_2024)
    if coin in _DOLLARS and day >= _DOLLARS_SINCE:
        return tuple((low, Decimal("0.5") if low == 1000 else tick) for low, tick in _SINCE_2024)
    return _SINCE_2024


def _of_band(table: Table, price: Decimal) -> Decimal:
    """ValueError for a price that is not above zero."""
    if not price > 0:
        raise ValueError(f"no price: {price}")
    return next(tick for low, tick in table if price >= low)


def decimals(price: Decimal) -> int:
    """Decimals in which a price is written: those of its tick, as the newest table has it.

    A price of former days may lie on a finer grid, and is written as it was.
    """
    ticks = [_of_band(table, price) for table in (_SINCE_2025, _SINCE_2024, _BEFORE)]
    if 1000 <= price < 10000:
        ticks.append(Decimal("0.5"))  # USDT and USDC until 2025-07-31
    own = next((tick for tick in ticks if price % tick == 0), ticks[0])
    return max(_places(ticks[0]), _places(own))


def _places(tick: Decimal) -> int:
    exponent = tick.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def on_grid(price: Decimal, day: date, pair: str = "") -> bool:
    """Whether the venue would take it as a limit."""
    return price % tick_size(price, day, pair) == 0


def price_down(price: Decimal, day: date, pair: str = "") -> Decimal:
    """The grid's price at or below: a buy never pays above. 0 below the lowest tick of all."""
    tick = tick_size(price, day, pair)
    return price // tick * tick


def price_up(price: Decimal, day: date, pair: str = "") -> Decimal:
    """The grid's price at or above: a sell never asks below."""
    tick = tick_size(price, day, pair)
    lower = price // tick * tick
    return lower if lower == price else lower + tick


def worse_buy(price: Decimal, rate: Decimal, day: date, pair: str = "") -> Decimal:
    """What a market buy pays: up by ``rate``, then up to the grid; unchanged when rate is 0."""
    return price_up(price * (1 + rate), day, pair) if rate else price


def worse_sell(price: Decimal, rate: Decimal, day: date, pair: str = "") -> Decimal:
    """What a market sell gets: down by ``rate``, then down to the grid, at least one tick.

    Unchanged when rate is 0, on the grid or not.
    """
    if not rate:
        return price
    worse = price * (1 - rate)
    return price_down(worse, day, pair) or tick_size(worse, day, pair)
