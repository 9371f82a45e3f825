"""Owns what an answer of Upbit's proves about an order, and how the call itself went.

Reliability 2.3: a refusal is told by Upbit's own name, and the gateway's list decides whether it
is a definite no; an order that is shown is a definite yes; all else is unknown and looked up.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import structs

from adapters.upbit.answers import Answer, Failure
from adapters.upbit.groups import Group
from adapters.upbit.replies import NoData, Refused, Reply, ban_seconds
from adapters.upbit.schemas.accounts import Order, executed
from messages.orders import Call, CallReport, CancelOrder, OrderReport, QueryOrder, SubmitOrder

TOO_MANY = "too_many_requests"
NOT_FOUND = "order_not_found"
Did = Literal["submit", "query", "cancel"]


def submitted(call: SubmitOrder, reply: Reply[Order]) -> OrderReport:
    """What came of sending an order."""
    return _report(call, "submit", reply)


def looked_up(call: QueryOrder, reply: Reply[Order]) -> OrderReport:
    """What came of asking for an order; only Upbit's own "not found" is one."""
    return _report(call, "query", reply)


def cancelled(call: CancelOrder, reply: Reply[Order]) -> OrderReport:
    """What came of asking for a cancel: the answer shows the order as it still is."""
    return _report(call, "cancel", reply)


def call_report(group: Group, reply: Reply[Any]) -> CallReport:
    """How the call went. What cannot be read at all counts like a 5xx: it was not Upbit's."""
    answer = reply.answer
    if isinstance(answer, Failure):
        return CallReport(group.name, "failed")
    left = answer.remaining if answer.group == group.name else -1
    if answer.status == 429:
        return CallReport(group.name, "throttled", remaining=0)
    if answer.status == 418:
        return CallReport(group.name, "banned", ban_seconds(answer), left)
    value = reply.value
    refusal = isinstance(value, Refused) and answer.status < 500
    if refusal or not isinstance(value, NoData | Refused | Failure):
        return CallReport(group.name, "ok", remaining=left)
    return CallReport(group.name, "failed", remaining=left)


def _report(call: Call, did: Did, reply: Reply[Order]) -> OrderReport:
    id = call.order.id if isinstance(call, SubmitOrder) else call.id
    value = reply.value
    if isinstance(value, Failure):
        outcome: Literal["not_sent", "unknown"] = value.kind
        return OrderReport(id, outcome, did, name="", text=value.reason)
    if isinstance(value, NoData):
        said = isinstance(reply.answer, Answer) and reply.answer.status in (200, 201)
        return OrderReport(id, "unknown", did, text=value.reason, unread=said)
    if isinstance(value, Refused):
        return _refusal(id, did, value)
    if value.identifier not in (None, call.identifier):
        text = "the order shown has another identifier"
        return OrderReport(id, "unknown", did, text=text, unread=True)
    return _snapshot(id, did, value)


def _refusal(id: str, did: Did, no: Refused) -> OrderReport:
    """Upbit's words are kept. A 5xx is no answer, whatever it says."""
    if no.status >= 500:
        return OrderReport(id, "unknown", did, name=no.name, text=no.message)
    if no.status in (418, 429):
        # Both mean that nothing was taken in (5.3), though their bodies may name no error.
        words = no.message if no.name in ("", TOO_MANY) else f"{no.name}: {no.message}"
        return OrderReport(id, "refused", did, name=TOO_MANY, text=words)
    if no.status == 404 and no.name == NOT_FOUND and did != "submit":
        return OrderReport(id, "absent", did, name=no.name, text=no.message)
    if not no.name:
        return OrderReport(id, "unknown", did, text=no.message or f"status {no.status}")
    return OrderReport(id, "refused", did, name=no.name, text=no.message)


def _snapshot(id: str, did: Did, order: Order) -> OrderReport:
    """The order as it stands; totals that do not agree yet are not told as if they did."""
    shown = OrderReport(
        id=id,
        outcome="snapshot",
        call=did,
        uuid=order.uuid,
        state=order.state,
        pair=order.market,
        side=order.side,
        ord_type=order.ord_type,
        price=order.price,
        asked_volume=order.volume,
    )
    totals = executed(order)
    if totals is not None:
        trades = order.trades or ()
        return structs.replace(
            shown,
            volume=totals[0],
            funds=totals[1],
            fee=order.paid_fee,
            filled_at=max((trade.created_at.timestamp() for trade in trades), default=0.0),
        )
    if did == "submit":  # it exists, and that is all a look-up needs to go on with
        return structs.replace(shown, state="wait")
    return OrderReport(id, "unknown", did, text="the fills do not sum up yet", unread=True)
