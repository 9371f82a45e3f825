"""Owns how holdings leaves a trade: what a candle, a refusal, an end of an order bring about."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import structs

from actors.runtime.owner import Outputs
from core.market.prices import narrowed
from core.orders.order_history import number
from core.trading.exits import decide_exit
from core.trading.protections import Lock, day_after, day_lock, locks_at, verdicts
from core.trading.trade_records import Sale, dust_record, exit_record
from core.trading.trades import (
    BARS,
    LONGEST_WAIT,
    OF_ORDERS,
    OF_PAST,
    UNFILLED,
    ZERO,
    HoldingsState,
    Trade,
    history_after,
)
from messages.account import CoinsFreed
from messages.base import After
from messages.market import Candle, CandleReport
from messages.orders import OrderAbsent, OrderClosed, OrderRefused
from messages.recovery import SaleFound, SaleTaken
from messages.trading import (
    CancelWanted,
    DustKept,
    ExitFailed,
    ExitReason,
    ExitWanted,
    ForceExitNoted,
    HighRaised,
    PairLocked,
    RetryExit,
    TradeClosed,
    TradeEmptied,
    TradeRecord,
    TradeReduced,
)
from messages.venue_queries import OpenOrder

GOOD_SECONDS = 30.0  # a wish is stale after this (docs/reference/reliability.md 3)
GONE, GONE_WAIT = "notfoundmarket", 3600.0  # what is traded no more is seldom traded again
NOT_FREE, LACKING = "coins_not_free", "insufficient_funds_ask"
BAR_WAIT = 3600.0  # what is barred goes out when the bar ends; if nothing is heard of it, then
TELL_SECONDS = 86400.0  # before the same reason of a failed exit is told again
SILENT = OF_PAST | {UNFILLED, GONE, "absent"}  # said by others, or of no account
LACKING_TRIES = 6  # about a minute: until then a look may find the order that locks the coins


# --- a candle
def at_candle(state: HoldingsState, trade: Trade, report: CandleReport, at: float) -> Outputs:
    """Exits first, then the peak; not at the candle of the entry's fill, and at none twice."""
    candle, config = _counting(trade, report), state.config
    if config is None or candle is None:
        return
    closes = float(candle.time + report.seconds) if report.seconds else at
    if _is_dust(state, trade, candle):
        assert trade.wish is not None
        yield from _turned_to_dust(state, trade, candle.close, closes, trade.wish.reason)
        return
    choice = None
    if trade.ended and not trade.exit and not state.held_back and not trade.wait_left(at):
        choice = decide_exit(trade.position, candle, report.verdict.exit, config)
    if choice and choice.wanted:
        yield from _turned_to_dust(state, trade, candle.close, closes, choice.wanted)
        return
    if choice:
        facts = (choice.volume, choice.reason, closes, candle.close, candle.time)
        yield wanted(trade, *facts)
    if candle.high > trade.max_price:
        yield HighRaised(trade.trade, trade.pair, candle.high, candle.time)


def _is_dust(state: HoldingsState, trade: Trade, candle: Candle) -> bool:
    """Whether what the venue refused for its worth is, at the price that has come, too small.

    The refusal tells no price, and the one at which the exit was decided is of before.
    """
    if state.config is None or not trade.too_small or trade.wish is None or state.held_back:
        return False
    return trade.volume * candle.close < state.config.min_order_krw


def _counting(trade: Trade, report: CandleReport) -> Candle | None:
    """What of a report counts for a trade; of prices, what came after the entry's newest fill."""
    candle = report.candle
    if report.seconds:
        new = candle.time > trade.filled_at and candle.time > trade.candle
        return candle if new else None
    if report.since > trade.filled_at:
        return candle
    return narrowed(candle) if report.moment > trade.filled_at else None


def wanted(
    trade: Trade,
    volume: Decimal,
    reason: ExitReason,
    at: float,
    close: Decimal = ZERO,
    candle: int = -1,
    failures: int = 0,
) -> ExitWanted:
    """The next attempt to sell; ``close`` 0 and ``candle`` -1 when it is bound to no candle."""
    return ExitWanted(
        id=f"{trade.trade}/x{trade.attempt + 1}",
        trade=trade.trade,
        pair=trade.pair,
        volume=volume,
        reason=reason,
        close=close,
        candle=candle,
        good_until=at + GOOD_SECONDS,
        failures=failures,
    )


def forced(trades: Iterable[Trade], at: float) -> Outputs:
    """Sell all of these now; where the entry's order still lives, it is cancelled first."""
    for trade in trades:
        if trade.ended:
            yield wanted(trade, trade.volume, "force_exit", at)
        else:
            yield ForceExitNoted(trade.trade, trade.pair)
            yield CancelWanted(trade.trade, trade.pair, "force_exit")


# --- the end of an exit's order
def finished(state: HoldingsState, closed: OrderClosed, at: float) -> Outputs:
    """A sale has ended: a row for what was sold. What is left stays open."""
    trade = state.trades.get(closed.trade) or _heir(state, closed.pair)
    if trade is None:
        return
    of_exit = trade.exit is not None and trade.exit.id == closed.id
    if not closed.volume:
        if of_exit:
            yield _failed(trade, UNFILLED, at)
        return
    order = trade.exit or trade.wish  # a sale believed absent may end after its successor began
    reason: ExitReason = order.reason if order else "exit_signal"
    yield from sold(
        state, trade, Sale(closed.volume, closed.funds, closed.fee, closed.filled_at), reason
    )


def recovered(state: HoldingsState, sale: SaleFound) -> Outputs:
    """A sale of ours that this ledger had lost: booked once, by its own figures.

    What of it is more than the trade has, another has booked; its cash is ours all the same.
    """
    trade = state.trades.get(sale.trade)
    volume = min(sale.volume, trade.volume) if trade else ZERO
    part = trade is not None and volume < trade.volume
    totals = (sale.funds, sale.fee)
    facts = (sale.identifier, sale.trade, sale.pair, volume, *totals)
    yield SaleTaken(*facts, number(sale.id), part)
    if trade and volume:
        yield from sold(state, trade, Sale(sale.volume, *totals, sale.filled_at), "recovered")


def sold(state: HoldingsState, trade: Trade, sale: Sale, reason: ExitReason) -> Outputs:
    """A row for what was sold, by us or by hand; the trade ends when nothing is left of it.

    While its entry's order lives there may be more to come, and it does not end.
    """
    row = exit_record(trade, sale, reason)
    if row.amount == trade.volume and trade.ended:
        yield from _over(state, TradeClosed(row), row.close_date)
    else:
        yield from _daily(state, row)
        yield TradeReduced(row)


def emptied(state: HoldingsState, trade: Trade, at: float) -> Outputs:
    """The entry has ended, and all of it had been sold before: the rows of that are told."""
    yield from _over(state, TradeEmptied(trade.trade, trade.pair, at, trade.part_reason), at)


def _heir(state: HoldingsState, pair: str) -> Trade | None:
    """Whose coin a sale took that was given up as absent and came after its trade had ended."""
    return next((trade for trade in state.trades.values() if trade.pair == pair), None)


def refused(
    state: HoldingsState, message: OrderRefused | OrderAbsent, reason: str, at: float
) -> Outputs:
    """A definite no: tried again after a wait.

    Where all there is was worth too little, the next price tells whether it is dust. Where the
    market is gone the wait grows up to an hour: a journal must not fill with what cannot be done,
    and one that comes back has been away for as long as is waited.
    """
    trade = state.trades.get(message.trade)
    if trade is None or trade.exit is None or trade.exit.id != message.id:
        return
    text = message.text if isinstance(message, OrderRefused) else ""
    shown = state.shown.get(trade.pair)
    failed = _failed(trade, reason, at, text, shown.asks if shown else ())
    yield failed
    if trade.exit.volume >= trade.volume:
        yield After(failed.seconds, RetryExit(trade.trade, failed.id))


def _failed(
    trade: Trade, reason: str, at: float, text: str = "", asks: tuple[OpenOrder, ...] = ()
) -> ExitFailed:
    """Where the coins are not free it waits for them: a look at the account ends that wait.

    What the gateway bars waits for the end of the bar: each try would only be refused again.
    """
    assert trade.exit is not None
    longest = GONE_WAIT if reason == GONE else LONGEST_WAIT
    wait = min(longest, 2.0 ** min(trade.failures, 12))
    waits = reason == NOT_FREE
    wait = TELL_SECONDS if waits else BAR_WAIT if reason in BARS else wait
    tells = _tells(trade, reason, at)
    return ExitFailed(
        trade.exit.id,
        trade.trade,
        trade.pair,
        reason,
        at + wait,
        waits,
        tells,
        at if tells else 0.0,
        text,
        asks if waits else (),
        wait,
    )


def _tells(trade: Trade, reason: str, at: float) -> bool:
    """The first time, then once a day; and to who asked for the exit just now."""
    assert trade.exit is not None
    if reason in SILENT or (reason == LACKING and trade.failures < LACKING_TRIES):
        return False
    known = trade.told.get(reason)
    asked = trade.exit.reason == "force_exit" and not trade.exit.failures
    return known is None or asked or not 0 <= at - known < TELL_SECONDS


def retry(state: HoldingsState, alarm: RetryExit, at: float) -> Outputs:
    """The same exit again, under the next number; an alarm of an earlier one may come too early."""
    trade = state.trades.get(alarm.trade)
    if trade is None or trade.wish is None or state.held_back:
        return
    wait = trade.wait_left(at)
    if wait and alarm.refused != trade.wish.id:
        yield After(wait, RetryExit(trade.trade, trade.wish.id))
        return
    yield _again(trade, trade.wish, at)


def _again(trade: Trade, wish: ExitWanted, at: float) -> ExitWanted:
    again = trade.failures
    return wanted(trade, trade.volume, wish.reason, at, wish.close, wish.candle, again)


def resumed(state: HoldingsState, at: float) -> Outputs:
    """The past is read: what was refused meanwhile does not wait any longer.

    An exit that waits for an order or for its coins has nothing to do with the past.
    """
    waiting = (trade for trade in state.trades.values() if not trade.waits)
    yield from _unbarred(state, (t for t in waiting if t.bar not in OF_ORDERS), at)


def order_over(before: HoldingsState, after: HoldingsState, pair: str, at: float) -> Outputs:
    """An order of the pair has ended: an exit that waited for that is tried again.

    ``before`` its end was taken in: what waits only since then was refused by this very end.
    """
    waited = [t.trade for t in before.trades.values() if t.pair == pair and t.bar in OF_ORDERS]
    barred = (t for t in after.trades.values() if t.trade in waited and t.bar)
    yield from _unbarred(after, barred, at)


def let_go(state: HoldingsState, at: float) -> Outputs:
    """Exits were held back, and are no longer: a bar may have ended meanwhile."""
    state = structs.replace(state, mode="running")
    yield from _unbarred(state, (t for t in state.trades.values() if t.bar), at)


def _unbarred(state: HoldingsState, trades: Iterable[Trade], at: float) -> Outputs:
    """A refused part is decided anew: only the whole of a trade is sold whatever the price does."""
    for trade in trades:
        if trade.wish and not state.held_back:
            yield _again(trade, trade.wish, at)
        elif trade.bar and not trade.wish:
            yield CoinsFreed(trade.trade, trade.pair)


def retries(state: HoldingsState, at: float) -> Iterable[After]:
    """The alarms of all exits that are to be tried again."""
    for trade in state.trades.values():
        if trade.wish:
            yield After(trade.wait_left(at), RetryExit(trade.trade, trade.wish.id))


# --- the end of a trade
def _turned_to_dust(
    state: HoldingsState, trade: Trade, price: Decimal, at: float, reason: ExitReason
) -> Outputs:
    """It frees its slot; its loss is booked, its coins wait for the pair's next trade."""
    row = dust_record(trade, price, at)
    yield from _over(state, DustKept(row, trade.volume * price, reason), at)


def _over(state: HoldingsState, end: TradeClosed | DustKept | TradeEmptied, at: float) -> Outputs:
    """Locks first: when the slot is seen to be free, the pair is known to rest."""
    config = state.config
    assert config is not None
    if config.cooldown_minutes:
        pair = end.pair if isinstance(end, TradeEmptied) else end.row.pair
        yield PairLocked(pair, at + config.cooldown_minutes * 60, "cooldown")
    for lock in verdicts(history_after(state, end), config):
        yield from _locked(state, lock, at)
    if not isinstance(end, TradeEmptied):  # its rows have counted
        yield from _daily(state, end.row)
    yield end


def _daily(state: HoldingsState, row: TradeRecord) -> Iterable[PairLocked]:
    assert state.config is not None
    day = day_after(state.day, row.close_date, row.profit_abs, state.config)
    lock = day_lock(day, state.config)
    if lock:
        yield from _locked(state, lock, row.close_date)


def _locked(state: HoldingsState, lock: Lock, now: float) -> Iterable[PairLocked]:
    """A verdict is stated when it says something new."""
    assert state.config is not None
    known = state.locks.get(lock.pair, {}).get(lock.reason, now)
    if not locks_at(known, lock.reason, now, state.config) or lock.until > known:
        yield PairLocked(lock.pair, lock.until, lock.reason)
