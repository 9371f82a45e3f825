"""Up to which journal number every acceptor has finished its turn, so that a start scans from it.

Each cell of these tables has one writing thread: ``delivered[a][s]`` is written by source s,
``taken[a][s]`` by acceptor a, ``floors[s]`` by s. Reading them in the order below can only give
a number that is too low, never one that is too high.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class LowWatermark:
    """Follows deliveries and turns; tells what may be skipped at the next start."""

    def __init__(self, last: Callable[[], int], settled: int) -> None:
        self._last = last
        self._settled = settled
        self._delivered: dict[str, dict[str, int]] = defaultdict(dict)
        self._taken: dict[str, dict[str, int]] = defaultdict(dict)
        self._floors: dict[str, int] = {}

    def expect(self, acceptors: tuple[str, ...], sources: tuple[str, ...]) -> None:
        """Lay every cell out before the first thread runs, so that no table grows while read."""
        for acceptor in acceptors:
            for source in sources:
                self._delivered[acceptor][source] = self._taken[acceptor][source] = 0
        self._floors = dict.fromkeys(sources, -1)

    def delivered(self, acceptor: str, source: str, number: int) -> None:
        """The source has put this event into the acceptor's mailbox."""
        self._delivered[acceptor][source] = number

    def taken(self, acceptor: str, source: str, number: int) -> None:
        """The acceptor has finished its turn with this event."""
        self._taken[acceptor][source] = number

    @contextmanager
    def stating(self, source: str) -> Iterator[int]:
        """Around commit and delivery: gives the settled number to write with the commit.

        Where that fails the floor stays. What was stated may be on the disk all the same, and has
        reached nobody: others may commit before the process is dead, and must not settle it.
        """
        self._floors[source] = self._last()
        yield self._compute()
        self._floors[source] = -1

    def _compute(self) -> int:
        lowest = self._last()  # read first: what is stated later than this cannot lower it
        for floor in tuple(self._floors.values()):
            if 0 <= floor < lowest:
                lowest = floor
        for acceptor, row in self._delivered.items():
            taken = self._taken[acceptor]
            for source, number in tuple(row.items()):
                done = taken[source]
                if done < number and done < lowest:
                    lowest = done
        self._settled = max(self._settled, lowest)
        return self._settled
