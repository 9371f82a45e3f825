"""Owns the frames of the private socket, in their full form: docs/reference/upbit.md 6.7 and 6.8.

Figures are Decimals here and numbers on the wire; times are ms since the epoch.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.money import quotient
from sandbox.assumptions import Assumptions
from sandbox.records import Account, StoredOrder, Trade


def order_frame(state: str, order: StoredOrder, trade: Trade | None, at: float) -> dict[str, Any]:
    """A myOrder frame; ``state`` is the event: wait, trade, done, cancel or prevented."""
    terms, filled = order.order, order.executed
    return {
        "type": "myOrder",
        "code": terms.pair,
        "uuid": order.uuid,
        "ask_bid": terms.side.upper(),
        "order_type": terms.ord_type,
        "state": state,
        "trade_uuid": trade.uuid if trade else None,
        "price": trade.price if trade else terms.price,
        "avg_price": quotient(order.funds, filled) if filled else Decimal(0),
        "volume": trade.volume if trade else terms.volume,
        "remaining_volume": order.remaining,
        "executed_volume": filled,
        "trades_count": len(order.trades),
        "reserved_fee": order.reserved_fee,
        "remaining_fee": order.remaining_fee,
        "paid_fee": order.paid_fee,
        "locked": order.locked,
        "executed_funds": order.funds,
        "time_in_force": terms.time_in_force or None,
        "trade_fee": trade.fee if trade else None,
        "is_maker": trade.maker if trade else None,
        "identifier": order.identifier or None,
        "smp_type": order.smp_type or None,
        "prevented_volume": order.prevented_volume,
        "prevented_locked": order.prevented_locked,
        "trade_timestamp": int(trade.at * 1000) if trade else None,
        "order_timestamp": int(order.created_at * 1000),
        "timestamp": int(at * 1000),
        "stream_type": "REALTIME",
    }


def heard(told: Iterable[dict[str, Any]], on: Assumptions) -> list[dict[str, Any]]:
    """The events of one turn that are told: all of them, unless a switch leaves some out."""
    events = list(told)
    traded = {frame["uuid"] for frame in events if frame["state"] == "trade"}
    left_out = {"wait": not on.wait_told, "done": not on.done_told}
    return [f for f in events if not (f["uuid"] in traded and left_out.get(f["state"]))]


def asset_frame(accounts: Iterable[Account], at: float) -> dict[str, Any]:
    """A myAsset frame of the currencies that changed."""
    return {
        "type": "myAsset",
        "asset_uuid": str(uuid.uuid4()),
        "assets": [
            {"currency": a.currency, "balance": a.balance, "locked": a.locked} for a in accounts
        ],
        "asset_timestamp": int(at * 1000),
        "timestamp": int(at * 1000),
        "stream_type": "REALTIME",
    }
