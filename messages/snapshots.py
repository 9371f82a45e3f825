"""Year-end snapshots: the whole account at 00:00 KST of January 1, for the tax of coins held then.

From 2027 on, coins that were held before are taxed from the price of that moment where it is
higher than what they had cost; amounts and average prices of a past moment cannot be had later.
"""

from __future__ import annotations

from messages.base import Command, Event
from messages.venue_queries import HeldCurrency


class CheckSnapshot(Command):
    """The alarm of snapshots: is one due, or one without its prices?"""


class SnapshotsBegun(Event):
    """From this moment on (epoch seconds) each January 1 is owed a snapshot."""

    at: float


class SnapshotTaken(Event):
    """The whole account as the venue told it.

    ``year``: the one that begins with it, 0 for one by hand at another time; ``due`` is that
    moment (epoch seconds), ``taken_at`` when the balances were asked for, ``late`` how many
    seconds after it. ``unpriced``: why there is no price. ``previous``: the id of the one before.
    ``unread``: currencies that ``held`` lacks, for their rows could not be read; "*" is a row that
    does not say of which it is.
    """

    id: str
    year: int
    due: float
    taken_at: float
    late: float
    held: tuple[HeldCurrency, ...]
    unpriced: str = ""
    previous: str = ""
    unread: tuple[str, ...] = ()


class SnapshotPriced(Event):
    """The prices of a snapshot that had none; each says of which moment it is."""

    snapshot: SnapshotTaken


class SnapshotFailed(Event):
    """A snapshot by hand could not be taken: Upbit's name for why, or what went wrong."""

    id: str
    reason: str


class SnapshotMissed(Event):
    """None was taken in time. ``lost``: so late that none is taken by itself any more."""

    year: int
    due: float
    late: float
    lost: bool
    reason: str = ""
