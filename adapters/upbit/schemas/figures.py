"""Owns what a number of Upbit's may look like: exact, plain, and of a sane size; or no data.

msgspec takes "NaN", "1_000", full-width digits and 1e999999 for a Decimal. So every figure goes
through here as the text that it was, be it a JSON number or a JSON string.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.json import Decoder

from adapters.upbit.rows import Rows
from adapters.upbit.secrets import Secret
from core.money import money

_PLAIN = re.compile(r"[0-9]{1,24}(?:\.[0-9]{1,30})?").fullmatch
_OTHER = re.compile(r"-?[0-9]{1,54}(?:\.[0-9]{1,54})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch

KNOWN_MAX = 16_384  # spellings that are kept with their figures
Count = Annotated[int, Meta(ge=0, le=2**62)]  # moments in ms, numbers of things, serial ids

if TYPE_CHECKING:
    Amount = Decimal
    Signed = Decimal
else:

    class _Decimals(type):
        """msgspec asks it whether what the hook made is of the type: a Decimal is."""

        __instancecheck__ = Decimal.__instancecheck__

    class Amount(metaclass=_Decimals):
        """A figure of money, price or volume: never below zero."""

    class Signed(metaclass=_Decimals):
        """A figure that may be below zero: a change."""


def amount(text: str) -> Decimal:
    """The exact figure; ValueError unless it is one and not below zero."""
    if _PLAIN(text):
        return Decimal(text)
    if _OTHER(text):
        return money(text)
    raise ValueError("not a figure")


def signed(text: str) -> Decimal:
    """The exact figure, its sign kept; ValueError unless it is one."""
    return -amount(text[1:]) if text.startswith("-") else amount(text)


@lru_cache(KNOWN_MAX)
def _number(text: str) -> Decimal | str:
    """A JSON number with a point, from its spelling; an odd one is looked at by the hook.

    The prices of a market are few, and come again and again.
    """
    return Decimal(text) if _PLAIN(text) else text


def _hook(kind: type, value: Any) -> Any:
    """From msgspec's value to ours: a figure as it is, or from its text."""
    if type(value) is Decimal:
        if kind is Secret:
            raise ValueError("not a text")
        return value
    if type(value) is not str:
        if type(value) is not int:
            raise ValueError("not a figure")
        value = str(value)
    if kind is Amount:
        return amount(value)
    if kind is Signed:
        return signed(value)
    return Secret(value)


def decoder(kind: Any) -> Decoder[Any]:
    """A decoder whose figures are checked."""
    return Decoder(kind, dec_hook=_hook, float_hook=_number)


def rows(
    kind: Any, sound: Callable[[Any], bool] = lambda row: True, bare: bool = False
) -> Rows[Any]:
    """The same of a list, whose rows stand each for itself."""
    return Rows(decoder(kind), decoder(tuple[kind, ...]), sound, bare)
