"""Owns how the kernel reads a market's columns where they lie, without a copy.

Markets have lengths of their own and come in any number, which no array type of numba's tells. So
the kernel is given addresses; who calls it keeps the arrays alive meanwhile.
"""

from __future__ import annotations

from typing import Any

import numba
from numba import types
from numba.extending import intrinsic

from research.kernel.compiler import inner
from research.kernel.layout import Ints, KernelState
from research.kernel.wide import Whole


def _pointer(address: Any, kind: Any) -> Any:
    """An address as a pointer to numbers of a kind."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.inttoptr(given[0], context.get_value_type(signature.return_type))

    pointer: Any = types.CPointer
    return pointer(kind)(address), code


def _ints_at(typingctx: Any, address: Any) -> Any:
    return _pointer(address, types.int64)


def _bytes_at(typingctx: Any, address: Any) -> Any:
    return _pointer(address, types.uint8)


carray: Any = vars(numba)["carray"]  # it exports the name by a star only
_to_ints: Any = intrinsic(_ints_at)
_to_bytes: Any = intrinsic(_bytes_at)


@inner
def ints(state: KernelState, market: Whole, column: Whole) -> Ints:
    """A market's times or prices."""
    pointer = _to_ints(state.columns[market, column])
    found: Ints = carray(pointer, (state.counts[market, 0],))
    return found


@inner
def marks(state: KernelState, market: Whole, column: Whole) -> Ints:
    """A market's signals, a byte each."""
    pointer = _to_bytes(state.columns[market, column])
    found: Ints = carray(pointer, (state.counts[market, 0],))
    return found


@inner
def price(state: KernelState, market: Whole, column: Whole, index: Whole) -> Whole:
    """One price in units of 1e-8."""
    value: Whole = ints(state, market, column)[index] * state.counts[market, 2]
    return value
