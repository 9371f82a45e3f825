"""The trades of a journal, in freqtrade's words: closed ones and parts as rows, and open ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from msgspec import Struct, structs

from core.money import quotient_down
from core.trading.trade_records import dust_sale_record
from core.trading.trades import BARS
from messages.account import (
    CoinsFreed,
    DustLost,
    TradeReleased,
    TradeResumed,
    TradeSuspended,
)
from messages.base import Envelope
from messages.plain_values import iso, plain
from messages.trading import (
    UNSOLD,
    DustKept,
    EntryEnded,
    ExitFailed,
    ExitWanted,
    HighRaised,
    TradeClosed,
    TradeEmptied,
    TradeIncreased,
    TradeOpened,
    TradeRecord,
    TradeReduced,
)


class OpenTrade(Struct, frozen=True):
    """What is still held of a trade. Money is KRW; stake and fee are the share of what is left."""

    trade: str
    pair: str
    opened_at: float
    price: Decimal  # of the entry: its levels come from it
    volume: Decimal
    stake: Decimal
    fee: Decimal
    max_price: Decimal
    tag: str = ""
    entering: bool = True  # the entry's order has not ended
    suspended: Decimal = Decimal(0)  # coin of it that left without a sale
    answer_by: float = 0.0  # when that counts as moved out
    waits: str = ""  # why an exit waits; where its coins are locked, by which order


Amounts = tuple[Decimal, Decimal]  # coin, KRW
ZERO = Decimal(0)
NONE: Amounts = (ZERO, ZERO)


@dataclass
class Trades:
    """A fold of the journal. ``closed`` keeps the journal's order.

    Dust has a row when it is kept, at its value, and is in the row of the sale again: what was
    paid for coins is the sum of the rows less what ``joined``.
    """

    closed: list[TradeRecord] = field(default_factory=list)
    open: dict[str, OpenTrade] = field(default_factory=dict)
    parts: dict[str, list[TradeRecord]] = field(default_factory=dict)  # sold of the open ones
    valued: dict[str, Amounts] = field(default_factory=dict)  # dust by pair, at its value
    joined: dict[str, Amounts] = field(default_factory=dict)  # that dust, by the trade it joined
    released: dict[str, OpenTrade] = field(default_factory=dict)  # with the dust that had joined
    gone: list[tuple[float, str, Decimal]] = field(default_factory=list)  # unsold: at, pair, coin
    dust_sold: list[TradeRecord] = field(default_factory=list)  # by hand, as closed orders show

    @property
    def sorted_rows(self) -> list[TradeRecord]:
        """Rows by close date, then pair."""
        return sorted(self.closed, key=lambda row: (row.close_date, row.pair))

    @property
    def open_fees(self) -> Decimal:
        """KRW paid for the coins that are still held."""
        return sum((trade.fee for trade in self.open.values()), ZERO)

    @property
    def sorted_open(self) -> list[OpenTrade]:
        """Open trades by open date, then pair."""
        return sorted(self.open.values(), key=lambda trade: (trade.opened_at, trade.pair))

    def take(self, event: Any, at: float = 0.0) -> None:
        """One event, and when it was stated."""
        match event:
            case TradeOpened():
                self.open[event.trade] = _opened(event)
                if event.pair in self.valued:
                    self.joined[event.trade] = self.valued.pop(event.pair)
            case TradeIncreased() if event.trade in self.open:
                parts = self.parts.get(event.trade, ())
                self.open[event.trade] = _increased(self.open[event.trade], event, parts)
            case EntryEnded() if event.trade in self.open:
                ended = structs.replace(self.open[event.trade], entering=False)
                self.open[event.trade] = ended
            case HighRaised() if event.trade in self.open:
                trade = self.open[event.trade]
                high = max(trade.max_price, event.max_price)
                self.open[event.trade] = structs.replace(trade, max_price=high)
            case TradeReduced(row=row):
                self._sold(row)
            case TradeClosed(row=row) | DustKept(row=row):
                self.closed.append(row)
                self._ended(row.trade)
                if isinstance(event, DustKept):
                    volume, value = self.valued.get(row.pair, NONE)
                    self.valued[row.pair] = (volume + row.amount, value + event.value)
            case TradeReleased():
                self._released(event, at)
            case TradeEmptied(trade=id):
                self._ended(id)
            case DustLost(pair=pair) if pair in self.valued:
                self._lost(event, at)
            case _:
                self._left(event)

    def _left(self, event: Any) -> None:
        """Coins that are away, or not free."""
        match event:
            case TradeSuspended(volume=volume, until=until):
                self._change(event.trade, suspended=volume, answer_by=until)
            case TradeResumed():
                self._change(event.trade, suspended=Decimal(0), answer_by=0.0)
            case ExitFailed() if event.waits or event.reason in BARS:
                uuid = event.asks[0].uuid if event.asks else ""
                self._change(event.trade, waits=uuid or event.reason)
            case ExitWanted() | CoinsFreed():
                self._change(event.trade, waits="")

    def _change(self, trade: str, **facts: Decimal | float | str) -> None:
        if trade in self.open:
            self.open[trade] = structs.replace(self.open[trade], **facts)

    def _released(self, event: TradeReleased, at: float) -> None:
        """Dust that had joined is dust again, or has been sold and is what leaves."""
        if event.trade in self.joined and event.dust:
            self.valued[event.pair] = self.joined.pop(event.trade)
        elif event.trade in self.joined and event.trade in self.open:
            self.released[event.trade] = self.open[event.trade]
            self.gone.append((at, event.pair, event.volume))
        self._ended(event.trade)

    def _lost(self, event: DustLost, at: float) -> None:
        pair, volume = event.pair, event.volume
        whole, value = self.valued.pop(pair)
        left = ZERO
        if volume < whole:
            left = quotient_down(value * (whole - volume), whole)
            self.valued[pair] = (whole - volume, left)
        if event.funds:
            self.dust_sold.append(dust_sale_record(event, value - left))
        else:
            self.gone.append((at, pair, min(volume, whole)))

    def _ended(self, trade: str) -> None:
        self.open.pop(trade, None)
        self.parts.pop(trade, None)

    def _sold(self, row: TradeRecord) -> None:
        self.closed.append(row)
        self.parts.setdefault(row.trade, []).append(row)
        if row.trade in self.open:
            self.open[row.trade] = _less(self.open[row.trade], row)


def fold(events: Iterable[Envelope]) -> Trades:
    """The trades of these events, in one pass."""
    trades = Trades()
    for envelope in events:
        trades.take(envelope.body)
    return trades


def _opened(event: TradeOpened) -> OpenTrade:
    return OpenTrade(
        event.trade,
        event.pair,
        event.opened_at,
        event.price,
        event.volume,
        event.funds,
        event.fee,
        event.price,
        event.tag,
    )


def _increased(trade: OpenTrade, event: TradeIncreased, parts: Iterable[TradeRecord]) -> OpenTrade:
    """The event has running totals: what was sold of them is gone."""
    whole = structs.replace(
        trade,
        price=event.price,
        volume=event.volume,
        stake=event.funds,
        fee=event.fee,
        max_price=max(trade.max_price, event.price),
    )
    for row in parts:
        whole = _less(whole, row)
    return whole


def _less(trade: OpenTrade, row: TradeRecord) -> OpenTrade:
    if row.exit_reason in UNSOLD or row.exit_reason == "sold_on_exchange":
        left = max(trade.suspended - row.amount, Decimal(0))
        trade = structs.replace(trade, suspended=left)
    return structs.replace(
        trade,
        waits="",
        volume=trade.volume - row.amount,
        stake=trade.stake - row.stake_amount,
        fee=trade.fee - row.fee_open_cost,
    )


def exported(trades: Trades) -> list[dict[str, Any]]:
    """What goes into a file: closed rows by close date, then pair; open trades last."""
    closed = [_closed_row(row) for row in trades.sorted_rows]
    return closed + [_open_row(trade) for trade in trades.sorted_open]


def _closed_row(row: TradeRecord) -> dict[str, Any]:
    return {
        "pair": row.pair,
        "open_date": iso(row.open_date),
        "close_date": iso(row.close_date),
        "open_rate": plain(row.open_rate),
        "close_rate": plain(row.close_rate),
        "amount": plain(row.amount),
        "stake_amount": plain(row.stake_amount),
        "fee_open_cost": plain(row.fee_open_cost),
        "fee_close_cost": plain(row.fee_close_cost),
        "profit_abs": plain(row.profit_abs),
        "profit_ratio": plain(row.profit_ratio),
        "exit_reason": row.exit_reason,
        "is_open": False,
        "max_rate": plain(row.max_rate),
        "enter_tag": row.enter_tag,
    }


def _open_row(trade: OpenTrade) -> dict[str, Any]:
    return {
        "pair": trade.pair,
        "open_date": iso(trade.opened_at),
        "close_date": None,
        "open_rate": plain(trade.price),
        "close_rate": None,
        "amount": plain(trade.volume),
        "stake_amount": plain(trade.stake),
        "fee_open_cost": plain(trade.fee),
        "fee_close_cost": None,
        "profit_abs": None,
        "profit_ratio": None,
        "exit_reason": None,
        "is_open": True,
        "max_rate": plain(trade.max_price),
        "enter_tag": trade.tag,
    }
