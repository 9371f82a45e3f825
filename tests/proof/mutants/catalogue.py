"""The planted bugs. Each is one that a bot has had, or that our own design invites."""

from __future__ import annotations

from tests.proof.mutants.mutant import Mutant
from tests.proof.mutants.outside import WALLETS

OWNER = "actors/runtime/owner.py"
ORDER = "core/orders/lifecycle.py"
QUARANTINE = "core/orders/in_doubt.py"
BUDGET = "actors/budget.py"
LEAVING = "actors/holdings/exits.py"
TRADES = "core/trading/trades.py"
FOLLOWING = "actors/orders/order_tracking.py"
BELIEVING, TRUST = "core/market/price_filter.py", "actors/market/trusted_prices.py"
COMMITS = "        if events:\n            self._commit(events, cursors, envelope)\n"

MACHINERY = (
    Mutant(
        "sends before it commits",
        OWNER,
        COMMITS + "        elif",
        "        if events:\n            self._speak(outcome, envelope)\n"
        "            self._commit(events, cursors, envelope)\n"
        "            return None\n        elif",
        "powerless",
        2,
    ),
    Mutant(
        "commits a turn in two transactions",
        OWNER,
        COMMITS + "        elif",
        "        if events:\n            for event in events:\n"
        "                self._commit([event], cursors, envelope)\n        elif",
        "powerless",
        0,
    ),
    Mutant(
        "commits no cursors",
        OWNER,
        "            self._commit(events, cursors, envelope)\n        elif",
        "            self._commit(events, self.record.cursors, envelope)\n        elif",
        "live",
        0,
    ),
    Mutant(
        "a cursor is off by one",
        OWNER,
        "cursors = {**cursors, envelope.source: number}",
        "cursors = {**cursors, envelope.source: number - 1}",
        "live",
        0,
    ),
    Mutant(
        "delivers before it commits",
        OWNER,
        "            with self.system.settling.stating(self.name) as settled:\n",
        "            for envelope in envelopes:\n                self.system.deliver(envelope)\n"
        "            with self.system.settling.stating(self.name) as settled:\n",
    ),
    Mutant(
        "calls the venue before the intent is on the disk",
        "actors/orders/rate_limited_edge.py",
        "    side_effecting = True\n",
        "    side_effecting = False\n",
        "live",
        5,
    ),
    Mutant(
        "writes the newest commit before those that it rests on",
        "persistence/group_commit.py",
        "        batch = [*self._line][:most]\n",
        "        batch = [*self._line][::-1][:most]\n",
        "paper",
        0,
    ),
    Mutant(
        "keeps nothing in the index",
        OWNER,
        "kept = {key: e for e in events if (key := self.keeps(e))} if self.indexed else {}",
        "kept: dict[str, Event] = {}",
        "paper",
        0,
    ),
    Mutant(
        "a start misses the first letter that was not taken",
        "actors/runtime/system.py",
        "for envelope in self.store.events(self.store.settled()):",
        "for envelope in self.store.events(self.store.settled() + 1):",
        "powerless",
        0,
    ),
    Mutant(
        "settles what nobody has taken",
        "actors/runtime/low_watermark.py",
        "                if done < number and done < lowest:",
        "                if done < number < 0:",
        "powerless",
        0,
    ),
    Mutant(
        "settles what a dying owner has told nobody",
        "actors/runtime/low_watermark.py",
        "        yield self._compute()\n        self._floors[source] = -1",
        "        try:\n            yield self._compute()\n        finally:\n"
        "            self._floors[source] = -1",
        "live",
        2,
    ),
    Mutant(
        "a start does not put back the mail",
        "actors/runtime/system.py",
        "                if name not in late and envelope.number > cursors[name].get("
        "envelope.source, 0):",
        "                if name not in late and envelope.number > 1 << 60:",
        "powerless",
        0,
    ),
)

RESUMES = (
    Mutant(
        "a start forgets the orders that live",
        "actors/orders/gateway.py",
        "        yield CheckOrders(id, live.epoch)\n        if live.stage",
        "        if live.stage",
        "powerless",
        0,
    ),
    Mutant(
        "a start forgets the exits to be tried again",
        "actors/holdings/holdings.py",
        "    yield from _watches(HoldingsState(), state)\n    yield from retries(state, at)",
        "    yield from _watches(HoldingsState(), state)",
        "live",
        221,
    ),
    Mutant(
        "a start forgets which candles matter",
        "actors/holdings/holdings.py",
        "    yield from _watches(HoldingsState(), state)\n    yield from retries(state, at)",
        "    yield from retries(state, at)",
        "powerless",
        1,
    ),
    Mutant(
        "a start forgets the breaker's pause",
        "actors/orders/limiter.py",
        "    yield HoldAwaited()\n    yield ShowHold()",
        "    yield from ()",
        "live",
        1,
    ),
)

PROTOCOL = (
    Mutant(
        "a timeout is a refusal",
        ORDER,
        "    return in_doubt(live, report.name or report.outcome)\n\n\ndef _refused",
        "    return _refused(live, report)\n\n\ndef _refused",
        "live",
        5,
    ),
    Mutant(
        "not found is a no",
        ORDER,
        "    elif denied.prove_absence(rules):",
        "    elif denied.answers:",
        "live",
        1,
    ),
    Mutant(
        "a quarantine counts timeouts",
        ORDER,
        '        case "absent" if live.stage == "uncertain":',
        '        case "absent" | "unknown" if live.stage == "uncertain":',
        "live",
        1,
    ),
    Mutant(
        "a quarantine counts an outage",
        QUARANTINE,
        "    return min(max(at - before, 0.0), float(rules.look_up_seconds_max)) if before",
        "    return max(at - before, 0.0) if before",
        "live",
        2,
    ),
    Mutant(
        "sends again under a new identifier",
        FOLLOWING,
        "        yield SubmitOrder(after.order, after.identifier, after.body)",
        '        yield SubmitOrder(after.order, after.identifier + "r", after.body)',
        "paper",
        66,
    ),
    Mutant(
        "sends again where twins may not be known",
        ORDER,
        "    if again and wanted and live.attempt < ATTEMPTS_MAX and denied.reach(again):",
        "    again = again or NotFoundCount(5, 20.0)\n"
        "    if wanted and live.attempt < ATTEMPTS_MAX and denied.reach(again):",
        "live",
        47,
    ),
    Mutant(
        "sends again at once",
        QUARANTINE,
        "PATIENT = NotFoundCount(5, 20.0)",
        "PATIENT = NotFoundCount(1, 0.0)",
        "live",
        1,
    ),
    Mutant(
        "sends first after a crash",
        "actors/orders/gateway.py",
        "        yield CheckOrders(id, live.epoch)\n",
        "        yield SubmitOrder(live.order, live.identifier, live.body)\n",
        "powerless",
        1,
    ),
    Mutant(
        "believes an old snapshot",
        ORDER,
        "    if any(new < old for new, old in zip(told, known, strict=True)):",
        "    if told != told:",
        "live",
        23,
    ),
    Mutant(
        "a cancelled order has no fills",
        ORDER,
        "        yield OrderClosed(*facts, report.state, *told, max(",
        "        none = (ZERO, ZERO, ZERO)\n"
        '        said = told if report.state == "done" else none\n'
        "        yield OrderClosed(*facts, report.state, *said, max(",
    ),
    Mutant(
        "takes a stranger's order for its own",
        ORDER,
        "    contradiction = _contradiction(live, report)\n",
        '    contradiction = ""\n',
        "live",
        38,
    ),
    Mutant(
        "an order that is found is not cancelled",
        ORDER,
        'stage="uncertain", cancel="found", epoch=live.epoch + 1)',
        'stage="uncertain", epoch=live.epoch + 1)',
        "strays",
        6,
    ),
    Mutant(
        "nobody looks at an order twice",
        FOLLOWING,
        "            yield from _calls(live)\n"
        "            yield from next_check(state, live, alarm.looks + 1, at)",
        "            yield from _calls(live)",
        "live",
        2,
    ),
    Mutant(
        "an unfilled order is never cancelled",
        FOLLOWING,
        '        case "open" if unfilled(order, at) and not live.cancel:',
        '        case "open" if unfilled(order, at) and live.cancel:',
        "live",
        15,
    ),
    Mutant(
        "the same intent twice",
        "actors/orders/gateway.py",
        "wish = message if kept is None and id not in state.live else None",
        "wish = message if id not in state.live else None",
        "live",
        0,
    ),
)

MONEY = (
    Mutant(
        "a refusal does not release",
        BUDGET,
        "            if id in state.reserved:\n"
        "                yield BudgetReleased(id, state.reserved[id].left)",
        "            if not id:\n                yield BudgetReleased(id, state.reserved[id].left)",
        "live",
        4,
    ),
    Mutant(
        "releases twice",
        BUDGET,
        "            if id in state.reserved:\n"
        "                yield BudgetReleased(id, state.reserved[id].left)",
        "            for _ in range(2 * (id in state.reserved)):\n"
        "                yield BudgetReleased(id, state.reserved[id].left)",
        "paper",
        1,
    ),
    Mutant(
        "reserves without the fee",
        BUDGET,
        "            reserved = {**state.reserved, id: Reservation(krw + fee)}",
        "            reserved = {**state.reserved, id: Reservation(krw)}",
    ),
    Mutant(
        "the fee of a sale is added",
        BUDGET,
        "            more = funds - fee - state.sales.get(id, ZERO)\n",
        "            more = funds + fee - state.sales.get(id, ZERO)\n",
    ),
    Mutant(
        "running proceeds are credited again",
        BUDGET,
        "            more = funds - fee - state.sales.get(id, ZERO)\n",
        "            more = funds - fee\n",
        "powerless",
        1,
    ),
    Mutant(
        "a sale never ends in the budget",
        BUDGET,
        "            if id in state.sales or message.funds:\n                yield SaleEnded(id)",
        "            if not id:\n                yield SaleEnded(id)",
    ),
    Mutant(
        "a stray order costs nothing",
        BUDGET,
        "        return structs.replace(state, cash=state.cash - more, strays=strays)",
        "        return structs.replace(state, strays=strays)",
        "live",
        37,
    ),
    Mutant(
        "running costs are spent again",
        BUDGET,
        "cash=state.cash - (total - kept.spent)",
        "cash=state.cash - total",
        "powerless",
        1,
    ),
    Mutant(
        "a reload grants the capital once more",
        BUDGET,
        "    return after.capital - before.capital",
        "    return after.capital",
        "live",
        0,
    ),
    Mutant(
        "a released trade is kept",
        "core/trading/external_changes.py",
        "for key, trade in state.trades.items() if key != id}",
        "for key, trade in state.trades.items() if key}",
        "live",
        5,
    ),
    Mutant(
        "floats in money",
        "actors/holdings/holdings.py",
        "        quotient(fill.funds, fill.volume),\n",
        "        type(fill.funds).from_float(float(fill.funds) / float(fill.volume)),\n",
    ),
    Mutant(
        "spends more than is free",
        "core/trading/position_size.py",
        "    return quotient_down(free, 1 + fee_rate, 0)",
        "    return quotient_down(free, 1, 0)",
    ),
)

TRADING = (
    Mutant(
        "an exit fires twice",
        LEAVING,
        "    if trade.ended and not trade.exit and not state.held_back and not "
        "trade.wait_left(at):",
        "    if trade.ended and not state.held_back and not trade.wait_left(at):",
        "live",
        3,
    ),
    Mutant(
        "a high falls",
        LEAVING,
        "    if candle.high > trade.max_price:",
        "    if candle.high != trade.max_price:",
    ),
    Mutant(
        "the peak is forgotten",
        TRADES,
        "            return structs.replace(trade, max_price=max_price, candle=candle)",
        "            return structs.replace(trade, candle=candle)",
    ),
    Mutant(
        "the partial flag is lost",
        TRADES,
        '        partial_done=trade.partial_done or row.exit_reason == "partial_exit",',
        "        partial_done=False,",
    ),
    Mutant(
        "no cooldown",
        LEAVING,
        "    if config.cooldown_minutes:",
        "    if config.cooldown_minutes < 0:",
    ),
    Mutant(
        "a cooldown counts from the candle, not from the fill",
        LEAVING,
        "PairLocked(pair, at + config.cooldown_minutes * 60",
        "PairLocked(pair, at + 60 + config.cooldown_minutes * 60",
    ),
    Mutant(
        "dust is lost",
        TRADES,
        "            dust = Dust(row.amount, value)",
        "            dust = Dust()",
        "plain",
        1,
    ),
    Mutant(
        "dust books no loss",
        "core/trading/trade_records.py",
        "    profit = value - trade.funds - trade.fee",
        "    profit = ZERO",
        "plain",
        1,
    ),
    Mutant(
        "the loss of dust counts again in the next trade",
        TRADES,
        "            dust = Dust(row.amount, value)",
        "            dust = Dust(row.amount, row.stake_amount, row.fee_open_cost)",
        "plain",
        1,
    ),
    Mutant(
        "the loss of dust does not count on its day",
        LEAVING,
        "    if not isinstance(end, TradeEmptied):  # its rows have counted",
        "    if isinstance(end, TradeClosed):",
        "limited",
    ),
    Mutant(
        "dust loses what was paid for it, for taxes",
        "projections/cost_basis.py",
        "                self.dust[row.pair] = (old[0] + row.amount, old[1] + value, old[2])",
        "                self._leave(row.pair, row.amount)\n"
        "                self._add(row.pair, Lot(row.amount, value, ZERO, row.close_date))\n"
        "                self.dust[row.pair] = (old[0] + row.amount, old[1] + value, old[2])",
        "taxed",
    ),
    Mutant(
        "every attempt to sell has one id",
        LEAVING,
        '        id=f"{trade.trade}/x{trade.attempt + 1}",',
        '        id=f"{trade.trade}/x1",',
    ),
    Mutant(
        "sells before the entry's order has ended",
        LEAVING,
        "    if trade.ended and not trade.exit and not state.held_back and not "
        "trade.wait_left(at):",
        "    if not trade.exit and not state.held_back and not trade.wait_left(at):",
        "paper",
        22,
    ),
    Mutant(
        "leaves at the candle that filled the entry",
        LEAVING,
        "        new = candle.time > trade.filled_at and candle.time > trade.candle",
        "        new = candle.time >= trade.filled_at and candle.time > trade.candle",
        "plain",
        1,
    ),
    Mutant(
        "decides a candle again after a crash",
        LEAVING,
        "        new = candle.time > trade.filled_at and candle.time > trade.candle",
        "        new = candle.time > trade.filled_at",
        "powerless",
        0,
    ),
    Mutant(
        "a refused exit is not tried again",
        LEAVING,
        "        yield After(failed.seconds, RetryExit(trade.trade, failed.id))",
        "        return",
        "live",
        3,
    ),
    Mutant(
        "enters twice at one candle",
        "actors/entries/strategist.py",
        "    known = state.taken.get(pair, -1) >= candle.time",
        "    known = state.taken.get(pair, -1) > candle.time",
        "paper",
        3,
    ),
    Mutant(
        "a pause is forgotten",
        "actors/entries/strategist.py",
        "        case ModeTaken(mode=mode):\n            return structs.replace(state, mode=mode)",
        "        case ModeTaken():\n            return state",
        "live",
        5,
    ),
    Mutant(
        "a slot is never freed",
        "actors/entries/strategist.py",
        "            slots = {key: p for key, p in state.slots.items() if key != trade}",
        "            slots = dict(state.slots)",
    ),
    Mutant(
        "an operator's word is carried out twice",
        "actors/entries/strategist.py",
        "    if kept is not None:\n        yield OperatorReply(True,",
        "    if kept is kept.__class__:\n        yield OperatorReply(True,",
        "live",
        116,
    ),
    Mutant(
        "a wrong clock bars nothing",
        "actors/entries/entry_filter.py",
        '            return _every("clock_differs", isinstance(event, ClockDiffered))',
        '            return _every("clock_differs", False)',
        "live",
        20,
    ),
    Mutant(
        "exits go on after a stop",
        TRADES,
        '        return self.mode in ("stopped", "killed")',
        '        return self.mode == "stopped by nobody"',
        "live",
        0,
    ),
    Mutant(
        "the breaker never opens",
        "actors/orders/breaker.py",
        "    if failures < state.rules.failures and not state.half_open:",
        "    if failures < 10**9 and not state.half_open:",
        "paper",
        8,
    ),
    Mutant(
        "a ban is not kept",
        "actors/orders/breaker.py",
        "            return structs.replace(state, banned_until=until, banned_seconds=seconds)",
        "            return state",
        "live",
        1,
    ),
    Mutant(
        "the limiter lets everything out",
        "core/limits/windows.py",
        "            moment = max(moment, sent[-limit] + length)",
        "            moment = max(moment, at)",
        "live",
        1,
    ),
)

BOOK = "core/market/book.py"
ENTRIES = (
    Mutant(
        "the day's cap counts what was not bought",
        "core/orders/intents.py",
        "spent=entered(state.spent, event.at, state.guards))",
        "spent=counted(state.spent, order, event.at, state.guards))",
        "live",
        122,
    ),
    Mutant(
        "the day's cap forgets what is open",
        "core/orders/intents.py",
        '    counts = (v for v in state.live.values() if v.counted and v.stage != "absent")',
        '    counts = (v for v in state.live.values() if v.counted and v.stage == "absent")',
        "strays",
        1,
    ),
    Mutant(
        "the order book is ignored",
        "actors/entries/book.py",
        "        limit=found.limit,",
        "        limit=asked.close,",
        "live",
        1,
    ),
    Mutant(
        "an entry pays whatever is asked",
        BOOK,
        "    return max(band, ask) if ask <= close + tick_size(close, day, pair) else band",
        "    return max(band, ask)",
        "live",
        118,
    ),
    Mutant(
        "what an order book was asked for is never done with",
        "actors/entries/book.py",
        "    return structs.replace(state, asked=others)\n\n\ndef resumed",
        "    return state\n\n\ndef resumed",
        "live",
        6,
    ),
)

PRICES = (
    Mutant(
        "a price of 0 counts",
        TRUST,
        "        found = judged(before, quote)\n        if found.belief",
        "        found = judged(before, quote) if quote.last else FilterResult(before, (quote,))\n"
        "        if found.belief",
        "live",
        1,
    ),
    Mutant(
        "a late price counts",
        BELIEVING,
        "    elif heard.since < belief.moment:",
        "    elif heard.since < 0:",
        "live",
        10,
    ),
    Mutant(
        "a leap needs no witness",
        BELIEVING,
        "    return abs(price - belief.price) <= most * belief.price",
        "    return belief.price >= 0",
        "live",
        19,
    ),
    Mutant(
        "a leap that is told twice is its own witness",
        BELIEVING,
        "    if _same(quote, doubt.moment, doubt.last):",
        "    if _same(quote, -1.0, doubt.last):",
        "live",
        151,
    ),
    Mutant(
        "a leap that the ticker denies counts all the same",
        BELIEVING,
        '        return FilterResult(structs.replace(belief, doubt=None), why="step")',
        "        return FilterResult(belief)",
        "live",
        19,
    ),
    Mutant(
        "what has waited is known and told to nobody",
        TRUST,
        "        yield from found.counts\n        if found.why",
        "        yield from found.counts if before.doubt is None else ()\n        if found.why",
        "live",
        116,
    ),
    Mutant(
        "a candle without prices is kept",
        "actors/market/live_feed.py",
        "        if self.closing.may_form(candle.time, now) and self.trust.candle(",
        "        if not candle.close or self.trust.candle(",
        "live",
        16,
    ),
)

OUTSIDE = (
    Mutant(
        "one odd row refuses its list",
        "adapters/upbit/rows.py",
        "                odd.append(_subject(bytes(raw)))",
        "                raise UnreadableRows(first) from error",
        "outside",
        0,
    ),
    Mutant(
        "a coin that cannot be read is none",
        "adapters/upbit/fetches/account.py",
        "    unread = unread_of(value, reply.odd)",
        "    unread: tuple[str, ...] = ()",
        "outside",
        0,
    ),
    Mutant(
        "a market that cannot be read is gone",
        "actors/market/market_status.py",
        '        hidden = pair not in listed and bool({pair, "*"} & {*report.unread})',
        "        hidden = pair not in listed and bool({pair} & {*report.warned})",
        "outside",
        0,
    ),
    Mutant(
        "a pair that is gone takes the stops of the others with it",
        "actors/market/live_feed.py",
        "                yield from self.bands.price(one)",
        "                told = [*self.bands.price(one)]\n"
        "                if all(self.bands.last(pair) for pair in self.traded):\n"
        "                    yield from told",
        "outside",
        0,
    ),
)

CLOCKS = (
    Mutant(
        "a window believes that moments only rise",
        "core/limits/windows.py",
        "    return tuple(min(moment, at) for moment in sent) if sent and max(sent) > at else sent",
        "    return sent",
        "live",
        20,
    ),
    Mutant(
        "a refused sale waits for a moment of another clock",
        TRADES,
        "        return left(self.retry_at, at, self.retry_seconds or LONGEST_WAIT)",
        "        return max(0.0, self.retry_at - at)",
        "live",
        170,
    ),
    Mutant(
        "a start forgets the pace",
        "actors/orders/breaker.py",
        "    paces = {group: pace.per_second for group, pace in state.paces.items()}\n    banned",
        "    paces: dict[str, int] = {}\n    banned",
        "live",
        143,
    ),
    Mutant(
        "a pace waits for a moment of another clock",
        "actors/orders/breaker.py",
        "    if pace and passed(pace.at, at, REGROW_SECONDS):",
        "    if pace and at - pace.at >= REGROW_SECONDS:",
        "live",
        222,
    ),
    Mutant(
        "calls leave before the breaker has answered",
        "actors/orders/limiter.py",
        "    yield HoldAwaited()\n",
        "",
        "live",
        1,
    ),
    Mutant(
        "a tombstone is forgotten by a clock that leaps",
        QUARANTINE,
        "    return min(max(at - before, 0.0), 2 * next_watch(since, rules))",
        "    return max(at - before, 0.0)",
        "live",
        446,
    ),
)

LOOK = "adapters/upbit/fetches/account.py"
MISSING = "actors/holdings/missing.py"
ACCOUNT = (  # which field of an answer is read, in which order, how fresh it is
    Mutant(
        "what is locked counts as free",
        LOOK,
        "    return Balance(account.balance, account.locked,",
        "    return Balance(account.balance + account.locked, account.locked,",
        "fetched",
    ),
    Mutant(
        "the oldest sale by hand gives the price",
        "actors/account.py",
        "key=lambda order: order.created_at, reverse=True))",
        "key=lambda order: order.created_at))",
        "fetched",
    ),
    Mutant(
        "a kept balance counts as fresh",
        LOOK,
        'return (_next(structs.replace(call, asked=kept[0]), "orders", kept[1]),)',
        'return (_next(call, "orders", structs.replace(kept[1], asked=call.asked)),)',
        "fetched",
    ),
    Mutant(
        "what was read once is never asked for again",
        "adapters/upbit/fetches/request.py",
        "        return value if time.monotonic() < until else None",
        "        return value if until else None",
        "fetched",
    ),
    Mutant(
        "a closed order's volume is what was asked for",
        LOOK,
        "        order.executed_volume,\n        order.executed_funds or",
        "        order.volume or order.executed_volume,\n        order.executed_funds or",
        "fetched",
    ),
    Mutant(
        "a closed order's fee is what was set aside",
        LOOK,
        "        order.paid_fee,",
        "        order.reserved_fee or order.paid_fee,",
        "fetched",
    ),
    Mutant(
        "coins that leave are a sale at their cost",
        MISSING,
        "            yield _suspended(trade, share, at, again or grown)\n",
        "            yield SoldOutside(trade.trade, pair, share, share * trade.price, ZERO)\n"
        "            brought = Sale(share, share * trade.price, ZERO, at)\n"
        "            yield from sold(state, trade, brought, SOLD)\n",
        "live",
        3,
    ),
    Mutant(
        "a balance that lags is a withdrawal of coins",
        MISSING,
        "    return times >= LOOKS and at - since >= state.config.exchange.account_confirm_seconds",
        "    return times >= LOOKS",
        "live",
        24,
    ),
    Mutant(
        "a balance that lags is a withdrawal of cash",
        BUDGET,
        "    if times >= LOOKS and at - since >= state.config.exchange.account_confirm_seconds:",
        "    if times >= LOOKS:",
        "live",
        295,
    ),
    Mutant(
        "one sale by hand explains coins again and again",
        MISSING,
        "        if order.pair == pair and order.uuid not in state.used",
        "        if order.pair == pair",
        "live",
        91,
    ),
    Mutant(
        "coins that are back stay missing",
        MISSING,
        "            if trade.suspended:\n                yield TradeResumed(trade.trade, pair)\n"
        "        return",
        "            if not trade.ended:\n                yield TradeResumed(trade.trade, pair)\n"
        "        return",
        "live",
        112,
    ),
)

RECOVERY = (
    Mutant(
        "a second bot is not seen",
        "actors/account.py",
        "    since = max(_begun(state, report, state.begun_at, at), state.rival_at)\n    found",
        "    since = 1e18\n    found",
        "live",
        8,
    ),
    Mutant(
        "sells before the past was read",
        "core/orders/intents.py",
        "    if state.past.barred:",
        "    if state.past.barred and order.volume is None:",
        "live",
        2,
    ),
    Mutant(
        "a ledger that was put back knows no former birth",
        "actors/orders/order_history.py",
        "    births = (store.birth.id, *store.birth.former)",
        "    births = (store.birth.id,)",
        "live",
        86,
    ),
    Mutant(
        "a lost sale brings its fee too",
        BUDGET,
        '            yield BudgetAdjusted(funds - fee, "recovered")',
        '            yield BudgetAdjusted(funds, "recovered")',
        "live",
        39,
    ),
)

MUTANTS = (
    *MACHINERY,
    *RESUMES,
    *PROTOCOL,
    *MONEY,
    *TRADING,
    *ENTRIES,
    *PRICES,
    *OUTSIDE,
    *WALLETS,
    *CLOCKS,
    *ACCOUNT,
    *RECOVERY,
)
CONTROL = Mutant("no bug at all", QUARANTINE, "ATTEMPTS_MAX = 3", "ATTEMPTS_MAX = 3")
