"""Pairs as people write them: one reading for commands, options and pages, one refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.market.pairs import (
    ENTRIES,
    FORMS,
    entry,
    expanded,
    is_name,
    misspelt,
    named,
    nearest,
    pair_code,
    unmatched,
)
from i18n.errors import UserError

EVERY = "all"
EVERY_MARKET = "KRW-*"
SHOWN = 40  # characters of what was typed
NAMED_MAX = 12  # markets named in a refusal


def read_pair(text: str, where: str, *, every: bool = False, todo: str = "see --help") -> str:
    """The code of a pair. Raises UserError; ``every``: also "all"."""
    try:
        if text.lower() == EVERY:
            raise ValueError
        return pair_code(text)
    except ValueError:
        allowed = FORMS + (f', or "{EVERY}"' if every else "")
        raise _no_pair(text, where, allowed, todo) from None


def read_pairs(
    text: str,
    known: Iterable[str],
    where: str,
    what: str,
    names: Mapping[str, str] | None = None,
) -> list[str]:
    """The known markets that an option's list names, in its order. Raises UserError.

    ``what`` begins the refusal of one that is not known: "Upbit lists no". ``names``: markets by
    what the venue calls them.
    """
    every = sorted(known)
    found: list[str] = []
    for word in _words(text, names):
        if word.upper() == EVERY_MARKET:
            found += every
            continue
        try:
            code = named(word, names) or entry(word)
        except ValueError:
            raise _no_pair(word, where, ENTRIES, "see --help") from None
        if unmatched([code], every):
            raise unknown_pair(code, every, where, what)
        found += expanded([code], every)
    if not found:
        raise _no_pair(text, where, ENTRIES, "see --help")
    return list(dict.fromkeys(found))


def _words(text: str, names: Mapping[str, str] | None) -> Iterator[str]:
    """Between commas, or blanks that are not part of a name."""
    for piece in text.split(","):
        yield from [piece.strip()] if named(piece, names) else piece.split()


def unknown_pair(pair: str, known: Iterable[str], where: str, what: str) -> UserError:
    """What is said to a pair that is none of the known ones."""
    every = sorted(known)
    near = nearest(pair, every)
    shown = ", ".join(every[:NAMED_MAX]) + (", ..." if len(every) > NAMED_MAX else "")
    todo = f"did you mean {near}?" if near else "leave it out, or name one of these"
    return UserError(f"{what} {pair}", where, shown or FORMS, todo)


def refuse_barless(listed: Iterable[str], markets: Sequence[str]) -> None:
    """Raises UserError for entries of ``pair_blacklist`` that name no market at all.

    Neither one of these markets nor one that Upbit is known to have: a list may name many.
    """
    if lost := misspelt(listed, markets):
        near, todo = lost[0][1], "correct it in pair_blacklist, or take it out"
        raise UserError(
            what=f"no known market is called {', '.join(name for name, _ in lost)}",
            where="pair_blacklist",
            allowed=ENTRIES,
            todo=f"did you mean {near}? Otherwise {todo}" if near else todo,
        )


def _no_pair(text: str, where: str, allowed: str, todo: str) -> UserError:
    near = nearest(text[:SHOWN])
    if near:
        todo = f"did you mean {near}?"
    elif is_name(text):
        todo = "without a market list only common coins are known by name; write the code: KRW-DOGE"
    return UserError(f'"{text[:SHOWN]}" is no pair', where, allowed, todo)
