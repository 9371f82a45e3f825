"""What happens when an actor fails: said, restarted, silent, or the end of the process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actors.notifier import Notifier
from actors.runtime.edge import Edge, Outputs
from actors.runtime.system import System
from actors.storage_monitor import StorageMonitor
from actors.supervisor import Supervisor
from actors.trading_state import TradingStateOwner
from messages.base import After, Envelope, Message
from messages.config import Bounds, Config
from messages.control import AdoptConfig, Kill, StartTrading, StopEntry, StopTrading, TradingChanged
from messages.notices import ActorFailed, NoticeSkipped, ShowNotice
from messages.storage import SpaceReport
from persistence.store import Store
from tests.support.live_streams import WrongClock
from tests.support.toy_actors import store_at

BOUNDS = Bounds(actor_restarts=2, restart_window_seconds=60)


class Ear(Edge):
    """Stands in the herald's place and remembers what is said; fails where told to."""

    name = "herald"
    accepts = (ShowNotice,)

    def perform(self, message: ShowNotice) -> Outputs:
        self.system.tools["heard"].append(message)
        if message.key == self.system.tools.get("hoarse_at"):
            raise ValueError("hoarse")
        return ()


class Stumbling(Notifier):
    """Fails at changes of the mode: ``tools["stumbles"]`` tells how many tries of each."""

    def _decide(self, body: Any) -> tuple[Message | After, ...]:
        tries: dict[str, int] = self.system.tools["stumbles"]
        if isinstance(body, TradingChanged) and tries.get(body.mode, 0):
            tries[body.mode] -= 1
            raise ValueError(f"no word for {body.mode}")
        return super()._decide(body)


class Forgetful(TradingStateOwner):
    """Fails at a kill."""

    def _decide(self, body: Any) -> tuple[Message | After, ...]:
        if isinstance(body, Kill):
            raise ValueError("a broken invariant")
        return super()._decide(body)


class Scales:
    """A room whose looks fail for a while."""

    every = 10.0

    def __init__(self, failures: int) -> None:
        self.failures, self.looks = failures, 0

    def measure(self) -> SpaceReport:
        self.looks += 1
        if self.looks <= self.failures:
            raise OSError("no such device")
        return SpaceReport(0.1, 10**12)


class Small:
    """A small system on the stepped runtime, and what it said."""

    def __init__(self, store: Store, *more: type[Any], **tools: Any) -> None:
        self.heard: list[ShowNotice] = []
        self.store, self.runtime = store, WrongClock(1000.0)
        given = {"heard": self.heard, "bounds": BOUNDS, "stumbles": {}} | tools
        cast = (Supervisor, Forgetful, Stumbling, Ear, *more)
        self.system = System(self.runtime, store, cast, given)
        self.system.start([AdoptConfig(Config(bounds=BOUNDS), "b")])
        self.runtime.run_until(1000.0)

    def tell(self, *commands: Message) -> None:
        for command in commands:
            self.system.send(command, source="test")
            self.runtime.run_until(self.runtime.time)

    def said(self, key: str) -> list[ShowNotice]:
        return [notice for notice in self.heard if notice.key == key]

    def journaled(self, kind: type) -> list[Envelope]:
        return [letter for letter in self.store.events() if isinstance(letter.body, kind)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_at(tmp_path / "state") as store:
        yield store


def test_at_the_first_failure_the_notice_is_tried_again_and_told(store: Store) -> None:
    small = Small(store, stumbles={"stopentry": 1})
    small.tell(StopEntry("a"), StopTrading("b"))
    assert [notice.facts["mode"] for notice in small.said("mode_changed")] == [
        "stopentry",
        "stopped",
    ]
    assert small.journaled(NoticeSkipped) == small.said("actor_failed") == []


def test_at_the_second_failure_the_event_is_skipped_journaled_and_gone_on_behind(
    store: Store,
) -> None:
    small = Small(store, stumbles={"stopentry": 2})
    small.tell(StopEntry("a"), StopTrading("b"))
    assert [notice.facts["mode"] for notice in small.said("mode_changed")] == ["stopped"]
    (changed,) = [e for e in small.journaled(TradingChanged) if e.body.mode == "stopentry"]
    (skipped,) = small.journaled(NoticeSkipped)
    assert skipped.body == NoticeSkipped(changed.number, "ValueError: no word for stopentry")
    assert skipped.source == "steward"
    (said,) = small.said("actor_failed")
    assert (said.level, said.facts["name"]) == ("warning", "notifier")
    assert "no word for stopentry" in said.facts["reason"]
    assert small.system.failed is None


@pytest.mark.parametrize("tries", [1, 2])
def test_a_summary_after_a_failure_tells_since_when_it_counts(store: Store, tries: int) -> None:
    small = Small(store, stumbles={"stopentry": tries})
    small.runtime.run_until(1800.0)
    small.tell(StopEntry("a"))
    small.runtime.run_until(7200.0)
    assert [notice.facts["since"] for notice in small.said("summary_quiet")] == [
        "1800.0",
        "3600.0",
    ]


def test_a_skipped_event_keeps_no_start_scanning_and_is_journaled_once(store: Store) -> None:
    small = Small(store, stumbles={"stopentry": 2})
    small.tell(StopEntry("a"))
    (changed,) = small.journaled(TradingChanged)
    small.tell(StartTrading("b"), StopTrading("c"))
    assert store.settled() > changed.number
    again = Small(store, stumbles={"stopentry": 2})
    assert len(again.journaled(NoticeSkipped)) == 1


def test_a_notifier_that_fails_at_everything_falls_silent_while_the_rest_goes_on(
    store: Store,
) -> None:
    small = Small(store, stumbles={"stopentry": 99, "running": 99})
    for turn in range(5):
        small.tell(StopEntry(f"a{turn}"), StartTrading(f"b{turn}"))
    assert [notice.level for notice in small.said("actor_failed")] == [
        "warning",
        "warning",
        "critical",
    ]
    assert len(small.journaled(NoticeSkipped)) == 3, "as many as there were lives"
    assert len(small.journaled(TradingChanged)) == 10
    assert small.system.failed is None


def test_failures_outside_the_window_do_not_add_up(store: Store) -> None:
    small = Small(store, stumbles={"stopentry": 99})
    for turn in range(6):
        small.tell(StopEntry(f"a{turn}"), StartTrading(f"b{turn}"))
        small.runtime.run_until(small.runtime.time + 61)
    assert [notice.level for notice in small.said("actor_failed")] == ["warning"] * 6


def test_a_herald_that_fails_is_not_asked_to_say_so(store: Store) -> None:
    small = Small(store, hoarse_at="mode_changed")
    small.tell(StopEntry("a"), StopTrading("b"))
    assert small.said("actor_failed") == []
    assert len(small.said("mode_changed")) == 2, "and is restarted"


def test_a_durable_owner_that_fails_stops_everybody_and_is_named(store: Store) -> None:
    small = Small(store)
    small.tell(Kill("a"))
    failed = small.system.failed
    assert failed
    assert (failed.name, failed.wanted) == ("steward", False)
    assert "ValueError in _decide" in failed.reason
    assert small.runtime.step() is False
    assert small.said("actor_failed") == [], "whoever waits for the bot says it on the way out"


@pytest.mark.parametrize("apart", [30.0, 61.0])
def test_failures_before_a_clock_was_set_back_count_for_their_own_window(
    store: Store, apart: float
) -> None:
    small = Small(store, StorageMonitor, room=Scales(5))
    small.runtime.skew = 9 * 3600.0
    small.tell(ActorFailed("gauge", "before"), ActorFailed("gauge", "before"))
    small.runtime.skew = 0.0
    small.tell(ActorFailed("gauge", "just after"))
    assert small.system.failed is not None

    small = Small(store, StorageMonitor, room=Scales(0))
    small.runtime.skew = 9 * 3600.0
    small.tell(ActorFailed("gauge", "before"))
    small.runtime.skew = 0.0
    small.tell(ActorFailed("gauge", "just after"))
    small.runtime.run_until(small.runtime.time + apart)
    small.tell(ActorFailed("gauge", "later"))
    assert (small.system.failed is not None) == (apart < 60)


def test_a_gauge_that_fails_is_restarted_and_looks_on_with_one_alarm(store: Store) -> None:
    scales = Scales(failures=2)
    small = Small(store, StorageMonitor, room=scales)
    assert [notice.facts["name"] for notice in small.said("actor_failed")] == ["gauge"] * 2
    before = scales.looks
    small.runtime.run_until(1100.0)
    assert scales.looks == before + 10


def test_a_gauge_that_goes_on_failing_stops_the_process(store: Store) -> None:
    small = Small(store, StorageMonitor, room=Scales(failures=99))
    assert small.system.failed
    assert small.system.failed.name == "gauge"
