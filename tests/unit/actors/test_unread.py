"""A row of the account that cannot be read: unknown, which is neither zero nor agreement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from actors import account
from actors.account import Account
from actors.entries.entry_filter import StrategistState, entry_refusal
from actors.entries.strategist import OfLock, Strategist
from messages.account import AccountSeen, CoinRead, CoinUnread, CompareCash, CompareCoins
from messages.config import Config
from messages.control import ConfigAdopted
from messages.venue_queries import AccountReport, Balance
from tests.unit.actors.fold_checks import turn
from tests.unit.actors.turns import Turns, of

D = Decimal
A, B = "KRW-A", "KRW-B"
CASH, SOME = Balance(D(50)), Balance(D(3))


def seen(*unread: str, **coins: Balance) -> AccountReport:
    named = {f"KRW-{name}": pocket for name, pocket in coins.items()}
    return AccountReport(CASH, named, asked=0.0, unread=unread)


@pytest.fixture
def turns() -> Turns:
    found = Turns(account, Account)
    found.take(ConfigAdopted(Config(dry_run=False)))
    found.take(seen(A=SOME, B=SOME))
    return found


def vetoes(said: list[Any], *pairs: str) -> list[str | None]:
    state = StrategistState(config=Config())
    for event in said:
        if isinstance(event, CoinRead | CoinUnread):
            assert isinstance(event, OfLock)
            state = turn(Strategist, state, event, 0.0, None).state
    return [entry_refusal(state, pair, 1.0) for pair in pairs]


def test_the_coin_is_not_compared_its_last_sight_stays_and_entries_in_it_wait(turns: Turns) -> None:
    said = turns.take(seen(B, A=SOME))
    assert of(CoinUnread, said) == [CoinUnread(B)]
    assert of(AccountSeen, said) == [], "what was seen of it before stays"
    assert of(CompareCoins, said)[0].busy == (B,)
    assert of(CompareCash, said) == []
    assert vetoes(said, A, B) == [None, "unread_coin"]
    assert of(CoinUnread, turns.take(seen(B, A=SOME))) == [], "told once"
    said += turns.take(seen(A=SOME, B=SOME))
    assert of(CoinRead, said) == [CoinRead(B)]
    assert vetoes(said, A, B) == [None, None]


def test_unknown_cash_is_not_compared_and_bars_every_entry(turns: Turns) -> None:
    said = turns.take(seen("KRW", A=SOME, B=SOME))
    assert of(CompareCash, said) == []
    assert of(CompareCoins, said)[0].busy == ()
    assert vetoes(said, A, B) == ["unread_cash"] * 2


def test_a_row_that_does_not_say_whose_it_is_may_be_of_any_coin(turns: Turns) -> None:
    said = turns.take(seen("*", A=SOME))
    assert of(CompareCoins, said) + of(CompareCash, said) == []
    assert of(AccountSeen, said) == []
    assert vetoes(said, A, B) == ["unread_row"] * 2
