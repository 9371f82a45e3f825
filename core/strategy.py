"""What a strategy is, and what its signals say at one candle.

A strategy is an object with two names: ``Params``, a msgspec struct whose every field has a
default and a range, and ``signals(candles, params)``, which takes the columns of one pair and
returns arrays of the same length. The same function serves a live window and a whole history, so
row ``i`` may depend on rows up to ``i`` only. It may have a third, ``indicators(candles, params)``,
which is asked for by who draws: panels of lines, by their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

import msgspec
import numpy as np
from msgspec import Struct, structs

from core.indicators import Bools
from core.market.candles import Candles, Floats
from messages.market import Verdict

SPACE = "space"
PRICE = "price"  # the panel whose lines are drawn over the candles
Panels = Mapping[str, Mapping[str, Floats]]


def searched(low: float, high: float, step: float) -> dict[str, tuple[float, float, float]]:
    """For the ``extra`` of a parameter's ``Meta``: where ``hyperopt`` looks for its value."""
    return {SPACE: (low, high, step)}


class Signals(Struct, frozen=True, eq=False):
    """Boolean arrays, one element a candle.

    ``conditions`` are those that count at each candle, by name; a strategy that remembers a
    condition for a while states here where it still counts. Their order is the order shown.
    """

    entry: Bools
    exit: Bools
    conditions: dict[str, Bools] = {}


class Strategy(Protocol):
    """What a strategy must have; a static method will do for ``signals``."""

    Params: type[Struct]

    def signals(self, candles: Candles, params: Any, /) -> Signals: ...


def params_of(strategy: Strategy, values: Mapping[str, Any]) -> Struct:
    """The strategy's parameters from their keys in the configuration.

    ValueError names the key and its range: unknown key, wrong type, out of range.
    """
    known = strategy.Params.__struct_encode_fields__
    for key in values:
        if key not in known:
            raise ValueError(f"{key}: the strategy has no such parameter; it has {_list(known)}")
    plain = {k: float(v) if isinstance(v, Decimal) else v for k, v in values.items()}
    for key, value in plain.items():
        try:
            msgspec.convert({key: value}, strategy.Params)
        except msgspec.ValidationError as error:
            told = str(error).replace(" - at `$." + key + "`", "")
            raise ValueError(f"{key}: {told}, not {value!r}") from None
    return msgspec.convert(plain, strategy.Params)


def signals_of(strategy: Strategy, params: Struct, candles: Candles, startup: int) -> Signals:
    """The signals of a whole history; no entry before ``startup`` candles are known."""
    count = len(candles.time)
    if count < startup:
        return Signals(np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_))
    signals = strategy.signals(candles, params)
    entry = signals.entry.copy()
    entry[: startup - 1] = False
    return structs.replace(signals, entry=entry)


def panels_of(strategy: Strategy, params: Struct, candles: Candles) -> Panels:
    """What it would have drawn: arrays as long as the candles; nothing where it has no say."""
    drawn = getattr(strategy, "indicators", None)
    found: Panels = drawn(candles, params) if drawn else {}
    return found


def verdict_at(signals: Signals, index: int) -> Verdict:
    """What the strategy says at one candle's close."""
    names = tuple(name for name, counts in signals.conditions.items() if counts[index])
    return Verdict(bool(signals.entry[index]), bool(signals.exit[index]), names)


def latest_verdict(strategy: Strategy, params: Struct, candles: Candles, startup: int) -> Verdict:
    """What it says at the last candle, seeing only the last ``startup`` of them, as a live bot."""
    count = len(candles.time)
    if count < startup:
        return Verdict()
    seen = Candles(*(column[-startup:] for column in structs.astuple(candles)))
    return verdict_at(strategy.signals(seen, params), startup - 1)


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) if names else "none"
