"""kill -9 of the real bot at random instants, while it trades live with a sandbox."""

from __future__ import annotations

import pytest

from tests.proof.kills.campaigns import campaigns

KILLS, JOBS = 200, 4  # a life waits for the market more than it computes


@pytest.mark.timeout(1200)
def test_two_hundred_kills_leave_no_order_twice_none_lost_and_no_won_astray() -> None:
    tally, violations = campaigns(range(1, 9), KILLS, JOBS)
    assert violations == 0
    assert tally.kills == KILLS
    assert tally.orders * 10 >= KILLS
    assert tally.alive * 4 >= KILLS, "too few kills left an order between its intent and its end"
