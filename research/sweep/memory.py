"""Owns what is remembered between trials: indicators of whole histories, which many sets share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from msgspec import structs

from core.market.candles import Candles

BYTES = 256 << 20
EACH = 16  # bytes a candle of what one indicator makes: two columns at most


class Memory:
    """For ``core.indicators.MEMORY``; used by several threads at once.

    Only the columns it was given are known: those of other arrays are made as ever.
    """

    def __init__(self, candles: Sequence[Candles]) -> None:
        arrays = [array for each in candles for array in structs.astuple(each)]
        self._arrays = {id(array): array for array in arrays}  # held, so an id is nobody else's
        longest = max((len(each.time) for each in candles), default=0)
        self._made = lru_cache(max(1, BYTES // max(1, EACH * longest)))(self._make)

    def __call__(self, function: Callable[..., Any], array: Any, *params: float) -> Any:
        """What the function makes of the array."""
        if id(array) not in self._arrays:
            return function(array, *params)
        return self._made(function, id(array), *params)

    def _make(self, function: Callable[..., Any], place: int, *params: float) -> Any:
        return function(self._arrays[place], *params)
