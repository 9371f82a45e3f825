"""The room of a state directory: what the gauge of a bot that trades looks at."""

from __future__ import annotations

from messages.storage import SpaceReport
from persistence.store import Store, free_disk

LOOK_SECONDS = 10.0  # real ones
CANDLE_SECONDS = 3600.0  # of the recording, where it goes as fast as it can


class DiskMonitor:
    """The ledger's map and the disk it lies on. ``speed``: candle seconds a real second."""

    def __init__(self, store: Store, speed: float | None = 1.0) -> None:
        self._store = store
        self.every = CANDLE_SECONDS if speed is None else LOOK_SECONDS * speed

    def measure(self) -> SpaceReport:
        """One look; costs two calls of the system."""
        return SpaceReport(self._store.fill_ratio(), free_disk(self._store.path))
