"""Owns what a person reads of a sweep: the best set, what it earned where, and each fold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import RenderableType

from i18n import say
from i18n.formatting import krw, kst, percent
from i18n.tables import grid, pairs

if TYPE_CHECKING:
    from research.sweep.findings import Findings, Fold
    from research.sweep.scores import Score


def tables(found: Findings, language: str) -> list[RenderableType]:
    """The best set as keys of the configuration; training beside validation; the folds."""
    assert found.best is not None
    values = [(name, str(value)) for name, value in found.best.values.items()]
    made: list[RenderableType] = [
        pairs(say("sweep_title", language), head(found, language)),
        pairs(say("sweep_best", language), values),
        grid(say("sweep_windows", language), COLUMNS, windows(found, language), language),
    ]
    if found.folds:
        rows = [fold_row(fold) for fold in found.folds]
        made.append(grid(say("sweep_folds", language), FOLDS, rows, language))
    return made


def head(found: Findings, language: str) -> list[tuple[str, str]]:
    """How many sets there were, what the best was chosen by, and how far to believe it."""
    made = [(say("sweep_trials", language), _counted(found, language))]
    if found.failed:
        facts = {"count": f"{found.failed:,}", "error": found.error.removeprefix("Unfit: ")}
        made.append((say("sweep_failed", language), say("sweep_failed_why", language, **facts)))
    made.append((say("sweep_objective", language), f"{found.objective}: {found.value:,.4g}"))
    if found.tried is not None:
        if found.trained is not None:
            made.append((say("sweep_trained_folds", language), _value(found.trained)))
        key = "sweep_tried_folds" if found.folds else "sweep_tried"
        made.append((say(key, language), _value(found.tried)))
    if found.sure is not None:
        made.append((say("sweep_sure", language), percent(found.sure, places=1)))
    return made


def _counted(found: Findings, language: str) -> str:
    """How many sets; a sampler that insists has played some of them again."""
    said = [say("sweep_all", language)] if found.whole else []
    if found.repeats:
        said.append(say("sweep_repeats", language, count=f"{found.repeats:,}"))
    return f"{found.trials:,}" + (f" ({', '.join(said)})" if said else "")


def _value(value: float) -> str:
    return f"{round(value, 9) + 0.0:,.4g}"  # a sum of floats that is meant as 0


def warned(found: Findings, language: str) -> list[str]:
    """Why the best is not to be believed; or that nothing says so."""
    facts = {"count": f"{found.trials:,}", "profit": won(found.train.profit)}
    lines = [say(f"sweep_{name}", language, **facts) for name in found.warnings]
    return lines or [say("sweep_holds", language)]


def won(profit: float) -> str:
    """KRW of a figure that informs."""
    return krw(Decimal(round(profit)), signed=True)


COLUMNS = ("part", "profit", "count", "drawdown", "sharpe", "sortino", "calmar")
FOLDS = ("window", "train", "tried", "values")


def windows(found: Findings, language: str) -> list[tuple[str, ...]]:
    """A row for training, and one for validation: of folds those of the last."""
    last = "_last" if found.folds else ""
    rows = [(say(f"sweep_train{last}", language), *_score(found.train))]
    if found.validation is not None:
        rows.append((say(f"sweep_validation{last}", language), *_score(found.validation)))
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
