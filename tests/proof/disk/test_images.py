"""Whatever a power cut leaves of a bot's writes is a ledger with every turn that was told."""

from __future__ import annotations

from pathlib import Path

from tests.proof.disk.recorder import built_or_skipped
from tests.proof.disk.runs import ran

COUNT = 2000


def test_every_crash_image_opens_with_all_that_was_told_and_nothing_else(tmp_path: Path) -> None:
    built_or_skipped(tmp_path)
    seen = ran("images", "--count", str(COUNT), "--candles", "90", "--seed", "1")
    assert sum(seen.values()) == COUNT, seen
    assert seen["born again"] > 20, "moments of the first creation"
    assert seen["as told"] > COUNT // 2
