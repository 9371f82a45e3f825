"""Which candles are still to be had, and when they are asked for again."""

from __future__ import annotations

import pytest

from actors.market.history import ANSWER_SECONDS, History
from messages.venue_queries import CandlesReport

A = "KRW-A"


@pytest.mark.parametrize("pace", [1.0, 60.0])
def test_a_page_has_as_long_to_come_on_a_market_that_runs_faster(pace: float) -> None:
    history = History(60, 100, pace)
    history.missed([A], 0.0, 6000, 0.0)
    assert [call.pair for call in history.due(0.0)] == [A]
    assert [*history.due(pace * ANSWER_SECONDS - 1.0)] == []
    assert [call.pair for call in history.due(pace * ANSWER_SECONDS)] == [A]
    history.take(CandlesReport(A, 60, failed="timeout", until=6000.0), 0.0)
    assert [*history.due(pace - 0.5)] == []
    assert [call.pair for call in history.due(pace)] == [A]
