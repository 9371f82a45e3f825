"""Owns a port of this machine that a server of ours listens at, and what is said if it is taken."""

from __future__ import annotations

import socket

from i18n.errors import UserError

LOOPBACK = "127.0.0.1"


def listening(port: int) -> socket.socket:
    """A place to be asked at; 0 takes any. Raises UserError when it is taken."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise UserError(
            what=f"port {port} cannot be used: {error.strerror}",
            where="--port",
            allowed="a port of this machine that is free",
            todo="name another --port, or end what listens there",
        ) from None
