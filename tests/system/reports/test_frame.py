"""The page of a pair: candles, the strategy's own indicators and signals, what was traded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import chromium, needed
from tests.support.cli_runner import run, said
from tests.system.reports.test_page import Look

MINE = """
import numpy as np
from msgspec import Struct
from core.strategy import Signals

class Params(Struct, frozen=True):
    pass

class Mine:
    Params = Params

    @staticmethod
    def signals(candles, params):
        entry = np.zeros(len(candles.time), dtype=np.bool_)
        return Signals(entry, ~entry)

    @staticmethod
    def indicators(candles, params):
        return {"Volume": {"traded": candles.volume[ODD:]}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("frame")
    assert run("make-recording", "m.csv.gz", "--days", "2", cwd=made).returncode == 0
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


def drawn(path: Path) -> Any:
    found = re.search(
        r'<script type="application/json" id="told">(.*?)</script>', path.read_text(), re.S
    )
    assert found
    return json.loads(found[1])


def plotted(folder: Path, pair: str, *words: object, **more: str) -> Any:
    done = run("plot-dataframe", pair, "--recording", "m.csv.gz", *words, cwd=folder, **more)
    assert done.returncode == 0, done.stderr
    return done


def test_candles_indicators_signals_and_trades_are_those_of_the_backtest(folder: Path) -> None:
    plotted(folder, "krw-doge", "--plot-limit", 1500, "--out", "p.html")
    shown = drawn(folder / "p.html")
    assert [panel["name"] for panel in shown["panels"]] == ["price", "RSI", "MACD"]
    lines = [line for panel in shown["panels"] for line in panel["lines"]]
    assert {len(line["y"]) for line in lines} == {len(shown["x"])} == {1500}
    assert shown["entries"], "the strategy wanted to enter"
    told = said("backtesting", "--recording", "m.csv.gz", cwd=folder)
    rows = [row for row in told["trades"] if row["pair"] == "KRW-DOGE" and not row["is_open"]]
    begin = shown["x"][0] / 1000 - 9 * 3600
    inside = [row for row in rows if _epoch(row["close_date"]) >= begin and float(row["amount"])]
    assert len(shown["pair"]["sells"]) == len(inside) > 0


def test_a_trade_that_began_before_the_first_candle_draws_no_days_without_candles(
    folder: Path,
) -> None:
    plotted(folder, "KRW-DOGE", "--plot-limit", 1500, "--out", "long.html")
    long = drawn(folder / "long.html")
    bought, _, sold, *_ = next(line for line in long["pair"]["lines"] if line[0] > long["x"][0])
    limit = sum(at > bought for at in long["x"])
    plotted(folder, "KRW-DOGE", "--plot-limit", limit, "--out", "short.html")
    short = drawn(folder / "short.html")
    assert bought < short["x"][0] <= sold
    assert sold in [mark[0] for mark in short["pair"]["sells"]]
    later = [mark for mark in long["pair"]["buys"] if mark[0] > bought]
    assert short["pair"]["buys"] == later


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_ones_own_strategy_draws_what_it_likes_and_a_wrong_length_is_told(folder: Path) -> None:
    config = folder / "own.json"
    config.write_text("{}")
    (folder / "mine.py").write_text(MINE.replace("ODD", "0"))
    words = ("--config", config, "--strategy", "mine.py:Mine", "--out", "own.html")
    plotted(folder, "KRW-BTC", *words)
    shown = drawn(folder / "own.html")
    assert [panel["name"] for panel in shown["panels"]] == ["Volume"]
    assert (len(shown["entries"]), len(shown["exits"])) == (0, 750)
    (folder / "mine.py").write_text(MINE.replace("ODD", "1"))
    wrong = ("plot-dataframe", "KRW-BTC", "--recording", "m.csv.gz", *words)
    refused = run(*wrong, cwd=folder)
    assert refused.returncode == 2
    assert "indicators: traded is not an array as long as the candles" in refused.stderr


def test_a_pair_that_was_not_recorded_is_told_with_those_that_were(folder: Path) -> None:
    for pair, part in (("KRW-MOON", "KRW-DOGE"), ("moon!", "PAIR")):
        done = run("plot-dataframe", pair, "--recording", "m.csv.gz", cwd=folder)
        assert done.returncode == 2
        assert part in done.stderr


@needed
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en_US", "ko_KR"])
def test_no_two_lines_or_marks_share_a_colour_and_volume_is_drawn(
    folder: Path, browser: Any, scheme: str, language: str
) -> None:
    plotted(folder, "KRW-DOGE", "--out", "c.html", LC_ALL=f"{language}.UTF-8")
    look = Look(browser, folder / "c.html", scheme=scheme)
    data = "document.getElementById('frame').data"
    colours = look.page.evaluate(
        f"{data}.filter(t => t.type !== 'candlestick' && t.type !== 'bar')"
        ".map(t => (t.mode === 'lines' ? t.line : t.marker).color)"
    )
    assert all(colours)
    assert len(set(colours)) == len(colours) >= 9
    (volume,) = look.page.evaluate(f"{data}.filter(t => t.type === 'bar').map(t => t.y)")
    assert volume == drawn(folder / "c.html")["pair"]["volume"]
    look.page.close()


@needed
def test_it_needs_nothing_else_and_fits_a_phone(folder: Path, browser: Any) -> None:
    plotted(folder, "KRW-XRP", "--out", "ko.html", LC_ALL="ko_KR.UTF-8")
    look = Look(browser, folder / "ko.html", width=380, scheme="dark")
    assert drawn(folder / "ko.html")["words"]["entries"] == "매수 신호"
    assert look.count("#frame .main-svg") > 0
    assert look.page.evaluate("document.documentElement.scrollWidth") <= 380
    assert [url for url in look.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert look.wrong == []
