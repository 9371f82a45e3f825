"""Owns what is heard of an event by who tells it to messengers: its notice, and what it counts."""

from __future__ import annotations

from typing import Any, get_args

from core.notices.account import OfAccount, told_of_account
from core.notices.events import Text, counted, text, told
from core.notices.market_status import OfVenue, told_of_venue
from core.notices.orders import OfOrder, told_of_order
from core.orders.end_reason import Ending
from messages.base import Message
from messages.notification_delivery import Notice, PostNotice, Tally

NOTHING, NO_ENDING = Tally(), Ending()
_ACCOUNT, _ORDER, _VENUE = get_args(OfAccount), get_args(OfOrder), get_args(OfVenue)


def heard(message: Message, at: float, why: Ending = NO_ENDING) -> tuple[Notice | None, Tally]:
    """The notice of an event at its moment, and what it adds to the next summary.

    ``why``: of an order that has ended.
    """
    if isinstance(message, PostNotice):
        return Notice(message.level, message.key, message.facts, message.at), NOTHING
    found = text_of(message, why)
    return (Notice(*found, at) if found else None), tally_of(message)


def text_of(message: Any, why: Ending = NO_ENDING) -> Text | None:
    """What an event is told as; None when there is nothing to say."""
    if isinstance(message, _ORDER):
        return told_of_order(message, why)
    if isinstance(message, _ACCOUNT):
        return told_of_account(message)
    return told_of_venue(message) if isinstance(message, _VENUE) else told(message)


def tally_of(message: Message) -> Tally:
    """What one event counts."""
    count = counted(message)
    if count is None:
        return NOTHING
    match count.kind:
        case "signal":
            return Tally(signals=1)
        case "entry":
            return Tally(entries=1)
        case "exit":
            return Tally(exits=1, profit=count.profit)
        case _:
            return Tally(refusals=1)


def plus(one: Tally, other: Tally) -> Tally:
    """Both together."""
    return Tally(
        one.signals + other.signals,
        one.entries + other.entries,
        one.exits + other.exits,
        one.refusals + other.refusals,
        one.profit + other.profit,
    )


def summed(tally: Tally, since: float, at: float) -> Notice:
    """The summary of what was counted since a moment."""
    facts = {"entries": tally.entries, "exits": tally.exits, "refusals": tally.refusals}
    more = {"signals": tally.signals} if tally.signals else {}
    key = "summary" if tally.signals else "summary_quiet"
    return Notice(*text("info", key, since=since, profit=tally.profit, **facts, **more), at)
