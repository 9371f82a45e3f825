"""On what kind of file system a path lies, as far as the system tells."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
# Locks and memory maps of these are not coherent between machines. 9p and drvfs are WSL's way to
# the Windows disk; a fuse file system may be anything, ``fuseblk`` is a local disk.
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "gpfs"}
    | {"beegfs", "9p", "drvfs", "virtiofs"}
)
OVERLAY = frozenset(("overlay", "aufs", "unionfs", "fuse.fuse-overlayfs"))


def kind(path: Path, mounts: str | None = None) -> str:
    """The type of the file system that holds a path; "" when the system does not tell.

    ``mounts`` is the text of ``/proc/self/mountinfo`` (proc(5)): field 5 is the mount point, the
    first field behind " - " the type. The longest mount point wins, of equal ones the last.
    """
    if mounts is None:
        mounts = MOUNTS.read_text(errors="replace") if MOUNTS.exists() else ""
    place, found, length = path.absolute().resolve(), "", -1
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split()
        if len(fields) < 5 or not right:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[4]))
        if len(point.parts) >= length and place.is_relative_to(point):
            found, length = right.split()[0], len(point.parts)
    return found


def is_network(name: str) -> bool:
    """Whether another machine may be behind it."""
    return name in NETWORK or (name.startswith("fuse.") and name not in OVERLAY)


def is_overlay(name: str) -> bool:
    """Whether what is written there may vanish with a container."""
    return name in OVERLAY
