"""Live prices, paper money: every owner of the bot behind the live feed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from actors.actor_sets import REPLAY_ACTORS
from actors.market.live_feed import LiveFeed
from actors.market.replay_feed import ReplayFeed
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import System
from core.market.prices import Quote
from core.trading.trades import HoldingsState
from messages.config import Paper
from messages.control import AdoptConfig
from messages.market import FeedTaken
from messages.trading import (
    EntryVetoed,
    EntryWanted,
    ExitWanted,
    HighRaised,
    TradeClosed,
    TradeOpened,
)
from persistence.store import Store
from tests.support.live_streams import (
    CONFIG,
    NOW,
    A,
    B,
    Closes,
    Pages,
    Told,
    history,
    price,
    update,
)
from tests.support.toy_actors import store_at

D = Decimal
PAPER = structs.replace(
    CONFIG, slippage_rate=D(0), min_order_krw=D(5000), cooldown_minutes=0, stake_amount=D(100_000)
)


class Trading:
    """A whole bot on paper whose market is told by the test."""

    fetcher: Any = Pages
    first: tuple[Any, ...] = ()

    def __init__(self, path: Path, seed: int, config: Any = PAPER, start: float = NOW + 10) -> None:
        self.stream, self.store = Told(), store_at(path)
        self.runtime = DeterministicRuntime(start, seed)
        cast = (
            *(
                actor
                for actor in REPLAY_ACTORS
                if actor is not ReplayFeed and actor.name != "fetcher"
            ),
        )
        tools = {
            "stream": self.stream,
            "pairs": (A, B),
            "strategy": Closes(),
            "config": config,
            "asked": [],
            "tickers": {},
            "witnesses": [],
            "failures": [],
            "history": history(A, close="7") | history(B, close="7"),
        }
        self.system = System(self.runtime, self.store, (*cast, LiveFeed, self.fetcher), tools)
        self.system.start([AdoptConfig(config, self.store.birth.id), *self.first])
        self.runtime.run_until(start)

    def tell(self, time: float, *items: Any) -> None:
        self.runtime.run_until(NOW + time)
        self.stream.tell(*items)
        self.runtime.run_until(NOW + time)

    def enter(self, fill: str = "7") -> None:
        """A signal at the close of the minute; the next price fills it."""
        self.tell(59, update("7", NOW), price("7", NOW + 59))
        self.tell(60.5, price("7", NOW + 60.4))
        self.tell(62, price(fill, NOW + 62))

    def said(self, kind: type) -> list[Any]:
        return [e.body for e in self.store.events() if isinstance(e.body, kind)]

    def end(self) -> Store:
        assert self.system.failed is None
        return self.store


@pytest.mark.parametrize("seed", range(8))
def test_a_candle_enters_and_prices_alone_leave(tmp_path: Path, seed: int) -> None:
    bot = Trading(tmp_path, seed)
    bot.enter()
    (opened,) = bot.said(TradeOpened)
    assert (opened.price, opened.opened_at) == (D(7), NOW + 62)
    bot.tell(63, price("7.28", NOW + 62.5), price("7.1", NOW + 62.6))
    assert [raised.max_price for raised in bot.said(HighRaised)] == [D("7.28")]
    (wanted,) = bot.said(ExitWanted)
    assert (wanted.reason, wanted.close) == ("trailing_stop_loss", D("7.1"))
    bot.tell(64, price("7.05", NOW + 63.9))
    (closed,) = bot.said(TradeClosed)
    assert (closed.row.close_rate, closed.row.close_date) == (D("7.05"), NOW + 63.9)
    bot.end().close()


@pytest.mark.parametrize("seed", range(8))
def test_a_low_between_two_looks_hits_the_stop(tmp_path: Path, seed: int) -> None:
    bot = Trading(tmp_path, seed)
    bot.enter()
    bot.tell(63, Quote(A, D(7), D(7), D("6.5"), D(7), NOW + 62.5, NOW + 62.9))
    assert [wanted.reason for wanted in bot.said(ExitWanted)] == ["stop_loss"]
    bot.end().close()


def test_a_part_is_filled_at_each_price(tmp_path: Path) -> None:
    bot = Trading(tmp_path, 1, structs.replace(PAPER, paper=Paper(D("0.5"))))
    bot.enter()
    bot.tell(62.3, price("7", NOW + 62), price("7.5", NOW + 62))
    (opened,) = bot.said(TradeOpened)
    state = bot.store.load("holdings", HoldingsState)
    assert state is not None
    (trade,) = state.state.trades.values()
    assert (opened.volume < trade.volume, trade.ended) == (True, True)
    assert trade.funds > D(99_999)
    bot.end().close()


def test_a_stop_that_was_hit_while_nobody_watched_is_sold_at_the_first_price(
    tmp_path: Path,
) -> None:
    first = Trading(tmp_path, 3)
    first.enter()
    first.end().close()
    second = Trading(tmp_path, 4, start=NOW + 4000)
    second.tell(4000, update("5", NOW + 3960))
    assert second.said(ExitWanted) == [], "no candle sells"
    second.tell(4001, price("5", NOW + 4000.5))
    second.tell(4002, price("5", NOW + 4001.5))
    assert [closed.row.exit_reason for closed in second.said(TradeClosed)] == ["stop_loss"]
    last = second.said(FeedTaken)[-1]
    assert (last.fresh, last.silent_seconds > 3900) == (True, True)
    second.end().close()


def test_a_stale_feed_enters_nothing_and_a_fresh_one_does(tmp_path: Path) -> None:
    bot = Trading(tmp_path, 5)
    bot.tell(20, price("9", NOW + 20))
    bot.tell(119, update("9", NOW + 60))
    (stale, fresh) = bot.said(FeedTaken)
    assert (stale.fresh, fresh.fresh) == (False, True)
    bot.tell(121, update("7", NOW + 120), price("7", NOW + 121))
    bot.tell(179, price("7", NOW + 179))
    bot.tell(180.5, price("7", NOW + 180.5))
    bot.runtime.run_until(NOW + 182)
    assert (len(bot.said(EntryWanted)), bot.said(EntryVetoed)) == (1, [])
    bot.end().close()
