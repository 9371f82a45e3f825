"""Owns one trial: a set of values played over every window of the material, and its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np
from msgspec import Struct, structs

from core.indicators import MEMORY
from core.market.candles import Candles, CandleSeries, between, columns
from core.strategy import Signals, Strategy, params_of
from messages.config import Config
from research.markets import Markets, markets_of
from research.rules import Rules, rules_of
from research.runner import played
from research.sweep.cache import IndicatorCache
from research.sweep.scores import Score, scored
from research.sweep.space import SIGNALS, Axis, Value, refuse_contradictions
from research.sweep.windows import Window

CACHED = 32  # sets of signals, and of rules
Own = tuple[tuple[str, Value], ...]  # values by the names of their axes


class Trial(Struct, frozen=True):
    """A set of values, by the names of the axes."""

    number: int
    values: dict[str, Value]


class Result(Struct, frozen=True):
    """A score for each window, in their order; or why there is none."""

    number: int
    values: dict[str, Value]
    scores: tuple[Score, ...] = ()
    error: str = ""


class Material:
    """All that a trial stands on; used by several threads at once."""

    def __init__(
        self,
        config: Config,
        strategy: Strategy,
        candle_series: Sequence[CandleSeries],
        axes: Sequence[Axis],
        windows: Sequence[Window],
    ) -> None:
        """Raises Unplayable for what only the actors play."""
        self.config, self.strategy = config, strategy
        self.candle_series, self.axes, self.windows = (
            tuple(candle_series),
            tuple(axes),
            tuple(windows),
        )
        self._columns = [columns(series) for series in candle_series]
        self._cut = [_Cut.of(tape_window, config, self.candle_series) for tape_window in windows]
        self._made = lru_cache(CACHED)(self._signals)
        self._ruled = lru_cache(CACHED)(self._rules)
        self._memory = IndicatorCache(self._columns)

    def run(self, trial: Trial) -> Result:
        """Play it. What the values or a strategy may do wrong is an error of this trial."""
        try:
            rules = self._ruled(self._own(trial.values, signals=False))
            signals = self.signals(trial.values)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"[:300]
            return Result(trial.number, trial.values, error=text)
        try:
            scores = tuple(cut.scored(rules, signals) for cut in self._cut)
        except ValueError as error:  # no truth a candle, or what only the actors play
            text = f"{type(error).__name__}: {error}"[:300]
            return Result(trial.number, trial.values, error=text)
        return Result(trial.number, trial.values, scores)

    @cached_property
    def whole(self) -> Markets:
        """The whole histories, for who plays them at once."""
        return markets_of(self.candle_series, self.config.startup_candle_count)

    def signals(self, values: Mapping[str, Value]) -> list[Signals]:
        """What the strategy says of the whole histories; made once for the same parameters."""
        token = MEMORY.set(self._memory)
        try:
            return self._made(self._own(values, signals=True))
        finally:
            MEMORY.reset(token)

    def _own(self, values: Mapping[str, Value], *, signals: bool) -> Own:
        """Those of the strategy, or those of the rules."""
        axes = (axis.name for axis in self.axes if (axis.group == SIGNALS) == signals)
        return tuple((name, values[name]) for name in axes)

    def _rules(self, own: Own) -> Rules:
        config = structs.replace(self.config, **dict(own))
        refuse_contradictions(config)
        return rules_of(config)

    def _signals(self, own: Own) -> list[Signals]:
        params = params_of(self.strategy, {**self.config.strategy_params, **dict(own)})
        return [self._said(params, each) for each in self._columns]

    def _said(self, params: Struct, candles: Candles) -> Signals:
        said = self.strategy.signals(candles, params)
        return Signals(said.entry, said.exit)  # which conditions held is nobody's question here


class _Cut:
    """A window's part of the tapes, each with the history that its first candle needs."""

    def __init__(self, window: Window, markets: Markets, firsts: list[int]) -> None:
        self.window, self.markets, self.firsts = window, markets, firsts

    @classmethod
    def of(cls, window: Window, config: Config, candle_series: Sequence[CandleSeries]) -> _Cut:
        """Cut it out."""
        startup = config.startup_candle_count
        parts = [between(t, window.begin, window.end, startup - 1) for t in candle_series]
        pairs = zip(candle_series, parts, strict=True)
        firsts = [int(np.searchsorted(t.time, p.time[0])) if len(p.time) else 0 for t, p in pairs]
        return cls(window, markets_of(parts, startup), firsts)

    def scored(self, rules: Rules, signals: Sequence[Signals]) -> Score:
        """Play the window."""
        candle_series = self.markets.candle_series
        own = [
            Signals(s.entry[f : f + len(t.time)], s.exit[f : f + len(t.time)])
            for s, f, t in zip(signals, self.firsts, candle_series, strict=True)
        ]
        run = played(self.markets, own, rules)
        return scored(run, candle_series, rules, self.window.begin, self.window.end)
