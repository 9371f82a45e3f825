"""Owns how the sandbox shows accounts and orders over REST: docs/reference/upbit.md 3.1 to 3.4.

Amounts are strings without trailing zeros, times are Korean with their offset, and members whose
value is null are left out, as recorded replies show them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from core.venue.matching import Rules
from sandbox.records import Account, StoredOrder, Trade, coin

KOREA = timezone(timedelta(hours=9))
Shape = dict[str, Any]


def figure(value: Decimal) -> str:
    """Plain decimal notation."""
    return format(value.normalize() if value else Decimal(0), "f")


def korean(at: float) -> str:
    """A moment to the second, such as 2025-08-09T16:44:00+09:00."""
    return datetime.fromtimestamp(int(at), KOREA).isoformat()


def account_shape(account: Account) -> Shape:
    """One entry of /accounts."""
    return {
        "currency": account.currency,
        "balance": figure(account.balance),
        "locked": figure(account.locked),
        "avg_buy_price": figure(account.average),
        # As recorded: Upbit says true of KRW, which has no average.
        "avg_buy_price_modified": account.modified or account.currency == "KRW",
        "unit_currency": "KRW",
    }


def order_shape(order: StoredOrder, *, listed: bool = False, trades: bool = False) -> Shape:
    """An order; ``listed`` as in lists (with executed_funds), ``trades`` with its fills."""
    terms = order.order
    total_only = terms.volume is None
    shape = {
        "uuid": order.uuid,
        "side": terms.side,
        "ord_type": terms.ord_type,
        "price": None if terms.price is None else figure(terms.price),
        "state": order.state,
        "market": terms.pair,
        "created_at": korean(order.created_at),
        "volume": None if terms.volume is None else figure(terms.volume),
        "remaining_volume": None if order.remaining is None else figure(order.remaining),
        "prevented_volume": None if total_only else figure(order.prevented_volume),
        "reserved_fee": figure(order.reserved_fee),
        "remaining_fee": figure(order.remaining_fee),
        "paid_fee": figure(order.paid_fee),
        "locked": figure(order.locked),
        "prevented_locked": figure(order.prevented_locked),
        "executed_volume": figure(order.executed),
        "executed_funds": figure(order.funds) if listed else None,
        "trades_count": len(order.trades),
        "time_in_force": terms.time_in_force or None,
        "identifier": order.identifier or None,
        "smp_type": order.smp_type or None,
        "trades": [trade_shape(order, trade) for trade in order.trades] if trades else None,
    }
    return {name: value for name, value in shape.items() if value is not None}


def trade_shape(order: StoredOrder, trade: Trade) -> Shape:
    """One fill of an order."""
    return {
        "market": order.order.pair,
        "uuid": trade.uuid,
        "price": figure(trade.price),
        "volume": figure(trade.volume),
        "funds": figure(trade.funds),
        "trend": "up" if order.bid else "down",  # a taker's bid lifts the price
        "created_at": korean(trade.at),
        "side": order.order.side,
    }


def chance_shape(pair: str, krw: Account, coins: Account, rules: Rules) -> Shape:
    """What may be ordered in a market."""
    fee, least, name = figure(rules.fee_rate), figure(rules.min_total), coin(pair)
    both = ["best_fok", "best_ioc", "limit", "limit_fok", "limit_ioc"]
    return {
        "bid_fee": fee,
        "ask_fee": fee,
        "maker_bid_fee": fee,
        "maker_ask_fee": fee,
        "market": {
            "id": pair,
            "name": f"{name}/{pair.partition('-')[0]}",
            "order_types": ["limit"],
            "order_sides": ["ask", "bid"],
            "bid_types": [*both, "price"],
            "ask_types": [*both, "market"],
            "bid": {"currency": "KRW", "min_total": least},
            "ask": {"currency": name, "min_total": least},
            "max_total": figure(rules.max_total),
            "state": "active",
        },
        "bid_account": account_shape(krw),
        "ask_account": account_shape(coins),
    }


def batch_shape(done: Iterable[StoredOrder], failed: Iterable[StoredOrder]) -> Shape:
    """What became of a cancellation of several orders."""

    def part(orders: Iterable[StoredOrder]) -> Shape:
        rows = [
            {"uuid": o.uuid, "market": o.order.pair}
            | ({"identifier": o.identifier} if o.identifier else {})
            for o in orders
        ]
        return {"count": len(rows), "orders": rows}

    return {"success": part(done), "failed": part(failed)}
