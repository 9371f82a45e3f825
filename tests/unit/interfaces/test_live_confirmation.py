"""The first live start: everything at stake is shown, and only the phrase starts it."""

from __future__ import annotations

import pytest

from adapters.upbit.schemas.accounts import Account
from core.money import money
from i18n.errors import UserError
from interfaces.live_confirmation.confirmation import (
    PHRASE,
    Caps,
    Stake,
    confirm,
    confirmed_by_flag,
    picture,
)

STAKE = Stake(
    host="https://api.upbit.com",
    accounts=(
        Account("KRW", money("900000"), money("100000"), money(0), True, "KRW"),
        Account("BTC", money("0.5"), money("0.25"), money("131400000"), False, "KRW"),
        Account("AIR", money("7"), money(0), money(0), True, "KRW"),
        Account("XRP", money(0), money(0), money(0), False, "KRW"),
    ),
    caps=Caps(money(50_000), money(200_000), money(200_000)),
    fee_rate=money("0.0005"),
    backtest="Profit  -₩6,432 (-0.64%)",
)


def asked(typed: str | None, language: str = "en") -> tuple[bool, list[str]]:
    """What came of an answer, and all that was said."""
    heard: list[str] = []

    def ask(line: str) -> str | None:
        heard.append(line)
        return typed

    return confirm(STAKE, language, heard.append, ask), heard


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everything_that_is_at_stake_is_shown(language: str) -> None:
    shown = picture(STAKE, language)
    for part in (
        *("https://api.upbit.com", "₩1,000,000", "₩900,000", "₩100,000", "₩50,000", "₩200,000"),
        *("0.75", "0.25", "₩131,400,000", "KRW-AIR", "0.05%", STAKE.backtest),
    ):
        assert part in shown
    assert "KRW-XRP" not in shown  # nothing is held of it


@pytest.mark.parametrize("typed", ["trade live", "실거래 시작", " Trade  LIVE ", "실거래시작"])
def test_the_phrase_starts_it(typed: str) -> None:
    done, heard = asked(typed, "ko")
    assert done
    assert PHRASE["ko"] in heard[-1]


@pytest.mark.parametrize("typed", ["", "y", "yes", "예", "trade", "trade live now"])
def test_anything_else_does_not(typed: str) -> None:
    done, heard = asked(typed)
    assert not done
    assert PHRASE["en"] in heard[-1], "who asks says what came of it, once"


def test_where_nobody_can_type_the_flag_is_named() -> None:
    with pytest.raises(UserError) as refused:
        asked(None)
    assert "--confirm-live" in refused.value.block("en")


def test_with_the_flag_it_is_shown_all_the_same() -> None:
    heard: list[str] = []
    confirmed_by_flag(STAKE, "en", heard.append)
    assert "₩1,000,000" in heard[0]
    assert "--confirm-live" in heard[1]
