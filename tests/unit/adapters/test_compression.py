"""A small file that unpacks to gigabytes is refused in a sentence, long before its end."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from adapters import compression, recording
from adapters.recorded_rows import RecordingError
from core.market.synthetic import synthetic_market


def bomb(path: Path, line: bytes) -> Path:
    """Some 300 MB of the same in a file of 0.3 MB."""
    with gzip.open(path, "wb") as file:
        file.write((",".join(recording.HEADER) + "\n").encode())
        for _ in range(300):
            file.write(line * (1024 * 1024 // len(line)))
    assert path.stat().st_size < 1024 * 1024
    return path


@pytest.mark.parametrize("line", [b"0" * 1024, b"KRW-BTC,1m,2025-09-01T00:00:00Z,1,1,1,1,1,\n"])
def test_a_bomb_is_refused_in_one_sentence(tmp_path: Path, line: bytes) -> None:
    path = bomb(tmp_path / "bomb.csv.gz", line)
    with pytest.raises(RecordingError) as refused:
        recording.read([path])
    assert "\n" not in str(refused.value)
    if line.startswith(b"0"):
        assert "unpacks to more than" in str(refused.value)


def test_a_recording_of_any_kind_stays_far_below_the_bound(tmp_path: Path) -> None:
    path = tmp_path / "made.csv.gz"
    candle_series = synthetic_market(1, days=3)
    recording.write(path, candle_series)
    whole = len(gzip.decompress(path.read_bytes()))
    assert whole < compression.TIMES * path.stat().st_size / 2
    assert [series.pair for series in recording.read([path])] == sorted(
        t.pair for t in candle_series
    )
