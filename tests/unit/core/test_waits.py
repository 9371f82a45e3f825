"""What is left of a wait, whatever the clock has done meanwhile."""

from __future__ import annotations

import pytest

from core.waits import due, left, passed, runs

NOW, HOURS, DAYS = 1_700_000_000.0, 9 * 3600.0, 3 * 86400.0


def test_a_wait_ends_at_its_moment() -> None:
    assert left(NOW + 5, NOW, 60.0) == 5
    assert left(NOW, NOW, 60.0) == left(NOW - 1, NOW, 60.0) == 0
    assert not due(NOW + 5, NOW, 60.0)
    assert due(NOW, NOW, 60.0)
    assert runs(NOW + 60, NOW, 60.0)


@pytest.mark.parametrize("back", [61.0, HOURS, DAYS])
def test_one_further_ahead_than_its_longest_wait_is_over(back: float) -> None:
    assert left(NOW, NOW - back, 60.0) == 0
    assert due(NOW, NOW - back, 60.0)
    assert not runs(NOW, NOW - back, 60.0)


def test_what_lies_in_the_future_has_passed() -> None:
    assert passed(NOW - 60, NOW, 60.0)
    assert not passed(NOW - 59, NOW, 60.0)
    assert passed(NOW + HOURS, NOW, 60.0)
