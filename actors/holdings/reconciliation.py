"""Owns what holdings makes of the account's coins: what is not ours, what is adopted, what is free.

Ours is what the trades and the dust of a pair hold. What is less is of missing.py. More is
external: shown, never touched, until a person adopts it; what had been moved out and is back is
offered at its former cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import structs

from actors.holdings.exits import wanted
from actors.holdings.missing import missed, noted, stands, trades_of, with_event
from actors.runtime.owner import Outputs
from core.money import floor_volume, money
from core.orders.intents import ordered
from core.orders.risk_limits import risk_limits_of, sellable
from core.trading.external_changes import ADOPTED, came_back, evolve, ours
from core.trading.trades import ZERO, Dust, HoldingsState
from messages.account import (
    CoinsFreed,
    CoinsReturned,
    CoinsShown,
    CompareCoins,
    PocketTaken,
    TradeReleased,
)
from messages.base import Message
from messages.control import AdoptPair, CommandTaken, OperatorReply, ReleasePair
from messages.trading import EntryEnded, HighRaised, TradeOpened
from messages.venue_queries import Balance, OpenOrder

STIR = Decimal("0.01")  # by how much an external coin's price has to move to be stated again


# --- a look
def compared(state: HoldingsState, look: CompareCoins, at: float) -> Outputs:
    """Every pair of ours or of the account's that was quiet."""
    for sales in noted(state, look, at):
        yield sales
        state = evolve(state, sales)
    held = {trade.pair for trade in state.trades.values()} | {*state.dust, *state.shown}
    for pair in sorted({*look.coins, *held} - {*look.busy}):
        if any(t.exit or not t.ended for t in trades_of(state, pair)):
            continue
        pocket = look.coins.get(pair, Balance())
        gone = max(ours(state, pair) - floor_volume(pocket.whole), ZERO)  # orders take no finer
        if gone or pair in state.missed:
            for said in missed(state, look, pair, gone, at):
                yield said
                state = with_event(state, said)
        if gone and not stands(state, pair, at):  # balances may lag: an exit asks the venue
            continue
        asks = tuple(order for order in look.asks if order.pair == pair)
        yield from _shown(state, pair, pocket, look.prices.get(pair, ZERO), asks)
        yield from _back(state, pair, pocket)
        yield from _freed(state, pair, pocket, look.prices.get(pair, ZERO), at)


def _shown(
    state: HoldingsState, pair: str, pocket: Balance, price: Decimal, asks: tuple[OpenOrder, ...]
) -> Iterator[CoinsShown]:
    """Stated when it says something new; a price alone only of what may be adopted."""
    mine = ours(state, pair)
    external = max(pocket.whole - mine, ZERO)
    facts = (pair, mine, external, pocket.free, pocket.average, pocket.modified)
    known = state.shown.get(pair)
    if known is None:
        if mine or external:
            yield CoinsShown(*facts, price, asks)
        return
    stirred = bool(external) and abs(price - known.price) > known.price * STIR
    if stirred or CoinsShown(*facts, known.price, asks) != known:
        yield CoinsShown(*facts, price, asks)


def _back(state: HoldingsState, pair: str, pocket: Balance) -> Iterator[CoinsReturned]:
    """What was moved out may be there again: it is offered, once."""
    moved = state.moved.get(pair)
    if moved is None:
        return
    volume = min(floor_volume(max(pocket.whole - ours(state, pair), ZERO)), moved.volume)
    if volume > moved.offered:
        gone = came_back(moved, volume)
        yield CoinsReturned(pair, volume, moved.cost + moved.fee - gone.cost - gone.fee)


def _freed(state: HoldingsState, pair: str, pocket: Balance, price: Decimal, at: float) -> Outputs:
    """An exit that waited for its coins goes on as soon as the gateway would let it."""
    guards = risk_limits_of(state.config) if state.config else None
    free = PocketTaken(pair, False, pocket.free, price)
    for trade in trades_of(state, pair):
        if not trade.waits or guards is None:
            continue
        wish = trade.wish
        volume, close = (wish.volume, wish.close) if wish else (trade.volume, ZERO)
        exit = wanted(trade, volume, "force_exit", at, close)
        if sellable(ordered(exit), guards, free)[1]:
            continue
        if wish is None:
            yield CoinsFreed(trade.trade, pair)
        elif not state.held_back:
            facts = (wish.reason, at, wish.close, wish.candle, trade.failures)
            yield wanted(trade, trade.volume, *facts)


# --- an operator's
def adopted(state: HoldingsState, command: AdoptPair, at: float, kept: Message | None) -> Outputs:
    """External coins become a trade: at Upbit's average price, or at the one that was typed."""
    pair = command.pair
    if kept is not None:
        yield OperatorReply(True, "adopted", {"pair": pair})
        return
    entry = _entry(state, command)
    if isinstance(entry, str):
        yield OperatorReply(False, "not_adopted", {"pair": pair, "reason": entry})
        return
    shown, dust = state.shown[pair], state.dust.get(pair, Dust())
    volume, cost, fee = _adoptable(state, command, floor_volume(shown.external), entry)
    id = f"{pair}+{command.id}"
    yield CommandTaken(command.id)
    totals = (volume + dust.volume, cost + dust.cost, fee + dust.fee)
    yield TradeOpened(id, pair, *totals, entry, at, ADOPTED)
    yield EntryEnded(id, pair)
    if shown.price > entry:
        yield HighRaised(id, pair, shown.price, -1)
    yield _turned(shown, volume)
    yield OperatorReply(True, "adopted", {"pair": pair})


def _adoptable(
    state: HoldingsState, command: AdoptPair, external: Decimal, entry: Decimal
) -> tuple[Decimal, Decimal, Decimal]:
    """Coin, cost and fee: what had been moved out comes back at what it cost, and it alone."""
    moved = state.moved.get(command.pair)
    if moved is None or command.price is not None:
        return external, external * entry, ZERO
    volume = min(external, moved.volume)
    left = came_back(moved, volume)
    return volume, moved.cost - left.cost, moved.fee - left.fee


def _turned(shown: CoinsShown, volume: Decimal) -> CoinsShown:
    """So much of what is external is ours (below 0: is not); no look has to come first."""
    mine, external = shown.ours + volume, shown.external - volume
    return structs.replace(shown, ours=mine, external=external)


def _entry(state: HoldingsState, command: AdoptPair) -> Decimal | str:
    """The entry's price, KRW; or the reason why there can be no trade."""
    shown = state.shown.get(command.pair)
    if not command.id or state.config is None:
        return "bad_command"
    if shown is None or not floor_volume(shown.external):
        return "nothing_external"
    if trades_of(state, command.pair):
        return "pair_busy"
    known = ZERO if shown.modified else shown.average
    if command.pair in state.moved:
        known = state.moved[command.pair].price
    try:  # a frame is foreign input: NaN is a Decimal
        price = known if command.price is None else money(command.price)
    except ValueError:
        return "bad_price"
    return price or ("price_needed" if command.price is None else "bad_price")


def released(state: HoldingsState, command: ReleasePair, kept: Message | None) -> Outputs:
    """An adopted trade ends unsold; the dust that had joined it stays ours."""
    facts = {"pair": command.pair}
    if kept is not None:
        yield OperatorReply(True, "released", facts)
        return
    found = [trade for trade in trades_of(state, command.pair) if trade.tag == ADOPTED]
    if not found or found[0].exit or not command.id:
        reason = "bad_command" if not command.id else "pair_busy" if found else "no_adopted_trade"
        yield OperatorReply(False, "not_released", {**facts, "reason": reason})
        return
    trade = found[0]
    dust = trade.dust if trade.dust.volume <= trade.volume else Dust()
    volume, cost = trade.volume - dust.volume, dust.cost + dust.fee
    yield CommandTaken(command.id)
    yield TradeReleased(trade.trade, trade.pair, volume, dust.volume, cost)
    if shown := state.shown.get(trade.pair):
        yield _turned(shown, -min(volume, shown.ours))
    yield OperatorReply(True, "released", facts)
