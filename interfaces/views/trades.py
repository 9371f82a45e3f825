"""``trades``: the last closed trades; and the table of all of them for ``show-trades``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from rich.console import RenderableType

from i18n import say, word
from i18n.formatting import krw, kst, pair_name, percent, price
from i18n.tables import grid, nothing
from messages.plain_values import moment
from messages.trading import TradeRecord
from projections.ledger import Ledger


class ClosedTrade(Struct, frozen=True):
    """One row: a closed trade, or a part of one that was sold."""

    pair: str
    open_date: datetime
    close_date: datetime
    open_rate: Decimal
    close_rate: Decimal
    amount: Decimal
    stake_amount: Decimal
    profit_abs: Decimal
    profit_ratio: Decimal
    exit_reason: str
    enter_tag: str


class TradesView(Struct, frozen=True):
    """Rows by close date, the newest last; ``total`` is how many there are in all."""

    total: int
    trades: tuple[ClosedTrade, ...]


def look(ledger: Ledger, limit: int) -> TradesView:
    """The last ``limit`` rows."""
    rows = ledger.trades.sorted_rows
    return TradesView(len(rows), tuple(map(closed, rows[-limit:] if limit > 0 else [])))


def closed(row: TradeRecord) -> ClosedTrade:
    """A row as it is shown."""
    return ClosedTrade(
        row.pair,
        moment(row.open_date),
        moment(row.close_date),
        row.open_rate,
        row.close_rate,
        row.amount,
        row.stake_amount,
        row.profit_abs,
        row.profit_ratio,
        row.exit_reason,
        row.enter_tag,
    )


def table(view: TradesView, language: str) -> RenderableType:
    """As people read it."""
    return rows_table(view.trades, language)


def rows_table(rows: Sequence[ClosedTrade], language: str) -> RenderableType:
    """These rows."""
    if not rows:
        return nothing("none_trades", language)
    names = ("pair", "opened", "closed", "entry", "exit", "stake", "profit", "ratio", "exit_reason")
    cells = [
        (
            pair_name(row.pair, language),
            kst(row.open_date, seconds=False),
            kst(row.close_date, seconds=False),
            price(row.open_rate),
            price(row.close_rate),
            krw(row.stake_amount),
            krw(row.profit_abs, signed=True),
            percent(row.profit_ratio, signed=True),
            word("reason", row.exit_reason, language),
        )
        for row in rows
    ]
    spare = ("opened", "stake", "entry", "exit")
    return grid(say("title_trades", language), names, cells, language, spare)
