"""The outbox: what was decided before a crash is sent after it, once; and nobody waits for it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from actors.notifier import Notifier
from actors.outbox import Outbox, OutboxState
from core.notices.channels import GUARD_SECONDS, LETTER_MAX, RESTS, WAITS, added
from core.notices.kinds import OF_KIND, held_until, kind_of, wanted
from messages.account import ExitUnresolved
from messages.base import Event
from messages.config import Config
from messages.control import ConfigAdopted
from messages.limits import BreakerClosed, BreakerOpened
from messages.notices import NOTICES, SummaryDue
from messages.notification_config import Kind, NoticeRule, Notify
from messages.notification_delivery import (
    Channel,
    LetterEnded,
    LetterReport,
    Notice,
    NoticeHeard,
    OpenLanes,
    PostDue,
    SendLetter,
    SummaryCounts,
)
from messages.orders import OrderUncertain
from messages.trading import EntryVetoed
from persistence.verify import examine
from tests.proof.failpoints.points import PointedRuntime
from tests.support.outbox_world import LANE, NOON, SCRIPT, World, sold
from tests.unit.actors.fold_checks import turn, turns

HOUR = 3600.0
LATER = 1200.0  # all pauses of a story are over


def keys(world: World) -> list[list[str]]:
    return [[notice.key for notice in letter.notices] for _, letter in world.arrived]


def sound(world: World) -> bool:
    folds = {a.name: (a.State, a.evolve, a.State()) for a in (Outbox, world.teller)}
    return not examine(world.store, folds)


TOLD = SummaryCounts(signals=2, exits=2, profit=Decimal(200))  # what the script adds up to


def test_everything_arrives_once_and_the_journal_folds_to_what_is_written(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live(LATER)
    assert world.came() == world.due() == Counter(dict.fromkeys(world.due(), 1))
    assert len(world.due()) == 6, "of the script all but the refusals"
    assert world.state().lanes == (world.state().lanes[0],)
    assert not world.state().lanes[0].queue
    assert world.state().tally == TOLD
    assert sound(world)


@pytest.mark.parametrize("seconds", [3.0, 0.7], ids=["each gathered alone", "several at once"])
def test_a_crash_anywhere_loses_nothing_and_doubles_nothing_but_what_is_unsure(
    tmp_path: Path, seconds: float
) -> None:
    whole = World(tmp_path / "whole", seconds=seconds).live(LATER).passed
    unsure = exact = 0
    for name, passings in whole.items():
        for passing in range(1, passings + 1):
            world = World(tmp_path / f"{name}{passing}".replace("/", "-"), seconds=seconds)
            assert world.live(LATER, (name, passing)).crashed, name
            again = world.now
            world.live(LATER, seed=2)
            ends = [e for e in world.store.events() if isinstance(e.body, LetterEnded)]
            cut = [e.body for e in ends if e.body.outcome == "unsure"]
            assert [e.at for e in ends if e.body.outcome == "unsure"] in ([], [again])
            due, came = world.due(), world.came()
            assert world.state().tally == TOLD, (name, passing)
            assert set(came) <= set(due), name
            if not cut:
                assert came == due, (name, passing)
                exact += 1
                continue
            unsure += 1
            (event,) = cut
            grave = event.then == "again"
            twins = [letter for _, letter in world.arrived if letter.again]
            assert bool(twins) == grave, "what is grave is sent again, and says so"
            for line in due:
                least = 1 if grave or "uncertain" in line or "breaker_opened" in line else 0
                assert least <= came[line] <= (2 if grave else 1), (name, passing, line)
            if due - came:
                missed = [letter.missed for _, letter in world.arrived if letter.missed]
                assert missed or world.state().lanes[0].missed, "what perhaps did not is told"
            assert sound(world)
    assert exact > 50
    assert unsure > 4


def test_hearing_costs_no_commit_and_many_notices_become_one_letter(tmp_path: Path) -> None:
    world = World(tmp_path, *[sold(f"KRW-A{n}") for n in range(30)], seconds=0.01)
    written = world.live(LATER).written
    assert len(world.arrived) == 1
    assert len(world.arrived[0][1].notices) == 30
    assert written == 30 + 3, "the teller's own; the lane opened, the letter begun, and ended"


def test_the_same_said_again_is_told_once_with_its_count(tmp_path: Path) -> None:
    world = World(tmp_path, *[BreakerClosed()] * 5, sold("KRW-BTC"), seconds=0.1)
    world.live(LATER)
    assert [(n.key, n.times) for n in world.arrived[0][1].notices] == [
        ("breaker_closed", 5),
        ("exit_filled", 1),
    ]


def test_what_happens_each_minute_is_sent_once_and_again_after_an_hour(tmp_path: Path) -> None:
    minutes = [ExitUnresolved("i", "KRW-XRP", 60 * n) for n in range(1, 91)]
    world = World(tmp_path, *minutes, seconds=60.0)
    world.live(90 * 60 + LATER)
    assert [round(at - NOON, -2) for at, _ in world.arrived] == [0, HOUR]
    assert [n.facts["seconds"] for _, one in world.arrived for n in one.notices] == ["60", "3660"]


def test_a_failed_send_is_tried_after_1_2_and_4_seconds_and_then_rests(tmp_path: Path) -> None:
    world = World(tmp_path, OrderUncertain("i", "KRW-XRP", "bid", "timeout"))
    world.fail(*["failed"] * 9)
    world.live(LATER)
    waits = [round(b - a, 3) for a, b in zip(world.tried, world.tried[1:], strict=False)]
    assert waits == [*WAITS, RESTS[0], *WAITS, RESTS[1], *WAITS[:1]]
    assert world.came() == world.due()


def test_infos_are_given_up_at_a_rest_and_the_next_letter_tells_how_many(tmp_path: Path) -> None:
    world = World(tmp_path, sold("KRW-BTC"), *[BreakerClosed()] * 40, seconds=5.0)
    world.fail(*["failed"] * 4)
    world.live(LATER)
    (_, first), *_ = world.arrived
    lane = world.state().lanes[0]
    assert first.missed == lane.left_out > 0
    assert sum(world.came().values()) + lane.left_out == sum(world.due().values())


def test_a_busy_messenger_is_left_alone_for_as_long_as_it_asks(tmp_path: Path) -> None:
    world = World(tmp_path, sold("KRW-BTC"))
    world.fail("busy", "busy", "busy", "busy", "busy", seconds=37.0)
    world.live(LATER)
    waits = {round(b - a, 3) for a, b in zip(world.tried, world.tried[1:], strict=False)}
    assert waits == {37.0}
    assert world.came() == world.due()


def test_parts_follow_each_other_half_a_second_apart(tmp_path: Path) -> None:
    world = World(tmp_path, sold("KRW-BTC"))
    world.fail("sent", "sent", "sent", parts=3)
    world.live(LATER)
    assert [letter.part for _, letter in world.arrived] == [0, 1, 2]
    assert [round(at - world.tried[0], 3) for at in world.tried] == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(("least", "times"), [("warning", 2), ("info", 2), ("critical", 1)])
def test_what_perhaps_arrived_is_repeated_from_its_level_on(least: str, times: int) -> None:
    told = OutboxState(notify=Notify(repeat_from=least))  # type: ignore[arg-type]
    state = turns(Outbox, told, NOON, OpenLanes((LANE,)), SCRIPT[3]).state
    begun = turn(Outbox, state, PostDue(), NOON + 5)
    (sent,) = begun.of(SendLetter)
    ended = turn(Outbox, begun.state, LetterReport(LANE, sent.attempt, "unsure"), NOON + 6)
    again = turn(Outbox, ended.state, PostDue(), NOON + 60).of(SendLetter)
    assert len(again) == times - 1
    assert all(letter.again for letter in again)


def test_a_letter_that_is_not_taken_stops_no_other(tmp_path: Path) -> None:
    world = World(tmp_path, BreakerOpened(NOON, 3), sold("KRW-BTC"), seconds=30.0)
    world.fail("invalid")
    world.live(LATER)
    assert keys(world) == [["exit_filled"]]
    assert world.arrived[0][1].missed == 1


def test_a_lane_is_bounded_and_the_oldest_of_the_least_grave_makes_room() -> None:
    infos = tuple(Notice("info", "trade", {"n": str(n)}, float(n)) for n in range(8))
    grave = Notice("critical", "venue_banned", {}, 0.5)
    lane = added(added(Channel(LANE), (grave,), 5), infos, 5)
    assert [one.facts.get("n") for one in lane.queue] == [None, "4", "5", "6", "7"]
    assert (lane.missed, lane.left_out) == (4, 4)
    assert all(one.level == "critical" for one in added(lane, (grave,) * 9, 1).queue)


def test_a_dead_messenger_does_not_grow_the_outbox(tmp_path: Path) -> None:
    events = [sold(f"KRW-A{n}") for n in range(500)]
    world = World(tmp_path, *events, BreakerOpened(NOON, 3), seconds=2.5)
    world.fail(*["refused"] * 10_000)
    world.live(1600.0)
    (lane,) = world.state().lanes
    assert len(lane.queue) + len(lane.letter) <= 200 + LETTER_MAX
    waiting = [one.key for one in (*lane.queue, *lane.letter)]
    assert "breaker_opened" in waiting, "what is critical is never dropped for an info"
    assert len(world.tried) < 30, "it rests for longer each time"


def test_in_quiet_hours_notices_wait_and_what_is_critical_does_not(tmp_path: Path) -> None:
    rule = NoticeRule("trades", "info", "11:00-12:20")
    config = ConfigAdopted(Config(notify=Notify((rule,))))
    world = World(tmp_path, config, sold("KRW-BTC"), BreakerOpened(NOON, 3), seconds=5.0)
    world.live(HOUR)
    told = {n.key: at - NOON for at, letter in world.arrived for n in letter.notices}
    assert told["breaker_opened"] < 60
    assert 1200 <= told["exit_filled"] < 1210


@pytest.mark.parametrize(
    ("clock", "held"),
    [(22.5, 8.5), (23.0, 8.0), (3.0, 4.0), (6.99, 0.01), (7.0, 0), (12.0, 0), (22.4, 0)],
)
def test_quiet_hours_go_over_midnight_in_korean_time(clock: float, held: float) -> None:
    rule = NoticeRule("trades", "info", "22:30-07:00")
    at = NOON + (clock - 12) * HOUR
    notice = Notice("info", "exit_filled", {}, at)
    until = held_until(notice, Notify((rule,)), at)
    assert round((until - at) / HOUR if until else 0, 6) == held
    assert held_until(Notice("critical", "exit_filled", {}, at), Notify((rule,)), at) == 0


def test_levels_hold_by_kind_and_what_is_critical_always_goes() -> None:
    rules = Notify((NoticeRule("orders", "critical"), NoticeRule("refusals", "info")))
    assert not wanted(Notice("warning", "order_uncertain", {}, 0), rules)
    assert wanted(Notice("critical", "order_disputed", {}, 0), rules)
    assert wanted(Notice("info", "entry_vetoed", {}, 0), rules)
    off = Notify(tuple(NoticeRule(kind, "off") for kind in get_args(Kind)))
    levels = {
        level: wanted(Notice(level, key, {}, 0), off)
        for key in NOTICES
        for level in ("info", "warning", "critical")
    }
    assert levels == {"info": False, "warning": False, "critical": True}


def test_refusals_are_in_the_summary_only_and_it_tells_what_the_notifiers_does() -> None:
    veto = EntryVetoed("KRW-BTC", 60, "cooldown", ("rsi",))
    start = turns(Outbox, OutboxState(), NOON, OpenLanes((LANE,)))
    heard = turns(Outbox, start.state, NOON + 1, veto, sold("KRW-BTC"), veto)
    assert [e.notice.key for e in heard.of(NoticeHeard) if e.notice] == ["exit_filled"]
    night = turn(Outbox, heard.state, PostDue(), NOON + 12 * HOUR)
    queue = night.state.lanes[0].queue
    (summary,) = [notice for notice in queue if notice.key == "summary"]
    told = turns(Notifier, Notifier.State(since=NOON), NOON, veto, sold("KRW-BTC"), veto)
    (shown,) = [n for n in turn(Notifier, told.state, SummaryDue(), NOON).said if hasattr(n, "key")]
    assert summary.facts == shown.facts
    assert night.state.tally == OutboxState().tally


def test_every_notice_is_of_a_kind_and_every_kind_has_notices() -> None:
    listed = [key for named in OF_KIND.values() for key in named]
    assert set(listed) <= set(NOTICES)
    assert len(listed) == len(set(listed))
    kinds = {kind_of(Notice("info", key, {}, 0)) for key in NOTICES}
    assert kinds == set(get_args(Kind))


def test_a_send_of_which_nobody_reports_ends_unsure_and_a_late_report_changes_nothing() -> None:
    state = turns(Outbox, OutboxState(), NOON, OpenLanes((LANE,)), sold("KRW-BTC")).state
    begun = turn(Outbox, state, PostDue(), NOON + 5)
    (sent,) = begun.of(SendLetter)
    over = turn(Outbox, begun.state, PostDue(), NOON + 5 + GUARD_SECONDS)
    assert [e.outcome for e in over.of(LetterEnded)] == ["unsure"]
    late = turn(Outbox, over.state, LetterReport(LANE, sent.attempt, "failed"), NOON + 700)
    assert late.said == []


def test_a_messenger_that_is_gone_takes_its_letters_along_and_the_other_keeps_its_own() -> None:
    both = turns(Outbox, OutboxState(), NOON, OpenLanes(("a", "b")), sold("KRW-BTC")).state
    held = turn(Outbox, both, PostDue(), NOON + 5).state
    left = turn(Outbox, held, OpenLanes(("b", "c")), NOON + 6).state
    assert [(lane.name, len(lane.letter)) for lane in left.lanes] == [("b", 1), ("c", 0)]


def test_what_is_in_memory_alone_is_never_part_of_what_is_written() -> None:
    state = OutboxState()
    messages = (OpenLanes((LANE,)), *SCRIPT, PostDue(), *SCRIPT[:3], LetterReport(LANE, 1, "sent"))
    for step, message in enumerate(messages):
        done = turn(Outbox, state, message, NOON + step)
        lasting = [e for e in done.said if isinstance(e, Event) and not isinstance(e, NoticeHeard)]
        assert not lasting or not done.of(NoticeHeard), "they are never mixed in one turn"
        if lasting:
            assert done.state.heard == ()
            assert reduce(Outbox.evolve, lasting, state) == done.state
        state = done.state


def leaping(at: float, seconds: float) -> type[PointedRuntime]:
    """A machine whose clock leaps then, seen by its alarms, which do not."""

    class Leaping(PointedRuntime):
        def now(self) -> float:
            return self.time + (seconds if self.time >= NOON + at else 0.0)

    return Leaping


@pytest.mark.parametrize("seconds", [-1800.0, -300.0, -20.0, 20.0, 300.0, 1800.0])
@pytest.mark.parametrize("at", [2.0, 10.0, 15.0, 30.0, 70.0])
def test_a_lane_that_rests_goes_on_within_its_own_rest_whatever_the_clock_does(
    tmp_path: Path, at: float, seconds: float
) -> None:
    world = World(tmp_path, BreakerOpened(NOON + 300, 3))
    world.clock = leaping(at, seconds)
    world.fail(*["failed"] * 4)
    world.live(600.0)
    gaps = [later - before for before, later in pairwise(world.tried)]
    assert len(world.tried) == 5
    assert max(gaps) <= 2 * 60.0 + 1.0, gaps
    assert world.came() == world.due()


@pytest.mark.parametrize(("gather", "ahead"), [(5, 302.0), (60, 330.0)])
def test_a_notice_just_after_a_leap_ahead_does_not_wait_for_an_alarm_of_before(
    tmp_path: Path, gather: int, ahead: float
) -> None:
    """By the clock the alarm that guards the first letter is about to ring: it is minutes off."""
    first, later = sold("KRW-BTC"), sold("KRW-ETH")
    adopted = ConfigAdopted(Config(notify=Notify(gather_seconds=gather)))
    world = World(tmp_path, adopted, first, later, seconds=300.0)
    world.clock = leaping(599.0, ahead)
    world.live(1200.0)
    assert world.came() == world.due()
    assert world.tried[-1] <= NOON + 1.0 + 600.0 + gather + 2.0


def test_a_clock_that_is_set_back_holds_up_no_letter_and_no_look_for_long() -> None:
    late = NOON + 20 * HOUR
    state = turns(Outbox, OutboxState(), late, OpenLanes((LANE,)), sold("KRW-BTC")).state
    sent = turn(Outbox, state, PostDue(), late + 5)
    failed = turn(Outbox, sent.state, LetterReport(LANE, 1, "refused"), late + 6)
    waiting = turn(Outbox, failed.state, OrderUncertain("i", "KRW-XRP", "bid", "timeout"), NOON)
    back = turn(Outbox, waiting.state, PostDue(), NOON)
    assert len(back.of(SendLetter)) == 1
    assert all(alarm.seconds <= HOUR for alarm in (*failed.alarms, *back.alarms))
