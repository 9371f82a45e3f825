"""What was done at the venue without us: coins and cash that differ, adopted, released."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from actors import budget
from actors.budget import Budget
from actors.holdings import holdings
from actors.holdings.holdings import Holdings
from core.trading.trades import Dust
from messages.account import (
    CoinsMissed,
    CoinsShown,
    CompareCash,
    CompareCoins,
    SoldOutside,
    TradeReleased,
)
from messages.budget import BudgetAdjusted, BudgetReserved, CashDiffered
from messages.config import Config
from messages.control import (
    AdoptPair,
    CommandTaken,
    ConfigAdopted,
    ExplainPair,
    ForceExit,
    OperatorReply,
    ReleasePair,
)
from messages.market import Candle, CandleReport, Watch
from messages.orders import OrderAbsent, OrderClosed, OrderFilled, OrderRefused
from messages.trading import (
    EntryEnded,
    EntryWanted,
    ExitWanted,
    HighRaised,
    TradeClosed,
    TradeOpened,
)
from messages.venue_queries import Balance
from tests.unit.actors.turns import Turns, of

D = Decimal
PAIR = "KRW-A"
TRADE = "KRW-A@0"
LIVE = Config(dry_run=False, cooldown_minutes=10, available_capital=D(1000000))
NOW = 300.0


def empty(config: Config = LIVE) -> Turns:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(config))
    return turns


def holding(volume: str = "10") -> Turns:
    """Coins bought at 1,000."""
    turns, funds = empty(), D(volume) * 1000
    facts = (TRADE, TRADE, PAIR, "bid")
    totals = (D(volume), funds, funds * LIVE.fee_rate, 60.0)
    turns.all(OrderFilled(*facts, *totals), OrderClosed(*facts, "done", *totals))  # type: ignore[arg-type]
    return turns


def coins(free: str, locked: str = "0", **more: Any) -> Balance:
    return Balance(D(free), D(locked), **more)


def look(pocket: Balance | None, price: str = "") -> Any:
    found = {} if pocket is None else {PAIR: pocket}
    prices = {PAIR: D(price)} if price else {}
    return CompareCoins(found, (), prices, sold_since=1.0)


def looked(turns: Turns, *looks: CompareCoins) -> list[Any]:
    return turns.all(*looks, at=NOW)


def with_dust() -> Turns:
    """Four coins that an exit could not sell."""
    turns = holding("4")
    wanted = of(ExitWanted, turns.take(ForceExit(PAIR, "c"), at=NOW))[0]
    refusal = OrderRefused(wanted.id, TRADE, PAIR, "ask", "under_min_total_ask")
    turns.take(refusal, at=NOW)
    turns.take(price("990"), at=NOW)
    assert turns.state.dust == {PAIR: Dust(D(4), D(3960))}
    return turns


def price(value: str) -> CandleReport:
    """One price, traded now."""
    figure = D(value)
    candle = Candle(int(NOW), figure, figure, figure, figure, D(1))
    return CandleReport(PAIR, candle, 0, since=NOW, moment=NOW)


# --- more than ours
def test_more_coins_than_ours_are_shown_and_never_touched() -> None:
    turns = holding()
    before = turns.state.trades
    more = look(coins("12", "1", average=D(700)), price="1500")
    assert looked(turns, more) == [
        CoinsShown(PAIR, D(10), D(3), D(12), D(700), False, D(1500)),
    ]
    assert looked(turns, *[more] * 3) == []  # nothing new
    assert turns.state.trades == before


def test_a_price_is_stated_again_only_where_something_may_be_adopted_and_it_stirred() -> None:
    turns = empty()
    looked(turns, look(coins("3"), price="1000"))
    assert looked(turns, look(coins("3"), price="1010")) == []
    assert of(CoinsShown, looked(turns, look(coins("3"), price="1011")))[0].price == 1011
    turns = holding()
    looked(turns, look(coins("10"), price="1000"))
    assert looked(turns, look(coins("10"), price="2000")) == []


def test_a_pair_that_is_empty_is_forgotten() -> None:
    turns = empty()
    looked(turns, look(coins("3")))
    looked(turns, look(None))
    assert turns.state.shown == {}


# --- adopt
def external(price: str = "1500", **more: Any) -> Turns:
    turns = empty()
    looked(turns, look(coins("3", **{"average": D(700), **more}), price=price))
    return turns


ID = f"{PAIR}+c"


def test_adopted_coins_are_a_trade_at_upbits_average_price() -> None:
    turns = external()
    said = turns.take(AdoptPair(PAIR, id="c"), at=NOW)
    assert said[:4] == [
        CommandTaken("c"),
        TradeOpened(ID, PAIR, D(3), D(2100), D(0), D(700), NOW, "adopted"),
        EntryEnded(ID, PAIR),
        HighRaised(ID, PAIR, D(1500), -1),
    ]
    assert OperatorReply(True, "adopted", {"pair": PAIR}) in said
    trade = turns.state.trades[ID]
    assert (trade.price, trade.max_price, trade.ended) == (D(700), D(1500), True)
    assert of(Watch, said)[-1].below > 0  # its stops are watched
    assert turns.take(AdoptPair(PAIR, id="c"), at=NOW) == [
        OperatorReply(True, "adopted", {"pair": PAIR})  # the same command
    ]
    assert not of(CoinsMissed, looked(turns, look(coins("3", average=D(700)), price="1500")))


@pytest.mark.parametrize("newest", ["900", "1000"])
def test_a_typed_price_wins_and_the_peak_is_never_below_the_entry(newest: str) -> None:
    turns = external(price=newest)
    said = turns.take(AdoptPair(PAIR, D(1000), "c"), at=NOW)
    assert of(TradeOpened, said)[0].price == 1000
    assert not of(HighRaised, said)
    assert turns.state.trades[ID].max_price == 1000


def test_dust_joins_what_is_adopted() -> None:
    turns = with_dust()
    looked(turns, look(coins("7", average=D(700))))
    said = turns.take(AdoptPair(PAIR, id="d"), at=NOW)
    (opened,) = of(TradeOpened, said)
    assert (opened.volume, opened.funds, opened.fee) == (D(7), D(6060), D(0))
    assert opened.price == 700  # the levels hang on what was adopted
    assert turns.state.dust == {}


def test_coins_finer_than_an_order_may_be_are_adopted_down_to_its_decimals() -> None:
    turns = empty()
    looked(turns, look(coins("3.123456789", average=D(700))))
    turns.take(AdoptPair(PAIR, id="c"), at=NOW)
    assert turns.state.trades[ID].volume == D("3.12345678")


@pytest.mark.parametrize(
    ("turns", "command", "reason"),
    [
        (external(), AdoptPair(PAIR), "bad_command"),  # no id
        (Turns(holdings, Holdings), AdoptPair(PAIR, id="c"), "nothing_external"),
        (external(), AdoptPair("KRW-B", id="c"), "nothing_external"),
        (external(average=D(0)), AdoptPair(PAIR, id="c"), "price_needed"),
        (external(modified=True), AdoptPair(PAIR, id="c"), "price_needed"),
        (external(), AdoptPair(PAIR, D(-1), "c"), "bad_price"),
        (external(), AdoptPair(PAIR, D(0), "c"), "bad_price"),
        (external(), AdoptPair(PAIR, D("NaN"), "c"), "bad_price"),
    ],
)
def test_what_cannot_be_adopted_is_refused_by_name(
    turns: Turns, command: AdoptPair, reason: str
) -> None:
    if turns.state.config is None:
        turns.take(ConfigAdopted(LIVE))
    before = turns.state
    facts = {"pair": command.pair, "reason": reason}
    assert turns.take(command, at=NOW) == [OperatorReply(False, "not_adopted", facts)]
    assert turns.state == before


def test_beside_a_trade_nothing_is_adopted() -> None:
    turns = holding()
    looked(turns, look(coins("13", average=D(700))))
    facts = {"pair": PAIR, "reason": "pair_busy"}
    said = turns.take(AdoptPair(PAIR, id="c"), at=NOW)
    assert said == [OperatorReply(False, "not_adopted", facts)]


def test_coins_that_were_adopted_and_sold_are_not_adopted_again() -> None:
    """The next look may be a minute away: what was shown before must not outlive its coins."""
    turns = external()
    turns.take(AdoptPair(PAIR, id="c"), at=NOW)
    wanted = of(ExitWanted, turns.take(ForceExit(PAIR, "x"), at=NOW))[0]
    facts = (wanted.id, ID, PAIR, "ask", "done", D(3), D(4500), D("2.25"), NOW)
    turns.take(OrderClosed(*facts), at=NOW)  # type: ignore[arg-type]
    assert turns.state.trades == {}
    facts = {"pair": PAIR, "reason": "nothing_external"}  # type: ignore[assignment]
    said = turns.take(AdoptPair(PAIR, id="d"), at=NOW)
    assert said == [OperatorReply(False, "not_adopted", facts)]  # type: ignore[arg-type]


# --- release
def test_a_released_trade_ends_unsold_and_its_coins_are_external_again() -> None:
    turns = external()
    turns.take(AdoptPair(PAIR, id="c"), at=NOW)
    said = turns.take(ReleasePair(PAIR, "r"), at=NOW)
    assert said[:2] == [CommandTaken("r"), TradeReleased(ID, PAIR, D(3))]
    assert OperatorReply(True, "released", {"pair": PAIR}) in said
    assert said[-1] == Watch("holdings", PAIR)
    assert not of(TradeClosed, said)
    assert (turns.state.trades, turns.state.dust) == ({}, {})
    assert turns.take(ReleasePair(PAIR, "r"), at=NOW) == [
        OperatorReply(True, "released", {"pair": PAIR})  # the same command
    ]
    again = turns.take(AdoptPair(PAIR, id="e"), at=NOW)
    assert of(TradeOpened, again)[0].volume == 3


def test_dust_that_had_joined_stays_ours() -> None:
    turns = with_dust()
    looked(turns, look(coins("7", average=D(700))))
    turns.take(AdoptPair(PAIR, id="d"), at=NOW)
    said = turns.take(ReleasePair(PAIR, "r"), at=NOW)
    assert of(TradeReleased, said) == [TradeReleased(f"{PAIR}+d", PAIR, D(3), D(4), D(3960))]
    assert turns.state.dust == {PAIR: Dust(D(4), D(3960))}


@pytest.mark.parametrize(
    ("left", "volume", "dust", "cost"),
    [("4", D(0), D(4), D(3960)), ("3", D(3), D(0), D(0))],
)
def test_dust_that_was_sold_with_its_trade_does_not_stay(
    left: str, volume: Decimal, dust: Decimal, cost: Decimal
) -> None:
    """Four coins of dust had joined three that were adopted; then some were moved out."""
    turns = with_dust()
    looked(turns, look(coins("7", average=D(700))))
    turns.take(AdoptPair(PAIR, id="d"), at=NOW)
    for moment in (NOW, NOW + 60, NOW + 120):
        turns.take(look(coins(left, average=D(700))), at=moment)
    turns.take(ExplainPair(PAIR, "moved", id="m"), at=NOW + 130)
    said = turns.take(ReleasePair(PAIR, "r"), at=NOW + 140)
    assert of(TradeReleased, said) == [TradeReleased(f"{PAIR}+d", PAIR, volume, dust, cost)]
    assert turns.state.dust == ({PAIR: Dust(D(4), D(3960))} if dust else {})


def exiting() -> Turns:
    turns = external()
    turns.all(AdoptPair(PAIR, id="c"), ForceExit(PAIR, "x"), at=NOW)
    return turns


@pytest.mark.parametrize(
    ("turns", "id", "reason"),
    [
        (external(), "r", "no_adopted_trade"),
        (holding(), "r", "no_adopted_trade"),
        (exiting(), "r", "pair_busy"),
        (exiting(), "", "bad_command"),
    ],
)
def test_what_cannot_be_released_is_refused_by_name(turns: Turns, id: str, reason: str) -> None:
    before = turns.state
    facts = {"pair": PAIR, "reason": reason}
    assert turns.take(ReleasePair(PAIR, id), at=NOW) == [
        OperatorReply(False, "not_released", facts)
    ]
    assert turns.state == before


# --- cash
def cash(krw: str = "1000000") -> Turns:
    turns = Turns(budget, Budget)
    turns.take(ConfigAdopted(Config(dry_run=False, available_capital=D(krw))))
    return turns


def compare(turns: Turns, *krw: str, at: float = NOW, every: float = 60.0) -> list[Any]:
    """Looks a minute apart: the third comes when a difference has stood for two minutes."""
    said = []
    for number, free in enumerate(krw):
        said += turns.take(CompareCash(D(free)), at=at + number * every)
    return said


def test_less_cash_in_the_account_counts_after_three_looks_that_lasted() -> None:
    turns = cash()
    assert compare(turns, "900000.5", "900000.5") == [
        CashDiffered(D("-99999.5"), 1, NOW),
        CashDiffered(D("-99999.5"), 2, NOW),
    ]
    assert turns.state.cash == 1000000
    said = compare(turns, "900000.5", at=NOW + 120)
    assert said == [BudgetAdjusted(D("-99999.5"), "account")]
    assert (turns.state.free, turns.state.doubt) == (D("900000.5"), CashDiffered(D(0), 0))
    assert compare(turns, "900000.5", at=NOW + 180) == []


def test_cash_that_lags_for_a_minute_is_never_taken_however_often_it_is_looked_at() -> None:
    turns = cash()
    said = compare(turns, *["700000"] * 11, "1000000", every=10.0)
    assert not of(BudgetAdjusted, said)
    assert turns.state.cash == 1000000
    assert len(of(CashDiffered, said)) == 4  # not one a look: the journal must not fill


def test_another_difference_counts_anew_and_agreement_ends_the_doubt() -> None:
    turns = cash()
    said = compare(turns, "7", "7", "8", "8", "1000000", "7", "7")
    assert [m.times for m in of(CashDiffered, said)] == [1, 2, 1, 2, 0, 1, 2]
    assert said[4] == CashDiffered(D(0), 0)
    assert not of(BudgetAdjusted, said)


def test_a_clock_that_went_back_does_not_make_a_doubt_older() -> None:
    turns = cash()
    compare(turns, "7", at=NOW + 5000)
    assert compare(turns, "7", "7", at=NOW)[0] == CashDiffered(D(-999993), 1, NOW)
    assert of(BudgetAdjusted, compare(turns, "7", at=NOW + 120))


def test_more_cash_than_ours_is_not_ours_but_what_was_taken_comes_back() -> None:
    turns = cash()
    assert compare(turns, *["5000000"] * 3) == []
    compare(turns, *["400000"] * 3)
    assert turns.state.cash == 400000
    said = compare(turns, *["5000000"] * 3, at=2 * NOW)
    assert said[-1] == BudgetAdjusted(D(600000), "account")
    assert turns.state.cash == 1000000
    assert compare(turns, "5000000", at=3 * NOW) == []


def wish() -> EntryWanted:
    return EntryWanted("e", PAIR, D(100000), D(100), "rsi", 0, 90.0)


def test_while_cash_is_reserved_no_look_counts_so_a_reservation_is_always_covered() -> None:
    turns = cash()
    compare(turns, "5", "5")
    assert of(BudgetReserved, turns.take(wish(), at=60.0))
    assert compare(turns, *["5"] * 9) == []
    assert turns.state.free == 1000000 - 100050 >= 0
    turns.take(OrderAbsent("e", "e", PAIR, "bid", 70.0))
    assert of(BudgetAdjusted, compare(turns, "5", at=NOW + 120)) == [
        BudgetAdjusted(D(-999995), "account")
    ]


def test_while_a_sale_brings_money_no_look_counts() -> None:
    turns = cash()
    sale = ("e/x1", "e", PAIR, "ask")
    turns.take(OrderFilled(*sale, D(1), D(1000), D(0), 5.0))  # type: ignore[arg-type]
    assert compare(turns, *["5"] * 9) == []
    turns.take(OrderClosed(*sale, "done", D(1), D(1000), D(0), 5.0))  # type: ignore[arg-type]
    assert compare(turns, "5") == [CashDiffered(D(5 - 1001000), 1, NOW)]


def test_coins_sold_by_hand_bring_their_proceeds() -> None:
    turns = cash()
    said = turns.take(SoldOutside(TRADE, PAIR, D(10), D(12000), D(6)))
    assert said == [BudgetAdjusted(D(11994), "sold_on_exchange")]
    assert (turns.state.cash, turns.state.missing) == (D(1011994), D(0))


@pytest.mark.parametrize(("capital", "change"), [("1500000", 500000), ("300000", -700000)])
def test_a_reload_of_the_capital_changes_the_cash_by_the_difference(
    capital: str, change: int
) -> None:
    turns = cash()
    turns.take(SoldOutside(TRADE, PAIR, D(1), D(1000), D(0)))
    reload = ConfigAdopted(Config(dry_run=False, available_capital=D(capital)))
    assert of(BudgetAdjusted, turns.take(reload)) == [
        BudgetAdjusted(D(change), "available_capital")
    ]
    assert turns.state.cash == 1001000 + change
    assert not of(BudgetAdjusted, turns.take(reload))


def test_a_capital_below_what_is_reserved_leaves_nothing_free_and_breaks_nothing() -> None:
    turns = cash()
    turns.take(wish(), at=60.0)
    turns.take(ConfigAdopted(Config(dry_run=False, available_capital=D(50000))))
    assert turns.state.free == -50050
    refused = turns.take(EntryWanted("f", "KRW-B", D(10000), D(1), "rsi", 0, 90.0), at=60.0)
    assert refused[0].reason == "insufficient_budget"
    spent = ("e", "e", PAIR, "bid", "done", D(1), D(100000), D(50), 61.0)
    turns.take(OrderClosed(*spent))  # type: ignore[arg-type]
    assert turns.state.reserved == {}
