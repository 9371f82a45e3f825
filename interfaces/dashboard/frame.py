"""Owns the frame around every page: head, navigation, language, and the places of its parts."""

from __future__ import annotations

from collections.abc import Mapping

from app.runtime_stats import described
from i18n import LANGUAGES, say, word
from i18n.formatting import kst
from interfaces.dashboard.assets import Asset
from interfaces.dashboard.markup import Html, el, html
from interfaces.dashboard.pages.page_request import PageContent, PagePart, PageRequest
from interfaces.dashboard.picture import Picture

NAMES = {"en": "English", "ko": "한국어"}
WAYS = {
    "/": "dash_overview",
    "/trades": "dash_trades",
    "/orders": "dash_orders",
    "/journal": "dash_journal",
    "/health": "title_health",
}


def page(
    picture: Picture, asked: PageRequest, shown: PageContent, files: Mapping[str, Asset]
) -> Html:
    """The whole document."""
    parts = (banner(picture, asked), *shown.parts)
    body = el(
        "body",
        _top(asked),
        el("main", [section(part) for part in parts]),
        data_stream="/stream",
        data_lost=say("dash_lost", asked.language),
    )
    charts = any(part.chart for part in shown.parts)
    return document(shown.title, asked.language, body, files, live=True, charts=charts)


def plain_page(title: str, language: str, body: Html, files: Mapping[str, Asset]) -> Html:
    """A document of a few words, without anything live."""
    return document(title, language, el("body", el("main", body), class_="plain"), files)


def document(
    title: str,
    language: str,
    body: Html,
    files: Mapping[str, Asset],
    live: bool = False,
    charts: bool = False,
) -> Html:
    """Head and body; scripts load beside, so that the page is there before them."""
    scripts = ("plotly", "page") if charts else ("page",) if live else ()
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{title} - Jangbu"),
        el("link", rel="icon", href=_at(files["icon"])),
        el("link", rel="stylesheet", href=_at(files["style"])),
        [el("script", src=_at(files[name]), defer=True) for name in scripts],
    )
    return html([Html("<!doctype html>"), el("html", head, body, lang=language)])


def section(part: PagePart) -> Html:
    """A part in its place; the stream replaces what is inside of its body."""
    heading = el("h2", part.title) if part.title else None
    inner: object = el("div", part.body, id=part.id, class_="part")
    if part.chart:
        inner = el("div", id=part.id, class_="chart", data_chart=part.chart)
    return el("section", heading, inner, class_=part.id)


def banner(picture: Picture, asked: PageRequest) -> PagePart:
    """What must be seen on every page: what money this is, and what is not as it should be."""
    language, watch = asked.language, picture.watch
    birth = picture.reader.birth
    told: list[object] = [
        el("b", say(f"dash_money_{birth.mode}", language), class_=f"money {birth.mode}"),
        el(
            "span",
            word("mode", picture.ledger.mode, language),
            class_=f"mode {picture.ledger.mode}",
        ),
        el("time", kst(picture.now, seconds=False)),
    ]
    if watch.asked and watch.bot != "up":
        told.append(el("b", say(f"dash_bot_{watch.bot}", language), class_="alarm"))
    view = picture.health
    if view.breaker != "closed":
        until = str(view.breaker_until.timestamp()) if view.breaker_until else ""
        told.append(
            el("b", say(f"breaker_state_{view.breaker}", language, until=until), class_="alarm")
        )
    if view.orders_in_doubt:
        count = f"{view.orders_in_doubt}"
        told.append(el("b", say("dash_doubt", language, count=count), class_="alarm"))
    if view.broken:
        told.append(el("b", say("dash_broken", language), class_="alarm"))
    for _, text in described(view.ails, language):
        told.append(el("b", text, class_="alarm"))
    if not picture.caught_up:
        share = f"{picture.watch.progress:.0%}"
        told.append(el("span", say("dash_reading", language, share=share), class_="quiet"))
    return PagePart("banner", "", html(told))


def _top(asked: PageRequest) -> Html:
    ways = [
        el(
            "a",
            say(key, asked.language),
            href=path,
            aria_current="page" if path == asked.path else None,
        )
        for path, key in WAYS.items()
    ]
    tongues = [
        el("a", NAMES[name], href=f"/language?to={name}&of={asked.path}", lang=name, hreflang=name)
        for name in LANGUAGES
        if name != asked.language
    ]
    title = el("a", "Jangbu", href="/", class_="name")
    return el("header", title, el("nav", ways), el("nav", tongues, class_="tongues"))


def _at(asset: Asset) -> str:
    return f"/assets/{asset.name}"
