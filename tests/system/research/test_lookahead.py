"""Whether a strategy looks ahead, and how many start-up candles it needs: found, and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.market.candles import Candles, columns, window
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from core.strategy import Signals, Strategy
from research.lookahead import differences
from research.warmup import LADDER, LOOKED_MAX, ladder, unsettled, warmup
from simulation.leaver import Leaver
from tests.support.cli_runner import run
from tests.system.research.lookahead_strategies import Honest, LongMemory, NextClose, WholeMean

CANDLES = window(columns(synthetic_market(5, days=2)[1]), 0, 2000)
STARTUP = 60
PEEKING = Path(__file__).with_name("lookahead_strategies.py")


@pytest.mark.parametrize("strategy", [NextClose(), WholeMean()], ids=["next", "mean"])
def test_a_look_ahead_is_found_at_its_first_candle_and_by_its_condition(
    strategy: Strategy,
) -> None:
    (found,) = differences(strategy, strategy.Params(), CANDLES, STARTUP)
    assert (found.kind, found.name) == ("ahead", "seen")
    whole = strategy.signals(CANDLES, strategy.Params()).entry
    alone = [
        bool(strategy.signals(window(CANDLES, i + 1 - STARTUP, i + 1), None).entry[-1])
        for i in range(STARTUP - 1, len(whole))
    ]
    first = STARTUP - 1 + int(np.argmax(whole[STARTUP - 1 :] != alone))
    assert found.time == CANDLES.time[first]
    assert found.whole == whole[first]


def test_a_long_memory_is_no_look_ahead_but_wants_more_start_up_candles() -> None:
    (found,) = differences(LongMemory(), LongMemory.Params(), CANDLES, 250)
    assert found.kind == "startup"


@pytest.mark.parametrize("strategy", [*BUILT_IN.values(), Leaver(), Honest()])
def test_an_honest_strategy_has_nothing_to_hide(strategy: Strategy) -> None:
    assert differences(strategy, strategy.Params(), CANDLES, 400) == []


def test_what_looks_twenty_candles_back_settles_with_twenty() -> None:
    found = warmup(Honest(), Honest.Params(), CANDLES, (10, 50, 200), 1900)
    assert [rung.differing > 0 for rung in found.rungs] == [True, False, False]
    assert found.settled == 20


def test_what_needs_the_future_never_settles() -> None:
    found = warmup(NextClose(), NextClose.Params(), CANDLES, (10, 50, 200), 400)
    assert found.settled is None
    assert all(rung.differing for rung in found.rungs)


@pytest.mark.parametrize("count", [0, 1, 10])
def test_a_history_too_short_to_compare_says_so(count: int) -> None:
    short = window(CANDLES, 0, count)
    assert differences(Honest(), Honest.Params(), short, STARTUP) == []
    with pytest.raises(ValueError, match=str(count)):
        warmup(Honest(), Honest.Params(), short, (10, 50), 400)


class Raises(Honest):
    """Wants more candles than a bot has."""

    def signals(self, candles: Candles, params: Any) -> Signals:
        if len(candles.time) < 500:
            raise IndexError
        return Honest.signals(candles, params)


@pytest.mark.parametrize(
    ("strategy", "startup", "differs"),
    [
        (Honest(), 20, False),
        (Honest(), 10, True),
        (LongMemory(), 250, True),
        (Raises(), 400, True),
        (Raises(), 500, False),
    ],
)
def test_whether_a_bot_with_few_candles_decides_as_a_backtest_is_known(
    strategy: Strategy, startup: int, differs: bool
) -> None:
    found = unsettled(strategy, strategy.Params(), [CANDLES] * 3, startup)
    assert found.count == startup
    assert 0 < found.compared <= LOOKED_MAX
    assert (found.differing > 0) == differs


def test_a_history_that_is_no_longer_than_its_start_is_not_looked_at() -> None:
    assert unsettled(Honest(), Honest.Params(), [CANDLES], len(CANDLES.time)).compared == 0


@pytest.mark.parametrize(("most", "counts"), [(2, (2,)), (60, (25, 50, 60)), (1600, LADDER)])
def test_the_counts_double_up_to_the_most(most: int, counts: tuple[int, ...]) -> None:
    assert ladder(most) == counts


def test_max_candles_is_what_is_tried_at_most(tmp_path: Path) -> None:
    plain = dict.fromkeys(("JANGBU__RSI_OVERSOLD", "JANGBU__CONDITIONS_REQUIRED"), "")
    words = ["recursive-analysis", "--strategy", f"{PEEKING}:LongMemory", "--json"]
    words += ["--timerange", "20260105-20260107", "--max-candles"]
    few = json.loads(run(*words, "100", cwd=tmp_path, **plain).stdout)["KRW-BTC"]
    many = json.loads(run(*words, "2000", cwd=tmp_path, **plain).stdout)["KRW-BTC"]
    assert (few["settled"], many["settled"] > 400) == (None, True)
    assert [rung["count"] for rung in few["rungs"]] == [25, 50, 60, 100]
    least = json.loads(run(*words, "50", cwd=tmp_path, **plain).stdout)["KRW-BTC"]
    assert [rung["count"] for rung in least["rungs"]] == [25, 50], "60 are configured"
    refused = run(*words, "1", cwd=tmp_path, **plain)
    assert refused.returncode == 2
    assert "--max-candles" in refused.stderr


@pytest.mark.parametrize("engine", ["actors", "kernel"])
def test_a_backtest_says_when_a_bot_would_decide_otherwise(tmp_path: Path, engine: str) -> None:
    plain = dict.fromkeys(("JANGBU__RSI_OVERSOLD", "JANGBU__CONDITIONS_REQUIRED"), "")
    words = ["backtesting", "--timerange", "20260105-20260106", "--engine", engine, "--strategy"]
    honest = run(*words, f"{PEEKING}:Honest", cwd=tmp_path, **plain)
    assert "NOT SETTLED" not in honest.stdout
    found = run(*words, f"{PEEKING}:LongMemory", cwd=tmp_path, **plain)
    assert "NOT SETTLED with startup_candle_count 60" in found.stdout, found.stderr
    made = json.loads(run(*words, f"{PEEKING}:LongMemory", "--json", cwd=tmp_path, **plain).stdout)
    assert 0 < made["settled"]["differing"] <= made["settled"]["compared"]


def test_the_two_commands_tell_and_exit_with_what_they_found(tmp_path: Path) -> None:
    plain = dict.fromkeys(("JANGBU__RSI_OVERSOLD", "JANGBU__CONDITIONS_REQUIRED"), "")
    for name, codes in (("NextClose", (1, 1)), ("Honest", (0, 0)), ("LongMemory", (1, 1))):
        for verb, code in zip(("lookahead-analysis", "recursive-analysis"), codes, strict=True):
            words = [verb, "--strategy", f"{PEEKING}:{name}", "--json"]
            done = run(*words, "--timerange", "20260105-20260106", cwd=tmp_path, **plain)
            assert done.returncode == code, (name, verb, done.stderr)
            assert "KRW-BTC" in json.dumps(json.loads(done.stdout))


def test_a_person_is_told_the_candle_and_the_condition(tmp_path: Path) -> None:
    plain = dict.fromkeys(("JANGBU__RSI_OVERSOLD", "JANGBU__CONDITIONS_REQUIRED"), "")
    words = ["lookahead-analysis", "--strategy", f"{PEEKING}:NextClose"]
    done = run(*words, "--timerange", "20260105-20260106", cwd=tmp_path, **plain)
    assert "KRW-BTC" in done.stdout
    assert "seen" in done.stdout
