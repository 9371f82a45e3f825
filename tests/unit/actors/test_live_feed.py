"""The live feed: prices by bands, candles at their close, gaps asked for, silence told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from actors.market.history import ASKED_MAX
from actors.market.live_feed import LiveFeed
from actors.runtime.system import System
from actors.runtime.threaded import ThreadedRuntime
from actors.supervisor import Supervisor
from core.market.candles import Candles
from core.market.prices import Quote, StreamConnected, StreamLost
from core.strategy import Signals
from messages.control import ConfigAdopted
from messages.market import (
    Candle,
    CandleReport,
    CloseCandles,
    ClosingReport,
    FeedReport,
    OpeningReport,
    Verdict,
    Watch,
)
from messages.notices import ActorFailed
from tests.support.live_streams import (
    CONFIG,
    NOW,
    START,
    A,
    B,
    Closes,
    Ears,
    Feeding,
    Told,
    at,
    history,
    price,
    update,
)
from tests.support.toy_actors import store_at
from tests.unit.actors.turns import of

D = Decimal
BAND = Watch("holdings", A, D(97), D(103))
EVERY = Watch("paper", A, every=True)


@pytest.fixture
def feeding(tmp_path: Path) -> Iterator[Feeding]:
    """A feed whose history has come, ten seconds into a minute."""
    feed = Feeding(tmp_path)
    feed.until(NOW + 10)
    yield feed
    assert feed.system.failed is None
    feed.store.close()


def lows(said: list[Any]) -> list[Decimal]:
    return [report.candle.low for report in of(CandleReport, said)]


# --- prices
def test_a_price_goes_to_nobody_until_somebody_watches(feeding: Feeding) -> None:
    assert of(CandleReport, feeding.tell(price("99", NOW + 10))) == []
    assert feeding.tell(price("99", NOW + 11, B)) == []


def test_only_prices_outside_the_band_are_told(feeding: Feeding) -> None:
    feeding.send(BAND)
    prices = enumerate(["100", "97.1", "103", "97", "103.1"])
    said = [feeding.tell(price(last, NOW + 10 + n)) for n, last in prices]
    assert [lows(part) for part in said] == [[], [], [], [D(97)], [D("103.1")]]


def test_a_price_is_a_candle_of_no_length_dated_by_its_last_second(feeding: Feeding) -> None:
    feeding.send(EVERY)
    heard = Quote(A, D(95), D(98), D(92), D(96), NOW + 11.25, NOW + 12.75)
    candle = Candle(int(NOW) + 12, D(95), D(98), D(92), D(96), D(0))
    dated = {"since": NOW + 11.25, "moment": NOW + 12.75}
    assert feeding.tell(heard)[-2:] == [
        OpeningReport(A, candle, 0, **dated),
        CandleReport(A, candle, 0, **dated),
    ]


def test_prices_of_one_moment_all_count_and_a_trade_told_again_does_not(feeding: Feeding) -> None:
    feeding.send(EVERY)
    said = [feeding.tell(price(last, NOW + 10)) for last in ("99", "98", "98", "97")]
    opened = [of(OpeningReport, part) for part in said]
    assert [[o.candle.open for o in part] for part in opened] == [[D(99)], [D(98)], [], [D(97)]]
    moments = [o.since for part in opened for o in part]
    assert moments == sorted(set(moments)), "each is later than the one before"


def test_a_low_that_was_quiet_counts_once_the_band_has_moved(feeding: Feeding) -> None:
    feeding.send(BAND)
    assert lows(feeding.tell(price("109", NOW + 11))) == [D(109)]
    # Under the old band it is quiet; holdings has not yet said that the stop rose.
    assert feeding.tell(price("101", NOW + 12), price("102", NOW + 13)) == []
    said = feeding.send(Watch("holdings", A, D("101.5"), D(109)))
    assert lows(said) == [D(101)]
    assert feeding.send(Watch("holdings", A, D("101.2"), D(109))) == [], "and it is told once"


def test_a_band_that_already_lies_behind_the_last_price_is_told_at_once(feeding: Feeding) -> None:
    feeding.send(EVERY)
    feeding.tell(Quote(A, D(91), D(100), D(91), D(99), NOW + 11, NOW + 12))
    assert feeding.send(Watch("holdings", A, D(98), D(100))) == [], "the low was before it"
    (said,) = feeding.send(Watch("holdings", A, D(99), D(100)))
    assert (said.candle.high, said.candle.low, said.since) == (D(99), D(99), NOW + 12)


def test_a_watch_without_content_ends_it(feeding: Feeding) -> None:
    feeding.send(BAND)
    feeding.send(EVERY)
    feeding.send(Watch("paper", A))
    assert of(CandleReport, feeding.tell(price("100", NOW + 11))) == []
    feeding.send(Watch("holdings", A))
    assert of(CandleReport, feeding.tell(price("1", NOW + 12))) == []


def test_one_letter_is_on_its_way_however_often_the_stream_rings(feeding: Feeding) -> None:
    before = feeding.system.handled["feed"]
    for moment in range(50):
        feeding.stream.tell(price("100", NOW + 10 + moment / 10))
    feeding.until(feeding.runtime.time)
    assert feeding.system.handled["feed"] == before + 1


# --- the start, and what is missing
def test_the_window_is_asked_for_backwards_until_it_is_full(tmp_path: Path) -> None:
    config = structs.replace(CONFIG, startup_candle_count=450, pair_whitelist=(A,))
    feed = Feeding(tmp_path, config, history=history(A, 1000), pairs=(A,))
    feed.until(NOW + 20)
    asked = [(call.until, call.count) for _, call in feed.tools["asked"]]
    assert asked == [(NOW, 200), (NOW - 12000, 200), (NOW - 24000, 50)]
    kept = feed.store.candles(A, 1000)
    assert [c.time for c in kept] == [int(NOW) - 60 * back for back in range(450, 0, -1)]
    feed.store.close()


def test_a_young_market_ends_where_its_history_does(tmp_path: Path) -> None:
    feed = Feeding(tmp_path, history=history(A, 2) | history(B))
    feed.tell(update("97", NOW), update("97", NOW, B), at=NOW + 59)
    feed.tell(price("97", NOW + 60), at=NOW + 60)
    said = of(ClosingReport, feed.until(NOW + 62))
    assert [report.pair for report in said] == [B], "three candles are too few to enter"
    feed.store.close()


def test_a_page_that_fails_is_asked_for_again_with_growing_waits(tmp_path: Path) -> None:
    config = structs.replace(CONFIG, pair_whitelist=(A,))
    config = structs.replace(config, exchange=structs.replace(config.exchange, stale_seconds=1))
    feed = Feeding(tmp_path, config, failures=["timeout"] * 4)
    feed.until(NOW + 40)
    moments = [moment - NOW for moment, _ in feed.tools["asked"]]
    waits = [after - before for before, after in pairwise(moments)]
    assert waits == [1.0, 2.0, 4.0, 8.0]
    assert len(feed.store.candles(A, 9)) == START
    feed.store.close()


def test_a_page_that_nobody_answers_is_asked_for_again(tmp_path: Path) -> None:
    config = structs.replace(CONFIG, pair_whitelist=(A,))
    feed = Feeding(tmp_path, config, failures=["lost"])
    feed.until(NOW + 90)
    assert [moment - NOW for moment, _ in feed.tools["asked"]] == [10.0, 70.0]
    assert len(feed.store.candles(A, 9)) == START
    feed.store.close()


def test_of_many_pairs_a_bounded_number_of_pages_is_under_way(tmp_path: Path) -> None:
    pairs = tuple(f"KRW-{n}" for n in range(100))
    config = structs.replace(CONFIG, pair_whitelist=pairs)
    feed = Feeding(tmp_path, config, failures=["lost"] * 100)
    feed.until(NOW + 60)
    assert len(feed.tools["asked"]) == ASKED_MAX
    feed.store.close()


def test_after_a_break_over_minutes_each_pair_is_asked_for_what_it_lacks(feeding: Feeding) -> None:
    feeding.tell(update("95", NOW), price("95", NOW + 10))
    feeding.tell(StreamLost(), at=NOW + 12)
    asked = len(feeding.tools["asked"])
    feeding.tell(StreamConnected(), at=NOW + 130)
    feeding.until(NOW + 140)
    calls = [(call.pair, call.until, call.count) for _, call in feeding.tools["asked"][asked:]]
    assert calls == [(A, NOW + 120, 2), (B, NOW + 120, 2)]


def test_a_break_just_after_a_close_waits_until_the_candle_is_whole(feeding: Feeding) -> None:
    feeding.tell(price("95", NOW + 10))
    asked = len(feeding.tools["asked"])
    feeding.tell(StreamLost(), StreamConnected(), at=NOW + 60.1)
    feeding.until(NOW + 80)
    later = feeding.tools["asked"][asked:]
    assert [call.until for _, call in later] == [NOW + 60, NOW + 60]
    assert min(moment for moment, _ in later) >= NOW + 61.5


def test_a_short_break_within_one_candle_misses_nothing(feeding: Feeding) -> None:
    feeding.tell(update("95", NOW))
    asked = len(feeding.tools["asked"])
    feeding.until(NOW + 12)
    feeding.tell(StreamLost(), StreamConnected(), update("96", NOW))
    feeding.until(NOW + 20)
    assert len(feeding.tools["asked"]) == asked


def test_what_was_missed_feeds_indicators_and_enters_nothing(feeding: Feeding) -> None:
    feeding.tell(update("97", NOW), price("97", NOW + 10))
    feeding.send(BAND)
    feeding.tell(StreamLost())
    feeding.tools["history"][A] += [at(NOW, "97"), at(NOW + 60, "97")]
    again = (StreamConnected(), price("100", NOW + 124), update("96", NOW + 120))
    said = feeding.tell(*again, at=NOW + 125) + feeding.until(NOW + 179)
    assert of(ClosingReport, said) == []
    assert of(CandleReport, said) == []
    feeding.tell(update("97", NOW + 120))
    feeding.tell(price("100", NOW + 180), at=NOW + 180)
    (entry,) = of(ClosingReport, feeding.until(NOW + 182))
    assert entry.candle == at(NOW + 120, "97"), "the next one, on a whole window"
    assert [c.time for c in feeding.store.candles(A, 3)] == [NOW, NOW + 60, NOW + 120]


# --- closes
def test_a_candle_is_judged_a_grace_after_its_close_by_its_last_state(feeding: Feeding) -> None:
    feeding.tell(update("97", NOW), update("97", NOW, B))
    late = feeding.tell(update("96", NOW), update("97", NOW + 60, B), at=NOW + 60.5)
    assert of(ClosingReport, late) == []
    (said,) = feeding.until(NOW + 61.6)
    assert said == ClosingReport(B, at(NOW, "97"), 60, Verdict(True, False, ("seven",)))
    assert feeding.store.candles(A, 1) == [at(NOW, "96")]
    assert feeding.store.candles(B, 1) == [at(NOW, "97")], "what is forming is not kept"


def test_a_minute_without_a_trade_is_no_candle(feeding: Feeding) -> None:
    feeding.tell(update("97", NOW - 60))
    feeding.tell(price("97", NOW + 60), at=NOW + 60)
    assert of(ClosingReport, feeding.until(NOW + 62)) == []


def test_an_exit_signal_reaches_holdings_as_a_price_for_trades_older_than_its_candle(
    feeding: Feeding,
) -> None:
    feeding.tell(update("93", NOW), update("93", NOW, B))
    feeding.send(Watch("holdings", A, D(1), D(1000)))
    feeding.tell(price("100", NOW + 60), at=NOW + 60)
    left, closed = feeding.until(NOW + 62)
    assert closed == ClosingReport(A, at(NOW, "93"), 60, Verdict(exit=True))
    assert left == CandleReport(A, at(NOW + 60, "93"), 0, Verdict(exit=True), NOW, NOW)


def test_a_candle_waits_until_the_stream_has_told_something_after_its_close(
    feeding: Feeding,
) -> None:
    feeding.tell(update("97", NOW))
    assert of(ClosingReport, feeding.until(NOW + 64)) == [], "more of it may be on its way"
    feeding.stream.tell(price("97", NOW + 59))
    assert len(of(ClosingReport, feeding.until(NOW + 66))) == 1


def test_no_candle_is_judged_thirty_seconds_after_its_close(feeding: Feeding) -> None:
    feeding.tell(update("97", NOW))
    feeding.tell(price("97", NOW + 95), at=NOW + 95)
    feeding.tell(price("97", NOW + 120), at=NOW + 120)
    assert of(ClosingReport, feeding.until(NOW + 130)) == []
    assert feeding.store.candles(A, 1) == [at(NOW, "97")], "but it is known"


def test_an_alarm_of_another_tenant_is_nothing(feeding: Feeding) -> None:
    feeding.tell(update("97", NOW), price("97", NOW + 10))
    feeding.system.send(CloseCandles(NOW), source="test")
    before = feeding.system.handled["feed"]
    feeding.until(NOW + 12)
    assert feeding.system.handled["feed"] == before + 1
    assert feeding.store.candles(A, 1) == [at(NOW - 60)]


# --- silence
def test_silence_is_told_once_with_its_length_and_its_end(feeding: Feeding) -> None:
    assert feeding.tell(price("100", NOW + 10)) == [FeedReport(True)]
    (stale,) = feeding.until(NOW + 40)
    assert (stale.fresh, stale.silent_seconds > 10) == (False, True)
    assert feeding.tell(price("100", NOW + 40)) == [FeedReport(True, 30.0)]


def test_a_stream_that_never_speaks_is_stale(feeding: Feeding) -> None:
    (stale,) = feeding.until(NOW + 60)
    assert not stale.fresh


def test_a_machine_that_slept_starts_its_feed_anew(feeding: Feeding) -> None:
    feeding.send(BAND)
    feeding.tell(price("100", NOW + 10), update("95", NOW))
    feeding.runtime.time += 3600.0  # the wall's clock went on, alarms did not
    stale_price = feeding.tell(price("1", NOW + 11))
    assert [type(m) for m in stale_price] == [FeedReport], "of a connection that is past"
    assert len(feeding.stream.followed) == 2
    asked = len(feeding.tools["asked"])
    said = feeding.tell(price("75", NOW + 3609))
    assert said[0] == FeedReport(True, 3600.0)
    assert lows(said) == [D(75)], "the first fresh price counts"
    feeding.until(NOW + 3630)
    assert len(feeding.tools["asked"]) == asked


def test_after_a_restart_the_time_that_nobody_watched_is_told(tmp_path: Path) -> None:
    first = Feeding(tmp_path)
    first.until(NOW + 10)
    first.tell(price("100", NOW + 10))
    first.until(NOW + 20)
    first.store.close()
    second = Feeding(tmp_path, start=NOW + 500)
    second.until(NOW + 500)
    assert second.tell(price("100", NOW + 500)) == [FeedReport(True, 490.0)]
    second.store.close()


# --- who is followed
def test_a_watched_pair_is_followed_though_it_is_not_traded(feeding: Feeding) -> None:
    feeding.send(Watch("holdings", "KRW-C", D(1), D(2)))
    assert feeding.stream.followed[-1] == ((A, B, "KRW-C"), 60)
    count = len(feeding.stream.followed)
    feeding.send(Watch("holdings", "KRW-C", D(1), D(3)))
    feeding.send(Watch("holdings", "KRW-D"))
    assert len(feeding.stream.followed) == count


def test_a_new_configuration_is_followed_and_the_same_one_changes_nothing(
    feeding: Feeding,
) -> None:
    feeding.send(ConfigAdopted(CONFIG))
    assert len(feeding.stream.followed) == 1
    feeding.send(ConfigAdopted(structs.replace(CONFIG, pair_whitelist=(B,))))
    assert feeding.stream.followed[-1] == ((B,), 60)


def test_a_tenant_that_failed_leaves_what_is_watched_to_the_next(feeding: Feeding) -> None:
    feeding.send(BAND)
    feeding.system.restart("feed")
    feeding.until(feeding.runtime.time)
    assert lows(feeding.tell(price("90", NOW + 11))) == [D(90)]
    feeding.tell(update("97", NOW), price("100", NOW + 12))
    feeding.tell(price("100", NOW + 60), at=NOW + 60)
    assert len(of(ClosingReport, feeding.until(NOW + 62))) == 1, "the old alarms are nothing"


# --- on threads
class Waiting(Ears):
    """Says when it has heard something of a kind."""

    def perform(self, message: Any) -> tuple[()]:
        super().perform(message)
        if isinstance(message, CandleReport):
            self.system.tools["done"].set()
        return ()


def test_a_price_told_on_a_thread_of_its_own_reaches_who_watches(tmp_path: Path) -> None:
    stream, done, store = Told(), threading.Event(), store_at(tmp_path)
    tools = {"stream": stream, "pairs": (A, B), "strategy": Closes(), "config": CONFIG}
    tools |= {"heard": [], "done": done}
    runtime = ThreadedRuntime()
    system = System(runtime, store, (Supervisor, LiveFeed, Waiting), tools)
    system.start()
    system.send(BAND, source="holdings")
    now = runtime.now()
    prices = [price(str(100 + n % 3), now + n / 1000) for n in range(500)]
    teller = threading.Thread(
        target=lambda: [stream.tell(quote) for quote in (*prices, price("90", now + 1))]
    )
    teller.start()
    assert done.wait(30)
    teller.join(30)
    runtime.stop()
    store.close()
    assert system.failed is None
    assert not of(ActorFailed, tools["heard"])
    assert lows(tools["heard"]) == [D(90)]


class Raises(Closes):
    """A strategy that cannot answer, and counts how often it was asked."""

    asked = 0

    @classmethod
    def signals(cls, candles: Candles, params: Any) -> Signals:
        cls.asked += 1
        raise ZeroDivisionError


def test_a_strategy_that_raises_costs_its_signals_and_no_stop(tmp_path: Path) -> None:
    feeding = Feeding(tmp_path, strategy=Raises())
    feeding.until(NOW + 10)
    feeding.tell(price("97", NOW + 10), update("97", NOW))
    feeding.send(Watch("holdings", A, D(95), D(120)))
    feeding.tell(update("97", NOW + 60), at=NOW + 60.5)
    said = feeding.until(NOW + 70)
    feeding.tell(StreamConnected())
    said += feeding.tell(price("94", NOW + 71), at=NOW + 71)
    feeding.store.close()
    assert Raises.asked == 1
    assert of(ClosingReport, said) == []
    assert [report.candle.low for report in of(CandleReport, said)] == [D(94)]
    assert feeding.system.failed is None
