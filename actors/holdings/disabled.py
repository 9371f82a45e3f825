"""Stops that no order can follow: our key is refused, so each open trade is at risk until it ends.

What proves it is a look at the account, or an order, that is refused for the key
(actors/account.py). It is stated at once, each hour, and when a trade opens meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator

from actors.holdings.exits import wanted
from actors.runtime.owner import Outputs
from core.money import half_even
from core.orders.rejections import OF_KEY
from core.trading.exits import stop_level
from core.trading.trades import HoldingsState
from messages.account import (
    AccountOpened,
    AccountShut,
    RemindStops,
    StopsDisabled,
    StopsEnabled,
    TradeAtRisk,
)
from messages.base import After

HOUR = 3600.0


def decided(
    state: HoldingsState, message: AccountShut | AccountOpened | RemindStops, at: float
) -> Outputs:
    """Whether our key is taken. Once it is, refused exits go out again at once."""
    known = state.disabled
    if isinstance(message, RemindStops):
        yield from _reminded(state, at)
        return
    if isinstance(message, AccountShut):
        if message.reason in OF_KEY and known is None:
            yield from _stated(state, message.reason, at, at)
        return
    if known is not None:
        yield StopsEnabled(known.since, at)
        for trade in state.trades.values():
            if (wish := trade.wish) and not state.held_back:
                facts = (trade.volume, wish.reason, at, wish.close, wish.candle, trade.failures)
                yield wanted(trade, *facts)


def _reminded(state: HoldingsState, at: float) -> Outputs:
    """Said again each hour; a clock that was set back holds it up for no longer."""
    known = state.disabled
    if known is None:
        return
    left = known.at + HOUR - at
    if 0 < left <= HOUR:
        yield After(left, RemindStops())
    else:
        yield from _stated(state, known.reason, known.since, at)


def opened(before: HoldingsState, after: HoldingsState, at: float) -> Iterator[StopsDisabled]:
    """A trade that opens while our key is refused has no stop either."""
    known = after.disabled
    if known is not None and before.disabled is not None and after.trades.keys() - before.trades:
        yield StopsDisabled(known.reason, _at_risk(after), known.since, at)


def _stated(state: HoldingsState, reason: str, since: float, at: float) -> Outputs:
    yield StopsDisabled(reason, _at_risk(state), since, at)
    yield After(HOUR, RemindStops())


def _at_risk(state: HoldingsState) -> tuple[TradeAtRisk, ...]:
    config = state.config
    if config is None:
        return ()
    return tuple(
        TradeAtRisk(
            trade.trade,
            trade.pair,
            trade.volume - trade.sold,
            half_even(stop_level(trade.price, trade.max_price, config)[0], 8),
        )
        for trade in state.trades.values()
    )


def resume(state: HoldingsState, at: float) -> Iterator[After]:
    """The alarm was lost."""
    if state.disabled is not None:
        yield After(min(max(0.0, state.disabled.at + HOUR - at), HOUR), RemindStops())
