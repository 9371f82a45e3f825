"""The nearest of some words to one that is none of them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LEAST = 0.6  # of difflib's ratio
LONGEST = 40  # characters that are compared: a pasted page is no misspelt word


def near_word(text: str, known: Iterable[str]) -> str:
    """The known word that looks most like this, or begins with it; "" when none does."""
    word = text[:LONGEST].lower()
    by_word = {name.lower(): name for name in known}
    if found := get_close_matches(word, by_word, 1, LEAST):
        return by_word[found[0]]
    begun = [name for plain, name in by_word.items() if len(word) > 2 and plain.startswith(word)]
    return begun[0] if len(begun) == 1 else ""
