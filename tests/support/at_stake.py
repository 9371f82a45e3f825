"""State directories in which something is at stake, as a bot leaves them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from actors.trading_state import TradingState
from core.market.instrument_status import MarketStatus
from core.trading.trades import HoldingsState, Trade
from messages.base import Envelope
from messages.config import Config
from messages.control import ConfigTaken
from messages.market_status import PairsWatched
from messages.trading import HighRaised
from persistence.record import Identity, Record
from persistence.store import Store

D = Decimal


def trade(pair: str, entry: Decimal = D(1000)) -> Trade:
    return Trade(
        f"{pair}@1", pair, D(3), entry * 3, D(1), entry, 1.0, "signal", entry, 1.0, ended=True
    )


def staked(
    place: Path,
    config: Config,
    pairs: Iterable[str] = (),
    *,
    account: str = "live",
    venue: str = "upbit",
    birth: str = "",
) -> Path:
    """A ledger with an open trade in each of these pairs."""
    born = Identity("b", "paper" if config.dry_run else "live", venue, account, birth)
    trades = {found.trade: found for found in map(trade, pairs)}
    states: dict[str, tuple[Any, Any]] = {
        "steward": (TradingState(config=config), ConfigTaken(config)),
        "warden": (MarketStatus(config=config, pairs=tuple(pairs)), PairsWatched(tuple(pairs))),
        "holdings": (
            HoldingsState(config=config, trades=trades),
            HighRaised("x", "KRW-X", D(1), 1),
        ),
    }
    with Store.create(place, born, sync=False) as store:
        for name, (state, event) in states.items():
            store.commit(name, Record(state), [Envelope(event, 1.0, name)])
    return place
