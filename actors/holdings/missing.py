"""Owns what becomes of coins of ours that are not in the account any more.

A sale by hand is booked from the venue's closed sell orders alone, at their own figures, each of
them once. Without such an order nothing was sold: the trade is suspended, the owner is asked, and
after a day without an answer the coins count as moved out, their cost kept apart. Balances may
lag, so nothing counts before a difference has stood in three quiet looks and for a while.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from actors.holdings.exits import sold
from actors.runtime.owner import Outputs
from core.money import quotient_down
from core.trading.external_changes import SOLD, Change, evolve
from core.trading.trade_records import Sale, cost_of
from core.trading.trades import ZERO, Dust, HoldingsState, Trade
from messages.account import (
    CoinsMissed,
    CoinsMovedOut,
    CompareCoins,
    DustLost,
    SalesNoted,
    SoldOutside,
    TradeResumed,
    TradeSuspended,
)
from messages.base import Message
from messages.control import CommandTaken, ExplainPair, OperatorReply
from messages.venue_queries import ClosedOrder

LOOKS = 3  # a difference stands when it was the same in so many quiet ones
ANSWER_SECONDS = 86400.0  # in which the owner may say what became of coins, or they come back
ASK_AGAIN_SECONDS = 3600.0  # coins that come and go are not asked about more often
SLACK_SECONDS = 5.0  # a sale may seem so much older than the purchase of what it sold


def trades_of(state: HoldingsState, pair: str) -> list[Trade]:
    """The open trades of a pair, oldest first."""
    return [trade for trade in state.trades.values() if trade.pair == pair]


# --- a look
def noted(state: HoldingsState, look: CompareCoins, at: float) -> Iterator[SalesNoted]:
    """Sales of what we hold, seen for the first time: one that is old explains no new gap."""
    since: dict[str, float] = dict.fromkeys(state.dust, 0.0)
    for trade in state.trades.values():
        since[trade.pair] = min(since.get(trade.pair, trade.opened_at), trade.opened_at)
    new = [
        order.uuid
        for order in look.sold
        if order.pair in since and order.uuid not in state.sales and _quiet(state, look, order.pair)
        if order.created_at >= since[order.pair] - SLACK_SECONDS
    ]
    if new:
        yield SalesNoted(tuple(new), at)


def _quiet(state: HoldingsState, look: CompareCoins, pair: str) -> bool:
    """Whether a look tells of the pair: what was seen at another counts as seen later."""
    return pair not in look.busy and not any(t.exit or not t.ended for t in trades_of(state, pair))


def missed(
    state: HoldingsState, look: CompareCoins, pair: str, gone: Decimal, at: float
) -> Outputs:
    """At a quiet look so much of a pair is gone; 0 when all of it is there."""
    known = state.missed.get(pair)
    if not gone:
        if known:
            yield CoinsMissed(pair, ZERO, 0)
        for trade in trades_of(state, pair):
            if trade.suspended:
                yield TradeResumed(trade.trade, pair)
        return
    if not look.sold_since:  # nothing is known of sales: neither evidence nor its absence
        return
    times, since = 1, at
    if known and known.volume == gone and 0 < known.since <= at:
        times, since = known.times + 1, known.since
    began = known.began if known and 0 < known.began <= at else at
    if times <= LOOKS:  # later ones wait unwritten: a journal must not fill with looks
        yield CoinsMissed(pair, gone, times, since, began)
    yield from _shrunk(state, pair, gone, at)
    if _confirmable(state, times, since, at):
        yield from _confirmed(state, look, CoinsMissed(pair, gone, times, since, began), at)


def stands(state: HoldingsState, pair: str, at: float) -> bool:
    """Whether coins of a pair are gone for longer than balances may lag; or are not gone."""
    known = state.missed.get(pair)
    return known is None or _confirmable(state, known.times, known.since, at)


def _confirmable(state: HoldingsState, times: int, since: float, at: float) -> bool:
    assert state.config is not None
    return times >= LOOKS and at - since >= state.config.exchange.account_confirm_seconds


def _shrunk(state: HoldingsState, pair: str, gone: Decimal, at: float) -> Outputs:
    """Some of what had left is back."""
    left = gone
    for trade in trades_of(state, pair):
        share = min(left, trade.suspended)
        left -= share
        if share < trade.suspended:
            yield _suspended(trade, share, at, False) if share else TradeResumed(trade.trade, pair)


def _suspended(trade: Trade, volume: Decimal, at: float, asks: bool) -> TradeSuspended:
    fewer = 0 < volume <= trade.suspended
    until = trade.answer_by if fewer else at + ANSWER_SECONDS
    return TradeSuspended(trade.trade, trade.pair, volume, at, until, asks)


def _confirmed(state: HoldingsState, look: CompareCoins, gap: CoinsMissed, at: float) -> Outputs:
    """Sold as far as sell orders show it; the rest is no sale."""
    pair = gap.pair
    after, left = state, gap.volume
    for event in _by_orders(state, look, gap, at):
        yield event
        if isinstance(event, SoldOutside | DustLost):
            left -= event.volume
        after = with_event(after, event)
    young = at - gap.since < ASK_AGAIN_SECONDS
    rest = max(left - _being_sold(look, pair), ZERO) if young else left
    for event in _unexplained(after, pair, rest, at):
        yield event
        if isinstance(event, CoinsMovedOut):
            left -= event.volume
        after = with_event(after, event)
    if not left:
        yield CoinsMissed(pair, ZERO, 0)
    elif left != gap.volume:
        yield CoinsMissed(pair, left, LOOKS, gap.since, gap.began)


def with_event(state: HoldingsState, said: object) -> HoldingsState:
    """The state after what was said, if that was an event."""
    return evolve(state, said) if isinstance(said, Change) else state


def _being_sold(look: CompareCoins, pair: str) -> Decimal:
    """What open sell orders have sold so far: they tell their figures when they end.

    It may have been the owner's own coin, so it is waited for only a while.
    """
    return sum((order.executed for order in look.asks if order.pair == pair), ZERO)


# --- evidence
def _by_orders(state: HoldingsState, look: CompareCoins, gap: CoinsMissed, at: float) -> Outputs:
    """Newest first: what was sold before was covered by coins that are not ours."""
    pair = gap.pair
    after, left = state, gap.volume
    for order in _evidence(state, look, pair, gap.began):
        rest = order.volume
        for trade in trades_of(after, pair):
            share = min(left, rest, trade.volume)
            if not share or order.created_at < trade.opened_at - SLACK_SECONDS:
                continue
            for event in _sold_by(after, trade, order, share, at):
                yield event
                after = with_event(after, event)
            left, rest = left - share, rest - share
        lost = min(left, rest, after.dust.get(pair, Dust()).volume)
        if lost and not trades_of(after, pair):
            gone_dust = _dust_sold(order, lost, at)
            yield gone_dust
            after, left = evolve(after, gone_dust), left - lost


def _evidence(
    state: HoldingsState, look: CompareCoins, pair: str, began: float
) -> list[ClosedOrder]:
    """Orders of no booking yet that were first seen when the coins went, or later."""
    assert state.config is not None
    seen_since = began - state.config.exchange.account_confirm_seconds
    return [
        order
        for order in look.sold
        if order.pair == pair and order.uuid not in state.used
        if state.sales.get(order.uuid, began) >= seen_since
    ]


def _sold_by(
    state: HoldingsState, trade: Trade, order: ClosedOrder, share: Decimal, at: float
) -> Outputs:
    funds, fee = order.funds, order.fee
    if share != order.volume:
        funds, fee = (quotient_down(part * share, order.volume) for part in (funds, fee))
    yield SoldOutside(trade.trade, trade.pair, share, funds, fee, order.uuid)
    yield from sold(state, trade, Sale(share, funds, fee, at), SOLD)


def _dust_sold(order: ClosedOrder, volume: Decimal, at: float) -> DustLost:
    """What was paid for the dust: it is a sale like any other to the taxes."""
    funds, fee = order.funds, order.fee
    if volume != order.volume:
        funds, fee = (quotient_down(part * volume, order.volume) for part in (funds, fee))
    return DustLost(order.pair, volume, funds, fee, order.uuid, order.created_at or at)


# --- no evidence
def _unexplained(state: HoldingsState, pair: str, rest: Decimal, at: float) -> Outputs:
    """The trades first, oldest first, then the dust, which is too small to ask about."""
    left, dust = rest, state.dust.get(pair, Dust())
    asked = state.asked.get(pair)
    again = asked is None or not 0 <= at - asked < ASK_AGAIN_SECONDS
    for trade in trades_of(state, pair):
        share = min(left, trade.volume)
        left -= share
        if share and share != trade.suspended:
            grown = bool(trade.suspended) and share > trade.suspended
            yield _suspended(trade, share, at, again or grown)
        elif share and at >= trade.answer_by:
            yield from _moved_out(state, trade, share, at)
        elif not share and trade.suspended:
            yield TradeResumed(trade.trade, pair)
    lost = min(left, dust.volume)
    if lost:
        cost, fee = (quotient_down(part * lost, dust.volume) for part in (dust.cost, dust.fee))
        yield DustLost(pair, lost)
        yield CoinsMovedOut(pair, lost, cost, fee, quotient_down(cost, lost))


def _moved_out(state: HoldingsState, trade: Trade, volume: Decimal, at: float) -> Outputs:
    """Its row earns and costs nothing: the cost is kept apart."""
    cost, fee = cost_of(trade, volume)
    yield CoinsMovedOut(trade.pair, volume, cost, fee, trade.price, trade.trade)
    yield from sold(state, trade, Sale(volume, cost + fee, ZERO, at), "moved_out")


# --- the owner's answer
def explained(
    state: HoldingsState, command: ExplainPair, at: float, kept: Message | None
) -> Outputs:
    """What became of the coins that left, in the owner's own words."""
    facts = {"pair": command.pair}
    if kept is not None:
        yield OperatorReply(True, f"explained_{command.answer}", facts)
        return
    reason = _unanswerable(state, command)
    if reason:
        yield OperatorReply(False, "not_explained", {**facts, "reason": reason})
        return
    yield CommandTaken(command.id)
    after: HoldingsState = state
    for trade in trades_of(state, command.pair):
        if trade.suspended:
            for said in _answered(after, trade, command, at):
                yield said
                after = with_event(after, said)
    yield CoinsMissed(command.pair, ZERO, 0)
    yield OperatorReply(True, f"explained_{command.answer}", facts)


def _answered(state: HoldingsState, trade: Trade, command: ExplainPair, at: float) -> Outputs:
    assert state.config is not None
    volume = trade.suspended
    match command.answer:
        case "sold":
            assert command.price is not None
            funds = volume * command.price
            fee = funds * state.config.fee_rate
            yield SoldOutside(trade.trade, trade.pair, volume, funds, fee)
            yield from sold(state, trade, Sale(volume, funds, fee, at), SOLD)
        case "moved":
            yield from _moved_out(state, trade, volume, at)
        case "lost":
            yield from sold(state, trade, Sale(volume, ZERO, ZERO, at), "lost")


def _unanswerable(state: HoldingsState, command: ExplainPair) -> str:
    """Why this answer is none; "" when it is one. A frame is foreign input: NaN is a Decimal."""
    price = command.price
    if not command.id:
        return "bad_command"
    if price is not None and not (price.is_finite() and price > 0):
        return "bad_price"
    gone = [trade for trade in trades_of(state, command.pair) if trade.suspended]
    if not gone:
        return "nothing_missing"
    if any(trade.exit or not trade.ended for trade in trades_of(state, command.pair)):
        return "pair_busy"
    if command.answer == "sold" and price is None:
        return "sold_needs_price"
    return "price_of_no_sale" if command.answer != "sold" and price is not None else ""
