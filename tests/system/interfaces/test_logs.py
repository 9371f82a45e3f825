"""The log: one chain for every library's lines, no secret in any, turned over, kept for days."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from adapters import recording
from core.market.synthetic import synthetic_market
from persistence.reader import Reader
from tests.support.cli_runner import ROOT, run

CANARY = "CanaryOfALogLineQx7Zr2"
LINES = f"""
import logging, structlog
log = structlog.get_logger("ours")
log.info("plain", answer=42, token="{CANARY}")
log.info("nested", facts={{"secret_key": "{CANARY}", "deep": [{{"api_key": "{CANARY}"}}]}})
log.warning("text", url="https://api.telegram.org/bot123:{CANARY}/sendMessage")
for name in ("urllib3.connectionpool", "requests", "uvicorn.error", "websockets.client"):
    other = logging.getLogger(name)
    other.warning("POST /bot123:{CANARY}/sendMessage from %s", name)
    other.debug("debug: https://hooks.example/{CANARY}")
    other.warning("Authorization: Bearer %s", "{CANARY}")
    other.warning('{{"access_key": "%s", "x": 1}}', "{CANARY}")
try:
    raise ValueError("secret={CANARY}")
except ValueError:
    log.exception("failed")
    logging.getLogger("asyncio").exception("theirs")
"""


def written(folder: Path, text: str, **logs: Any) -> list[Path]:
    """What these lines of Python leave in the log's folder."""
    begin = "from pathlib import Path\nfrom app import logs\n"
    begin += "from messages.notification_config import Logs\n"
    begin += f"logs.set_up(Path({str(folder)!r}), Logs(**{logs!r}))\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + text],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return sorted(path for path in (folder / "logs").iterdir() if path.suffix != ".lock")


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("level", ["debug", "info"])
def test_no_secret_is_in_any_line_of_ours_or_of_a_library(
    tmp_path: Path, form: str, level: str
) -> None:
    (path,) = [p for p in written(tmp_path, LINES, format=form, level=level) if p.suffix == ".log"]
    text = path.read_text()
    assert CANARY not in text
    for name in ("ours", "urllib3.connectionpool", "requests", "uvicorn.error", "websockets"):
        assert name in text
    assert text.count("Traceback") == 2
    assert path.stat().st_mode & 0o777 == 0o600
    if form == "json":
        records = [json.loads(line) for line in text.splitlines()]
        assert {record["level"] for record in records} == {"info", "warning", "error"}
        assert records[0]["answer"] == 42
    else:
        assert "answer=42" in text
        assert "\x1b" not in text


def test_a_level_leaves_out_what_is_below_it(tmp_path: Path) -> None:
    (path,) = [p for p in written(tmp_path, LINES, level="warning") if p.suffix == ".log"]
    assert "plain" not in path.read_text()


def test_a_file_turns_over_at_its_size_is_compressed_and_stays_ours_alone(tmp_path: Path) -> None:
    text = "import logging\nfor n in range(3000):\n    logging.info('%d %s', n, 'x' * 1000)\n"
    files = written(tmp_path, text, size_mb=1)
    packed = [path for path in files if path.suffix == ".gz"]
    assert len(packed) == 2 + (len(packed) > 2)
    lines = [line for path in packed for line in gzip.decompress(path.read_bytes()).splitlines()]
    lines += next(path for path in files if path.suffix == ".log").read_bytes().splitlines()
    assert sorted(int(json.loads(line)["event"].split()[0]) for line in lines) == [*range(3000)]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_files_go_after_their_days_and_no_sooner_however_many_there_are(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    now = time.time()
    for day in range(20):
        for part in ("", ".1", ".2"):
            stamp = time.strftime("%Y-%m-%d", time.localtime(now - day * 86400))
            path = folder / f"jangbu.log.{stamp}{part}.gz"
            path.write_bytes(b"")
            os.utime(path, (now - day * 86400 - 60, now - day * 86400 - 60))
    text = "import logging\nfor n in range(1200):\n    logging.info('x' * 1000)\n"
    files = written(tmp_path, text, size_mb=1, keep_days=7)
    ages = {round((now - path.stat().st_mtime) / 86400) for path in files}
    assert ages == {*range(7)}
    assert len([path for path in files if path.suffix == ".gz"]) >= 7 * 3


def test_a_line_of_the_log_leads_to_the_journal_and_the_tail_shows_its_end(tmp_path: Path) -> None:
    file = tmp_path / "days.csv.gz"
    recording.write(file, synthetic_market(seed=3, days=2, timeframe="1m"))
    run(
        "trade",
        "--headless",
        "--speed",
        "max",
        "--state-dir",
        "s",
        "--recording",
        file,
        cwd=tmp_path,
    )
    log = (tmp_path / "s/logs/jangbu.log").read_text().splitlines()
    sold = [one for one in map(json.loads, log) if one["event"] == "exit_filled"]
    assert sold
    for record in (sold[0], sold[-1]):
        shown = tail(tmp_path, "-n", 500, "--trace", record["trace"])
        assert record["entry"] in [entry["number"] for entry in shown]
        assert {entry["event"]["type"] for entry in shown} >= {"EntryWanted", "TradeClosed"}
        assert {entry["trace"].split("/")[0] for entry in shown} == {record["trace"]}
        assert tail(tmp_path, "-n", 2, "--trace", record["trace"]) == shown[-2:]
    assert tail(tmp_path, "--trace", "nobody's") == []
    with Reader.open(tmp_path / "s") as reader:
        count = reader.count()
    assert [one["number"] for one in tail(tmp_path, "-n", 3)] == [count - 2, count - 1, count]


def tail(folder: Path, *words: object) -> list[Any]:
    done = run("tail", "--json", "--state-dir", "s", *words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
