"""What goes to messengers: notices that wait in lanes, letters under way, and how they fared."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from messages.base import Command, Event, Report
from messages.notices import Level
from messages.notification_config import Notify

# How a send ended. ``sent`` it arrived; ``failed`` it did not, and may be tried again; ``busy``
# not yet, in so many seconds; ``refused`` we may not write there; ``invalid`` this very letter is
# not taken; ``unsure`` nobody knows whether it arrived.
Outcome = Literal["sent", "failed", "busy", "refused", "invalid", "unsure"]
Then = Literal["next", "again", "later", "rest", "dropped"]


class Notice(Struct, frozen=True, omit_defaults=True):
    """A catalogue key and its facts; ``times`` more than once when the same was said again."""

    level: Level
    key: str
    facts: dict[str, str]
    at: float
    times: int = 1


class SummaryCounts(Struct, frozen=True, omit_defaults=True):
    """What a summary counts; ``profit`` is KRW."""

    signals: int = 0
    entries: int = 0
    exits: int = 0
    refusals: int = 0
    profit: Decimal = Decimal(0)


class Channel(Struct, frozen=True, omit_defaults=True):
    """One messenger's notices, the letter under way among them, and where it stands.

    ``part`` of the letter is next; ``attempt`` numbers every send; ``sending``: one was begun at
    ``begun_at``, and how it ended is not known; ``due``: none before that moment.
    """

    name: str
    queue: tuple[Notice, ...] = ()
    letter: tuple[Notice, ...] = ()
    part: int = 0
    attempt: int = 0
    tries: int = 0  # of this part that have failed
    rests: int = 0  # long pauses since one was sent
    due: float = 0.0
    wait: float = 0.0  # seconds of the wait that ends then; 0 = of an older version
    sending: bool = False
    begun_at: float = 0.0
    again: bool = False  # the part may have arrived already
    missed: int = 0  # notices left out, or perhaps not arrived, of which no letter tells yet
    told: int = 0  # those of which the one under way tells
    sent: int = 0  # letters, of all time
    left_out: int = 0  # notices, of all time


# --- commands and reports
class PostNotice(Command):
    """A notice that no event tells of, for messengers too: an actor has failed."""

    level: Level
    key: str
    facts: dict[str, str]
    at: float


class OpenLanes(Command):
    """From the composition root, at every start: these messengers there are.

    ``pace``: seconds of the runtime's clock in a real one; messengers live in real time.
    """

    names: tuple[str, ...]
    pace: float = 1.0


class PostDue(Command):
    """The outbox's alarm; ``number`` is that of this one."""

    number: int = 0


class SendLetter(Command):
    """To the courier: one part of a letter, which tells that ``missed`` notices were left out."""

    lane: str
    attempt: int
    notices: tuple[Notice, ...]
    part: int
    missed: int = 0
    again: bool = False


class LetterReport(Report):
    """How one send ended; the letter has so many parts. ``seconds``: of ``busy``."""

    lane: str
    attempt: int
    outcome: Outcome
    parts: int = 1
    seconds: float = 0.0


# --- events of the outbox
class NoticeHeard(Event):
    """Volatile: something to tell, or to count."""

    notice: Notice | None = None
    counted: SummaryCounts = SummaryCounts()


class NoticesGathered(Event):
    """What was heard since the last one, in one: it waits in every lane from here on."""

    notices: tuple[Notice, ...] = ()
    counted: SummaryCounts = SummaryCounts()


class SummaryPosted(Event):
    """The summary of what was counted waits in every lane; its counts begin again."""

    at: float
    notice: Notice | None = None


class LanesOpened(Event):
    """These messengers there are; what waited for another is given up."""

    names: tuple[str, ...]
    pace: float = 1.0


class NotifyTaken(Event):
    """The outbox has taken the configuration of notices."""

    notify: Notify


class LetterBegun(Event):
    """A send begins, and leaves only after this is on the disk.

    ``places``: of the lane's queue, what makes up a new letter; none = the one under way goes on.
    """

    lane: str
    at: float
    places: tuple[int, ...] = ()


class LetterEnded(Event):
    """A send has ended; ``due``: none in this lane before that moment.

    ``then``: the ``next`` part (or letter); the same ``again`` after a failure; ``later`` because
    the messenger is busy; a ``rest`` after many failures; or the letter is ``dropped``.
    """

    lane: str
    outcome: Outcome
    then: Then
    due: float
    parts: int = 1
    wait: float = 0.0  # seconds until then
