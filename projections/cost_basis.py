"""What was bought and sold, as a journal tells it, and what each sale had cost.

The bot's own trades only: coin that was never a trade of it, deposits and withdrawals are in no
pool. What is released, moved out or lost leaves its pool at cost, and is no sale. Nor is dust:
whatever loss was booked of it, its pool keeps what was paid until it is sold, by the bot with
the trade that it joins, or by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from msgspec import Struct

from core.money import quotient_down
from core.performance.costs import ZERO, Lot, Method, Pool, added, taken
from core.trading.external_changes import ADOPTED
from core.trading.trade_records import dust_sale_record
from messages.account import DustLost, TradeReleased
from messages.base import Envelope
from messages.trading import (
    UNSOLD,
    DustKept,
    TradeClosed,
    TradeIncreased,
    TradeOpened,
    TradeRecord,
    TradeReduced,
)
from projections.trades import OpenTrade, Trades

Totals = tuple[Decimal, Decimal, Decimal]  # coin, KRW, KRW of fees
NONE: Totals = (ZERO, ZERO, ZERO)


class Sale(Struct, frozen=True):
    """One sale. Money is KRW; ``proceeds`` before the fee, ``cost`` without the fee of buying."""

    row: TradeRecord
    proceeds: Decimal
    fee: Decimal
    cost: Decimal
    buy_fee: Decimal
    bought_at: float

    @property
    def gain(self) -> Decimal:
        """What it earned, all fees taken off."""
        return self.proceeds - self.fee - self.cost - self.buy_fee


@dataclass
class CostBasis:
    """A fold of the journal: pools by pair, and the sales so far."""

    method: Method
    sales: list[Sale] = field(default_factory=list)
    pools: dict[str, Pool] = field(default_factory=dict)
    totals: dict[str, Totals] = field(default_factory=dict)  # by trade, as last told
    dust: dict[str, Totals] = field(default_factory=dict)  # by pair; in its pool already
    away: dict[str, Lot] = field(default_factory=dict)  # moved out unsold, and not back yet

    def begin(self, kept: Trades, dust: dict[str, tuple[Decimal, Decimal]], at: float) -> None:
        """What a trimmed journal began with; a trade of then counts as bought at once."""
        moves: list[tuple[float, int, Any]] = []
        by_trade: dict[str, list[TradeRecord]] = {}
        for row in kept.closed:
            by_trade.setdefault(row.trade, []).append(row)
            moves.append((row.close_date, 1, row))
        moves += [(row.close_date, 1, row) for row in kept.dust_sold]
        moves += [(gone[0], 2, gone[1:]) for gone in kept.gone]
        still = kept.released | kept.open
        for trade in {*by_trade, *still}:
            lot, pair = _bought(by_trade.get(trade, []), still.get(trade))
            if trade in kept.open:
                self.totals[trade] = (lot.volume, lot.cost, lot.fee)
            volume, value = kept.joined.get(trade, (ZERO, ZERO))
            own = Lot(lot.volume - volume, lot.cost - value, lot.fee, lot.at)
            moves.append((lot.at, 0, (pair, own)))
        for _, kind, what in sorted(moves, key=lambda move: move[:2]):
            if kind == 0:
                self._add(*what)
            elif kind == 2:
                self._leave(*what)
            elif what.exit_reason != "dust":
                self._sold(what)
        for pair, (volume, cost) in dust.items():
            known = kept.valued.get(pair, (ZERO, ZERO))  # it is in the pool of its trade's rows
            self._add(pair, Lot(volume - known[0], cost - known[1], ZERO, at))
            self.dust[pair] = (volume, cost, ZERO)

    def take(self, envelopes: Iterable[Envelope]) -> None:
        """Entries of the journal, in order."""
        for envelope in envelopes:
            self._take(envelope.body)

    def _take(self, event: Any) -> None:
        match event:
            case TradeOpened():
                joined = self.totals[event.trade] = self.dust.pop(event.pair, NONE)
                self._opened(event, joined[0])
            case TradeIncreased():
                self._grown(event, event.filled_at)
            case TradeReduced(row=row):
                self._sold(row)
            case TradeClosed(row=row):
                self._sold(row)
                if event.dust:
                    more = (event.dust, event.dust_cost, event.dust_fee)
                    old = self.dust.get(row.pair, NONE)
                    self.dust[row.pair] = (old[0] + more[0], old[1] + more[1], old[2] + more[2])
            case DustKept(row=row, value=value):
                old = self.dust.get(row.pair, NONE)
                self.dust[row.pair] = (old[0] + row.amount, old[1] + value, old[2])
            case TradeReleased():
                self._leave(event.pair, event.volume)
                if event.dust:
                    self.dust[event.pair] = (event.dust, event.dust_cost, ZERO)
            case DustLost():
                if event.funds:
                    self._sold(dust_sale_record(event, ZERO))
                else:
                    self._leave(event.pair, event.volume)
                self._lose_dust(event.pair, event.volume)

    def _grown(self, event: TradeOpened | TradeIncreased, at: float) -> None:
        """The events have running totals."""
        now = (event.volume, event.funds, event.fee)
        volume, cost, fee = self.totals.get(event.trade, NONE)
        self.totals[event.trade] = now
        self._add(event.pair, Lot(now[0] - volume, now[1] - cost, now[2] - fee, at))

    def _sold(self, row: TradeRecord) -> None:
        if row.exit_reason in UNSOLD:
            self._moved(row)
        elif row.amount:
            cost = row.stake_amount + row.fee_open_cost
            proceeds = row.profit_abs + cost + row.fee_close_cost
            gone = self._leave(row.pair, row.amount)
            facts = (proceeds, row.fee_close_cost, gone.cost, gone.fee, gone.at)
            self.sales.append(Sale(row, *facts))

    def _moved(self, row: TradeRecord) -> None:
        """It is no sale: what it had cost goes along, and comes back with it."""
        gone = self._leave(row.pair, row.amount)
        if row.exit_reason == "moved_out":
            old = self.away.get(row.pair, Lot(ZERO, ZERO, ZERO, gone.at))
            sums = (old.volume + gone.volume, old.cost + gone.cost, old.fee + gone.fee)
            self.away[row.pair] = Lot(*sums, old.at)

    def _opened(self, event: TradeOpened, joined: Decimal) -> None:
        """Coin that had been moved out keeps the moment at which it was bought."""
        away = self.away.get(event.pair) if event.tag == ADOPTED else None
        self._grown(event, event.opened_at if away is None else away.at)
        if away is None:
            return
        left = away.volume - (event.volume - joined)
        del self.away[event.pair]
        if left > 0:
            cost, fee = (quotient_down(p * left, away.volume) for p in (away.cost, away.fee))
            self.away[event.pair] = Lot(left, cost, fee, away.at)

    def _lose_dust(self, pair: str, volume: Decimal) -> None:
        whole, cost, fee = self.dust.pop(pair, NONE)
        if (left := whole - volume) > 0:
            shares = (quotient_down(cost * left, whole), quotient_down(fee * left, whole))
            self.dust[pair] = (left, *shares)

    def _add(self, pair: str, lot: Lot) -> None:
        self.pools[pair] = added(self.pools.get(pair, ()), lot, self.method)

    def _leave(self, pair: str, volume: Decimal) -> Lot:
        self.pools[pair], gone = taken(self.pools.get(pair, ()), volume)
        return gone


def _bought(rows: list[TradeRecord], still: OpenTrade | None) -> tuple[Lot, str]:
    """All of a trade's coin as one lot, from what was sold of it and what is left."""
    volume = sum((row.amount for row in rows), still.volume if still else ZERO)
    cost = sum((row.stake_amount for row in rows), still.stake if still else ZERO)
    fee = sum((row.fee_open_cost for row in rows), still.fee if still else ZERO)
    at = still.opened_at if still else rows[0].open_date
    return Lot(volume, cost, fee, at), still.pair if still else rows[0].pair
