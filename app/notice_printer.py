"""Notices of the bot: a line for people, the same for the process that prints it, and the log's.

The bot's own process writes a notice to its parent as it is: the parent knows the terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec
import structlog

from i18n import say
from i18n.formatting import kst
from messages.notices import ShowNotice

SIGN = "\x06notice "  # as the other signs of a child (processes.launch)
MARKS = {"info": " ", "warning": "!", "critical": "!!"}


def line(notice: ShowNotice, language: str) -> str:
    """One line: Korean time, how grave, what."""
    return f"{kst(notice.at)} {MARKS[notice.level]:<2} {say(notice.key, language, **notice.facts)}"


def packed(notice: ShowNotice) -> str:
    """One line for the parent process."""
    return SIGN + msgspec.json.encode(notice).decode()


def unpacked(line: str) -> ShowNotice | None:
    """The notice of such a line; None for any other line."""
    if not line.startswith(SIGN):
        return None
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(line.removeprefix(SIGN), type=ShowNotice)
    return None


def notice_printer(
    language: str,
    out: Callable[[str], None],
    written: Callable[[ShowNotice], str] | None = None,
) -> Callable[[ShowNotice], None]:
    """What the herald speaks with; ``written``: how a notice becomes a line, if not for people."""
    log = structlog.get_logger("notice")

    def speak(notice: ShowNotice) -> None:
        out(written(notice) if written else line(notice, language))
        record = log.info if notice.level == "info" else log.warning
        journal = {"trace": notice.trace, "entry": notice.entry} if notice.entry else {}
        record(notice.key, grade=notice.level, clock=notice.at, facts=notice.facts, **journal)

    return speak
