"""What can be wrong with a state directory, each with what was found and what to do."""

from __future__ import annotations

from pathlib import Path

RESTORE = (
    "Nothing was changed. `run.py verify` tells more. The ways back: `run.py restore FILE` from a "
    "backup, `run.py rebuild --from-exchange` live, or --fresh; each moves this ledger aside."
)
UPDATE = "Nothing was changed. Run the version that wrote it, or a newer one."
MIGRATE = (
    "Nothing was changed. Start the bot once: it brings this up to date, and keeps the old one."
)
MOVE = "Choose a state directory on a local disk with --state-dir."


class Damaged(Exception):
    """The directory is not what its birth and its checksums say it is; never traded on."""

    def __init__(self, path: Path | str, found: str, todo: str = RESTORE) -> None:
        super().__init__(f"{path}: {found}. {todo}")
        self.path, self.found, self.todo = Path(path), found, todo


class Refused(Damaged):
    """The directory is sound, and still not one to trade on here."""


class StoreFailed(Exception):
    """A commit failed: what the disk has of it is known only when it is opened again."""


class StoreFull(StoreFailed):
    """A commit found no room, in the map or on the disk; nothing of it was written."""


class InUse(Exception):
    """Another process holds this state directory; ``pid`` is 0 when it has not said who it is."""

    def __init__(self, path: Path | str, pid: int) -> None:
        super().__init__(f"{path} is in use by process {pid or 'unknown'}")
        self.path, self.pid = Path(path), pid
