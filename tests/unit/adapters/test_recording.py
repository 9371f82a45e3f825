"""Recordings: exact there and back, merged, and refused with the place of what is wrong."""

from __future__ import annotations

import csv
import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.recording import HEADER, RecordingError, digest, read, write
from core.market.candles import CandleSeries, candle_at, part
from core.market.synthetic import synthetic_market
from messages.market import Candle
from tests.support.recorded import SEPTEMBER, needed

ROW = ["KRW-BTC", "1m", "2025-09-01T00:00:00Z", "100", "110.5", "99", "105", "1.25", ""]


def rows(count: int, pair: str = "KRW-BTC", unit: str = "1m", hour: int = 0) -> list[list[str]]:
    times = [f"2025-09-01T{hour:02}:{minute:02}:00Z" for minute in range(count)]
    return [[pair, unit, time, *ROW[3:]] for time in times]


def packed(path: Path, body: list[list[str]], header: tuple[str, ...] = HEADER) -> Path:
    with gzip.open(path, "wt", newline="") as file:
        csv.writer(file).writerows([header, *body])
    return path


def alike(one: list[CandleSeries], other: list[CandleSeries]) -> bool:
    return digest(one) == digest(other) and [t.pair for t in one] == [t.pair for t in other]


def test_what_is_written_is_read_back_exactly(tmp_path: Path) -> None:
    market = synthetic_market(3, days=1)
    write(tmp_path / "a.csv.gz", market)
    found = read([tmp_path / "a.csv.gz"])
    assert alike(found, sorted(market, key=lambda series: series.pair))
    assert [t.price_places for t in found] == [0, 0, 0, 5, 0]


def test_the_same_tapes_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.csv.gz"):
        write(tmp_path / name, synthetic_market(4, days=1))
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv.gz", "b.csv.gz"]


NUMBERS = st.integers(1, 9 * 10**8).flatmap(
    lambda n: st.integers(0, 10).map(lambda p: Decimal(n).scaleb(-p))
)


@settings(deadline=None)
@given(st.lists(st.tuples(NUMBERS, st.sampled_from("fE")), min_size=1, max_size=5))
def test_every_spelling_of_a_number_is_kept_exactly(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[tuple[Decimal, str]]
) -> None:
    path = tmp_path_factory.mktemp("recording") / "a.csv.gz"
    body = rows(len(numbers))
    for row, (number, spelling) in zip(body, numbers, strict=True):
        row[3:8] = [f"{number:{spelling}}"] * 5
    series = read([packed(path, body)])[0]
    found = [candle_at(series, n) for n in range(len(numbers))]
    assert [(c.open, c.volume) for c in found] == [(n, n) for n, _ in numbers]


def test_several_files_of_a_pair_are_joined_in_time_and_pairs_sorted(tmp_path: Path) -> None:
    market = synthetic_market(5, days=1)[:2]
    halves = [part(t, *cut) for cut in ((700, 2000), (0, 700)) for t in market]
    for n, half in enumerate(halves):
        write(tmp_path / f"{n}.csv.gz", [half])
    found = read(sorted(tmp_path.iterdir()))
    assert alike(found, market)


def test_one_file_may_hold_several_pairs_in_turn(tmp_path: Path) -> None:
    mixed = [row for both in zip(rows(5), rows(5, "KRW-A"), strict=True) for row in both]
    found = read([packed(tmp_path / "a.csv.gz", mixed)])
    assert [(t.pair, len(t.time)) for t in found] == [("KRW-A", 5), ("KRW-BTC", 5)]
    assert candle_at(found[0], 0) == Candle(
        1756684800, *(Decimal(x) for x in ("100", "110.5", "99", "105", "1.25"))
    )


def test_columns_may_come_in_any_order_and_value_may_be_absent(tmp_path: Path) -> None:
    order = (*HEADER[:-1][::-1], "note")
    body = [[*row[:-1][::-1], "x"] for row in rows(3)]
    other = packed(tmp_path / "b.csv.gz", body, order)
    assert alike(read([other]), read([packed(tmp_path / "a.csv.gz", rows(3))]))


def changed(column: str, text: str) -> list[list[str]]:
    body = rows(4)
    body[2][HEADER.index(column)] = text
    return body


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        ("open", "NaN", "'NaN' is not a finite number"),
        ("open", "", "'' is not a finite number"),
        ("close", "Infinity", "not a finite number"),
        ("close", "-5", "'-5' is not a finite number of 0 or more"),
        ("volume", "-0.1", "not a finite number of 0 or more"),
        ("volume", "1_000", "not a finite number"),
        ("volume", "١٢", "not a finite number"),
        ("volume", "1e400", "range"),
        ("open", "100,100", "'100,100' is not a finite number"),
        ("volume", "1.5\t1.5", r"'1.5\\t1.5' is not a finite number"),
        ("timestamp_utc", "2025-09-01T00:02:00Z\t2025-09-01T00:03:00Z", "no UTC time like"),
        ("open", "12345678901234567890", "more than 18 digits"),
        ("volume", "12345678901234567890", "more than 18 digits"),
        ("high", "98", "high is below low"),
        ("high", "104", "high is below open or close"),
        ("low", "101", "low is above open or close"),
        ("low", "0", "must be above 0"),
        ("timestamp_utc", "2025-09-01 00:02:00", "no UTC time like"),
        ("timestamp_utc", "2025-02-30T00:00:00Z", "no UTC time like"),
        ("timestamp_utc", "2025-09-01T00:02:30Z", "does not begin a 1m candle"),
        ("timestamp_utc", "2025-09-01T00:01:00Z", "a second candle of KRW-BTC"),
        ("timestamp_utc", "2025-08-31T00:01:00Z", "goes back in time"),
        ("unit", "5m", "'5m' among candles of 1m"),
        ("market", "BTC-ETH", "'BTC-ETH' is no KRW market"),
        ("market", "../x", "no KRW market"),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(
    tmp_path: Path, column: str, text: str, told: str
) -> None:
    path = packed(tmp_path / "bad.csv.gz", changed(column, text))
    with pytest.raises(RecordingError, match=told) as caught:
        read([path])
    assert f"{path}, line 4, {column}: " in str(caught.value)


@pytest.mark.parametrize("missing", ["market", *HEADER[2:-1]])
def test_a_missing_column_is_named(tmp_path: Path, missing: str) -> None:
    keep = [n for n, name in enumerate(HEADER) if name != missing]
    body = [[row[n] for n in keep] for row in rows(2)]
    path = packed(tmp_path / "a.csv.gz", body, tuple(HEADER[n] for n in keep))
    with pytest.raises(RecordingError, match=f"line 1: has no column '{missing}'"):
        read([path])


def test_a_short_row_and_an_unknown_unit_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="line 3: has 3 fields, not 9"):
        read([packed(tmp_path / "a.csv.gz", [ROW, ROW[:3]])])
    with pytest.raises(RecordingError, match=r"line 2, unit: '2m' is not one of 1m, 3m"):
        read([packed(tmp_path / "b.csv.gz", rows(2, unit="2m"))])


def test_times_are_checked_across_pieces_of_a_long_file(tmp_path: Path) -> None:
    series = synthetic_market(6, days=14)[0]
    write(tmp_path / "a.csv.gz", [part(series, 0, 16384), part(series, 16383, 17000)])
    with pytest.raises(RecordingError, match=r"line 16386, timestamp_utc: .*second candle"):
        read([tmp_path / "a.csv.gz"])


def test_a_truncated_or_damaged_or_foreign_file_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.csv.gz", rows(50))
    whole = path.read_bytes()
    harmed = bytearray(whole)
    harmed[len(whole) // 2] ^= 0xFF
    for body, told in [
        (whole[:-9], "truncated"),
        (whole[: len(whole) // 2], "truncated"),
        (bytes(harmed), "gzip|CSV|line"),
        (b"market,unit\n", "is no table of candles; it has market, unit"),
        (gzip.compress(b"\xff\xfe\x00"), "is UTF-16 text"),
        (gzip.compress(b"\xfd!"), "UTF-8"),
        (b"", "is empty"),
        (gzip.compress((",".join(HEADER) + "\n").encode()), "holds no candle"),
    ]:
        path.write_bytes(body)
        with pytest.raises(RecordingError, match=told) as caught:
            read([path])
        assert str(path) in str(caught.value)


def test_a_missing_file_or_a_folder_or_nothing_is_refused(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "gone.csv.gz", "cannot be read"), (tmp_path, "is no archive")):
        with pytest.raises(RecordingError, match=why):
            read([path])
    with pytest.raises(RecordingError, match="at least one"):
        read([])


def test_files_that_overlap_or_differ_in_length_are_refused_together(tmp_path: Path) -> None:
    first = packed(tmp_path / "a.csv.gz", rows(5))
    second = packed(tmp_path / "b.csv.gz", rows(8)[4:])
    with pytest.raises(RecordingError, match=r"duplicate time 2025-09-01T00:04:00Z of KRW-BTC"):
        read([second, first])
    odd, even = rows(8)[1::2], rows(8)[::2]
    with pytest.raises(RecordingError, match="unordered times"):
        read([packed(first, odd), packed(second, even)])
    longer = packed(tmp_path / "c.csv.gz", rows(1, "KRW-A", "1h", 1))
    with pytest.raises(RecordingError, match="1h beside 1m"):
        read([first, longer])


def test_a_digest_tells_records_apart_and_not_their_files(tmp_path: Path) -> None:
    one, same = rows(3), [[*row[:3], "100.0", *row[4:]] for row in rows(3)]
    other = changed("close", "105.5")[:3]
    found = [
        digest(read([packed(tmp_path / f"{n}.csv.gz", body)]))
        for n, body in enumerate([one, same, other])
    ]
    assert found[0] == found[1] != found[2]


@needed
def test_real_recordings_read_exactly_as_they_are_written() -> None:
    for series, path in zip(read(SEPTEMBER), SEPTEMBER, strict=True):
        with gzip.open(path, "rt") as file:
            listed = list(csv.DictReader(file))
        assert len(listed) == len(series.time)
        for index in range(0, len(listed), 101):
            row, candle = listed[index], candle_at(series, index)
            for name in ("open", "high", "low", "close", "volume"):
                assert getattr(candle, name) == Decimal(row[name]), (series.pair, index)
