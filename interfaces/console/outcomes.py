"""Outcomes: the notices of a signal, its order and its fill, joined into one line for the console.

A wish to buy or sell is not shown by itself: it is kept, and shown with what came of it. The
journal and the log file have every notice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from i18n import LANGUAGES, say
from i18n.formatting import pair_name
from messages.notices import Level, ShowNotice

WISHES = ("entry_signal", "entry_unpriced", "exit_signal", "exit_unpriced")
CUT = "entry_cut"  # it belongs to the wish before it
ENDS = (  # of a wish
    *(
        "entry_filled",
        "entry_filled_cut",
        "entry_part_filled",
        "entry_unfilled",
        "entry_unfunded",
        "entry_refused",
        "trade_dust",
    ),
    *("exit_filled", "exit_part_filled", "exit_refused", "exit_locked"),
)
FILLS = (
    *("entry_filled", "entry_filled_cut", "entry_part_filled"),
    *("exit_filled", "exit_part_filled", "trade_dust"),
)
ROUTINE = {  # what follows from the line before: the pair was just bought, or just sold
    "entry_vetoed": ("pair_busy",),
    "pair_locked": ("cooldown", "unfilled"),
}
KINDS = {  # a notice about a pair -> the word that its line begins with, under ``shown_``
    "entry_filled": "bought",
    "entry_filled_cut": "bought",
    "entry_part_filled": "bought",
    "exit_filled": "sold",
    "exit_part_filled": "reduced",
    "trade_dust": "sold",
    "entry_vetoed": "skipped",
    "ask_above_band": "skipped",
    "entry_unfunded": "skipped",
    "entry_unfilled": "unfilled",
    "entry_refused": "refused",
    "exit_refused": "refused",
    "exit_locked": "refused",
    "pair_locked": "locked",
    "pair_barred": "locked",
    "held_barred": "locked",
    "order_uncertain": "order",
    "order_arrived": "order",
    "order_found": "order",
    "order_absent": "order",
    "order_disputed": "order",
}
COUNTS = ("signals", "entries", "exits", "refusals")
UNTAGGED = " (-)"  # of a strategy that gives no reasons
SUMMARIES = ("summary", "summary_quiet")


@dataclass(frozen=True)
class OutcomeLine:
    """One line. ``kind`` is a key of the catalogue; a line about no pair has neither."""

    at: float
    level: Level
    text: str
    pair: str = ""
    kind: str = ""
    aside: bool = False  # less to be seen than the others


class Outcomes:
    """Notices in, outcomes out. It remembers the wishes, and which vetoes were shown.

    Hourly summaries would say again what the lines above them say: they are added up to days.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._wishes: dict[tuple[str, str], dict[str, str]] = {}
        self._vetoes: dict[str, str] = {}  # the reason last shown, by pair
        self._counts, self._profit = Counter[str](), Decimal(0)  # of the hours of this day

    def take(self, notice: ShowNotice) -> OutcomeLine | None:
        """What is to be shown of this notice now; None when nothing is."""
        pair, key = notice.facts.get("pair", ""), notice.key
        if key in WISHES:
            self._wishes[pair, side(key)] = notice.facts
            return None
        if key == CUT and (pair, side(key)) in self._wishes:
            self._wishes[pair, side(key)] = {**self._wishes[pair, side(key)], **notice.facts}
            return None
        if key in SUMMARIES:
            self._add(notice.facts)
            return None
        if self._is_routine(notice, pair):
            return None
        if key in FILLS:
            self._forget(pair)
        wish = self._wishes.pop((pair, side(key)), {}) if key in ENDS else {}
        text, of_pair = self._text(key, {**wish, **notice.facts}, pair)
        shown = OutcomeLine(notice.at, notice.level, text, aside=key == "entry_vetoed")
        if not of_pair:
            return shown
        return replace(shown, pair=pair, kind=f"shown_{KINDS.get(key, 'notice')}")

    def total(self, day: str) -> str:
        """What the hourly summaries since this day add up to; "" when nothing happened."""
        counts, profit = self._counts, self._profit
        self._counts, self._profit = Counter(), Decimal(0)
        if not counts.total():
            return ""
        facts = {"day": day} | {name: str(counts[name]) for name in COUNTS}
        return say("line_day", self._language, **facts, profit=str(profit))

    def _add(self, facts: dict[str, str]) -> None:
        self._counts.update({name: int(facts.get(name, "0")) for name in COUNTS})
        self._profit += Decimal(facts.get("profit", "0"))

    def _forget(self, pair: str) -> None:
        """After a fill of this pair: its next veto is news, and so is one for want of a slot."""
        kept = self._vetoes.items()
        self._vetoes = {p: r for p, r in kept if p != pair and r != "max_open_trades"}

    def _is_routine(self, notice: ShowNotice, pair: str) -> bool:
        """Whether it says nothing that the lines before did not say."""
        key, reason = notice.key, notice.facts.get("reason", "")
        if reason in ROUTINE.get(key, ()):
            return True
        if key != "entry_vetoed":
            return False
        again = self._vetoes.get(pair) == reason
        self._vetoes[pair] = reason
        return again

    def _text(self, key: str, facts: dict[str, str], pair: str) -> tuple[str, bool]:
        """What the line says behind its pair, and whether it is about one.

        The sentence for the console where there is one, else the notice's own without the pair.
        """
        short = f"line_{key}"
        if key == "entry_filled":
            short += "_cut" if "cap" in facts else "" if "tag" in facts else "_bare"
        if short in LANGUAGES["en"]:
            text = say(short, self._language, **facts)
            return text.replace(UNTAGGED, ""), bool(pair)
        whole = say(key, self._language, **facts)
        named = f"{pair_name(pair, self._language)}: "
        about = bool(pair) and whole.startswith(named)
        return whole.removeprefix(named) if about else whole, about


def side(key: str) -> str:
    """Of which side a notice is."""
    return key.partition("_")[0]
