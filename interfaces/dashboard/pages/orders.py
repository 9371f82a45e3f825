"""The page of orders: every one from its intent to its end, with the moments between."""

from __future__ import annotations

from i18n import ending_words, say, word
from i18n.formatting import DASH, krw, kst, volume
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.asked import Asked, Part, Shown
from interfaces.dashboard.pages.pieces import (
    PER_PAGE,
    change_link,
    course,
    pager,
    pair_link,
    table,
)
from interfaces.dashboard.picture import Picture
from projections.order_latency import Course
from projections.orders import OrderRow

NAMES = ("time", "pair", "side", "type", "state", "dash_course", "executed", "fee", "reason")


def orders(picture: Picture, asked: Asked) -> Shown:
    """Those that live, and a page of all."""
    words = asked.language
    skip = (asked.page - 1) * PER_PAGE
    rows = picture.chronicle.newest_orders(skip, PER_PAGE)
    known = [(row, picture.course(row.id)) for row in rows]
    pages = pager(asked.path, asked.page, picture.chronicle.orders_kept, words)
    body = el("div", pages, _table(known, words, "dash_read_later"), pages)
    parts = (
        Part("open-orders", say("title_orders", words), open_orders(picture, asked)),
        Part("all-orders", say("title_all_orders", words), body),
    )
    return Shown(say("dash_orders", words), parts)


def open_orders(picture: Picture, asked: Asked) -> Html:
    """Those that have not ended."""
    words = asked.language
    if not asked.may_change:
        return _table(picture.open_orders, words, "none_orders")
    cancel = say("dash_do_cancel_open_order", words)
    rows = [
        [*_row(row, known, words), change_link("cancel_open_order", row.pair, cancel)]
        for row, known in picture.open_orders
    ]
    return table((*NAMES, ""), rows, words, "none_orders")


def _table(known: list[tuple[OrderRow, Course]], words: str, empty: str) -> Html:
    return table(NAMES, [_row(row, times, words) for row, times in known], words, empty)


def _row(row: OrderRow, times: Course, words: str) -> list[object]:
    if not times.durable:  # so old that its course was let go of
        times = Course(durable=row.intended_at, ended=row.ended_at or 0.0)
    return [
        kst(row.intended_at),
        pair_link(row.pair, words),
        word("side", row.side, words),
        row.ord_type,
        el("span", word("dash_order", row.state, words), class_=f"state {row.state}"),
        course(times, words),
        volume(row.executed_volume),
        krw(row.paid_fee),
        ending_words(row.ending.written, words) or DASH,
    ]
