"""An archive: what goes in comes out, once, whatever ended an addition."""

from __future__ import annotations

import fcntl
import itertools
import os
import resource
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from adapters.archive.columns import damaged, folders_in, tapes_in
from adapters.archive.writer import add
from adapters.recorded_rows import RecordingError
from adapters.recording import digest, read, write
from core.market.candles import CandleSeries, part, trimmed
from core.market.synthetic import synthetic_market

MARKET = synthetic_market(3, days=1)
SHIB = next(
    series for series in MARKET if series.pair == "KRW-SHIB"
)  # the one whose prices have decimals
COUNT = len(SHIB.time)


def held(archive: Path) -> str:
    return digest(tapes_in(archive))


def test_what_was_added_is_read_back_as_from_its_files(tmp_path: Path) -> None:
    write(tmp_path / "r.csv.gz", MARKET)
    for series in read([tmp_path / "r.csv.gz"]):
        assert add(tmp_path / "a", series).candles == len(series.time)
    assert held(tmp_path / "a") == digest(MARKET)
    assert digest(read([tmp_path / "a"])) == digest(MARKET)
    assert digest(read([tmp_path / "a" / f"{SHIB.pair}-1m"])) == digest([SHIB])


@settings(deadline=None, max_examples=60)
@given(cuts=st.lists(st.integers(1, COUNT - 1), min_size=1, max_size=6), seed=st.randoms())
def test_parts_in_any_order_make_the_whole(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], seed: object
) -> None:
    archive = tmp_path_factory.mktemp("a")
    edges = [0, *sorted(set(cuts)), COUNT]
    parts = [trimmed(part(SHIB, *ends)) for ends in itertools.pairwise(edges)]
    seed.shuffle(parts)  # type: ignore[attr-defined]
    assert sum(add(archive, each).candles for each in parts) == COUNT
    assert held(archive) == digest([SHIB])
    assert damaged(folders_in(archive)[0]) == ""


def test_what_is_known_is_passed_over(tmp_path: Path) -> None:
    add(tmp_path, part(SHIB, 0, 900))
    added = add(tmp_path, part(SHIB, 500, COUNT))
    assert (added.known, added.candles) == (400, COUNT - 900)
    assert held(tmp_path) == digest([SHIB])


def test_another_candle_of_a_known_time_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    add(tmp_path, SHIB)
    high = SHIB.high.copy()
    high[700] += 1
    with pytest.raises(RecordingError, match=r"has another candle of KRW-SHIB at 20.*Z"):
        add(tmp_path, structs.replace(SHIB, high=high))
    assert held(tmp_path) == digest([SHIB])


def finer(series: CandleSeries) -> CandleSeries:
    """The same a day later, at prices with one decimal more."""
    prices = {name: getattr(series, name) * 10 + 1 for name in ("open", "high", "low", "close")}
    places = series.price_places + 1
    return structs.replace(series, time=series.time + 86400, price_places=places, **prices)


def test_finer_prices_are_written_anew_beside_the_old(tmp_path: Path) -> None:
    add(tmp_path, SHIB)
    before = tapes_in(tmp_path)[0]
    add(tmp_path, finer(SHIB))
    after = tapes_in(tmp_path)[0]
    assert (before.price_places, after.price_places) == (5, 6)
    assert digest([before]) == digest([SHIB]), "who reads the old one goes on reading it"
    assert np.array_equal(after.close[:COUNT], SHIB.close * 10)
    assert len(list(tmp_path.glob("*/*.i8"))) == 6, "the old generation is gone"


def dying(archive: Path, series: CandleSeries, limit: int) -> bool:
    """Add in a process that the system kills at the first byte beyond ``limit``; if it was."""
    child = os.fork()
    if not child:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        add(archive, series)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("later", [False, True], ids=["appended", "written-anew"])
def test_whatever_ends_an_addition_the_archive_holds_the_old_or_all(
    tmp_path: Path, later: bool
) -> None:
    first = part(SHIB, 0, 600)
    more = finer(SHIB) if later else part(SHIB, 600, COUNT)
    add(tmp_path / "whole", first)
    add(tmp_path / "whole", more)
    killed = 0
    for place, limit in enumerate(range(100, 2 * COUNT * 8, 1111)):
        archive = tmp_path / str(place)
        add(archive, first)
        if not dying(archive, more, limit):
            break
        killed += 1
        assert held(archive) == digest([first])
        assert add(archive, more).candles == len(more.time)
        assert held(archive) == held(tmp_path / "whole")
    assert killed > 5


def test_one_process_at_a_time_adds_to_a_tape(tmp_path: Path) -> None:
    add(tmp_path, part(SHIB, 0, 600))
    handle = os.open(folders_in(tmp_path)[0], os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(RecordingError, match="another process adds to it"):
        add(tmp_path, SHIB)
    os.close(handle)
    assert add(tmp_path, SHIB).candles == COUNT - 600


def test_damage_is_named(tmp_path: Path) -> None:
    add(tmp_path, SHIB)
    folder = folders_in(tmp_path)[0]
    column = folder / "close.1.i8"
    data = bytearray(column.read_bytes())
    data[100] ^= 1
    column.write_bytes(data)
    assert damaged(folder) == "close"
    column.write_bytes(data[:-1])
    with pytest.raises(RecordingError, match=r"close\.1\.i8 is shorter than \d+ bytes"):
        tapes_in(tmp_path)
    column.unlink()
    with pytest.raises(RecordingError, match=r"close\.1\.i8 is missing"):
        tapes_in(tmp_path)
    (folder / "tape.json").write_text('{"pair": 1}')
    with pytest.raises(RecordingError, match=r"tape\.json"):
        tapes_in(tmp_path)
    (folder / "tape.json").unlink()
    with pytest.raises(RecordingError, match="no archive of recordings"):
        tapes_in(tmp_path)
