"""Several prices as one: no extreme is lost, and none is dated before what is known."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from core.market.prices import Quote, behind, candle_of, narrowed, reached, together
from messages.market import Candle, Watch

D = Decimal
PAIR = "KRW-A"


def price(last: int, moment: float) -> Quote:
    return Quote(PAIR, *[D(last)] * 4, moment, moment)


@given(st.lists(st.integers(1, 99), min_size=1, max_size=20))
def test_prices_put_together_keep_first_high_low_and_last(prices: list[int]) -> None:
    quotes = [price(last, 100.0 + n) for n, last in enumerate(prices)]
    whole = reduce(together, quotes, None)
    figures = D(prices[0]), D(max(prices)), D(min(prices)), D(prices[-1])
    assert whole == Quote(PAIR, *figures, 100.0, 99.0 + len(prices))


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=20))
def test_moments_rise_and_only_a_trade_told_again_is_left_out(told: list[tuple[int, int]]) -> None:
    known: Quote | None = None
    for last, second in told:
        new = behind(known, price(last, float(second)))
        if new is None:
            assert known is not None
            assert (known.last, second <= known.moment) == (last, True)
            continue
        assert new.last == last
        assert known is None or known.moment < new.since <= new.moment
        known = new


def test_a_stretch_that_began_before_what_is_known_is_dated_behind_it() -> None:
    known = price(5, 100.0)
    late = Quote(PAIR, D(5), D(9), D(4), D(6), 99.0, 103.0)
    new = behind(known, late)
    assert new is not None
    assert (new.since > 100.0, new.moment, new.low) == (True, 103.0, D(4))


def test_a_candle_of_prices_is_dated_by_its_last_second_and_narrows_to_its_last() -> None:
    candle = candle_of(Quote(PAIR, D(5), D(9), D(4), D(6), 98.9, 103.7))
    assert candle == Candle(103, D(5), D(9), D(4), D(6), D(0))
    assert narrowed(candle) == Candle(103, *[D(6)] * 4, D(0))


def test_a_band_is_reached_at_its_lower_edge_and_above_its_upper() -> None:
    band = Watch("holdings", PAIR, D(97), D(103))
    assert [reached(price(n, 1.0), [band]) for n in (97, 98, 103, 104)] == [
        True,
        False,
        False,
        True,
    ]
    assert not reached(price(1, 1.0), [Watch("paper", PAIR, every=True)])
