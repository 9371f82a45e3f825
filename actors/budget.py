"""Owns the cash: reserves it before an order, settles and releases it by what the order did.

With money at stake it is compared with what is free in the account: a difference that stands in
three quiet looks, and for as long as balances may lag, changes the cash, downwards, or up again to
what was taken that way.
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never, get_args

from msgspec import Struct, structs

from actors.runtime.owner import Outputs, Owner
from core.money import quotient_down, up
from core.trading.position_size import entry_cost, least_entry
from messages.account import CompareCash, SoldOutside
from messages.budget import (
    BudgetAdjusted,
    BudgetCredited,
    BudgetRefused,
    BudgetReleased,
    BudgetReserved,
    BudgetSettled,
    CashDiffered,
    SaleEnded,
)
from messages.config import Config
from messages.control import ConfigAdopted, ConfigTaken
from messages.orders import OrderAbsent, OrderClosed, OrderFilled, OrderRefused
from messages.recovery import SaleTaken
from messages.trading import EntryWanted

Inbox = (
    ConfigAdopted
    | EntryWanted
    | OrderFilled
    | OrderClosed
    | OrderRefused
    | OrderAbsent
    | CompareCash
    | SoldOutside
    | SaleTaken
)
Change = (
    ConfigTaken
    | BudgetReserved
    | BudgetRefused
    | BudgetSettled
    | BudgetCredited
    | BudgetReleased
    | SaleEnded
    | CashDiffered
    | BudgetAdjusted
)
ZERO = Decimal(0)
LOOKS = 3  # a difference stands when it was the same in so many quiet ones


class Reservation(Struct, frozen=True):
    """Cash set aside for one entry, and what of it has been spent (KRW, fee included)."""

    amount: Decimal
    spent: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What is still set aside; a fill that cost more than was meant leaves nothing."""
        return max(self.amount - self.spent, ZERO)


class BudgetState(Struct, frozen=True):
    """``sales`` are the running proceeds of sales under way, by order id."""

    config: Config | None = None
    cash: Decimal = ZERO
    reserved: dict[str, Reservation] = {}
    sales: dict[str, Decimal] = {}
    strays: dict[str, Decimal] = {}  # spent by orders that came back after they were given up
    doubt: CashDiffered = CashDiffered(ZERO, 0)
    missing: Decimal = ZERO  # taken from the cash since the account had less

    @property
    def free(self) -> Decimal:
        """Cash that no reservation holds."""
        return self.cash - sum((r.left for r in self.reserved.values()), ZERO)


def decide(state: BudgetState, message: Inbox, at: float) -> Outputs:
    match message:
        case ConfigAdopted(config=config):
            yield ConfigTaken(config)
            if change := _raised(state.config, config):
                yield BudgetAdjusted(change, "available_capital")
        case EntryWanted():
            yield _entry(state, message, at)
        case OrderFilled(id=id, side="bid"):
            yield from _settled(state, id, message.funds, message.fee)
        case OrderFilled(id=id):
            yield from _credited(state, id, message.funds, message.fee)
        case OrderClosed(id=id, side="bid"):
            yield from _settled(state, id, message.funds, message.fee)
            if id in state.reserved:
                spent = message.funds + message.fee
                yield BudgetReleased(id, max(state.reserved[id].amount - spent, ZERO))
            elif id in state.strays or message.funds:
                yield BudgetReleased(id, ZERO)
        case OrderClosed(id=id):
            yield from _credited(state, id, message.funds, message.fee)
            if id in state.sales or message.funds:
                yield SaleEnded(id)
        case OrderRefused(id=id) | OrderAbsent(id=id):
            if id in state.reserved:
                yield BudgetReleased(id, state.reserved[id].left)
        case CompareCash(krw=krw):
            yield from _compared(state, krw, at)
        case SoldOutside(funds=funds, fee=fee):
            yield BudgetAdjusted(funds - fee, "sold_on_exchange")
        case SaleTaken(funds=funds, fee=fee):
            yield BudgetAdjusted(funds - fee, "recovered")
        case _:
            assert_never(message)


def _entry(state: BudgetState, wish: EntryWanted, at: float) -> BudgetReserved | BudgetRefused:
    config = state.config
    if config is None or at > wish.good_until:
        reason = "signal_expired" if config else "not_configured"
        return BudgetRefused(wish.id, wish.pair, reason, wish.stake, state.free)
    least = least_entry(config.min_order_krw, config.stoploss)
    krw = entry_cost(max(state.free, ZERO), wish.stake, config.fee_rate)
    if wish.stake < least:  # whatever is free
        return BudgetRefused(wish.id, wish.pair, "stake_too_small", least, state.free)
    if krw < least:
        needed = up(least * (1 + config.fee_rate), 0)
        return BudgetRefused(wish.id, wish.pair, "insufficient_budget", needed, state.free)
    wanted = wish.stake if krw < wish.stake else ZERO
    volume = None
    if wish.limit is not None:
        volume = quotient_down(krw, wish.limit)
        krw = volume * wish.limit
    return BudgetReserved(
        id=wish.id,
        pair=wish.pair,
        krw=krw,
        fee=krw * config.fee_rate,
        close=wish.close,
        good_until=wish.good_until,
        limit=wish.limit,
        volume=volume,
        cancel_at=wish.cancel_at,
        tag=wish.tag,
        time_in_force=wish.time_in_force,
        ask=wish.ask,
        depth=wish.depth,
        wanted=wanted,
    )


def _settled(state: BudgetState, id: str, funds: Decimal, fee: Decimal) -> Outputs:
    known = state.reserved[id].spent if id in state.reserved else state.strays.get(id, ZERO)
    if funds + fee > known:
        yield BudgetSettled(id, funds, fee)


def _credited(state: BudgetState, id: str, funds: Decimal, fee: Decimal) -> Outputs:
    if funds - fee > state.sales.get(id, ZERO):
        yield BudgetCredited(id, funds, fee)


# --- what is not by our orders
def _raised(before: Config | None, after: Config) -> Decimal:
    """By how much the operator has changed the capital, in KRW."""
    if before is None or before.available_capital == after.available_capital:
        return ZERO
    return after.capital - before.capital


def _compared(state: BudgetState, krw: Decimal, at: float) -> Outputs:
    """A quiet look: ``krw`` is free in the account."""
    if state.reserved or state.sales or state.config is None:
        return
    change, doubt = _change(state, krw), state.doubt
    if not change:
        if doubt.times:
            yield CashDiffered(ZERO, 0)
        return
    same = change == doubt.krw and 0 < doubt.since <= at
    times, since = (doubt.times + 1, doubt.since) if same else (1, at)
    if times >= LOOKS and at - since >= state.config.exchange.account_confirm_seconds:
        yield BudgetAdjusted(change, "account")
    elif times < LOOKS:  # later ones wait unwritten: a journal must not fill with looks
        yield CashDiffered(change, times, since)
    elif doubt.times < LOOKS:
        yield CashDiffered(change, LOOKS, since)


def _change(state: BudgetState, krw: Decimal) -> Decimal:
    """What would make the cash agree; more than was taken that way is not ours."""
    if krw < state.free:
        return krw - state.free
    return min(state.missing, krw - state.free)


# --- evolve
def evolve(state: BudgetState, event: Change) -> BudgetState:
    match event:
        case ConfigTaken(config=config):
            first = config.capital if state.config is None else ZERO
            return structs.replace(state, config=config, cash=state.cash + first)
        case BudgetReserved(id=id, krw=krw, fee=fee):
            assert id not in state.reserved, "reserved twice"
            assert 0 < krw + fee <= state.free, "more reserved than is free"
            reserved = {**state.reserved, id: Reservation(krw + fee)}
            return structs.replace(state, reserved=reserved)
        case BudgetSettled(id, funds, fee):
            return _after_buy(state, id, funds + fee)
        case BudgetCredited(id, funds, fee):
            more = funds - fee - state.sales.get(id, ZERO)
            assert more > 0, "proceeds shrank"
            sales = {**state.sales, id: funds - fee}
            return structs.replace(state, cash=state.cash + more, sales=sales)
        case BudgetReleased(id, krw):
            left = state.reserved[id].left if id in state.reserved else ZERO
            assert krw == left, "not what was left"
            reserved = {key: r for key, r in state.reserved.items() if key != id}
            strays = {key: spent for key, spent in state.strays.items() if key != id}
            return structs.replace(state, reserved=reserved, strays=strays)
        case SaleEnded(id):
            sales = {key: krw for key, krw in state.sales.items() if key != id}
            return structs.replace(state, sales=sales)
        case CashDiffered():
            return structs.replace(state, doubt=event)
        case BudgetAdjusted(krw=krw, reason=reason):
            missing = state.missing - krw if reason == "account" else state.missing
            doubt = CashDiffered(ZERO, 0)
            return structs.replace(state, cash=state.cash + krw, missing=missing, doubt=doubt)
        case BudgetRefused():
            return state
        case _:
            assert_never(event)


def _after_buy(state: BudgetState, id: str, total: Decimal) -> BudgetState:
    kept = state.reserved.get(id)
    if kept is None:  # given up as absent, found after all: the cash is gone all the same
        more = total - state.strays.get(id, ZERO)
        strays = {**state.strays, id: total}
        return structs.replace(state, cash=state.cash - more, strays=strays)
    assert kept.spent < total, "less spent than before"
    reserved = {**state.reserved, id: structs.replace(kept, spent=total)}
    return structs.replace(state, cash=state.cash - (total - kept.spent), reserved=reserved)


class Budget(Owner[BudgetState]):
    """The cash."""

    name = "budget"
    accepts = get_args(Inbox)
    State = BudgetState
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
