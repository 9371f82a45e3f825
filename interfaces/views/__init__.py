"""Answers to the questions of the control protocol, read from a state directory."""

from __future__ import annotations

from typing import Any, assert_never

from rich.console import RenderableType

from core.strategies import BUILT_IN
from core.strategy import Strategy
from interfaces.views import balance, health, locks, orders, profit, settings, status, trades, why
from messages import control
from messages.plain_values import to_plain
from messages.runtime_stats import HealthIssue
from persistence.reader import Reader
from projections.ledger import Ledger, clock

View = (
    status.StatusView
    | balance.BalanceView
    | orders.OrdersView
    | trades.TradesView
    | profit.ProfitView
    | profit.PerformanceView
    | profit.DailyView
    | why.WhyView
    | locks.LocksView
    | settings.ConfigView
    | health.HealthView
)
Others = (  # all questions but ``why`` and ``health``, which need more
    control.ShowStatus
    | control.ShowBalance
    | control.ShowOrders
    | control.ShowTrades
    | control.ShowProfit
    | control.ShowPerformance
    | control.ShowDaily
    | control.ShowLocks
    | control.ShowConfig
)

__all__ = ["Ledger", "View", "answer", "clock", "plain", "render"]


def answer(
    question: control.Questions,
    reader: Reader,
    ledger: Ledger | None = None,
    now: float | None = None,
    strategy: Strategy | None = None,
    ails: tuple[HealthIssue, ...] = (),
) -> View:
    """What a question asks for. A ``ledger`` that is kept reads on where it stood.

    ``now`` is epoch seconds on the bot's clock; in a replay that is the recording's, so without
    it the newest candle or journal entry tells. ``strategy`` is needed for one that is not
    built in. ``ails``: what the running bot says ails it.
    """
    book = ledger if ledger is not None else Ledger()
    book.catch_up(reader)
    at = clock(reader, book) if now is None else now
    if isinstance(question, control.ShowWhy):
        known = strategy or BUILT_IN.get(book.config.strategy)
        return why.look(book, reader, question.pair, at, known)
    if isinstance(question, control.ShowHealth):
        return health.look(book, reader, at, ails)
    return _look(question, book, reader, at)


def _look(question: Others, book: Ledger, reader: Reader, at: float) -> View:
    match question:
        case control.ShowStatus():
            return status.look(book, reader, at)
        case control.ShowBalance():
            return balance.look(book, reader.birth.former)
        case control.ShowOrders():
            return orders.look(book)
        case control.ShowTrades(limit=limit):
            return trades.look(book, limit)
        case control.ShowProfit():
            return profit.look(book)
        case control.ShowPerformance():
            return profit.performance(book)
        case control.ShowDaily(days=days):
            return profit.daily(book, days, at)
        case control.ShowLocks():
            return locks.look(book, at)
        case control.ShowConfig():
            return settings.look(book)
    assert_never(question)


def render(view: View, language: str) -> RenderableType:
    """An answer as people read it."""
    match view:
        case status.StatusView():
            return status.table(view, language)
        case balance.BalanceView():
            return balance.table(view, language)
        case orders.OrdersView():
            return orders.table(view, language)
        case trades.TradesView():
            return trades.table(view, language)
        case profit.ProfitView():
            return profit.table(view, language)
        case profit.PerformanceView():
            return profit.performance_table(view, language)
        case profit.DailyView():
            return profit.daily_table(view, language)
        case why.WhyView():
            return why.table(view, language)
        case locks.LocksView():
            return locks.table(view, language)
        case settings.ConfigView():
            return settings.table(view, language)
        case health.HealthView():
            return health.table(view, language)
    assert_never(view)


def plain(view: View) -> Any:
    """An answer as ``--json`` prints it: UTC, plain figures."""
    return to_plain(view)
