"""Words about checks of a strategy, in English."""

from __future__ import annotations

RESEARCH = {
    "look_none": "No look-ahead: at each of {count} candles the last {startup} alone say what the"
    " whole history says.",
    "look_ahead": "LOOKS AHEAD: {name} of {pair} at {at} is {value} with the candles after it, and"
    " {other} without. Live it would be {other}.",
    "look_startup": "Too few start-up candles, or a tie that rounding decides: {name} of {pair}"
    " at {at} is {value} with its whole past, and {other} with the last {startup}."
    " See recursive-analysis.",
    "look_short": "{pair} has fewer than {startup} candles: nothing was compared.",
    "look_true": "true",
    "look_false": "false",
    "settle_title": "What start-up candles change",
    "settle_enough": "{pair}: settled from {settled} start-up candles on; startup_candle_count"
    " {startup} is enough.",
    "settle_few": "{pair}: settled from {settled} start-up candles on; startup_candle_count"
    " {startup} is TOO FEW.",
    "settle_never": "{pair}: NOT SETTLED with {most} start-up candles.",
    "settle_short": "{pair} has too few candles to compare.",
    "col_startup": "Start-up candles",
    "col_compared": "Compared",
    "col_differing": "Different",
}
