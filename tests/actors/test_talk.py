"""A stream that tells trades and no candles is ill; a quiet market is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from actors.market.talk import Talk, is_ill
from tests.actors.streams import NOW, Feeding, price, update


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


def test_the_feed_notes_trades_of_what_is_traded_and_every_candle(tmp_path: Path) -> None:
    feed = Feeding(tmp_path)
    feed.until(NOW + 10)
    talk, limit = feed.system.tools["talk"], 600
    for minute in range(1, 13):
        moment = NOW + 60 * minute
        feed.stream.tell(price("100", moment), price("5", moment, "KRW-PULSE"))
        feed.until(moment + 1)
    assert talk.traded - talk.candled > limit
    assert is_ill(talk.traded, talk.candled, 60)
    feed.stream.tell(update("100", NOW + 720))
    feed.until(NOW + 722)
    assert not is_ill(talk.traded, talk.candled, 60)
    before = talk.traded
    feed.stream.tell(price("5", NOW + 900, "KRW-PULSE"))
    feed.until(NOW + 901)
    assert talk.traded == before, "the pulse alone is no market"
