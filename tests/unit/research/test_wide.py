"""Numbers of 128 bits in compiled code, against Python's own."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from research.kernel import wide
from research.kernel.compiler import compiled

BITS = 2**64
singles = st.integers(0, 2**63 - 1)
factors = st.one_of(st.integers(1, 9), st.sampled_from([2**31, 2**32 - 1, 2**32, 2**63 - 1]))
divisors = factors | st.integers(1, 2**63 - 1)
doubles = st.integers(0, 2**126 - 1) | st.integers(0, 2**65)
Pair = tuple[np.int64, np.uint64]


def pair(value: int) -> Pair:
    return np.int64(value // BITS), np.uint64(value % BITS)


def whole(found: tuple[object, ...]) -> int:
    return int(found[0]) * BITS + int(found[1])  # type: ignore[call-overload, no-any-return]


@compiled
def every(high: int, low: int, by: int, part: int, other: int, bits: int) -> object:
    """All the operations in one, so that they are compiled once."""
    return (
        wide.product(by, part),
        wide.plus(high, low, other, bits),
        wide.minus(high, low, other, bits),
        wide.below(high, low, other, bits),
        wide.quotient(high, low, by),
        wide.cut(high, low, by),
        wide.share(high, low, min(part, by), by),
        wide.times(np.int64(0), low, part),
    )


@settings(deadline=None)  # the first one waits for the compiler
@given(doubles, divisors, singles, doubles)
def test_they_reckon_as_python_does(a: int, by: int, part: int, b: int) -> None:
    first, second = pair(a), pair(b)
    found = every(*first, np.int64(by), np.int64(part), *second)  # type: ignore[arg-type]
    product, plus, minus, below, quotient, cut, share, times = found  # type: ignore[misc]
    assert whole(product) == by * part
    assert whole(plus) == a + b
    assert whole(minus) == a - b
    assert below == (a < b)
    assert (whole(quotient), quotient[2]) == divmod(a, by)
    assert cut == min(a // by, 2**63 - 1)
    assert whole(share) == a * min(part, by) // by
    assert whole(times) == a % BITS * part
