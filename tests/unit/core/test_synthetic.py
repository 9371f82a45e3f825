"""The built-in market: lawful, lively and always the same."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from adapters.recording import digest
from core.market.candles import CandleSeries, candle_at, columns
from core.market.synthetic import START, synthetic_market
from core.market.tick_size import korean_day, on_grid
from core.strategies import BUILT_IN
from core.strategies.rsi_macd_bollinger import Params
from core.strategy import signals_of

SEEDS = [0, 1, 2, 7, 42]


@pytest.fixture(params=SEEDS, scope="module")
def market(request: pytest.FixtureRequest) -> list[CandleSeries]:
    return synthetic_market(request.param)


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others() -> None:
    assert digest(synthetic_market(9, days=1)) == digest(synthetic_market(9, days=1))
    assert digest(synthetic_market(9, days=1)) != digest(synthetic_market(10, days=1))


def test_five_pairs_from_a_hundred_million_won_to_under_one(market: list[CandleSeries]) -> None:
    closes = [columns(series).close for series in market]
    assert [series.pair for series in market] == [
        "KRW-BTC",
        "KRW-ETH",
        "KRW-XRP",
        "KRW-DOGE",
        "KRW-SHIB",
    ]
    assert closes[0][0] > 1e8
    assert closes[-1].max() < 1


def test_every_price_is_on_the_grid_of_its_band(market: list[CandleSeries]) -> None:
    day = korean_day(START)
    for series in market:
        for index in range(0, len(series.time), 37):
            candle = candle_at(series, index)
            for price in (candle.open, candle.high, candle.low, candle.close):
                assert on_grid(price, day, series.pair), (series.pair, price)
            assert candle.volume > 0
            assert candle.volume == round(candle.volume, 8)


def test_candles_are_lawful_and_on_their_minutes(market: list[CandleSeries]) -> None:
    for series in market:
        assert (series.high >= np.maximum(series.open, series.close)).all()
        assert (series.low <= np.minimum(series.open, series.close)).all()
        assert (series.low > 0).all()
        assert (np.diff(series.time) > 0).all()
        assert not (series.time % 60).any()
        assert series.time[0] == START
        assert series.time[-1] < START + 7 * 86400


def test_it_has_quiet_minutes_and_one_maintenance_of_all(market: list[CandleSeries]) -> None:
    missing = [set(range(START, START + 7 * 86400, 60)) - set(t.time.tolist()) for t in market]
    shared = set.intersection(*missing)
    assert 40 <= len(shared) <= 110
    assert len(missing[-1]) > len(shared) + 200  # the cheapest coin is often quiet


def test_tails_are_fat_volatility_clusters_and_pairs_move_together(
    market: list[CandleSeries],
) -> None:
    moves = [np.diff(np.log(columns(series).close)) for series in market]
    for own in moves[:3]:
        assert (own**4).mean() / (own**2).mean() ** 2 > 6
        size = np.abs(own)
        assert np.corrcoef(size[:-5], size[5:])[0, 1] > 0.1
    common = np.intersect1d(market[0].time[1:], market[1].time[1:])
    pick = [np.isin(market[n].time[1:], common) for n in (0, 1)]
    assert np.corrcoef(moves[0][pick[0]], moves[1][pick[1]])[0, 1] > 0.4


def test_the_first_signals_come_within_two_hours_of_the_history(market: list[CandleSeries]) -> None:
    firsts = []
    for series in market:
        signals = signals_of(BUILT_IN["rsi_macd_bollinger"], Params(), columns(series), 400)
        entries = np.flatnonzero(signals.entry)
        firsts.append(series.time[entries[0]] - series.time[399])
        assert 100 < len(entries) < 2000
    assert min(firsts) <= 2 * 3600


def test_prices_move_enough_to_stop_and_to_trail_several_times(market: list[CandleSeries]) -> None:
    for series in market:
        close = columns(series).close
        days = close[: len(close) // 1200 * 1200].reshape(-1, 1200)
        assert np.median(days.max(1) / days.min(1)) > 1.03


@pytest.mark.parametrize("timeframe", ["5m", "1h", "1d"])
def test_other_candle_lengths_lie_on_their_own_grid(timeframe: str) -> None:
    series = synthetic_market(3, days=30, timeframe=timeframe)[3]
    assert not (series.time % series.seconds).any()
    assert len(series.time) > 20


@pytest.mark.parametrize(("seed", "days"), [(1, 0), (1, 100_000), (-1, 7)])
def test_a_span_out_of_range_is_refused(seed: int, days: int) -> None:
    with pytest.raises(ValueError, match=r"days|seed"):
        synthetic_market(seed, days)


def test_money_of_a_made_up_candle_is_decimal() -> None:
    candle = candle_at(synthetic_market(1, days=1)[4], 0)
    assert isinstance(candle.open, Decimal)
    assert Decimal(0) < candle.low < Decimal("0.01")
