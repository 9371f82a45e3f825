"""Owns what the word of holdings must be: coin and cost kept, highs that rise, one part, one exit.

A trade's coin comes from its entry's fills and the dust that joins it, and leaves in rows.
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from msgspec import structs

from core.audit.cash import with_outside
from core.audit.coins import emptied, lost, released, sold, with_dust, with_trade
from core.audit.entry import Told, broken, matched, with_number, with_pair
from core.trading.external_changes import ADOPTED
from messages.account import (
    DustLost,
    SoldOutside,
    TradeReleased,
    TradeResumed,
    TradeSuspended,
)
from messages.audit import (
    AuditState,
    DustPosition,
    Imbalance,
    Invariant,
    InvariantBroken,
    TradeEvidence,
    Unmatched,
)
from messages.recovery import SaleTaken
from messages.trading import (
    DustKept,
    EntryEnded,
    ExitFailed,
    ExitFilled,
    ExitWanted,
    HighRaised,
    TradeClosed,
    TradeEmptied,
    TradeIncreased,
    TradeOpened,
    TradeReduced,
)

ZERO = Decimal(0)
OfCoins = SoldOutside | TradeSuspended | TradeResumed
OfTrade = TradeIncreased | EntryEnded | ExitWanted | ExitFilled | ExitFailed | OfCoins
OfHoldings = (
    HighRaised
    | TradeOpened
    | OfTrade
    | TradeReduced
    | TradeClosed
    | DustKept
    | TradeEmptied
    | TradeReleased
    | DustLost
    | SaleTaken
)
Found = list[InvariantBroken]


def held(books: AuditState, event: OfHoldings, number: int) -> Told:
    """What holdings have told."""
    match event:
        case HighRaised():
            return _raised(books, event, number)
        case TradeOpened():
            return _opened(books, event, number)
        case TradeReduced(row=row):
            return sold(books, row, None, number)
        case TradeClosed(row=row) | DustKept(row=row):
            return sold(books, row, event, number)
        case TradeEmptied():
            return emptied(books, event, number)
        case TradeReleased():
            return released(books, event, number)
        case SaleTaken():
            return _recovered(books, event, number)
        case DustLost(pair=pair, volume=volume):
            return lost(books, pair, volume, number)
        case _:
            return _of_trade(books, event, number)


def _opened(books: AuditState, event: TradeOpened, number: int) -> Told:
    dust = books.dust.get(event.pair, DustPosition())
    found = []
    if event.trade in books.trades:
        numbers = (*books.trades[event.trade].numbers, number)
        found.append(broken("holdings_differ", event.trade, 1, 2, numbers))
    trade = TradeEvidence(
        event.pair,
        event.volume,
        event.funds,
        event.fee,
        event.price,
        dust,
        event.tag == ADOPTED,
        numbers=(number,),
    )
    return with_trade(with_dust(books, event.pair, DustPosition()), event.trade, trade), found


def _recovered(books: AuditState, sale: SaleTaken, number: int) -> Told:
    """A sale that the ledger had lost: its cash comes in beside the rows of orders."""
    trade, proceeds = books.trades.get(sale.trade), sale.funds - sale.fee
    if trade is not None and sale.volume:
        attempt, numbers = max(trade.attempt, sale.attempt), with_number(trade.numbers, number)
        outside = (sale.volume, proceeds)
        trade = structs.replace(trade, attempt=attempt, outside=outside, numbers=numbers)
        books = with_trade(books, sale.trade, trade)
    return with_outside(books, Imbalance(1, ZERO, proceeds, (number,)))


def _raised(books: AuditState, event: HighRaised, number: int) -> Told:
    """By far the most frequent of all."""
    trade = books.trades.get(event.trade)
    if trade is None:
        return _unknown(books, event, number)
    high, numbers = event.max_price, with_number(trade.numbers, number)
    good = high > trade.high
    found = [] if good else [broken("high_fell", event.trade, trade.high, high, numbers)]
    trade = structs.replace(trade, high=high, numbers=numbers)
    return structs.replace(books, trades={**books.trades, event.trade: trade}), found


def _unknown(books: AuditState, event: OfTrade | HighRaised, number: int) -> Told:
    what = f"{type(event).__name__} unknown"
    return books, [broken("holdings_differ", event.trade, "open", what, (number,))]


def _of_trade(books: AuditState, event: OfTrade, number: int) -> Told:
    trade = books.trades.get(event.trade)
    if trade is None:
        return _unknown(books, event, number)
    trade = structs.replace(trade, numbers=with_number(trade.numbers, number))
    match event:
        case TradeIncreased():
            trade, found = _increased(trade, event)
        case EntryEnded():
            return _entered(books, trade, event, number)
        case ExitWanted():
            trade, found = _leaving(trade, event)
            half = Unmatched(True, event.pair, event.volume, (number,))
            books, more = matched(books, event.id, half)
            found += more
        case ExitFilled(id=id, volume=volume):
            good = id == trade.exit and trade.sold < volume <= trade.most
            found = _unless(good, "fills_fell", event, trade, trade.sold, volume)
            trade = structs.replace(trade, sold=volume)
        case ExitFailed(id=id):
            found = _unless(id == trade.exit, "wish_twice", event, trade, trade.exit, id)
            trade = structs.replace(trade, exit="", sold=ZERO)
        case SoldOutside(volume=volume, funds=funds, fee=fee):
            trade = structs.replace(trade, outside=(volume, funds - fee))
            by_hand = Imbalance(1, ZERO, funds - fee, (number,))
            books, found = with_outside(books, by_hand)
        case TradeSuspended(volume=volume):
            good = ZERO < volume <= trade.volume
            found = _unless(good, "holdings_differ", event, trade, trade.volume, volume)
            trade = structs.replace(trade, suspended=volume)
        case TradeResumed():
            good = trade.suspended > 0
            found = _unless(good, "holdings_differ", event, trade, "suspended", "not")
            trade = structs.replace(trade, suspended=ZERO)
        case _:
            assert_never(event)
    return with_trade(books, event.trade, trade), found


def _unless(
    good: bool,
    invariant: Invariant,
    event: OfTrade,
    trade: TradeEvidence,
    expected: Decimal | str,
    found: Decimal | str,
) -> Found:
    if good:
        return []
    return [broken(invariant, event.trade, expected, found, trade.numbers)]


def _increased(trade: TradeEvidence, event: TradeIncreased) -> tuple[TradeEvidence, Found]:
    gone, known = trade.parted, (trade.volume, trade.funds, trade.fee)
    told = (event.volume - gone.volume, event.funds - gone.cost, event.fee - gone.fee)
    good = told[0] > known[0] and told[1] >= known[1] and told[2] >= known[2]
    found = _unless(good, "fills_fell", event, trade, known[0], told[0])
    trade = structs.replace(trade, volume=told[0], funds=told[1], fee=told[2])
    return structs.replace(trade, high=max(trade.high, event.price)), found


def _entered(books: AuditState, trade: TradeEvidence, event: EntryEnded, number: int) -> Told:
    """The entry's own coin and cost, which the gateway tells of the same order."""
    books = with_trade(books, event.trade, structs.replace(trade, ended=True))
    if trade.adopted:
        return books, []
    dust, gone = trade.dust, trade.parted
    cost = trade.funds + trade.fee + gone.cost + gone.fee - dust.cost - dust.fee
    more = Imbalance(-1, -(trade.volume + gone.volume - dust.volume), cost, (number,))
    return with_pair(books, event.pair, more)


def _leaving(trade: TradeEvidence, wish: ExitWanted) -> tuple[TradeEvidence, Found]:
    """One exit at a time, under the next number, of what there is; a part only once."""
    id = f"{wish.trade}/x{trade.attempt + 1}"
    good = not trade.exit and wish.id == id
    found = _unless(good, "wish_twice", wish, trade, trade.exit or id, wish.id)
    good = wish.volume <= trade.volume
    found += _unless(good, "wish_exceeded", wish, trade, trade.volume, wish.volume)
    good = not (trade.partial and wish.reason == "partial_exit")
    found += _unless(good, "partial_flag_cleared", wish, trade, "once", "twice")
    facts = {"attempt": trade.attempt + 1, "exit": wish.id, "most": wish.volume, "sold": ZERO}
    return structs.replace(trade, **facts), found
