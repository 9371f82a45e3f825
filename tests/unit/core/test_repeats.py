"""What goes on and on is told at once, after an hour, and then once a day."""

from __future__ import annotations

import pytest

from core.notices.repeats import DAY, MOST, OF_A_HALT, OVER, REPEATING, RepeatFilter
from messages.notices import NOTICES

NOW = 1_700_000_000.0
LOCKED = {"pair": "KRW-BTC", "reason": "market_offline", "text": ""}
MINUTES = range(0, 3 * 1440)


def told(thinning: RepeatFilter, key: str, facts: dict[str, str]) -> list[int]:
    """The minutes of three days at which it is told, where it happens in each."""
    return [m for m in MINUTES if thinning.tells("warning", key, facts, NOW + 60 * m)]


@pytest.mark.parametrize("key", REPEATING)
def test_what_happens_each_minute_is_told_after_an_hour_and_then_daily(key: str) -> None:
    facts = dict.fromkeys(NOTICES[key], "x")
    assert told(RepeatFilter(), key, facts) == [0, 60, 60 + 1440, 60 + 2 * 1440]


@pytest.mark.parametrize("key", sorted(OF_A_HALT))
def test_a_halt_that_comes_and_goes_each_minute_is_told_so_too_and_no_other_bar_is(
    key: str,
) -> None:
    facts = dict.fromkeys(NOTICES[key], "x")
    halt = {**facts, "reason": "halted"}
    assert told(RepeatFilter(), key, halt) == [0, 60, 60 + 1440, 60 + 2 * 1440]
    assert told(RepeatFilter(), key, facts) == [*MINUTES]


def test_what_differs_in_its_pair_or_its_reason_is_another_thing() -> None:
    thinning = RepeatFilter()
    others = ({"pair": "KRW-ETH"}, {"reason": "killed"})
    for facts in (LOCKED, *({**LOCKED, **other} for other in others)):
        assert thinning.tells("warning", "entry_refused", facts, NOW)
        assert not thinning.tells("warning", "entry_refused", {**facts, "text": "2"}, NOW + 1)
    assert thinning.tells("critical", "entry_refused", LOCKED, NOW + 2), "it has become graver"


def test_what_is_over_is_news_when_it_begins_again() -> None:
    thinning = RepeatFilter()
    assert thinning.tells("critical", "exit_unresolved", {"pair": "KRW-BTC"}, NOW)
    thinning.tells("info", "order_arrived", {"pair": "KRW-ETH"}, NOW + 1)
    assert not thinning.tells("critical", "exit_unresolved", {"pair": "KRW-BTC"}, NOW + 2)
    thinning.tells("info", "order_arrived", {"pair": "KRW-BTC"}, NOW + 3)
    assert thinning.tells("critical", "exit_unresolved", {"pair": "KRW-BTC"}, NOW + 4)


def test_what_was_done_is_told_each_time() -> None:
    thinning = RepeatFilter()
    done = [key for key in NOTICES if key not in REPEATING]
    for key in (*done, *done):
        assert thinning.tells("info", key, dict.fromkeys(NOTICES[key], "x"), NOW)


def test_a_clock_that_was_set_back_silences_nothing() -> None:
    thinning = RepeatFilter()
    assert thinning.tells("warning", "entry_refused", LOCKED, NOW + DAY)
    assert thinning.tells("warning", "entry_refused", LOCKED, NOW)


def test_its_memory_is_bounded_and_lets_go_of_the_oldest() -> None:
    thinning = RepeatFilter()
    for number in range(MOST + 1):
        thinning.tells("warning", "entry_refused", {**LOCKED, "reason": str(number)}, NOW)
    assert thinning.tells("warning", "entry_refused", {**LOCKED, "reason": "0"}, NOW + 1)
    last = {**LOCKED, "reason": str(MOST)}
    assert not thinning.tells("warning", "entry_refused", last, NOW + 1)


def test_every_name_is_one_of_a_notice_with_these_facts() -> None:
    for key, facts in REPEATING.items():
        assert set(facts) <= set(NOTICES[key])
    for key, ended in OVER.items():
        assert key in NOTICES
        assert set(ended) <= set(REPEATING)
