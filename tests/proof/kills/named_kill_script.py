"""The bot's own process, which kills itself with SIGKILL at a named point.

Arguments: the point, at which passing of it, then those of ``run.py``. Nothing of the product is
changed or knows of it: the interpreter tells of every call and return in the actors' threads.

    commit/<owner>/before  commit/<owner>/after    around its transaction
    archive/before         archive/after           around that of closed candles
    <Call>/send            about to be made: SubmitOrder, QueryOrder, CancelOrder
    <Call>/sent            all its bytes have left, and nothing was read
    <Call>/accepted        the venue has answered with its first line, the body is not read yet
    <Call>/reply           the whole answer is understood, and nobody was told
"""

from __future__ import annotations

import http.client
import os
import signal
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from adapters.upbit import venue
from interfaces.cli import main
from persistence.store import Store

COMMIT: CodeType = Store.commit.__code__
ARCHIVE: CodeType = Store.archive.__code__
PERFORM: CodeType = venue.perform.__code__
RESPONSE: CodeType = http.client.HTTPConnection.getresponse.__code__


class Killer:
    """Counts the passings of one point."""

    def __init__(self, point: str, passing: int) -> None:
        self.point, self.left = point, passing
        self.call = ""  # the one that is being made, on the only thread that makes any

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        """As ``sys.setprofile`` wants it."""
        if event not in ("call", "return"):
            return
        code, begins = frame.f_code, event == "call"
        if code is COMMIT:
            self._reach(f"commit/{frame.f_locals['name']}/{'before' if begins else 'after'}")
        elif code is ARCHIVE:
            self._reach(f"archive/{'before' if begins else 'after'}")
        elif code is PERFORM:
            self.call = type(frame.f_locals["call"]).__name__
            self._reach(f"{self.call}/{'send' if begins else 'reply'}")
            self.call = self.call if begins else ""
        elif code is RESPONSE and self.call and threading.current_thread().name.startswith("Venue"):
            self._reach(f"{self.call}/{'sent' if begins else 'accepted'}")

    def _reach(self, point: str) -> None:
        self.left -= point == self.point
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    threading.setprofile(Killer(sys.argv[1], int(sys.argv[2])))
    sys.exit(main(sys.argv[3:]))
