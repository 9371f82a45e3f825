"""Owns whole numbers of 128 bits: money to its last digit, where 64 bits would overflow.

A number is a pair (high, low): ``high`` signed, ``low`` unsigned. Factors and divisors are
``int64`` and not negative. Who calls sees to it that results fit; ``product`` always does.
"""

from __future__ import annotations

import numpy as np

from research.kernel.compiler import inner

HALF = np.uint64(32)
MASK = np.uint64(0xFFFFFFFF)
ONE = np.uint64(1)
NONE = np.uint64(0)
TOP = np.uint64(1 << 63)
Whole = int | np.int64
Wide = tuple[Whole, np.uint64]


@inner
def _limbs(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """a * b in 128 bits, by halves."""
    a1, a0, b1, b0 = a >> HALF, a & MASK, b >> HALF, b & MASK
    low = a0 * b0
    middle = a1 * b0 + (low >> HALF)
    other = a0 * b1 + (middle & MASK)
    high = a1 * b1 + (middle >> HALF) + (other >> HALF)
    return high, (other << HALF) | (low & MASK)


@inner
def product(a: Whole, b: Whole) -> Wide:
    """a * b."""
    high, low = _limbs(np.uint64(a), np.uint64(b))
    return np.int64(high), low


@inner
def times(high: Whole, low: np.uint64, factor: Whole) -> Wide:
    """A number that is not negative, times ``factor``."""
    carry, bottom = _limbs(low, np.uint64(factor))
    return np.int64(np.uint64(high) * np.uint64(factor) + carry), bottom


@inner
def plus(high: Whole, low: np.uint64, more: Whole, bits: np.uint64) -> Wide:
    """The sum of two numbers."""
    total = low + bits
    return high + more + (np.int64(1) if total < low else np.int64(0)), total


@inner
def minus(high: Whole, low: np.uint64, less: Whole, bits: np.uint64) -> Wide:
    """The difference of two numbers."""
    borrow = np.int64(1) if low < bits else np.int64(0)
    return high - less - borrow, low - bits


@inner
def below(high: Whole, low: np.uint64, other: Whole, bits: np.uint64) -> bool:
    """Whether the first number is less than the second."""
    return bool(high < other or (high == other and low < bits))


@inner
def _divided(high: np.uint64, low: np.uint64, by: np.uint64) -> tuple[np.uint64, np.uint64]:
    """(quotient, rest) of 128 by 64 bits, where high < by: Knuth's algorithm D on halves.

    After H. S. Warren, Hacker's Delight, 2nd edition, figure 9-3 (divlu). A divisor of one half,
    as rates have, takes two divisions of a processor's own.
    """
    if by <= MASK:
        middle = (high << HALF) | (low >> HALF)
        digit = middle // by
        left = ((middle - digit * by) << HALF) | (low & MASK)
        return (digit << HALF) | left // by, left % by
    shift = NONE
    while not by & TOP:
        by, shift = by << ONE, shift + ONE
    if shift:
        high = (high << shift) | (low >> (np.uint64(64) - shift))
        low = low << shift
    first, rest = _half(high, low >> HALF, by)
    second, rest = _half(rest, low & MASK, by)
    return (first << HALF) | second, rest >> shift


@inner
def _half(high: np.uint64, half: np.uint64, by: np.uint64) -> tuple[np.uint64, np.uint64]:
    """One digit of 32 bits of a quotient, and what is left."""
    top, bottom = by >> HALF, by & MASK
    digit = high // top
    left = high - digit * top
    while digit > MASK or digit * bottom > ((left << HALF) | half):
        digit -= ONE
        left += top
        if left > MASK:
            break
    return digit, ((high << HALF) | half) - digit * by


@inner
def quotient(high: Whole, low: np.uint64, by: Whole) -> tuple[Whole, np.uint64, Whole]:
    """A number that is not negative, divided: the quotient, cut off, and the rest."""
    divisor = np.uint64(by)
    top = np.uint64(high) // divisor
    bottom, rest = _divided(np.uint64(high) - top * divisor, low, divisor)
    return np.int64(top), bottom, np.int64(rest)


@inner
def cut(high: Whole, low: np.uint64, by: Whole) -> Whole:
    """The same quotient as one ``int64``; the greatest there is where it would not fit."""
    top, bottom, _ = quotient(high, low, by)
    if top or bottom >= TOP:
        return np.int64(0x7FFFFFFFFFFFFFFF)
    return np.int64(bottom)


@inner
def share(high: Whole, low: np.uint64, part: Whole, whole: Whole) -> Wide:
    """number * part / whole, cut off, where part <= whole: the product has up to 192 bits."""
    divisor = np.uint64(whole)
    carry, bottom = _limbs(low, np.uint64(part))
    top, middle = _limbs(np.uint64(high), np.uint64(part))
    middle = middle + carry
    if middle < carry:
        top += ONE
    first, rest = _divided(top % divisor, middle, divisor)
    second, _ = _divided(rest, bottom, divisor)
    return np.int64(first), second
