"""Owns how long a connection may take to ask, and how many of one peer may be asking.

A peer that connects and says nothing, or a byte a minute, would else take the place of the
owner's browser. A request has to be there whole within a while. Of a peer that holds too many
connections without a request the oldest ends, so that its newest, and everybody else's, is heard.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

ASKING_SECONDS = 10.0  # in which a request has to be there whole, its body included
WAITING_MAX = 32  # connections of one peer that have no request now
ANSWERED_MAX = 64  # and all of them, answers that go on (event streams) included


class TimeoutProtocol(H11Protocol):
    """HTTP with an end to its patience."""

    seconds = ASKING_SECONDS
    _timer: asyncio.TimerHandle | None = None

    @property
    def peer(self) -> str:
        """Whose connection it is: an address."""
        return self.client[0] if self.client else ""

    @property
    def waiting(self) -> bool:
        """Whether no request of it is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Once a connection."""
        super().connection_made(cast(asyncio.Transport, transport))
        self._begin()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        """A part of a request, or of several."""
        super().data_received(data)
        asked = self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)
        if asked:
            self._end()
        elif self._timer is None:
            self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Once, at its end."""
        self._end()
        super().connection_lost(exc)

    def _make_room(self) -> None:
        """The oldest of a peer's idle connections ends, if there are too many."""
        mine = [each for each in self._alike() if each is not self]
        idle = [each for each in mine if each.waiting]
        if idle and (len(idle) >= WAITING_MAX or len(mine) >= ANSWERED_MAX):
            min(idle, key=lambda each: each.number).transport.abort()

    def _alike(self) -> list[TimeoutProtocol]:
        found: list[Any] = [each for each in self.connections if isinstance(each, TimeoutProtocol)]
        return [e for e in found if e.peer == self.peer and not e.transport.is_closing()]

    @property
    def number(self) -> float:
        """When it was made, on the loop's clock."""
        return self._made

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is None and not hasattr(self, "_made"):
            self._made = loop.time()
        self._timer = loop.call_later(self.seconds, self._tired)

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tired(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.abort()
