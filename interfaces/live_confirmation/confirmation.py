"""Owns the confirmation of an account's first live start: what is shown, and what must be typed.

Lines go out, an answer comes in; who asks, and that it is asked once per account, is the
caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from msgspec import Struct

from adapters.upbit.schemas.accounts import Account
from i18n import say
from i18n.errors import UserError
from i18n.formatting import DASH, krw, pair_name, percent, price, volume
from i18n.styles import rendered
from i18n.tables import grid

PHRASE = {"en": "trade live", "ko": "실거래 시작"}
Ask = Callable[
    [str], str | None
]  # a line for the person; what was typed, None when nobody is there


class Caps(Struct, frozen=True):
    """What entries are cut to, KRW; ``capital`` is all that the bot may use."""

    order: Decimal
    day: Decimal
    capital: Decimal


class Stake(Struct, frozen=True):
    """What a first live start puts at stake. ``fee_rate`` is a share of the funds."""

    host: str
    accounts: Sequence[Account]
    caps: Caps
    fee_rate: Decimal
    backtest: str  # of this very configuration, as text


def confirm(stake: Stake, language: str, say_line: Callable[[str], None], ask: Ask) -> bool:
    """Show it, and have the phrase typed; whether it was. UserError where nobody can type."""
    say_line(picture(stake, language))
    phrase = PHRASE.get(language, PHRASE["en"])
    typed = ask(say("live_ask", language, phrase=phrase))
    if typed is None:
        todo = say("live_flag", language)
        raise UserError(say("live_nobody", language), "--confirm-live", "", todo)
    return agrees(typed)


def confirmed_by_flag(stake: Stake, language: str, say_line: Callable[[str], None]) -> None:
    """The same where ``--confirm-live`` was given: it is shown all the same."""
    say_line(picture(stake, language))
    say_line(say("live_given", language))


def agrees(typed: str) -> bool:
    """Whether this is the phrase, in either language; spaces and case do not matter."""
    return _plain(typed) in {_plain(phrase) for phrase in PHRASE.values()}


def picture(stake: Stake, language: str) -> str:
    """Everything that is at stake, as lines."""
    own = next((a for a in stake.accounts if a.currency == "KRW"), None)
    free, locked = (own.balance, own.locked) if own else (Decimal(0), Decimal(0))
    money = {"total": krw(free + locked), "free": krw(free), "locked": krw(locked)}
    caps = stake.caps
    most = {"order": krw(caps.order), "day": krw(caps.day), "capital": krw(caps.capital)}
    return "\n".join(
        [
            say("live_title", language, host=stake.host),
            say("live_krw", language, **money),
            _coins(stake.accounts, language),
            say("live_caps", language, **most),
            say("live_fee", language, rate=percent(stake.fee_rate)),
            say("live_backtest", language),
            stake.backtest,
        ]
    )


def _coins(accounts: Sequence[Account], language: str) -> str:
    """Every coin as Upbit tells it: held, free to order, in orders, its average price."""
    rows = [
        (
            pair_name(f"KRW-{coin.currency}", language),
            volume(coin.balance + coin.locked),
            volume(coin.balance),
            volume(coin.locked),
            price(coin.avg_buy_price) if coin.avg_buy_price else DASH,
        )
        for coin in accounts
        if coin.currency != "KRW" and coin.balance + coin.locked
    ]
    if not rows:
        return say("live_no_coins", language)
    columns = ("pair", "whole", "available", "locked", "venue_average")
    return rendered(grid(say("live_coins", language), columns, rows, language))


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
