"""Owns what is held after what was done at the venue without us, or by the operator's word."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from msgspec import structs

from core.money import quotient_down
from core.trading import trades
from core.trading.trades import Dust, HoldingsState
from messages.account import (
    CoinsMissed,
    CoinsShown,
    DustLost,
    SoldOutside,
    StopsDisabled,
    StopsEnabled,
    TradeReleased,
)

Outside = CoinsShown | CoinsMissed | SoldOutside | DustLost | TradeReleased
OfKey = StopsDisabled | StopsEnabled
Change = trades.Change | Outside | OfKey
ADOPTED = "adopted"  # the tag of a trade whose coins were not bought by us
ZERO = Decimal(0)


def ours(state: HoldingsState, pair: str) -> Decimal:
    """How much coin of a pair is ours: its trades', less what an exit has sold, and its dust."""
    held = [trade.volume - trade.sold for trade in state.trades.values() if trade.pair == pair]
    return sum(held, state.dust.get(pair, Dust()).volume)


def evolve(state: HoldingsState, event: Change) -> HoldingsState:
    """The holdings after any event of their own."""
    if isinstance(event, Outside):
        return _outside(state, event)
    if isinstance(event, OfKey):
        disabled = event if isinstance(event, StopsDisabled) else None
        return structs.replace(state, disabled=disabled)
    return trades.evolve(state, event)


def _outside(state: HoldingsState, event: Outside) -> HoldingsState:
    pair = event.pair
    match event:
        case CoinsShown():
            shown = {key: kept for key, kept in state.shown.items() if key != pair}
            if event.ours or event.external:
                shown[pair] = event
            return structs.replace(state, shown=shown)
        case CoinsMissed(volume=volume):
            missed = {key: kept for key, kept in state.missed.items() if key != pair}
            if volume:
                missed[pair] = event
            return structs.replace(state, missed=missed)
        case SoldOutside():
            return state
        case DustLost(volume=volume):
            return _with_dust(state, pair, _less(state.dust.get(pair, Dust()), volume))
        case TradeReleased(trade=id):
            joined = state.trades[id].dust if event.dust else Dust()
            kept = {key: trade for key, trade in state.trades.items() if key != id}
            return _with_dust(structs.replace(state, trades=kept), pair, joined)
        case _:
            assert_never(event)


def _less(dust: Dust, volume: Decimal) -> Dust:
    left = dust.volume - volume
    if left <= 0:
        return Dust()
    cost, fee = (quotient_down(part * left, dust.volume) for part in (dust.cost, dust.fee))
    return Dust(left, cost, fee)


def _with_dust(state: HoldingsState, pair: str, dust: Dust) -> HoldingsState:
    others = {key: kept for key, kept in state.dust.items() if key != pair}
    return structs.replace(state, dust={**others, pair: dust} if dust.volume else others)
