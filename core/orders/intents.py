"""Owns how a wish becomes an order, what forbids it, and what the gateway remembers of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from msgspec import Struct, structs

from core.orders import order_history
from core.orders.in_doubt import PATIENT, PROMPT, NotFoundCount
from core.orders.lifecycle import OrderEvent, TrackedOrder, apply, new_order
from core.orders.order_history import OfPast, OrderHistory
from core.orders.risk_limits import (
    RiskLimits,
    RiskUsage,
    cap_on,
    capped_at,
    counted,
    entered,
    given_back,
    paid,
    refused_until,
    risk_limits_of,
    room_today,
    sellable,
    within_limits,
    worth,
)
from messages.account import EntriesAllowed, EntriesBarred, ExitUnresolved, PocketTaken
from messages.budget import BudgetReserved
from messages.config import Gateway as Rules
from messages.control import ConfigTaken, ModeTaken
from messages.limits import MomentsCapped
from messages.orders import CapEased, Order, OrderClosed, OrderFilled, OrderIntended, OrderRefused
from messages.recovery import AccountTaken
from messages.trading import ExitWanted

Change = (
    ConfigTaken
    | ModeTaken
    | OrderIntended
    | EntriesBarred
    | EntriesAllowed
    | PocketTaken
    | ExitUnresolved
    | CapEased
    | OfPast
    | MomentsCapped
    | OrderEvent
)
ZERO = Decimal(0)
FREE_CASH = "free_cash"  # what cuts an entry where no cap does
ALONE_MINUTES, ALONE_ANSWERS = 1, 5  # a quarantine where nothing could be sold twice


class GatewayState(Struct, frozen=True):
    """Intents that have not ended, and tombstones, by the intent's id.

    Only with money at stake there are ``guards``, and what they look at: what was spent, and
    the coins in the account by pair.
    """

    birth: str = ""
    rules: Rules = Rules()
    twins: bool = False  # the venue is known to refuse an identifier that it has seen
    killed: bool = False
    live: dict[str, TrackedOrder] = {}
    guards: RiskLimits | None = None
    barred: bool = False  # no entry before the account was seen in this life
    spent: RiskUsage = RiskUsage()
    pockets: dict[str, PocketTaken] = {}
    capped: bool = False  # the day's cap has refused an entry, and none of it was given back yet
    past: OrderHistory = OrderHistory()  # what is still to be learnt before anything is ordered
    accounts: tuple[str, ...] = ()  # of API keys that came after the first one


# --- wishes


def ordered(wish: BudgetReserved | ExitWanted) -> Order:
    """The order that fulfils a wish: exits sell at the market, entries may have a limit."""
    match wish:
        case ExitWanted():
            return Order(
                id=wish.id,
                trade=wish.trade,
                pair=wish.pair,
                side="ask",
                ord_type="market",
                volume=wish.volume,
                reference=wish.close,
                good_until=wish.good_until,
            )
        case BudgetReserved(limit=limit):
            return Order(
                id=wish.id,
                trade=wish.id,
                pair=wish.pair,
                side="bid",
                ord_type="price" if limit is None else "limit",
                price=wish.krw if limit is None else limit,
                volume=None if limit is None else wish.volume,
                reference=wish.close,
                good_until=wish.good_until,
                time_in_force=wish.time_in_force,
                cancel_at=0.0 if limit is None else wish.cancel_at,
                tag=wish.tag,
                ask=wish.ask,
                depth=wish.depth,
            )
        case _:
            assert_never(wish)


def obstacle(order: Order, live: Iterable[TrackedOrder], killed: bool, at: float) -> str:
    """Why this order must not be intended beside those that live; "" when it may."""
    if killed:
        return "killed"
    if order.good_until and at > order.good_until:
        return "signal_expired"
    others = [other for other in live if other.order.pair == order.pair]
    if any(other.stage == "disputed" for other in others):
        return "pair_disputed"
    if any(other.order.side == order.side and other.stage != "absent" for other in others):
        return "pair_busy"
    return ""


def permitted(state: GatewayState, order: Order, at: float) -> tuple[Order, str]:
    """The order as it may go out, cut to the caps, and "", or the reason why it may not."""
    reason = obstacle(order, state.live.values(), state.killed, at)
    if reason or state.guards is None:
        return order, reason
    if order.purpose == "entry" and state.barred:
        return order, "not_reconciled"
    if state.past.barred:
        return order, "other_account" if state.past.account else "recovering"
    if order.purpose == "exit" and order_history.unreadable(state.past, order.trade):
        return order, "sale_unread"
    if order.purpose == "entry":
        if order.ord_type == "price" and not order.reference:
            return order, "no_price"  # there is nothing to measure the price band from
        return within_limits(order, state.guards, state.spent, at, pending(state))
    pocket = state.pockets.get(order.pair)
    return sellable(order, state.guards, pocket) if pocket else (order, "")


def cut_of(
    state: GatewayState, wish: BudgetReserved | ExitWanted, order: Order, at: float
) -> tuple[str, Decimal]:
    """What makes this entry smaller than wanted, and the KRW that were wanted; "" and 0 = nothing.

    ``order``: what the wish asks for. Of the free cash and a cap the one that leaves less is named.
    """
    if isinstance(wish, ExitWanted):
        return "", ZERO
    cap = ""
    if state.guards is not None:
        cap = cap_on(order, state.guards, state.spent, at, pending(state))[1]
    if cap:
        return cap, wish.wanted or worth(order)
    return (FREE_CASH, wish.wanted) if wish.wanted else ("", ZERO)


def until(state: GatewayState, reason: str, at: float) -> float:
    """Up to which moment that reason refuses every entry; 0 where it is of one order alone."""
    return refused_until(reason, state.guards, state.spent, at) if state.guards else 0.0


def pending(state: GatewayState) -> Decimal:
    """KRW that entries under way may still spend. What was given up counts again when found."""
    counts = (v for v in state.live.values() if v.counted and v.stage != "absent")
    return sum((max(worth(v.order) - v.funds, ZERO) for v in counts), ZERO)


def eases(state: GatewayState, at: float) -> bool:
    """Whether the day's cap has refused an entry, and would take one now."""
    if state.guards is None or not state.capped:
        return False
    room = room_today(state.guards, state.spent, pending(state), at)
    return room is None or room >= state.guards.least_entry


def rules_for(state: GatewayState, live: TrackedOrder) -> Rules:
    """A short quarantine for a sale where all of that coin is ours: it cannot be sold twice."""
    pocket = state.pockets.get(live.order.pair)
    if live.order.purpose == "entry" or pocket is None or not pocket.alone:
        return state.rules
    return structs.replace(
        state.rules,
        quarantine_minutes=min(state.rules.quarantine_minutes, ALONE_MINUTES),
        quarantine_answers=min(state.rules.quarantine_answers, ALONE_ANSWERS),
    )


def repeats(state: GatewayState) -> NotFoundCount | None:
    """How many "not found" it takes to send an order again; None where it never is.

    On paper the first one is the truth. There a power loss must cost no entry, which would be
    stale after the wait that a far venue needs (settled 17).
    """
    if not state.twins:
        return None
    return PROMPT if state.guards is None else PATIENT


# --- evolve
def evolve(state: GatewayState, event: Change) -> GatewayState:
    """The state after an event of the gateway's own."""
    if isinstance(event, OfPast):
        state = structs.replace(state, past=order_history.evolve(state.past, event))
        if not isinstance(event, AccountTaken):
            return state
        return structs.replace(state, accounts=(*state.accounts, event.account))
    match event:
        case ConfigTaken():
            return _configured(state, event)
        case ModeTaken(mode=mode):
            return structs.replace(state, killed=mode == "killed")
        case OrderIntended():
            return _intended(state, event)
        case EntriesBarred() | EntriesAllowed():
            return structs.replace(state, barred=isinstance(event, EntriesBarred))
        case PocketTaken(pair=pair):
            return structs.replace(state, pockets={**state.pockets, pair: event})
        case ExitUnresolved():
            return state
        case CapEased():
            return structs.replace(state, capped=False)
        case MomentsCapped(at=at):
            return structs.replace(state, spent=capped_at(state.spent, at, state.guards))
        case _:
            return _lived(state, event)


def _configured(state: GatewayState, taken: ConfigTaken) -> GatewayState:
    config, guards = taken.config, risk_limits_of(taken.config)
    twins = config.dry_run or config.exchange.resend
    state = structs.replace(state, birth=taken.birth, rules=config.gateway, twins=twins)
    first = guards is not None and state.guards is None
    return structs.replace(state, guards=guards, barred=state.barred or first)


def _intended(state: GatewayState, event: OrderIntended) -> GatewayState:
    order = event.order
    assert order.id not in state.live
    state = structs.replace(state, live={**state.live, order.id: new_order(event)})
    if state.past.reading:
        intended = (*state.past.intended, event.identifier)
        state = structs.replace(state, past=structs.replace(state.past, intended=intended))
    if state.guards is None or order.purpose == "exit":
        return state
    if event.capped:
        return structs.replace(state, spent=entered(state.spent, event.at, state.guards))
    return structs.replace(state, spent=counted(state.spent, order, event.at, state.guards))


def _lived(state: GatewayState, step: OrderEvent) -> GatewayState:
    """``step`` may be the refusal of what was never intended. A fill moves coins."""
    live = state.live
    before = live.get(step.id)
    after = apply(before, step) if before else None
    if after is not None:
        live = {**live, step.id: after}
    else:
        live = {id: other for id, other in live.items() if id != step.id}
    pockets = state.pockets
    if isinstance(step, OrderFilled) and step.pair in pockets:
        pockets = {pair: kept for pair, kept in pockets.items() if pair != step.pair}
    spent = _spent(state, before, step) if before and before.counted else state.spent
    capped = state.capped
    if isinstance(step, OrderRefused) and step.reason == "max_daily_krw":
        capped = capped or step.until > 0
    return structs.replace(state, live=live, pockets=pockets, spent=spent, capped=capped)


def _spent(state: GatewayState, live: TrackedOrder, step: OrderEvent) -> RiskUsage:
    """What counts after a step of an entry that counts by what it spends."""
    spent = state.spent
    if state.guards is None or not isinstance(step, OrderFilled | OrderClosed):
        return spent
    if step.funds > live.funds:
        spent = paid(spent, step.funds - live.funds, step.filled_at, state.guards)
    if isinstance(step, OrderClosed) and not step.volume:
        spent = given_back(spent, live.counted)
    return spent
