"""The market: recorded candles come back out of its trades, at once, slowly and in between."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.recording import read
from core.market.candles import CandleSeries, between, candle_at, part, series_of
from core.market.synthetic import START, synthetic_market
from core.market.tick_size import korean_day, on_grid
from messages.market import Candle
from sandbox.clock import Clock
from sandbox.market import Market, opening
from sandbox.quotes.path import Trade, trades_of
from sandbox.quotes.spans import Span, Spans
from sandbox.quotes.track import SeriesCursor
from tests.support.recorded import UPBIT, needed

DAY = 1757116800  # 2025-09-06T00:00:00Z, a Saturday


def rebuilt(trades: list[Trade]) -> dict[int, Candle]:
    """Candles of a minute from trades, as anybody would make them."""
    minutes: dict[int, list[Trade]] = defaultdict(list)
    for trade in trades:
        minutes[trade.at // 60_000 * 60].append(trade)
    return {
        time: Candle(
            time,
            found[0].price,
            max(t.price for t in found),
            min(t.price for t in found),
            found[-1].price,
            sum((t.volume for t in found), Decimal(0)),
        )
        for time, found in minutes.items()
    }


def all_trades(track: SeriesCursor) -> list[Trade]:
    found = []
    while track.due() is not None:
        found.append(track.step())
    return found


def recorded_day() -> list[CandleSeries]:
    files = sorted((UPBIT / "candles/1m").glob("*_2025-09-01_2025-09-20.csv.gz"))
    return [between(series, DAY, DAY + 86400) for series in read(files)]


def assert_same_candles(series: CandleSeries) -> None:
    trades = all_trades(SeriesCursor(series, seed=3))
    candles = rebuilt(trades)
    assert candles == {c.time: c for c in (candle_at(series, i) for i in range(len(series.time)))}
    assert [t.at for t in trades] == sorted({t.at for t in trades})
    assert len({t.number for t in trades}) == len(trades)


@needed
def test_candles_rebuilt_from_trades_are_those_recorded_on_a_real_day() -> None:
    candle_series = recorded_day()
    assert len(candle_series) == 4
    for series in candle_series:
        assert len(series.time) > 1300
        assert_same_candles(series)


def test_candles_rebuilt_from_trades_are_those_of_the_built_in_market() -> None:
    for series in synthetic_market(2, days=1):
        assert_same_candles(series)


PRICES = st.lists(st.integers(1, 10**9), min_size=4, max_size=4)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(PRICES, st.integers(0, 10**17)), min_size=1, max_size=6), st.integers(0))
def test_any_candle_comes_back_even_of_dust_and_of_nothing(
    rows: list[tuple[list[int], int]], seed: int
) -> None:
    candles = []
    for minute, (prices, volume) in enumerate(rows):
        low, first, last, high = map(Decimal, sorted(prices))
        amount = Decimal(volume).scaleb(-8)
        candles.append(Candle(DAY + minute * 60, first, high, low, last, amount))
    series = series_of("KRW-BTC", 60, candles)
    track = SeriesCursor(series, seed)
    trades = all_trades(track)
    assert list(rebuilt(trades).values()) == candles
    totals = track.totals(0, track.rows)
    assert totals.volume == sum((t.volume for t in trades), Decimal(0))
    assert totals.value == sum((t.price * t.volume for t in trades), Decimal(0))
    bought = sum((t.volume for t in trades if t.side == "BID"), Decimal(0))
    assert totals.bids == bought


def test_totals_and_spans_are_those_of_the_trades_at_every_step() -> None:
    series = part(synthetic_market(5, days=1)[3], 0, 12)
    track = SeriesCursor(series, seed=1)
    spans, seen = Spans(track), list[Trade]()
    while track.due() is not None:
        seen.append(track.step())
        totals = track.totals(0, track.rows)
        assert totals.volume == sum((t.volume for t in seen), Decimal(0))
        assert totals.value == sum((t.price * t.volume for t in seen), Decimal(0))
        newest = rebuilt(seen)[seen[-1].at // 60_000 * 60]
        assert track.candle == newest
        span = spans.newest("1m")[0]
        assert as_candle(span) == newest
        assert span.at == seen[-1].at
        assert list(track.past(2**60)) == seen[::-1]


def as_candle(span: Span) -> Candle:
    return Candle(span.start, span.opening, span.high, span.low, span.closing, span.volume)


@needed
def test_longer_candles_are_those_that_were_recorded() -> None:
    """Two sources that know nothing of each other: minutes and quarters of an hour."""
    one = read([UPBIT / "candles/1m/KRW-XRP_1m_2025-09-01_2025-09-20.csv.gz"])[0]
    other = read([UPBIT / "candles/15m/KRW-XRP_15m_2023-12-29_2025-09-20.csv.gz"])[0]
    track = SeriesCursor(one)
    track.forward(float(one.time[-1]) + 60)
    found = Spans(track).newest("15m", count=10**6)[::-1]
    first = int(other.time.searchsorted(one.time[0]))
    recorded = [candle_at(other, i) for i in range(first, len(other.time))]
    assert len(found) == len(recorded) == 1920
    for span, candle in zip(found, recorded, strict=True):
        prices = (span.opening, span.high, span.low, span.closing)
        assert (span.start, *prices) == (
            candle.time,
            candle.open,
            candle.high,
            candle.low,
            candle.close,
        )


def test_a_market_moved_forward_is_the_one_that_was_walked_through() -> None:
    series = synthetic_market(9, days=1)[4]
    for moment in (START + 0.5, START + 3600, START + 40_007.25, START + 90_000):
        walked, jumped = SeriesCursor(series), SeriesCursor(series)
        while (due := walked.due()) is not None and due < moment * 1000:
            walked.step()
        jumped.forward(moment)
        assert (jumped.row, jumped.due(), jumped.last) == (walked.row, walked.due(), walked.last)
        assert jumped.candle == walked.candle
        assert jumped.totals(0, jumped.rows) == walked.totals(0, walked.rows)


def test_the_same_seed_is_the_same_market_and_another_is_not() -> None:
    series = synthetic_market(4, days=1)[0]
    assert all_trades(SeriesCursor(series, 1)) == all_trades(SeriesCursor(series, 1))
    assert all_trades(SeriesCursor(series, 1)) != all_trades(SeriesCursor(series, 2))
    assert trades_of(series, 5, 99) == trades_of(series, 5, 99)


def test_the_order_book_lies_on_the_grid_is_never_crossed_and_is_thirty_deep() -> None:
    market = Market(synthetic_market(1, days=1), Clock(0, 1), seed=1)
    checked = 0
    for _ in range(300):
        market.catch_up(2.0**40)
        for pair in market.pairs:
            rows, last = market.book(pair), market.last(pair)
            day = korean_day(START)
            assert last is not None
            assert len(rows) == 30
            asks, bids = [r[0] for r in rows], [r[1] for r in rows]
            assert all(on_grid(price, day, pair) for price in (*asks, *bids))
            assert asks == sorted(set(asks))
            assert bids == sorted(set(bids), reverse=True)
            assert bids[0] <= last < asks[0]
            assert all(size > 0 and size == round(size, 8) for r in rows for size in r[2:])
            checked += 1
    assert checked == 1500


def test_the_book_of_the_cheapest_coin_ends_with_zeros() -> None:
    tiny = Decimal("0.00000012")
    series = series_of("KRW-DUST", 60, [Candle(DAY, tiny, tiny, tiny, tiny, Decimal(1000))])
    rows = Market([series], Clock(DAY + 60, 1), history=1).book("KRW-DUST")
    assert [row[1] for row in rows if row[3]] == [Decimal(n).scaleb(-8) for n in range(12, 0, -1)]
    assert {row[1::2] for row in rows[12:]} == {(0, 0)}
    assert all(row[0] > tiny and row[2] > 0 for row in rows)


def test_a_band_s_edge_changes_the_step_of_the_book() -> None:
    at = Decimal(1_000_000)
    series = series_of("KRW-ETH", 60, [Candle(DAY, at, at, at, at, Decimal(1))])
    rows = Market([series], Clock(DAY + 60, 1), history=1).book("KRW-ETH")
    assert [row[0] for row in rows[:3]] == [1_001_000, 1_002_000, 1_003_000]
    assert [row[1] for row in rows[:3]] == [1_000_000, 999_500, 999_000]


def test_history_is_past_at_once_and_nothing_before_the_clock_is_still_to_come() -> None:
    candle_series = synthetic_market(1, days=1)
    market = Market(candle_series, Clock(0, 1), history=400)
    assert market.clock.now() >= opening(candle_series, 400)
    for series in candle_series:
        listing = market.listing(series.pair)
        assert listing is not None
        assert listing.track.rows >= 400
        assert (listing.track.due() or 0) >= opening(candle_series, 400) * 1000
    late = Market(candle_series, Clock(START + 50_000, 1), history=400)
    assert 50_000 <= late.clock.now() - START < 50_060


def test_a_market_takes_minutes_only() -> None:
    with pytest.raises(ValueError, match="1m"):
        Market(synthetic_market(1, days=1, timeframe="5m"), Clock(0, 1))
    with pytest.raises(ValueError, match="speed"):
        Clock(0, 0)


def test_at_speed_600_every_listener_hears_every_price_in_order_and_before_any_frame() -> None:
    candle_series = [part(series, 0, 40) for series in synthetic_market(6, days=1)]
    market = Market(candle_series, Clock(0, 600), history=10)
    heard: list[tuple[str, Decimal, float]] = []
    framed: list[int] = []
    minutes: dict[str, dict[int, Candle]] = defaultdict(dict)

    def listen(pair: str, price: Decimal, at: float, candle: Candle) -> None:
        heard.append((pair, price, at))
        minutes[pair][candle.time] = candle
        assert len(framed) == len(heard) - 1

    market.listen(listen)
    market.follow(lambda listing, trade: framed.append(trade.at))
    asyncio.run(asyncio.wait_for(market.run(), 60))
    assert market.ended
    assert [at for _, _, at in heard] == sorted(at for _, _, at in heard)
    for series in candle_series:
        due = {c.time: c for c in (candle_at(series, i) for i in range(len(series.time)))}
        for time, candle in minutes[series.pair].items():
            assert candle.close == due[time].close
        assert minutes[series.pair][int(series.time[-1])] == candle_at(series, len(series.time) - 1)
    prices = {pair: price for pair, price, _ in heard}
    assert prices == {
        series.pair: candle_at(series, len(series.time) - 1).close for series in candle_series
    }


def test_a_delisted_pair_is_unknown_and_trades_no_more() -> None:
    candle_series = synthetic_market(6, days=1)[:2]
    market = Market(candle_series, Clock(0, 1))
    heard = set()
    market.listen(lambda pair, price, at, candle: heard.add(pair))
    market.delist("KRW-BTC")
    while market.catch_up(2.0**40):
        pass
    assert market.pairs == ("KRW-ETH",)
    assert heard == {"KRW-ETH"}
    assert market.last("KRW-BTC") is None
    assert market.book("KRW-BTC") == []
