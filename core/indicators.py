"""Technical indicators: TA-Lib's, as float arrays, and the comparisons that decide on them.

Ties tolerate 1e-9: TA-Lib's running sums differ in the last bits between a window and the whole
history, and a comparison must not turn on that. Where an indicator is not yet known (NaN), every
comparison is false. What is made may be shared by those who ask for the same: it is not written to.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

import numpy as np
import talib
from numpy.typing import NDArray

from core.market.candles import Floats

Bools = NDArray[np.bool_]
Array = TypeVar("Array", bound=NDArray[Any])
Memory = Callable[..., Any]  # (function, arrays and parameters): what it makes of them, or made
MEMORY: ContextVar[Memory | None] = ContextVar("memory", default=None)  # of who asks many times
TOLERANCE = 1e-9


def rsi(close: Floats, period: int) -> Floats:
    """Wilder's relative strength index, 0 to 100; a market that does not move has 0."""
    made: Floats = _once(_rsi, close, period)
    return made


def macd(close: Floats, fast: int, slow: int, signal: int) -> tuple[Floats, Floats]:
    """The MACD line and its signal line, in KRW."""
    made: tuple[Floats, Floats] = _once(_macd, close, fast, slow, signal)
    return made


def bollinger_lower(close: Floats, period: int, deviation: float) -> Floats:
    """The lower Bollinger band: the mean less ``deviation`` standard deviations, in KRW."""
    made: Floats = _once(_bollinger_lower, close, period, deviation)
    return made


def at_most(values: Floats, limit: Floats | float, scale: Floats | float = 1.0) -> Bools:
    """Whether each value is at or below its limit, within the tolerance times ``scale``."""
    made: Bools = _once(_at_most, values, limit, scale)
    return made


def crossed_above(line: Floats, other: Floats, scale: Floats) -> Bools:
    """Whether ``line`` is above ``other`` now and was not one candle before; never at the first.

    Where one candle before is not known, nothing has been crossed.
    """
    made: Bools = _once(_crossed_above, line, other, scale)
    return made


def recent(held: Bools, candles: int) -> Bools:
    """Whether a condition held at one of the last ``candles`` candles, this one included."""
    made: Bools = _once(_recent, held, candles)
    return made


def _once(function: Callable[..., Any], *given: Any) -> Any:
    memory = MEMORY.get()
    return function(*given) if memory is None else memory(function, *given)


def _rsi(close: Floats, period: int) -> Floats:
    return _floats(talib.RSI(close, timeperiod=period))


def _macd(close: Floats, fast: int, slow: int, signal: int) -> tuple[Floats, Floats]:
    line, trigger, _ = talib.MACD(close, fastperiod=fast, slowperiod=slow, signalperiod=signal)
    return _floats(line), _floats(trigger)


def _bollinger_lower(close: Floats, period: int, deviation: float) -> Floats:
    return _floats(talib.BBANDS(close, timeperiod=period, nbdevup=deviation, nbdevdn=deviation)[2])


def _at_most(values: Floats, limit: Floats | float, scale: Floats | float) -> Bools:
    return _shared(np.asarray(values <= limit + TOLERANCE * scale, dtype=np.bool_))


def _crossed_above(line: Floats, other: Floats, scale: Floats) -> Bools:
    gap = line - other
    above = gap > TOLERANCE * scale
    known = ~np.isnan(gap)
    crossed = np.zeros(len(line), dtype=np.bool_)
    crossed[1:] = above[1:] & ~above[:-1] & known[:-1]
    return _shared(crossed)


def _recent(held: Bools, candles: int) -> Bools:
    found, reach = held.copy(), 1
    while reach < candles:  # each round looks as far back again as all before it together
        step = min(reach, candles - reach)
        found[step:] |= found[:-step]
        reach += step
    return _shared(found)


def _floats(values: Any) -> Floats:
    return _shared(np.asarray(values, dtype=np.float64))  # TA-Lib is untyped


def _shared(made: Array) -> Array:
    made.flags.writeable = False
    return made
