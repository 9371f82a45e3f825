"""Owns the books of a paper venue as a value: cash, coins, resting orders and what they lock.

Cash and coins are whole pockets, what resting orders lock included. The arithmetic of locks is
Upbit's: docs/reference/upbit.md 3.5.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar, assert_never

from msgspec import Struct, structs

from messages.config import Config
from messages.control import ConfigTaken
from messages.paper import (
    PaperAccepted,
    PaperEnded,
    PaperFilled,
    PaperOpened,
    PaperRefused,
    Resting,
)

ZERO = Decimal(0)
V = TypeVar("V")

Change = ConfigTaken | PaperOpened | PaperAccepted | PaperFilled | PaperEnded | PaperRefused


class LockedFunds(Struct, frozen=True):
    """What is still set aside for a resting order, and the fee rate it was accepted at."""

    amount: Decimal  # KRW for a bid, coin for an ask
    fee_rate: Decimal


class PaperState(Struct, frozen=True):
    """The books; orders and pledges by identifier, in the order of acceptance."""

    config: Config | None = None
    cash: Decimal = ZERO
    coins: dict[str, Decimal] = {}  # by pair
    resting: dict[str, Resting] = {}
    pledges: dict[str, LockedFunds] = {}

    @property
    def free(self) -> Decimal:
        """KRW that no bid has locked."""
        bids = (
            self.pledges[key].amount for key, r in self.resting.items() if r.order.side == "bid"
        )
        return self.cash - sum(bids, ZERO)

    def free_coin(self, pair: str) -> Decimal:
        """Coin of a pair that no ask has locked."""
        asks = (
            self.pledges[key].amount
            for key, r in self.resting.items()
            if r.order.side == "ask" and r.order.pair == pair
        )
        return self.coins.get(pair, ZERO) - sum(asks, ZERO)


def evolve(state: PaperState, event: Change) -> PaperState:
    """The books after an event; no pocket and no pledge ever falls below zero."""
    match event:
        case ConfigTaken(config=config):
            return structs.replace(state, config=config)
        case PaperOpened(krw=krw):
            after = structs.replace(state, cash=state.cash + krw)
        case PaperAccepted(resting=resting, locked=amount):
            assert resting.identifier not in state.resting, "an identifier taken twice"
            assert state.config is not None, "an order before the books were opened"
            after = structs.replace(
                state,
                resting=state.resting | {resting.identifier: resting},
                pledges=state.pledges
                | {resting.identifier: LockedFunds(amount, state.config.fee_rate)},
            )
        case PaperFilled():
            after = _filled(state, event)
        case PaperEnded(identifier=identifier):
            after = structs.replace(
                state,
                resting=_without(state.resting, identifier),
                pledges=_without(state.pledges, identifier),
            )
        case PaperRefused():
            return state
        case _:
            assert_never(event)
    _check(after)
    return after


def after_fill(resting: Resting, fill: PaperFilled) -> Resting:
    """The order with its running totals."""
    return structs.replace(
        resting,
        volume=resting.volume + fill.volume,
        funds=resting.funds + fill.funds,
        fee=resting.fee + fill.fee,
        filled_at=fill.filled_at,
        candle=fill.candle,
    )


def _filled(state: PaperState, fill: PaperFilled) -> PaperState:
    """Coin and KRW change hands; the fee is paid in KRW, on top of a bid, out of an ask."""
    key, resting = next((k, r) for k, r in state.resting.items() if r.order.id == fill.id)
    pair, bid = resting.order.pair, resting.order.side == "bid"
    pledge, held = state.pledges[key], state.coins.get(pair, ZERO)
    krw = -(fill.funds + fill.fee) if bid else fill.funds - fill.fee
    amount = fill.funds + fill.fee if bid else fill.volume
    held += fill.volume if bid else -fill.volume
    coins = state.coins | {pair: held} if held else _without(state.coins, pair)
    return structs.replace(
        state,
        cash=state.cash + krw,
        coins=coins,
        resting=state.resting | {key: after_fill(resting, fill)},
        pledges=state.pledges | {key: structs.replace(pledge, amount=pledge.amount - amount)},
    )


def _without(entries: dict[str, V], key: str) -> dict[str, V]:
    return {k: value for k, value in entries.items() if k != key}


def _check(state: PaperState) -> None:
    """Money is never made of nothing."""
    assert state.cash >= 0, "cash below zero"
    assert state.free >= 0, "more KRW locked than there is"
    for pair in {*state.coins, *(r.order.pair for r in state.resting.values())}:
        assert state.coins.get(pair, ZERO) >= 0, f"coin of {pair} below zero"
        assert state.free_coin(pair) >= 0, f"more coin of {pair} locked than there is"
    assert all(pledge.amount >= 0 for pledge in state.pledges.values()), "a pledge below zero"
