"""Previews: what a change would do if it were made now; nothing is stated, reserved or sent.

``Preview`` crosses the control socket beside the changes. ``PreviewTurn`` has one owner decide on
a message as it would, and tells what that was.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import Struct

from messages.base import Command, Message, Reply
from messages.control import Changes, OperatorReply
from messages.orders import Side

ZERO = Decimal(0)


class Preview(Command, tag="preview"):
    """Asks what would become of this change."""

    change: Changes


class PreviewedOrder(Struct, frozen=True):
    """An order that would go out. ``volume`` is coin, ``price`` the newest known, all else KRW.

    ``volume`` is 0 where a total in KRW is ordered, ``price`` and what hangs on it where none is
    known. ``stake`` is what was wanted where ``cut`` names what made an entry smaller. ``waits``:
    why the order cannot go out, or would be refused, as things stand.
    """

    pair: str
    side: Side
    volume: Decimal = ZERO
    krw: Decimal = ZERO  # of an entry without, of an exit before its fee
    price: Decimal = ZERO
    limit: Decimal = ZERO  # the most that an entry may pay for a coin; 0 = no limit
    fee: Decimal = ZERO
    profit: Decimal | None = None  # of an exit, after fees
    stake: Decimal = ZERO
    cut: str = ""
    waits: str = ""
    detail: str = ""  # what the venue says of that


class PreviewedCancel(Struct, frozen=True):
    """An open order that would be cancelled."""

    pair: str
    side: Side


class PreviewedTrade(Struct, frozen=True):
    """An open trade that would have no stop: its coin, and KRW at the newest price where known."""

    pair: str
    volume: Decimal
    krw: Decimal = ZERO
    profit: Decimal | None = None  # were it sold at that price, after fees


class ChangePreview(Reply):
    """``reply``: what the change would be answered; where it is not done, that is all.

    ``idle``: it would change nothing. ``held_until``: entries wait until then (epoch seconds),
    since the exchange does not answer; 0 = they do not.
    """

    reply: OperatorReply
    orders: tuple[PreviewedOrder, ...] = ()
    cancels: tuple[PreviewedCancel, ...] = ()
    trades: tuple[PreviewedTrade, ...] = ()
    idle: bool = False
    held_until: float = 0.0


class PreviewTurn(Command):
    """In the process alone: decide on this, commit and send nothing. None asks for the state."""

    message: Message | None = None


class TurnPreviewed(Reply):
    """What an owner would say (events, calls, a reply), and its state; both are values.

    ``failed``: deciding raised, so nothing is known.
    """

    said: tuple[Any, ...]
    state: Any
    failed: bool = False
