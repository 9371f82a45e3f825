"""The whole system under seeds: crashes at commits, a bad line, and both runtimes alike."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from actors.machinery.steps import StepRuntime
from core.strategies import BUILT_IN
from interfaces.composition import build
from interfaces.replay import Replay
from messages.trading import Row, TradeClosed, TradeReduced
from persistence.store import Store
from tests.simulation import BIRTH, TIGHT, market, simulate

SEEDS = 500
CHUNKS = [range(start, start + 25) for start in range(0, SEEDS, 25)]
TOTAL: Counter[str] = Counter()


@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}..{seeds.stop}")
def test_no_order_twice_none_lost_and_no_won_astray(seeds: range) -> None:
    for seed in seeds:
        run = simulate(seed)
        TOTAL.update(run.seen)
        TOTAL.update(f"exit {row.exit_reason}" for row in run.rows)
        TOTAL["power losses"] += run.lives - 1


def test_the_seeds_have_seen_what_they_are_meant_to_see() -> None:
    if len(TOTAL) < 2:
        pytest.skip("only with the seeds above")
    print(dict(TOTAL))
    expected = {
        "power losses",
        "OrderUncertain",
        "OrderMissed",
        "OrderRepeated",
        "OrderClosed",
        "TradeReduced",
        "TradeClosed",
        "EntryVetoed",
        "HighRaised",
        "exit stop_loss",
        "exit trailing_stop_loss",
        "exit partial_exit",
        "exit roi",
    }
    assert {name for name in expected if TOTAL[name] < 10} == set()


@pytest.mark.parametrize("seed", range(40))
def test_a_run_that_lost_power_trades_as_one_that_did_not(seed: int) -> None:
    broken = simulate(seed, crash=0.03, fault=0.0)
    assert broken.lives > 1
    assert broken.rows == simulate(seed, crash=0.0, fault=0.0).rows


@pytest.mark.parametrize("seed", [3, 4])
def test_the_same_seed_gives_the_same_bytes(seed: int) -> None:
    first, second = simulate(seed), simulate(seed)
    assert first == second
    assert first.digest


def rows_of(
    folder: Path, runtime: str, bulk: bool, seed: int = 0
) -> tuple[list[Row], dict[str, int]]:
    """The trades of one replay, and how many messages each owner handled."""
    store = Store.create(folder, BIRTH, sync=False)
    replay = Replay(market(5, 500), BUILT_IN[TIGHT.strategy], bulk=bulk)
    bot = build(TIGHT, replay, store, runtime=runtime, seed=seed)  # type: ignore[arg-type]
    bot.start()
    if isinstance(bot.system.runtime, StepRuntime):
        bot.run()
    else:
        assert bot.wait(60) is not None
    assert bot.system.failed is None
    taken = [e.body.row for e in store.events() if isinstance(e.body, TradeReduced | TradeClosed)]
    handled = dict(bot.system.handled)
    bot.stop()
    return taken, handled


def test_threads_at_full_speed_trade_like_the_stepped_runtime_message_by_message(
    tmp_path: Path,
) -> None:
    stepped, counted = rows_of(tmp_path / "steps", "steps", bulk=True)
    threaded, handled = rows_of(tmp_path / "threads", "threads", bulk=True)
    assert len(stepped) > 10
    assert sorted(stepped, key=str) == sorted(threaded, key=str)
    owners = (
        "steward",
        "budget",
        "holdings",
        "gateway",
        "limiter",
        "breaker",
        "paper",
        "strategist",
    )
    assert {name: counted[name] for name in owners} == {name: handled[name] for name in owners}


@pytest.mark.parametrize("seed", range(6))
def test_passing_over_quiet_candles_changes_no_trade_whatever_the_seed(
    tmp_path: Path, seed: int
) -> None:
    skipped, _ = rows_of(tmp_path / "bulk", "steps", bulk=True, seed=seed)
    every, _ = rows_of(tmp_path / "every", "steps", bulk=False, seed=seed + 100)
    assert skipped == every
