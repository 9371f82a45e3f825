"""The breaker: what it takes to open, what it takes to close, and what a restart may not lose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from actors.orders.breaker import Breaker, BreakerState, Pace
from core.limits.calls import BAN_LONGEST
from messages.base import After
from messages.config import Breaker as Rules
from messages.config import Config, Exchange
from messages.control import ConfigAdopted, ConfigTaken
from messages.limits import (
    FOREVER,
    BreakerClosed,
    BreakerHalfOpened,
    BreakerOpened,
    CallFailed,
    CallsRecovered,
    HoldCalls,
    PaceRegrown,
    PaceShrunk,
    ProbeVenue,
    SetPace,
    ShowHold,
    VenueBanned,
)
from messages.orders import CallReport
from tests.unit.actors.fold_checks import turn, turns

NOW = 1_700_000_000.0
UNTIL = NOW + 300
CLOSED = BreakerState()
OPEN = BreakerState(failures=3, until=UNTIL)
HALF = BreakerState(failures=3, until=UNTIL, half_open=True)
OK, FAILED = CallReport("order", "ok"), CallReport("order", "failed")
THROTTLED = CallReport("order", "throttled")
DEFAULTS = Exchange()


def hold(
    entries: bool = False,
    everything: float = 0.0,
    probe: bool = False,
    paces: dict[str, int] | None = None,
    seconds: float = BAN_LONGEST,
) -> HoldCalls:
    held = FOREVER if entries else 0.0
    return HoldCalls(held, everything, probe, DEFAULTS, paces or {}, seconds)


@pytest.mark.parametrize(
    ("state", "report", "said"),
    [
        (CLOSED, OK, []),
        (CLOSED, FAILED, [CallFailed(1)]),
        (BreakerState(failures=1), FAILED, [CallFailed(2)]),
        (BreakerState(failures=2), OK, [CallsRecovered()]),
        (
            BreakerState(failures=2),
            FAILED,
            [BreakerOpened(UNTIL, 3), hold(True), After(300.0, ProbeVenue(UNTIL))],
        ),
        (OPEN, OK, []),
        (OPEN, FAILED, []),
        (HALF, OK, [BreakerClosed(), hold()]),
        (
            HALF,
            FAILED,
            [BreakerOpened(UNTIL, 4), hold(True), After(300.0, ProbeVenue(UNTIL))],
        ),
        (CLOSED, THROTTLED, [PaceShrunk("order", 6, NOW), SetPace("order", 6)]),
        (
            CLOSED,
            CallReport("order", "banned", 90.0),
            [VenueBanned(NOW + 91, 91.0), hold(False, NOW + 91, seconds=91.0)],
        ),
        (
            CLOSED,
            CallReport("order", "banned"),
            [VenueBanned(NOW + 61, 61.0), hold(False, NOW + 61, seconds=61.0)],
        ),
        (BreakerState(banned_until=NOW + 99), CallReport("order", "banned", 5.0), []),
    ],
)
def test_each_answer_in_each_state(
    state: BreakerState, report: CallReport, said: list[object]
) -> None:
    assert turn(Breaker, state, report, NOW).said == said


def test_three_failures_open_it_and_an_answer_between_them_does_not() -> None:
    assert turns(Breaker, CLOSED, NOW, FAILED, FAILED, OK, FAILED, FAILED).state.until == 0
    assert turns(Breaker, CLOSED, NOW, FAILED, FAILED, FAILED).state.until == UNTIL


def test_neither_throttling_nor_a_ban_counts_as_a_failure() -> None:
    said = turns(Breaker, CLOSED, NOW, FAILED, FAILED, THROTTLED, CallReport("order", "banned"))
    assert said.state.failures == 2
    assert said.state.until == 0


def test_after_the_pause_one_probe_goes_out_and_another_after_each_pause() -> None:
    first = turn(Breaker, OPEN, ProbeVenue(UNTIL), UNTIL)
    again = After(300.0, ProbeVenue(UNTIL))
    assert first.said == [BreakerHalfOpened(), hold(True, 0.0, True), again]
    second = turn(Breaker, first.state, ProbeVenue(UNTIL), UNTIL + 300)
    assert second.said == [hold(True, 0.0, True), again]


def test_an_alarm_of_a_former_pause_probes_nothing() -> None:
    assert turn(Breaker, CLOSED, ProbeVenue(UNTIL), UNTIL).said == []
    assert turn(Breaker, OPEN, ProbeVenue(UNTIL - 7), UNTIL).said == []


@pytest.mark.parametrize(
    ("state", "at", "said"),
    [
        (CLOSED, NOW, [hold()]),
        (OPEN, NOW, [hold(True), After(300.0, ProbeVenue(UNTIL))]),
        (OPEN, UNTIL - 20, [hold(True), After(20.0, ProbeVenue(UNTIL))]),
        (OPEN, UNTIL + 5000, [hold(True), After(0.0, ProbeVenue(UNTIL))]),
        (HALF, NOW, [hold(True, 0.0, True), After(0.0, ProbeVenue(UNTIL))]),
        (
            BreakerState(banned_until=UNTIL, paces={"order": Pace(3, NOW)}),
            NOW,
            [hold(False, UNTIL, paces={"order": 3})],
        ),
    ],
)
def test_a_restart_goes_on_with_the_time_that_is_left(
    state: BreakerState, at: float, said: list[object]
) -> None:
    asked = turn(Breaker, state, ShowHold(), at).said  # by the limiter, which starts as well
    assert [*asked, *Breaker.resume(state, at)] == said


def test_an_answer_after_the_pause_closes_it_even_when_its_probe_is_late() -> None:
    assert turn(Breaker, OPEN, OK, UNTIL - 1).said == []
    assert turn(Breaker, OPEN, OK, UNTIL).said == [BreakerClosed(), hold()]


def test_a_limiter_without_memory_is_told_everything_again() -> None:
    state = BreakerState(until=UNTIL, banned_until=NOW + 9, paces={"order": Pace(3, NOW)})
    said = turn(Breaker, state, ShowHold(), NOW).said
    assert said == [hold(True, NOW + 9, paces={"order": 3})]


def test_one_burst_of_too_many_halves_the_pace_once_and_never_below_one() -> None:
    state = turns(Breaker, CLOSED, NOW, THROTTLED, THROTTLED, THROTTLED).state
    assert state.paces["order"].per_second == 6
    for second in range(1, 9):
        state = turn(Breaker, state, THROTTLED, NOW + second).state
    assert state.paces["order"].per_second == 1


def test_a_pace_grows_back_a_minute_at_a_time_with_answers_of_its_own_group() -> None:
    state = turn(Breaker, CLOSED, THROTTLED, NOW).state
    assert turn(Breaker, state, OK, NOW + 59).said == []
    assert turn(Breaker, state, CallReport("default", "ok"), NOW + 60).said == []
    grown = turn(Breaker, state, OK, NOW + 60)
    assert grown.said == [PaceRegrown("order", 12, NOW + 60), SetPace("order", 12)]
    assert grown.state.paces == {}


@pytest.mark.parametrize("back", [9 * 3600.0, 3 * 86400.0])
def test_a_clock_set_back_freezes_no_pace_no_pause_and_no_ban(back: float) -> None:
    at, state = NOW - back, turn(Breaker, CLOSED, THROTTLED, NOW).state
    assert turn(Breaker, state, THROTTLED, at).events == [PaceShrunk("order", 3, at)]
    assert turn(Breaker, state, OK, at).events == [PaceRegrown("order", 12, at)]
    assert list(Breaker.resume(OPEN, at)) == [After(0.0, ProbeVenue(UNTIL))]
    banned = BreakerState(banned_until=NOW + 61, banned_seconds=61.0)
    event = VenueBanned(at + 61, 61.0)
    assert turn(Breaker, banned, CallReport("order", "banned"), at).events == [event]


def test_the_configuration_sets_how_many_failures_and_how_long() -> None:
    config = Config(breaker=Rules(failures=1, pause_seconds=10))
    taken = turn(Breaker, CLOSED, ConfigAdopted(config), NOW)
    assert taken.said == [ConfigTaken(config), hold()]
    assert turn(Breaker, taken.state, FAILED, NOW).state.until == NOW + 10


def test_the_limiter_ends_up_with_the_configured_limits_whoever_spoke_to_it_first() -> None:
    exchange = Exchange(order_per_second=2)
    taken = turn(Breaker, CLOSED, ConfigAdopted(Config(exchange=exchange)), NOW)
    assert taken.said[-1] == structs.replace(hold(), exchange=exchange)


@given(st.lists(st.sampled_from([OK, FAILED, THROTTLED, "alarm"]), max_size=60))
def test_it_is_open_only_with_an_alarm_on_its_way(moves: list[object]) -> None:
    state, at, alarms = CLOSED, NOW, set[float]()
    for move in moves:
        at += 1
        if move == "alarm":
            at = max([at, *alarms])
            said = [turn(Breaker, state, ProbeVenue(until), at) for until in sorted(alarms)]
            taken = next((t for t in said if t.said), None)
            if taken is None:
                continue
        else:
            taken = turn(Breaker, state, move, at)
        state = taken.state
        alarms |= {alarm.message.until for alarm in taken.alarms}  # type: ignore[attr-defined]
        assert not state.until or state.until in alarms
        assert state.until or state.failures < 3


def test_once_closed_it_begins_from_nothing() -> None:
    assert turn(Breaker, HALF, OK, NOW).state == CLOSED
    assert turn(Breaker, BreakerState(failures=2), OK, NOW).state == CLOSED
