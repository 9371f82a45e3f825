"""Owns what the private socket is good for: it hints that an order of ours is worth a look.

Nothing is booked from a frame: frames come late, twice or never (docs/reference/reliability.md 1).
Frames: docs/reference/upbit.md 6.7.
"""

from __future__ import annotations

from collections.abc import Callable

from adapters.upbit.socket.conflation import Connected, Inflow
from adapters.upbit.socket.frames import MyOrder
from adapters.upbit.socket.stream import Pace, Stream
from adapters.upbit.socket.subscriptions import Topic, request_text
from adapters.upbit.tokens import Signer


class Hints:
    """``hint`` is called, on the socket's thread, when something happened to an order."""

    def __init__(
        self,
        ws_url: str,
        signer: Signer,
        hint: Callable[[], None],
        pace: Pace = Pace(),
        ca: str = "",
    ) -> None:
        self._hint = hint
        self._inflow = Inflow(self._rang)
        request = request_text([Topic("myOrder")])
        self._stream = Stream(ws_url, request, self._inflow, signer, pace, ca)

    def start(self) -> None:
        """Connect, and go on until stopped."""
        self._stream.start()

    def stop(self) -> None:
        """Hear nothing more."""
        self._stream.stop()

    def _rang(self) -> None:
        """After a lost connection something may have been missed: that is a hint too."""
        if any(isinstance(item, MyOrder | Connected) for item in self._inflow.take()):
            self._hint()
