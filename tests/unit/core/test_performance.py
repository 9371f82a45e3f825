"""Equity, drawdown and the ratios: by tables, and against plain definitions."""

from __future__ import annotations

import statistics
from decimal import Decimal
from itertools import combinations
from math import inf, prod, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.candles import Candles
from core.performance import outcomes, ratios
from core.performance.drawdown import deepest, drawdown, underwater
from core.performance.equity import Holding, daily, day_of, held, marked, realised, returns
from core.performance.figures import performance
from messages.trading import TradeRecord

D = Decimal
DAY = 86400
KOREAN_MIDNIGHT = 1_756_652_400.0  # 2025-09-01 00:00 in Korea
won = st.integers(1, 10**9).map(D)
profits = st.lists(st.integers(-(10**6), 10**6).map(D), max_size=40)
change = st.lists(st.floats(-0.2, 0.2), min_size=2, max_size=60)


def row(profit: str, closed: float, pair: str = "KRW-BTC", opened: float = 0.0) -> TradeRecord:
    return TradeRecord(
        f"{pair}@{opened}",
        pair,
        opened,
        closed,
        *(D(100), D(100), D(1), D(100), D("0.05"), D("0.05"), D(profit), D(0)),
        "roi",
        D(100),
        "",
    )


# --- drawdown
@pytest.mark.parametrize(
    ("equity", "krw", "share"),
    [
        ([], "0", "0"),
        (["100"], "0", "0"),
        (["100", "120", "150"], "0", "0"),
        (["100", "120", "90", "130", "100"], "30", "0.25"),
        (["100", "50", "1000", "900"], "100", "0.5"),  # the two are of different falls
        (["0", "0"], "0", "0"),
        (["-5", "-7"], "2", "0"),
        (["100", "-20"], "120", "1.2"),
    ],
)
def test_drawdown(equity: list[str], krw: str, share: str) -> None:
    assert drawdown(map(D, equity)) == (D(krw), D(share))


@given(st.lists(won, min_size=2, max_size=30))
def test_the_drawdown_is_the_greatest_fall_between_any_two_moments(equity: list[Decimal]) -> None:
    falls = [a - b for a, b in combinations(equity, 2)]
    fall, share = drawdown(equity)
    floats = np.array(equity, dtype=np.float64)
    assert fall == max(0, *falls)
    assert deepest(floats) == float(fall)
    shares = [float(a - b) / float(a) for a, b in combinations(equity, 2)]
    assert float(-underwater(floats).min()) == pytest.approx(max(0.0, *shares))
    assert float(share) == pytest.approx(max(0.0, *shares), abs=1e-8)


# --- equity
@given(st.lists(st.tuples(st.integers(-500, 500), st.integers(1, 50)), max_size=20))
def test_what_was_realised_is_the_wallet_and_every_profit_whatever_their_order(
    sales: list[tuple[int, int]],
) -> None:
    rows = [row(str(profit), float(at)) for profit, at in sales]
    points = realised(rows, D(1000))
    assert points[-1].krw == 1000 + sum(profit for profit, _ in sales)
    assert [p.at for p in points[1:]] == sorted(float(at) for _, at in sales)
    assert len(points) == len(rows) + 1


def candles(*closes: float, seconds: int = 60) -> Candles:
    time = np.arange(len(closes), dtype=np.int64) * seconds
    prices = np.array(closes, dtype=np.float64)
    return Candles(time, prices, prices, prices, prices, prices)


def test_what_is_held_is_worth_the_newest_close_less_the_fee_and_then_what_it_earned() -> None:
    moments = np.array([0.0, 60, 120, 180, 240])
    holding = Holding("KRW-BTC", 60.0, D(2), D(200), 240.0, D(30))
    prices = {"KRW-BTC": candles(100, 110, 90, 200)}
    found = marked([holding], prices, moments, D(1000), D("0.001"), 60)
    # the candle of t closes at t + 60: at 60 s the close of 0, at 240 s it has been sold
    assert found.tolist() == [1000, 999.8, 1000 + 219.78 - 200, 1000 + 179.82 - 200, 1030]


def test_without_a_price_it_is_worth_what_it_cost() -> None:
    moments = np.array([0.0, 60, 120])
    holding = Holding("KRW-ETH", 0.0, D(2), D(200))
    assert marked([holding], {}, moments, D(500), D(0), 60).tolist() == [500, 500, 500]
    late = {"KRW-ETH": Candles(*(c[2:] for c in vars_of(candles(1, 1, 150))))}
    assert marked([holding], late, np.array([0.0, 180.0]), D(500), D(0), 60).tolist() == [500, 600]


def vars_of(made: Candles) -> list[np.ndarray]:
    return [getattr(made, name) for name in ("time", "open", "high", "low", "close", "volume")]


def test_an_old_close_is_no_price_but_at_the_end() -> None:
    holding = Holding("KRW-X", 0.0, D(100), D(500))
    moments = np.array([60.0, 120.0, 180.0, 240.0])
    found = marked([holding], {"KRW-X": candles(9)}, moments, D(500), D(0), 60, stale=60)
    assert found.tolist() == [900, 900, 500, 900]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50), st.integers(-90, 90))))
def test_when_all_is_sold_the_marked_equity_is_the_realised_one(
    deals: list[tuple[int, int, int]],
) -> None:
    rows = [row(str(p), float(begin + held), opened=float(begin)) for begin, held, p in deals]
    prices = {"KRW-BTC": candles(*([123.0] * 200), seconds=1)}
    facts = (prices, np.array([0.0, 1000.0]), D(10000), D(0), 1)
    found = marked([held(one) for one in rows], *facts)
    assert found[-1] == float(realised(rows, D(10000))[-1].krw)


def test_days_are_those_of_korea_and_begin_when_a_trading_day_does() -> None:
    assert day_of(KOREAN_MIDNIGHT) == day_of(KOREAN_MIDNIGHT - 1) + 1
    assert day_of(KOREAN_MIDNIGHT, "09:00") == day_of(KOREAN_MIDNIGHT - 1, "09:00")
    assert day_of(KOREAN_MIDNIGHT + 9 * 3600, "09:00") == day_of(KOREAN_MIDNIGHT, "09:00") + 1


@pytest.mark.parametrize(
    ("hours", "closes"),
    [
        ([], [100, 100]),
        ([(1, 110)], [100, 110]),
        ([(1, 110), (23, 90)], [100, 90]),
        ([(25, 120)], [100, 100, 120]),
        ([(1, 110), (73, 130)], [100, 110, 110, 110, 130]),
    ],
)
def test_a_day_closes_as_the_last_that_is_told_of_it_or_as_the_one_before(
    hours: list[tuple[int, int]], closes: list[int]
) -> None:
    points = [(KOREAN_MIDNIGHT, 100.0)]
    points += [(KOREAN_MIDNIGHT + h * 3600, float(krw)) for h, krw in hours]
    end = points[-1][0] + 1
    assert daily(points, end) == closes


@given(st.lists(st.floats(1, 1e9), min_size=1, max_size=40))
def test_the_returns_of_all_days_make_the_return_of_the_whole(closes: list[float]) -> None:
    whole = prod(1 + r for r in returns(closes))
    assert whole == pytest.approx(closes[-1] / closes[0], rel=1e-6)


# --- ratios
@given(change)
def test_sharpe_is_mean_over_deviation_for_a_year(found: list[float]) -> None:
    deviation = statistics.stdev(found)
    expected = statistics.fmean(found) / deviation * sqrt(365) if deviation > 1e-9 else None
    if expected is None:
        return
    assert ratios.sharpe(found) == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert ratios.sharpe([r / 2 for r in found]) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(change)
def test_sortino_knows_only_falls_and_never_has_another_sign(found: list[float]) -> None:
    ratio, mean = ratios.sortino(found), statistics.fmean(found)
    falls = [min(0.0, r) for r in found]
    if ratio is None:
        assert sum(f * f for f in falls) < 1e-20
        return
    root = sqrt(statistics.fmean(f * f for f in falls))
    assert ratio == pytest.approx(mean / root * sqrt(365), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("ratio", "found", "expected"),
    [
        (ratios.sharpe, [], None),
        (ratios.sharpe, [0.1], None),
        (ratios.sharpe, [0.1, 0.1, 0.1], None),
        (ratios.sharpe, [0.01, 0.03], 0.02 / sqrt(0.0002) * sqrt(365)),
        (ratios.sortino, [], None),
        (ratios.sortino, [0.1, 0.0], None),
        (ratios.sortino, [0.1, -0.1], 0.0),
        (ratios.sortino, [0.03, -0.01], 0.01 / sqrt(0.0001 / 2) * sqrt(365)),
    ],
)
def test_ratios_by_hand(ratio: object, found: list[float], expected: float | None) -> None:
    got = ratio(found)  # type: ignore[operator]
    assert got == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("first", "last", "days", "growth"),
    [
        (100, 121, 365, 0.21),
        (100, 110, 730, 1.1**0.5 - 1),
        (100, 90, 365, -0.1),
        (100, 0, 365, None),
        (0, 10, 365, None),
        (100, 110, 0, None),
        (1, 10**9, 0.001, None),  # more than a float holds
    ],
)
def test_growth_of_a_year(first: float, last: float, days: float, growth: float | None) -> None:
    found = ratios.yearly(first, last, days * DAY)
    assert found == (None if growth is None else pytest.approx(growth))


def test_calmar_is_growth_over_drawdown_and_nothing_without_one() -> None:
    assert ratios.calmar(0.3, 0.1) == pytest.approx(3)
    assert ratios.calmar(0.3, 0.0) is None
    assert ratios.calmar(None, 0.1) is None


# --- outcomes
@pytest.mark.parametrize(
    ("found", "factor", "mean", "of_loss", "longest"),
    [
        ([], None, None, None, 0),
        (["10"], None, "10", None, 0),
        (["-10"], "0", "-10", "-1", 1),
        (["30", "-10"], "3", "10", "1", 1),
        (["30", "-10", "-10", "0"], "1.5", "2.5", "0", 2),
        (["5", "-10", "-10", "5", "-10"], "0.33333333", "-4", "-0.4", 2),
    ],
)
def test_outcomes(
    found: list[str], factor: str | None, mean: str | None, of_loss: str | None, longest: int
) -> None:
    list_of = [D(text) for text in found]

    def figure(text: str | None) -> Decimal | None:
        return None if text is None else D(text)

    assert outcomes.profit_factor(list_of) == figure(factor)
    assert outcomes.expectancy(list_of) == figure(mean)
    assert outcomes.expectancy_ratio(list_of) == figure(of_loss)
    assert outcomes.longest_losses(list_of) == longest


@given(profits)
def test_a_profit_factor_above_one_an_expectancy_above_zero_and_a_profit_are_the_same_thing(
    found: list[Decimal],
) -> None:
    factor, mean = outcomes.profit_factor(found), outcomes.expectancy(found)
    if factor is not None and mean is not None:
        total = sum(found, D(0))
        assert (mean > 0) == (total > 0) or abs(total) < D("0.0001")
        assert (factor > 1) == (total > 0) or abs(factor - 1) < D("0.0001")


# --- all together
def test_the_figures_of_a_run_by_hand() -> None:
    begin = KOREAN_MIDNIGHT
    moments = np.array([begin, begin + 3600, begin + 90000, begin + 2 * DAY - 1])
    equity = np.array([1000.0, 1100.0, 990.0, 1210.0])
    rows = [row("100", begin + 3600), row("-110", begin + 90000), row("220", begin + 2 * DAY - 1)]
    found = performance(rows, moments, equity)
    assert found.days == 2
    assert found.drawdown == pytest.approx(0.1)
    assert found.drawdown_krw == 110
    assert found.sharpe is None, "two days of 10 % each do not vary"
    assert found.sortino is None
    assert found.profit_factor == D("2.90909091")
    growth = ratios.yearly(1000.0, 1210.0, 2 * DAY - 1)
    assert growth is not None
    assert found.calmar == pytest.approx(growth / 0.1)
    assert inf > found.calmar > 0
