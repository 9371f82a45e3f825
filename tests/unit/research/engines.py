"""Both engines on one history: what each makes of it, to the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from app.composition import build
from app.replay import Replay, chosen
from core.market.candles import Candles, CandleSeries, columns
from core.strategies import BUILT_IN
from core.strategy import Signals, Strategy, params_of, signals_of
from interfaces.views import Ledger
from messages.config import Config
from messages.trading import TradeRecord
from persistence.store import Store
from projections.trades import OpenTrade, Trades
from research.markets import markets_of
from research.rules import rules_of
from research.runner import played
from research.to_events import events_of
from tests.support.dense_config import PARAMS
from tests.support.simulation import BIRTH


class Outcome(Struct, frozen=True):
    """All that a run came to."""

    rows: list[TradeRecord]
    open: list[OpenTrade]
    cash: Any
    reserved: Any


class NoParams(Struct, frozen=True):
    """A strategy without numbers."""


class Written:
    """A strategy whose signals stand in the history: a volume of 1 enters, of 2 leaves, 3 both."""

    Params: type[Struct] = NoParams

    @staticmethod
    def signals(candles: Candles, params: Any) -> Signals:
        marks = candles.volume.astype(np.int64)
        return Signals(marks % 2 == 1, marks >= 2, {"odd": marks % 2 == 1})


def by_actors(
    candle_series: Sequence[CandleSeries],
    config: Config,
    folder: Path,
    strategy: Strategy | None = None,
) -> Outcome:
    """The truth."""
    store = Store.create(folder, BIRTH, sync=False)
    replay = Replay(candle_series, strategy or BUILT_IN[config.strategy], bulk=True)
    bot = build(config, replay, store, runtime="steps")
    try:
        bot.start()
        ended = bot.run()
        assert ended.reason == "finished", ended
        ledger = Ledger()
        ledger.catch_up(store)
    finally:
        bot.stop()
    return _outcome(ledger.trades, ledger.cash.now, sum(ledger.cash.reserved.values()))


def by_kernel(
    candle_series: Sequence[CandleSeries], config: Config, strategy: Strategy | None = None
) -> Outcome:
    """What is held against it."""
    strategy, startup = strategy or BUILT_IN[config.strategy], config.startup_candle_count
    params, listed = params_of(strategy, config.strategy_params), chosen(candle_series, config)
    signals = [signals_of(strategy, params, columns(series), startup) for series in listed]
    run = played(markets_of(listed, startup), signals, rules_of(config))
    trades = Trades()
    for event in events_of(run, listed, signals, config):
        trades.take(event)
    return _outcome(trades, run.cash, run.reserved)


def _outcome(trades: Trades, cash: Any, reserved: Any) -> Outcome:
    return Outcome(trades.closed, trades.sorted_open, cash, reserved)


__all__ = ["PARAMS", "Outcome", "Written", "by_actors", "by_kernel"]
