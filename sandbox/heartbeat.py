"""Owns hearing a client's PING frames, which ASGI keeps from the application.

Upbit counts them as traffic: a socket kept alive by them is not idle. For uvicorn's ``ws``.
"""

from __future__ import annotations

from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEARD = "sandbox.heard"  # in the scope: when the last PING frame came, on the loop's clock


class Heartbeat(WebSocketsSansIOProtocol):
    """uvicorn's own protocol, which answers a PING by itself, with a note of when one came."""

    def handle_ping(self) -> None:
        """Answer, and note the moment."""
        super().handle_ping()
        cast(dict[str, Any], self.scope)[HEARD] = self.loop.time()
