"""Live prices, paper money and the order book: a paper trial tells what live would do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from actors.runtime.edge import Outputs
from messages.control import ForceEnter
from messages.orders import OrderIntended
from messages.trading import EnableBook, EnterAt, EntryVetoed, PairLocked, TradeOpened
from messages.venue_queries import BookReport, DispatchFetch, FetchBook, Level
from tests.support.live_streams import NOW, A, Pages, price, update
from tests.unit.actors.test_live_paper import Trading

D = Decimal


class Books(Pages):
    """Answers a book of the test's too, unless it is "lost"."""

    def perform(self, message: DispatchFetch) -> Outputs:
        call = message.call
        if not isinstance(call, FetchBook):
            return super().perform(message)
        asks = self.system.tools["asks"]
        self.system.tools["books"].append(call)
        if asks is None:
            return ()
        levels = tuple(Level(D(at), D(size)) for at, size in asks)
        return [BookReport(call.id, call.pair, levels, D("6.99"), self.system.now())]


class Booked(Trading):
    """``asks``: of every book that is asked for, price and size."""

    fetcher = Books
    first = (EnableBook(2.0),)

    def __init__(self, path: Path, *asks: tuple[str, str], lost: bool = False) -> None:
        super().__init__(path, 1)
        self.system.tools |= {"asks": None if lost else asks, "books": []}


def test_an_entry_goes_out_as_it_would_live_and_pays_what_is_asked(tmp_path: Path) -> None:
    bot = Booked(tmp_path, ("7.01", "99999"))
    bot.enter()
    (intended,) = bot.said(OrderIntended)
    order = intended.order
    assert (order.ord_type, order.time_in_force, order.price) == ("limit", "ioc", D("7.02"))
    (opened,) = bot.said(TradeOpened)
    assert opened.price == D("7.01"), "not the last price, which a seller may have got"
    assert len(bot.system.tools["books"]) == 1
    bot.end().close()


def test_no_more_is_bought_than_was_on_offer(tmp_path: Path) -> None:
    bot = Booked(tmp_path, ("7.01", "1000"), ("7.02", "500"), ("7.03", "99999"))
    bot.enter()
    (opened,) = bot.said(TradeOpened)
    assert opened.volume == 1500
    bot.end().close()


def test_a_price_that_has_run_away_leaves_it_unfilled_and_the_pair_rests(tmp_path: Path) -> None:
    bot = Booked(tmp_path, ("7.01", "99999"))
    bot.enter(fill="7.03")
    assert bot.said(TradeOpened) == []
    (lock,) = bot.said(PairLocked)
    assert (lock.pair, lock.reason) == (A, "unfilled")
    assert lock.until == pytest.approx(NOW + 62 + 600, abs=1)
    bot.tell(119, update("7", NOW + 60), price("7", NOW + 118))
    bot.tell(120.5, price("7", NOW + 120.4))
    bot.tell(122, price("7", NOW + 122))
    assert [veto.reason for veto in bot.said(EntryVetoed)] == ["unfilled"]
    assert len(bot.said(OrderIntended)) == 1
    bot.end().close()


def test_a_book_that_the_band_does_not_reach_is_a_veto_before_any_order(tmp_path: Path) -> None:
    bot = Booked(tmp_path, ("7.05", "99999"))
    bot.enter()
    (veto,) = bot.said(EntryVetoed)
    assert (veto.reason, veto.ask, veto.close) == ("ask_above_band", D("7.05"), D(7))
    assert bot.said(OrderIntended) == []
    bot.end().close()


def test_a_book_that_never_comes_is_a_veto_after_two_seconds(tmp_path: Path) -> None:
    bot = Booked(tmp_path, lost=True)
    bot.tell(59, update("7", NOW), price("7", NOW + 59))
    bot.tell(60.5, price("7", NOW + 60.4))
    bot.tell(62, price("7", NOW + 62))
    assert bot.said(EntryVetoed) == []
    bot.tell(64, price("7", NOW + 63))
    assert [veto.reason for veto in bot.said(EntryVetoed)] == ["no_book"]
    assert bot.said(OrderIntended) == []
    bot.end().close()


def test_a_forced_entry_asks_the_book_too(tmp_path: Path) -> None:
    bot = Booked(tmp_path, ("7.01", "99999"))
    bot.system.send(EnterAt(ForceEnter(A, None, "c"), D(7)), source="operator")
    bot.tell(12, price("7", NOW + 12))
    (intended,) = bot.said(OrderIntended)
    assert (intended.order.tag, intended.order.price) == ("force_entry", D("7.02"))
    bot.end().close()
