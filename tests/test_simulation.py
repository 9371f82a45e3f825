"""The whole system under seeds: crashes at commits, a bad line, and both runtimes alike."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from msgspec import structs

from actors.cast import CAST
from actors.machinery.owner import Owner
from actors.machinery.steps import StepRuntime
from core.made_up import made_up_market
from core.order_life import Stage
from interfaces.composition import build
from interfaces.replay import Replay
from messages.trading import Row, TradeClosed, TradeReduced
from persistence.store import Store
from tests.permuting import PermutingRuntime
from tests.sightings import ENOUGH, EXPECTED, TRANSITIONS, table
from tests.simulation import BIRTH, simulate
from tests.strategies import Leaver
from tests.tightness import TIGHTEST, check_tight

SEEDS = 500
CHUNKS = [range(start, start + 25) for start in range(0, SEEDS, 25)]
TOTAL: Counter[str] = Counter()


@pytest.mark.parametrize("seeds", CHUNKS, ids=lambda seeds: f"{seeds.start}..{seeds.stop}")
def test_no_order_twice_none_lost_and_no_won_astray(seeds: range) -> None:
    for seed in seeds:
        TOTAL.update(simulate(seed).seen)
        TOTAL["seeds"] += 1


def test_the_seeds_have_seen_every_state_transition_fault_crash_point_and_exit() -> None:
    if TOTAL["seeds"] < SEEDS:
        pytest.skip("only where all the seeds ran")
    print(table(TOTAL))
    assert {name: TOTAL[name] for name in EXPECTED if TOTAL[name] < ENOUGH} == {}
    ways = {name for name in TOTAL if name.split()[0] in ("wish", *get_args(Stage))}
    assert ways == set(TRANSITIONS), "an order went a way that is not in the table"


@pytest.mark.parametrize("seed", range(40))
def test_a_run_that_lost_power_trades_as_one_that_did_not(seed: int) -> None:
    broken = simulate(seed, crash=0.03, fault=0.0)
    assert broken.lives > 1
    assert broken.rows == simulate(seed, crash=0.0, fault=0.0).rows


PERMUTED = [range(start, start + 10) for start in range(1000, 1050, 10)]


@pytest.mark.parametrize("seeds", PERMUTED, ids=lambda seeds: f"{seeds.start}..{seeds.stop}")
def test_nothing_relies_on_the_order_of_letters_from_different_senders(seeds: range) -> None:
    passed = 0
    for seed in seeds:
        passed += simulate(seed, machine=PermutingRuntime).seen["passed"]
        calm = simulate(seed, crash=0.0, fault=0.0)
        assert simulate(seed, crash=0.0, fault=0.0, machine=PermutingRuntime).rows == calm.rows
    assert passed > 20 * len(seeds)


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
    replay = Replay(made_up_market(5, days=2), Leaver(), bulk=bulk)
    bot = build(TIGHTEST, replay, store, runtime=runtime, seed=seed)  # type: ignore[arg-type]
    bot.start()
    if isinstance(bot.system.runtime, StepRuntime):
        bot.run()
    else:
        assert bot.wait(300) is not None
    assert bot.system.failed is None
    taken = [e.body.row for e in store.events() if isinstance(e.body, TradeReduced | TradeClosed)]
    handled = dict(bot.system.handled)
    bot.stop()
    check_tight(map(structs.asdict, taken))
    return taken, handled


def test_threads_at_full_speed_trade_like_the_stepped_runtime_message_by_message(
    tmp_path: Path,
) -> None:
    stepped, counted = rows_of(tmp_path / "steps", "steps", bulk=True)
    threaded, handled = rows_of(tmp_path / "threads", "threads", bulk=True)
    assert sorted(stepped, key=str) == sorted(threaded, key=str)
    owners = [actor.name for actor in CAST if issubclass(actor, Owner) and actor.name != "notifier"]
    assert {name: counted[name] for name in owners} == {name: handled[name] for name in owners}


@pytest.mark.parametrize("seed", range(3))
def test_passing_over_quiet_candles_changes_no_trade_whatever_the_seed(
    tmp_path: Path, seed: int
) -> None:
    skipped, _ = rows_of(tmp_path / "bulk", "steps", bulk=True, seed=seed)
    every, _ = rows_of(tmp_path / "every", "steps", bulk=False, seed=seed + 100)
    assert skipped == every
