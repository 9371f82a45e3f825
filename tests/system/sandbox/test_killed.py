"""A sandbox process that is killed in the middle of orders keeps every book it told of."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal as D
from pathlib import Path

import pytest
import requests

from tests.support.sandbox_client import Client

ROOT = Path(__file__).parents[3]


@contextmanager
def process(state: Path) -> Iterator[tuple[subprocess.Popen[str], Client]]:
    """``run.py sandbox`` on a free port."""
    words = ["sandbox", "--port", "0", "--state-dir", str(state), "--balance", "KRW=50000000"]
    environ = os.environ | {"PYTHONPATH": str(ROOT), "LANG": "C"}
    with subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), *words, "--speed", "20"],
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
        cwd=state.parent,
    ) as child:
        try:
            assert child.stdout
            line = child.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found, line
            yield child, Client(found[0])
        finally:
            child.kill()


def order(client: Client, name: str) -> requests.Response:
    return client.place(side="bid", ord_type="price", price="10000", identifier=name)


@pytest.mark.parametrize("after", [3, 8])
def test_what_a_killed_sandbox_told_is_in_its_books(tmp_path: Path, after: int) -> None:
    told: dict[str, str] = {}
    with process(tmp_path / "state") as (child, client):
        enough = threading.Event()

        def trade() -> None:
            for number in range(10_000):
                try:
                    told[f"n{number}"] = order(client, f"n{number}").json().get("uuid", "")
                except requests.RequestException:
                    return
                if number >= after:
                    enough.set()

        trader = threading.Thread(target=trade)
        trader.start()
        assert enough.wait(60)
        os.kill(child.pid, signal.SIGKILL)
        trader.join(60)
    asked = [name for name, uuid in told.items() if uuid]
    assert len(asked) > after
    with process(tmp_path / "state") as (_, client):
        books = client.admin("books")
        known = {o["identifier"]: o for o in books["orders"]}
        assert {name: known[name]["uuid"] for name in asked} == {n: told[n] for n in asked}
        for name in asked[:5]:
            assert order(client, name).json()["error"]["name"] == "duplicated_identifier"
        accounts = {a["currency"]: a for a in books["accounts"]}
        paid = sum((D(o["executed_funds"]) + D(o["paid_fee"]) for o in known.values()), D(0))
        assert D(accounts["KRW"]["balance"]) + D(accounts["KRW"]["locked"]) == 50_000_000 - paid
        coins = sum((D(o["executed_volume"]) for o in known.values()), D(0))
        assert D(accounts["BTC"]["balance"]) == coins


def test_a_second_sandbox_on_the_same_books_is_refused(tmp_path: Path) -> None:
    with process(tmp_path / "state"):
        words = ["sandbox", "--port", "0", "--state-dir", str(tmp_path / "state")]
        second = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        assert second.returncode == 2
        assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--speed", "0"],
        ["--balance", "KRW"],
        ["--balance", "KRW=abc"],
        ["--key", "nocolon"],
        ["--walk", "1", "--recording", "x.csv"],
        ["--faults", "absent.json"],
    ],
)
def test_bad_words_get_a_sentence_and_no_traceback(tmp_path: Path, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "sandbox", "--port", "0", *words],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert "nocolon" not in done.stderr
