"""The limiter: never too many, never the wrong one first, and nothing lost without a word."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from actors.orders.limiter import Limiter
from core.limits.calls import group_of, priority_of
from core.limits.queue import LimiterState, evolve
from messages.base import After
from messages.config import Config, Exchange
from messages.control import ConfigAdopted
from messages.limits import (
    FOREVER,
    HoldAwaited,
    HoldCalls,
    Refill,
    ReleaseCall,
    SetPace,
    ShowHold,
)
from messages.orders import CancelOrder, Dispatch, Order, OrderReport, QueryOrder, SubmitOrder
from messages.venue_queries import DispatchFetch, FetchAccount, FetchKey, Step
from tests.unit.actors.fold_checks import Turn, turn, turns

NOW = 1_700_000_000.0
EMPTY = LimiterState()


def submit(id: str, side: str = "bid", good_until: float = 0.0) -> SubmitOrder:
    order = Order(id, id, "KRW-BTC", side, "price", Decimal(5000), good_until=good_until)  # type: ignore[arg-type]
    return SubmitOrder(order, f"n-{id}", "{}")


def query(id: str) -> QueryOrder:
    return QueryOrder(id, "KRW-BTC", f"n-{id}", "entry")


def cancel(id: str) -> CancelOrder:
    return CancelOrder(id, "KRW-BTC", f"n-{id}", "entry")


def limited(**limits: int) -> LimiterState:
    return LimiterState(limits=structs.replace(Exchange(), **limits))


def dispatched(taken: Turn) -> list[object]:
    return [message.call for message in taken.of(Dispatch)]


def test_a_call_with_room_goes_out_in_the_same_turn() -> None:
    taken = turn(Limiter, EMPTY, submit("a"), NOW)
    assert dispatched(taken) == [submit("a")]
    assert taken.state.queue == ()
    assert taken.alarms == []


def test_a_call_without_room_waits_exactly_until_there_is_some() -> None:
    state = turn(Limiter, limited(order_per_second=1), submit("a"), NOW).state
    taken = turn(Limiter, state, submit("b"), NOW + 0.25)
    assert dispatched(taken) == []
    assert taken.alarms == [After(0.75, Refill())]
    later = turn(Limiter, taken.state, Refill(), NOW + 1)
    assert dispatched(later) == [submit("b")]
    assert later.state.refills == ()


def test_a_minute_is_limited_too() -> None:
    state = turn(Limiter, limited(order_per_minute=1), submit("a"), NOW).state
    assert turn(Limiter, state, submit("b"), NOW + 20).alarms == [After(40.0, Refill())]


def test_orders_follow_the_venue_that_limits_seconds_and_no_minute() -> None:
    state = limited()
    for number in range(13 * 60):
        at = NOW + number // 13  # one more a second than may go out
        state = turn(Limiter, state, submit(f"{number}"), at).state
    sent = [moment for moment in state.sent["order"] if moment < NOW + 60]
    assert len(sent) == 12 * 60


def test_submits_and_look_ups_do_not_share_a_window() -> None:
    state = turn(Limiter, limited(order_per_second=1), submit("a"), NOW).state
    assert dispatched(turn(Limiter, state, query("a"), NOW)) == [query("a")]
    assert dispatched(turn(Limiter, state, cancel("a"), NOW)) == [cancel("a")]


def test_exits_go_before_cancels_before_entries_before_look_ups() -> None:
    calls = [query("q"), submit("e"), cancel("c"), submit("x", "ask")]
    state = EMPTY
    for call in calls:
        state = turn(Limiter, structs.replace(state, all_until=NOW + 9), call, NOW).state
    assert dispatched(turn(Limiter, state, HoldCalls(), NOW)) == calls[::-1]


def test_after_a_leap_ahead_no_alarm_of_before_is_waited_for() -> None:
    banned = turn(Limiter, EMPTY, HoldCalls(0.0, NOW + 60, all_seconds=60.0), NOW)
    waits = turn(Limiter, banned.state, query("a"), NOW)  # its alarm rings in a minute
    later = NOW + 1200.0
    again = turn(Limiter, waits.state, HoldCalls(0.0, later + 22, all_seconds=22.0), later)
    assert [alarm.seconds for alarm in again.of(After)] == [22.0]


def test_a_second_alarm_is_not_set_while_one_rings_in_time() -> None:
    state = turn(Limiter, limited(order_per_second=1), submit("a"), NOW).state
    for id in "bcd":
        taken = turn(Limiter, state, submit(id), NOW)
        state = taken.state
        assert len(taken.alarms) == (id == "b")
    assert state.refills == (NOW + 1,)


def test_an_earlier_alarm_is_set_beside_one_that_would_come_too_late() -> None:
    held = turn(Limiter, EMPTY, HoldCalls(all_until=NOW + 600), NOW).state
    taken = turn(Limiter, held, submit("a"), NOW)
    assert taken.alarms == [After(600.0, Refill())]
    taken = turn(Limiter, taken.state, submit("b", good_until=NOW + 30), NOW)
    assert [round(alarm.seconds, 2) for alarm in taken.alarms] == [30.0]
    rung = turn(Limiter, taken.state, Refill(), taken.state.refills[-1])
    assert rung.of(OrderReport) == [OrderReport("b", "not_sent", "submit", text="late")]
    assert rung.alarms == []
    assert rung.state.refills == (NOW + 600,)


@pytest.mark.parametrize(
    ("good_until", "sent"), [(0.0, True), (NOW, True), (NOW + 1, True), (NOW - 0.5, False)]
)
def test_a_submit_past_its_time_comes_back_unsent(good_until: float, sent: bool) -> None:
    taken = turn(Limiter, EMPTY, submit("a", good_until=good_until), NOW)
    assert dispatched(taken) == [submit("a", good_until=good_until)] * sent
    late = OrderReport("a", "not_sent", "submit", text="late")
    assert taken.of(OrderReport) == [late] * (not sent)
    assert taken.state.queue == ()


def test_an_open_breaker_holds_entries_and_nothing_else() -> None:
    state = turn(Limiter, EMPTY, HoldCalls(entries_until=FOREVER), NOW).state
    for call in (submit("x", "ask"), cancel("c"), query("q")):
        assert dispatched(turn(Limiter, state, call, NOW)) == [call]
    held = turn(Limiter, state, submit("e"), NOW)
    assert (dispatched(held), held.alarms) == ([], [])
    late = turn(Limiter, held.state, Refill(), NOW + 10**7)  # a clock may leap, a machine sleep
    assert dispatched(late) == []
    assert dispatched(turn(Limiter, late.state, HoldCalls(), NOW + 10**7)) == [submit("e")]


def test_a_ban_holds_everything_until_its_end() -> None:
    state = turn(Limiter, EMPTY, HoldCalls(all_until=NOW + 60), NOW).state
    for call in (submit("x", "ask"), cancel("c"), query("q"), submit("e")):
        taken = turn(Limiter, state, call, NOW)
        assert dispatched(taken) == []
        assert taken.alarms == [After(60.0, Refill())]
        assert dispatched(turn(Limiter, taken.state, Refill(), NOW + 60)) == [call]


def test_a_probe_lets_exactly_one_held_entry_pass() -> None:
    state = turn(Limiter, EMPTY, HoldCalls(entries_until=FOREVER), NOW).state
    for id in "abc":
        state = turn(Limiter, state, submit(id), NOW).state
    taken = turn(Limiter, state, HoldCalls(entries_until=FOREVER, probe=True), NOW + 1)
    assert dispatched(taken) == [submit("a")]
    assert len(taken.state.queue) == 2
    assert dispatched(turn(Limiter, taken.state, HoldCalls(), NOW + 2)) == [
        submit("b"),
        submit("c"),
    ]


def test_a_full_queue_drops_the_last_of_the_lowest_priority() -> None:
    full = structs.replace(limited(queue_max=2), all_until=NOW + 9)
    full = turn(Limiter, full, query("q"), NOW).state
    full = turn(Limiter, full, submit("e"), NOW).state
    exit_in = turn(Limiter, full, submit("x", "ask"), NOW)
    assert [queued.call for queued in exit_in.state.queue] == [submit("x", "ask"), submit("e")]
    assert exit_in.of(OrderReport) == []  # a look-up vanishes: it is asked for again
    entry_in = turn(Limiter, exit_in.state, submit("f"), NOW)
    assert entry_in.of(OrderReport) == [OrderReport("f", "not_sent", "submit", text="queue_full")]
    assert entry_in.state.queue == exit_in.state.queue


def test_a_cancel_takes_its_own_waiting_order_out_of_the_queue() -> None:
    state = structs.replace(EMPTY, all_until=NOW + 9)
    state = turn(Limiter, state, submit("a"), NOW).state
    taken = turn(Limiter, state, cancel("a"), NOW)
    assert taken.of(OrderReport) == [OrderReport("a", "not_sent", "submit", text="taken_back")]
    assert taken.state.queue == ()


def test_the_same_look_up_waits_once() -> None:
    state = structs.replace(EMPTY, all_until=NOW + 9)
    for _ in range(3):
        state = turn(Limiter, state, query("a"), NOW).state
    assert len(state.queue) == 1


def test_a_cut_pace_holds_and_never_exceeds_what_is_configured() -> None:
    state = turn(Limiter, EMPTY, SetPace("order", 1), NOW).state
    state = turn(Limiter, state, submit("a"), NOW).state
    assert dispatched(turn(Limiter, state, submit("b"), NOW)) == []
    state = turn(Limiter, limited(order_per_second=1), SetPace("order", 50), NOW).state
    state = turn(Limiter, state, submit("a"), NOW).state
    assert dispatched(turn(Limiter, state, submit("b"), NOW)) == []


def test_limits_come_from_the_configuration_and_again_from_the_breaker() -> None:
    slow = Exchange(order_per_second=1)
    assert turn(Limiter, EMPTY, ConfigAdopted(Config(exchange=slow)), NOW).state.limits == slow
    assert turn(Limiter, EMPTY, HoldCalls(exchange=slow), NOW).state.limits == slow


def test_a_new_limiter_asks_what_is_to_be_held_back() -> None:
    assert list(Limiter.resume(EMPTY, NOW)) == [HoldAwaited(), ShowHold()]


def test_nothing_leaves_before_the_breaker_has_said_what_is_held_and_at_which_pace() -> None:
    state = evolve(EMPTY, HoldAwaited())
    waiting = turns(Limiter, state, NOW, *(submit(f"x{i}", "ask") for i in range(3)))
    assert dispatched(waiting) == []
    told = turn(Limiter, waiting.state, HoldCalls(paces={"order": 1}), NOW)
    assert dispatched(told) == [submit("x0", "ask")]
    assert told.alarms == [After(1.0, Refill())]


@pytest.mark.parametrize("back", [5.0, 9 * 3600.0, 3 * 86400.0])
def test_after_a_clock_set_back_a_window_stays_full_for_its_own_length(back: float) -> None:
    state = turns(Limiter, limited(order_per_second=2), NOW, submit("a"), submit("b")).state
    full = turn(Limiter, state, submit("x", "ask"), NOW - back)
    assert dispatched(full) == []
    assert full.alarms == [After(1.0, Refill())]
    assert dispatched(turn(Limiter, full.state, Refill(), NOW - back + 1)) == [submit("x", "ask")]


def test_a_ban_holds_for_its_own_length_and_no_longer_on_a_clock_set_back() -> None:
    ban = HoldCalls(all_until=NOW + 20, all_seconds=20.0)
    state = turn(Limiter, EMPTY, ban, NOW).state
    early = turn(Limiter, state, submit("x", "ask"), NOW - 9 * 3600)
    assert early.alarms == [After(20.0, Refill())]
    late = turn(Limiter, early.state, Refill(), NOW - 9 * 3600 + 20)
    assert dispatched(late) == [submit("x", "ask")]


SOME_CALLS = st.tuples(
    st.sampled_from("abcdefgh"), st.sampled_from(["entry", "exit", "query", "cancel"])
).map(
    lambda drawn: {
        "entry": submit(drawn[0], good_until=NOW + 5),
        "exit": submit("x" + drawn[0], "ask"),
        "query": query(drawn[0]),
        "cancel": cancel("c" + drawn[0]),
    }[drawn[1]]
)
MOVES = st.one_of(
    SOME_CALLS,
    st.sampled_from([0.1, 0.5, 1.0, 7.0]),
    st.builds(HoldCalls, st.sampled_from([0.0, NOW + 3]), st.sampled_from([0.0, NOW + 2])),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(MOVES, max_size=60))
def test_whatever_comes_limits_hold_priorities_hold_and_all_ends(moves: list[object]) -> None:
    state, at = limited(order_per_second=2, default_per_second=3, default_per_minute=20), NOW
    sent: dict[str, list[float]] = {"order": [], "default": []}
    pending: list[float] = []

    def take(message: object) -> None:
        nonlocal state
        taken = turn(Limiter, state, message, at)
        state = taken.state
        for call in dispatched(taken):
            sent[group_of(call)].append(at)  # type: ignore[arg-type]
            rank = priority_of(call)  # type: ignore[arg-type]
            left = [
                queued.call for queued in state.queue if group_of(queued.call) == group_of(call)
            ]  # type: ignore[arg-type]
            assert all(priority_of(other) >= rank for other in left)
        for alarm in taken.alarms:
            assert not pending or at + alarm.seconds < min(pending)
            pending.append(at + alarm.seconds)

    def ring_until(moment: float) -> None:
        nonlocal at
        for _ in range(10_000):
            if not pending or min(pending) > moment:
                break
            at = max(at, min(pending))
            pending.remove(min(pending))
            take(Refill())
        at = max(at, moment)

    for move in moves:
        if isinstance(move, float):
            ring_until(at + move)
        else:
            take(move)
    ring_until(at + 3600)
    assert state.queue == ()
    for group, second, minute in (("order", 2, 600), ("default", 3, 20)):
        for moment in sent[group]:
            assert sum(moment <= other < moment + 1 for other in sent[group]) <= second
            assert sum(moment <= other < moment + 60 for other in sent[group]) <= minute


def test_one_look_at_the_account_waits_at_a_time() -> None:
    state = turn(Limiter, limited(default_per_second=1), query("a"), NOW).state
    state = turn(Limiter, state, FetchAccount(NOW), NOW).state
    again = turn(Limiter, state, FetchAccount(NOW + 0.5), NOW + 0.5)
    assert [queued.call for queued in again.state.queue] == [FetchAccount(NOW)]
    later = turn(Limiter, again.state, Refill(), NOW + 1)
    assert later.of(DispatchFetch) == [DispatchFetch(FetchAccount(NOW))]


def edges_idle(state: LimiterState = EMPTY) -> LimiterState:
    for edge in ("venue", "fetcher"):
        state = turn(Limiter, state, ReleaseCall(edge), NOW).state
    return state


def test_an_edge_is_handed_one_call_at_a_time_so_an_exit_overtakes_look_ups() -> None:
    state = turn(Limiter, edges_idle(), query("a"), NOW)
    assert dispatched(state) == [query("a")]
    waiting = state.state
    for call in (query("b"), query("c"), submit("x", "ask")):
        taken = turn(Limiter, waiting, call, NOW)
        assert dispatched(taken) == []
        waiting = taken.state
    freed = turn(Limiter, waiting, ReleaseCall("venue", "default"), NOW + 5)
    assert dispatched(freed) == [submit("x", "ask")]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1)), min_size=40, max_size=40))
def test_however_long_calls_are_on_their_way_no_second_at_the_venue_holds_too_many(
    ways: list[tuple[float, float]],
) -> None:
    """``ways``: of each call how long it takes (s), and after which part of that it is there."""
    state, at = edges_idle(limited(default_per_second=3)), NOW
    arrived: list[float] = []
    coming: list[tuple[float, int, object]] = []  # ends of calls, and alarms

    def take(message: object) -> None:
        nonlocal state
        taken = turn(Limiter, state, message, at)
        state = taken.state
        calls: list[object] = [*taken.of(DispatchFetch), *taken.of(Dispatch)]
        for call in calls[: len(ways) - len(arrived)]:
            seconds, part = ways[len(arrived)]
            arrived.append(at + seconds * part)
            edge = "venue" if isinstance(call, Dispatch) else "fetcher"
            coming.append((at + seconds, len(coming), ReleaseCall(edge)))
        coming.extend((at + alarm.seconds, -1, Refill()) for alarm in taken.alarms)

    for number in range(len(ways)):
        take(query(str(number)))
    while len(arrived) < len(ways):
        take(FetchKey())
        next_ = min(coming, key=lambda one: one[:2])
        coming.remove(next_)
        at = next_[0]
        take(next_[2])
    for moment in arrived:
        assert sum(moment <= other < moment + 1 - 1e-6 for other in arrived) <= 3


def test_what_one_edge_does_holds_up_no_other() -> None:
    state = turn(Limiter, edges_idle(), query("a"), NOW).state
    assert turn(Limiter, state, FetchAccount(NOW), NOW).of(DispatchFetch) != []


def test_a_call_that_an_edge_has_lost_holds_up_the_next_for_a_while_only() -> None:
    state = turn(Limiter, edges_idle(), query("a"), NOW).state
    taken = turn(Limiter, state, query("b"), NOW)
    (alarm,) = taken.alarms
    assert alarm.seconds > float(Exchange().call_seconds)
    later = turn(Limiter, taken.state, Refill(), NOW + alarm.seconds)
    assert dispatched(later) == [query("b")]
    faster = structs.replace(state, pace_of_clock=60.0)
    (longer,) = turn(Limiter, faster, query("b"), NOW).alarms
    assert longer.seconds == 60 * alarm.seconds


@pytest.mark.parametrize("left", [0, 1, 3])
def test_what_the_venue_says_is_left_holds_whatever_was_counted(left: int) -> None:
    state = turn(Limiter, EMPTY, ReleaseCall("fetcher", "default", left), NOW).state
    sent = 0
    for name in "abcde":
        taken = turn(Limiter, state, query(name), NOW)
        state, sent = taken.state, sent + len(dispatched(taken))
    assert sent == left
    assert len(dispatched(turn(Limiter, state, Refill(), NOW + 1))) == 5 - left


def test_a_call_of_another_edge_that_is_under_way_counts_against_what_is_left() -> None:
    state = turn(Limiter, edges_idle(), query("a"), NOW).state
    state = turn(Limiter, state, FetchAccount(NOW), NOW).state
    state = turn(Limiter, state, ReleaseCall("venue", "default", 1), NOW).state
    assert dispatched(turn(Limiter, state, query("b"), NOW)) == []


def test_a_ban_holds_from_the_answer_that_told_it() -> None:
    state = turn(Limiter, edges_idle(), query("a"), NOW).state
    for call in (query("b"), submit("x", "ask")):
        state = turn(Limiter, state, call, NOW).state
    banned = turn(Limiter, state, ReleaseCall("venue", "default", -1, True, 30.0), NOW)
    assert dispatched(banned) == []
    assert dispatched(turn(Limiter, banned.state, Refill(), NOW + 30)) == []
    assert dispatched(turn(Limiter, banned.state, Refill(), NOW + 31)) == [submit("x", "ask")]


def test_every_step_of_a_look_at_the_account_takes_its_own_share() -> None:
    groups = [group_of(FetchAccount(step=step)) for step in get_args(Step)]
    assert groups == ["default", "default", "ticker", "default"]
    state = limited(default_per_second=1)
    state = turn(Limiter, state, FetchAccount(NOW), NOW).state
    taken = turn(Limiter, state, FetchAccount(NOW, "orders"), NOW)
    assert taken.of(DispatchFetch) == []
    assert taken.alarms == [After(1.0, Refill())]
