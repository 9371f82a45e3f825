"""What one of the two sides did in the hours that are compared: its trades, and what it refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, inf
from typing import Any

from msgspec import Struct

from core.trading.external_changes import ADOPTED
from messages.base import Envelope
from messages.budget import BudgetRefused
from messages.control import ConfigAdopted
from messages.orders import OrderAbsent, OrderClosed, OrderRefused
from messages.trading import BookAnswered, EntryVetoed, EntryWanted, TradeOpened, TradeRecord
from projections.standing import Standing
from projections.trades import Trades

ZERO = Decimal(0)
FORCED = "force_entry"


class RunTrade(Struct, frozen=True):
    """One trade. ``price`` of the entry, ``stake`` what it cost without the fee, KRW."""

    trade: str
    pair: str
    opened_at: float
    price: Decimal
    stake: Decimal
    tag: str
    rows: tuple[TradeRecord, ...] = ()
    open: bool = False

    @property
    def candle(self) -> int:
        """The start of the candle whose close led to it; -1 of an operator's."""
        _, found, candle = self.trade.rpartition("@")
        return int(candle) if found and candle.isdigit() else -1

    @property
    def by_hand(self) -> bool:
        """Whether the operator made it, and no signal."""
        return self.tag in (ADOPTED, FORCED) or self.candle < 0

    @property
    def profit(self) -> Decimal:
        """Of what was sold, KRW."""
        return sum((row.profit_abs for row in self.rows), ZERO)

    @property
    def ended_at(self) -> float:
        """When the last of it was sold (epoch seconds); inf while it is open."""
        return inf if self.open else max((row.close_date for row in self.rows), default=inf)


@dataclass
class RunTrades:
    """A fold of a journal."""

    trades: Trades = field(default_factory=Trades)
    tags: dict[str, tuple[str, str, float]] = field(default_factory=dict)  # pair, tag, opened at
    vetoes: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # pair: candle, reason
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)  # entries that came to nothing
    standing: Standing = field(default_factory=Standing)  # what was in the way, and how long
    seconds: int = 60  # of a candle

    def take(self, envelopes: Iterable[Envelope]) -> RunTrades:
        """Entries of the journal, in order."""
        if not self.standing.slots:
            self.standing.begin((one.trade, one.pair) for one in self.trades.open.values())
        for envelope in envelopes:
            self.trades.take(envelope.body)
            self.standing.take(envelope.body, envelope.at)
            self._take(envelope.body, envelope.at)
        return self

    def _take(self, event: Any, at: float) -> None:
        match event:
            case ConfigAdopted(config=config):
                self.seconds = config.seconds
            case TradeOpened():
                self.tags[event.trade] = (event.pair, event.tag, event.opened_at)
            case EntryVetoed():
                self.vetoes.setdefault(event.pair, []).append((event.candle, event.reason))
            case BookAnswered(pair=pair, candle=candle):  # vetoed again, for the same reason
                told = [reason for _, reason in self.vetoes.get(pair, ())][-1:]
                self.vetoes.setdefault(pair, []).extend((candle, reason) for reason in told)
            case EntryWanted():
                # an operator's wish has no candle: it comes before the next one that closes
                candle = event.candle if event.candle >= 0 else ceil(at) - self.seconds
                self.vetoes.setdefault(event.pair, []).append((candle, ""))
            case BudgetRefused(id=id, reason=reason):
                self.ends[id] = (reason, "")
            case OrderRefused(side="bid"):
                self.ends[event.trade] = (event.reason, event.text)
            case OrderAbsent(side="bid"):
                self.ends[event.trade] = ("absent", "")
            case OrderClosed(side="bid") if not event.volume:
                self.ends[event.trade] = ("unfilled", "")

    def deals(self, begin: float, end: float) -> dict[str, RunTrade]:
        """Trades that were opened in these hours, or sold in them, by id; rows of them alone."""
        rows: dict[str, list[TradeRecord]] = {}
        for row in self.trades.sorted_rows:
            if begin <= row.close_date <= end:
                rows.setdefault(row.trade, []).append(row)
        made = {trade: _sold(trade, found) for trade, found in rows.items()}
        for still in self.trades.open.values():
            if begin <= still.opened_at <= end or still.trade in made:
                sold = rows.get(still.trade, [])
                stake = still.stake + sum((row.stake_amount for row in sold), ZERO)
                facts = (still.trade, still.pair, still.opened_at, still.price, stake, still.tag)
                made[still.trade] = RunTrade(*facts, tuple(sold), True)
        return made

    def stopped(self, at: float) -> bool:
        """Whether neither entries nor exits were decided at a moment."""
        return self.standing.modes.around(at, at)[-1:] in (["stopped"], ["killed"])

    def in_the_way(self, pair: str, reason: str, at: float) -> RunTrade | None:
        """The trade for which an entry was refused at a moment; None for any other reason.

        Of a full house it is one that no signal made, where there is one.
        """
        known = [d for d in self.deals(-inf, inf).values() if d.opened_at <= at]
        held = [deal for deal in known if deal.ended_at > at]
        own = [deal for deal in known if deal.pair == pair]
        match reason:
            case "pair_busy":
                found = [deal for deal in held if deal.pair == pair]
            case "max_open_trades" | "insufficient_budget":
                found = [deal for deal in held if deal.by_hand]
            case "cooldown":
                ended = [deal for deal in own if deal.ended_at <= at]
                found = sorted(ended, key=lambda deal: deal.ended_at)
            case _:
                found = []
        return found[-1] if found else None

    def refused(self, pair: str, candle: int) -> str:
        """Why a signal at a candle led to no entry; "" when nothing is told of it.

        A reason is stated once, and holds until another is stated, an entry is wanted, or what it
        names has ended: a cooldown of yesterday stops nothing today.
        """
        told = [one for one in self.vetoes.get(pair, ()) if one[0] <= candle][-1:]
        for at, reason in told:
            closes = float(candle + self.seconds)
            if at == candle or self.standing.stands(pair, reason, closes):
                return reason
        return ""


def _sold(trade: str, rows: list[TradeRecord]) -> RunTrade:
    first = rows[0]
    stake = sum((row.stake_amount for row in rows), ZERO)
    tag = first.enter_tag
    return RunTrade(trade, first.pair, first.open_date, first.open_rate, stake, tag, tuple(rows))
