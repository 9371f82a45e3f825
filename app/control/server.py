"""The bot's side of the control socket: a thread a client, one frame at a time."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from app.control.frames import FrameError, decode_change, encode, receive
from app.control.place import peer_is_ours
from i18n.errors import UserError
from messages.control import Changes, OperatorReply
from messages.previews import ChangePreview, Preview

CLIENTS_MAX = 16
PATIENCE = 10.0  # seconds in which a frame has to arrive whole
REST_MAX = 2 * 1024 * 1024  # bytes read and thrown away after a refusal, so that it is read

Ask = Callable[[Changes], OperatorReply]
Previewing = Callable[[Changes], ChangePreview]


class ControlServer:
    """Listens from construction on; the caller holds the state directory's lock.

    Whatever a client sends, it gets a reply or is hung up on: nothing here can end the bot.
    """

    def __init__(
        self,
        path: Path,
        ask: Ask,
        preview: Previewing,
        patience: float = PATIENCE,
        language: str = "en",
    ) -> None:
        self.path, self._ask, self._preview, self._patience = path, ask, preview, patience
        self._language = language
        self._places = threading.BoundedSemaphore(CLIENTS_MAX)
        path.unlink(missing_ok=True)  # left by a run that was killed: the lock says nobody listens
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen(CLIENTS_MAX)
        threading.Thread(target=self._accept, name="control", daemon=True).start()

    def close(self) -> None:
        """No more clients; those being answered are answered."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return  # closed
            link.settimeout(self._patience)
            if not peer_is_ours(link):
                link.close()  # a stranger takes no other's place
            elif self._places.acquire(blocking=False):
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()
            else:
                with link:
                    _refuse(link, "too_many_clients", f"{CLIENTS_MAX} at once")

    def _serve(self, link: socket.socket) -> None:
        try:
            with link:
                self._converse(link)
        except OSError:
            pass  # it went away, or stayed silent: nobody is left to tell
        finally:
            self._places.release()

    def _converse(self, link: socket.socket) -> None:
        try:
            while (body := receive(link)) is not None:
                link.sendall(encode(self._answer(decode_change(body))))
        except FrameError as error:
            _refuse(link, "bad_frame", str(error))
        except TimeoutError:
            _refuse(link, "bad_frame", "no whole frame came in time")

    def _answer(self, asked: Changes | Preview) -> OperatorReply | ChangePreview:
        try:
            return self._preview(asked.change) if isinstance(asked, Preview) else self._ask(asked)
        except UserError as error:
            return OperatorReply(False, "refused_input", {"reason": error.block(self._language)})
        except Exception as error:  # the bot decides what ends it; a client never does
            return OperatorReply(False, "no_answer", {"reason": type(error).__name__})


def _refuse(link: socket.socket, key: str, reason: str) -> None:
    """Say no and hang up; what still comes is read away, or the sender would not see the reply."""
    with contextlib.suppress(OSError):
        link.sendall(encode(OperatorReply(False, key, {"reason": reason[:500]})))
        link.shutdown(socket.SHUT_WR)
        link.settimeout(1.0)
        rest = REST_MAX
        while rest > 0 and (part := link.recv(65536)):
            rest -= len(part)
