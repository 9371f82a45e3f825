"""Owns what a backtest runs on: the actors that trade, or the kernel that is proved equal."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from i18n.errors import UserError
from interfaces.views import Ledger

if TYPE_CHECKING:
    from core.replay.schedule import Schedule
    from messages.config import Config

ENGINES = ("actors", "kernel")


def by_kernel(config: Config, schedule: Schedule) -> Ledger:
    """What the kernel makes of a schedule. Raises UserError where only the actors play it."""
    _require()
    from research.markets import markets_of  # imported late: few runs need a compiler
    from research.rules import rules_of
    from research.runner import played
    from research.to_events import events_of
    from research.unsupported import Unsupported

    candle_series = [track.series for track in schedule.tracks]
    signals = [track.signals for track in schedule.tracks]
    try:
        markets = markets_of(candle_series, config.startup_candle_count)
        run = played(markets, signals, rules_of(config))
    except Unsupported as error:
        problem, todo = error.problem, "take the engine that plays everything: --engine actors"
        raise UserError(problem.what, problem.where, problem.allowed, todo) from None
    ledger = Ledger(config=config)
    for event in events_of(run, candle_series, signals, config):
        ledger.trades.take(event)
    return ledger


def require_sweep() -> None:
    """Raises UserError where what a sweep needs is not installed."""
    _require()
    if find_spec("optuna") is None:
        raise _missing("the sweep needs optuna, which is not installed")


def require_cluster() -> None:
    """Raises UserError where what ``--dask`` needs is not installed."""
    if find_spec("distributed") is None:
        raise _missing("--dask needs distributed, which is not installed")


def _require() -> None:
    if find_spec("numba") is None:
        raise _missing("the kernel needs numba, which is not installed")


def _missing(what: str) -> UserError:
    return UserError(
        what=what,
        where="python environment",
        allowed="the packages of requirements-all.lock",
        todo="run `make all`, then try again",
    )
