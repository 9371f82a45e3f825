"""The page of what was written: the journal's newest entries, and the log's."""

from __future__ import annotations

from i18n import say
from interfaces.dashboard.pages.asked import Asked, Part, Shown
from interfaces.dashboard.pages.telling import decisions, entries, log
from interfaces.dashboard.picture import Picture

DECIDED = 60
ENTRIES = 100


def journal(picture: Picture, asked: Asked) -> Shown:
    """Decisions with their reasons, then everything."""
    words = asked.language
    parts = (
        Part(
            "decided",
            say("dash_decisions", words),
            decisions(picture.decided, picture, words, most=DECIDED),
        ),
        Part("log", say("dash_log", words), log(picture.watch.state, words)),
        Part("tail", say("dash_entries", words), entries(picture.tail[:ENTRIES], picture, words)),
    )
    return Shown(say("dash_journal", words), parts)
