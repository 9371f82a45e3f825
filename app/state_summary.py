"""What the owners' records tell at once, before the journal was read: a ledger without a past."""

from __future__ import annotations

from typing import TypeVar

from actors.budget import Budget, BudgetState
from actors.holdings.holdings import Holdings
from actors.orders.breaker import Breaker, BreakerState
from actors.trading_state import TradingState, TradingStateOwner
from core.trading.trades import HoldingsState, Trade
from messages.config import Config
from persistence.reader import Reader
from projections.cash import Cash
from projections.ledger import Ledger
from projections.trades import OpenTrade, Trades

S = TypeVar("S")


def state_summary(reader: Reader) -> Ledger:
    """From a handful of records; empty where a bot has not begun."""
    steward = _state(reader, TradingStateOwner.name, TradingState)
    holdings = _state(reader, Holdings.name, HoldingsState)
    budget = _state(reader, Budget.name, BudgetState)
    breaker = _state(reader, Breaker.name, BreakerState)
    last = reader.last()
    trades = {id: _open(trade) for id, trade in holdings.trades.items()}
    reserved = {id: kept.left for id, kept in budget.reserved.items()}
    until = max(breaker.until, breaker.banned_until)
    return Ledger(
        number=last.number if last else 0,
        at=last.at if last else reader.birth.born_at,
        config=steward.config or Config(),
        mode=steward.mode,
        trades=Trades(open=trades),
        cash=Cash(start=budget.cash, reserved=reserved),
        dust={pair: (d.volume, d.cost + d.fee) for pair, d in holdings.dust.items()},
        locks={(p, r): (0.0, end) for p, kept in holdings.locks.items() for r, end in kept.items()},
        breaker=_breaker(breaker),
        breaker_until=until,
        pairs={trade.pair for trade in trades.values()},
    )


def _state(reader: Reader, name: str, kind: type[S]) -> S:
    kept = reader.load(name, kind)
    return kept.state if kept else kind()


def _breaker(state: BreakerState) -> str:
    if state.banned_until > state.until:
        return "banned"
    if state.half_open:
        return "probing"
    return "open" if state.until else "closed"


def _open(trade: Trade) -> OpenTrade:
    return OpenTrade(
        trade.trade,
        trade.pair,
        trade.opened_at,
        trade.price,
        trade.volume,
        trade.funds,
        trade.fee,
        trade.max_price,
        trade.tag,
        not trade.ended,
    )
