"""Owns what is made of rows of the account that could not be read: unknown, which is not zero.

A look at the account leaves out of its comparison what it could not read, and keeps what was seen
of it before; entries in that coin wait. A row that does not even say which coin it is of ("*")
may be of any: then nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from messages.account import AccountSeen, CoinRead, CoinUnread
from messages.venue_queries import AccountReport

CASH, ANY = "KRW", "*"


def unread_changes(
    known: tuple[str, ...], report: AccountReport
) -> Iterator[CoinUnread | CoinRead]:
    """What is new: not readable any more, or readable again."""
    yield from (CoinUnread(pair) for pair in report.unread if pair not in known)
    yield from (CoinRead(pair) for pair in known if pair not in report.unread)


def whole(report: AccountReport, before: AccountSeen) -> AccountReport:
    """The report with what was seen before in the place of what could not be read."""
    if not report.unread:
        return report
    lost = before.coins if ANY in report.unread else {}
    kept = {pair: before.coins[pair] for pair in report.unread if pair in before.coins}
    cash = before.cash if CASH in report.unread else report.cash
    return structs.replace(report, coins={**lost, **kept, **report.coins}, cash=cash)


def noted(known: tuple[str, ...], event: CoinUnread | CoinRead) -> tuple[str, ...]:
    """What cannot be read, after an event."""
    rest = tuple(pair for pair in known if pair != event.pair)
    return (*rest, event.pair) if isinstance(event, CoinUnread) else rest
