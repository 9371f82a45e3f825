"""Owns how a sentence about bad input or a damaged ledger, found in English, is told in Korean.

The layers below know no catalogue and say in English what they found. Here such a sentence is
known by the pattern that it was made from. A place of the pattern that may hold a sentence in its
turn bears a name of ``NESTED``; every other one stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from i18n.ko.faults import FAULTS
from i18n.ko.inputs import INPUTS
from i18n.ko.page_inputs import PAGE_INPUTS
from i18n.ko.research_inputs import RESEARCH_INPUTS
from i18n.ko.table_inputs import TABLE_INPUTS

NESTED = frozenset(
    {"problem", "error", "reason", "found", "span", "needs", "told", "kind", "pid", "wanted"}
)


def translated(sentence: str, language: str) -> str:
    """The sentence in the reader's language; as it stands where no pattern is its own."""
    return _korean(sentence) if language == "ko" else sentence


def _korean(sentence: str) -> str:
    for pattern, text in _patterns():
        if match := pattern.fullmatch(sentence):
            places = match.groupdict().items()
            return text.format_map({n: _korean(f) if n in NESTED else f for n, f in places})
    return sentence


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Those that wrap a problem first, then those that say most themselves; made when wanted."""
    sentences = {**INPUTS, **PAGE_INPUTS, **RESEARCH_INPUTS, **TABLE_INPUTS, **FAULTS}
    parsed = [(list(Formatter().parse(english)), text) for english, text in sentences.items()]
    parsed.sort(key=lambda row: -sum(len(part) for part, _, _, _ in row[0]))
    parsed.sort(key=lambda row: all(name != "problem" for _, name, _, _ in row[0]))
    return [(re.compile("".join(map(_expression, parts)), re.S), text) for parts, text in parsed]


def _expression(part: tuple[str, str | None, str | None, str | None]) -> str:
    words, name, _, _ = part
    return re.escape(words) + (f"(?P<{name}>.*?)" if name else "")
