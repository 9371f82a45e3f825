"""What is said about the account: every key with exactly the facts that belong to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.notices.account import OfAccount, told_of_account
from messages.account import (
    AccountReconciled,
    CoinsMissed,
    DisputeSettled,
    ExitUnresolved,
    TradeReleased,
)
from messages.budget import BudgetAdjusted
from messages.notices import NOTICES

D = Decimal


@pytest.mark.parametrize(
    ("event", "level", "key"),
    [
        (AccountReconciled(), "info", "account_reconciled"),
        (CoinsMissed("KRW-A", D(1), 1), "warning", "coins_missed"),
        (DisputeSettled("i", "KRW-A"), "warning", "dispute_settled"),
        (ExitUnresolved("i", "KRW-A", 30), "critical", "exit_unresolved"),
        (TradeReleased("t", "KRW-A", D(1)), "info", "trade_released"),
        (BudgetAdjusted(D(-1), "account"), "warning", "cash_adjusted"),
    ],
)
def test_each_event_has_its_notice(event: OfAccount, level: str, key: str) -> None:
    notice = told_of_account(event)
    assert notice is not None
    assert notice[:2] == (level, key)
    assert set(notice[2]) == set(NOTICES[key])


@pytest.mark.parametrize("times", [0, 2])
def test_missing_coins_are_said_once(times: int) -> None:
    assert told_of_account(CoinsMissed("KRW-A", D(1), times)) is None
