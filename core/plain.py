"""Owns which characters of a foreign text may reach a terminal, a log, a page or a chat.

Terminal escapes, other controls, marks that turn the direction of writing, and characters that
take no room are taken out; an end of a line becomes a space, and a byte that is no text, which
Python keeps as a surrogate (PEP 383), becomes its figures.
"""

from __future__ import annotations

import re

QUOTES = "'\""

# C0 and C1 controls, ends of lines and paragraphs, marks of direction, and what takes no room.
_ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)
_CLEAN = str.maketrans("\t\n\v\f\r\x85\u2028\u2029", "        ")


def plain(text: str) -> str:
    """The text in one line, with nothing in it that acts on what shows it."""
    return _ODD.sub(_shown, text.translate(_CLEAN)) if not text.isalnum() else text


def _shown(odd: re.Match[str]) -> str:
    """What stands in the place of such characters: bytes that are no text are told as such."""
    return "".join(f"\\x{ord(c) - 0xDC00:02x}" for c in odd[0] if "\udc80" <= c <= "\udcff")


def plain_lines(text: str) -> str:
    """The same, line by line: for what may rightly have several."""
    return "\n".join(map(plain, text.split("\n"))) if "\n" in text else plain(text)


def quote_of(text: str) -> str:
    """The quotation mark that a text stands in; "" for none."""
    whole = len(text) > 1 and text[0] == text[-1] and text[0] in QUOTES
    return text[0] if whole else ""
