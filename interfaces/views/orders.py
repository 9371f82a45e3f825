"""``orders``: those that have not ended; and the table of all of them for ``show-orders``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from rich.console import RenderableType

from i18n import ending_words, say, word
from i18n.formatting import DASH, krw, kst, pair_name, volume
from i18n.tables import grid, nothing
from messages.plain_values import moment
from projections.ledger import Ledger
from projections.orders import OrderRow


class OrderNow(Struct, frozen=True):
    """One order that has not ended."""

    id: str
    identifier: str
    uuid: str
    pair: str
    side: str
    ord_type: str
    state: str
    price: Decimal | None
    volume: Decimal | None
    executed_volume: Decimal
    paid_fee: Decimal
    intended_at: datetime
    reason: str
    reason_facts: dict[str, str] = {}
    ending: str = ""  # both of them, as one fact of a notice


class OrdersView(Struct, frozen=True):
    """Orders, oldest first."""

    orders: tuple[OrderNow, ...]


def look(ledger: Ledger) -> OrdersView:
    """From the journal."""
    return OrdersView(tuple(_now(row) for row in ledger.orders.rows.values() if not row.ended))


def table(view: OrdersView, language: str) -> RenderableType:
    """As people read it."""
    return _table("title_orders", view.orders, language)


def all_table(rows: Iterable[OrderRow], language: str) -> RenderableType:
    """Every order ever intended, as ``show-orders`` prints it."""
    return _table("title_all_orders", [_now(row) for row in rows], language)


def _table(title: str, orders: Iterable[OrderNow], language: str) -> RenderableType:
    names = ("time", "pair", "side", "type", "state", "executed", "fee", "reason")
    rows = [
        (
            kst(order.intended_at),
            pair_name(order.pair, language),
            word("side", order.side, language),
            order.ord_type,
            order.state,
            volume(order.executed_volume),
            krw(order.paid_fee),
            ending_words(order.ending, language) or DASH,
        )
        for order in orders
    ]
    return (
        grid(say(title, language), names, rows, language)
        if rows
        else nothing("none_orders", language)
    )


def _now(row: OrderRow) -> OrderNow:
    return OrderNow(
        row.id,
        row.identifier,
        row.uuid,
        row.pair,
        row.side,
        row.ord_type,
        row.state,
        row.price,
        row.volume,
        row.executed_volume,
        row.paid_fee,
        moment(row.intended_at),
        row.reason,
        row.ending.facts,
        row.ending.written,
    )
