"""A stream that tells trades and no candles is ill; a quiet market is not."""

from __future__ import annotations

import pytest

from actors.market.talk import Talk, is_ill


@pytest.mark.parametrize(("seconds", "patience"), [(60, 600.0), (180, 600.0), (3600, 10800.0)])
def test_trades_without_candles_are_ill_after_three_candles_or_ten_minutes(
    seconds: int, patience: float
) -> None:
    talk = Talk()
    talk.trade(1000.0)
    assert not is_ill(talk.traded, talk.candled, seconds)
    talk.trade(1000.0 + patience)
    assert not is_ill(talk.traded, talk.candled, seconds)
    talk.trade(1000.1 + patience)
    assert is_ill(talk.traded, talk.candled, seconds)
    talk.candle(1001.0 + patience)
    assert not is_ill(talk.traded, talk.candled, seconds)


def test_a_market_in_which_nobody_trades_is_well() -> None:
    talk = Talk()
    assert not is_ill(talk.traded, talk.candled, 60)
    talk.trade(10.0)
    talk.candle(10.0)
    assert not is_ill(talk.traded, talk.candled, 60), "whatever the clock shows by now"
