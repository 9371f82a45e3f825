"""Owns what rests after a loss: the pair for its cooldown, and what protections lock.

The meanings are core/trading/protections.py's. Of the verdicts on one trade the longest counts, and
it replaces the lock of its reason where it says something new.
"""

from __future__ import annotations

import numpy as np

from research.kernel import layout as at
from research.kernel.compiler import inner
from research.kernel.layout import Ints, KernelState
from research.kernel.ledger_rows import money, put
from research.kernel.wide import Whole, Wide, below, minus, plus

DAY = np.int64(86400)


@inner
def locked(state: KernelState, market: Whole, closes: Whole) -> bool:
    """Whether no entry in this market may be decided at a candle that closes then."""
    if closes < state.book[market, at.UNTIL]:
        return True
    every = len(state.counts)
    for reason in range(at.LOCKS):
        if closes < state.locks[market, reason] or closes < state.locks[every, reason]:
            return True
    return False


@inner
def over(state: KernelState, market: Whole, time: Whole) -> None:
    """A trade has ended: its slot is free, its pair rests, and protections judge."""
    book = state.book[market]
    book[at.STAGE] = at.FLAT
    state.till[at.TAKEN] -= 1
    if state.rules[at.COOLDOWN]:
        book[at.UNTIL] = time + state.rules[at.COOLDOWN]
    if not len(state.protections):
        return
    _remember(state, market, time)
    for rule in state.protections:
        _judge(state, rule)


@inner
def _remember(state: KernelState, market: Whole, time: Whole) -> None:
    """The closed trades that some protection may still count, this one the last of them."""
    longest, kept = np.int64(0), 0
    for rule in state.protections:
        longest = max(longest, rule[at.LOOKBACK])
    for old in range(state.till[at.CLOSED]):
        if state.closed[old, at.AT] > time - longest:
            for column in range(at.CLOSED_TRADE):
                state.closed[kept, column] = state.closed[old, column]
            kept += 1
    row, book = state.closed[kept], state.book[market]
    row[at.OF], row[at.AT] = market, time
    why = state.actions[state.till[at.COUNT] - 1, at.WHY]
    row[at.BY_STOP] = why == at.STOP_LOSS or why == at.TRAILING_STOP_LOSS
    put(row, at.GAINED, money(book, at.EARNED))
    state.till[at.CLOSED] = kept + 1


@inner
def _judge(state: KernelState, rule: Ints) -> None:
    newest: Ints = state.closed[state.till[at.CLOSED] - 1]
    if rule[at.METHOD] == at.STOPLOSS_GUARD:
        count, last = _stopped(state, rule, newest)
        locks = count >= rule[at.LIMIT]
    else:
        count, last, fell = _fallen(state, newest[at.AT] - rule[at.LOOKBACK])
        allowed = money(rule, at.ALLOWED)
        locks = count >= rule[at.LIMIT] and below(allowed[0], allowed[1], fell[0], fell[1])
    if locks:
        alone = rule[at.METHOD] == at.STOPLOSS_GUARD and rule[at.ALONE] != 0
        whose = newest[at.OF] if alone else np.int64(len(state.counts))
        until = last + rule[at.DURATION]
        if until > max(state.locks[whose, rule[at.METHOD]], newest[at.AT]):
            state.locks[whose, rule[at.METHOD]] = until


@inner
def _stopped(state: KernelState, rule: Ints, newest: Ints) -> tuple[Whole, Whole]:
    """How many losing trades a stop has ended of late, and when the last of them."""
    count, last = 0, np.int64(0)
    for trade in state.closed[: state.till[at.CLOSED]]:
        counts = trade[at.AT] > newest[at.AT] - rule[at.LOOKBACK] and trade[at.BY_STOP] != 0
        if rule[at.ALONE] and trade[at.OF] != newest[at.OF]:
            counts = False
        if counts and trade[at.GAINED] < 0:
            count, last = count + 1, max(last, trade[at.AT])
    return count, last


@inner
def _fallen(state: KernelState, since: Whole) -> tuple[Whole, Whole, Wide]:
    """How many trades ended after ``since``, when the last, and how deep their sum has fallen."""
    count, last = 0, np.int64(0)
    nothing: Wide = (np.int64(0), np.uint64(0))
    total = peak = worst = nothing
    for trade in state.closed[: state.till[at.CLOSED]]:
        if trade[at.AT] > since:
            count, last = count + 1, max(last, trade[at.AT])
            gained = money(trade, at.GAINED)
            total = plus(total[0], total[1], gained[0], gained[1])
            if below(peak[0], peak[1], total[0], total[1]):
                peak = total
            fell = minus(peak[0], peak[1], total[0], total[1])
            if below(worst[0], worst[1], fell[0], fell[1]):
                worst = fell
    return count, last, worst


@inner
def noted(state: KernelState, time: Whole, profit: Wide) -> None:
    """A row's profit joins the trading day's; a loss at the limit locks all until it ends."""
    till, rules = state.till, state.rules
    if not rules[at.LOSS_LIMITED]:
        return
    if time >= till[at.DAY_ENDS]:
        start = rules[at.DAY_START]
        till[at.DAY_ENDS] = ((time - start) // DAY + 1) * DAY + start
        put(till, at.DAY_PROFIT, profit)
    else:
        day = money(till, at.DAY_PROFIT)
        put(till, at.DAY_PROFIT, plus(day[0], day[1], profit[0], profit[1]))
    day = money(till, at.DAY_PROFIT)
    loss = minus(np.int64(0), np.uint64(0), day[0], day[1])
    limit = money(rules, at.LOSS_HIGH)
    every, until = len(state.counts), till[at.DAY_ENDS]
    reached = not below(loss[0], loss[1], limit[0], limit[1])
    if reached and until > max(state.locks[every, at.DAILY_LOSS], time):
        state.locks[every, at.DAILY_LOSS] = until
