"""Owns the page of a sweep: a heat map of any two parameters, the best one's curve, the folds."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from core.performance.equity import KOREA
from i18n import say
from i18n.formatting import kst
from interfaces.commands.sweep_report import COLUMNS, FOLDS, fold_row, head, warned, windows
from interfaces.reports.page import tables
from interfaces.reports.page.shell import whole
from interfaces.reports.page.sweep_script import SWEEP

if TYPE_CHECKING:
    from research.sweep.findings import Findings
    from research.sweep.picture import Picture, Set

SHOWN = 50  # sets of the table; all of them are in the record


def page(found: Findings, picture: Picture, heading: tuple[str, ...], language: str) -> str:
    """The file's text. Raises UserError without plotly."""
    told = {
        "axes": picture.axes,
        "sets": to_builtins(picture.sets),
        "objective": found.objective,
        "curve": {"x": [_shown(at) for at, _ in picture.curve], "y": _won(picture)},
        "untrained": [[_shown(begin), _shown(end)] for begin, end in picture.untrained],
        "folds": [
            {"label": kst(f.begin, False), "train": f.train.profit, "tried": f.tried.profit}
            for f in found.folds
        ],
        "words": {
            "sets": say("sweep_sets", language),
            "curve": say("sweep_curve", language),
            "train": say("col_train", language),
            "tried": say("col_tried", language),
        },
    }
    body = _body(found, picture, language)
    return whole(say("sweep_title", language), heading, body, told, SWEEP, language)


def _body(found: Findings, picture: Picture, language: str) -> str:
    assert found.best is not None
    values = [[name, str(value)] for name, value in found.best.values.items()]
    facts = [list(row) for row in head(found, language)]
    lines = "".join(f"<p><strong>{escape(line)}</strong></p>" for line in warned(found, language))
    parts = [
        lines,
        '<div class="two">',
        tables.section(say("sweep_title", language), tables.table(("key", "how"), facts, language)),
        tables.section(say("sweep_best", language), tables.table(("key", "how"), values, language)),
        "</div>",
        _titled(
            "sweep_windows", tables.table(COLUMNS, windows(found, language), language), language
        ),
        _titled("sweep_heat", _choices(picture, language) + _chart("heat"), language),
        _titled("sweep_curve", _chart("curve") + _note("sweep_curve_how", language), language),
    ]
    if found.folds:
        rows = tables.table(FOLDS, [fold_row(fold) for fold in found.folds], language)
        parts.append(_titled("sweep_folds", _chart("folds") + rows, language))
    return "".join([*parts, _titled("sweep_sets", _sets(picture, language), language)])


def _titled(key: str, inner: str, language: str) -> str:
    return tables.section(say(key, language), inner)


def _chart(name: str) -> str:
    return f'<figure><div id="{name}" class="chart"></div></figure>'


def _note(key: str, language: str) -> str:
    return f"<figcaption>{escape(say(key, language))}</figcaption>"


def _choices(picture: Picture, language: str) -> str:
    """Two lists of the parameters, the second with the second chosen."""
    names = list(picture.axes)
    made = []
    for id, chosen in (("across", 0), ("up", min(1, len(names) - 1))):
        options = "".join(
            f'<option value="{place}"{" selected" if place == chosen else ""}>'
            f"{escape(name)}</option>"
            for place, name in enumerate(names)
        )
        label = escape(say(f"sweep_{id}", language))
        made.append(f'<label>{label} <select id="{id}">{options}</select></label> ')
    return "".join(made) + _note("sweep_heat_how", language)


def _sets(picture: Picture, language: str) -> str:
    """The best ones first."""
    known = [each for each in picture.sets if each.trained is not None]
    ranked = sorted(known, key=lambda each: (-(each.trained or 0.0), each.number))[:SHOWN]
    columns = ("number", "worth", "worth_tried", "values")
    return tables.table(columns, [_set(each, list(picture.axes)) for each in ranked], language)


def _set(each: Set, names: list[str]) -> list[str]:
    values = ", ".join(f"{n} {v}" for n, v in zip(names, each.values, strict=True))
    return [str(each.number), _figure(each.trained), _figure(each.tried), values]


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:,.4g}"


def _shown(at: float) -> int:
    """Milliseconds that read as Korean time: the charts know no time zones."""
    return round((at + KOREA) * 1000)


def _won(picture: Picture) -> list[Any]:
    return [round(won) for _, won in picture.curve]
