"""Owns how a call that the limiter lets out is performed at Upbit, and what is reported of it."""

from __future__ import annotations

from typing import assert_never

from adapters.upbit.client import Client
from adapters.upbit.groups import group_of
from adapters.upbit.outcomes import call_report, cancelled, looked_up, submitted
from messages.orders import Call, CallReport, CancelOrder, OrderReport, QueryOrder, SubmitOrder

Reports = tuple[OrderReport, CallReport]


def perform(client: Client, call: Call) -> Reports:
    """One request, whatever comes of it.

    An order is asked for by the name that we gave it, never by its uuid: that one has come over
    the network, and a wrong one would be looked for in vain, for ever.
    """
    match call:
        case SubmitOrder():
            reply = client.place(call.body)
            return submitted(call, reply), call_report(group_of("POST", "/v1/orders"), reply)
        case QueryOrder():
            reply = client.order_by(identifier=call.identifier)
            return looked_up(call, reply), call_report(group_of("GET", "/v1/order"), reply)
        case CancelOrder():
            reply = client.cancel(identifier=call.identifier)
            return cancelled(call, reply), call_report(group_of("DELETE", "/v1/order"), reply)
        case _:
            assert_never(call)
