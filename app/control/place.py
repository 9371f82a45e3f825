"""Where the control socket of a state directory is, and who may stand at its other end."""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
from hashlib import sha256
from pathlib import Path

from i18n.errors import UserError

PATH_MAX = 100  # bytes; the kernel takes 107 on Linux and 103 on macOS
NAME = "control.sock"
XUCRED = struct.Struct("II")  # macOS: the version and the uid that begin its struct xucred
UCRED = struct.Struct("3i")  # Linux: pid, uid, gid


def socket_path(state: Path, environ: dict[str, str] | None = None) -> Path:
    """In the state directory, or in the user's runtime directory when that path is too long.

    Raises UserError when the runtime directory belongs to somebody else.
    """
    folder = state.absolute()
    direct = folder / NAME
    if len(os.fsencode(direct)) <= PATH_MAX:
        return direct
    name = sha256(os.fsencode(folder.resolve())).hexdigest()[:24] + ".sock"
    return _runtime(dict(os.environ) if environ is None else environ) / name


def peer_is_ours(link: socket.socket) -> bool:
    """Whether the process at the other end runs as our user."""
    return _peer(link) == os.geteuid()


def _peer(link: socket.socket) -> int:
    if sys.platform == "darwin":
        raw = link.getsockopt(0, 1, 76)  # SOL_LOCAL, LOCAL_PEERCRED: a struct xucred
        return int(XUCRED.unpack_from(raw)[1])
    raw = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, UCRED.size)
    return int(UCRED.unpack(raw)[1])


def _runtime(environ: dict[str, str]) -> Path:
    given = environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(given or f"/tmp/jangbu-{os.geteuid()}")
    if given and len(os.fsencode(folder)) + 30 <= PATH_MAX:
        folder = folder / "jangbu"
    elif given:
        folder = Path(f"/tmp/jangbu-{os.geteuid()}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
    if found.st_uid != os.geteuid() or not private:
        raise UserError(
            what="the folder for the control socket is open to others",
            where=str(folder),
            allowed="a directory of our own with mode 0700",
            todo="remove it, or give a state directory with a path under 80 bytes",
        )
    return folder
