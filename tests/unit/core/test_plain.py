"""What a foreign text may not bring to a terminal, a log, a page or a chat."""

from __future__ import annotations

import pytest

from core.plain import plain, plain_lines
from i18n import say
from i18n.errors import UserError

ESCAPE = "\x1b[31mred\x1b[0m\x07"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_whatever_is_said_holds_nothing_that_acts_on_a_screen(language: str) -> None:
    text = say("exit_refused", language, pair="KRW-BTC", reason="x", text=f"{ESCAPE}\u202egnp")
    assert text.isprintable()
    assert "[31mred[0mgnp" in text
    block = UserError(f"odd {ESCAPE}", f"at\u2066{ESCAPE}", "", "x\u0085y").block(language)
    assert all(line.isprintable() for line in block.split("\n"))


def test_ends_of_lines_become_spaces_and_what_people_write_stays() -> None:
    assert plain("one\r\ntwo\u2028three") == "one  two three"
    kept = "비트코인(KRW-BTC) 10.5 % \u20a91,000 \U0001f6a8 naïve"
    assert plain(kept) == kept
    assert plain_lines("one\x1b\ntwo\x9b") == "one\ntwo"


def test_marks_that_turn_the_writing_and_lone_surrogates_are_taken_out() -> None:
    odd = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\ud800"
    assert plain(f"a{odd}b") == "ab"


def test_bytes_that_are_no_text_are_shown_by_their_figures() -> None:
    name = b"\xff\xed.csv".decode("utf-8", "surrogateescape")
    assert plain(name) == r"\xff\xed.csv"
    assert plain_lines(f"a\n{name}") == "a\n\\xff\\xed.csv"
