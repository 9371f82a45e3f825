"""Owns the small pieces that pages are made of: tables, facts, signed amounts, pages of pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.money import half_even
from i18n import say
from i18n.formatting import duration, krw, pair_name, percent, price
from i18n.tables import FIGURES
from interfaces.dashboard.markup import Html, el
from messages.plain_values import plain
from projections.order_latency import OrderTimeline

PER_PAGE = 50
SPARE = ("since", "opened", "amount", "stake", "type", "fee", "dash_source")
WHOLE = ("pair", "state", "time", "since", "type", "side", "number", "dash_source", "")
COURSE = ("reserved", "durable", "sent", "answered", "filled", "ended")


def table(
    names: Sequence[str], rows: Iterable[Sequence[object]], language: str, empty: str
) -> Html:
    """Rows under headings (catalogue names without ``col_``); on a phone each is a block."""
    headings = [say(f"col_{name}", language) if name else "" for name in names]
    kinds = [_kind(name) for name in names]
    head = [el("th", h, scope="col", class_=kind) for h, kind in zip(headings, kinds, strict=True)]
    body = [
        el(
            "tr",
            [
                el("td", cell, class_=kind, data_label=heading)
                for cell, kind, heading in zip(row, kinds, headings, strict=True)
            ],
        )
        for row in rows
    ]
    if not body:
        return el("p", say(empty, language), class_="quiet")
    return el("table", el("thead", el("tr", head)), el("tbody", body))


def _kind(name: str) -> str | None:
    """Figures stand to the right; what is spare is left out on a phone."""
    kinds = ["figure"] if name in FIGURES or name == "dash_distance" else []
    kinds += ["spare"] if name in SPARE else []
    kinds += ["whole"] if name in WHOLE else []
    return " ".join(kinds) or None


def facts(rows: Iterable[tuple[object, object]]) -> Html:
    """What, and how it is."""
    return el("dl", [(el("dt", what), el("dd", how)) for what, how in rows])


def gain(amount: Decimal | None, ratio: Decimal | None = None) -> Html:
    """A profit in KRW, or a ratio when one is given, in its colour."""
    figure = amount if ratio is None else ratio
    if figure is None:
        return el("span", "-")
    text = krw(figure, signed=True) if ratio is None else percent(figure, signed=True)
    return el("span", text, class_="up" if figure > 0 else "down" if figure < 0 else None)


def rate(figure: Decimal) -> Html:
    """A price in its tick's precision; exact where the mouse rests."""
    return el("span", price(figure), title=f"₩{plain(half_even(figure, 8))}")


def pair_link(pair: str, language: str) -> Html:
    """A pair's name, leading to its page."""
    if not pair.startswith("KRW-"):
        return el("span", pair)
    return el("a", pair_name(pair, language), href=f"/pair/{pair}")


def change_link(verb: str, pair: str, text: str) -> Html:
    """Leads to the page that asks whether it is meant."""
    target = f"/confirm?verb={verb}" + (f"&pair={pair}" if pair else "")
    return el("a", text, class_="change", href=target)


def course(known: OrderTimeline, language: str) -> Html:
    """An order's stages, each so long after the decision (or after the intent, without one)."""
    begin = known.decided or known.durable
    told = [(name, getattr(known, name)) for name in COURSE]
    steps = [
        el("li", el("b", say(f"dash_stage_{name}", language)), " ", offset(at - begin, language))
        for name, at in told
        if at and begin
    ]
    return el("ol", steps, class_="course") if steps else el("span", "-")


def offset(seconds: float, language: str) -> str:
    """A span of time, short: 12 ms, 1.25 s, 3m 4s."""
    if seconds < 1:
        return f"{max(0.0, seconds) * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 60 else duration(seconds, language)


def pager(path: str, page: int, total: int, language: str) -> Html:
    """Newer and older pages of a table."""
    last = max(1, -(-total // PER_PAGE))
    where = say("dash_page", language, page=f"{page:,}", pages=f"{last:,}", count=f"{total:,}")
    links: list[object] = [el("span", where)]
    if page > 1:
        newer = say("dash_newer", language)
        links.insert(0, el("a", newer, href=f"{path}?page={page - 1}", rel="prev"))
    if page < last:
        older = say("dash_older", language)
        links.append(el("a", older, href=f"{path}?page={page + 1}", rel="next"))
    return el("nav", links, class_="pager")
