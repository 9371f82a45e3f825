"""Owns what is at stake in a state directory while no bot runs there: open trades, and orders.

A start and the last words of a run ask it: with a trade open a bot has stops to watch, whatever
else is wrong.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from core.money import half_even
from core.trading.exits import stop_level
from messages.config import Config
from persistence.errors import Damaged
from persistence.identity import exists
from persistence.reader import Reader


class HeldTrade(Struct, frozen=True):
    """One open trade: how much coin, at which prices (KRW) it was bought and would be sold."""

    pair: str
    amount: Decimal
    entry: Decimal
    stop: Decimal


class AtStake(Struct, frozen=True):
    """``orders``: how many have not ended. ``readable``: False = it may be anything."""

    trades: tuple[HeldTrade, ...] = ()
    orders: int = 0
    readable: bool = True
    config: Config | None = None  # as the bot had it last
    live: bool = False
    pairs: tuple[str, ...] = ()  # those that were traded

    @property
    def any(self) -> bool:
        """Whether somebody has to watch."""
        return bool(self.trades or self.orders or not self.readable)


def at_stake(state: Path) -> AtStake:
    """Of a state directory, whether or not it was ever born."""
    if not exists(state):
        return AtStake()
    try:
        with Reader.open(state) as reader:
            return _read(reader)
    except (Damaged, OSError):
        return AtStake(readable=False)


def _read(reader: Reader) -> AtStake:
    from actors.trading_state import TradingState  # imported late: actors take their time
    from core.market.instrument_status import MarketStatus
    from core.orders.intents import GatewayState
    from core.trading.trades import HoldingsState

    holdings, gateway = reader.load("holdings", HoldingsState), reader.load("gateway", GatewayState)
    steward, warden = reader.load("steward", TradingState), reader.load("warden", MarketStatus)
    config = steward.state.config if steward else None
    levels = config or Config()
    trades = sorted(holdings.state.trades.values(), key=_age) if holdings else []
    held = (
        HeldTrade(
            t.pair, t.volume, t.price, half_even(stop_level(t.price, t.max_price, levels)[0], 8)
        )
        for t in trades
    )
    return AtStake(
        tuple(held),
        len(gateway.state.live) if gateway else 0,
        config=config,
        live=reader.birth.mode == "live",
        pairs=warden.state.pairs if warden else (),
    )


def _age(trade: Any) -> tuple[float, str]:
    return trade.opened_at, trade.trade
