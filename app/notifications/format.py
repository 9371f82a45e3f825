"""How a letter of notices reads: one line each, what is grave marked, the parts of a long one."""

from __future__ import annotations

from adapters.telegram.client import split
from i18n import say
from i18n.formatting import kst
from messages.notification_delivery import Notice, SendLetter

MARKS = {"info": "", "warning": "⚠ ", "critical": "🚨 "}


def line(notice: Notice, language: str) -> str:
    """Month, day and minute in Korean time, how grave, what, and how often."""
    times = f" (×{notice.times})" if notice.times > 1 else ""
    said = say(notice.key, language, **notice.facts)
    return f"{MARKS[notice.level]}{kst(notice.at, seconds=False)[5:]} {said}{times}"


def parts(envelope: SendLetter, language: str) -> list[str]:
    """All parts of a letter, the same for every send of it."""
    lines = [line(notice, language) for notice in envelope.notices]
    if envelope.missed:
        lines.append(say("post_missed", language, count=str(envelope.missed)))
    return split("\n".join(lines)) or [""]


def part(envelope: SendLetter, language: str) -> tuple[str, int]:
    """The text of the part that is to be sent, "" when there is no such part; and how many."""
    every = parts(envelope, language)
    text = every[envelope.part] if envelope.part < len(every) else ""
    if text and envelope.again:
        text = f"{say('post_again', language)}\n{text}"
    return text, len(every)
