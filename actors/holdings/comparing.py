"""Owns what holdings makes of the account's coins: what is gone, what is not ours, what is adopted.

Ours is what the trades and the dust of a pair hold. Less in the account, the same amount in three
quiet looks, was sold by hand: it leaves the trades at the price that was found, then the dust.
More is external: shown, never touched, until a person adopts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import structs

from actors.holdings.leaving import sold
from actors.machinery.owner import Outcome
from core.money import floor_volume, money
from core.trading.outside import ADOPTED, ours
from core.trading.rows import Sale
from core.trading.trades import ZERO, Dust, HoldingsState, Trade
from messages.account import (
    CoinsMissed,
    CoinsShown,
    CompareCoins,
    DustLost,
    SoldOutside,
    TradeReleased,
)
from messages.base import Message
from messages.control import AdoptPair, CommandTaken, OperatorReply, ReleasePair
from messages.fetching import Pocket
from messages.trading import EntryEnded, HighRaised, TradeOpened

LOOKS = 3  # a difference stands when it was the same in so many quiet ones
STIR = Decimal("0.01")  # by how much an external coin's price has to move to be stated again


# --- a look
def compared(state: HoldingsState, look: CompareCoins, at: float) -> Outcome:
    """Every pair of ours or of the account's that was quiet."""
    held = {trade.pair for trade in state.trades.values()} | {*state.dust, *state.shown}
    for pair in sorted({*look.coins, *held} - {*look.busy}):
        if any(t.exit or not t.ended for t in _trades(state, pair)):
            continue
        pocket = look.coins.get(pair, Pocket())
        gone = max(ours(state, pair) - floor_volume(pocket.whole), ZERO)  # orders take no finer
        yield from _shown(state, pair, pocket, look.prices.get(pair, ZERO))
        if gone or pair in state.missed:
            price = look.sales.get(pair) or look.prices.get(pair) or ZERO
            yield from _missed(state, pair, gone, price, at)


def _trades(state: HoldingsState, pair: str) -> list[Trade]:
    return [trade for trade in state.trades.values() if trade.pair == pair]


def _shown(state: HoldingsState, pair: str, pocket: Pocket, price: Decimal) -> Iterator[CoinsShown]:
    """Stated when it says something new; a price alone only of what may be adopted."""
    mine = ours(state, pair)
    external = max(pocket.whole - mine, ZERO)
    facts = (pair, mine, external, pocket.free, pocket.average, pocket.modified)
    known = state.shown.get(pair)
    if known is None:
        if mine or external:
            yield CoinsShown(*facts, price)
        return
    stirred = bool(external) and abs(price - known.price) > known.price * STIR
    if stirred or CoinsShown(*facts, known.price) != known:
        yield CoinsShown(*facts, price)


def _missed(state: HoldingsState, pair: str, gone: Decimal, price: Decimal, at: float) -> Outcome:
    known = state.missed.get(pair)
    times = known.times + 1 if known and known.volume == gone else 1
    if gone and times < LOOKS:
        yield CoinsMissed(pair, gone, times)
        return
    yield CoinsMissed(pair, ZERO, 0)
    yield from _gone(state, pair, gone, price, at)


def _gone(state: HoldingsState, pair: str, gone: Decimal, price: Decimal, at: float) -> Outcome:
    """Sold by hand: the trades first, oldest first, then the dust."""
    assert state.config is not None
    left = gone
    for trade in _trades(state, pair):
        volume = min(left, trade.volume)
        if not volume:
            break
        funds = volume * (price or trade.price)
        fee = funds * state.config.fee_rate
        yield SoldOutside(trade.trade, pair, volume, funds, fee)
        yield from sold(state, trade, Sale(volume, funds, fee, at), "sold_on_exchange")
        left -= volume
    if left:
        yield DustLost(pair, left)


# --- an operator's
def adopted(state: HoldingsState, command: AdoptPair, at: float, kept: Message | None) -> Outcome:
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
    volume = floor_volume(shown.external)
    id = f"{pair}+{command.id}"
    yield CommandTaken(command.id)
    funds = volume * entry + dust.cost
    yield TradeOpened(id, pair, volume + dust.volume, funds, dust.fee, entry, at, ADOPTED)
    yield EntryEnded(id, pair)
    if shown.price > entry:
        yield HighRaised(id, pair, shown.price, -1)
    yield _turned(shown, volume)
    yield OperatorReply(True, "adopted", {"pair": pair})


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
    if _trades(state, command.pair):
        return "pair_busy"
    known = ZERO if shown.modified else shown.average
    try:  # a frame is foreign input: NaN is a Decimal
        price = known if command.price is None else money(command.price)
    except ValueError:
        return "bad_command"
    return price or "price_needed"


def released(state: HoldingsState, command: ReleasePair, kept: Message | None) -> Outcome:
    """An adopted trade ends unsold; the dust that had joined it stays ours."""
    facts = {"pair": command.pair}
    if kept is not None:
        yield OperatorReply(True, "released", facts)
        return
    found = [trade for trade in _trades(state, command.pair) if trade.tag == ADOPTED]
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
