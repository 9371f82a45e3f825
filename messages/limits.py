"""What the limiter and the breaker say to each other, and remember."""

from __future__ import annotations

from math import inf

from msgspec import Struct

from messages.base import Command, Event
from messages.config import Exchange
from messages.orders import Call
from messages.venue_queries import Fetch

FOREVER = inf  # epoch seconds


class Queued(Struct, frozen=True):
    """A call that waits for its share of the rate limit."""

    call: Call | Fetch
    priority: int  # 0 goes first
    since: float


class CallQueued(Event):
    """Volatile: a call waits."""

    queued: Queued


class CallReleased(Event):
    """Volatile: the first waiting call of this priority has gone out, and counts."""

    group: str
    at: float
    index: int
    since: float = 0.0  # it has waited from then on
    order: str = ""  # the id of the order that it submits


class CallDropped(Event):
    """Volatile: a waiting call came too late, or found the queue full."""

    index: int


class HoldChanged(Event):
    """Volatile: which calls the limiter holds back, and until when."""

    entries_held: bool
    all_until: float
    probe: bool
    all_seconds: float = FOREVER  # how long a hold of everything lasts at most


class HoldAwaited(Event):
    """Volatile: nothing goes out before the breaker has said what is held, and the paces."""


class MomentsCapped(Event):
    """The clock was set back: what its limits remember of the future counts as now.

    The gateway journals it; the limiter, who forgets all at a start, does not.
    """

    at: float


class PaceChanged(Event):
    """Volatile: a group's limit a second was replaced."""

    group: str
    per_second: int


class LimitsTaken(Event):
    """Volatile: the limiter has taken in what is configured."""

    exchange: Exchange


class EdgeFreed(Event):
    """Volatile: this edge has no call in hand, from this moment on."""

    edge: str
    at: float = 0.0


class RoomTold(Event):
    """Volatile: the venue says that a group has ``left`` calls until then."""

    group: str
    left: int
    until: float


class RefillAwaited(Event):
    """Volatile: a Refill has been asked for at this moment."""

    at: float


class RefillCame(Event):
    """Volatile: the earliest Refill has rung."""

    at: float


class Refill(Command):
    """The limiter's alarm: there may be room again."""


class ReleaseCall(Command):
    """From an edge: it has no call in hand, so the next may go out.

    Of the call that it has ended: its group, how many more the venue grants in this second
    (-1 = it does not say), and whether it was answered with a ban, of so many seconds (0 = it
    does not say).
    """

    edge: str
    group: str = ""
    remaining: int = -1
    banned: bool = False
    seconds: float = 0.0


class HoldCalls(Command):
    """From the breaker: hold back entries and candles until then (and everything, if banned).

    Entries are free at 0, and else held ``FOREVER``: the breaker's word ends it, no clock does.
    ``exchange`` repeats the configured limits to a limiter that may have forgotten them, and
    ``paces`` the calls a second of the groups that were cut. A ban lasts ``all_seconds`` at most.
    """

    entries_until: float = 0.0
    all_until: float = 0.0
    probe: bool = False  # let one held call pass, to see whether the venue is well again
    exchange: Exchange | None = None
    paces: dict[str, int] = {}
    all_seconds: float = FOREVER


class SetPace(Command):
    """From the breaker: this group gets fewer calls a second for now."""

    group: str
    per_second: int


class ShowHold(Command):
    """The limiter has lost its memory and asks the breaker to tell it again."""


class ProbeVenue(Command):
    """The breaker's alarm: the pause that was to end at ``until`` is over."""

    until: float = 0.0


class CallFailed(Event):
    """One more failure in a row."""

    failures: int


class CallsRecovered(Event):
    """An answer came before the breaker opened: the failures in a row are forgotten."""


class BreakerOpened(Event):
    """Too many failures in a row: entries and candles are held back until then."""

    until: float
    failures: int


class BreakerHalfOpened(Event):
    """The pause is over: one call goes out as a probe."""


class BreakerClosed(Event):
    """The venue answers again."""


class VenueBanned(Event):
    """The venue has banned us (418): nothing goes out until then, ``seconds`` later."""

    until: float
    seconds: float = 0.0  # 0 = not known: journaled by an older version


class PaceShrunk(Event):
    """The venue said "too many" (429): this group slows down."""

    group: str
    per_second: int
    at: float = 0.0


class PaceRegrown(Event):
    """The group has been answered for a while: it may go faster again."""

    group: str
    per_second: int
    at: float
