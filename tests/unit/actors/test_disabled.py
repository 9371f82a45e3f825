"""A key that is refused with trades open: said at once, hourly, and over when it is taken again."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from actors import account
from actors.account import HASTE_SECONDS, Account
from actors.holdings import holdings
from actors.holdings.disabled import HOUR
from actors.holdings.holdings import Holdings
from core.notices.account import account_notice
from core.orders.rejections import OF_KEY
from messages.account import (
    AccountOpened,
    AccountShut,
    RemindStops,
    RetryAccount,
    StopsDisabled,
    StopsEnabled,
    TradeAtRisk,
)
from messages.base import After
from messages.config import Config
from messages.control import ConfigAdopted
from messages.orders import OrderClosed, OrderFilled, OrderRefused
from messages.trading import ExitWanted
from messages.venue_queries import AccountReport, FetchAccount
from tests.unit.actors.turns import Turns, candle, of

LIVE = Config(dry_run=False, min_order_krw=D(10))
PAIR = "KRW-BTC"
IP = "no_authorization_ip"
FILL = (PAIR, "bid", D(2), D(200), D("0.1"), 10.0)
RISK = TradeAtRisk("t", PAIR, D(2), D(97))


def held(trade: str = "t") -> Turns:
    """One open trade of 2 at 100, whose stop is at 97."""
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(LIVE))
    turns.take(OrderFilled("e", trade, *FILL))  # type: ignore[arg-type]
    pair, side, volume, funds, fee, at = FILL
    turns.take(OrderClosed("e", trade, pair, side, "done", volume, funds, fee, at))  # type: ignore[arg-type]
    return turns


@pytest.mark.parametrize("reason", sorted(OF_KEY))
def test_a_refused_key_names_every_open_trade_with_its_stop(reason: str) -> None:
    turns = held()
    said = turns.take(AccountShut(reason), at=50.0)
    assert said[:2] == [StopsDisabled(reason, (RISK,), 50.0, 50.0), After(HOUR, RemindStops())]
    notice = account_notice(said[0])
    assert notice is not None
    assert notice[:2] == ("critical", "stops_disabled")
    assert notice[2]["stops"] == "KRW-BTC=2@97.00000000"


@pytest.mark.parametrize("reason", ["timeout", "status 500", "market_offline", "nonce_used"])
def test_what_says_nothing_of_the_key_disables_no_stop(reason: str) -> None:
    assert held().take(AccountShut(reason), at=50.0) == []


def test_it_is_said_again_each_hour_while_it_lasts() -> None:
    turns = held()
    turns.take(AccountShut(IP), at=50.0)
    assert turns.take(AccountShut(IP), at=60.0) == []
    assert turns.take(RemindStops(), at=100.0) == [After(HOUR - 50.0, RemindStops())]
    again = turns.take(RemindStops(), at=50.0 + HOUR)
    assert again == [StopsDisabled(IP, (RISK,), 50.0, 50.0 + HOUR), After(HOUR, RemindStops())]
    back = turns.take(RemindStops(), at=20.0)
    assert of(StopsDisabled, back) != [], "a clock that was set back holds it up for no longer"
    assert After(HOUR, RemindStops()) in Holdings.resume(turns.state, 20.0)
    assert turns.take(AccountOpened(), at=9000.0)[0] == StopsEnabled(50.0, 9000.0)
    assert turns.take(RemindStops(), at=2 * HOUR + 50.0) == []


def test_a_trade_that_opens_meanwhile_is_named_at_once() -> None:
    turns = Turns(holdings, Holdings)
    turns.take(ConfigAdopted(LIVE))
    said = turns.take(AccountShut(IP), at=5.0)
    assert account_notice(said[0]) is None, "without a trade no stop is missed"
    opened = turns.take(OrderFilled("e", "t", *FILL), at=11.0)  # type: ignore[arg-type]
    assert of(StopsDisabled, opened) == [StopsDisabled(IP, (RISK,), 5.0, 11.0)]


def test_a_refused_exit_goes_out_at_once_when_the_key_is_taken_again() -> None:
    turns = held()
    report = holdings.CandleReport(PAIR, candle(60, low="90", high="95"), 60, since=0.0)
    (exit,) = of(ExitWanted, turns.take(report, at=120.0))
    turns.take(OrderRefused(exit.id, "t", PAIR, "ask", IP), at=121.0)
    turns.take(AccountShut(IP), at=121.0)
    again = of(ExitWanted, turns.take(AccountOpened(), at=121.5))
    assert [(one.volume, one.reason) for one in again] == [(D(2), "stop_loss")]


# --- the account's part
def looking() -> Turns:
    turns = Turns(account, Account)
    turns.take(ConfigAdopted(LIVE))
    return turns


def refused(reason: str) -> Any:
    return OrderRefused("x", "t", PAIR, "ask", reason)


def test_an_order_that_is_refused_for_the_key_proves_it_before_the_next_look() -> None:
    turns = looking()
    said = turns.take(refused(IP), at=1.0)
    assert said == [AccountShut(IP), After(HASTE_SECONDS, RetryAccount())]
    assert turns.take(refused(IP), at=2.0) == []
    assert turns.take(refused("under_min_total_ask"), at=2.0) == []


def test_a_refused_key_is_tried_every_few_seconds_until_it_is_taken() -> None:
    turns = looking()
    turns.take(AccountReport(failed=IP), at=1.0)
    said = turns.take(RetryAccount(), at=6.0)
    assert said == [FetchAccount(6.0), After(HASTE_SECONDS, RetryAccount())]
    assert After(HASTE_SECONDS, RetryAccount()) in Account.resume(turns.state, 7.0)
    assert AccountOpened() in turns.take(AccountReport(asked=6.0), at=8.0)
    assert turns.take(RetryAccount(), at=11.0) == []
