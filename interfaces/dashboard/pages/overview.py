"""The first page: the money, what is open, the market, what was decided."""

from __future__ import annotations

from decimal import Decimal

from core.money import quotient
from i18n import say, word
from i18n.formatting import DASH, duration, krw, kst, percent, price, volume
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.entries import decisions
from interfaces.dashboard.pages.orders import open_orders
from interfaces.dashboard.pages.page_request import PageContent, PagePart, PageRequest
from interfaces.dashboard.pages.pieces import (
    change_link,
    gain,
    pair_link,
    rate,
    table,
)
from interfaces.dashboard.picture import Picture
from interfaces.views.status import TradeNow

DECIDED = 12
PAIRS = 12  # of which charts are offered at once


def overview(picture: Picture, asked: PageRequest) -> PageContent:
    """Everything at a glance."""
    language = asked.language
    parts = [
        PagePart("figures", "", figures(picture, language)),
        PagePart("equity", say("dash_equity", language), Html(), "/figures/equity"),
        PagePart("trades", say("title_status", language), open_trades(picture, asked)),
    ]
    if pairs := picture.pairs[:PAIRS]:
        links = el("nav", [pair_link(pair, language) for pair in pairs], class_="pairs")
        chart = f"/figures/candles/{pairs[0]}"
        parts.append(PagePart("pairs", say("dash_market", language), links))
        parts.append(PagePart("candles", pairs[0], Html(), chart))
    parts += [
        PagePart("open-orders", say("title_orders", language), open_orders(picture, asked)),
        PagePart(
            "decided",
            say("dash_decisions", language),
            decisions(picture.decided, picture, language, most=DECIDED),
        ),
    ]
    if asked.may_change:
        parts.insert(1, PagePart("controls", "", controls(picture, language)))
    return PageContent(say("dash_overview", language), tuple(parts))


def figures(picture: Picture, language: str) -> Html:
    """The money in a few numbers, and how the bot is."""
    shown, config = picture.figures, picture.ledger.config
    reading = say("dash_reading", language, share=percent(picture.watch.progress, places=0))
    fall, most = reading, ""
    if shown.drawdown is not None and shown.drawdown_most is not None:
        fall = percent(shown.drawdown)
        most = say("dash_most", language, most=percent(shown.drawdown_most))
    tiles: list[tuple[str, object, object]] = [
        ("dash_equity", _known(shown.equity, reading), _since_start(picture, language)),
        (
            "dash_today",
            gain(shown.today) if shown.today is not None else reading,
            _in_all(shown.realised, language),
        ),
        ("dash_unrealised", gain(shown.unrealised), ""),
        ("dash_drawdown", fall, most),
        ("bal_free", krw(shown.free), say("dash_of", language, whole=krw(shown.cash))),
        (
            "title_status",
            f"{len(picture.status.trades)} / {config.max_open_trades}",
            word("mode", picture.ledger.mode, language),
        ),
    ]
    return el(
        "ul",
        [
            el("li", el("h3", say(key, language)), el("p", main), el("small", beside))
            for key, main, beside in tiles
        ],
        class_="tiles",
    )


def _since_start(picture: Picture, language: str) -> object:
    """What the equity has gained on the wallet, at market prices as the equity is."""
    equity, wallet = picture.figures.equity, picture.wallet
    if equity is None:
        return ""
    change = equity - wallet
    ratio = [" (", gain(None, quotient(change, wallet)), ")"] if wallet else []
    return [gain(change), *ratio, " ", say("dash_on_wallet", language, wallet=krw(wallet))]


def _in_all(realised: Decimal | None, language: str) -> object:
    return "" if realised is None else [say("dash_in_all", language), " ", gain(realised)]


def _known(amount: Decimal | None, otherwise: str) -> str:
    return otherwise if amount is None else krw(amount)


def controls(picture: Picture, language: str) -> Html:
    """What may be changed from here; each is asked about once more."""
    mode = picture.ledger.mode
    verbs = ["kill"] if mode != "killed" else []
    verbs.insert(0, "stopentry" if mode == "running" else "start")
    if picture.status.trades:
        verbs.insert(1, "forceexit_all")
    links = [
        change_link("forceexit", "all", say("dash_do_forceexit_all", language))
        if verb == "forceexit_all"
        else change_link(verb, "", say(f"dash_do_{verb}", language))
        for verb in verbs
    ]
    return el("nav", links, class_="controls")


def open_trades(picture: Picture, asked: PageRequest) -> Html:
    """Open trades with their profit now, and how far the stop is."""
    language = asked.language
    names = ["pair", "since", "held", "entry", "now", "profit", "ratio", "stop", "dash_distance"]
    names += ["stake"]
    rows = [_trade(trade, language) for trade in picture.status.trades]
    if asked.may_change:
        names.append("")
        sell = say("dash_do_forceexit", language)
        for row, trade in zip(rows, picture.status.trades, strict=True):
            row.append(change_link("forceexit", trade.pair, sell))
    return table(names, rows, language, "none_status")


def _trade(trade: TradeNow, language: str) -> list[object]:
    now = trade.current_rate
    distance = percent(quotient(trade.stop_rate - now, now), signed=True) if now else DASH
    return [
        pair_link(trade.pair, language),
        el("span", kst(trade.open_date, seconds=False)[5:], title=kst(trade.open_date)),
        duration(trade.held_seconds, language),
        rate(trade.open_rate),
        price(now) if now is not None else DASH,
        gain(trade.profit_abs),
        gain(None, trade.profit_ratio) if trade.profit_ratio is not None else DASH,
        el("span", rate(trade.stop_rate), title=word("reason", trade.stop_reason, language)),
        distance,
        el("span", krw(trade.stake_amount), title=volume(trade.amount)),
    ]
