"""Owns whether a strategy looks ahead: what it says of a candle with its future, and without.

A live bot sees the last start-up candles and nothing later. So at every candle those alone must
say what the whole history says there. Where they do not, the whole past tells which it is: a value
that still needs the past has too few start-up candles, one that needs the future looks ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from core.market.candles import Candles, window
from core.strategy import Signals, Strategy

PAST_MOST = 100  # times that the whole past is looked at: it is long
Kind = Literal["ahead", "startup"]


class Difference(Struct, frozen=True):
    """The first candle of a kind at which what is said changes, and what it is.

    ``name`` is entry, exit or a condition; ``whole`` is what the whole history says.
    """

    kind: Kind
    time: int
    name: str
    whole: bool


def differences(
    strategy: Strategy, params: Struct, candles: Candles, startup: int
) -> list[Difference]:
    """At most one of each kind; none is what a strategy should have."""
    whole = strategy.signals(candles, params)
    found: dict[Kind, Difference] = {}
    for tries, (index, name) in enumerate(_differing(strategy, params, candles, startup, whole)):
        past = strategy.signals(window(candles, 0, index + 1), params)
        said = value(whole, name, index)
        kind: Kind = "startup" if value(past, name, index) == said else "ahead"
        found.setdefault(kind, Difference(kind, int(candles.time[index]), name, bool(said)))
        if "ahead" in found or tries >= PAST_MOST:
            break
    return sorted(found.values(), key=lambda difference: difference.time)


def _differing(
    strategy: Strategy, params: Struct, candles: Candles, startup: int, whole: Signals
) -> Iterator[tuple[int, str]]:
    for index in range(startup - 1, len(candles.time)):
        seen = window(candles, index + 1 - startup, index + 1)
        alone = strategy.signals(seen, params)
        if name := differing(whole, index, alone, startup - 1):
            yield index, name


def differing(one: Signals, there: int, other: Signals, here: int) -> str:
    """Of what the two say at a candle, the name of the first that differs; "" when none does.

    A condition comes before the entry that follows from it.
    """
    names = dict.fromkeys((*one.conditions, *other.conditions, "entry", "exit"))
    return next((n for n in names if value(one, n, there) != value(other, n, here)), "")


def value(signals: Signals, name: str, index: int) -> bool | None:
    """What is said at a candle; None for a condition that is not there at all."""
    if name in signals.conditions:
        return bool(signals.conditions[name][index])
    return bool(getattr(signals, name)[index]) if name in ("entry", "exit") else None
