"""Each reason that the code gives has words of its own in both languages, and names its cause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from i18n import LANGUAGES, ending_words, say

ROOT = Path(__file__).parents[2]
REASONS = (  # how a reason is named where it is given
    r'OrderRefused\([^)]*, "(\w+)"',
    r'BudgetRefused\([^)]*?, "(\w+)"',
    r'"reason": "(\w+)"',
    r'reason = "(\w+)"',
    r'return (?:order, )?"(\w+)"\n',
    r'waits="(\w+)"',
)
FILES = (
    *("actors/budget.py", "actors/orders/gateway.py", "actors/entries/entry_filter.py"),
    *(
        "actors/entries/strategist.py",
        "actors/holdings/reconciliation.py",
        "core/orders/intents.py",
    ),
    *("actors/holdings/missing.py", "core/orders/risk_limits.py", "app/composition.py"),
    "app/preview.py",
)


def given() -> set[str]:
    found = set()
    for name in FILES:
        text = (ROOT / name).read_text()
        for pattern in REASONS:
            found |= set(re.findall(pattern, text))
    return found - {"orders_disputed"}  # the key of a reply


def test_the_reasons_of_refusals_are_found_in_the_code() -> None:
    assert {"stake_too_small", "insufficient_budget", "not_followed", "coins_not_free"} <= given()
    assert {"blacklisted", "not_listed", "dust", "entry_under_way"} <= given()
    assert len(given()) > 15


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_reason_has_words_of_its_own(language: str) -> None:
    texts = LANGUAGES[language]
    assert [name for name in sorted(given()) if f"reason_{name}" not in texts] == []


def test_a_stake_that_is_too_small_is_not_told_as_a_lack_of_cash() -> None:
    facts = {"pair": "KRW-BTC", "needed": "5413", "free": "1000000"}
    told = say("entry_unfunded", "en", reason="stake_too_small", **facts)
    assert "the stake is under the least that could be sold at the stop, ₩5,413 needed" in told
    assert "cash" not in told


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("late", "it never left us (its turn came too late)"),
        ("dns", "it never left us (the host's name cannot be resolved; see to the network)"),
        ("점검 중", "it never left us 점검 중"),
    ],
)
def test_what_kept_an_order_from_leaving_is_told_in_words(text: str, language: str) -> None:
    assert ending_words(f"not_sent text={text}", "en") == language
    assert language in say("entry_refused", "en", pair="KRW-BTC", reason="not_sent", text=text)
