"""The shells of actors and both runtimes, with toy actors on a real store."""

from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pykka import ActorRegistry

from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.edge import Edge
from actors.runtime.owner import Outputs
from actors.runtime.system import System
from actors.runtime.threaded import ThreadedRuntime
from actors.supervisor import Supervisor
from messages.base import After, Envelope
from messages.config import Bounds
from messages.control import OperatorReply, StopEntry
from messages.limits import CallFailed
from messages.notices import ShowNotice, SummaryDue
from messages.orders import CallReport
from persistence.store import Record, Store
from tests.support.toy_actors import (
    TOYS,
    Adder,
    Counter,
    CountState,
    Speaker,
    reports,
    store_at,
    totals,
    toy_system,
)


class PowerLoss(Exception):
    """The power goes, before or after a commit."""


class LosingStore:
    """A store that loses power once, at its n-th commit, before or after it."""

    def __init__(self, store: Any, at: int, after: bool) -> None:
        self.inner, self.left, self.after, self.lost = store, at, after, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def commit(self, *arguments: Any) -> list[Envelope]:
        if self.lost:
            raise PowerLoss
        self.left -= 1
        self.lost = self.left == 0
        if self.lost and not self.after:
            raise PowerLoss
        done: list[Envelope] = self.inner.commit(*arguments)
        if self.lost:
            raise PowerLoss
        return done


@pytest.mark.parametrize("seed", range(5))
def test_each_event_is_taken_in_once_whatever_the_order(tmp_path: Path, seed: int) -> None:
    store = store_at(tmp_path)
    runtime = DeterministicRuntime(0.0, seed)
    system = toy_system(runtime, store)
    for report in reports(10):
        system.send(report, source="test")
    runtime.run()
    assert totals(store) == (10, Decimal(55))
    assert system.failed is None
    assert system.tools["heard"].count("7") == 1, "a hoarse speaker is restarted, its letter lost"
    store.close()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 20))
def test_power_lost_at_any_commit_loses_and_doubles_nothing_acknowledged(
    tmp_path: Path, at: int, after: bool
) -> None:
    store = store_at(tmp_path)
    losing = LosingStore(store, at, after)
    runtime = DeterministicRuntime(0.0, at)
    system = System(runtime, losing, TOYS, {"heard": []})  # type: ignore[arg-type]
    system.start()
    for report in reports(10):
        system.send(report, source="test")
    runtime.run()
    assert losing.lost
    assert system.failed is not None
    runtime = DeterministicRuntime(0.0, Random(at).randrange(100))
    toy_system(runtime, store)
    runtime.run()
    count, total = totals(store)
    assert total == sum(range(1, count + 1)), "what was counted was added, exactly once"
    store.close()


def test_the_same_seed_gives_the_same_journal(tmp_path: Path) -> None:
    journals = []
    for name in ("a", "b"):
        store = store_at(tmp_path / name)
        runtime = DeterministicRuntime(0.0, 42)
        system = toy_system(runtime, store)
        for report in reports(20):
            system.send(report, source="test")
        runtime.run()
        journals.append(list(store.events()))
        store.close()
    assert journals[0] == journals[1]


def test_an_alarm_moves_the_virtual_clock_and_rings_when_all_is_quiet(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    runtime = DeterministicRuntime(100.0)
    system = toy_system(runtime, store)
    system.send(CallReport("order", "throttled", 30.0), source="test")
    system.send(CallReport("order", "failed"), source="test")
    runtime.run_until(129.0)
    assert totals(store)[0] == 1
    runtime.run_until(130.0)
    assert totals(store)[0] == 2
    last = store.last()
    assert last is not None
    assert last.at == 130.0
    store.close()


@pytest.mark.parametrize("real", [False, True])
def test_an_alarm_of_real_seconds_is_as_long_on_a_clock_that_runs_faster(
    tmp_path: Path, real: bool
) -> None:
    store = store_at(tmp_path)
    runtime = DeterministicRuntime(100.0)
    system = System(runtime, store, TOYS, {"heard": [], "pace": 60.0})
    system.start()
    system.send(After(2.0, SummaryDue(), real=real), source="test")
    runtime.run_until(100.0 + (119.0 if real else 1.0))
    assert totals(store)[0] == 0
    runtime.run_until(100.0 + (120.0 if real else 2.0))
    assert totals(store)[0] == 1
    store.close()


@pytest.mark.parametrize("asked", [False, True])
def test_a_failing_owner_stops_the_process_told_or_asked(tmp_path: Path, asked: bool) -> None:
    store = store_at(tmp_path)
    runtime = DeterministicRuntime(0.0)
    system = toy_system(runtime, store)
    if asked:
        with pytest.raises(ValueError, match="asked to fail"):
            system.ask(StopEntry("x"))
        runtime.run()
    else:
        system.send(CallReport("order", "banned"), source="test")
        runtime.run()
    assert system.failed is not None
    assert system.failed.name == "counter"
    assert runtime.step() is False
    store.close()


class Pressed(Edge):
    """Ctrl-C is pressed while it has its turn."""

    name = "herald"
    accepts = (ShowNotice,)

    def perform(self, message: ShowNotice) -> Outputs:
        raise KeyboardInterrupt


def test_a_ctrl_c_within_a_turn_ends_who_steps_it(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    runtime = DeterministicRuntime(0.0)
    system = System(runtime, store, (Supervisor, Counter, Adder, Pressed), {})
    system.start()
    system.send(CallReport("order", "failed"), source="test")
    with pytest.raises(KeyboardInterrupt):
        runtime.run()
    store.close()


def test_threads_take_in_each_event_once_too(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    runtime = ThreadedRuntime(0.0)
    system = toy_system(runtime, store)
    for report in reports(50):
        system.send(report, source="test")
    assert runtime.drain(30.0)
    assert totals(store) == (50, Decimal(1275))
    assert store.settled() >= 40, "what everyone has dealt with is not scanned again"
    runtime.stop()
    ActorRegistry.stop_all(timeout=5)
    store.close()


class Early(Edge):
    """The first that begins: it has time."""

    name = "feed"
    accepts = (CallReport,)

    def begin(self) -> None:
        """Ten minutes of the recording's clock."""
        self.system.send(After(600.0, CallReport("order", "ok")), source=self.name)

    def perform(self, message: CallReport) -> tuple[()]:
        """They are over."""
        self.system.tools["rang"].set()
        return ()


class Slow(Speaker):
    """Only speaks, so it holds no clock; its thread is long in coming."""

    def __init__(self, system: System) -> None:
        system.tools["rang"].wait(0.3)
        super().__init__(system)


class Late(Edge):
    """Begins behind it; a clock that does not wait has leapt by then."""

    name = "venue"
    accepts = (SummaryDue,)

    def begin(self) -> None:
        """What it sees first is the time."""
        self.system.tools["born"].append(self.system.now())

    def perform(self, message: SummaryDue) -> tuple[()]:
        """It is told nothing."""
        return ()


def test_a_recordings_clock_waits_until_everyone_has_begun(tmp_path: Path) -> None:
    store, rang = store_at(tmp_path), threading.Event()
    runtime = ThreadedRuntime(0.0)
    tools = {"rang": rang, "born": [], "heard": []}
    system = System(runtime, store, (Supervisor, Early, Slow, Late), tools)
    system.start()
    assert rang.wait(30.0)
    assert system.tools["born"] == [0.0]
    assert system.now() == 600.0
    runtime.stop()
    ActorRegistry.stop_all(timeout=5)
    store.close()


class Teller(Speaker):
    """Notes how many entries the disk has whenever it speaks."""

    side_effecting = True

    def perform(self, message: ShowNotice) -> Outputs:
        self.system.tools["heard"].append((int(message.facts["n"]), newest(self.system.store)))
        return ()


class Replier(Counter):
    """Counts what it is asked, and says so."""

    accepts = (StopEntry,)

    @staticmethod
    def decide(state: CountState, message: StopEntry, at: float) -> Outputs:
        yield CallFailed(state.count + 1)
        yield OperatorReply(True, "counted")


def newest(store: Store) -> int:
    """The number of the newest entry on the disk."""
    with store._env.begin() as txn:
        cursor = txn.cursor(store._bases["journal"])
        return int.from_bytes(cursor.key(), "big") if cursor.last() else 0


def test_who_acts_on_the_outside_does_so_when_all_that_it_rests_on_is_on_the_disk(
    tmp_path: Path,
) -> None:
    store = store_at(tmp_path)
    runtime = ThreadedRuntime(0.0)
    system = System(runtime, store, (Supervisor, Counter, Adder, Teller), {"heard": []})
    system.start()
    for report in reports(50):
        system.send(report, source="test")
        assert runtime.drain(30.0)
    heard: list[tuple[int, int]] = system.tools["heard"]
    assert [n for n, _ in heard] == [*range(1, 51)]
    assert all(found >= 2 * n for n, found in heard), "each is one entry of two owners"
    runtime.stop()
    ActorRegistry.stop_all(timeout=5)
    store.close()


def test_a_reply_is_given_when_what_it_says_is_on_the_disk(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    runtime = ThreadedRuntime(0.0)
    system = System(runtime, store, (Supervisor, Replier), {})
    system.start()
    found = [system.ask(StopEntry("x")) and newest(store) for _ in range(20)]
    assert found == [*range(1, 21)]
    runtime.stop()
    ActorRegistry.stop_all(timeout=5)
    store.close()


def test_a_start_scans_only_what_is_not_settled(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    runtime = DeterministicRuntime(0.0)
    system = toy_system(runtime, store)
    for report in reports(100):
        system.send(report, source="test")
    runtime.run()
    assert store.settled() > 150
    record = store.load("counter", CountState)
    assert record == Record(CountState(100))
    again = DeterministicRuntime(0.0)
    toy_system(again, store)
    again.run()
    assert totals(store) == (100, Decimal(5050))
    store.close()


def test_a_mailbox_of_money_over_its_bound_stops_the_process(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    tools: dict[str, Any] = {"heard": [], "bounds": Bounds(mailbox_max=10)}
    system = System(DeterministicRuntime(0.0), store, TOYS, tools)
    system.start()
    for report in reports(10):
        system.send(report, source="test")
    assert system.failed is None
    system.send(CallReport("order", "failed"), source="test")
    assert system.failed is not None
    assert (system.failed.name, "10 letters" in system.failed.reason) == ("counter", True)
    store.close()


def test_letters_for_a_speaker_who_is_far_behind_are_left_out(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    runtime = DeterministicRuntime(0.0)
    tools: dict[str, Any] = {"heard": [], "bounds": Bounds(mailbox_max=10)}
    system = System(runtime, store, TOYS, tools)
    system.start()
    for number in range(25):
        system.send(ShowNotice("info", "counted", {"n": f"n{number}"}), source="test")
    runtime.run()
    assert system.failed is None
    assert system.tools["heard"] == [f"n{number}" for number in range(10)]
    store.close()
