"""The bot's voice: notices as lines on the terminal, and in the log."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from interfaces.catalogue import say
from interfaces.formatting import kst
from messages.notices import ShowNotice

MARKS = {"info": " ", "warning": "!", "critical": "!!"}


def line(notice: ShowNotice, language: str) -> str:
    """One line: Korean time, how grave, what."""
    return f"{kst(notice.at)} {MARKS[notice.level]:<2} {say(notice.key, language, **notice.facts)}"


def voice(language: str, out: Callable[[str], None]) -> Callable[[ShowNotice], None]:
    """What the herald speaks with."""
    log = structlog.get_logger("notice")

    def speak(notice: ShowNotice) -> None:
        out(line(notice, language))
        record = log.info if notice.level == "info" else log.warning
        journal = {"trace": notice.trace, "entry": notice.entry} if notice.entry else {}
        record(notice.key, grade=notice.level, clock=notice.at, facts=notice.facts, **journal)

    return speak
