"""Made-up histories with all that is rare on a real market: the two engines still agree.

Gaps, jumps, ties on a level, coins under a won, exhausted cash, two pairs at one moment; a
candle's volume says what the strategy says there.
"""

from __future__ import annotations

import tempfile
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from core.market.candles import CandleSeries
from messages.config import Config, Protection
from messages.trading import TradeRecord
from research.kernel.venue import MOST
from research.unsupported import Unsupported
from tests.unit.research.engines import Outcome, Written, by_actors, by_kernel

MIDNIGHT = 1753887600  # in Korea: the price units of 2025-07-31 begin
START = MIDNIGHT - 20 * 60
BASES = {  # price in 1e-8 won, and the least step of it
    "KRW-BTC": (158_230_000 * 10**8, 1000 * 10**8),
    "KRW-ADA": (998 * 10**8, 10**8),
    "KRW-TIE": (100 * 10**8, 10**8),  # a percent is a whole won: ties on every level
    "KRW-SHIB": (874_000, 1000),
    "KRW-DUST": (3100, 1),
}
MOVES = st.sampled_from([0, 0, 1, -1, 2, -2, 3, -3, 5, -5, 11, -11, 60, -45])
CANDLE = st.tuples(
    st.sampled_from([1, 1, 1, 1, 2, 7, 300]),  # minutes since the one before
    MOVES,  # of the open, in hundredths, since the close before
    MOVES,  # of the close, since the open
    st.sampled_from([0, 0, 1, 4]),  # the high above, and the low below, in hundredths
    st.sampled_from([0, 0, 1, 4]),
    st.sampled_from([0, 0, 1, 1, 1, 2, 3]),  # what the strategy says
)


def moved(price: int, hundredths: int, step: int) -> int:
    """To a price on the grid of its own steps, never to nothing."""
    return max(step, (price * (100 + hundredths) // 100) // step * step)


@st.composite
def candle_series(draw: st.DrawFn) -> list[CandleSeries]:
    pairs = draw(st.lists(st.sampled_from(sorted(BASES)), min_size=1, max_size=4, unique=True))
    return [series(pair, draw(st.lists(CANDLE, min_size=1, max_size=40))) for pair in pairs]


def series(pair: str, candles: list[tuple[int, ...]]) -> CandleSeries:
    price, step = BASES[pair]
    time, rows = START, []
    for minutes, to_open, to_close, above, below, said in candles:
        time += minutes * 60
        first = moved(price, to_open, step)
        price = moved(first, to_close, step)
        high, low = max(first, price), min(first, price)
        rows.append((time, first, moved(high, above, step), moved(low, -below, step), price, said))
    columns = np.array(rows, dtype=np.int64).T.copy()
    return CandleSeries(pair, 60, 8, 0, *columns)


def config_of(draw: st.DrawFn) -> Config:
    pick = lambda *values: draw(st.sampled_from(values))  # noqa: E731
    offset = pick("0.02", "0.05", "0.013")
    guard = Protection("StoplossGuard", 600, 1, 90)
    fall = Protection("MaxDrawdown", 3000, 2, 120, D("0.02"))
    return Config(
        dry_run_wallet=D(pick(6000, 25000, 10**6)),
        stake_amount=D(pick("5800", "10030.5", "100000")),
        max_open_trades=pick(1, 2, 3),
        stoploss=D(pick("-0.01", "-0.05", "-0.2")),
        minimal_roi=D(pick("0.06", "0.11", "0.5")),
        trailing_stop_positive=D(pick("0.01", "0.004")),
        trailing_stop_positive_offset=D(offset),
        partial_exit_profit=D(pick("0.01", "0.05")),
        partial_exit_ratio=D(pick("0.5", "0.3333", "1")),
        cooldown_minutes=pick(0, 0, 1, 5),
        slippage_rate=D(pick("0", "0.0005", "0.01")),
        fee_rate=D(pick("0", "0.0005", "0.00139")),
        startup_candle_count=pick(2, 2, 5),
        protections=pick(None, None, (guard,), (guard, fall)),
        max_daily_loss_krw=pick(None, None, D("500.5")),
    )


configs = st.composite(config_of)
PLAIN = Config(
    startup_candle_count=2,
    slippage_rate=D(0),
    minimal_roi=D(9),
    partial_exit_profit=D(8),
    stoploss=D("-0.9"),
    trailing_stop_positive=D("0.9"),
    trailing_stop_positive_offset=D(7),
)


FALLEN = series("KRW-DUST", [(1, -45, -45, 0, 0, 0)] * 6 + [(1, 0, 0, 0, 0, 1), (1, 0, 0, 0, 0, 0)])


@example([FALLEN], PLAIN)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(candle_series(), configs())
def test_the_engines_agree_on_every_history(made: list[CandleSeries], config: Config) -> None:
    with tempfile.TemporaryDirectory() as folder:
        truth: Any = by_actors(made, config, Path(folder) / "state", Written())
    try:
        assert by_kernel(made, config, Written()) == truth
    except Unsupported:
        assert coins(truth) * 10**8 > int(MOST), "it refuses what its 64 bits cannot hold"


def coins(truth: Outcome) -> D:
    """All that was ever bought, of all pairs."""
    sold = sum((row.amount for row in truth.rows), D(0))
    return sold + sum((trade.volume for trade in truth.open), D(0))


@pytest.mark.parametrize("pairs", [13, 40])
def test_a_crowd_of_orders_at_one_moment_that_the_limiter_holds_back(
    pairs: int, tmp_path: Path
) -> None:
    """All enter, and later all leave, in one minute: the venue takes twelve orders a second."""
    said = [(1, 0, 0, 1, 1, 0), (1, 0, 0, 1, 1, 1), (1, 0, 1, 1, 1, 0), (1, 0, 0, 1, 1, 2)]
    crowd = [
        structs.replace(series("KRW-ADA", [*said, *said, (1, 0, 0, 1, 1, 0)]), pair=f"KRW-{n:03}")
        for n in range(pairs)
    ]
    config = Config(
        dry_run_wallet=D(10**8), max_open_trades=pairs, startup_candle_count=2, cooldown_minutes=1
    )
    found = by_kernel(crowd, config, Written())
    assert found == by_actors(crowd, config, tmp_path / "state", Written())
    assert len(found.rows) == 2 * pairs


def line(pair: str, start: int, prices: list[int], said: dict[int, int]) -> CandleSeries:
    """A market of one price a minute, in 1e-8 won, and what the strategy says at some of them."""
    rows = [(start + 60 * n, *[p] * 4, said.get(n, 0)) for n, p in enumerate(prices)]
    return CandleSeries(pair, 60, 8, 0, *np.array(rows, dtype=np.int64).T.copy())


def agreed(made: CandleSeries, folder: Path, **changes: Any) -> list[TradeRecord]:
    """The rows of both engines, which are the same."""
    config = structs.replace(PLAIN, **changes)
    found = by_kernel([made], config, Written())
    assert found == by_actors([made], config, folder / "state", Written())
    return found.rows


def test_of_two_stops_at_one_price_the_fixed_one_gives_the_name(tmp_path: Path) -> None:
    """Bought at 100; the peak of 180 less its half is 90, and so is 100 less its tenth."""
    prices = [p * 10**8 for p in (100, 100, 100, 180, 150, 90, 90, 90)]
    levels = {"trailing_stop_positive": D("0.5"), "trailing_stop_positive_offset": D("0.6")}
    made = line("KRW-TIE", START, prices, {1: 1})
    rows = agreed(made, tmp_path, stoploss=D("-0.1"), **levels)
    assert [row.exit_reason for row in rows] == ["stop_loss"]


def test_a_coin_of_one_tick_is_sold_for_that_tick_at_least(tmp_path: Path) -> None:
    """Of before 2024, when the least unit was 0.0001 won."""
    made = line("KRW-BTT", 1_690_000_020, [10_000] * 6, {1: 1, 3: 2})
    rows = agreed(made, tmp_path, slippage_rate=D("0.001"))
    assert [(row.open_rate, row.close_rate) for row in rows] == [(D("0.0002"), D("0.0001"))]


def test_cash_that_is_just_enough_buys_the_whole_stake(tmp_path: Path) -> None:
    stake, fee = D("100030.5"), D("0.0005")
    made = line("KRW-TIE", START, [100 * 10**8] * 6, {1: 1, 3: 2})
    for missing, bought in ((D(0), stake), (D("0.00000001"), D(100030))):
        changes = {"stake_amount": stake, "dry_run_wallet": stake * (1 + fee) - missing}
        (row,) = agreed(made, tmp_path / str(missing), **changes)
        assert row.stake_amount == bought


@pytest.mark.parametrize(("minutes", "locked"), [(-5, True), (0, False)])
def test_a_loss_at_midnight_is_the_new_days(minutes: int, locked: bool, tmp_path: Path) -> None:
    """One just before it and one at it add up to the limit only within one day."""
    prices = [100, 100, 100, 100, 90, 90, 90, 90, 80, 80, 80, 80, 80, 80]
    start = MIDNIGHT - (9 - minutes) * 60  # the second sale fills at index 9
    made = line("KRW-TIE", start, [p * 10**8 for p in prices], {1: 1, 3: 2, 5: 1, 8: 2, 10: 1})
    rows = agreed(made, tmp_path, max_daily_loss_krw=D(20000), cooldown_minutes=0)
    assert len(rows) == 2
    opened = by_kernel(
        [made],
        structs.replace(PLAIN, max_daily_loss_krw=D(20000), cooldown_minutes=0),
        Written(),
    ).open
    assert bool(opened) is not locked
