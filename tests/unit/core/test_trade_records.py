"""What a sale earned."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.trading.trade_records import Sale, dust_record, exit_record
from core.trading.trades import HoldingsState, Trade, evolve
from messages.config import Config
from messages.control import ConfigTaken
from messages.trading import TradeOpened, TradeRecord, TradeReduced

D = Decimal


def trade(volume: str = "3", funds: str = "100", fee: str = "0.05") -> Trade:
    price = D("33.33333333")
    opened = TradeOpened("t", "KRW-A", D(volume), D(funds), D(fee), price, 60.0, "rsi macd")
    return evolve(HoldingsState(config=Config()), opened).trades["t"]


def test_a_part_takes_its_share_cut_down_to_8_decimals() -> None:
    row = exit_record(trade(), Sale(D(1), D(40), D("0.02"), 120.0), "partial_exit")
    stake, fee, price = D("33.33333333"), D("0.01666666"), D("33.33333333")
    profit, ratio = D(40) - D("0.02") - stake - fee, D("0.19880060")  # 6.63000001 / 33.34999999
    earned = (D(1), stake, fee, D("0.02"), profit, ratio, "partial_exit")
    assert row == TradeRecord("t", "KRW-A", 60.0, 120.0, price, D(40), *earned, price, "rsi macd")  # type: ignore[arg-type]


def test_the_last_row_takes_all_that_is_left_to_the_last_digit() -> None:
    funds, fee = D("100.1234567890123456"), D("0.0500617283945061728")
    row = exit_record(trade("3", str(funds), str(fee)), Sale(D(3), D(120), D("0.06"), 9.0), "roi")
    assert (row.stake_amount, row.fee_open_cost) == (funds, fee)


def test_a_ratio_is_rounded_half_even() -> None:
    row = exit_record(trade("1", "1", "0"), Sale(D(1), D("1.000000005"), D(0), 1.0), "roi")
    assert row.profit_ratio == D("0E-8")
    row = exit_record(trade("1", "1", "0"), Sale(D(1), D("1.000000015"), D(0), 1.0), "roi")
    assert row.profit_ratio == D("0.00000002")


@given(
    st.lists(st.decimals(D("0.00000001"), D("50"), places=8), min_size=1, max_size=6),
    st.decimals(D("5000"), D(10**7), places=16),  # a price times a volume
)
def test_the_rows_of_a_trade_sum_up_to_what_it_cost(parts: list[Decimal], funds: Decimal) -> None:
    volume, fee = sum(parts, D(0)), funds * D("0.0005")
    state = HoldingsState()
    state = evolve(state, ConfigTaken(Config()))
    state = evolve(state, TradeOpened("t", "KRW-A", volume, funds, fee, D(1), 0.0, ""))
    stakes, fees, amounts = [], [], []
    for i, part in enumerate(parts):
        row = exit_record(state.trades["t"], Sale(part, part * 2, D(0), i + 1.0), "roi")
        stakes.append(row.stake_amount)
        fees.append(row.fee_open_cost)
        amounts.append(row.amount)
        if i < len(parts) - 1:
            state = evolve(state, TradeReduced(row))
    assert (sum(stakes), sum(fees), sum(amounts)) == (funds, fee, volume)
    assert min(stakes) >= 0


def test_dust_books_its_loss_at_the_last_price_and_no_fee_of_a_sale() -> None:
    price, lost = D("33.33333333"), D(30) - D(100) - D("0.05")
    figures = (D(3), D(100), D("0.05"), D(0), lost, D("-0.70014993"))  # -70.05 of 100.05
    assert dust_record(trade(), D(10), 180.0) == TradeRecord(
        "t", "KRW-A", 60.0, 180.0, price, D(10), *figures, "dust", price, "rsi macd"
    )
