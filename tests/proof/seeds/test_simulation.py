"""What else simulated runs show: lost power, letters that pass, equal bytes, both runtimes."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from actors.actor_sets import LIVE_ACTORS, REPLAY_ACTORS
from actors.budget import Budget
from actors.orders.gateway import Gateway
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.owner import Owner
from actors.runtime.system import BaseActor
from app.composition import build
from app.replay import Replay
from core.market.synthetic import synthetic_market
from messages.budget import BudgetReleased
from messages.orders import CheckOrders, OrderRefused, OrderUncertain
from messages.trading import DustKept, TradeClosed, TradeRecord, TradeReduced
from persistence.store import Store
from simulation.live.run import simulate as simulate_live
from simulation.runs import Violated
from tests.support.dense_config import TIGHTEST, check_tight
from tests.support.permuted_runtime import PermutingRuntime
from tests.support.simulation import BIRTH, simulate
from tests.support.strategies import Leaver

HOURS = 6.0


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


@pytest.mark.parametrize("seed", [4, 13])
def test_the_same_seed_gives_the_same_bytes_with_money_at_stake(seed: int) -> None:
    first, second = simulate_live(seed, 4.0), simulate_live(seed, 4.0)
    assert first == second
    assert first.digest
    assert first.lives > 1


@pytest.mark.parametrize("seed", [0, 5])
def test_a_bot_with_money_at_stake_trades_in_fair_weather(seed: int) -> None:
    run = simulate_live(seed, HOURS, calm=True)
    assert run.lives == 1
    assert run.orders >= 20


# --- bugs planted in an owner: what the venue's books tell must find each of them
class FreeFees(Budget):
    """The fee of a sale is not taken off."""

    @staticmethod
    def decide(state, message, at):  # type: ignore[no-untyped-def]
        for said in Budget.decide(state, message, at):
            free = type(said).__name__ == "BudgetCredited"
            yield structs.replace(said, fee=said.fee * 0) if free else said


class Keeper(Budget):
    """What is left of a reservation stays reserved."""

    @staticmethod
    def decide(state, message, at):  # type: ignore[no-untyped-def]
        said = Budget.decide(state, message, at)
        return (x for x in said if not (isinstance(x, BudgetReleased) and x.krw))


class Impatient(Gateway):
    """What is uncertain counts as refused."""

    @staticmethod
    def decide(state, message, at, kept=None):  # type: ignore[no-untyped-def]
        for said in Gateway.decide(state, message, at, kept):
            if isinstance(said, OrderUncertain):
                order = state.live[said.id].order
                facts = (order.id, order.trade, order.pair, order.side)
                yield OrderRefused(*facts, "timeout")
                return
            yield said


class Forgetful(Gateway):
    """After a start nothing is looked up."""

    @staticmethod
    def resume(state, at):  # type: ignore[no-untyped-def]
        said = Gateway.resume(state, at)
        return (x for x in said if not isinstance(x, CheckOrders))


def fifty_seeds(cast: list[type[BaseActor]]) -> None:
    for seed in range(50):
        simulate_live(seed, 4.0, cast=cast)


PLANTED: list[tuple[type[BaseActor], type[BaseActor]]] = [
    (Budget, FreeFees),
    (Budget, Keeper),
    (Gateway, Impatient),
    (Gateway, Forgetful),
]


@pytest.mark.parametrize(("owner", "bug"), PLANTED, ids=lambda actor: actor.__name__)
def test_the_books_of_the_venue_find_a_planted_bug(
    owner: type[BaseActor], bug: type[BaseActor]
) -> None:
    cast = [bug if actor is owner else actor for actor in LIVE_ACTORS]
    with pytest.raises(Violated):
        fifty_seeds(cast)


def rows_of(
    folder: Path, runtime: str, bulk: bool, seed: int = 0
) -> tuple[list[TradeRecord], dict[str, int]]:
    """The trades of one replay, and how many messages each owner handled."""
    store = Store.create(folder, BIRTH, sync=False)
    replay = Replay(synthetic_market(5, days=2), Leaver(), bulk=bulk)
    bot = build(TIGHTEST, replay, store, runtime=runtime, seed=seed)  # type: ignore[arg-type]
    bot.start()
    if isinstance(bot.system.runtime, DeterministicRuntime):
        bot.run()
    else:
        assert bot.wait(300) is not None
    assert bot.system.failed is None
    taken = [
        e.body.row
        for e in store.events()
        if isinstance(e.body, TradeReduced | TradeClosed | DustKept)
    ]
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
    owners = [
        actor.name
        for actor in REPLAY_ACTORS
        if issubclass(actor, Owner) and actor.name != "notifier"
    ]
    assert {name: counted[name] for name in owners} == {name: handled[name] for name in owners}


@pytest.mark.parametrize("seed", range(3))
def test_passing_over_quiet_candles_changes_no_trade_whatever_the_seed(
    tmp_path: Path, seed: int
) -> None:
    skipped, _ = rows_of(tmp_path / "bulk", "steps", bulk=True, seed=seed)
    every, _ = rows_of(tmp_path / "every", "steps", bulk=False, seed=seed + 100)
    assert skipped == every
