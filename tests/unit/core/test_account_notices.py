"""What is said about the account: every key with exactly the facts that belong to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.notices.account import OfAccount, account_notice
from messages.account import (
    AccountReconciled,
    CoinsMovedOut,
    CoinsReturned,
    DisputeSettled,
    ExitUnresolved,
    TradeReleased,
    TradeResumed,
    TradeSuspended,
)
from messages.budget import BudgetAdjusted
from messages.notices import NOTICES

D = Decimal


@pytest.mark.parametrize(
    ("event", "level", "key"),
    [
        (AccountReconciled(), "info", "account_reconciled"),
        (TradeSuspended("t", "KRW-A", D(1), 1.0, 2.0), "critical", "coins_left"),
        (TradeResumed("t", "KRW-A"), "info", "coins_back"),
        (CoinsMovedOut("KRW-A", D(1), D(9), D(1), D(9)), "warning", "coins_moved_out"),
        (CoinsReturned("KRW-A", D(1), D(9)), "critical", "coins_returned"),
        (DisputeSettled("i", "KRW-A"), "warning", "dispute_settled"),
        (ExitUnresolved("i", "KRW-A", 30), "critical", "exit_unresolved"),
        (TradeReleased("t", "KRW-A", D(1)), "info", "trade_released"),
        (BudgetAdjusted(D(-1), "account"), "warning", "cash_left"),
        (BudgetAdjusted(D(1), "account"), "warning", "cash_adjusted"),
    ],
)
def test_each_event_has_its_notice(event: OfAccount, level: str, key: str) -> None:
    notice = account_notice(event)
    assert notice is not None
    assert notice[:2] == (level, key)
    assert set(notice[2]) == set(NOTICES[key])


def test_the_owner_is_asked_only_when_it_is_due() -> None:
    assert account_notice(TradeSuspended("t", "KRW-A", D(1), 1.0, 2.0, asks=False)) is None
