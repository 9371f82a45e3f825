"""Owns a run of the kernel: its arrays made, filled and read.

The kernel writes what happened into a table and stops when that is full; it is then given a longer
one and goes on from where it stood, for all it knows stands in the arrays. Where tapes lie in files
it pauses now and then too, and what it has passed of them is let go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
from msgspec import Struct

from core.market.mapped import is_mapped, let_go
from core.strategy import Signals
from research.kernel import layout as at
from research.kernel.layout import Ints, KernelState
from research.kernel.loop import play
from research.markets import Markets, columns_of
from research.rules import Rules, number, words
from research.unsupported import Unsupported

STRIDE = 1 << 18  # candles between two pauses: 10 MB of their columns
ROWS = 256  # of the tables at first; they double


class KernelRun(Struct, frozen=True, eq=False):
    """What a run came to: what happened in its order, the cash, and how each market ended."""

    actions: Ints
    cash: Decimal  # KRW, all there is, what entries under way have reserved included
    reserved: Decimal
    book: Ints


def played(
    markets: Markets, signals: Sequence[Signals], rules: Rules, stride: int = STRIDE
) -> KernelRun:
    """Play a history under its signals. Raises Unplayable for what it meets and cannot hold.

    ``stride``: candles of mapped tapes, all of them together, between two pauses.
    """
    columns = columns_of(markets, signals, rules.blacklist)
    desk = _desk(markets, columns.addresses, rules)
    pauses = _pauses(markets, stride)
    _pause(desk, pauses)
    while (status := int(play(desk))) in (at.FULL, at.PAUSED):
        if status == at.FULL:
            desk = desk._replace(actions=_doubled(desk.actions), closed=_doubled(desk.closed))
        else:
            let_go(markets.candle_series)
            _pause(desk, pauses)
    if status != at.ENDED:
        raise _in_the_way(status)
    till, unit = desk.till, Decimal(rules.unit)
    return KernelRun(
        desk.actions[: till[at.COUNT]],
        Decimal(number(till[at.CASH], till[at.CASH_LOW])) / unit,
        Decimal(number(till[at.KEPT], till[at.KEPT_LOW])) / unit,
        desk.book,
    )


def _pauses(markets: Markets, stride: int) -> Iterator[int]:
    """Keys at which to pause: none where nothing is mapped."""
    mapped = [series for series in markets.candle_series if is_mapped(series)]
    if mapped:
        step = max(1, stride // len(mapped)) * mapped[0].seconds
        first = min(int(series.time[0]) for series in mapped)
        last = max(int(series.time[-1]) for series in mapped)
        yield from (time * len(markets.candle_series) for time in range(first + step, last, step))
    while True:
        yield at.LAST


def _pause(desk: KernelState, keys: Iterator[int]) -> None:
    desk.till[at.PAUSE] = next(keys)


def _desk(markets: Markets, addresses: Ints, rules: Rules) -> KernelState:
    count = len(markets.candle_series)
    till = np.zeros(at.TILL, dtype=np.int64)
    till[at.CASH : at.CASH_LOW + 1] = words(int(rules.capital * rules.unit))
    book = np.zeros((count, at.BOOK), dtype=np.int64)
    book[:, at.KEY] = at.LAST
    return KernelState(
        rules.row,
        addresses,
        markets.counts,
        markets.bands,
        markets.periods,
        rules.protections,
        till,
        book,
        np.zeros((ROWS, at.ACTION), dtype=np.int64),
        np.zeros((ROWS, at.CLOSED_TRADE), dtype=np.int64),
        np.zeros((count + 1, at.LOCKS), dtype=np.int64),
    )


def _in_the_way(status: int) -> Unsupported:
    """What the kernel met in the midst of a history."""
    where = "recording"
    if status == at.TOO_LARGE:
        allowed = "up to 1,000 million won an order"
        return Unsupported("an order of too much won or coin", where, allowed)
    if status == at.TOO_SMALL:
        what = "a price so high that the stake buys nothing"
        return Unsupported(what, where, "prices below the stake")
    what = "more orders at one moment than the venue takes in time"
    return Unsupported(what, where, "orders within the venue's limits")


def _doubled(table: Ints) -> Ints:
    return np.concatenate([table, np.zeros_like(table)])
