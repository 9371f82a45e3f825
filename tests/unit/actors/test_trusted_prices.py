"""The live feed and prices that are none: what reaches stops, candles and people, and what not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actors.market.trusted_prices import SAID_SECONDS, TrustedPrices
from core.market.price_filter import SURE_SECONDS, WAIT_SECONDS
from core.market.prices import Quote, StreamConnected, StreamLost, Update
from messages.base import After
from messages.market import (
    Candle,
    CandleReport,
    ClosingReport,
    OpeningReport,
    PricesReport,
    Watch,
)
from tests.support.live_streams import NOW, A, B, Feeding, at, price, update
from tests.unit.actors.turns import of

D = Decimal
STOP = Watch("holdings", A, D(95), D(120))


@pytest.fixture
def feeding(tmp_path: Path) -> Iterator[Feeding]:
    """A pair at 100, watched by a stop at 95."""
    feed = Feeding(tmp_path)
    feed.until(NOW + 10)
    feed.tell(price("100", NOW + 10))
    feed.send(STOP)
    yield feed
    assert feed.system.failed is None
    feed.store.close()


def lows(said: list[Any]) -> list[Decimal]:
    return [report.candle.low for report in of(CandleReport, said)]


def refused(feeding: Feeding) -> dict[str, int]:
    trust: TrustedPrices = feeding.system.tools["trust"]
    return trust.refused()


def test_an_old_frame_that_would_hit_the_stop_hits_nothing_and_is_counted(feeding: Feeding) -> None:
    assert lows(feeding.tell(price("90", NOW - 50))) == []
    assert refused(feeding) == {"old": 1}
    assert lows(feeding.tell(price("94", NOW + 11))) == [D(94)]


def test_a_price_of_zero_hits_nothing_and_no_paper_order_fills_at_it(feeding: Feeding) -> None:
    feeding.send(Watch("paper", A, every=True))
    said = feeding.tell(price("0", NOW + 11), price("80", NOW + 11.5))
    assert (lows(said), of(OpeningReport, said)) == ([], [])
    assert feeding.system.tools["bands"].last(A) == 100, "nor is anything bought at it by hand"


def test_a_leap_that_nobody_confirms_or_denies_hits_the_stop_after_five_seconds(
    feeding: Feeding,
) -> None:
    assert lows(feeding.tell(price("70", NOW + 11), at=NOW + 11)) == []
    assert lows(feeding.until(NOW + 11 + WAIT_SECONDS - 0.1)) == []
    said = feeding.until(NOW + 11 + WAIT_SECONDS)
    assert lows(said) == [D(70)]
    assert refused(feeding) == {"unwitnessed": 1}
    assert [call.sure for _, call in feeding.tools["witnesses"]] == [False, True]


def test_a_crash_that_the_ticker_shows_hits_the_stop_at_once(feeding: Feeding) -> None:
    feeding.tools["tickers"][A] = "69", NOW + 11
    assert lows(feeding.tell(price("70", NOW + 11), at=NOW + 11)) == [D(70)]


def test_a_leap_that_the_ticker_denies_hits_nothing(feeding: Feeding) -> None:
    feeding.tools["tickers"][A] = "100", NOW + 10
    said = feeding.tell(price("70", NOW + 11), at=NOW + 11) + feeding.until(NOW + 30)
    assert lows(said) == []
    assert refused(feeding) == {"step": 1}


def test_a_crash_is_sold_though_the_connection_is_lost_after_its_first_frame(
    feeding: Feeding,
) -> None:
    feeding.tell(price("70", NOW + 11), StreamLost(), at=NOW + 11)
    assert lows(feeding.until(NOW + 17)) == [D(70)]


def test_the_first_price_of_a_new_connection_is_judged_by_what_was_known(feeding: Feeding) -> None:
    feeding.tell(StreamLost(), StreamConnected(), price("70", NOW + 12), at=NOW + 12)
    assert refused(feeding) == {}
    assert feeding.system.tools["bands"].last(A) == 100, "it waits"
    assert lows(feeding.until(NOW + 17)) == [D(70)]


def test_a_feed_that_failed_in_the_midst_of_a_wait_still_sells(feeding: Feeding) -> None:
    feeding.tell(price("70", NOW + 11), at=NOW + 11)
    feeding.system.restart("feed")
    assert lows(feeding.until(NOW + 17)) == [D(70)]


def test_a_life_begins_with_the_close_of_the_newest_candle_that_is_kept(tmp_path: Path) -> None:
    first = Feeding(tmp_path)
    first.until(NOW + 20)
    assert first.store.candles(A, 1) == [at(NOW - 60)]
    first.store.close()
    second = Feeding(tmp_path, start=NOW + 30)
    second.send(STOP)
    assert lows(second.tell(price("60", NOW + 30))) == [], "four tenths below it"
    assert lows(second.until(NOW + 36)) == [D(60)]
    second.store.close()


def test_a_bad_low_within_a_stretch_does_not_hit_the_stop_and_its_end_does(
    feeding: Feeding,
) -> None:
    bad = Quote(A, D(100), D(100), D(60), D(99), NOW + 11, NOW + 12)
    assert lows(feeding.tell(bad)) == []
    deep = Quote(A, D(99), D(99), D(1), D(94), NOW + 13, NOW + 14)
    assert lows(feeding.tell(deep)) == [D(94)]


def test_a_frame_from_the_far_future_does_not_silence_those_after_it(feeding: Feeding) -> None:
    feeding.tell(price("99", NOW + 1e6), at=NOW + 11)
    assert lows(feeding.tell(price("94", NOW + 12), at=NOW + 12)) == [D(94)]


# --- candles
def test_a_candle_of_zeros_reaches_neither_the_strategy_nor_the_archive(feeding: Feeding) -> None:
    feeding.tools["history"][A].append(at(NOW, "97"))
    feeding.tell(update("97", NOW), update("97", NOW, B), price("100", NOW + 59, B))
    feeding.tell(Update(A, Candle(int(NOW), D(0), D(0), D(0), D(0), D(1))), at=NOW + 59)
    feeding.tell(price("100", NOW + 60), at=NOW + 60)
    feeding.until(NOW + 63)
    assert feeding.store.candles(A, 1) == [at(NOW, "97")], "it was asked for again"
    assert refused(feeding) == {"candle": 1}


def test_a_candle_that_is_put_right_is_as_good_as_any(feeding: Feeding) -> None:
    asked = len(feeding.tools["asked"])
    feeding.tell(update("10", NOW), update("97", NOW), at=NOW + 58)
    feeding.tell(price("100", NOW + 60), at=NOW + 60)
    feeding.until(NOW + 63)
    assert feeding.store.candles(A, 1) == [at(NOW, "97")]
    assert len(feeding.tools["asked"]) == asked


# --- what people are told
def test_it_is_told_at_once_and_then_once_an_hour_with_how_many_there_were(
    feeding: Feeding,
) -> None:
    (first,) = of(PricesReport, feeding.tell(price("0", NOW + 11)))
    assert first == PricesReport(A, "frame_zero", D(0), D(100), 1)
    for second in range(12, 40):
        assert of(PricesReport, feeding.tell(price("0", NOW + second))) == []
    later = NOW + 11 + SAID_SECONDS
    feeding.tell(price("100", later), at=later)
    (again,) = of(PricesReport, feeding.tell(price("50", NOW)))
    assert again == PricesReport(A, "frame_old", D(50), D(100), 29)


def test_a_late_price_that_would_change_nothing_is_counted_and_not_told(feeding: Feeding) -> None:
    assert of(PricesReport, feeding.tell(price("99", NOW + 9))) == []
    assert refused(feeding) == {"old": 1}


# --- a jump of more than three times: nothing is ordered by the first price after it
def test_a_jump_that_the_next_trade_confirms_sells_by_that_one_alone(feeding: Feeding) -> None:
    assert lows(feeding.tell(price("30", NOW + 11), at=NOW + 11)) == []
    assert lows(feeding.tell(price("31", NOW + 12), at=NOW + 12)) == [D(31)]
    assert refused(feeding) == {"jump": 1}


@pytest.mark.parametrize("witness", ["ticker", "nobody"])
def test_neither_the_ticker_nor_time_makes_an_order_of_the_first_price(
    feeding: Feeding, witness: str
) -> None:
    if witness == "ticker":
        feeding.tools["tickers"][A] = "30", NOW + 11
    said = feeding.tell(price("30", NOW + 11), at=NOW + 11) + feeding.until(NOW + 40)
    assert lows(said) == []
    (told,) = of(PricesReport, said)
    assert told == PricesReport(A, "frame_jump", D(30), D(100), 1)
    assert lows(feeding.tell(price("30", NOW + 11))) == [], "the same trade told again"
    assert lows(feeding.tell(price("29.9", NOW + 41), at=NOW + 41)) == [D("29.9")]


def test_a_candle_that_holds_the_first_price_alone_decides_nothing(feeding: Feeding) -> None:
    """It is asked for again after its close, and feeds indicators only."""
    feeding.tools["history"][A].append(at(NOW, "407"))
    feeding.tell(price("407", NOW + 11), at=NOW + 11)
    feeding.until(NOW + 20)
    feeding.tell(update("407", NOW), price("100", NOW + 59, B), at=NOW + 59)
    feeding.tell(price("100", NOW + 60, B), at=NOW + 60)
    said = feeding.until(NOW + 63)
    assert of(ClosingReport, said) == []
    assert feeding.store.candles(A, 1) == [at(NOW, "407")]
    feeding.tell(price("408", NOW + 64), at=NOW + 64)
    feeding.tell(update("417", NOW + 60), price("417", NOW + 119), at=NOW + 119)
    feeding.tell(price("417", NOW + 120), at=NOW + 120)
    (closing,) = of(ClosingReport, feeding.until(NOW + 123))
    assert closing.verdict.entry, "the second price is one like any other"


def test_just_three_times_is_a_leap_like_any_other(feeding: Feeding) -> None:
    feeding.tell(price("33.34", NOW + 11), at=NOW + 11)
    assert lows(feeding.until(NOW + 17)) == [D("33.34")]


def test_a_witness_has_as_long_to_answer_on_a_market_that_runs_faster() -> None:
    trust = TrustedPrices(lambda pair, count: ())
    list(trust.price(Quote(A, *4 * [D(100)], NOW, NOW), NOW))
    said = list(trust.price(Quote(A, *4 * [D(80)], NOW + 1, NOW + 1), NOW + 1))
    alarms = [one for one in said if isinstance(one, After)]
    assert sorted(one.seconds for one in alarms) == [SURE_SECONDS, WAIT_SECONDS]
    assert all(one.real for one in alarms)
