"""Timeranges: which candles of a recording are replayed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adapters.recording import RecordingError, within
from core.market.candles import CandleSeries, series_of
from messages.market import Candle


def hours() -> list[CandleSeries]:
    candles = [Candle(1756684800 + 3600 * n, *[Decimal(5)] * 5) for n in range(72)]
    return [series_of("KRW-A", 3600, candles)]


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [
        ("20250902-20250903", 24, 24),
        ("20250902-", 24, 48),
        ("-20250902", 0, 24),
        ("1756688400-1756695600", 1, 2),
        ("1756688400000-1756695600000", 1, 2),
    ],
)
def test_a_timerange_is_days_or_moments_the_end_excluded(text: str, first: int, count: int) -> None:
    series = within(hours(), text)[0]
    assert (int(series.time[0]), len(series.time)) == (1756684800 + 3600 * first, count)


def test_a_timerange_may_keep_history_before_it() -> None:
    assert len(within(hours(), "20250902-20250903", history=5)[0].time) == 29


@pytest.mark.parametrize("text", ["", "-", "2025-09-01", "20250902-20250901", "20251301-", "x"])
def test_a_wrong_timerange_is_told_the_form(text: str) -> None:
    with pytest.raises(RecordingError, match="20250901-20250910"):
        within(hours(), text)


@pytest.mark.parametrize("text", ["20300101-20300201", "-20250901", "20250904-", "-20200101"])
def test_an_empty_timerange_is_told_what_the_recording_spans(text: str) -> None:
    told = "begin 2025-09-01T00:00:00Z to 2025-09-03T23:00:00Z"
    with pytest.raises(RecordingError, match=told):
        within(hours(), text, history=10)
