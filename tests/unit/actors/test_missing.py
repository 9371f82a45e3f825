"""Coins that are not there any more: sold by an order, moved out, lost, or back again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from actors import auditor
from actors.auditor import Auditor
from actors.holdings import holdings
from actors.holdings.holdings import Holdings
from core.trading.external_changes import ours
from core.trading.trades import Dust
from messages.account import (
    CoinsMissed,
    CoinsMovedOut,
    CoinsReturned,
    CoinsShown,
    CompareCoins,
    DustLost,
    SoldOutside,
    TradeResumed,
    TradeSuspended,
)
from messages.audit import BooksAudited, BooksNoted, InvariantBroken
from messages.base import After
from messages.config import Config
from messages.control import (
    AdoptPair,
    CommandTaken,
    ConfigAdopted,
    ExplainPair,
    ForceExit,
    OperatorReply,
)
from messages.exchange import Exchange
from messages.market import Watch
from messages.orders import OrderClosed, OrderFilled, OrderRefused
from messages.trading import (
    EntryEnded,
    ExitFailed,
    ExitWanted,
    PairLocked,
    RetryExit,
    TradeClosed,
    TradeOpened,
    TradeReduced,
)
from messages.venue_queries import Balance, ClosedOrder, OpenOrder
from tests.unit.actors.turns import Turns, of

D = Decimal
PAIR, OTHER = "KRW-A", "KRW-B"
TRADE = "KRW-A@0"
LIVE = Config(dry_run=False, cooldown_minutes=10, available_capital=D(1000000))
BOUGHT, NOW, DAY = 60.0, 300.0, 86400.0
CONFIRM = float(LIVE.exchange.account_confirm_seconds)


def holding(volume: str = "10", config: Config = LIVE) -> Turns:
    """Coins bought at 1,000."""
    turns, funds = Turns(holdings, Holdings), D(volume) * 1000
    facts = (TRADE, TRADE, PAIR, "bid")
    totals = (D(volume), funds, funds * LIVE.fee_rate, BOUGHT)
    filled = OrderFilled(*facts, *totals)  # type: ignore[arg-type]
    turns.all(ConfigAdopted(config), filled, OrderClosed(*facts, "done", *totals))  # type: ignore[arg-type]
    return turns


def sale(
    uuid: str = "s", volume: str = "10", funds: str = "12000", fee: str = "6", at: float = 200.0
) -> ClosedOrder:
    return ClosedOrder(uuid, PAIR, "ask", "", D(volume), D(funds), D(fee), at)


def look(free: str, *sold: ClosedOrder, **more: Any) -> CompareCoins:
    """What is there of the pair, and the closed sales that are not ours."""
    pocket = Balance(D(free), more.pop("locked", D(0)))
    found = {PAIR: pocket} if pocket.whole else {}
    return CompareCoins(found, sold=sold, **{"sold_since": 1.0, **more})


def looked(turns: Turns, *looks: CompareCoins, at: float = NOW, every: float = 60.0) -> list[Any]:
    """Looks a minute apart: the third one confirms."""
    said = []
    for number, one in enumerate(looks):
        said += turns.take(one, at=at + number * every)
    return said


def booked(said: list[Any]) -> list[Any]:
    kinds = (SoldOutside, TradeClosed, TradeReduced, DustLost, CoinsMovedOut, TradeSuspended)
    return [one for one in said if isinstance(one, kinds)]


# --- a sale by hand has a sell order
def test_a_sale_by_hand_closes_the_trade_by_that_orders_own_figures() -> None:
    turns = holding()
    gone = look("0", sale(), prices={PAIR: D(1300)})
    assert of(CoinsMissed, looked(turns, gone, gone)) == [
        CoinsMissed(PAIR, D(10), 1, NOW, NOW),
        CoinsMissed(PAIR, D(10), 2, NOW, NOW),
    ]
    said = looked(turns, gone, at=NOW + 120)
    assert of(SoldOutside, said) == [SoldOutside(TRADE, PAIR, D(10), D(12000), D(6), "s")]
    (closed,) = of(TradeClosed, said)
    assert closed.row.exit_reason == "sold_on_exchange"
    assert (closed.row.close_rate, closed.row.fee_close_cost) == (D(1200), D(6))
    assert closed.row.profit_abs == D(12000) - 6 - D(10000) - 5
    assert of(PairLocked, said) == [PairLocked(PAIR, NOW + 720, "cooldown")]
    assert Watch("holdings", PAIR) in said
    assert (turns.state.trades, turns.state.missed) == ({}, {})


def test_a_sale_larger_than_what_is_missing_takes_only_its_share() -> None:
    turns = holding()
    said = looked(turns, *[look("4", sale(volume="24", funds="26400", fee="13.2"))] * 3)
    assert of(SoldOutside, said) == [SoldOutside(TRADE, PAIR, D(6), D(6600), D("3.3"), "s")]
    assert turns.state.trades[TRADE].volume == 4


def test_a_sale_smaller_than_what_is_missing_explains_its_part_alone() -> None:
    turns = holding()
    said = looked(turns, *[look("0", sale(volume="4", funds="4400", fee="2"))] * 3)
    assert of(SoldOutside, said) == [SoldOutside(TRADE, PAIR, D(4), D(4400), D(2), "s")]
    (left,) = of(TradeSuspended, said)
    assert (left.volume, turns.state.trades[TRADE].volume) == (D(6), D(6))


def test_the_newest_sales_explain_first_since_the_coins_that_are_not_ours_went_before() -> None:
    turns = holding()
    old, new = sale("old", funds="9000", at=210.0), sale("new", at=220.0)
    said = looked(turns, *[look("0", new, old)] * 3)
    assert of(SoldOutside, said) == [SoldOutside(TRADE, PAIR, D(10), D(12000), D(6), "new")]


def test_two_sales_explain_what_is_missing_each_at_its_own_price() -> None:
    turns = holding()
    new, old = sale("n", "4", "5000", "2"), sale("o", "6", "6000", "3", at=190.0)
    said = looked(turns, *[look("0", new, old)] * 3)
    assert [(s.uuid, s.funds) for s in of(SoldOutside, said)] == [("n", D(5000)), ("o", D(6000))]
    assert [r.row.amount for r in of(TradeReduced, said)] == [D(4)]
    assert [r.row.amount for r in of(TradeClosed, said)] == [D(6)]


def test_one_sale_is_booked_once_however_long_the_list_shows_it() -> None:
    turns = holding()
    looked(turns, *[look("4", sale(volume="6", funds="7200"))] * 3)
    said = looked(turns, *[look("1", sale(volume="6", funds="7200"))] * 3, at=NOW + 300)
    assert not of(SoldOutside, said)
    assert of(TradeSuspended, said)[0].volume == 3


def test_what_was_used_is_remembered_no_longer_than_the_list_shows_it() -> None:
    turns = holding()
    looked(turns, *[look("4", sale(volume="6", funds="7200"))] * 3)
    assert turns.state.used
    later = NOW + 8 * DAY
    looked(turns, look("4", sale("t", at=later)), at=later)
    assert (set(turns.state.used), set(turns.state.sales)) == (set(), {"t"})


def test_a_sale_of_before_the_purchase_explains_nothing() -> None:
    turns = holding()
    said = looked(turns, *[look("0", sale(at=BOUGHT - 30))] * 3)
    assert not of(SoldOutside, said)
    assert of(TradeSuspended, said)


def test_a_sale_that_was_known_long_before_the_coins_went_explains_nothing() -> None:
    """It sold coins of the owner's: all of ours were still there."""
    turns = holding()
    looked(turns, look("10", sale()))
    said = looked(turns, *[look("0", sale())] * 3, at=NOW + 1000)
    assert not of(SoldOutside, said)
    assert of(TradeSuspended, said)


def test_a_sale_that_is_listed_before_the_balance_tells_of_it_explains_what_is_missing() -> None:
    turns = holding()
    looked(turns, look("10", sale()))
    said = looked(turns, *[look("0", sale())] * 3, at=NOW + 60)
    assert of(SoldOutside, said)


def test_a_sale_that_was_first_seen_while_the_pair_was_busy_explains_what_is_missing() -> None:
    turns = holding()
    looked(turns, *[look("0", sale(), busy=(PAIR,))] * 9)
    assert of(SoldOutside, looked(turns, *[look("0", sale())] * 3, at=NOW + 900))


def test_a_sale_explains_what_is_missing_though_more_leaves_before_it_is_booked() -> None:
    turns = holding()
    first = sale(volume="4", funds="4400", fee="2")
    looked(turns, look("6", first), look("6", first), every=100.0)
    said = looked(turns, *[look("5", first)] * 3, at=NOW + 300)
    assert [(s.volume, s.uuid) for s in of(SoldOutside, said)] == [(D(4), "s")]
    assert of(TradeSuspended, said)[0].volume == 1


def test_a_sale_that_is_listed_late_is_booked_after_all() -> None:
    turns = holding()
    looked(turns, *[look("0")] * 3)
    assert turns.state.trades[TRADE].suspended == 10
    said = looked(turns, look("0", sale()), at=NOW + 600)
    assert of(SoldOutside, said) == [SoldOutside(TRADE, PAIR, D(10), D(12000), D(6), "s")]
    assert (turns.state.trades, turns.state.missed) == ({}, {})


def test_where_the_list_of_sales_could_not_be_read_nothing_is_concluded() -> None:
    turns = holding()
    assert not booked(looked(turns, *[look("0", sold_since=0.0)] * 9))
    assert turns.state.trades[TRADE].volume == 10


def test_another_pairs_sale_explains_nothing() -> None:
    turns = holding()
    other = structs.replace(sale(), pair=OTHER)
    assert not of(SoldOutside, looked(turns, *[look("0", other)] * 3))


# --- how long it has to stand
@pytest.mark.parametrize("lag", [30.0, 60.0, 110.0])
def test_a_balance_that_lags_books_nothing_however_often_it_is_looked_at(lag: float) -> None:
    turns = holding(config=structs.replace(LIVE, exchange=Exchange(account_seconds=10)))
    said = looked(turns, *[look("0", sale())] * int(lag / 10), every=10.0)
    said += looked(turns, look("10", sale()), at=NOW + lag)
    assert not booked(said)
    assert (turns.state.missed, turns.state.trades[TRADE].suspended) == ({}, D(0))
    assert len(of(CoinsMissed, said)) <= 4  # not one a look: the journal must not fill


def test_two_looks_are_too_few_however_long_they_last() -> None:
    turns = holding()
    assert not booked(looked(turns, look("0"), look("0"), every=5000.0))
    assert booked(looked(turns, look("0"), at=NOW + 5001))


def test_three_looks_that_last_too_short_are_not_enough() -> None:
    turns = holding()
    assert not booked(looked(turns, *[look("0")] * 12, every=10.0))
    assert booked(looked(turns, look("0"), at=NOW + CONFIRM))


def test_another_amount_is_another_doubt() -> None:
    turns = holding()
    said = looked(turns, look("1"), look("1"), look("2"), look("2"))
    assert [m.times for m in of(CoinsMissed, said)] == [1, 2, 1, 2]
    assert of(TradeSuspended, looked(turns, look("2"), at=NOW + 240))[0].volume == 8


def test_busy_looks_neither_count_nor_end_a_doubt() -> None:
    turns = holding()
    assert not looked(turns, *[look("0", busy=(PAIR,))] * 9)
    looked(turns, look("0"), look("0"))
    assert not looked(turns, look("0", busy=(PAIR,)), look("10", busy=(PAIR,)), at=NOW + 70)
    assert of(TradeSuspended, looked(turns, look("0"), at=NOW + 130))


def test_a_trade_that_is_being_sold_is_not_quiet() -> None:
    turns = holding()
    turns.take(ForceExit(PAIR, "c"), at=NOW)
    assert looked(turns, *[look("0")] * 3) == []


def test_coins_that_an_exit_has_sold_are_ours_no_more() -> None:
    turns = holding()
    (wanted,) = of(ExitWanted, turns.take(ForceExit(PAIR, "c"), at=NOW))
    turns.take(OrderFilled(wanted.id, TRADE, PAIR, "ask", D(3), D(3000), D("1.5"), NOW))
    assert ours(turns.state, PAIR) == 7


def test_the_gateway_is_not_told_of_a_balance_that_may_lag_so_a_stop_still_goes_out() -> None:
    turns = holding()
    assert not of(CoinsShown, looked(turns, look("0"), look("0")))
    assert of(CoinsShown, looked(turns, look("0"), at=NOW + 120))[0].free == 0


# --- suspended
def suspended(free: str = "0") -> Turns:
    turns = holding()
    looked(turns, *[look(free)] * 3)
    assert turns.state.trades[TRADE].suspended == 10 - D(free)
    return turns


def test_coins_that_leave_without_a_sale_are_no_sale_and_the_owner_is_asked_once() -> None:
    turns = holding()
    said = looked(turns, *[look("0", prices={PAIR: D(1300)})] * 3)
    asked = TradeSuspended(TRADE, PAIR, D(10), NOW + 120, NOW + 120 + DAY)
    assert booked(said) == [asked]
    assert not booked(looked(turns, *[look("0")] * 300, at=NOW + 180))  # five hours of looks
    trade = turns.state.trades[TRADE]
    assert (trade.volume, trade.funds, trade.suspended) == (D(10), D(10000), D(10))
    assert of(Watch, list(Holdings.resume(turns.state, NOW)))[-1].below > 0  # its stop is kept


def test_part_of_the_coins_suspends_as_much_of_the_trade() -> None:
    turns = holding()
    said = looked(turns, *[look("3", locked=D(1))] * 3)
    assert of(TradeSuspended, said)[0].volume == 6
    assert turns.state.trades[TRADE].volume == 10


def test_coins_that_come_back_undo_it() -> None:
    turns = suspended()
    said = looked(turns, look("10"), at=NOW + 5000)
    assert of(TradeResumed, said) == [TradeResumed(TRADE, PAIR)]
    assert of(CoinsMissed, said) == [CoinsMissed(PAIR, D(0), 0)]
    trade = turns.state.trades[TRADE]
    assert (trade.suspended, trade.volume, trade.funds) == (D(0), D(10), D(10000))
    assert not of(CoinsReturned, said)


def test_some_of_the_coins_that_come_back_undo_as_much() -> None:
    turns = suspended()
    said = looked(turns, look("4"), at=NOW + 5000)
    assert [(s.volume, s.asks) for s in of(TradeSuspended, said)] == [(D(6), False)]
    assert turns.state.trades[TRADE].answer_by == NOW + 120 + DAY  # as long as before
    assert not of(TradeSuspended, looked(turns, *[look("4")] * 3, at=NOW + 5060))


def test_coins_that_come_and_go_are_not_asked_about_each_time() -> None:
    turns, asked = holding(), 0
    for round in range(6):  # half an hour
        at = NOW + round * 300
        said = looked(turns, *[look("0")] * 3, look("10"), at=at)
        asked += sum(s.asks for s in of(TradeSuspended, said))
    assert asked == 1


def test_more_that_leaves_is_asked_about_again_with_a_day_of_its_own() -> None:
    turns = suspended("4")
    said = looked(turns, *[look("0")] * 3, at=NOW + 1000)
    assert of(TradeSuspended, said) == [
        TradeSuspended(TRADE, PAIR, D(10), NOW + 1120, NOW + 1120 + DAY)
    ]


def test_after_a_day_without_an_answer_they_count_as_moved_out_at_no_profit() -> None:
    turns = suspended()
    assert not booked(looked(turns, look("0"), at=NOW + DAY))
    said = looked(turns, look("0"), at=NOW + 120 + DAY)
    assert of(CoinsMovedOut, said) == [CoinsMovedOut(PAIR, D(10), D(10000), D(5), D(1000), TRADE)]
    (closed,) = of(TradeClosed, said)
    assert (closed.row.exit_reason, closed.row.profit_abs) == ("moved_out", D(0))
    assert not of(SoldOutside, said)
    assert (turns.state.trades, turns.state.missed) == ({}, {})
    assert turns.state.day.profit == 0


def test_a_part_that_was_moved_out_shrinks_the_trade_by_its_share_of_the_cost() -> None:
    turns = suspended("4")
    said = looked(turns, look("4"), at=NOW + 120 + DAY)
    (reduced,) = of(TradeReduced, said)
    assert (reduced.row.exit_reason, reduced.row.amount) == ("moved_out", D(6))
    trade = turns.state.trades[TRADE]
    facts = (trade.volume, trade.funds, trade.fee, trade.suspended)
    assert facts == (D(4), D(4000), D(2), D(0))
    assert not looked(turns, *[look("4")] * 3, at=NOW + 200 + DAY)[1:]  # it agrees


def test_an_order_that_is_still_selling_is_waited_for_and_then_booked() -> None:
    turns = holding()
    resting = OpenOrder("s", PAIR, "ask", price=D(1200), volume=D(4), executed=D(6))
    gone = look("0", locked=D(4), asks=(resting,))
    assert not booked(looked(turns, *[gone] * 6))
    said = looked(turns, look("4", sale(volume="6", funds="7200", fee="3.6")), at=NOW + 400)
    assert of(SoldOutside, said) == [SoldOutside(TRADE, PAIR, D(6), D(7200), D("3.6"), "s")]
    assert not of(TradeSuspended, said)


# --- the owner's answer
ANSWERED = NOW + 200


def test_sold_books_the_sale_at_the_price_that_was_said() -> None:
    turns = suspended()
    said = turns.take(ExplainPair(PAIR, "sold", D(1500), "c"), at=ANSWERED)
    assert said[0] == CommandTaken("c")
    assert of(SoldOutside, said) == [SoldOutside(TRADE, PAIR, D(10), D(15000), D("7.5"))]
    (closed,) = of(TradeClosed, said)
    assert (closed.row.exit_reason, closed.row.close_rate) == ("sold_on_exchange", D(1500))
    assert OperatorReply(True, "explained_sold", {"pair": PAIR}) in said
    assert (turns.state.trades, turns.state.missed, turns.state.moved) == ({}, {}, {})
    again = turns.take(ExplainPair(PAIR, "sold", D(1500), "c"), at=ANSWERED)
    assert again == [OperatorReply(True, "explained_sold", {"pair": PAIR})]  # the same command


def test_moved_ends_the_trade_with_its_cost_kept_apart() -> None:
    turns = suspended("4")
    said = turns.take(ExplainPair(PAIR, "moved", id="c"), at=ANSWERED)
    (reduced,) = of(TradeReduced, said)
    assert (reduced.row.exit_reason, reduced.row.profit_abs) == ("moved_out", D(0))
    moved = turns.state.moved[PAIR]
    assert (moved.volume, moved.cost, moved.fee, moved.price) == (D(6), D(6000), D(3), D(1000))
    assert turns.state.trades[TRADE].volume == 4


def test_lost_books_the_cost_as_a_loss_that_counts() -> None:
    turns = suspended()
    said = turns.take(ExplainPair(PAIR, "lost", id="c"), at=ANSWERED)
    (closed,) = of(TradeClosed, said)
    row = closed.row
    assert (row.exit_reason, row.profit_abs, row.profit_ratio) == ("lost", D(-10005), D(-1))
    assert not of(SoldOutside, said)
    assert turns.state.day.profit == -10005
    assert turns.state.history[-1].profit == -10005
    assert turns.state.moved == {}


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (ExplainPair(PAIR, "moved"), "bad_command"),
        (ExplainPair(OTHER, "moved", id="c"), "nothing_missing"),
        (ExplainPair(PAIR, "sold", id="c"), "sold_needs_price"),
        (ExplainPair(PAIR, "sold", D("NaN"), "c"), "bad_price"),
        (ExplainPair(PAIR, "sold", D(-1), "c"), "bad_price"),
        (ExplainPair(PAIR, "lost", D(5), "c"), "price_of_no_sale"),
    ],
)
def test_an_answer_that_is_none_books_nothing_and_is_refused_by_name(
    command: ExplainPair, reason: str
) -> None:
    turns = suspended()
    before = turns.state
    facts = {"pair": command.pair, "reason": reason}
    assert turns.take(command, at=ANSWERED) == [OperatorReply(False, "not_explained", facts)]
    assert turns.state == before


def test_nothing_is_explained_of_coins_that_are_there() -> None:
    turns = holding()
    facts = {"pair": PAIR, "reason": "nothing_missing"}
    said = turns.take(ExplainPair(PAIR, "lost", id="c"), at=ANSWERED)
    assert said == [OperatorReply(False, "not_explained", facts)]


def test_while_an_exit_is_under_way_nothing_is_explained() -> None:
    turns = suspended("4")
    turns.take(ForceExit(PAIR, "x"), at=ANSWERED)
    facts = {"pair": PAIR, "reason": "pair_busy"}
    said = turns.take(ExplainPair(PAIR, "lost", id="c"), at=ANSWERED)
    assert said == [OperatorReply(False, "not_explained", facts)]


# --- back after they were moved out
def moved() -> Turns:
    turns = suspended()
    turns.take(ExplainPair(PAIR, "moved", id="c"), at=ANSWERED)
    return turns


def test_coins_that_come_back_later_are_offered_once_and_nothing_is_doubled() -> None:
    turns = moved()
    said = looked(turns, *[look("10")] * 5, at=ANSWERED + 100)
    assert of(CoinsReturned, said) == [CoinsReturned(PAIR, D(10), D(10005))]
    assert (turns.state.trades, turns.state.missed) == ({}, {})
    assert of(CoinsShown, said)[0].external == 10


def test_they_are_adopted_at_their_former_cost_and_levels() -> None:
    turns = moved()
    looked(turns, look("13", prices={PAIR: D(1500)}), at=ANSWERED + 100)
    said = turns.take(AdoptPair(PAIR, id="a"), at=ANSWERED + 200)
    opened = of(TradeOpened, said)[0]
    facts = (opened.volume, opened.funds, opened.fee, opened.price)
    assert facts == (D(10), D(10000), D(5), D(1000))  # three more were never ours
    assert turns.state.moved == {}
    assert turns.state.shown[PAIR].external == 3


def test_a_part_that_comes_back_leaves_the_rest_of_the_cost_apart() -> None:
    turns = moved()
    looked(turns, look("4"), at=ANSWERED + 100)
    turns.take(AdoptPair(PAIR, id="a"), at=ANSWERED + 200)
    left = turns.state.moved[PAIR]
    assert (left.volume, left.cost, left.fee) == (D(6), D(6000), D(3))
    assert turns.state.trades[f"{PAIR}+a"].funds == 4000


# --- dust
def with_dust() -> Turns:
    turns = holding("4")
    state = structs.replace(turns.state, trades={}, dust={PAIR: Dust(D(4), D(4000), D(2))})
    return Turns(holdings, Holdings, state)


def test_dust_that_leaves_is_no_sale_and_its_cost_is_kept_apart() -> None:
    turns = with_dust()
    said = looked(turns, *[look("3")] * 3)
    assert booked(said) == [
        DustLost(PAIR, D(1)),
        CoinsMovedOut(PAIR, D(1), D(1000), D("0.5"), D(1000)),
    ]
    assert turns.state.dust == {PAIR: Dust(D(3), D(3000), D("1.5"))}
    looked(turns, *[look("0.5")] * 3, at=NOW + 200)
    assert turns.state.dust == {PAIR: Dust(D("0.5"), D(500), D("0.25"))}
    looked(turns, *[look("0")] * 3, at=NOW + 400)
    assert (turns.state.dust, turns.state.moved[PAIR].volume) == ({}, D(4))


def test_dust_that_its_owner_sold_has_the_figures_of_its_order_once() -> None:
    turns = with_dust()
    gone = look("1", sale(volume="12", funds="6000", fee="3", at=250.0))
    said = looked(turns, *[gone] * 3)
    assert booked(said) == [DustLost(PAIR, D(3), D(1500), D("0.75"), "s", 250.0)]
    assert turns.state.dust == {PAIR: Dust(D(1), D(1000), D("0.5"))}
    last = look("0", sale(volume="12", funds="6000", fee="3", at=250.0))
    said = looked(turns, *[last] * 3, at=NOW + 300)
    assert [type(one) for one in booked(said)] == [DustLost, CoinsMovedOut]
    assert booked(said)[0] == DustLost(PAIR, D(1)), "that order has explained its share"


def test_a_lag_takes_no_dust() -> None:
    turns = with_dust()
    assert not booked(looked(turns, *[look("0")] * 11, look("4"), every=10.0))


# --- coins that an order of the owner's locks
LOCK = OpenOrder("his", PAIR, "ask", price=D(6000000), volume=D(10))


def refused(turns: Turns, reason: str = "coins_not_free", at: float = NOW) -> list[Any]:
    """The exit under way is refused."""
    exit = turns.state.trades[TRADE].exit
    return turns.take(OrderRefused(exit.id, TRADE, PAIR, "ask", reason), at=at)


def locked() -> CompareCoins:
    return look("0", locked=D(10), asks=(LOCK,))


def test_an_exit_whose_coins_are_locked_is_told_once_with_the_order_and_waits() -> None:
    turns = holding()
    looked(turns, locked())
    turns.take(ForceExit(PAIR, "x"), at=NOW + 1)
    said = refused(turns, at=NOW + 1)
    (failed,) = of(ExitFailed, said)
    assert (failed.waits, failed.tells, failed.asks) == (True, True, (LOCK,))
    assert of(After, said)[0].seconds == DAY
    # hours of looks and prices write nothing
    assert looked(turns, *[locked()] * 300, at=NOW + 60) == []


def test_it_is_told_again_a_day_later_and_not_before() -> None:
    turns = holding()
    looked(turns, locked())
    turns.take(ForceExit(PAIR, "x"), at=NOW)
    refused(turns)
    turns.take(RetryExit(TRADE), at=NOW + DAY)
    (failed,) = of(ExitFailed, refused(turns, at=NOW + DAY))
    assert failed.tells


def test_the_exit_goes_out_as_soon_as_the_coins_are_free() -> None:
    turns = holding()
    looked(turns, locked())
    turns.take(ForceExit(PAIR, "x"), at=NOW)
    refused(turns)
    said = looked(turns, look("10", prices={PAIR: D(1000)}), at=NOW + 60)
    (again,) = of(ExitWanted, said)
    assert (again.id, again.volume, again.reason) == (f"{TRADE}/x2", D(10), "force_exit")
    assert said.index(of(CoinsShown, said)[0]) < said.index(again)  # the gateway hears it first


def test_when_that_order_sells_them_the_trade_ends_by_its_figures_once() -> None:
    turns = holding()
    looked(turns, locked())
    turns.take(ForceExit(PAIR, "x"), at=NOW)
    refused(turns)
    said = looked(turns, *[look("0", sale(at=400.0))] * 3, at=NOW + 200)
    assert of(SoldOutside, said) == [SoldOutside(TRADE, PAIR, D(10), D(12000), D(6), "s")]
    assert len(of(TradeClosed, said)) == 1
    assert not of(ExitWanted, said)


def test_a_refusal_for_another_reason_is_told_once_too_and_tried_each_minute() -> None:
    turns = holding()
    turns.take(ForceExit(PAIR, "x"), at=NOW)
    told, at = 0, NOW
    for _ in range(30):
        (failed,) = of(ExitFailed, refused(turns, "market_offline", at))
        told += failed.tells
        wait, at = failed.retry_at - at, failed.retry_at
        turns.take(RetryExit(TRADE), at=at)
    assert told == 1
    assert wait == 60.0


def test_coins_that_the_venue_misses_are_told_of_when_no_look_has_found_why() -> None:
    turns = holding()
    turns.take(ForceExit(PAIR, "x"), at=NOW)
    tells, at = [], NOW
    for _ in range(9):
        (failed,) = of(ExitFailed, refused(turns, "insufficient_funds_ask", at))
        tells.append(failed.tells)
        at = failed.retry_at
        turns.take(RetryExit(TRADE), at=at)
    assert tells.count(True) == 1
    assert 30 < tells.index(True) * 10 < 120


# --- the second witness
def witnessed(*events: Any) -> list[str]:
    """What the auditor finds broken when holdings tell this of a trade of ten coins."""
    turns = Turns(auditor, Auditor)
    opened = TradeOpened(TRADE, PAIR, D(10), D(10000), D(5), D(1000), BOUGHT, "adopted")
    said = []
    for number, event in enumerate((ConfigAdopted(LIVE), opened, EntryEnded(TRADE, PAIR), *events)):
        said += list(auditor.decide(turns.state, event, NOW, None, number + 1))
        for one in said:
            if isinstance(one, BooksNoted | BooksAudited):
                turns.state = one.books
    return [one.invariant for one in said if isinstance(one, InvariantBroken)]


def left(reason: Any, **facts: Any) -> TradeClosed:
    said = suspended().take(ExplainPair(PAIR, "moved", id="c"), at=ANSWERED)
    row = structs.replace(of(TradeClosed, said)[0].row, exit_reason=reason, **facts)
    return TradeClosed(row)


AWAY = TradeSuspended(TRADE, PAIR, D(10), NOW, NOW + DAY)


def test_the_auditor_agrees_with_coins_that_were_moved_out_or_lost() -> None:
    assert witnessed(AWAY, left("moved_out")) == []
    assert witnessed(AWAY, left("lost", profit_abs=D(-10005))) == []
    assert witnessed(AWAY, TradeResumed(TRADE, PAIR)) == []


def test_the_auditor_finds_coins_that_left_though_none_were_missing() -> None:
    assert witnessed(left("moved_out")) == ["holdings_differ"]
    assert witnessed(TradeResumed(TRADE, PAIR)) == ["holdings_differ"]
    assert witnessed(structs.replace(AWAY, volume=D(11))) == ["holdings_differ"]


def test_the_auditor_finds_coins_that_left_and_brought_something() -> None:
    assert witnessed(AWAY, left("moved_out", profit_abs=D(5))) == ["cash_differs"]
    assert witnessed(AWAY, left("lost")) == ["cash_differs"]
