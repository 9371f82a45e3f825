"""Owns how figures stand in rows of columns: money in two of them, and what happened in one row."""

from __future__ import annotations

import numpy as np

from research.kernel import layout as at
from research.kernel.compiler import inner
from research.kernel.layout import Ints, KernelState
from research.kernel.wide import Whole, Wide, plus


@inner
def money(row: Ints, column: Whole) -> Wide:
    """The figure that begins in this column."""
    return row[column], np.uint64(row[column + 1])


@inner
def put(row: Ints, column: Whole, figure: Wide) -> None:
    """Write it there."""
    row[column], row[column + 1] = figure[0], np.int64(figure[1])


@inner
def add(row: Ints, column: Whole, figure: Wide) -> None:
    """Add to it there."""
    high, low = plus(row[column], np.uint64(row[column + 1]), figure[0], figure[1])
    row[column], row[column + 1] = high, np.int64(low)


@inner
def emptied(row: Ints, start: Whole, stop: Whole) -> None:
    """Nothing stands in these columns any more."""
    for column in range(start, stop):
        row[column] = 0


@inner
def new_row(
    state: KernelState, market: Whole, index: Whole, kind: Whole, volume: Whole, rate: Whole
) -> Ints:
    """A new row of what happened; its profit is 0 until somebody writes one."""
    row: Ints = state.actions[state.till[at.COUNT]]
    book = state.book[market]
    state.till[at.COUNT] += 1
    emptied(row, 0, at.ACTION)
    row[at.KIND], row[at.MARKET], row[at.INDEX] = kind, market, index
    row[at.AMOUNT], row[at.RATE], row[at.MAX_RATE] = volume, rate, book[at.PEAK]
    row[at.WHY], row[at.SIGNALLED] = book[at.REASON], book[at.SIGNAL]
    return row
