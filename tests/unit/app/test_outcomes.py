"""Notices joined into outcomes, and how one process hands them to another."""

from __future__ import annotations

from typing import get_args

import pytest

from app.notice_printer import packed, unpacked
from i18n import LANGUAGES, say
from i18n.styles import OutputStyle
from interfaces.console.notices import NoticePrinter
from interfaces.console.outcomes import KINDS, WISHES, OutcomeLine, Outcomes
from messages.notices import NOTICES, Level, ShowNotice

BTC, ETH = "KRW-BTC", "KRW-ETH"
BUY = {"volume": "0.1", "price": "1000000", "krw": "100000", "fee": "50"}
SELL = {"volume": "0.1", "price": "1010000", "krw": "101000", "profit": "900", "ratio": "0.009"}


def said(
    key: str, pair: str = BTC, at: float = 0.0, level: Level = "info", **facts: str
) -> ShowNotice:
    return ShowNotice(level, key, {"pair": pair, **facts} if pair else facts, at)


def shown(*notices: ShowNotice, language: str = "en") -> list[OutcomeLine]:
    outcomes = Outcomes(language)
    return [found for notice in notices if (found := outcomes.take(notice))]


def wanted(pair: str = BTC, tag: str = "rsi") -> ShowNotice:
    return said("entry_signal", pair, price="1000000", krw="100000", tag=tag)


def test_a_signal_its_order_and_its_fill_are_one_line_with_the_reason() -> None:
    [line] = shown(wanted(), said("entry_filled", **BUY))
    assert (line.kind, line.pair) == ("shown_bought", BTC)
    assert line.text == "₩1,000,000 for ₩100,000 (rsi)"
    [sale] = shown(
        said("exit_signal", price="1", volume="1", reason="roi"),
        said("pair_locked", until="99", reason="cooldown"),
        said("exit_filled", reason="roi", **SELL),
    )
    assert (sale.kind, sale.text) == (
        "shown_sold",
        "+₩900 (+0.90%) at ₩1,010,000: target gain reached",
    )


def test_a_cap_that_cut_the_entry_stands_in_its_line() -> None:
    cut = said("entry_cut", krw="50000", stake="100000", cap="max_order_krw")
    filled = said("entry_filled", **BUY | {"krw": "50000"})
    [line] = shown(wanted(), cut, filled)
    assert line.text == (
        "₩1,000,000 for ₩50,000 instead of ₩100,000 (rsi): exchange.max_order_krw allows no more"
    )
    assert [one.kind for one in shown(cut)] == ["shown_notice"], "without its wish it is told alone"


def test_an_entry_that_was_not_or_not_wholly_filled_says_why_in_its_line() -> None:
    part = "part_filled filled=3 asked=5 limit=2010"
    [line] = shown(wanted(), said("entry_part_filled", **BUY, ending=part))
    assert (line.kind, line.text) == (
        "shown_bought",
        "₩1,000,000 for ₩100,000: the rest was not filled; 3 of 5 were filled; limit ₩2,010",
    )
    [none] = shown(wanted(), said("entry_unfilled", ending="unfilledtimeout limit=2010"))
    assert none.kind == "shown_unfilled"
    assert none.text.endswith("without a fill: not filled in time; limit ₩2,010")


def test_a_fill_whose_signal_was_before_a_restart_is_shown_without_its_reason() -> None:
    [line] = shown(said("entry_filled", **BUY))
    assert line.text == "₩1,000,000 for ₩100,000"


def test_a_strategy_without_reasons_leaves_no_empty_brackets() -> None:
    veto = said("entry_vetoed", ETH, reason="cooldown", conditions="")
    lines = shown(wanted(tag=""), said("entry_filled", **BUY), veto)
    assert [line.text for line in lines] == [
        "₩1,000,000 for ₩100,000",
        "cooldown after the last exit",
    ]


def test_wishes_of_several_pairs_are_kept_apart() -> None:
    lines = shown(
        wanted(BTC, "rsi"),
        wanted(ETH, "macd"),
        said("entry_vetoed", BTC, reason="pair_busy", conditions="rsi"),
        said("entry_filled", ETH, **BUY),
        said("entry_filled", BTC, **BUY),
    )
    assert [(line.pair, line.text[-6:].strip()) for line in lines] == [
        (ETH, "(macd)"),
        (BTC, "(rsi)"),
    ]


def test_a_veto_is_shown_once_until_the_pair_or_the_slots_change() -> None:
    full = said("entry_vetoed", reason="max_open_trades", conditions="rsi")
    cold = said("entry_vetoed", reason="cooldown", conditions="rsi")
    assert len(shown(full, full, full)) == 1
    assert len(shown(full, cold, cold, full)) == 3
    assert len(shown(full, said("exit_filled", ETH, reason="roi", **SELL), full)) == 3
    assert len(shown(cold, said("exit_filled", ETH, reason="roi", **SELL), cold)) == 2


def test_summaries_add_up_and_begin_again() -> None:
    outcomes = Outcomes("en")
    hour = {"since": "0", "signals": "2", "entries": "1", "exits": "1", "refusals": "0"}
    assert outcomes.take(said("summary", "", profit="10", **hour)) is None
    assert outcomes.take(said("summary", "", profit="-30", **hour)) is None
    text = "since 2026-01-05: signals 4, bought 2, sold 2, -₩20, refused 0"
    assert outcomes.total("2026-01-05") == text
    assert outcomes.total("2026-01-06") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_but_a_wish_and_a_summary_is_shown_with_all_its_words(language: str) -> None:
    facts = {"price": "1000", "krw": "5000", "pair": BTC, "since": "0", "until": "0", "profit": "1"}
    for key, names in NOTICES.items():
        whole = {name: facts.get(name, "7") for name in names}
        lines = shown(ShowNotice("warning", key, whole), language=language)
        if key in WISHES or key.startswith("summary"):
            assert not lines
            continue
        [line] = lines
        assert line.text
        assert "-" not in line.text.split(), f"{key} lacks a fact"
        if key in KINDS:
            assert line.pair == BTC, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_before_a_pair_fits_its_column(language: str) -> None:
    from rich.cells import cell_len

    words = [say(f"shown_{kind}", language) for kind in {*KINDS.values(), "notice"}]
    assert max(map(cell_len, words)) <= 8


def test_a_notice_of_a_newer_version_is_shown_as_it_is() -> None:
    [line] = shown(said("whale_sighted", size="9"))
    assert line.text == "whale_sighted pair=KRW-BTC size=9"


@pytest.mark.parametrize("level", get_args(Level))
def test_a_grave_notice_is_marked_and_coloured(level: Level) -> None:
    out: list[str] = []
    look = OutputStyle("en", terminal=True, colours=True)
    NoticePrinter(look, out.append).show(said("breaker_closed", "", level=level))
    assert ("!!" in out[0]) == (level == "critical")
    assert ("\x1b[1;37;41m" in out[0]) == (level == "critical")
    assert ("\x1b[33m" in out[0]) == (level == "warning")


def test_a_notice_is_handed_on_in_one_line_and_nothing_else_is_taken_for_one() -> None:
    notice = said("entry_refused", reason="x", text="two\nlines \x06 장부")
    assert "\n" not in packed(notice)
    assert unpacked(packed(notice)) == notice
    assert unpacked("2026 a line") is None
    assert unpacked(packed(notice)[:-3]) is None
