"""Who counts as hung: by the letters that an actor takes, and those that wait for it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.runtime.edge import Edge, Outputs
from actors.runtime.system import System
from actors.runtime.threaded import ThreadedRuntime
from app.processes.liveness import HEART, Liveness, Pulse
from messages.notices import ShowNotice
from persistence.store import Store
from tests.support.toy_actors import BIRTH

PATIENCE = 60.0


def looks(*rows: tuple[float, dict[str, int], dict[str, int]]) -> list[list[str]]:
    """What is found at each look: moment, letters taken, letters waiting."""
    judge = Liveness(PATIENCE)
    return [judge.hung(at, handled, waiting) for at, handled, waiting in rows]


@pytest.mark.parametrize(
    ("rows", "hung"),
    [
        ([(0, {"a": 1}, {"a": 3}), (61, {"a": 1}, {"a": 3})], ["a"]),
        ([(0, {"a": 1}, {"a": 3}), (60, {"a": 1}, {"a": 3})], []),
        ([(0, {"a": 1}, {"a": 3}), (61, {"a": 2}, {"a": 9})], []),
        ([(0, {"a": 1}, {"a": 0}), (999, {"a": 1}, {"a": 0})], []),
        ([(0, {"a": 1}, {}), (50, {"a": 1}, {"a": 1}), (60, {"a": 1}, {"a": 1})], []),
        ([(0, {"a": 1}, {}), (50, {"a": 1}, {"a": 1}), (61, {"a": 1}, {"a": 1})], ["a"]),
        ([(0, {HEART: 1}, {}), (61, {HEART: 1}, {})], [HEART]),
        ([(0, {HEART: 1}, {}), (59, {HEART: 2}, {}), (118, {HEART: 2}, {})], []),
        (
            [(0, {"b": 1, "a": 1}, {"a": 1, "b": 1}), (61, {"b": 1, "a": 1}, {"a": 1, "b": 1})],
            ["a", "b"],
        ),
        ([(0, {"a": 1}, {"a": 1}), (61, {"a": 1}, {"a": 1}), (62, {"a": 2}, {"a": 1})], []),
    ],
)
def test_who_leaves_letters_lying_for_a_minute_hangs_and_the_steward_must_move(
    rows: list[tuple[float, dict[str, int], dict[str, int]]], hung: list[str]
) -> None:
    assert looks(*rows)[-1] == hung


@given(st.lists(st.tuples(st.floats(0.1, 50), st.booleans()), min_size=1, max_size=30))
def test_whoever_takes_a_letter_now_and_then_never_hangs(steps: list[tuple[float, bool]]) -> None:
    judge, at, taken, quiet = Liveness(PATIENCE), 0.0, 0, 0.0
    judge.hung(at, {HEART: taken}, {})
    for wait, moves in steps:
        at, taken, quiet = at + wait, taken + moves, 0.0 if moves else quiet + wait
        assert bool(judge.hung(at, {HEART: taken}, {})) == (quiet > PATIENCE)


class Blocked(Edge):
    """Stays in a call that does not end until it is let go."""

    name = "blocked"
    accepts = (ShowNotice,)

    def perform(self, message: ShowNotice) -> Outputs:
        gate: threading.Event = self.system.tools["gate"]
        gate.wait()
        return ()


def test_a_real_actor_that_hangs_stops_the_signs_of_life_and_starts_them_again(
    tmp_path: Path,
) -> None:
    gate, beats = threading.Event(), threading.Semaphore(0)
    store = Store.create(tmp_path / "state", BIRTH, sync=False)
    system = System(ThreadedRuntime(), store, [Blocked], {"gate": gate})
    system.start()
    pulse = Pulse(system, beats.release, patience=0.05, every=0.005)
    assert beats.acquire(timeout=60)
    for _ in range(3):
        system.send(ShowNotice("info", "x", {}, 0.0), source="test")
    while not pulse.hung:
        pass
    assert pulse.hung == ["blocked"]
    gate.set()
    while pulse.hung:
        pass
    assert beats.acquire(timeout=60)
    pulse.stop()
    system.runtime.stop()
    store.close()
