"""Live beside paper by its front door: a replay beside itself, and a real bot at a sandbox."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec import structs

from adapters import recording
from core.market.synthetic import synthetic_market
from messages.config import Config
from messages.control import ConfigAdopted, TradingChanged
from messages.plain_values import iso
from persistence.record import Identity, Record
from persistence.store import Store
from sandbox.server import Sandbox, SandboxConfig
from tests.support.cli_runner import run, said
from tests.support.journals import Nothing, letters
from tests.support.live_bot import Bot

D = Decimal
SPEED = 120.0  # the market's seconds in a real one; a busy machine must keep up with it
SALES = 8


def test_a_replay_beside_the_same_replay_differs_in_nothing(tmp_path: Path) -> None:
    made = run("make-recording", "--seed", "5", "--days", "3", "r.csv.gz", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    words = ("--state-dir", "st", "--recording", "r.csv.gz")
    done = run("--headless", "--speed", "max", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = said("report", "--drift", *words, cwd=tmp_path)
    kinds = {kind: one["trades"] for kind, one in found["kinds"].items()}
    assert kinds.pop("same") == len(found["trades"]) > 20
    assert set(kinds.values()) == {0}
    assert {D(one["gap"]) for one in found["trades"]} == {D(0)}


def test_a_replay_is_compared_on_its_own_recording_alone(tmp_path: Path) -> None:
    for seed in ("5", "6"):
        made = run("make-recording", "--seed", seed, "--days", "1", f"{seed}.csv.gz", cwd=tmp_path)
        assert made.returncode == 0, made.stderr
    words = ("--state-dir", "st", "--recording")
    assert run("--headless", "--speed", "max", *words, "5.csv.gz", cwd=tmp_path).returncode == 0
    assert run("report", "--drift", *words, "6.csv.gz", cwd=tmp_path).returncode == 2
    assert run("report", "--drift", "--state-dir", "st", cwd=tmp_path).returncode == 2
    assert (
        said("report", "--drift", *words, "5.csv.gz", cwd=tmp_path)["kinds"]["price"]["trades"] == 0
    )


def test_a_recording_that_goes_on_is_compared_no_further_than_the_run_went(tmp_path: Path) -> None:
    made = run("make-recording", "--seed", "5", "--days", "3", "r.csv.gz", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    begin = min(int(series.time[0]) for series in recording.read([tmp_path / "r.csv.gz"]))
    end = begin + 86400.0 + 17.0
    born = Identity("b1", "live", "upbit", "", born_at=float(begin))
    store = Store.create(tmp_path / "st", born, sync=False)
    events = [ConfigAdopted(Config()), TradingChanged("running")]
    dated = [
        structs.replace(letter, at=at)
        for letter, at in zip(letters(events), (begin + 1.0, end), strict=True)
    ]
    store.commit("test", Record(Nothing()), dated)
    store.close()
    words = ("--state-dir", "st", "--recording", "r.csv.gz")
    found = said("report", "--drift", *words, cwd=tmp_path)
    assert found["end"] == iso(begin + 86400.0), "the last whole candle of the run"
    assert found["trades"]
    assert all(one["at"] <= begin + 86400.0 for one in found["trades"])
    assert all(not one["live"] for one in found["trades"])


def test_a_live_bot_beside_paper_on_the_candles_that_it_kept(tmp_path: Path) -> None:
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    venue = Sandbox(SandboxConfig(market, tmp_path / "venue", speed=SPEED, sync=False))
    url = venue.start()
    bot = Bot(url, tmp_path, JANGBU__STARTUP_CANDLE_COUNT="60")
    bot.start()
    bot.read_until(lambda lines: sum(": sold " in line for line in lines) >= SALES)
    bot.end()
    found = bot.said("report", "--drift")
    venue.stop()
    trades = found["trades"]
    both = [one for one in trades if one["live"] and one["paper"]]
    assert both, "the same thought has the same id on both sides"
    assert all(one["why"] for one in trades if one["kind"] != "same")
    assert not [one for one in trades if one["why"] in ("drift_unexplained", "drift_no_signal")]
    profit = sum(
        D(row["profit_abs"]) for one in trades if one["live"] for row in one["live"]["rows"]
    )
    shown = bot.said("show-trades")
    begin, end = found["begin"], found["end"]
    sold = [row for row in shown if not row["is_open"] and begin <= row["close_date"] <= end]
    assert profit == sum(D(row["profit_abs"]) for row in sold)
    assert len(sold) >= SALES // 2
    gaps = sum(D(kind["gap"]) for kind in found["kinds"].values())
    paper = sum(
        D(row["profit_abs"]) for one in trades if one["paper"] for row in one["paper"]["rows"]
    )
    assert gaps == profit - paper
