"""The auditor within the whole bot: what an owner does wrong is named, and entries stop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from actors import budget
from actors.actor_sets import REPLAY_ACTORS
from actors.auditor import WRITTEN_EVENTS, Auditor
from actors.budget import Budget
from actors.holdings.holdings import Holdings
from actors.orders.paper import Paper
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.owner import Outputs
from actors.runtime.system import BaseActor
from app.composition import Bot, build
from app.replay import Replay
from core.market.candles import part
from core.market.synthetic import synthetic_market
from core.trading.external_changes import evolve as outside_evolve
from interfaces.views import Ledger, answer, plain, render
from messages import control
from messages.audit import AuditState, InvariantBroken
from messages.base import Envelope
from messages.budget import BudgetReleased
from messages.control import ConfigTaken, StartTrading, TradingChanged
from messages.notices import ShowNotice
from messages.trading import EntryVetoed, EntryWanted, HighRaised
from persistence.record import Identity, Record
from persistence.store import Store
from simulation.paper.venue import HarshPaper
from simulation.paper.world import World, world_of
from tests.support.dense_config import TIGHTEST
from tests.support.permuted_runtime import PermutingRuntime
from tests.support.simulation import outside
from tests.support.strategies import Leaver
from tests.unit.actors.event_fixtures import shuffled
from tests.unit.actors.test_auditor import Hearing

BIRTH = Identity("audited", "paper", "upbit", "paper")
CANDLES = 400


class LeakyBudget(Budget):
    """Forgets to free what is left of its third reservation."""

    @staticmethod
    def decide(state: budget.BudgetState, message: Any, at: float) -> Outputs:
        for said in budget.decide(state, message, at):
            if not (isinstance(said, BudgetReleased) and said.id in LEAKS):
                yield said


class ForgetfulHoldings(Holdings):
    """Says that a high was raised, and does not remember it."""

    @staticmethod
    def evolve(state: Any, event: Any) -> Any:
        return state if isinstance(event, HighRaised) else outside_evolve(state, event)


LEAKS: set[str] = set()


def system(
    folder: Path,
    cast: Sequence[type[BaseActor]] = REPLAY_ACTORS,
    voice: Any = None,
    candles: int = CANDLES,
) -> Bot:
    store = Store.create(folder, BIRTH, sync=False)
    return again(store, cast, voice, candles)


def again(
    store: Store,
    cast: Sequence[type[BaseActor]] = REPLAY_ACTORS,
    voice: Any = None,
    candles: int = CANDLES,
) -> Bot:
    candle_series = [part(series, 0, candles) for series in synthetic_market(5, days=1)[:3]]
    bot = build(
        TIGHTEST,
        Replay(candle_series, Leaver(), bulk=True),
        store,
        runtime="steps",
        cast=cast,
        voice=voice,
    )
    bot.start()
    return bot


def other(cast: Sequence[type[BaseActor]], instead: type[BaseActor]) -> list[type[BaseActor]]:
    return [instead if issubclass(instead, actor) else actor for actor in cast]


def kinds(events: Sequence[Envelope], kind: type) -> list[Envelope]:
    return [event for event in events if isinstance(event.body, kind)]


@pytest.fixture
def leaking(tmp_path: Path) -> Any:
    """A bot whose third reservation is never freed, at the end of its recording."""
    whole = system(tmp_path / "whole")
    whole.run()
    wishes = kinds(list(whole.system.store.events()), EntryWanted)
    whole.stop()
    LEAKS.add(wishes[2].body.id)
    notices: list[ShowNotice] = []
    bot = system(tmp_path / "leaking", other(REPLAY_ACTORS, LeakyBudget), notices.append)
    yield bot, notices
    LEAKS.clear()
    bot.stop()


def test_a_violation_stops_entries_until_an_operator_starts_again(leaking: Any) -> None:
    bot, notices = leaking
    steps: DeterministicRuntime = bot.system.runtime
    store: Store = bot.system.store
    while not (found := kinds(list(store.events(store.count() - 5)), InvariantBroken)):
        assert steps.step()
    breach = found[0]
    assert breach.body.invariant == "reservation_left"
    assert breach.body.where in LEAKS
    told = {event.number: event for event in store.events()}
    assert breach.body.evidence
    assert all(breach.body.where in str(told[n].body) for n in breach.body.evidence)
    bot.run()
    events = list(store.events(breach.number))
    (stop,) = kinds(events, TradingChanged)
    assert (stop.body.mode, stop.cause) == ("stopentry", breach.number)
    assert kinds(events, EntryWanted) == []
    assert [v for v in kinds(events, EntryVetoed) if v.body.reason == "stopentry"]
    assert [n.level for n in notices if n.key == "invariant_broken"] == ["critical"]


def test_a_violation_shows_until_an_operator_starts_again(leaking: Any) -> None:
    bot, _ = leaking
    bot.run()
    store: Store = bot.system.store
    for question in (control.ShowHealth(), control.ShowStatus()):
        view = answer(question, store)
        (shown,) = plain(view)["broken"]
        assert (shown["invariant"], shown["where"] in LEAKS) == ("reservation_left", True)
        for language in ("en", "ko"):
            assert render(view, language)
    assert not answer(control.ShowHealth(), store).well  # type: ignore[union-attr]
    (why,) = [d for d in plain(answer(control.ShowWhy("KRW-BTC"), store))["decisions"]
              if d["event"] == "InvariantBroken"]  # fmt: skip
    assert why["number"] == kinds(list(store.events()), InvariantBroken)[0].number
    assert bot.ask(StartTrading("looked")).done
    bot.run()
    assert answer(control.ShowHealth(), store).broken == ()  # type: ignore[union-attr]
    assert Ledger().broken == []


def test_a_stopped_bot_stays_stopped_when_it_is_started_again(leaking: Any, tmp_path: Path) -> None:
    bot, _ = leaking
    bot.run()
    store: Store = bot.system.store
    count = len(kinds(list(store.events()), EntryWanted))
    bot.stop()
    next_life = again(
        Store.open(tmp_path / "leaking", sync=False), other(REPLAY_ACTORS, LeakyBudget)
    )
    next_life.run()
    events = list(next_life.system.store.events())
    assert len(kinds(events, EntryWanted)) == count
    assert len(kinds(events, InvariantBroken)) == 1, "and it is not said again"
    next_life.stop()


def test_a_high_that_is_forgotten_is_found(tmp_path: Path) -> None:
    bot = system(tmp_path, other(REPLAY_ACTORS, ForgetfulHoldings))
    bot.run()
    names = {e.body.invariant for e in kinds(list(bot.system.store.events()), InvariantBroken)}
    assert "high_fell" in names
    bot.stop()


# --- what really happens, in whatever order it is heard
def harsh_journal(folder: Path, seed: int) -> list[Envelope]:
    """A run with a bad line to the venue and an operator's moves, to its calm end."""
    world: World = world_of(seed, TIGHTEST, 0.1)
    candle_series = [part(series, 0, 200) for series in synthetic_market(seed % 7, days=1)[:3]]
    replay = Replay(candle_series, Leaver(), bulk=True)
    world.until = float(candle_series[0].time[-60])
    store = Store.create(folder, BIRTH, sync=False)
    cast = [HarshPaper if actor is Paper else actor for actor in REPLAY_ACTORS]
    runtime = partial(PermutingRuntime, seed=seed)
    bot = build(world.config, replay, store, runtime=runtime, cast=cast)
    bot.system.tools["world"] = world
    bot.start()
    while bot.system.runtime.step():  # type: ignore[attr-defined]
        outside(bot.system, world, [series.pair for series in candle_series])
    events = list(store.events())
    bot.stop()
    return events


def test_no_run_that_is_right_is_called_wrong_whoever_is_heard_first(tmp_path: Path) -> None:
    judged = 0
    for seed in range(6):
        events = harsh_journal(tmp_path / str(seed), seed)
        heard = [e for e in events if type(e.body) in Auditor.accepts]
        judged += len(heard)
        for order in range(5):
            told = shuffled([(e.source, e.body) for e in heard], order)
            assert Hearing().all_of(told).found == [], (seed, order)
    assert judged > 1500


# --- what is not written is taken in again
def money(books: AuditState) -> tuple[Any, ...]:
    """The books without the evidence, whose order is that of arrival."""
    trades = {id: (t.volume, t.funds, t.high, t.exit) for id, t in books.trades.items()}
    orders = {id: (o.stage, o.funds, o.moved, o.venue) for id, o in books.orders.items()}
    return books.cash, books.capital, books.dust, trades, orders, set(books.halves)


def lost(store: Store) -> list[int]:
    """What no start would give to the auditor again, though it has not written it."""
    record: Record[AuditState] | None = store.load("auditor", AuditState)
    cursors = record.cursors if record else {}
    heard = [e for e in store.events(0, store.settled()) if type(e.body) in Auditor.accepts]
    return [e.number for e in heard if e.number > cursors.get(e.source, 0)]


def test_what_is_not_written_yet_is_taken_in_again_after_a_crash(tmp_path: Path) -> None:
    bot, random, lives, lagged = system(tmp_path), Random(1), 0, 0
    while True:
        steps, store = bot.system.runtime, bot.system.store
        assert isinstance(steps, DeterministicRuntime)
        going = all(steps.step() for _ in range(random.randrange(3000)))
        tenant = steps._tenants["auditor"]
        assert isinstance(tenant, Auditor)
        assert lost(store) == []
        lagged = max(lagged, tenant.record.state.noted)
        if not going:
            break
        store.close()  # all that was in memory alone is gone
        bot, lives = again(Store.open(tmp_path, sync=False)), lives + 1
    assert lives > 3
    assert WRITTEN_EVENTS // 2 < lagged <= WRITTEN_EVENTS
    hearing = Hearing()
    for event in store.events():
        if type(event.body) in Auditor.accepts:
            hearing.hear(event.body)
    assert money(tenant.record.state) == money(hearing.state)
    assert hearing.found == []
    assert kinds(list(store.events()), InvariantBroken) == []
    bot.stop()


def test_a_ledger_that_is_older_than_its_witness_is_not_judged(tmp_path: Path) -> None:
    bot = system(tmp_path, [actor for actor in REPLAY_ACTORS if actor is not Auditor], candles=200)
    bot.run()
    bot.stop()
    later = again(Store.open(tmp_path, sync=False))
    later.run()
    store = later.system.store
    assert len(kinds(list(store.events()), EntryWanted)) > 10
    assert kinds(list(store.events()), InvariantBroken) == []
    assert "auditor" not in store.owners()
    assert kinds(list(store.events()), ConfigTaken), "the others went on"
    later.stop()
