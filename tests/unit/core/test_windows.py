"""The windows of a rate limit, against counting."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.limits.windows import recorded, room_at


def test_the_first_calls_go_at_once_and_the_next_waits_for_the_oldest() -> None:
    assert room_at((), 2, 100, 10.0) == 10.0
    assert room_at((9.5,), 2, 100, 10.0) == 10.0
    assert room_at((9.5, 9.75), 2, 100, 10.0) == 10.5
    assert room_at((1.0, 2.0, 9.0), 2, 3, 10.0) == 61.0


def test_where_a_minute_has_no_limit_only_the_second_counts() -> None:
    assert room_at(tuple(map(float, range(720))), 12, None, 719.5) == 719.5
    assert room_at(tuple(10.0 + n / 100 for n in range(12)), 12, None, 10.5) == 11.0


@given(
    st.lists(st.floats(0, 3), max_size=120), st.integers(1, 5), st.integers(1, 20), st.booleans()
)
def test_no_second_and_no_minute_holds_more_than_its_limit(
    gaps: list[float], second: int, minute: int, eager: bool
) -> None:
    at, sent, times = 1_700_000_000.0, (), []
    for gap in gaps:
        at += 0 if eager else gap
        at = room_at(sent, second, minute, at)
        sent = recorded(sent, at)
        times.append(at)
    for moment in times:
        assert sum(moment <= other < moment + 1 for other in times) <= second
        assert sum(moment <= other < moment + 60 for other in times) <= minute
    assert len(sent) <= minute
