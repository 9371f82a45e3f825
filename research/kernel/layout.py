"""Owns the arrays that the kernel plays on: what stands in which column.

Prices and volumes are counted in 1e-8, won that are asked for too; money is a pair of columns, a
``Wide`` of 10**-(16 + decimals of the fee). Times are epoch seconds. Levels are cut to where a
comparison of whole numbers decides as the exact figure would.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

PLACES = 8  # of prices and volumes
UNIT = 10**PLACES
LAST = 2**63 - 1  # a key after all others

# --- a market's columns, by their addresses; the last two are bytes
TIME, OPEN, HIGH, LOW, CLOSE, ENTRY, EXIT, COLUMNS = range(8)

# --- rules: numerators over ONE (rates of prices) or FEE_ONE (the fee)
(SECONDS, SLOTS, COOLDOWN, STAKE, LEAST, BURST, ONE, FEE_ONE, FEE) = range(9)
(STOPPED, TRAILED, OFFSET, GAIN, PART_GAIN, PART, UP, DOWN) = range(9, 17)
MIN_HIGH, MIN_LOW, DAY_START, LOSS_LIMITED, LOSS_HIGH, LOSS_LOW, RULES = range(17, 24)

# --- the till: what all markets share
CASH, CASH_LOW, KEPT, KEPT_LOW, TAKEN, COUNT, STATUS, BEGUN = range(8)
BURST_AT, BURST_COUNT, DAY_ENDS, DAY_PROFIT, DAY_PROFIT_LOW, CLOSED, PAUSE, TILL = range(8, 16)

# --- the book: a row for each market
STAGE, KEY, NEXT, UNTIL, SIGNAL, ASKED, REASON = range(7)
PRICE, PEAK, VOLUME, PARTED, STOP, STOP_NAME, TRAIL_FROM, GAIN_AT, PART_AT = range(7, 16)
FUNDS, FUNDS_LOW, PAID, PAID_LOW, EARNED, EARNED_LOW = range(16, 22)
DUST, DUST_FUNDS, DUST_FUNDS_LOW, DUST_PAID, DUST_PAID_LOW, BOOK = range(22, 28)
FLAT, BUYING, HELD, SELLING = range(4)  # stages

# --- actions: what happened, in its order
KIND, MARKET, INDEX, AMOUNT, RATE, MAX_RATE, WHY, SIGNALLED = range(8)
PROFIT, PROFIT_LOW, ACTION = range(8, 11)
BOUGHT, SOLD, TURNED_TO_DUST = range(3)  # kinds
REASONS = ("", "stop_loss", "trailing_stop_loss", "roi", "exit_signal", "partial_exit")
STOP_LOSS, TRAILING_STOP_LOSS, ROI, EXIT_SIGNAL, PARTIAL_EXIT = range(1, 6)

# --- protections: a row for each; closed trades that they look back on; locks by reason
METHOD, LOOKBACK, LIMIT, DURATION, ALONE, ALLOWED, ALLOWED_LOW, PROTECTION = range(8)
STOPLOSS_GUARD, MAX_DRAWDOWN, DAILY_LOSS, LOCKS = range(4)  # methods, and columns of the locks
OF, AT, BY_STOP, GAINED, GAINED_LOW, CLOSED_TRADE = range(6)

# --- why the kernel has stopped
PLAYING, ENDED, FULL, TOO_LARGE, TOO_MANY, TOO_SMALL, PAUSED = range(7)


class KernelState(NamedTuple):
    """Everything a run stands on. The first six are not changed by it."""

    rules: Ints
    columns: Ints  # (markets, COLUMNS): addresses
    counts: Ints  # (markets, 3): candles, the first that is no history, units of 1e-8 in a price
    bands: Ints  # (markets, periods, bands, 2): (lowest price, tick), the highest band first
    periods: Ints  # when each period of the price units began, epoch seconds
    protections: Ints
    till: Ints
    book: Ints
    actions: Ints
    closed: Ints
    locks: Ints  # (markets and one for all of them, LOCKS): until when
