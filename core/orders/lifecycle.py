"""Owns the order table: what each report means in each stage of an intent's life.

    sending    attempt 1 may have left; nothing has come back
    uncertain  it may or may not have arrived: looked up until the venue's evidence ends that
    open       the venue knows it; fills are running totals that only grow
    absent     given up after the quarantine; a tombstone that is still asked for
    disputed   contradictory evidence; nothing more is done until a person has looked, and says
               that the venue is right: then it is looked at again
               (core/orders/dispute_resolution.py)

An intent that has ended is in no stage: it is gone. What is not listed here changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, assert_never

from msgspec import Struct, structs

from core.orders.in_doubt import (
    ATTEMPTS_MAX,
    NotFoundCount,
    lapse,
    next_watch,
    since_last,
    watched_enough,
)
from core.orders.rejections import DEFINITE_NO
from core.waits import left
from messages.account import DisputeSettled, SettlementAsked
from messages.config import Gateway as Rules
from messages.orders import (
    CancelIntended,
    Order,
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFilled,
    OrderForgotten,
    OrderFound,
    OrderIntended,
    OrderMissed,
    OrderRefused,
    OrderRepeated,
    OrderReport,
    OrderUncertain,
)

ZERO = Decimal(0)
BEFORE = 90.0  # seconds before its good_until no order was intended: the clock was set back

OrderStatus = Literal["sending", "uncertain", "open", "absent", "disputed"]
OrderEvent = (
    OrderAccepted
    | OrderUncertain
    | OrderMissed
    | OrderRepeated
    | OrderFilled
    | CancelIntended
    | OrderClosed
    | OrderRefused
    | OrderAbsent
    | OrderForgotten
    | OrderFound
    | OrderDisputed
    | SettlementAsked
    | DisputeSettled
)


class TrackedOrder(Struct, frozen=True):
    """An intent that has not ended, or its tombstone. Totals: coin, KRW, KRW."""

    order: Order
    identifier: str
    body: str
    stage: OrderStatus = "sending"
    attempt: int = 1
    epoch: int = 0  # how often its course has changed: alarms of former ones are void
    uuid: str = ""
    cancel: str = ""  # why it is to be cancelled, "" when it is not
    settling: bool = False  # disputed, and to end by what the venue shows
    answers: int = 0  # authoritative "not found" ones
    asked_at: float = 0.0  # the newest of those
    seconds: float = 0.0  # how long they have been coming
    denied: NotFoundCount = NotFoundCount(
        0, 0.0
    )  # of them, what attempts before this one were told
    absent_at: float = 0.0
    counted: float = 0.0  # an entry's moment, where caps count what it spends and what is open
    looked_at: float = 0.0  # the newest look since then
    watched: float = 0.0  # seconds of watching since then, no leap of a clock among them
    volume: Decimal = ZERO
    funds: Decimal = ZERO
    fee: Decimal = ZERO
    filled_at: float = 0.0


def new_order(event: OrderIntended) -> TrackedOrder:
    """An intent at its birth."""
    counted = event.at if event.capped else 0.0
    return TrackedOrder(event.order, event.identifier, event.body, counted=counted)


def apply(live: TrackedOrder, event: OrderEvent) -> TrackedOrder | None:
    """The intent after an event of its own; None when it has ended."""
    match event:
        case OrderAccepted(uuid=uuid):
            return structs.replace(live, stage="open", uuid=uuid, epoch=live.epoch + 1)
        case OrderUncertain():
            return structs.replace(live, stage="uncertain", epoch=live.epoch + 1)
        case OrderMissed(at=at, seconds=seconds) if live.stage == "absent":
            return structs.replace(live, looked_at=at, watched=seconds)
        case OrderMissed(answers=answers, at=at, seconds=seconds):
            return structs.replace(live, answers=answers, asked_at=at, seconds=seconds)
        case OrderRepeated(attempt=attempt, answers=answers, seconds=seconds):
            denied = NotFoundCount(answers, seconds)
            return structs.replace(live, attempt=attempt, denied=denied, epoch=live.epoch + 1)
        case OrderFilled(volume=volume, funds=funds, fee=fee, filled_at=filled_at):
            return structs.replace(live, volume=volume, funds=funds, fee=fee, filled_at=filled_at)
        case CancelIntended(reason=reason):
            return structs.replace(live, cancel=reason, epoch=live.epoch + 1)
        case OrderAbsent(at=at):
            return structs.replace(live, stage="absent", absent_at=at, epoch=live.epoch + 1)
        case OrderFound():
            return structs.replace(live, stage="uncertain", cancel="found", epoch=live.epoch + 1)
        case OrderDisputed():
            return structs.replace(live, stage="disputed", epoch=live.epoch + 1)
        case SettlementAsked():
            return structs.replace(live, settling=True, epoch=live.epoch + 1)
        case DisputeSettled():
            return structs.replace(live, stage="uncertain", settling=False, epoch=live.epoch + 1)
        case OrderClosed() | OrderRefused() | OrderForgotten():
            return None
        case _:
            assert_never(event)


def interpret(
    live: TrackedOrder, report: OrderReport, at: float, rules: Rules, again: NotFoundCount | None
) -> Iterator[OrderEvent]:
    """What a report proves. ``again``: what it takes to send the same once more; None = never.

    A cancel's answer proves nothing: only a look-up tells.
    """
    if live.stage == "disputed" or report.call == "cancel":
        return
    match report.outcome:
        case "snapshot":
            yield from _seen(live, report)
        case "refused" if report.final and live.stage in ("sending", "uncertain"):
            yield _refused(live, report)
        case "refused" | "unknown" | "not_sent" | "absent" if report.call == "submit":
            if live.stage == "sending":
                yield _unsent(live, report)
        case "absent" if live.stage == "uncertain":
            yield from _missed(live, at, rules, again)
        case "refused" if report.final and live.stage == "absent":
            yield OrderForgotten(live.order.id)  # nothing can come of it any more
        case "absent" if live.stage == "absent":
            before = live.looked_at or live.absent_at
            seconds = live.watched + since_last(live.watched, before, at, rules)
            enough = watched_enough(seconds, rules)
            id, answers = live.order.id, live.answers
            yield OrderForgotten(id) if enough else OrderMissed(id, answers, at, seconds)
        case "absent" | "refused" | "unknown" | "not_sent":
            return  # nothing authoritative, or (once accepted) never a no
        case _:
            assert_never(report.outcome)


def misled(live: TrackedOrder, report: OrderReport) -> Iterator[OrderDisputed]:
    """A report that shows another of our orders: the line mixed up two, and nothing is proved."""
    if live.stage != "disputed" and report.call != "cancel":
        yield OrderDisputed(live.order.id, live.order.pair, "other_uuid")


def unfilled(order: Order, at: float) -> bool:
    """Whether an order with an end has rested long enough; on a clock set back it has."""
    return bool(order.cancel_at) and not order.good_until - BEFORE <= at < order.cancel_at


def in_doubt(live: TrackedOrder, reason: str) -> OrderUncertain:
    """UNKNOWN begins."""
    return OrderUncertain(live.order.id, live.order.pair, live.order.side, reason)


def _unsent(live: TrackedOrder, report: OrderReport) -> OrderRefused | OrderUncertain:
    """The answer to attempt 1, while nothing else is known."""
    order = live.order
    if report.outcome == "not_sent":
        return OrderRefused(order.id, order.trade, order.pair, order.side, "not_sent", report.text)
    if report.outcome == "refused" and report.name in DEFINITE_NO:
        return _refused(live, report)
    return in_doubt(live, report.name or report.outcome)


def _refused(live: TrackedOrder, report: OrderReport) -> OrderRefused:
    order = live.order
    return OrderRefused(order.id, order.trade, order.pair, order.side, report.name, report.text)


def _missed(
    live: TrackedOrder, at: float, rules: Rules, again: NotFoundCount | None
) -> Iterator[OrderEvent]:
    """An authoritative "not found" for an uncertain order."""
    order = live.order
    answers, seconds = live.answers + 1, live.seconds + lapse(live.asked_at, at, rules)
    yield OrderMissed(order.id, answers, at, seconds)
    denied = NotFoundCount(answers - live.denied.answers, seconds - live.denied.seconds)
    good = order.good_until
    wanted = not live.cancel and (not good or good - BEFORE <= at <= good)
    if again and wanted and live.attempt < ATTEMPTS_MAX and denied.reach(again):
        yield OrderRepeated(order.id, live.attempt + 1, answers, seconds)
    elif denied.prove_absence(rules):
        yield OrderAbsent(order.id, order.trade, order.pair, order.side, at)


def _seen(live: TrackedOrder, report: OrderReport) -> Iterator[OrderEvent]:
    """The order as the venue has it: adopted, filled further, ended; or not ours at all."""
    order = live.order
    contradiction = _contradiction(live, report)
    if contradiction:
        yield OrderDisputed(order.id, order.pair, contradiction)
        return
    if live.stage == "absent":
        yield OrderFound(order.id, order.trade, order.pair, order.side)
    if live.stage == "uncertain":
        yield OrderAccepted(order.id, report.uuid, order.pair, order.side)
    elif live.stage != "open":
        yield OrderAccepted(order.id, report.uuid)
    known, told = _totals(live), _totals(report)
    if any(new < old for new, old in zip(told, known, strict=True)):
        return  # older than what is known already
    facts = (order.id, order.trade, order.pair, order.side)
    if told != known:
        yield OrderFilled(*facts, *told, report.filled_at, order.tag)
    if report.state in ("done", "cancel"):
        yield OrderClosed(*facts, report.state, *told, max(report.filled_at, live.filled_at))


def _totals(value: TrackedOrder | OrderReport) -> tuple[Decimal, Decimal, Decimal]:
    return value.volume, value.funds, value.fee


def _contradiction(live: TrackedOrder, report: OrderReport) -> str:
    """In what a snapshot differs from what was intended; "" when it is our order."""
    order = live.order
    pairs = {
        "uuid": (live.uuid or report.uuid, report.uuid),
        "pair": (order.pair, report.pair),
        "side": (order.side, report.side),
        "ord_type": (order.ord_type, report.ord_type),
        "price": (order.price, report.price),
        "volume": (order.volume, report.asked_volume),
    }
    differing = [f"other_{name}" for name, (ours, theirs) in pairs.items() if ours != theirs]
    if not report.uuid:
        differing.append("no_uuid")
    if order.volume is not None and report.volume > order.volume:
        differing.append("overfilled")
    if order.ord_type == "price" and report.funds > (order.price or ZERO):
        differing.append("overspent")
    return " ".join(differing)


def wait(live: TrackedOrder, looks: int, at: float, rules: Rules) -> float | None:
    """Seconds until the intent is looked at again; None when it never is."""
    match live.stage:
        case "sending":  # the limiter may keep it until then, and an answer takes a while
            return left(live.order.good_until, at, BEFORE) + rules.open_seconds
        case "absent":
            return next_watch(live.watched, rules)
        case "disputed" if not live.settling:
            return None
        case "open" if not live.cancel:
            rest = live.order.cancel_at - at if live.order.cancel_at else rules.open_seconds
            return float(max(min(rest, rules.open_seconds), 0.0))
        case "open" | "uncertain" | "disputed":
            seconds = rules.look_up_seconds * 2 ** min(looks, 16)
            return float(min(seconds, rules.look_up_seconds_max))
        case _:
            assert_never(live.stage)
