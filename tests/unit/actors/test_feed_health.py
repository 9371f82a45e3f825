"""A stream that tells trades and no candles is ill; a quiet market is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from actors.market.feed_health import FeedHealth, Known, health_issues, lacks_candles
from core.market.candles import Candles
from core.strategy import Signals
from messages.config import Config
from messages.runtime_stats import HealthIssue
from tests.support.live_streams import CONFIG, NOW, A, B, Closes, Feeding, history, price, update


@pytest.mark.parametrize(("seconds", "patience"), [(60, 600.0), (180, 600.0), (3600, 10800.0)])
def test_trades_without_candles_are_ill_after_three_candles_or_ten_minutes(
    seconds: int, patience: float
) -> None:
    talk = FeedHealth()
    talk.trade(1000.0)
    assert not lacks_candles(talk.traded, talk.candled, seconds)
    talk.trade(1000.0 + patience)
    assert not lacks_candles(talk.traded, talk.candled, seconds)
    talk.trade(1000.1 + patience)
    assert lacks_candles(talk.traded, talk.candled, seconds)
    talk.candle(1001.0 + patience)
    assert not lacks_candles(talk.traded, talk.candled, seconds)


def test_a_market_in_which_nobody_trades_is_well() -> None:
    talk = FeedHealth()
    assert not lacks_candles(talk.traded, talk.candled, 60)
    talk.trade(10.0)
    talk.candle(10.0)
    assert not lacks_candles(talk.traded, talk.candled, 60), "whatever the clock shows by now"


def test_the_feed_notes_trades_of_what_is_traded_and_every_candle(tmp_path: Path) -> None:
    feed = Feeding(tmp_path)
    feed.until(NOW + 10)
    talk, limit = feed.system.tools["talk"], 600
    for minute in range(1, 13):
        moment = NOW + 60 * minute
        feed.stream.tell(price("100", moment), price("5", moment, "KRW-PULSE"))
        feed.until(moment + 1)
    assert talk.traded - talk.candled > limit
    assert lacks_candles(talk.traded, talk.candled, 60)
    feed.stream.tell(update("100", NOW + 720))
    feed.until(NOW + 722)
    assert not lacks_candles(talk.traded, talk.candled, 60)
    before = talk.traded
    feed.stream.tell(price("5", NOW + 900, "KRW-PULSE"))
    feed.until(NOW + 901)
    assert talk.traded == before, "the pulse alone is no market"


# --- what ails it
class Moody(Closes):
    """Raises while it is in that mood."""

    def __init__(self) -> None:
        self.mood = True

    def signals(self, candles: Candles, params: Any) -> Signals:  # type: ignore[override]
        if self.mood:
            raise ValueError("no such column")
        return Closes.signals(candles, params)


def closed(feed: Feeding, time: float) -> None:
    """A candle of the pair closes then, and the next price shows it."""
    feed.tell(update("100", NOW + time - 60), price("100", NOW + time - 1), at=NOW + time - 1)
    feed.tell(price("100", NOW + time + 0.5), at=NOW + time + 0.6)
    feed.until(NOW + time + 5)


def test_a_strategy_that_raises_ails_the_bot_until_it_answers_again(tmp_path: Path) -> None:
    moody = Moody()
    feed = Feeding(tmp_path, strategy=moody)
    feed.until(NOW + 30)
    talk = feed.system.tools["talk"]
    assert health_issues(talk) == ()
    closed(feed, 60)
    assert health_issues(talk) == (HealthIssue("raises", {"text": "no such column"}),)
    moody.mood = False
    closed(feed, 120)
    assert health_issues(talk) == ()


def test_a_pair_that_lacks_startup_candles_says_how_many_it_has(tmp_path: Path) -> None:
    short = replace(CONFIG, startup_candle_count=3000, pair_whitelist=(A,))
    feed = Feeding(tmp_path, short, history=history(A, count=900), pairs=(A,))
    feed.until(NOW + 30)
    assert health_issues(feed.system.tools["talk"]) == (
        HealthIssue("startup", {"pair": A, "have": "900", "need": "3,000"}),
    )
    feed = Feeding(tmp_path / "b", CONFIG)
    feed.until(NOW + 30)
    assert health_issues(feed.system.tools["talk"]) == ()


def test_a_young_pair_that_nobody_named_is_no_fault_beside_others() -> None:
    known = {A: Known(4, waits=False), B: Known(1, waits=False)}
    for listed, kinds in (((A, B), ["startup"]), ("KRW-*", [])):
        talk = FeedHealth(known=known, config=replace(CONFIG, pair_whitelist=listed))
        assert [one.name for one in health_issues(talk)] == kinds
    talk = FeedHealth(
        known={**known, B: Known(1, waits=True)}, config=Config(startup_candle_count=4)
    )
    assert [one.name for one in health_issues(talk)] == ["startup"]


def test_no_candle_while_trades_go_on_is_among_what_ails_it() -> None:
    talk = FeedHealth(traded=2000.0, candled=1000.0)
    assert health_issues(talk) == (HealthIssue("no_candles", {"lasting": "1000.0"}),)
