"""Owns how journal entries and log lines are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from app.logs import blotted
from i18n import say
from i18n.formatting import kst
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.pieces import table
from interfaces.dashboard.picture import Picture
from interfaces.views import lines
from messages.base import Envelope
from messages.budget import BudgetRefused
from messages.orders import OrderRefused
from messages.trading import EntryVetoed
from projections.recent_entries import pair_of

LOG = Path("logs") / "jangbu.log"
LOG_BYTES = 64 * 1024
LOG_LINES = 60
REFUSALS = (EntryVetoed, BudgetRefused, OrderRefused)
LONGEST = 300  # characters of a line


def decisions(
    letters: Sequence[Envelope],
    picture: Picture,
    language: str,
    pair: str = "",
    most: int | None = None,
) -> Html:
    """What was decided and why, the newest first; ``pair`` where all are about one.

    Refusals for one reason that no other decision parts are one entry, to be unfolded.
    """
    groups = _folded(letters)[:most]
    rows = [
        (_fold if len(group) > 1 else _alone)(group, picture, language, pair) for group in groups
    ]
    return el("ol", rows, class_="entries") if rows else nothing("dash_no_entries", language)


def _folded(letters: Sequence[Envelope]) -> list[list[Envelope]]:
    """Groups of entries, in the order of the newest of each."""
    groups: list[list[Envelope]] = []
    alike: dict[tuple[type, str], list[Envelope]] = {}
    for letter in letters:
        body = letter.body
        if not isinstance(body, REFUSALS):
            groups.append([letter])
            alike = {}
            continue
        key = (type(body), body.reason)
        if key not in alike:
            alike[key] = []
            groups.append(alike[key])
        alike[key].append(letter)
    return groups


def _alone(group: Sequence[Envelope], picture: Picture, language: str, pair: str) -> Html:
    return _entry(group[0], picture, language, pair)


def _fold(group: Sequence[Envelope], picture: Picture, language: str, pair: str) -> Html:
    """The newest of them with their count; all of them when it is unfolded."""
    newest, oldest = group[0], group[-1]
    since = kst(oldest.at, seconds=False)[5:]
    facts = {"count": f"{len(group):,}", "since": since}
    text = lines.text(newest, language, pair, picture.why)[:LONGEST]
    summary = el(
        "summary",
        *(el("time", kst(newest.at)), " ", el("span", text), " "),
        el("small", say("dash_folded", language, **facts)),
    )
    inner = el(
        "ol", [_entry(letter, picture, language, pair) for letter in group], class_="entries"
    )
    return el("li", el("details", summary, inner, id=f"fold-{oldest.number}"))


def _entry(letter: Envelope, picture: Picture, language: str, pair: str) -> Html:
    own = pair_of(letter)
    text = lines.text(letter, language, pair, picture.why)[:LONGEST]
    when = el("time", kst(letter.at))
    shown = (
        el("a", text, href=f"/pair/{own}", class_="line")
        if own.startswith("KRW-") and not pair
        else text
    )
    return el("li", when, " ", el("span", shown), " ", el("small", _trail(letter)))


def _trail(letter: Envelope) -> str:
    """Its number, and the entry that led to it: why walks these."""
    return f"#{letter.number}" + (f" ← #{letter.cause}" if letter.cause else "")


def entries(letters: Iterable[Envelope], picture: Picture, language: str) -> Html:
    """The journal's newest entries."""
    told = [(letter, lines.text(letter, language, why=picture.why)) for letter in letters]
    rows = [
        (f"{letter.number}", kst(letter.at), letter.source, text[:LONGEST]) for letter, text in told
    ]
    return table(("number", "time", "dash_source", "event"), rows, language, "dash_no_entries")


def nothing(key: str, language: str) -> Html:
    """A sentence where there is nothing to show."""
    return el("p", say(key, language), class_="quiet")


def log(state: Path, language: str) -> Html:
    """The end of the log file; secrets are blotted out where it is written, and here again."""
    path = state / LOG
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LOG_BYTES))
            raw = file.read(LOG_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return nothing("dash_no_log", language)
    shown = [blotted(_line(text))[:LONGEST] for text in raw[-LOG_LINES:] if text.strip()]
    return el("pre", "\n".join(shown[::-1])) if shown else nothing("dash_no_log", language)


def _line(text: str) -> str:
    """A record in one line: when, how grave, what; what is no record stays as it is."""
    try:
        told = msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return text
    first = [str(told.pop(name, "")) for name in ("timestamp", "level", "event")]
    rest = [f"{name}={value}" for name, value in told.items()]
    return " ".join([*first, *rest])
