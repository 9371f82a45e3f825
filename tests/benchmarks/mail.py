"""Mail between actors: ours against stock pykka, and a chain of edges against bare queues."""

from __future__ import annotations

import threading
import time
from itertools import pairwise
from queue import SimpleQueue
from statistics import median
from typing import Any

from pykka import ActorRegistry, ThreadingActor
from pykka._envelope import Envelope as Post

from actors.runtime.edge import Edge, Outputs
from actors.runtime.system import System
from actors.runtime.threaded import ThreadedRuntime
from messages.base import Command, Envelope

LETTERS, HOPS = 40_000, 1_500


class CountLetter(Command):
    """An integer to carry."""

    value: int


class HopOne(CountLetter):
    """To the first edge."""


class HopTwo(CountLetter):
    """To the second edge."""


class HopThree(CountLetter):
    """To the third edge."""


class Sink(Edge):
    """Counts, and says when it has seen the last."""

    name = "sink"
    accepts = (int,)

    def perform(self, message: int) -> Outputs:
        if message == LETTERS:
            self.system.tools["done"].set()
        return ()


class Stock(ThreadingActor):
    """The same with stock pykka."""

    use_daemon_thread = True

    def __init__(self, done: threading.Event) -> None:
        super().__init__()
        self.done = done

    def on_receive(self, message: int) -> None:
        if message == LETTERS:
            self.done.set()


class EmptyStore:
    """A system of edges needs no disk."""

    def last(self) -> None:
        return None

    def count(self) -> int:
        return 0

    def settled(self) -> int:
        return 0

    def group(self, *_: object) -> None:
        return None

    def cursors(self, name: str) -> dict[str, int]:
        return {}

    def events(self, after: int = 0) -> tuple[Envelope, ...]:
        return ()


def system(*actors: type[Edge], **tools: Any) -> System:
    made = System(ThreadedRuntime(), EmptyStore(), actors, tools)  # type: ignore[arg-type]
    made.start()
    return made


def told_ours() -> float:
    """Letters a second into an edge's mailbox until the last is dealt with."""
    done = threading.Event()
    box = system(Sink, done=done).mailbox("sink")
    begun = time.perf_counter()
    for value in range(1, LETTERS + 1):
        box.put(Post(Envelope(value, 0.0, "bench")))
    done.wait(60)
    seconds = time.perf_counter() - begun
    ActorRegistry.stop_all(timeout=5)
    return LETTERS / seconds


def told_stock() -> float:
    """The same through stock ``tell``."""
    done = threading.Event()
    actor = Stock.start(done)
    begun = time.perf_counter()
    for value in range(1, LETTERS + 1):
        actor.tell(value)
    done.wait(60)
    seconds = time.perf_counter() - begun
    ActorRegistry.stop_all(timeout=5)
    return LETTERS / seconds


class First(Edge):
    name = "first"
    accepts = (HopOne,)

    def perform(self, message: HopOne) -> Outputs:
        return (HopTwo(message.value),)


class Second(Edge):
    name = "second"
    accepts = (HopTwo,)

    def perform(self, message: HopTwo) -> Outputs:
        return (HopThree(message.value),)


class Third(Edge):
    name = "third"
    accepts = (HopThree,)

    def perform(self, message: HopThree) -> Outputs:
        self.system.tools["out"].put(message.value)
        return ()


def chain_ours() -> float:
    """Median seconds of a letter through three edges and back."""
    out: SimpleQueue[int] = SimpleQueue()
    made = system(First, Second, Third, out=out)
    times = []
    for value in range(HOPS):
        begun = time.perf_counter()
        made.send(HopOne(value), source="bench")
        out.get()
        times.append(time.perf_counter() - begun)
    ActorRegistry.stop_all(timeout=5)
    return median(times)


def chain_bare() -> float:
    """Median seconds through three threads joined by bare SimpleQueues and back."""
    boxes: list[SimpleQueue[Any]] = [SimpleQueue() for _ in range(4)]

    def hop(source: SimpleQueue[Any], target: SimpleQueue[Any]) -> None:
        while (value := source.get()) is not None:
            target.put(value)

    for pair in pairwise(boxes):
        threading.Thread(target=hop, args=pair, daemon=True).start()
    times = []
    for value in range(HOPS):
        begun = time.perf_counter()
        boxes[0].put(value)
        boxes[3].get()
        times.append(time.perf_counter() - begun)
    for box in boxes[:3]:
        box.put(None)
    return median(times)
