"""Candles as people have them: read exactly, or refused with the true cause."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest

from adapters.recorded_rows import RecordingError
from adapters.recording import HEADER, digest, read
from core.market.candles import CandleSeries, candle_at
from i18n.sentences import translated
from messages.market import Candle

HANGUL = re.compile("[가-힣]")
ROOT = Path(__file__).parents[3]
SEPTEMBER = 1756684800  # 2025-09-01T00:00:00Z
FIGURES = ("153000000.0", "153100000.0", "152900000.0", "153050000.0", "1.23456789")
OURS = "\n".join(
    [
        ",".join(HEADER),
        *(
            f"KRW-BTC,1m,2025-09-01T00:0{n}:00Z,153000000,153100000,152900000,153050000,1.23456789,"
            for n in range(3)
        ),
    ]
)
EXPECTED = [Candle(SEPTEMBER + 60 * n, *(Decimal(text) for text in FIGURES)) for n in range(3)]
needs_arrow = pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow is not installed")


def put(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def candles(path: Path) -> list[Candle]:
    (series,) = read([path])
    assert (series.pair, series.seconds) == ("KRW-BTC", 60)
    return [candle_at(series, n) for n in range(len(series.time))]


def refused(path: Path) -> str:
    with pytest.raises(RecordingError) as error:
        read([path])
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)
    assert HANGUL.search(translated(str(error.value).replace(str(path), "x.csv"), "ko"))
    return str(error.value)


# --- our own columns, however they are kept
def zipped(text: bytes, path: Path, *more: str) -> bytes:
    with zipfile.ZipFile(path, "w") as packed:
        for name in ("market.csv", *more):
            packed.writestr(name, text)
    return path.read_bytes()


def tarred(text: bytes, path: Path, *more: str) -> bytes:
    with tarfile.open(path, "w") as packed:
        for name in ("data", "data/market.csv", *more):
            packed.addfile(member(name, text), io.BytesIO(text))
    return path.read_bytes()


def member(name: str, text: bytes) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type = tarfile.REGTYPE if "." in name else tarfile.DIRTYPE
    found.size = len(text) if "." in name else 0
    return found


def deep(text: bytes, times: int) -> bytes:
    return deep(gzip.compress(text), times - 1) if times else text


PLAIN = OURS.encode()
KEPT: dict[str, Callable[[Path], bytes]] = {
    "plain.csv": lambda _: PLAIN,
    "mark.csv": lambda _: b"\xef\xbb\xbf" + PLAIN,
    "windows.csv": lambda _: PLAIN.replace(b"\n", b"\r\n") + b"\r\n",
    "blank-last.csv": lambda _: PLAIN + b"\n\n  \n,,,,,,,,\n",
    "blank-between.csv": lambda _: PLAIN.replace(b"\n", b"\n\n"),
    "semicolons.csv": lambda _: PLAIN.replace(b",", b";"),
    "tabs.tsv": lambda _: PLAIN.replace(b",", b"\t"),
    "packed.csv.gz": lambda _: gzip.compress(PLAIN),
    "packed.csv.xz": lambda _: lzma.compress(PLAIN),
    "packed.csv.bz2": lambda _: bz2.compress(PLAIN),
    "packed.zip": lambda at: zipped(PLAIN, at),
    "packed-by-a-mac.zip": lambda at: zipped(PLAIN, at, "__MACOSX/._market.csv", ".DS_Store"),
    "packed.csv.lzma": lambda _: lzma.compress(PLAIN, lzma.FORMAT_ALONE),
    "packed.tar": lambda at: tarred(PLAIN, at),
    "packed-by-a-mac.tar": lambda at: tarred(PLAIN, at, "data/._market.csv", ".DS_Store"),
    "packed.tar.gz": lambda at: gzip.compress(tarred(PLAIN, at)),
    "packed.tgz": lambda at: gzip.compress(tarred(PLAIN, at)),
    "packed.tar.xz": lambda at: lzma.compress(tarred(PLAIN, at)),
    "gzip-in.zip": lambda at: zipped(gzip.compress(PLAIN), at),
    "zip-in.gz": lambda at: gzip.compress(zipped(PLAIN, at)),
    "four.csv.gz": lambda _: deep(PLAIN, 4),
    "blanks-first.csv": lambda _: b"\n" * 99 + PLAIN,
    "no-end-that-tells": lambda _: gzip.compress(b"\xef\xbb\xbf" + PLAIN),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_recording_is_read_however_it_is_kept(tmp_path: Path, name: str) -> None:
    path = put(tmp_path / name, KEPT[name](tmp_path / "made.zip"))
    assert candles(path) == EXPECTED
    whole = put(tmp_path / "same.csv.gz", gzip.compress(PLAIN))
    assert digest(read([path])) == digest(read([whole]))


@pytest.mark.parametrize("name", ["plain.csv", "packed.csv.gz", "packed.zip", "packed.tar"])
def test_a_recording_may_come_through_a_pipe_which_is_read_once(tmp_path: Path, name: str) -> None:
    whole = KEPT[name](tmp_path / "made")
    leaving, entering = os.pipe()
    os.write(entering, whole)
    os.close(entering)
    (series,) = read([f"/dev/fd/{leaving}"])
    os.close(leaving)
    assert len(series.time) == 3


def test_a_wrong_cell_is_named_by_its_line_also_behind_blank_lines(tmp_path: Path) -> None:
    text = OURS.replace("\n", "\n\n").replace("00:02:00Z,153000000", "00:02:00Z,NaN")
    assert "line 7, open: 'NaN'" in refused(put(tmp_path / "a.csv", text))
    short = OURS + "\n\nKRW-BTC,1m\n"
    assert "line 6: has 2 fields, not 9" in refused(put(tmp_path / "b.csv", short))


@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("two.zip", lambda at: zipped(PLAIN, at, "other.csv"), "holds 2 files, not one"),
        ("none.zip", lambda _: b"PK\x05\x06" + bytes(18), "holds 0 files, not one"),
        ("torn.zip", lambda at: zipped(PLAIN, at)[:-40], "is not an intact zip file"),
        ("book.xlsx", lambda at: zipped(PLAIN, at, "[Content_Types].xml"), "Excel workbook"),
        ("old.xls", lambda _: b"\xd0\xcf\x11\xe0" + bytes(99), "an old Excel workbook"),
        ("torn.csv.xz", lambda _: lzma.compress(PLAIN)[:-9], "is truncated"),
        ("bad.csv.xz", lambda _: lzma.compress(PLAIN)[:7] + b"x" * 99, "not an intact xz file"),
        ("a.csv.zst", lambda _: b"\x28\xb5\x2f\xfd" + bytes(20), "is zstd"),
        ("a.h5", lambda _: b"\x89HDF\r\n\x1a\n" + bytes(20), "is HDF5"),
        ("excel.csv", lambda _: OURS.encode("utf-16"), "is UTF-16 text"),
        ("cp949.csv", lambda _: ("메모," + OURS).encode("cp949"), "is not UTF-8 CSV"),
        ("page.csv", lambda _: b"<!DOCTYPE html><html>", "is a web page and no recording"),
        ("empty.csv", lambda _: b"", "is empty"),
        ("nul.csv", lambda _: bytes(99), "is binary data"),
        (
            "joined.csv",
            lambda _: PLAIN + b"\n" + PLAIN,
            "line 5: has the names of columns once more",
        ),
        ("blank.csv", lambda _: b"\xef\xbb\xbf \n\n" + b" " * 99, "is empty"),
        ("empty.csv.gz", lambda _: gzip.compress(b""), "is empty"),
        ("empty.json", lambda _: b"", "is empty"),
        ("null.json", lambda _: b"null\n", "is a JSON null"),
        ("null.json.gz", lambda _: gzip.compress(b"null"), "is a JSON null"),
        ("text.json", lambda _: b"candles", "is no JSON"),
        ("deep.csv", lambda _: deep(PLAIN, 5), "is packed more than 4 times"),
        ("two.tar", lambda at: tarred(PLAIN, at, "other.csv"), "holds 2 files, not one"),
        ("torn.tar", lambda at: tarred(PLAIN, at)[:900], "is truncated"),
        ("bad.zip", lambda at: zipped(b"\x1f\x8bxxxxxxxxxxx", at), "not an intact gzip file"),
        ("a.csv.Z", lambda _: b"\x1f\x9d" + bytes(20), "is compress (.Z)"),
        ("a.csv.lz4", lambda _: b"\x04\x22\x4d\x18" + bytes(20), "is lz4"),
        ("rar.zip", lambda at: zipped(b"Rar!" + bytes(20), at), "is rar"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_it_is(
    tmp_path: Path, name: str, make: Callable[[Path], bytes], told: str
) -> None:
    said = refused(put(tmp_path / name, make(tmp_path / "made.zip")))
    assert told in said


# --- pyupbit
PYUPBIT = "\n".join(
    [
        ",open,high,low,close,volume,value",
        *(f"2025-09-01 09:0{n}:00,{','.join(FIGURES)},188888888.8" for n in range(3)),
    ]
)


@pytest.mark.parametrize("name", ["KRW-BTC_1m.csv", "krw-btc.csv", "upbit BTC_KRW-1m (2).csv"])
def test_pyupbits_to_csv_is_read_its_index_as_the_time_in_korea(tmp_path: Path, name: str) -> None:
    assert candles(put(tmp_path / name, PYUPBIT + "\n")) == EXPECTED
    packed = put(tmp_path / (name + ".gz"), gzip.compress(PYUPBIT.encode()))
    assert candles(packed) == EXPECTED


def test_where_neither_table_nor_name_tells_the_market_that_is_the_cause(tmp_path: Path) -> None:
    said = refused(put(tmp_path / "bitcoin.csv", PYUPBIT))
    assert "has no column 'market', and its name tells none; call the file KRW-BTC_1m.csv" in said


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((0, 1, 1, 2), "line 4, timestamp_utc: 2025-09-01T00:01:00Z: a second candle of KRW-BTC"),
        (
            (0, 2, 1, 2),
            "line 4, timestamp_utc: 2025-09-01T00:01:00Z: goes back in time for KRW-BTC",
        ),
        ((2, 1, 1, 0), "line 3, timestamp_utc: 2025-09-01T00:01:00Z: a second candle of KRW-BTC"),
    ],
)
def test_a_doubled_row_and_one_out_of_order_are_named_as_what_they_are(
    tmp_path: Path, lines: tuple[int, ...], told: str
) -> None:
    head, *body = PYUPBIT.split("\n")
    text = "\n".join([head, *(body[n] for n in lines)])
    for name in ("KRW-BTC.csv", "KRW-BTC_1m.csv"):
        assert told in refused(put(tmp_path / name, text))


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ((5,), "has no column 'volume'; it has , open, high, low, close, value"),
        ((3,), "has no column 'low'; "),
        ((2, 5), "has no columns 'high', 'volume'; "),
        ((0,), "has no column 'timestamp_utc'; it has open, high"),
        ((1, 2, 3, 4, 5), "is no table of candles; it has , value"),
    ],
)
def test_the_figures_that_a_table_lacks_are_named_and_not_its_market(
    tmp_path: Path, lost: tuple[int, ...], told: str
) -> None:
    rows = [line.split(",") for line in PYUPBIT.split("\n")]
    kept = [",".join(cell for n, cell in enumerate(row) if n not in lost) for row in rows]
    assert told in refused(put(tmp_path / "KRW-BTC_1m.csv", "\n".join(kept)))


def test_a_table_without_its_line_of_names_is_told_so(tmp_path: Path) -> None:
    for text in (OURS, PYUPBIT):
        bare = text.partition("\n")[2]
        assert "line 1: is a row of figures (" in refused(put(tmp_path / "KRW-BTC_1m.csv", bare))


def test_our_own_columns_may_leave_market_and_length_to_the_name(tmp_path: Path) -> None:
    text = "\n".join(",".join(line.split(",")[2:]) for line in OURS.split("\n"))
    assert candles(put(tmp_path / "KRW-BTC_1m.csv", text)) == EXPECTED
    assert candles(put(tmp_path / "KRW-BTC.csv", text)) == EXPECTED
    assert "its name tells none" in refused(put(tmp_path / "bitcoin.csv", text))


def test_a_single_row_without_a_length_asks_for_it_in_the_name(tmp_path: Path) -> None:
    one = "\n".join(PYUPBIT.split("\n")[:2])
    assert "call the file KRW-BTC_1m.csv" in refused(put(tmp_path / "KRW-BTC.csv", one))
    assert len(candles(put(tmp_path / "KRW-BTC_1m.csv", one))) == 1


@pytest.mark.parametrize(
    ("header", "first", "told"),
    [
        ("date", "2025-09-01 09:00:00", "line 2, date: '2025-09-01 09:00:00' says no time zone"),
        ("date", "yesterday", "line 2, date: 'yesterday' is no time like 2025-09-01T00:00:00Z"),
        ("date", "2025-09-01T00:00:00.5Z", "is no whole second"),
    ],
)
def test_a_time_that_does_not_say_when_is_named(
    tmp_path: Path, header: str, first: str, told: str
) -> None:
    text = f"{header},open,high,low,close,volume\n{first},{','.join(FIGURES)}\n"
    assert told in refused(put(tmp_path / "KRW-BTC_1m.csv", text))


@pytest.mark.parametrize(
    "first",
    ["2025-09-01T00:00:00Z", "2025-09-01 00:00:00+00:00", "2025-09-01T09:00:00+09:00"],
)
def test_a_time_with_its_zone_is_read_under_any_common_name(tmp_path: Path, first: str) -> None:
    text = f"Date,Open,High,Low,Close,Volume\n{first},{','.join(FIGURES)}\n"
    assert candles(put(tmp_path / "KRW-BTC_1m.csv", text)) == EXPECTED[:1]


@pytest.mark.parametrize("moment", [SEPTEMBER, SEPTEMBER * 1000, SEPTEMBER * 10**9])
def test_a_time_may_count_seconds_or_less(tmp_path: Path, moment: int) -> None:
    text = f"timestamp,open,high,low,close,volume\n{moment},{','.join(FIGURES)}\n"
    assert candles(put(tmp_path / "KRW-BTC_1m.csv", text)) == EXPECTED[:1]


def test_a_pair_column_may_be_written_as_freqtrade_does(tmp_path: Path) -> None:
    text = f"date,open,high,low,close,volume,pair\n{SEPTEMBER},{','.join(FIGURES)},BTC/KRW\n"
    for name in ("BTC/KRW", "btc/krw", "krw-btc"):
        written = text.replace("BTC/KRW", name)
        assert candles(put(tmp_path / "all-1m.csv", written)) == EXPECTED[:1]
    other = put(tmp_path / "other-1m.csv", text.replace("BTC/KRW", "BTC/USDT"))
    assert "line 2, market: 'BTC/USDT' is no KRW market" in refused(other)


# --- Upbit's own JSON
def upbit(index: int) -> str:
    """As its answer has it, the figures to the digit."""
    return (
        f'{{"market":"KRW-BTC","candle_date_time_utc":"2025-09-01T00:0{index}:00",'
        f'"candle_date_time_kst":"2025-09-01T09:0{index}:00","opening_price":153000000.00000000,'
        '"high_price":153100000.00000000,"low_price":152900000.00000000,'
        '"trade_price":153050000.00000000,"timestamp":1756684859000,'
        '"candle_acc_trade_price":188888888.80000000,"candle_acc_trade_volume":1.23456789,'
        '"unit":1}'
    )


UPBIT_WITHOUT_LOW = upbit(0).replace('"low_price":152900000.00000000,', "")
UPBIT = f"[{','.join(upbit(n) for n in (2, 1, 0))}]"  # newest first


@pytest.mark.parametrize("name", ["answer.json", "answer.txt"])
def test_upbits_own_candles_are_read_newest_first_as_they_come(tmp_path: Path, name: str) -> None:
    assert candles(put(tmp_path / name, UPBIT)) == EXPECTED
    assert candles(put(tmp_path / f"{name}.gz", gzip.compress(UPBIT.encode()))) == EXPECTED


def test_candles_of_upbit_one_a_line_are_read(tmp_path: Path) -> None:
    assert candles(put(tmp_path / "a.jsonl", "\n".join(upbit(n) for n in range(3)))) == EXPECTED


def test_upbits_candles_of_days_need_no_length(tmp_path: Path) -> None:
    day = upbit(0).replace('"unit":1', '"prev_closing_price":1,"change_rate":null')
    (series,) = read([put(tmp_path / "days.json", f"[{day}]")])
    assert (series.pair, series.seconds, len(series.time)) == ("KRW-BTC", 86400, 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (UPBIT[:-1], "is no JSON"),
        (UPBIT.replace("152900000", "-1", 1), "row 1, low: "),
        (UPBIT.replace("153050000.00000000", "null", 1), "row 1, close: '' is not a finite number"),
        ("[]", "holds no candle"),
        ('{"error": {"name": "too_many_requests"}}', "a refusal of Upbit (too_many_requests)"),
        ('{"candles": []}', "is a JSON object; allowed: a list of Upbit's candles"),
        ('[{"market": "KRW-BTC"}]', "is no table of candles; it has market"),
        (f"[{UPBIT_WITHOUT_LOW}]", "has no column 'low'; it has market, "),
        ("[[1, 2, 3]]", "row 1: has 3 fields, not 6"),
        ("[1]", "row 1: has 0 fields, not 6"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_json_that_holds_no_candles_is_refused_with_its_place(
    tmp_path: Path, text: str, told: str
) -> None:
    assert told in refused(put(tmp_path / "KRW-BTC_1m.json", text))


# --- freqtrade
FREQTRADE = json.dumps(
    [[(SEPTEMBER + 60 * n) * 1000, *(float(text) for text in FIGURES)] for n in range(3)]
)


def test_freqtrades_json_is_read_by_its_name(tmp_path: Path) -> None:
    assert candles(put(tmp_path / "BTC_KRW-1m.json", FREQTRADE)) == EXPECTED
    packed = put(tmp_path / "BTC_KRW-1m.json.gz", gzip.compress(FREQTRADE.encode()))
    assert candles(packed) == EXPECTED


def test_freqtrades_json_of_another_currency_is_no_recording(tmp_path: Path) -> None:
    said = refused(put(tmp_path / "BTC_USDT-1m.json", FREQTRADE))
    assert "its name tells none" in said


@pytest.mark.parametrize(("start", "kind"), [(b"ARROW1", "feather"), (b"PAR1", "parquet")])
def test_without_pyarrow_its_files_are_refused_with_the_extra_that_brings_it(
    tmp_path: Path, start: bytes, kind: str
) -> None:
    path = put(tmp_path / f"BTC_KRW-1m.{kind}", start + bytes(40))
    bare = "import sys; sys.modules['pyarrow'] = None; sys.path.insert(0, sys.argv[1])\n"
    script = bare + "from adapters.recording import read; read([sys.argv[2]])"
    words = [sys.executable, "-c", script, str(ROOT), str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert f"{path}: is {kind}, which takes pyarrow" in done.stderr
    assert "[arrow]" in done.stderr


@needs_arrow
@pytest.mark.parametrize("kind", ["feather", "parquet"])
def test_freqtrades_feather_and_parquet_are_read(tmp_path: Path, kind: str) -> None:
    path = arrow_file(tmp_path, kind)
    assert candles(path) == EXPECTED
    packed = put(tmp_path / f"BTC_KRW-1m.{kind}.gz", gzip.compress(path.read_bytes()))
    assert candles(packed) == EXPECTED
    whole = path.read_bytes()
    put(path, whole[: len(whole) // 2])
    assert f"is not an intact {kind} file" in refused(path)


def arrow_file(folder: Path, kind: str) -> Path:
    """As freqtrade writes it: a column of moments in UTC, the figures as floats."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    names = ("open", "high", "low", "close", "volume")
    moments = pyarrow.array([(SEPTEMBER + 60 * n) * 1000 for n in range(3)])
    table = pyarrow.table(
        {
            "date": moments.cast(pyarrow.timestamp("ms", tz="UTC")),
            **{n: [float(text)] * 3 for n, text in zip(names, FIGURES, strict=True)},
        }
    )
    path = folder / f"BTC_KRW-1m.{kind}"
    if kind == "feather":
        from pyarrow import feather

        feather.write_feather(table, str(path), compression="lz4")
    else:
        from pyarrow import parquet

        parquet.write_table(table, path)
    return path


def test_files_of_several_kinds_are_joined_as_any_are(tmp_path: Path) -> None:
    first = put(tmp_path / "KRW-BTC_1m.csv", "\n".join(PYUPBIT.split("\n")[:3]))
    last = put(tmp_path / "last.json", f"[{upbit(2)}]")
    (series,) = read([last, first])
    assert isinstance(series, CandleSeries)
    assert [candle_at(series, n) for n in range(3)] == EXPECTED
