"""Crowds, floods, a venue that is silent for an hour, and three days at full speed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec import structs

from actors.actor_sets import REPLAY_ACTORS
from actors.budget import BudgetState
from actors.holdings.holdings import Holdings
from actors.orders.paper import Paper
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.threaded import ThreadedRuntime
from app.composition import Bot, build
from app.replay import Replay
from core.market.candles import part
from core.market.synthetic import synthetic_market
from core.orders.intents import GatewayState
from core.trading.trades import HoldingsState
from core.venue.account_ledger import PaperState
from messages.audit import InvariantBroken
from messages.base import Envelope
from messages.budget import BudgetRefused, BudgetReserved, BudgetSettled
from messages.config import Bounds, Exchange
from messages.control import ForceEnter
from messages.market import CandleReport
from messages.orders import Dispatch, OrderAccepted, OrderFilled, OrderIntended, OrderReport
from messages.trading import DustKept, TradeClosed, TradeReduced
from persistence.record import Identity
from persistence.store import Store
from tests.proof.load.crowd import FLOOD, PATIENCE, THREADS, standing, tell, together
from tests.proof.load.soak import flat, soaked, table
from tests.support.dense_config import TIGHTEST
from tests.support.strategies import Leaver

D = Decimal
MESSAGES = 100_000
EACH = 20  # wishes of a thread
CROWDED = structs.replace(
    TIGHTEST,
    dry_run_wallet=D(1_000_000),
    stake_amount=D(10_000),
    max_open_trades=THREADS * EACH,
    exchange=Exchange(order_per_second=100, order_per_minute=6000),
)


def of(store: Store, kind: type) -> list[Any]:
    return [event.body for event in store.events() if isinstance(event.body, kind)]


def drained(bot: Bot) -> None:
    """Everybody has dealt with everything."""
    assert isinstance(bot.system.runtime, ThreadedRuntime)
    assert bot.system.runtime.drain(PATIENCE)


def test_ten_threads_of_entries_never_commit_more_than_there_is(tmp_path: Path) -> None:
    bot = standing(tmp_path, CROWDED)
    store, capital = bot.system.store, CROWDED.dry_run_wallet

    def enter(thread: int) -> None:
        for number in range(EACH):
            pair = f"KRW-T{thread}N{number}"
            assert bot.system.ask(ForceEnter(pair, id=pair), timeout=PATIENCE).done

    together(enter)
    drained(bot)
    reserved, refused = of(store, BudgetReserved), of(store, BudgetRefused)
    committed = D(0)
    for event in reserved:
        committed += event.krw + event.fee
        assert committed <= capital
    # 99 whole stakes with their fee, one that is cut to what is left, and not a won for the rest.
    assert (len(reserved), len(refused)) == (100, THREADS * EACH - 100)
    assert {event.krw for event in reserved[:-1]} == {D(10_000)}
    assert {event.reason for event in refused} == {"insufficient_budget"}
    budget, paper = store.load("budget", BudgetState), store.load("paper", PaperState)
    assert budget is not None
    assert paper is not None
    assert sum((r.amount for r in budget.state.reserved.values()), D(0)) == committed
    assert budget.state.free == capital - committed == paper.state.free
    assert [order.order.id for order in of(store, OrderIntended)] == [e.id for e in reserved]
    assert of(store, InvariantBroken) == []
    assert bot.system.failed is None
    bot.stop()


# --- floods
NAMES = [actor.name for actor in REPLAY_ACTORS if actor.name in FLOOD]


def test_every_actor_that_can_be_flooded_is() -> None:
    ends = {"supervisor"}  # its letters end the process, or start others again
    assert {actor.name for actor in REPLAY_ACTORS} == {*FLOOD, *ends}


@pytest.mark.parametrize("name", NAMES)
def test_a_mailbox_takes_a_flood_from_ten_threads_and_loses_nothing(
    tmp_path: Path, name: str
) -> None:
    bot = standing(tmp_path)
    before = bot.system.handled[name]
    box, deepest = bot.system.mailbox(name), [0] * THREADS

    def flood(thread: int) -> None:
        for _ in range(MESSAGES // THREADS):
            tell(bot, FLOOD[name])
            deepest[thread] = max(deepest[thread], box.qsize())

    together(flood)
    drained(bot)
    assert bot.system.handled[name] - before >= MESSAGES  # the feed has alarms of its own
    assert box.empty()
    assert bot.system.failed is None
    assert max(deepest) <= Bounds().mailbox_max
    bot.stop()


@pytest.mark.parametrize("name", NAMES)
def test_a_flood_beyond_the_bound_stops_for_money_and_leaves_out_speech(
    tmp_path: Path, name: str
) -> None:
    bound = 1000
    config = structs.replace(TIGHTEST, bounds=Bounds(mailbox_max=bound))
    bot = standing(tmp_path, config, threads=False)
    entries, box = bot.system.store.count(), bot.system.mailbox(name)
    for _ in range(MESSAGES):
        tell(bot, FLOOD[name])
        assert box.qsize() <= bound
    runtime = bot.system.runtime
    assert isinstance(runtime, DeterministicRuntime)
    assert box.qsize() == bound
    if name in {actor.name for actor in bot.system.actors if actor.background}:
        assert bot.system.failed is None
        runtime.run_until(runtime.now())
        assert box.empty(), "and the rest goes on"
    else:
        assert bot.system.failed is not None
        assert bot.system.failed.name == name
        assert not runtime.step()
        assert bot.system.store.count() == entries
    bot.stop()


def test_a_flood_of_reports_about_one_order_loses_no_fill(tmp_path: Path) -> None:
    bot = standing(tmp_path, CROWDED)
    store, pair, levels = bot.system.store, "KRW-BTC", 500
    assert bot.ask(ForceEnter(pair, id="one")).done
    drained(bot)
    (intent,), (accepted,) = of(store, OrderIntended), of(store, OrderAccepted)
    order = intent.order

    def report(level: int) -> OrderReport:
        funds = D(20) * level
        return OrderReport(
            order.id, "snapshot", uuid=accepted.uuid, state="wait", pair=pair, side="bid",
            ord_type=order.ord_type, price=order.price, volume=D("0.01") * level, funds=funds,
            fee=funds * CROWDED.fee_rate, filled_at=60.0 + level,
        )  # fmt: skip

    reports = [report(level) for level in range(levels + 1)]

    def flood(thread: int) -> None:
        chance = Random(thread)
        for number in range(MESSAGES // THREADS):  # rising on the whole, late and repeated ones too
            newest = number * levels // (MESSAGES // THREADS - 1)
            bot.system.send(reports[chance.randint(0, newest)], source="venue")
        bot.system.send(reports[levels], source="venue")

    together(flood)
    drained(bot)
    fills, paid = of(store, OrderFilled), of(store, BudgetSettled)
    assert len(fills) > 100
    told = [(fill.volume, fill.funds, fill.fee) for fill in fills]
    assert told == sorted(set(told)), "they only grow"
    assert told[-1] == (D(5), D(10_000), D(5))
    assert (paid[-1].funds, paid[-1].fee) == (D(10_000), D(5))
    budget, held = store.load("budget", BudgetState), store.load("holdings", HoldingsState)
    assert budget is not None
    assert held is not None
    assert budget.state.cash == CROWDED.dry_run_wallet - 10_005
    assert [trade.volume for trade in held.state.trades.values()] == [D(5)]
    assert (of(store, InvariantBroken), bot.system.failed) == ([], None)
    bot.stop()


# --- an edge that is silent
class Silent(Paper):
    """Takes every call of an hour and says nothing to it; candles go on filling what rests."""

    def take(self, envelope: Envelope) -> Any:
        if isinstance(envelope.body, Dispatch):
            hour: tuple[float, float] = self.system.tools["silence"]
            if hour[0] <= self.system.now() < hour[1]:
                self.system.tools["unanswered"].append(envelope.body.call)
                return None
        return super().take(envelope)


def test_a_venue_that_is_silent_for_an_hour_is_waited_for_and_everything_ends(
    tmp_path: Path,
) -> None:
    candle_series = [part(series, 0, 300) for series in synthetic_market(5, days=1)[:3]]
    start = float(candle_series[0].time[0])
    hour = (start + 2 * 3600, start + 3 * 3600)
    store = Store.create(tmp_path, Identity("silent", "paper", "upbit", "paper"), sync=False)
    cast = [Silent if actor is Paper else actor for actor in REPLAY_ACTORS]
    replay = Replay(candle_series, Leaver(), bulk=True)
    bot = build(TIGHTEST, replay, store, runtime="steps", cast=cast)
    unanswered: list[Any] = []
    bot.system.tools |= {"silence": hour, "unanswered": unanswered}
    bot.start()
    runtime = bot.system.runtime
    assert isinstance(runtime, DeterministicRuntime)
    deepest = most = 0
    while runtime.step():
        if hour[0] <= runtime.now() < hour[1]:
            deepest = max(deepest, *(bot.system.mailbox(a.name).qsize() for a in REPLAY_ACTORS))
            most = max(most, len(runtime._alarms._heap))
    assert bot.system.failed is None
    assert len(unanswered) > 20
    assert deepest <= 20, "nothing piles up"
    assert most <= 40
    gateway, budget = store.load("gateway", GatewayState), store.load("budget", BudgetState)
    paper = store.load("paper", PaperState)
    assert gateway is not None
    assert budget is not None
    assert paper is not None
    assert {live.stage for live in gateway.state.live.values()} <= {"absent", "open"}
    assert budget.state.cash == paper.state.cash
    intents = [e for e in store.events() if isinstance(e.body, OrderIntended)]
    during = [e.body.order for e in intents if hour[0] <= e.at < hour[1]]
    assert len(during) <= 2 * len(candle_series), "an order in doubt keeps its pair and side"
    sold = [e for e in store.events() if isinstance(e.body, TradeReduced | TradeClosed | DustKept)]
    assert [e for e in sold if e.at >= hour[1] + 600], "and it trades on"
    assert of(store, InvariantBroken) == []
    bot.stop()


# --- three days
LEFT: list[object] = []


class Hoarder(Holdings):
    """Leaves one object behind at each candle."""

    def take(self, envelope: Envelope) -> Any:
        if isinstance(envelope.body, CandleReport):
            LEFT.append(object())
        return super().take(envelope)


def test_three_days_on_threads_at_full_speed_leave_nothing_behind(tmp_path: Path) -> None:
    run = soaked(tmp_path, 72)
    print(table(run))
    assert flat(run) == []
    assert run.violations == 0
    assert len(run.samples) >= 71
    assert run.exits > 300


def test_one_object_left_behind_at_each_candle_is_seen(tmp_path: Path) -> None:
    cast = [Hoarder if actor is Holdings else actor for actor in REPLAY_ACTORS]
    run = soaked(tmp_path, 12, cast=cast)
    assert len(LEFT) > 12 * run.candles * 0.8
    LEFT.clear()
    assert [what for what in flat(run) if what.startswith("blocks")]
