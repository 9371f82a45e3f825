"""The tables of a report, as HTML; every text is escaped here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from html import escape

from i18n import say, word
from i18n.formatting import DASH, duration, krw, kst, pair_name, percent, price, volume
from i18n.tables import FIGURES
from interfaces.reports.page.material import Material
from messages.plain_values import moment
from messages.trading import TradeRecord
from projections.equity_curve import trading_day
from projections.summary import Group, groups

MANY = 8  # columns of a table that needs a wide screen
UNBROKEN = ("pair", "opened", "closed", "since", "window", "month")
SHOWN = 2000  # rows of the list; all of them are in the exported files
Cell = str | tuple[str, str]  # text, or text and a class


def section(title: str, inner: str) -> str:
    """A heading, and what stands below it."""
    return f"<section><h2>{escape(title)}</h2>{inner}</section>"


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], language: str, size: str = ""
) -> str:
    """``columns`` are names of the catalogue without ``col_``; ``size``: how wide a place it wants,
    many, more or some.
    """
    named = [(name, say(f"col_{name}", language)) for name in columns]
    heads = "".join(
        f'<th scope="col"{_class("figure" if name in FIGURES else "")}>{escape(head)}</th>'
        for name, head in named
    )
    lines = "".join(f"<tr>{_cells(columns, row)}</tr>" for row in rows)
    head = f"<thead><tr>{heads}</tr></thead>"
    size = size or ("many" if len(columns) > MANY else "some")
    labels = ";".join(f'--c{place}:"{label}"' for place, (_, label) in enumerate(named, 1))
    table = f'<table style="{escape(labels)}">{head}<tbody>{lines}</tbody></table>'
    return f'<div class="wide {size}">{table}</div>'


def _cells(columns: Sequence[str], row: Sequence[Cell]) -> str:
    made = []
    for name, cell in zip(columns, row, strict=True):
        text, more = cell if isinstance(cell, tuple) else (cell, "")
        classes = f"{'figure ' if name in FIGURES else ''}{more}".strip()
        shown = _breaking(text) if name in UNBROKEN else escape(text)
        made.append(f"<td{_class(classes)}>{shown}</td>")
    return "".join(made)


def _breaking(text: str) -> str:
    """A name or a moment, which breaks between its parts alone: 2026-01-12 04:00, Coin(KRW-X)."""
    parts = [part.replace("(", "\0(").split("\0") for part in text.split(" ")]
    spans = ("<wbr>".join(f"<span>{escape(p)}</span>" for p in each if p) for each in parts)
    return f"<div>{' '.join(spans)}</div>"


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def money(amount: Decimal) -> Cell:
    """A profit, coloured by its sign."""
    return krw(amount, signed=True), sign(amount)


def sign(amount: Decimal | float) -> str:
    """The class of a figure."""
    return "up" if amount > 0 else "down" if amount < 0 else ""


def by_pair(made: Material, language: str) -> str:
    """One row a pair."""
    return _groups(made.summary.by_pair, "pair", lambda name: pair_name(name, language), language)


def by_reason(made: Material, language: str) -> str:
    """One row an exit reason."""
    return _groups(
        made.summary.by_reason, "exit_reason", lambda name: word("reason", name, language), language
    )


def by_month(made: Material, language: str) -> str:
    """One row a month in Korea, the oldest first, by the day that trading days begin."""
    starts = made.run.config.day_starts_at
    found = groups(made.run.rows, lambda row: f"{trading_day(row.close_date, starts):%Y-%m}")
    ordered = sorted(found, key=lambda group: group.name)
    return _groups(ordered, "month", str, language)


def _groups(found: Sequence[Group], column: str, named: Callable[[str], str], language: str) -> str:
    names = (column, "rows", "win_rate", "profit", "ratio", "fee", "duration")
    rows: list[list[Cell]] = [
        [
            named(group.name),
            f"{group.rows:,}",
            percent(group.win_rate, places=1),
            money(group.profit_abs),
            percent(group.profit_ratio, signed=True),
            krw(group.fees),
            duration(group.average_seconds, language),
        ]
        for group in found
    ]
    return table(names, rows, language)


def trades(made: Material, language: str) -> str:
    """The last rows, the newest first."""
    names = ("pair", "opened", "closed", "entry", "exit", "amount", "stake", "profit", "ratio")
    rows = sorted(made.run.rows, key=lambda row: (row.close_date, row.pair))[-SHOWN:][::-1]
    listed = table(
        (*names, "fee", "exit_reason", "tag"), (_trade(row, language) for row in rows), language
    )
    if len(made.run.rows) <= SHOWN:
        return listed
    facts = {"shown": f"{SHOWN:,}", "total": f"{len(made.run.rows):,}"}
    return f'<p class="faint">{escape(say("report_cut", language, **facts))}</p>{listed}'


def _trade(row: TradeRecord, language: str) -> list[Cell]:
    return [
        pair_name(row.pair, language),
        kst(row.open_date, seconds=False),
        kst(row.close_date, seconds=False),
        price(row.open_rate),
        price(row.close_rate),
        volume(row.amount),
        krw(row.stake_amount),
        money(row.profit_abs),
        percent(row.profit_ratio, signed=True),
        krw(row.fee_open_cost + row.fee_close_cost),
        word("reason", row.exit_reason, language),
        row.enter_tag.replace(" ", " + ") or DASH,
    ]


def still_open(made: Material, language: str) -> str:
    """Trades that go on."""
    names = ("pair", "since", "entry", "amount", "stake", "tag")
    rows = [
        [
            pair_name(trade.pair, language),
            kst(moment(trade.opened_at), seconds=False),
            price(trade.price),
            volume(trade.volume),
            krw(trade.stake),
            trade.tag.replace(" ", " + ") or DASH,
        ]
        for trade in made.run.open
    ]
    return (
        table(names, rows, language, "more")
        if rows
        else f"<p>{escape(say('none_status', language))}</p>"
    )
