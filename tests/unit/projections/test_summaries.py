"""What the journal adds up to: trades, orders, the summary of a run."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from i18n.styles import rendered
from interfaces.reports.summary_table import tables
from messages.orders import (
    CancelIntended,
    OrderAbsent,
    OrderAccepted,
    OrderIntended,
    OrderUncertain,
)
from messages.plain_values import to_plain
from messages.trading import EntryEnded, HighRaised, TradeIncreased, TradeOpened, TradeReduced
from projections import orders, trades
from projections.summary import drawdown, summarise
from tests.support.journals import BTC, ETH, START, TRADE, closing, letters, life, row

D = Decimal
NAMES = (
    *("pair", "open_date", "close_date", "open_rate", "close_rate", "amount", "stake_amount"),
    *("fee_open_cost", "fee_close_cost", "profit_abs", "profit_ratio", "exit_reason", "is_open"),
    *("max_rate", "enter_tag"),
)
ORDER_NAMES = (
    *("identifier", "uuid", "pair", "side", "state", "executed_volume", "paid_fee"),
    *("intended_at", "ended_at", "id", "reason", "reason_facts"),
)


def test_an_open_trade_holds_what_was_bought_less_what_was_sold() -> None:
    folded = trades.fold(letters(life()))
    (trade,) = folded.sorted_open
    assert (trade.volume, trade.stake, trade.fee) == (D(5), D(5000), D("2.5"))
    assert (trade.max_price, trade.entering, trade.tag) == (D(1100), False, "rsi macd")


def test_a_fill_that_comes_after_a_part_was_sold_does_not_bring_that_part_back() -> None:
    more = TradeIncreased(TRADE, BTC, D(12), D(12000), D(6), D(1000))
    (trade,) = trades.fold(letters([*life(), more])).sorted_open
    assert (trade.volume, trade.stake, trade.fee) == (D(7), D(7000), D("3.5"))


def test_a_high_never_falls() -> None:
    lower = HighRaised(TRADE, BTC, D(1050), START)
    assert trades.fold(letters([*life(), lower])).open[TRADE].max_price == 1100


def test_the_export_has_freqtrades_names_and_open_trades_last() -> None:
    closed, still = trades.exported(trades.fold(letters(life())))
    assert tuple(closed) == NAMES
    assert tuple(still) == NAMES
    assert closed["close_date"] == "2025-09-01T01:00:00Z"
    assert closed["profit_abs"] == "400"
    assert (closed["is_open"], still["is_open"]) == (False, True)
    assert still["close_date"] is still["profit_abs"] is still["exit_reason"] is None
    assert still["amount"] == "5"


def test_rows_are_sorted_by_close_date_then_pair_and_a_closed_trade_is_no_longer_open() -> None:
    folded = trades.fold(letters([*life(), closing()]))
    assert folded.open == {}
    folded.closed = [row("1", ETH, 20.0), row("2", BTC, 20.0), row("3", ETH, 10.0)]
    found = [(r["pair"], r["profit_abs"]) for r in trades.exported(folded)]
    assert found == [(ETH, "3"), (BTC, "2"), (ETH, "1")]


def test_every_order_ever_intended_is_listed_with_its_end() -> None:
    bought, refused = orders.exported(orders.fold(letters(life())))
    assert tuple(bought) == ORDER_NAMES
    assert (bought["state"], bought["uuid"], bought["executed_volume"]) == (
        "cancel",
        "uuid-1",
        "10",
    )
    assert (refused["state"], refused["executed_volume"]) == ("refused", "0")
    assert refused["reason"].startswith("under_min_total_bid")
    assert refused["ended_at"] is not None


def test_a_doubt_is_told_while_it_lasts_and_not_once_the_order_was_seen() -> None:
    intended = next(event for event in life() if isinstance(event, OrderIntended))
    id, pair = intended.order.id, intended.order.pair
    doubt = OrderUncertain(id, pair, "bid", "no_answer")
    told = [
        orders.fold(letters([intended, *events]))[0].reason
        for events in (
            (doubt,),
            (doubt, OrderAbsent(id, id, pair, "bid")),
            (doubt, OrderAccepted(id, "uuid-1")),
            (doubt, CancelIntended(id, "kill"), OrderAccepted(id, "uuid-1")),
        )
    ]
    assert told == ["no_answer", "no_answer", "", "kill"]


def test_the_summary_counts_rows_and_measures_profit_on_the_wallet() -> None:
    rows = [
        row("100", BTC, START + 100.0, "roi", trade="a"),
        row("-300", ETH, START + 200.0, "stop_loss", trade="b"),
        row("0", BTC, START + 300.0, "roi", trade="a"),
    ]
    market = {BTC: (D(100), D(110)), ETH: (D(100), D(80))}
    found = summarise(rows, D(10000), 2, market)
    assert (found.rows, found.trades, found.open_trades) == (3, 2, 2)
    assert (found.wins, found.draws, found.losses) == (1, 1, 1)
    assert (found.profit_abs, found.profit_ratio) == (D(-200), D("-0.02"))
    assert (found.fees, found.market_change) == (D(30), D("-0.05"))
    assert found.win_rate == D("0.33333333")
    assert [group.name for group in found.by_pair] == [BTC, ETH]
    assert [group.name for group in found.by_reason] == ["roi", "stop_loss"]
    assert found.drawdown_abs == D(300)
    assert found.drawdown_ratio == D("0.02970297")
    assert all(tables(found, language) for language in ("en", "ko"))


def test_what_was_paid_for_coins_that_are_still_held_is_among_the_fees() -> None:
    found = trades.Trades()
    for event in (
        TradeOpened("a", BTC, D(2), D(20_000), D(10), D(10_000), START, "t"),
        TradeOpened("b", ETH, D(1), D(10_000), D(5), D(10_000), START, "t"),
        EntryEnded("a", BTC),
    ):
        found.take(event, START)
    assert summarise([], D(100_000), 2, open_fees=found.open_fees).fees == D(15)
    half = structs.replace(
        row("100", BTC, START + 100.0, "partial_exit", trade="a"),
        fee_open_cost=D(5), fee_close_cost=D(6), amount=D(1), stake_amount=D(10_000),
    )  # fmt: skip
    found.take(TradeReduced(half), START + 100.0)
    done = summarise(found.sorted_rows, D(100_000), 2, open_fees=found.open_fees)
    assert done.fees == D(21), "once, whether its coins are sold or not"


def test_the_drawdown_is_measured_from_the_highest_point_before_it() -> None:
    rows = [row(p, close=float(i)) for i, p in enumerate(["1000", "-500", "2000", "-600", "-400"])]
    assert drawdown(rows, D(10000)) == (D(1000), D("0.08"))


def test_a_run_without_a_trade_has_a_summary_too() -> None:
    found = summarise([], D(10000))
    assert (found.rows, found.best, found.market_change, found.win_rate) == (0, None, None, D(0))
    assert to_plain(found)["wallet"] == "10000"
    [only] = tables(found, "ko")  # nothing was sold: there is no row to group
    assert "₩10,000" in rendered(only, 80)
