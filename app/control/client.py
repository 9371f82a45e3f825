"""The asker's side of the control socket: one change, one connection, one reply."""

from __future__ import annotations

import socket
from pathlib import Path

from app.control.frames import Answer, Asked, FrameError, decode_reply, encode, receive
from app.control.place import peer_is_ours, socket_path
from i18n.errors import UserError
from messages.control import Changes, OperatorReply
from messages.previews import ChangePreview, Preview


class NotRunning(UserError):
    """Nobody listens at the socket of this state directory."""


def ask(state: Path, change: Changes, timeout: float = 10.0) -> OperatorReply:
    """Have the bot of this state directory make a change.

    Raises NotRunning when there is none, UserError when what answers is not a bot of ours.
    """
    reply = _asked(state, change, timeout)
    if not isinstance(reply, OperatorReply):
        raise _strange(socket_path(state), "with a preview")
    return reply


def preview(state: Path, change: Changes, timeout: float = 5.0) -> ChangePreview | None:
    """What the bot says would become of a change; None where it does not say so.

    Raises NotRunning when there is none.
    """
    try:
        reply = _asked(state, Preview(change), timeout)
    except NotRunning:
        raise
    except UserError:  # it hangs, or is of a version that knows no previews: the change will tell
        return None
    return reply if isinstance(reply, ChangePreview) else None


def _asked(state: Path, asked: Asked, timeout: float) -> Answer:
    path = socket_path(state)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(timeout)
        try:
            link.connect(str(path))
            if not peer_is_ours(link):
                raise _strange(path, "it belongs to another user")
            link.sendall(encode(asked))
            body = receive(link)
            if body is None:
                raise _strange(path, "it hung up")
            return decode_reply(body)
        except FrameError as error:
            raise _strange(path, str(error)) from None
        except (FileNotFoundError, ConnectionRefusedError):
            raise not_running(state) from None
        except OSError as error:
            raise _strange(path, str(error) or type(error).__name__) from None


def not_running(state: Path) -> NotRunning:
    """What to say when there is no bot."""
    return NotRunning(
        what="no bot is running",
        where=str(state),
        allowed="the state directory of a bot that runs",
        todo="start one with run.py, or name its --state-dir",
    )


def _strange(path: Path, reason: str) -> UserError:
    return UserError(
        what=f"the bot did not answer: {reason}",
        where=str(path),
        allowed="a bot of ours that answers",
        todo="see its log; end it and start it again if it hangs",
    )
