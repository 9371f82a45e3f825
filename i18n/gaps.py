"""What closes around a fact that is empty: its brackets, and the mark that led to it.

A fact may be nothing: a venue's word that was not given, a detail that there is none of. Such a
place is marked, and the sentence closed over it, so that no text knows which of its facts may lack.
"""

from __future__ import annotations

import re

NOTHING = "\0"
_SEVERAL = re.compile(r"\0(?:[ ,;/·]*\0)+")
_BRACKETS = re.compile(r" ?\([ ,;:/·]*\0[ ,;:/·]*\)")
_LED_TO = re.compile(r" *[:,;=·] *\0(?=\s*(?:[.,;:!?)]|$|\n))")
_FIRST = re.compile(r"(^|[\n(]|[.!?;:] )\0[ ,;:/·]+(?=\S)")
_OPENED = re.compile(r"\(\0 +")
_BEGUN = re.compile(r"^ *[.,;:] +")
_AFTER = re.compile(r" *\0(?=[.,;:!?)\s]|$)")


def open_end(fact: str) -> str:
    """A fact with its mark: it is nothing, or ends in a colon and waits for what may not follow."""
    return fact + NOTHING if not fact or fact.endswith(":") else fact


def closed(text: str) -> str:
    """The text without its marks; the same where it has none."""
    if NOTHING not in text:
        return text
    text = _SEVERAL.sub(NOTHING, text)
    text = _BRACKETS.sub("", text)
    text = _LED_TO.sub("", text)
    text = _FIRST.sub(r"\1", text)
    text = _AFTER.sub("", _OPENED.sub("(", text)).replace(NOTHING, "")
    return _BEGUN.sub("", text)
