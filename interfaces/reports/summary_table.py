"""The summary of a run as people read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from rich.console import RenderableType

from core.replay.schedule import Schedule, market_of
from i18n import say, word
from i18n.formatting import DASH, duration, krw, pair_name, percent
from i18n.styles import shown
from i18n.tables import Grid, grid, pairs, stacked
from persistence.store import Store
from projections.ledger import Ledger
from projections.summary import Extreme, Group, Summary, summarise


def tables(summary: Summary, language: str) -> list[RenderableType]:
    """By pair and by exit reason, where anything was sold, and the totals."""
    totals = totals_table(summary, language, say("title_summary", language))
    if not summary.rows:
        return [totals]
    return [
        group_table(
            summary.by_pair,
            "pair",
            say("title_by_pair", language),
            language,
            lambda name: pair_name(name, language),
        ),
        group_table(
            summary.by_reason,
            "exit_reason",
            say("title_by_reason", language),
            language,
            lambda name: word("reason", name, language),
        ),
        totals,
    ]


def group_table(
    groups: Sequence[Group],
    column: str,
    title: str,
    language: str,
    named: Callable[[str], str],
) -> Grid:
    """One row a group."""
    rows = [
        (
            named(group.name),
            str(group.rows),
            str(group.wins),
            percent(group.win_rate, places=1),
            krw(group.profit_abs, signed=True),
            percent(group.profit_ratio, signed=True),
            duration(group.average_seconds, language),
        )
        for group in groups
    ]
    names = (column, "rows", "wins", "win_rate", "profit", "ratio", "duration")
    return grid(title, names, rows, language, ("duration", "wins"))


def totals_table(summary: Summary, language: str, title: str) -> RenderableType:
    """What, and how much."""
    change = summary.market_change
    facts = {
        "sum_wallet": krw(summary.wallet),
        "sum_final": krw(summary.wallet + summary.profit_abs),
        "sum_profit": _with_share(krw(summary.profit_abs, True), summary.profit_ratio, True),
        "sum_market": percent(change, signed=True) if change is not None else "",
        "sum_trades": f"{summary.trades:,}",
        "sum_rows": f"{summary.rows:,}",
        "sum_wins": f"{summary.wins:,} / {summary.draws:,} / {summary.losses:,}",
        "sum_win_rate": percent(summary.win_rate, places=1),
        "sum_drawdown": _with_share(krw(summary.drawdown_abs), summary.drawdown_ratio, False),
        "sum_fees": krw(summary.fees),
        "sum_duration": duration(summary.average_seconds, language),
        "sum_best": _extreme(summary.best, language),
        "sum_worst": _extreme(summary.worst, language),
        "sum_open": f"{summary.open_trades:,}",
    }
    return pairs(title, [(say(key, language), text) for key, text in facts.items() if text])


def _with_share(text: str, share: Decimal, signed: bool) -> str:
    return f"{text} ({percent(share, signed=signed)})"


def _extreme(row: Extreme | None, language: str) -> str:
    if row is None:
        return DASH
    shown = _with_share(krw(row.profit_abs, signed=True), row.profit_ratio, True)
    return f"{pair_name(row.pair, language)} {shown}"


def summary_of(store: Store, schedule: Schedule, until: float, language: str) -> str:
    """What the journal earned, beside what the market did up to this moment, as tables."""
    ledger = Ledger()
    ledger.catch_up(store)
    done = summarise(
        ledger.trades.sorted_rows,
        ledger.config.dry_run_wallet,
        len(ledger.trades.open),
        market_of(schedule, until),
        ledger.trades.open_fees,
    )
    return shown(stacked(*tables(done, language)), language)
