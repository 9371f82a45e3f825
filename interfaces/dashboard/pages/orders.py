"""The page of orders: every one from its intent to its end, with the moments between."""

from __future__ import annotations

from i18n import ending_words, say, word
from i18n.formatting import DASH, krw, kst, volume
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.page_request import PageContent, PagePart, PageRequest
from interfaces.dashboard.pages.pieces import (
    PER_PAGE,
    change_link,
    course,
    pager,
    pair_link,
    table,
)
from interfaces.dashboard.picture import Picture
from projections.order_latency import OrderTimeline
from projections.orders import OrderRow

NAMES = ("time", "pair", "side", "type", "state", "dash_course", "executed", "fee", "reason")


def orders(picture: Picture, asked: PageRequest) -> PageContent:
    """Those that live, and a page of all."""
    language = asked.language
    skip = (asked.page - 1) * PER_PAGE
    rows = picture.chronicle.newest_orders(skip, PER_PAGE)
    known = [(row, picture.course(row.id)) for row in rows]
    pages = pager(asked.path, asked.page, picture.chronicle.orders_kept, language)
    body = el("div", pages, _table(known, language, "dash_read_later"), pages)
    parts = (
        PagePart("open-orders", say("title_orders", language), open_orders(picture, asked)),
        PagePart("all-orders", say("title_all_orders", language), body),
    )
    return PageContent(say("dash_orders", language), parts)


def open_orders(picture: Picture, asked: PageRequest) -> Html:
    """Those that have not ended."""
    language = asked.language
    if not asked.may_change:
        return _table(picture.open_orders, language, "none_orders")
    cancel = say("dash_do_cancel_open_order", language)
    rows = [
        [*_row(row, known, language), change_link("cancel_open_order", row.pair, cancel)]
        for row, known in picture.open_orders
    ]
    return table((*NAMES, ""), rows, language, "none_orders")


def _table(known: list[tuple[OrderRow, OrderTimeline]], language: str, empty: str) -> Html:
    return table(NAMES, [_row(row, times, language) for row, times in known], language, empty)


def _row(row: OrderRow, times: OrderTimeline, language: str) -> list[object]:
    if not times.durable:  # so old that its course was let go of
        times = OrderTimeline(durable=row.intended_at, ended=row.ended_at or 0.0)
    return [
        kst(row.intended_at),
        pair_link(row.pair, language),
        word("side", row.side, language),
        row.ord_type,
        el("span", word("dash_order", row.state, language), class_=f"state {row.state}"),
        course(times, language),
        volume(row.executed_volume),
        krw(row.paid_fee),
        ending_words(row.ending.written, language) or DASH,
    ]
