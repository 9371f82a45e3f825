"""Snapshots of the account: those that the index keeps, newest first, each with its worth."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from rich.console import RenderableType

from i18n import say
from i18n.facts import shown
from i18n.formatting import DASH, krw, kst, volume
from i18n.formatting import price as price_text
from i18n.tables import grid, stacked
from messages.plain_values import moment
from messages.snapshots import SnapshotPriced, SnapshotTaken
from messages.venue_queries import HeldCurrency
from persistence.reader import Reader

COLUMNS = (
    *("coin", "amount", "locked", "venue_average", "modified"),
    *("price_then", "price_at", "value"),
)
CASH = "KRW"
ZERO = Decimal(0)


class CurrencyThen(Struct, frozen=True):
    """One currency of a snapshot: coin, or KRW; ``worth`` is KRW, None where there is no price."""

    currency: str
    amount: Decimal
    locked: Decimal
    average: Decimal
    average_unit: str
    average_modified: bool
    price: Decimal | None
    price_at: datetime | None
    worth: Decimal | None


class SnapshotView(Struct, frozen=True):
    """``year``: the one that began with it; 0 for one by hand. ``late_seconds`` after ``due``.

    ``unread``: currencies that it lacks, for the exchange's rows of them could not be read.
    """

    id: str
    year: int
    due: datetime | None
    taken_at: datetime
    late_seconds: float
    currencies: tuple[CurrencyThen, ...]
    worth: Decimal
    without_price: int
    unpriced: str = ""
    unread: tuple[str, ...] = ()


def look(reader: Reader) -> tuple[SnapshotView, ...]:
    """All there are, newest first."""
    from actors.snapshots import NAME, SnapshotsState  # imported late: actors take their time

    record = reader.load(NAME, SnapshotsState)
    found: list[SnapshotView] = []
    id = record.state.last if record else ""
    while id:
        kept = reader.kept(NAME, id)
        taken = kept.snapshot if isinstance(kept, SnapshotPriced) else kept
        assert isinstance(taken, SnapshotTaken)
        found.append(_view(taken))
        id = taken.previous
    return tuple(found)


def of_year(reader: Reader, year: int) -> SnapshotView | None:
    """The one of 00:00 KST of that year's January 1."""
    return next((view for view in look(reader) if view.year == year), None)


def _view(taken: SnapshotTaken) -> SnapshotView:
    then = tuple(_then(one) for one in taken.held)
    known = [one.worth for one in then if one.worth is not None]
    return SnapshotView(
        taken.id,
        taken.year,
        moment(taken.due) if taken.year else None,
        moment(taken.taken_at),
        taken.late,
        then,
        sum(known, ZERO),
        len(then) - len(known),
        taken.unpriced,
        taken.unread,
    )


def _then(one: HeldCurrency) -> CurrencyThen:
    worth = one.amount if one.currency == CASH else None
    if one.price is not None:
        worth = one.amount * one.price
    return CurrencyThen(
        one.currency,
        one.amount,
        one.locked,
        one.average,
        one.unit,
        one.modified,
        one.price,
        moment(one.price_at) if one.price_at else None,
        worth,
    )


def table(views: tuple[SnapshotView, ...], language: str) -> RenderableType:
    """As people read it: one table for each."""
    return stacked(*(_table(view, language) for view in views))


def title(view: SnapshotView, language: str) -> str:
    """Which one it is, and what it is worth."""
    at = str(view.taken_at.timestamp())
    lasting = str(max(0.0, view.late_seconds))
    key = "snapshot_title_year" if view.year else "snapshot_title"
    facts = {"krw": str(view.worth), "count": str(view.without_price)}
    said = [
        say(key, language, year=str(view.year), at=at, lasting=lasting),
        say("snapshot_total", language, **facts),
    ]
    if view.unpriced:
        said.append(say("snapshot_unpriced", language, reason=view.unpriced))
    if view.unread:
        said.append(say("snapshot_unread", language, names=", ".join(view.unread)))
    return "\n".join(said)


def _table(view: SnapshotView, language: str) -> RenderableType:
    rows = [_row(one, language) for one in view.currencies]
    return grid(title(view, language), COLUMNS, rows, language, ("locked", "modified"))


def _row(one: CurrencyThen, language: str) -> tuple[str, ...]:
    text = krw if one.currency == CASH else volume
    average = shown("price", str(one.average), language) if one.average else DASH
    if one.average and one.average_unit != CASH:
        average += f" {one.average_unit}"
    return (
        one.currency,
        text(one.amount),
        text(one.locked),
        average,
        say("modified_yes", language) if one.average_modified and one.average else DASH,
        price_text(one.price) if one.price is not None else DASH,
        kst(one.price_at) if one.price_at else DASH,
        krw(one.worth) if one.worth is not None else DASH,
    )
