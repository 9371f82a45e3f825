"""The page of one pair: its candles, why it was and was not traded, its trades."""

from __future__ import annotations

from core.strategies import BUILT_IN
from i18n import say
from i18n.formatting import DASH, kst, pair_name, price
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.entries import decisions, nothing
from interfaces.dashboard.pages.page_request import PageContent, PagePart, PageRequest
from interfaces.dashboard.pages.pieces import pair_link, table
from interfaces.dashboard.pages.trades import of_pair
from interfaces.dashboard.picture import Picture
from projections import conditions

DECIDED = 40
SPANS = (120, 360, 1440)  # candles


def pair(picture: Picture, asked: PageRequest) -> PageContent:
    """Everything about one pair."""
    language, name = asked.language, asked.pair
    count = asked.query.get("candles", "")
    wanted = count if count in map(str, SPANS) else str(SPANS[0])
    chart = f"/figures/candles/{name}?candles={wanted}"
    if picture.caught_up:
        letters = picture.chronicle.recent.of(name, DECIDED)[::-1]
    else:
        letters = [e for e in picture.decided if getattr(e.body, "pair", "") == name]
    parts = (
        PagePart("pairs", "", _choice(picture, asked, wanted)),
        PagePart("candles", pair_name(name, language), Html(), chart),
        PagePart("now", say("title_now", language), _conditions(picture, name, language)),
        PagePart(
            "why",
            say("title_why", language, pair=name),
            decisions(letters, picture, language, name),
        ),
        PagePart("closed", say("title_trades", language), of_pair(picture, name, language)),
    )
    return PageContent(pair_name(name, language), parts)


def _choice(picture: Picture, asked: PageRequest, wanted: str) -> Html:
    """Other pairs, and how much of this one is drawn."""
    minutes = picture.ledger.config.seconds // 60
    spans = [
        el(
            "a",
            say("dash_hours", asked.language, count=f"{count * minutes / 60:g}"),
            href=f"{asked.path}?candles={count}",
            aria_current="true" if str(count) == wanted else None,
        )
        for count in SPANS
    ]
    others = [pair_link(name, asked.language) for name in picture.pairs[:40]]
    return el("div", el("nav", others, class_="pairs"), el("nav", spans, class_="spans"))


def _conditions(picture: Picture, name: str, language: str) -> Html:
    """What the strategy's conditions say at the newest candle."""
    config = picture.ledger.config
    candles = picture.reader.candles(name, config.startup_candle_count)
    strategy = picture.watch.strategy or BUILT_IN.get(config.strategy)
    found = conditions.look(strategy, config, candles)
    if not found:
        return nothing("none_conditions", language)
    rows = []
    for one in found:
        held = "held_now" if one.holds else "held_recent" if one.recent else "held_not"
        needs = say(one.needs, language, limit=one.limit or DASH)
        rows.append((one.name, one.value or DASH, needs, say(held, language)))
    newest = candles[-1]
    when = f"{kst(newest.time + config.seconds)} · {price(newest.close)}"
    shown = table(("condition", "value", "range", "how"), rows, language, "none_conditions")
    return el("div", el("p", when, class_="quiet"), shown)
