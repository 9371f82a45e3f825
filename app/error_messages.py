"""Faults of the layers below, told to people: what, where, what is allowed, what to do."""

from __future__ import annotations

import errno

from adapters.recorded_rows import RecordingError
from adapters.strategies import StrategyError
from i18n.errors import UserError
from persistence.errors import Damaged, InUse, StoreFailed, StoreFull

SHOWN = 80  # characters of a name that is too long
EXPECTED = (
    *(UserError, Damaged, InUse, StoreFailed, RecordingError, StrategyError, OSError),
    UnicodeEncodeError,
)


def as_user_error(error: BaseException) -> UserError:
    """One of ``EXPECTED`` as what a person is told."""
    match error:
        case UserError():
            return error
        case Damaged():
            return UserError(
                error.found, str(error.path), "a whole state directory of this bot", error.todo
            )
        case InUse():
            return UserError(
                f"the state directory is in use by process {error.pid or 'unknown'}",
                str(error.path),
                "one bot a state directory",
                "end that process (run.py console -c shutdown), or name another --state-dir",
            )
        case StoreFull():
            return UserError("no room is left", str(error), "free disk", "make room")
        case StoreFailed():
            todo = "see to the disk and start again: what was told is kept, the rest is undone"
            return UserError(
                str(error), "state directory", "a disk that takes what is written", todo
            )
        case RecordingError():
            return UserError(str(error), "recording", "", "correct the file, or name another")
        case StrategyError():
            return UserError(str(error), "strategy", "", "correct the strategy, or name another")
        case OSError(errno=errno.ENOSPC):
            name = str(error.filename or "")
            return UserError("no room is left on the disk", name, "free disk", "make room")
        case OSError(errno=errno.ENAMETOOLONG):
            name = str(error.filename or "")[:SHOWN]
            return UserError(str(error.strerror), f"{name}...", "", "give a shorter name")
        case OSError():
            name = str(error.filename or "")
            return UserError(error.strerror or str(error), name, "", "see to the file or its disk")
        case UnicodeEncodeError():
            return unwritable(error)
    raise error


def unwritable(error: UnicodeEncodeError, where: str = "") -> UserError:
    """What is said of a name that the locale's encoding cannot write, and so can name no file."""
    return UserError(
        f"{ascii(error.object)[:SHOWN]}: the encoding of this locale, {error.encoding}, cannot"
        " write it",
        where,
        "text of that encoding",
        "set a UTF-8 locale and give it again: LC_ALL=C.UTF-8",
    )
