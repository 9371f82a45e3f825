"""The page of what was written: the journal's newest entries, and the log's."""

from __future__ import annotations

from i18n import say
from interfaces.dashboard.pages.entries import decisions, entries, log
from interfaces.dashboard.pages.page_request import PageContent, PagePart, PageRequest
from interfaces.dashboard.picture import Picture

DECIDED = 60
ENTRIES = 100


def journal(picture: Picture, asked: PageRequest) -> PageContent:
    """Decisions with their reasons, then everything."""
    language = asked.language
    parts = (
        PagePart(
            "decided",
            say("dash_decisions", language),
            decisions(picture.decided, picture, language, most=DECIDED),
        ),
        PagePart("log", say("dash_log", language), log(picture.watch.state, language)),
        PagePart(
            "tail",
            say("dash_entries", language),
            entries(picture.tail[:ENTRIES], picture, language),
        ),
    )
    return PageContent(say("dash_journal", language), parts)
