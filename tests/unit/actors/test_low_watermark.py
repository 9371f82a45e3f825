"""Settling: what a start may skip, and what it must not."""

from __future__ import annotations

import pytest

from actors.runtime.low_watermark import LowWatermark


class Journal:
    """How many events there are."""

    def __init__(self) -> None:
        self.count = 0


def settling_of(journal: Journal) -> LowWatermark:
    found = LowWatermark(lambda: journal.count, 0)
    found.expect(("writer", "reader", "other"), ("writer", "other"))
    return found


def stated(found: LowWatermark, journal: Journal, source: str, reaches: str) -> int:
    """One event is committed and delivered; gives what was settled at its commit."""
    with found.stating(source) as settled:
        journal.count += 1
        found.delivered(reaches, source, journal.count)
    return settled


class Died(Exception):
    """The process does."""


def dies_stating(found: LowWatermark, journal: Journal, source: str) -> None:
    """One event is committed, and the process dies before it is delivered."""
    with found.stating(source):
        journal.count += 1
        raise Died


def test_what_was_delivered_is_settled_when_it_was_taken_and_not_before() -> None:
    journal = Journal()
    found = settling_of(journal)
    stated(found, journal, "writer", "reader")
    assert stated(found, journal, "other", "writer") == 0
    found.taken("reader", "writer", 1)
    found.taken("writer", "other", 2)
    assert stated(found, journal, "other", "writer") == 2


def test_what_is_on_the_disk_and_reached_nobody_is_never_settled_in_that_process() -> None:
    journal = Journal()
    found = settling_of(journal)
    with pytest.raises(Died):
        dies_stating(found, journal, "writer")
    for _ in range(3):  # others still breathe
        assert stated(found, journal, "other", "reader") == 0
        found.taken("reader", "other", journal.count)
