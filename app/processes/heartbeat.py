"""A call each minute to an address that raises the alarm when it stays away.

It is made by the parent, which does not trade, on a thread of its own, and only in a minute in
which the bot was seen to be alive: whoever is called learns of a dead machine, of a dead line, of
a bot that hangs. What comes of the call is of no consequence here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

EVERY_SECONDS = 60.0
REDIRECTS_MOST = 3
CALL_SECONDS = 10.0  # to connect, and between two bytes of the answer

Call = Callable[[str], None]


def call(url: str) -> None:
    """One GET; no answer is read, that of a redirect neither: it may unpack to gigabytes.

    Raises what requests raises.
    """
    import requests  # few have an address to call

    with requests.Session() as session:
        around: Any = session.merge_environment_settings(url, {}, True, None, None)
        around["timeout"] = CALL_SECONDS
        for _ in range(REDIRECTS_MOST + 1):
            request = requests.Request("GET", url, headers={"Accept-Encoding": "identity"})
            # By its adapter: the session itself reads what a redirect brings, followed or not.
            with session.get_adapter(url).send(session.prepare_request(request), **around) as said:
                said.raise_for_status()
                if not said.is_redirect:
                    return
                url = urljoin(url, said.headers["location"])
        raise requests.TooManyRedirects


class Heartbeat:
    """``complain`` is called when the first of several calls fails, never with the address.

    ``every``: seconds between two calls.
    """

    def __init__(
        self,
        url: str | None,
        complain: Callable[[str], None],
        every: float = EVERY_SECONDS,
        call: Call = call,
    ) -> None:
        self.url, self._complain, self._every, self._call = url, complain, every, call
        self._alive, self._over = threading.Event(), threading.Event()
        self._failing = False
        self.calls = 0
        self._thread = threading.Thread(target=self._go_on, name="heartbeat", daemon=True)
        self._thread.start()

    def alive(self) -> None:
        """The bot was just seen to be alive."""
        self._alive.set()

    def stop(self) -> None:
        """No more calls."""
        self._over.set()
        self._alive.set()

    def join(self) -> None:
        """Until a call that is under way has ended."""
        self._thread.join()

    def _go_on(self) -> None:
        while self._alive.wait() and not self._over.is_set():
            self._alive.clear()
            if url := self.url:
                self._try(url)
            self._over.wait(self._every)

    def _try(self, url: str) -> None:
        self.calls += 1
        try:
            self._call(url)
            self._failing = False
        except Exception as error:  # whatever it is: nothing hangs on it
            if not self._failing:
                self._failing = True
                self._complain(type(error).__name__)  # its text would show the address
