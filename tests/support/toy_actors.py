"""Two small owners and an edge of real messages, to run the machinery with."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from actors.runtime.edge import Edge
from actors.runtime.owner import Outputs, Owner
from actors.runtime.system import System
from actors.supervisor import Supervisor
from messages.base import After
from messages.budget import BudgetReleased
from messages.control import StopEntry
from messages.limits import CallFailed
from messages.market import ReplayEnded
from messages.notices import ShowNotice, SummaryDue
from messages.orders import CallReport
from persistence.store import Identity, Store

BIRTH = Identity("toy", "paper", "upbit", "paper")


class CountState(Struct, frozen=True):
    count: int = 0


class Counter(Owner[CountState]):
    """Counts reports; every count is an event."""

    name = "counter"
    accepts = (CallReport, SummaryDue, StopEntry)
    State = CountState

    @staticmethod
    def decide(state: CountState, message: Any, at: float) -> Outputs:
        if isinstance(message, StopEntry):
            raise ValueError("asked to fail")
        if isinstance(message, SummaryDue):
            yield CallFailed(state.count + 1)
        elif message.outcome == "banned":
            raise ValueError("told to fail")
        elif message.outcome == "throttled":
            yield After(message.seconds, SummaryDue())
        else:
            yield CallFailed(state.count + 1)

    @staticmethod
    def evolve(state: CountState, event: CallFailed) -> CountState:
        return CountState(event.failures)


class SumState(Struct, frozen=True):
    total: Decimal = Decimal(0)


class Adder(Owner[SumState]):
    """Adds up what the counter states: each number must arrive exactly once."""

    name = "adder"
    accepts = (CallFailed,)
    State = SumState

    @staticmethod
    def decide(state: SumState, message: CallFailed, at: float) -> Outputs:
        yield BudgetReleased("sum", Decimal(message.failures))
        yield ShowNotice("info", "counted", {"n": str(message.failures)}, at)

    @staticmethod
    def evolve(state: SumState, event: BudgetReleased) -> SumState:
        return SumState(state.total + event.krw)


class Speaker(Edge):
    """Says what it is told; fails at the seventh."""

    name = "herald"
    background = low_priority = True
    accepts = (ShowNotice,)

    def perform(self, message: ShowNotice) -> Outputs:
        heard: list[str] = self.system.tools["heard"]
        heard.append(message.facts["n"])
        if message.facts["n"] == "7" and heard.count("7") == 1:
            raise ValueError("hoarse")
        return ()


class Ender(Edge):
    """Somebody has to accept the end."""

    name = "feed"
    accepts = (ReplayEnded,)


TOYS = (Supervisor, Counter, Adder, Speaker)


def store_at(path: Path) -> Store:
    if (path / "data.mdb").exists():
        return Store.open(path, sync=False)
    return Store.create(path, BIRTH, sync=False)


def toy_system(runtime: Any, store: Store) -> System:
    system = System(runtime, store, TOYS, {"heard": []})
    system.start()
    return system


def totals(store: Store) -> tuple[int, Decimal]:
    counted = store.load("counter", CountState)
    summed = store.load("adder", SumState)
    return (counted.state.count if counted else 0), (summed.state.total if summed else Decimal(0))


def reports(count: int) -> Iterator[CallReport]:
    for _ in range(count):
        yield CallReport("order", "failed")
