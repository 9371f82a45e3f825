"""What a service manager is told: systemd's notify protocol, which is a datagram of lines.

Source: sd_notify(3). Without a socket in the environment nobody is told, and nothing is sent.
"""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping

VARIABLE = "NOTIFY_SOCKET"
LONGEST = 100  # bytes of a status; it is for one line of a screen
MORE_SECONDS = 180  # that a start may still take, as often as it says that it waits


class ServiceManager:
    """Tells the manager that started this process; the variable is taken out of ``environ``."""

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        self._place = environ.pop(VARIABLE, "")

    def ready(self) -> None:
        """The bot trades."""
        self._tell("READY=1")

    def alive(self) -> None:
        """It has just been seen to be alive."""
        self._tell("WATCHDOG=1")

    def waits(self) -> None:
        """It is alive, and not ready yet: the venue does not answer, or a state is looked through.

        Before READY that lengthens the time for the start; after it, it is a sign of life.
        """
        self._tell(f"EXTEND_TIMEOUT_USEC={MORE_SECONDS * 1_000_000}", "WATCHDOG=1")

    def status(self, text: str) -> None:
        """A line for ``systemctl status``; of a longer text its beginning."""
        line = text.replace("\n", " ").encode()[:LONGEST].decode(errors="ignore")
        self._tell(f"STATUS={line}")

    def stopping(self) -> None:
        """The end has begun."""
        self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> None:
        if not self._place:
            return
        # A name that begins with @ is abstract: on the wire its first byte is zero.
        place = f"\0{self._place[1:]}" if self._place.startswith("@") else self._place
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
            link.setblocking(False)  # a manager that is slow never holds up what is told of
            try:
                link.sendto("\n".join(lines).encode(), place)
            except OSError:
                return  # nobody is left to tell


def service_manager(environ: MutableMapping[str, str] | None = None) -> ServiceManager:
    """The manager of this process, whoever it is."""
    return ServiceManager(os.environ if environ is None else environ)
