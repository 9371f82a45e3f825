"""Owns how coin leaves a trade, as the auditor follows it: rows, dust, what is released or lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import structs

from core.audit.entry import Told, broken, with_number, with_pair, without
from core.money import quotient_down
from messages.account import TradeReleased
from messages.audit import (
    AuditState,
    DustPosition,
    Imbalance,
    InvariantBroken,
    Numbers,
    TradeEvidence,
)
from messages.trading import UNSOLD, DustKept, TradeClosed, TradeEmptied, TradeRecord

ZERO = Decimal(0)
OUTSIDE = ("sold_on_exchange", "recovered")  # by no order that the gateway tells the end of
UNKNOWN = TradeEvidence("", ZERO, ZERO, ZERO, ZERO)


# --- rows
def sold(
    books: AuditState, row: TradeRecord, closed: TradeClosed | DustKept | None, number: int
) -> Told:
    """A row: all that is left of a trade (``closed``), or a part of it."""
    trade = books.trades.get(row.trade)
    if trade is None:
        what = f"{row.exit_reason} unknown"
        books, _ = _told_to_gateway(books, row, number)
        return books, [broken("holdings_differ", row.trade, "open", what, (number,))]
    numbers = with_number(trade.numbers, number)
    found = []
    if row.max_rate != trade.high:
        found.append(broken("high_fell", row.trade, trade.high, row.max_rate, numbers))
    if not _adds_up(trade, row, closed):
        left = f"{trade.volume:f} {trade.funds:f} {trade.fee:f}"
        gone = f"{row.amount:f} {row.stake_amount:f} {row.fee_open_cost:f}"
        found.append(broken("holdings_differ", row.trade, left, gone, numbers))
    if row.exit_reason in OUTSIDE and trade.outside != (row.amount, _proceeds(row)):
        by_hand = " ".join(f"{fact:f}" for fact in trade.outside or ())
        told = f"{row.amount:f} {_proceeds(row):f}"
        found.append(broken("holdings_differ", row.trade, by_hand, told, numbers))
    found += _unsold(trade, row, numbers)
    if closed:
        books = structs.replace(books, trades=without(books.trades, row.trade))
        books = _dusted(books, row.pair, closed)
    else:
        books = with_trade(books, row.trade, _rest(trade, row, number))
    books, more = _told_to_gateway(books, row, number)
    return books, found + more


def _unsold(trade: TradeEvidence, row: TradeRecord, numbers: Numbers) -> list[InvariantBroken]:
    """Coin leaves without a sale only where it was missing; moved out earns and costs nothing."""
    if row.exit_reason not in UNSOLD:
        return []
    cost = row.stake_amount + row.fee_open_cost
    found = []
    if row.amount > trade.suspended:
        what = f"{row.amount:f}"
        found.append(broken("holdings_differ", row.trade, trade.suspended, what, numbers))
    if (brought := _proceeds(row)) != (cost if row.exit_reason == "moved_out" else ZERO):
        found.append(broken("cash_differs", row.trade, row.exit_reason, brought, numbers))
    return found


def _adds_up(trade: TradeEvidence, row: TradeRecord, closed: TradeClosed | DustKept | None) -> bool:
    """Coin and cost of a row are all that is left, or a part of it; dust is kept at its value.

    In old journals it took all of its cost along.
    """
    left, gone = (trade.volume, trade.funds, trade.fee), _gone(row)
    if closed is None:
        part = gone[0] < left[0] or (gone[0] == left[0] and not trade.ended)
        return part and gone[1] <= left[1] and gone[2] <= left[2]
    if isinstance(closed, DustKept):
        worth = closed.value == _proceeds(row) == row.amount * row.close_rate
        return gone == left and worth and not row.fee_close_cost
    if closed.dust:
        return (closed.dust, closed.dust_cost, closed.dust_fee) == left and not any(gone)
    return gone == left


def _gone(row: TradeRecord) -> tuple[Decimal, Decimal, Decimal]:
    return row.amount, row.stake_amount, row.fee_open_cost


def _proceeds(row: TradeRecord) -> Decimal:
    """KRW that the sale brought, its fee paid: the row's profit is that less the cost."""
    return row.profit_abs + row.stake_amount + row.fee_open_cost


def _rest(trade: TradeEvidence, row: TradeRecord, number: int) -> TradeEvidence:
    facts: dict[str, Any] = {"exit": "", "sold": ZERO, "outside": None}
    if row.exit_reason in UNSOLD or row.exit_reason == "sold_on_exchange":
        facts["suspended"] = max(trade.suspended - row.amount, ZERO)
    if not trade.ended:
        old = trade.parted
        more = (old.volume + row.amount, old.cost + row.stake_amount)
        facts["parted"] = DustPosition(*more, old.fee + row.fee_open_cost)
    return structs.replace(
        trade,
        volume=trade.volume - row.amount,
        funds=trade.funds - row.stake_amount,
        fee=trade.fee - row.fee_open_cost,
        partial=trade.partial or row.exit_reason == "partial_exit",
        numbers=with_number(trade.numbers, number),
        **facts,
    )


def _told_to_gateway(books: AuditState, row: TradeRecord, number: int) -> Told:
    """A sale of ours: its coin and its proceeds, which the gateway tells of the same order."""
    if row.exit_reason in ("dust", *OUTSIDE, *UNSOLD):
        return books, []
    return with_pair(books, row.pair, Imbalance(-1, row.amount, -_proceeds(row), (number,)))


# --- what is kept aside
def _dusted(books: AuditState, pair: str, closed: TradeClosed | DustKept) -> AuditState:
    if isinstance(closed, DustKept):
        more = DustPosition(closed.row.amount, closed.value)
    else:
        more = DustPosition(closed.dust, closed.dust_cost, closed.dust_fee)
    if not more.volume:
        return books
    old = books.dust.get(pair, DustPosition())
    cost, fee = old.cost + more.cost, old.fee + more.fee
    return with_dust(books, pair, DustPosition(old.volume + more.volume, cost, fee))


def emptied(books: AuditState, event: TradeEmptied, number: int) -> Told:
    """A trade of which nothing is left, neither coin nor cost: its rows have taken all of it."""
    trade = books.trades.get(event.trade, UNKNOWN)
    books = structs.replace(books, trades=without(books.trades, event.trade))
    left = (trade.volume, trade.funds, trade.fee)
    if trade.ended and not any(left):
        return books, []
    what, numbers = " ".join(f"{part:f}" for part in left), with_number(trade.numbers, number)
    return books, [broken("holdings_differ", event.trade, "0 0 0", what, numbers)]


def released(books: AuditState, event: TradeReleased, number: int) -> Told:
    """Coins that are no trade any more; the dust that had joined them stays."""
    trade = books.trades.get(event.trade, UNKNOWN)
    books = structs.replace(books, trades=without(books.trades, event.trade))
    if event.dust:
        books = with_dust(books, event.pair, trade.dust)
    if event.volume + event.dust == trade.volume:
        return books, []
    told, numbers = event.volume + event.dust, with_number(trade.numbers, number)
    return books, [broken("holdings_differ", event.trade, trade.volume, told, numbers)]


def lost(books: AuditState, pair: str, volume: Decimal, number: int) -> Told:
    """Dust is not in the account any more."""
    dust = books.dust.get(pair, DustPosition())
    found = []
    if volume > dust.volume:
        found.append(broken("holdings_differ", pair, dust.volume, volume, (number,)))
    return with_dust(books, pair, _less(dust, volume)), found


def _less(dust: DustPosition, volume: Decimal) -> DustPosition:
    left = dust.volume - volume
    if left <= 0:
        return DustPosition()
    cost, fee = (quotient_down(part * left, dust.volume) for part in (dust.cost, dust.fee))
    return DustPosition(left, cost, fee)


def with_dust(books: AuditState, pair: str, dust: DustPosition) -> AuditState:
    """The books with this dust of a pair."""
    if not dust.volume and pair not in books.dust:
        return books
    others = without(books.dust, pair)
    return structs.replace(books, dust={**others, pair: dust} if dust.volume else others)


def with_trade(books: AuditState, id: str, trade: TradeEvidence) -> AuditState:
    """The books with this trade."""
    return structs.replace(books, trades={**books.trades, id: trade})
