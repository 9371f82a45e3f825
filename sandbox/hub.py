"""Owns who hears what: topics, their subscribers, and the frames on the way to each of them.

A queue is bounded: a client that does not read is let go, as a server must. Faults of frames
(dropped, doubled, delayed, reordered, closed) are committed here, one delivery at a time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.faults import Faults
from sandbox.wire.frames import Frame, listed
from sandbox.wire.subscriptions import Topic

LIMIT = 20_000  # frames that may wait for one client
GOING_AWAY = 1001  # Upbit's clients see 1006: no close frame, which ASGI cannot do
SOCKET_FAULTS = frozenset(("dropped", "doubled", "delayed", "reordered", "closed"))


class Subscriber:
    """One connection's topics and the bytes that wait to be sent to it."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.form = "DEFAULT"
        self.topics: tuple[Topic, ...] = ()
        self.code = 0  # of the close, once there will be no more bytes
        self._waiting: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self._limit = limit

    def push(self, data: bytes) -> None:
        """Queue bytes; too many of them end the connection. Nothing comes behind an end."""
        if self.code:
            return
        if len(self._waiting) >= self._limit:
            self.cut()
        else:
            self._waiting.append(data)
            self._ready.set()

    def finish(self, code: int, data: bytes = b"") -> None:
        """Close with a code after what waits and these last bytes."""
        if data:
            self.push(data)
        self.code = self.code or code
        self._ready.set()

    def cut(self) -> None:
        """Let the client go at once; what waits is lost."""
        self._waiting.clear()
        self.finish(GOING_AWAY)

    async def pull(self) -> list[bytes]:
        """All that waits, in order; nothing once the connection is to be closed."""
        await self._ready.wait()
        found = list(self._waiting)
        self._waiting.clear()
        if not self.code:
            self._ready.clear()
        return found


class Hub:
    """Fan-out to all subscribers; call from one asyncio loop only."""

    def __init__(self, limit: int = LIMIT, faults: Faults | None = None) -> None:
        self.faults = faults or Faults()
        self.limit = limit
        self._topics: dict[str, dict[Topic, list[Subscriber]]] = {}  # by code
        self._held: dict[Subscriber, bytes] = {}  # to be sent after the next one

    def subscribe(self, subscriber: Subscriber, topics: Iterable[Topic]) -> None:
        """Let a subscriber hear exactly these topics, whatever it heard before."""
        self.leave(subscriber)
        subscriber.topics = tuple(dict.fromkeys(topics))
        for topic in subscriber.topics:
            self._topics.setdefault(topic.code, {}).setdefault(topic, []).append(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
        """Let a subscriber hear nothing more."""
        self._held.pop(subscriber, None)
        for topic in subscriber.topics:
            readers = self._topics[topic.code]
            readers[topic].remove(subscriber)
            if not readers[topic]:
                del readers[topic]
        subscriber.topics = ()

    def heard(self, code: str) -> list[Topic]:
        """The topics of a pair that somebody hears."""
        return list(self._topics.get(code, ()))

    def publish(self, topic: Topic, frame: Frame) -> None:
        """Send a frame to all who hear a topic."""
        for subscriber in list(self._topics.get(topic.code, {}).get(topic, ())):
            self.deliver(subscriber, frame)

    def order(self, fields: Mapping[str, Any]) -> None:
        """Send a myOrder frame, in its full form, to those who hear of its pair or of all."""
        frame = Frame(fields)
        self.publish(Topic("myOrder", frame.code), frame)
        self.publish(Topic("myOrder"), frame)

    def asset(self, fields: Mapping[str, Any]) -> None:
        """Send a myAsset frame, in its full form."""
        self.publish(Topic("myAsset"), Frame(fields))

    def deliver(self, subscriber: Subscriber, *frames: Frame) -> None:
        """Send one frame, or some as one message of a list format, through the faults."""
        one, form = frames[0], subscriber.form
        data = one.written(form) if len(frames) == 1 else listed(frames, form)
        fault = self.faults.draw(f"WS {one.kind}", SOCKET_FAULTS, one.code)
        match fault.kind if fault else None:
            case "dropped":
                return
            case "closed":
                subscriber.cut()
                return
            case "doubled":
                subscriber.push(data)
            case "delayed":
                assert fault is not None
                asyncio.get_running_loop().call_later(fault.seconds, subscriber.push, data)
                return
            case "reordered" if subscriber not in self._held:
                self._held[subscriber] = data
                return
        subscriber.push(data)
        if (held := self._held.pop(subscriber, None)) is not None:
            subscriber.push(held)
