"""Whether a strategy looks ahead, and how many start-up candles it needs: found, and where."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.market.candles import columns, window
from core.market.made_up import made_up_market
from core.strategies import BUILT_IN
from core.strategy import Strategy
from research.lookahead import differences
from research.settling import settling
from simulation.leaver import Leaver
from tests.interfaces.doors import run
from tests.research.peeking import Honest, LongMemory, NextClose, WholeMean

CANDLES = window(columns(made_up_market(5, days=2)[1]), 0, 2000)
STARTUP = 60
PEEKING = Path(__file__).with_name("peeking.py")


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
    found = settling(Honest(), Honest.Params(), CANDLES, (10, 50, 200), 1900)
    assert [rung.differing > 0 for rung in found.rungs] == [True, False, False]
    assert found.settled == 20


def test_what_needs_the_future_never_settles() -> None:
    found = settling(NextClose(), NextClose.Params(), CANDLES, (10, 50, 200), 400)
    assert found.settled is None
    assert all(rung.differing for rung in found.rungs)


@pytest.mark.parametrize("count", [0, 1, 10])
def test_a_history_too_short_to_compare_says_so(count: int) -> None:
    short = window(CANDLES, 0, count)
    assert differences(Honest(), Honest.Params(), short, STARTUP) == []
    with pytest.raises(ValueError, match=str(count)):
        settling(Honest(), Honest.Params(), short, (10, 50), 400)


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
