"""What a running bot tells of itself: measured where it happens, and small enough to be asked."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from actors.actor_sets import ALL_ACTORS
from actors.market.price_triggers import PriceTriggers
from actors.runtime.metrics import SENT_MAX, Histogram, Metrics
from app.composition import build
from app.config.config_file import load
from app.control.frames import FRAME_MAX, decode_reply, encode
from app.replay import Replay
from core.market.prices import Quote
from core.market.synthetic import synthetic_market
from interfaces.views import Ledger
from messages.control import OperatorReply, ShowVitals
from messages.market import Watch
from messages.runtime_stats import BUCKETS, HistogramCounts, RuntimeStats
from persistence.record import Identity
from persistence.store import Store
from tests.support.cli_runner import TIGHT

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[OperatorReply, Ledger]:
    """The answer of a bot that has traded for a day, and what its journal adds up to."""
    loaded = load(None, TIGHT)
    folder = tmp_path_factory.mktemp("vital") / "state"
    with Store.create(folder, Identity("b", "paper", "upbit", ""), sync=False) as store:
        replay = Replay(synthetic_market(seed=2, days=1), loaded.strategy.strategy, bulk=True)
        bot = build(loaded.config, replay, store)
        bot.start()
        bot.wait(300)
        ledger = Ledger()
        ledger.catch_up(store)
        reply = bot.ask(ShowVitals("v"))
        bot.stop()
        return reply, ledger


def test_every_order_was_seen_to_leave_and_every_owner_to_commit(
    answered: tuple[OperatorReply, Ledger],
) -> None:
    reply, ledger = answered
    vitals = reply.vitals
    assert reply.done
    assert vitals
    orders = ledger.orders.rows
    assert len(orders) > 20
    assert vitals.sent.keys() == set(list(orders)[-SENT_MAX:])
    for id, at in vitals.sent.items():
        assert orders[id].intended_at <= at <= (orders[id].ended_at or vitals.at)
    assert sum(vitals.waits["order"].counts) == len(orders)
    assert sum(vitals.commits["gateway"].counts) >= 2 * len(orders)
    assert vitals.commits["gateway"].seconds > 0
    assert "herald" not in vitals.commits
    background = {actor.name for actor in ALL_ACTORS if actor.background}
    assert {n: c for n, c in vitals.mailboxes.items() if c and n not in background} == {}
    assert vitals.handled["gateway"] >= sum(vitals.commits["gateway"].counts)
    assert vitals.waiting == 0
    assert vitals.at >= ledger.at


def test_the_answer_crosses_the_socket_and_is_read_at_the_console(
    answered: tuple[OperatorReply, Ledger],
) -> None:
    reply, _ = answered
    assert decode_reply(encode(reply)[4:]) == reply
    assert set(reply.facts) == {
        *("memory", "letters", "name", "commits", "milliseconds", "waiting", "doubted"),
    }


def test_the_longest_answer_fits_a_frame() -> None:
    span = HistogramCounts((2**40,) * (len(BUCKETS) + 1), 1e9)
    actors = [f"a-long-actor-name-{n}" for n in range(20)]
    vitals = RuntimeStats(
        at=1e9,
        mailboxes=dict.fromkeys(actors, 10**6),
        handled=dict.fromkeys(actors, 10**12),
        commits=dict.fromkeys(actors, span),
        waits=dict.fromkeys(actors, span),
        sent={f"KRW-LONGNAME@1756684800!{n:>20}": 1e9 for n in range(SENT_MAX)},
        prices={f"KRW-LONGNAME{n}": Decimal("123456789.12345678") for n in range(300)},
    )
    assert len(encode(OperatorReply(True, "vitals", {}, vitals))) < FRAME_MAX / 1.5


def test_a_span_counts_each_in_the_first_bucket_that_holds_it() -> None:
    gauged = Histogram()
    for seconds in (0.0, BUCKETS[0], BUCKETS[0] * 1.01, BUCKETS[-1], BUCKETS[-1] * 2):
        gauged.note(seconds)
    counts = gauged.span().counts
    assert (counts[0], counts[1], counts[-2], counts[-1]) == (2, 1, 1, 1)
    assert sum(counts) == 5
    assert gauged.span().seconds == pytest.approx(BUCKETS[0] * 2.01 + BUCKETS[-1] * 3)


def test_only_the_newest_orders_are_remembered() -> None:
    meter = Metrics()
    for n in range(SENT_MAX + 10):
        meter.sent(f"o{n}", float(n))
    assert len(meter.left()) == SENT_MAX
    assert "o9" not in meter.left()


GROWN = """
from actors.runtime.metrics import resident_memory
before = resident_memory()
kept = bytearray(64_000_000)
kept[::4096] = b"x" * len(kept[::4096])
print(resident_memory() - before)
"""


def test_memory_is_that_of_this_process() -> None:
    """In one of its own: what else a long run holds may be given back at the same moment."""
    told = subprocess.run([sys.executable, "-c", GROWN], cwd=ROOT, capture_output=True, check=True)
    assert int(told.stdout) > 50_000_000


def test_live_prices_are_told_of_watched_pairs(tmp_path: Path) -> None:
    bands = PriceTriggers()
    assert bands.prices() == ({}, 0.0)
    for pair, moment in (("KRW-BTC", 10.0), ("KRW-ETH", 20.0)):
        price = Decimal(5)
        list(bands.price(Quote(pair, price, price, price, price, moment, moment)))
    list(bands.watch(Watch("holdings", "KRW-BTC", every=True)))
    assert bands.prices() == ({"KRW-BTC": Decimal(5)}, 20.0)
