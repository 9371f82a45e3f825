"""The account as it was last seen, beside what is ours of it: for ``balance``."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from msgspec import Struct
from rich.console import RenderableType

from core.money import quotient
from core.orders.payload import is_of
from i18n import say
from i18n.formatting import DASH, krw, pair_name, volume
from i18n.tables import grid
from projections.ledger import Ledger

ZERO = Decimal(0)
CASH = "KRW"
COLUMNS = ("pair", "whole", "available", "locked", "external", "average", "venue_average")


class Held(Struct, frozen=True):
    """One pocket: all of it, what may be ordered with, what orders lock; coin, or KRW for cash.

    ``external`` is not ours; ``average`` is our price a coin, ``venue_average`` Upbit's (KRW).
    """

    pair: str
    whole: Decimal
    free: Decimal
    locked: Decimal
    external: Decimal = ZERO
    average: Decimal = ZERO
    venue_average: Decimal = ZERO


class AccountView(Struct, frozen=True):
    """Pockets, cash first, and how many orders rest there that are not ours.

    ``former``: so many of these are of this ledger before it was restored or rebuilt.
    """

    pockets: tuple[Held, ...]
    orders: int
    former: int = 0


def look(ledger: Ledger, births: Collection[str] = ()) -> AccountView | None:
    """None when no account was ever seen: on paper there is none.

    ``births``: the ids that the ledger had before.
    """
    seen = ledger.account
    if seen is None:
        return None
    cash = Held(CASH, seen.cash.whole, seen.cash.free, seen.cash.locked)
    made = [cash]
    for pair, pocket in sorted(seen.coins.items()):
        trades = [t for t in ledger.trades.open.values() if t.pair == pair]
        ours = sum((t.volume for t in trades), ledger.dust.get(pair, (ZERO, ZERO))[0])
        bought = sum((t.volume for t in trades), ZERO)
        average = quotient(sum((t.stake for t in trades), ZERO), bought) if bought else ZERO
        external = max(pocket.whole - ours, ZERO)
        facts = (pair, pocket.whole, pocket.free, pocket.locked)
        made.append(Held(*facts, external, average, pocket.average))
    former = sum(any(is_of(b, order.identifier) for b in births) for order in seen.orders)
    return AccountView(tuple(made), len(seen.orders), former)


def table(view: AccountView, language: str) -> RenderableType:
    """As people read it, in Upbit's words."""
    rows = [_row(held, language) for held in view.pockets]
    title = say("title_account", language, count=str(view.orders))
    if view.former:
        title += say("title_account_former", language, count=str(view.former))
    return grid(title, COLUMNS, rows, language)


def _row(held: Held, language: str) -> tuple[str, ...]:
    if held.pair == CASH:
        cash = (krw(held.whole), krw(held.free), krw(held.locked))
        return (CASH, *cash, DASH, DASH, DASH)
    amounts = (volume(held.whole), volume(held.free), volume(held.locked), volume(held.external))
    prices = [krw(price) if price else DASH for price in (held.average, held.venue_average)]
    return (pair_name(held.pair, language), *amounts, *prices)
