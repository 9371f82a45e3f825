"""Every order that was ever intended, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from msgspec import Struct, structs

from core.orders.end_reason import EndReason, OrderOutcome, closed, ending
from messages.base import Envelope
from messages.orders import (
    CancelIntended,
    Order,
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFilled,
    OrderFound,
    OrderIntended,
    OrderMissed,
    OrderRefused,
    OrderUncertain,
)
from messages.plain_values import iso, plain
from persistence.reader import Reader

ENDED = frozenset({"done", "cancel", "refused", "absent"})


class OrderRow(Struct, frozen=True):
    """One order. ``state``: sending, wait, unknown, disputed; done, cancel, refused, absent."""

    id: str
    trade: str
    identifier: str
    pair: str
    side: str
    ord_type: str
    intended_at: float
    uuid: str = ""
    state: str = "sending"
    price: Decimal | None = None
    volume: Decimal | None = None
    executed_volume: Decimal = Decimal(0)
    paid_fee: Decimal = Decimal(0)
    ended_at: float | None = None
    said: str = ""  # why it was refused, disputed ...
    doubt: str = ""  # why it is not known whether it arrived
    text: str = ""  # of a refusal: the venue's own words
    order: Order | None = None  # as it was intended; not known of a row from before, where
    cut_by: str = ""  # what made an entry smaller
    cancel: str = ""  # ``said`` also held this: why this bot asked for its cancel
    wanted: Decimal = Decimal(0)  # KRW that it would have been for then; 0 where it was not told

    @property
    def ending(self) -> EndReason:
        """What is to be known of its course; a doubt that is over is not."""
        end = self.state if self.state in ("done", "cancel") else ""
        said = "" if end or self.state in ("sending", "wait") else self.doubt or self.said
        cancel = self.cancel if self.order else self.cancel or self.said
        order = (self.order, self.cut_by, cancel)
        course = OrderOutcome(*order, said, self.text, end, self.executed_volume, self.wanted)
        return ending(course)

    @property
    def reason(self) -> str:
        """Its name, and the venue's own words on it."""
        told = self.ending
        return f"{told.reason}: {self.text}" if told.facts.get("text") else told.reason

    @property
    def ended(self) -> bool:
        """Whether nothing more is expected of it."""
        return self.state in ENDED


_Fate = (
    OrderAccepted
    | OrderUncertain
    | OrderMissed
    | OrderFilled
    | CancelIntended
    | OrderClosed
    | OrderRefused
    | OrderAbsent
    | OrderFound
    | OrderDisputed
)


@dataclass
class Orders:
    """A fold of the journal, by the order's id, oldest first."""

    rows: dict[str, OrderRow] = field(default_factory=dict)

    def take(self, event: Any, at: float) -> None:
        """One event, and when it was stated."""
        if isinstance(event, OrderIntended):
            self.rows[event.order.id] = _intended(event, at)
        elif isinstance(event, _Fate) and event.id in self.rows:
            row = self.rows[event.id]
            self.rows[event.id] = structs.replace(row, **_changes(row, event, at))


def fold(events: Iterable[Envelope]) -> list[OrderRow]:
    """The orders of these events, oldest first."""
    orders = Orders()
    for envelope in events:
        orders.take(envelope.body, envelope.at)
    return list(orders.rows.values())


def _intended(event: OrderIntended, at: float) -> OrderRow:
    order = event.order
    return OrderRow(
        order.id,
        order.trade,
        event.identifier,
        order.pair,
        order.side,
        order.ord_type,
        at,
        price=order.price,
        volume=order.volume,
        order=order,
        cut_by=event.cut_by,
        wanted=event.wanted,
    )


def ending_of(event: OrderClosed, rows: Mapping[str, OrderRow], reader: Reader) -> EndReason:
    """Why an order ended so: by its row, or by the index where no row tells all of it."""
    row = rows.get(event.id)
    if row is not None and row.order is not None:
        return row.ending
    return closed(event, lambda key: reader.kept("gateway", key))


def _changes(row: OrderRow, event: _Fate, at: float) -> dict[str, Any]:
    match event:
        case OrderAccepted():
            return {"state": "wait", "uuid": event.uuid, "doubt": ""}
        case OrderUncertain():
            return {"state": "unknown", "doubt": event.reason}
        case OrderFilled():
            filled = {"executed_volume": event.volume, "paid_fee": event.fee}
            return {**filled, "state": "wait" if row.state == "sending" else row.state}
        case CancelIntended():
            return {"cancel": event.reason}
        case OrderClosed():
            filled = {"executed_volume": event.volume, "paid_fee": event.fee}
            return {**filled, "state": event.state, "ended_at": at}
        case OrderRefused():
            said = {"said": event.reason, "text": event.text, "doubt": ""}
            return {"state": "refused", "ended_at": at, **said}
        case OrderAbsent():
            return {"state": "absent", "ended_at": at, "said": "absent"}
        case OrderFound():
            return {"state": "wait", "ended_at": None, "cancel": "found", "said": "", "doubt": ""}
        case OrderDisputed():
            return {"state": "disputed", "said": event.reason, "doubt": ""}
    return {}


def exported(rows: Iterable[OrderRow]) -> list[dict[str, Any]]:
    """What ``show-orders --json`` prints."""
    return [
        {
            "identifier": row.identifier,
            "uuid": row.uuid,
            "pair": row.pair,
            "side": row.side,
            "state": row.state,
            "executed_volume": plain(row.executed_volume),
            "paid_fee": plain(row.paid_fee),
            "intended_at": iso(row.intended_at),
            "ended_at": iso(row.ended_at) if row.ended_at is not None else None,
            "id": row.id,
            "reason": row.reason,
            "reason_facts": row.ending.facts,
        }
        for row in rows
    ]
