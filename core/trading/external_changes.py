"""Owns what is held after what was done at the venue without us, or by the operator's word."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from msgspec import structs

from core.money import quotient_down
from core.trading import trades
from core.trading.trades import Dust, HoldingsState, MovedOut
from messages.account import (
    CoinsFreed,
    CoinsMissed,
    CoinsMovedOut,
    CoinsReturned,
    CoinsShown,
    DustLost,
    SalesNoted,
    SoldOutside,
    StopsDisabled,
    StopsEnabled,
    TradeReleased,
    TradeResumed,
    TradeSuspended,
)
from messages.recovery import SaleTaken
from messages.trading import UNSOLD, ExitReason, TradeOpened, TradeReduced

OfCoins = CoinsMovedOut | CoinsReturned | CoinsFreed | TradeSuspended | TradeResumed | SalesNoted
ExternalChange = CoinsShown | CoinsMissed | SoldOutside | DustLost | TradeReleased | SaleTaken
OfKey = StopsDisabled | StopsEnabled
Change = trades.Change | ExternalChange | OfCoins | OfKey
ADOPTED = "adopted"  # the tag of a trade whose coins were not bought by us
SOLD: ExitReason = "sold_on_exchange"
WEEK = 7 * 86400.0  # as far back as the venue lists closed orders
ZERO = Decimal(0)


def ours(state: HoldingsState, pair: str) -> Decimal:
    """How much coin of a pair is ours: its trades', less what an exit has sold, and its dust."""
    held = [trade.volume - trade.sold for trade in state.trades.values() if trade.pair == pair]
    return sum(held, state.dust.get(pair, Dust()).volume)


def evolve(state: HoldingsState, event: Change) -> HoldingsState:
    """The holdings after any event of their own."""
    if isinstance(event, OfCoins):
        return _of_coins(state, event)
    if isinstance(event, ExternalChange):
        return _outside(state, event)
    if isinstance(event, OfKey):
        disabled = event if isinstance(event, StopsDisabled) else None
        return structs.replace(state, disabled=disabled)
    after = trades.evolve(state, event)
    match event:
        case TradeOpened(tag="adopted", pair=pair) if pair in state.moved:
            joined = state.dust.get(pair, Dust()).volume
            return _with_moved(after, pair, came_back(state.moved[pair], event.volume - joined))
        case TradeReduced(row=row) if row.exit_reason == SOLD or row.exit_reason in UNSOLD:
            left = max(after.trades[row.trade].suspended - row.amount, ZERO)
            return _with_trade(after, row.trade, suspended=left)
        case _:
            return after


def _of_coins(state: HoldingsState, event: OfCoins) -> HoldingsState:
    match event:
        case TradeSuspended(trade=id, pair=pair, volume=volume, until=until):
            asked = {**state.asked, pair: event.at} if event.asks else state.asked
            state = _with_trade(state, id, suspended=volume, answer_by=until)
            return structs.replace(state, asked=asked)
        case TradeResumed(trade=id):
            return _with_trade(state, id, suspended=ZERO, answer_by=0.0)
        case CoinsFreed(trade=id):
            return _with_trade(state, id, waits=False, bar="", retry_at=0.0)
        case CoinsMovedOut(pair=pair):
            old = state.moved.get(pair, MovedOut(ZERO, ZERO, ZERO, ZERO))
            cost, fee = old.cost + event.cost, old.fee + event.fee
            moved = MovedOut(old.volume + event.volume, cost, fee, event.price, old.offered)
            return _with_moved(state, pair, moved)
        case CoinsReturned(pair=pair, volume=volume):
            offered = structs.replace(state.moved[pair], offered=volume)
            return _with_moved(state, pair, offered)
        case SalesNoted(uuids=uuids, at=at):
            kept = {uuid: seen for uuid, seen in state.sales.items() if seen > at - WEEK}
            used = {uuid: seen for uuid, seen in state.used.items() if seen > at - WEEK}
            sales = kept | dict.fromkeys(uuids, at)
            return structs.replace(state, sales=sales, used=used)
        case _:
            assert_never(event)


def _with_trade(
    state: HoldingsState, id: str, **facts: Decimal | float | bool | str
) -> HoldingsState:
    trade = structs.replace(state.trades[id], **facts)
    return structs.replace(state, trades={**state.trades, id: trade})


def came_back(moved: MovedOut, volume: Decimal) -> MovedOut:
    """What is left of it when so much is ours again."""
    left = moved.volume - volume
    if left <= 0:
        return MovedOut(ZERO, ZERO, ZERO, moved.price)
    cost, fee = (quotient_down(part * left, moved.volume) for part in (moved.cost, moved.fee))
    return MovedOut(left, cost, fee, moved.price)


def _with_moved(state: HoldingsState, pair: str, moved: MovedOut) -> HoldingsState:
    others = {key: kept for key, kept in state.moved.items() if key != pair}
    return structs.replace(state, moved={**others, pair: moved} if moved.volume else others)


def _outside(state: HoldingsState, event: ExternalChange) -> HoldingsState:
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
        case SoldOutside(uuid=uuid):
            return _with_used(state, uuid)
        case SaleTaken():
            return _recovered(state, event)
        case DustLost(volume=volume, uuid=uuid):
            state = _with_used(state, uuid)
            return _with_dust(state, pair, _less(state.dust.get(pair, Dust()), volume))
        case TradeReleased(trade=id):
            joined = state.trades[id].dust if event.dust else Dust()
            kept = {key: trade for key, trade in state.trades.items() if key != id}
            return _with_dust(structs.replace(state, trades=kept), pair, joined)
        case _:
            assert_never(event)


def _with_used(state: HoldingsState, uuid: str) -> HoldingsState:
    """That sale explains nothing else; "" = there was none."""
    if not uuid:
        return state
    return structs.replace(state, used={**state.used, uuid: state.sales.get(uuid, 0.0)})


def _recovered(state: HoldingsState, sale: SaleTaken) -> HoldingsState:
    """Its exits count on from that one; what sold a part was the partial exit."""
    trade = state.trades.get(sale.trade)
    if trade is None:
        return state
    attempt, done = max(trade.attempt, sale.attempt), trade.partial_done or sale.part
    trade = structs.replace(trade, attempt=attempt, partial_done=done)
    return structs.replace(state, trades=state.trades | {sale.trade: trade})


def _less(dust: Dust, volume: Decimal) -> Dust:
    left = dust.volume - volume
    if left <= 0:
        return Dust()
    cost, fee = (quotient_down(part * left, dust.volume) for part in (dust.cost, dust.fee))
    return Dust(left, cost, fee)


def _with_dust(state: HoldingsState, pair: str, dust: Dust) -> HoldingsState:
    others = {key: kept for key, kept in state.dust.items() if key != pair}
    return structs.replace(state, dust={**others, pair: dust} if dust.volume else others)
