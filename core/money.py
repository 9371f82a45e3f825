"""Owns the money: what a figure may be, and every rounding that there is, named by intent.

The decimal context of the whole process is set here: 60 digits, Inexact trapped. So sums,
differences and products of money are exact or fail loudly, and a bare division fails unless it
comes out even; whoever must round says which way by the name of a function below.
"Down" is towards minus infinity and "up" towards plus infinity, for losses too.
"""

from __future__ import annotations

import decimal
from decimal import Context, Decimal

PRECISION = 60
_FATAL = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]

CONTEXT = Context(prec=PRECISION, traps=[*_FATAL, decimal.Inexact, decimal.FloatOperation])

# Roundings pass their context explicitly: no thread's own context has to be swapped for them.
_DOWN = Context(prec=PRECISION, rounding=decimal.ROUND_FLOOR, traps=_FATAL)
_UP = Context(prec=PRECISION, rounding=decimal.ROUND_CEILING, traps=_FATAL)
_EVEN = Context(prec=PRECISION, rounding=decimal.ROUND_HALF_EVEN, traps=_FATAL)
# The first of two roundings: keeps an inexact quotient off the ties, so the second is right.
_STICKY = Context(prec=PRECISION, rounding=decimal.ROUND_05UP, traps=_FATAL)

_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(31))
_DIGITS_BEFORE, _DIGITS_AFTER = 24, 30  # what a figure may have on either side of its point


def prepare_thread() -> None:
    """Give the current thread the context of money; every thread has one of its own."""
    decimal.setcontext(CONTEXT.copy())


def money(value: Decimal | int | str) -> Decimal:
    """A figure of money, price or volume; ValueError unless finite, >= 0 and of a sane size."""
    if isinstance(value, float):
        raise ValueError(f"a binary float is no money: {value!r}")
    try:
        figure = Decimal(value)
    except (decimal.InvalidOperation, TypeError) as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not figure.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    if figure < 0:
        raise ValueError(f"negative: {value!r}")
    exponent = figure.as_tuple().exponent
    assert isinstance(exponent, int)
    if figure.adjusted() >= _DIGITS_BEFORE or exponent < -_DIGITS_AFTER:
        raise ValueError(f"out of range: {value!r}")
    return figure.copy_abs()  # "-0" is 0


def down(value: Decimal, places: int) -> Decimal:
    """Down to so many decimals."""
    return value.quantize(_STEPS[places], context=_DOWN)


def up(value: Decimal, places: int) -> Decimal:
    """Up to so many decimals."""
    return value.quantize(_STEPS[places], context=_UP)


def half_even(value: Decimal, places: int) -> Decimal:
    """To the nearest of so many decimals, ties to the even digit: for figures that inform."""
    return value.quantize(_STEPS[places], context=_EVEN)


def floor_amount(value: Decimal) -> Decimal:
    """Whole won, down."""
    return down(value, 0)


def ceil_amount(value: Decimal) -> Decimal:
    """Whole won, up."""
    return up(value, 0)


def floor_volume(value: Decimal) -> Decimal:
    """Coin, down to the 8 decimals that the venue takes."""
    return down(value, 8)


def quotient(a: Decimal, b: Decimal, places: int = 8) -> Decimal:
    """a / b to the nearest, ties to the even digit: for figures that inform."""
    return half_even(_STICKY.divide(a, b), places)


def quotient_down(a: Decimal, b: Decimal, places: int = 8) -> Decimal:
    """a / b, down: what can be bought for so much."""
    return down(_DOWN.divide(a, b), places)


def quotient_up(a: Decimal, b: Decimal, places: int = 8) -> Decimal:
    """a / b, up: what it takes to have so much."""
    return up(_UP.divide(a, b), places)


def _set_default() -> None:
    """Threads that nobody prepared start with the context of money too."""
    decimal.DefaultContext.prec = CONTEXT.prec
    for signal in CONTEXT.traps:
        decimal.DefaultContext.traps[signal] = CONTEXT.traps[signal]


_set_default()
prepare_thread()
