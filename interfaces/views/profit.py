"""``profit``, ``performance`` and ``daily``: what the closed rows have earned."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct
from rich.console import RenderableType

from core.money import quotient
from i18n import say
from i18n.formatting import krw, pair_name, percent
from i18n.tables import grid, nothing
from interfaces.reports.summary_table import group_table, totals_table
from messages.trading import TradeRecord
from projections.equity_curve import trading_day
from projections.ledger import Ledger
from projections.summary import Group, Summary, groups, summarise

ZERO = Decimal(0)


class ProfitView(Struct, frozen=True):
    """Totals of all closed rows."""

    summary: Summary


class PerformanceView(Struct, frozen=True):
    """Profit by pair, the greatest first."""

    pairs: tuple[Group, ...]


class Day(Struct, frozen=True):
    """One trading day by its first calendar day in Korea; the ratio is on the wallet."""

    day: date
    rows: int
    profit_abs: Decimal
    profit_ratio: Decimal


class DailyView(Struct, frozen=True):
    """Trading days, the newest first, days without an exit included."""

    days: tuple[Day, ...]


def look(ledger: Ledger) -> ProfitView:
    """Totals."""
    trades = ledger.trades
    return ProfitView(
        summarise(
            trades.sorted_rows,
            _wallet(ledger),
            len(trades.open),
            open_fees=trades.open_fees,
        )
    )


def performance(ledger: Ledger) -> PerformanceView:
    """By pair."""
    return PerformanceView(groups(ledger.trades.closed, lambda row: row.pair))


def daily(ledger: Ledger, days: int, now: float) -> DailyView:
    """By trading day in Korea, which begins at ``day_starts_at``."""
    starts = ledger.config.day_starts_at
    found: dict[date, list[TradeRecord]] = {}
    for row in ledger.trades.closed:
        found.setdefault(trading_day(row.close_date, starts), []).append(row)
    today = trading_day(now, starts)
    wanted = [today - timedelta(days=back) for back in range(max(0, days))]
    wallet = _wallet(ledger)
    return DailyView(tuple(_day(day, found.get(day, []), wallet) for day in wanted))


def table(view: ProfitView, language: str) -> RenderableType:
    """Totals as people read them."""
    if not view.summary.rows:
        return nothing("none_trades", language)
    return totals_table(view.summary, language, say("title_profit", language))


def performance_table(view: PerformanceView, language: str) -> RenderableType:
    """By pair."""
    if not view.pairs:
        return nothing("none_trades", language)
    title = say("title_performance", language)
    return group_table(view.pairs, "pair", title, language, lambda n: pair_name(n, language))


def daily_table(view: DailyView, language: str) -> RenderableType:
    """By day."""
    rows = [
        (
            day.day.isoformat(),
            str(day.rows),
            krw(day.profit_abs, signed=True),
            percent(day.profit_ratio, signed=True),
        )
        for day in view.days
    ]
    names = ("day", "rows", "profit", "ratio")
    return grid(say("title_daily", language), names, rows, language)


def _wallet(ledger: Ledger) -> Decimal:
    start = ledger.cash.start
    return ledger.config.capital if start is None else start


def _day(day: date, rows: list[TradeRecord], wallet: Decimal) -> Day:
    total = sum((row.profit_abs for row in rows), ZERO)
    return Day(day, len(rows), total, quotient(total, wallet) if wallet else ZERO)
