"""Owns what a person reads of a sweep: the best set, what it earned where, and each fold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import RenderableType

from interfaces.catalogue import say
from interfaces.formatting import krw, kst, percent
from interfaces.reports.shapes import grid, pairs

if TYPE_CHECKING:
    from research.sweep.findings import Findings, Fold
    from research.sweep.scoring import Score


def tables(found: Findings, words: str) -> list[RenderableType]:
    """The best set as keys of the configuration; training beside validation; the folds."""
    assert found.best is not None
    values = [(name, str(value)) for name, value in found.best.values.items()]
    made: list[RenderableType] = [
        pairs(say("sweep_title", words), head(found, words)),
        pairs(say("sweep_best", words), values),
        grid(say("sweep_windows", words), COLUMNS, windows(found, words), words),
    ]
    if found.folds:
        rows = [fold_row(fold) for fold in found.folds]
        made.append(grid(say("sweep_folds", words), FOLDS, rows, words))
    return made


def head(found: Findings, words: str) -> list[tuple[str, str]]:
    """How many sets there were, what the best was chosen by, and how far to believe it."""
    made = [(say("sweep_trials", words), f"{found.trials:,}")]
    if found.failed:
        facts = {"count": f"{found.failed:,}", "error": found.error.removeprefix("Unfit: ")}
        made.append((say("sweep_failed", words), say("sweep_failed_why", words, **facts)))
    made.append((say("sweep_objective", words), f"{found.objective}: {found.value:,.4g}"))
    if found.tried is not None:
        made.append((say("sweep_tried", words), f"{found.tried:,.4g}"))
    if found.sure is not None:
        made.append((say("sweep_sure", words), percent(found.sure, places=1)))
    return made


def warned(found: Findings, words: str) -> list[str]:
    """Why the best is not to be believed; or that nothing says so."""
    facts = {"count": f"{found.trials:,}", "profit": won(found.train.profit)}
    lines = [say(f"sweep_{name}", words, **facts) for name in found.warnings]
    return lines or [say("sweep_holds", words)]


def won(profit: float) -> str:
    """KRW of a figure that informs."""
    return krw(Decimal(round(profit)), signed=True)


COLUMNS = ("window", "profit", "count", "drawdown", "sharpe", "sortino", "calmar")
FOLDS = ("window", "train", "tried", "values")


def windows(found: Findings, words: str) -> list[tuple[str, ...]]:
    """A row for training, and one for validation."""
    rows = [(say("sweep_train", words), *_score(found.train))]
    if found.validation is not None:
        rows.append((say("sweep_validation", words), *_score(found.validation)))
    return rows


def _score(score: Score) -> tuple[str, ...]:
    ratios = (score.sharpe, score.sortino, score.calmar)
    told = ("-" if r is None else f"{r:,.2f}" for r in ratios)
    return (won(score.profit), f"{score.exits:,}", percent(score.drawdown), *told)


def fold_row(fold: Fold) -> tuple[str, ...]:
    """What was chosen before these days, and what it earned there and here."""
    values = ", ".join(f"{name} {value}" for name, value in fold.values.items())
    span = f"{kst(fold.begin, False)} - {kst(fold.end, False)}"
    return (span, won(fold.train.profit), won(fold.tried.profit), values)
