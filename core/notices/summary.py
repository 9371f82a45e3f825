"""Owns what is heard of an event by who tells it to messengers: its notice, and what it counts."""

from __future__ import annotations

from typing import Any, get_args

from core.notices.account import OfAccount, account_notice
from core.notices.events import Text, counted, notice_of, text
from core.notices.market_status import OfVenue, venue_notice
from core.notices.orders import OfOrder, order_notice
from core.orders.end_reason import EndReason
from messages.base import Message
from messages.notification_delivery import Notice, PostNotice, SummaryCounts

NOTHING, NO_ENDING = SummaryCounts(), EndReason()
_ACCOUNT, _ORDER, _VENUE = get_args(OfAccount), get_args(OfOrder), get_args(OfVenue)


def heard(
    message: Message, at: float, why: EndReason = NO_ENDING
) -> tuple[Notice | None, SummaryCounts]:
    """The notice of an event at its moment, and what it adds to the next summary.

    ``why``: of an order that has ended.
    """
    if isinstance(message, PostNotice):
        return Notice(message.level, message.key, message.facts, message.at), NOTHING
    found = text_of(message, why)
    return (Notice(*found, at) if found else None), tally_of(message)


def text_of(message: Any, why: EndReason = NO_ENDING) -> Text | None:
    """What an event is told as; None when there is nothing to say."""
    if isinstance(message, _ORDER):
        return order_notice(message, why)
    if isinstance(message, _ACCOUNT):
        return account_notice(message)
    return venue_notice(message) if isinstance(message, _VENUE) else notice_of(message)


def tally_of(message: Message) -> SummaryCounts:
    """What one event counts."""
    count = counted(message)
    if count is None:
        return NOTHING
    match count.kind:
        case "signal":
            return SummaryCounts(signals=1)
        case "entry":
            return SummaryCounts(entries=1)
        case "exit":
            return SummaryCounts(exits=1, profit=count.profit)
        case _:
            return SummaryCounts(refusals=1)


def plus(one: SummaryCounts, other: SummaryCounts) -> SummaryCounts:
    """Both together."""
    return SummaryCounts(
        one.signals + other.signals,
        one.entries + other.entries,
        one.exits + other.exits,
        one.refusals + other.refusals,
        one.profit + other.profit,
    )


def summed(tally: SummaryCounts, since: float, at: float) -> Notice:
    """The summary of what was counted since a moment."""
    facts = {"entries": tally.entries, "exits": tally.exits, "refusals": tally.refusals}
    more = {"signals": tally.signals} if tally.signals else {}
    key = "summary" if tally.signals else "summary_quiet"
    return Notice(*text("info", key, since=since, profit=tally.profit, **facts, **more), at)
