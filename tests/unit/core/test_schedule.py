"""The plan of a replay against a plain scan of every candle."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.market.candles import CandleSeries, candle_at, series_of
from core.market.synthetic import synthetic_market
from core.replay.schedule import Schedule, Step, next_step, passed, schedule_of, span, total
from core.strategy import Signals, verdict_at
from messages.base import ReplayPosition
from messages.market import Candle, Verdict, Watch

PAIRS = ("KRW-B", "KRW-A", "KRW-C")  # the order given, not the alphabet's


def plain_next(
    candle_series: list[CandleSeries],
    signals: list[Signals],
    startup: int,
    bulk: bool,
    position: ReplayPosition,
    now: float,
    watches: list[Watch],
) -> tuple[str, int] | None:
    """The rule told plainly: go through all candles in order and take the first that matters."""
    order = [series.pair for series in candle_series]
    place = order.index(position.pair) if position.pair in order else -1
    rows = [
        (int(t), p, i)
        for p, series in enumerate(candle_series)
        for i, t in enumerate(series.time.tolist())
    ]
    for time, p, i in sorted(rows):
        if i < startup - 1 or (time, p) <= (position.time, place) or time + 60 < now:
            continue
        candle, own = candle_at(candle_series[p], i), [w for w in watches if w.pair == order[p]]
        bands = [w for w in own if w.below is not None or w.above is not None]
        if (
            not bulk
            or signals[p].entry[i]
            or any(w.every for w in own)
            or any(w.below is not None and candle.low <= w.below for w in bands)
            or any(w.above is not None and candle.high > w.above for w in bands)
            or (bands and signals[p].exit[i])
        ):
            return order[p], i
    return None


@st.composite
def replays(draw: st.DrawFn) -> tuple[list[CandleSeries], list[Signals]]:
    candle_series, signals = [], []
    for pair in PAIRS[: draw(st.integers(1, 3))]:
        minutes = sorted(draw(st.sets(st.integers(0, 40), max_size=30)))
        lows = draw(st.lists(st.integers(90, 110), min_size=len(minutes), max_size=len(minutes)))
        candles = [
            Candle(60 * m, *(Decimal(x) / 10 for x in (low, low + 5, low, low + 2)), Decimal(1))
            for m, low in zip(minutes, lows, strict=True)
        ]
        flags = st.lists(st.integers(0, 9), min_size=len(minutes), max_size=len(minutes))
        entry = np.array([x == 0 for x in draw(flags)], dtype=np.bool_)
        leave = np.array([x == 0 for x in draw(flags)], dtype=np.bool_)
        candle_series.append(series_of(pair, 60, candles))
        signals.append(Signals(entry, leave, {"rsi": entry}))
    return candle_series, signals


LEVELS = st.none() | st.integers(850, 1200).map(lambda n: Decimal(n) / 100)
WATCHES = st.lists(
    st.builds(
        Watch,
        watcher=st.sampled_from(["holdings", "paper"]),
        pair=st.sampled_from([*PAIRS, "KRW-UNKNOWN"]),
        below=LEVELS,
        above=LEVELS,
        every=st.integers(0, 5).map(lambda n: n == 0),
    ),
    max_size=4,
)
POSITIONS = st.builds(
    ReplayPosition, st.integers(-1, 42).map(lambda m: 60 * m), st.sampled_from(PAIRS)
)


@pytest.mark.parametrize("block", [2, 3, 256])
def test_the_next_step_is_the_one_a_plain_scan_finds(block: int) -> None:
    @settings(max_examples=300, deadline=None)
    @given(replays(), st.integers(1, 6), st.booleans(), POSITIONS, st.integers(0, 2500), WATCHES)
    def check(
        replay: tuple[list[CandleSeries], list[Signals]],
        startup: int,
        bulk: bool,
        position: ReplayPosition,
        now: int,
        watches: list[Watch],
    ) -> None:
        plan = schedule_of(*replay, startup, bulk, block)
        for moment in (0.0, now + 0.5, float(now // 60 * 60)):
            found = next_step(plan, position, moment, watches)
            expected = plain_next(*replay, startup, bulk, position, moment, watches)
            assert (found and (found.pair, found.index)) == expected
            check_step(replay, found)

    check()


def check_step(replay: tuple[list[CandleSeries], list[Signals]], found: Step | None) -> None:
    if found is None:
        return
    place = PAIRS.index(found.pair)
    assert found.candle == candle_at(replay[0][place], found.index)
    assert found.time == found.candle.time
    assert found.verdict == verdict_at(replay[1][place], found.index)


def taken(plan: Schedule, watches: list[Watch]) -> list[tuple[int, str]]:
    steps, position = [], ReplayPosition()
    while step := next_step(plan, position, position.time + 60.0, watches):
        position = ReplayPosition(step.time, step.pair)
        steps.append((step.time, step.pair))
    return steps


@settings(max_examples=100, deadline=None)
@given(replays(), st.integers(1, 6))
def test_without_bulk_every_candle_after_the_history_comes_once_in_order(
    replay: tuple[list[CandleSeries], list[Signals]], startup: int
) -> None:
    plan = schedule_of(*replay, startup, bulk=False)
    expected = sorted(
        (time, place)
        for place, series in enumerate(replay[0])
        for time in series.time[startup - 1 :].tolist()
    )
    steps = taken(plan, [])
    assert steps == [(time, PAIRS[place]) for time, place in expected]
    assert len(steps) == total(plan)
    done = [passed(plan, ReplayPosition(time, pair)) for time, pair in steps]
    assert done == list(range(1, len(steps) + 1))


def quiet_plan(pairs: int) -> tuple[list[CandleSeries], Schedule]:
    source = synthetic_market(seed=8, days=30)
    candle_series = [
        CandleSeries(
            f"KRW-{n:02}", *(getattr(source[n % 5], f) for f in CandleSeries.__struct_fields__[1:])
        )
        for n in range(pairs)
    ]
    none = [np.zeros(len(series.time), dtype=np.bool_) for series in candle_series]
    return candle_series, schedule_of(candle_series, [Signals(n, n) for n in none], 400)


def test_a_level_far_away_is_found_where_it_is_first_reached() -> None:
    candle_series, plan = quiet_plan(20)
    for series in (candle_series[0], candle_series[7], candle_series[14]):
        lowest = int(np.argmin(series.low[399:])) + 399
        below = candle_at(series, lowest).low
        found = next_step(
            plan, ReplayPosition(), 0.0, [Watch("holdings", series.pair, below=below)]
        )
        assert found is not None
        assert (found.pair, found.index) == (series.pair, lowest)
        assert found.verdict == Verdict()


def test_a_band_that_is_never_left_ends_the_plan() -> None:
    candle_series, plan = quiet_plan(1)
    watch = Watch("holdings", candle_series[0].pair, below=Decimal(1), above=Decimal(10**10))
    assert next_step(plan, ReplayPosition(), 0.0, [watch]) is None
    assert (
        next_step(plan, ReplayPosition(), 0.0, [Watch("holdings", candle_series[0].pair)]) is None
    )


def test_a_replay_knows_its_span() -> None:
    candle_series, plan = quiet_plan(2)
    assert span(plan) == (
        int(min(t.time[399] for t in candle_series)),
        int(max(t.time[-1] for t in candle_series)) + 60,
    )
    assert span(schedule_of([], [], 400)) == (0, 0)
    assert next_step(schedule_of([], [], 400), ReplayPosition(), 0.0) is None


def test_two_tapes_of_one_pair_or_of_two_lengths_are_no_replay() -> None:
    candle_series, _ = quiet_plan(1)
    none = np.zeros(len(candle_series[0].time), dtype=np.bool_)
    with pytest.raises(ValueError, match="one tape for each pair"):
        schedule_of([candle_series[0], candle_series[0]], [Signals(none, none)] * 2, 400)
