"""Owns what is remembered between trials: what indicators make of histories, which sets share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import structs

from core.market.candles import Candles

BYTES = 256 << 20


class IndicatorCache:
    """For ``core.indicators.MEMORY``; used by several threads at once.

    Known are the columns it was given and what was made of known ones; of other arrays things are
    made as ever. When it is full it forgets all that was made.
    """

    def __init__(self, candles: Sequence[Candles]) -> None:
        arrays = [array for each in candles for array in structs.astuple(each)]
        self._given = {id(array): array for array in arrays}
        self._made: dict[tuple[Any, ...], tuple[Any, list[Any]]] = {}
        self._known, self._bytes = dict(self._given), 0

    def __call__(self, function: Callable[..., Any], *given: Any) -> Any:
        """What the function makes of arrays and parameters."""
        known, arrays, key = self._known, list[Any](), list[Any]((function,))
        for each in given:
            if isinstance(each, np.ndarray):
                if id(each) not in known:
                    return function(*given)
                arrays.append(each)
                key.append((id(each),))
            else:
                key.append(each)
        if kept := self._made.get(tuple(key)):
            return kept[0]
        found = function(*given)
        self._keep(tuple(key), found, arrays)
        return found

    def _keep(self, key: tuple[Any, ...], found: Any, given: list[Any]) -> None:
        arrays = found if isinstance(found, tuple) else (found,)
        self._bytes += sum(array.nbytes for array in arrays)
        if self._bytes > BYTES:
            self._made, self._known, self._bytes = {}, dict(self._given), 0
            return
        self._known.update((id(array), array) for array in arrays)
        self._made[key] = (found, given)  # held too: an id in a key is nobody else's
