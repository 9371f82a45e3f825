"""The first live start of an account: what is at stake is shown, and a phrase is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

from adapters.upbit.answers import Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import DEFAULT
from adapters.upbit.hosts import rest_host
from adapters.upbit.replies import NoData, Refused
from adapters.upbit.secrets import Keys, NoKeys, load_keys
from app.config.config_file import Loaded
from app.live.start import DOTENV, no_keys
from app.venue.connection import VenueConnection
from app.venue.download import Broken
from app.venue.requests import BRISK, Banned, PacedRequester, client_of
from app.venue.why import as_error, shut_out, why
from i18n import say
from i18n.errors import UserError
from i18n.styles import OutputStyle
from interfaces.live_confirmation.confirmation import Caps, Stake, confirm, confirmed_by_flag
from interfaces.live_confirmation.rehearsal import rehearsed

NO_CAP = Decimal(10**12)


def confirm_first(loaded: Loaded, files: Sequence[Path], by_flag: bool, language: str) -> None:
    """Before a live state directory is born. Raises UserError where it is not agreed.

    ``files``: recordings to show the backtest on; without any, candles are fetched.
    """
    keys = load_keys(dict(os.environ), DOTENV)  # a copy: the child needs them too
    if isinstance(keys, NoKeys):
        raise no_keys(keys, language)
    look = OutputStyle.of(sys.stdout, language, os.environ)
    stake = _stake(loaded, keys, files, look)
    if by_flag:
        confirmed_by_flag(stake, language, lambda text: print(look.framed(text)))
    elif not confirm(stake, language, lambda text: print(look.framed(text)), partial(_typed, look)):
        raise UserError(
            say("live_wrong", language), "--confirm-live", "", say("live_flag", language)
        )


def _stake(loaded: Loaded, keys: Keys, files: Sequence[Path], look: OutputStyle) -> Stake:
    language, config = look.language, loaded.config
    own, host = config.exchange, rest_host(config.exchange.rest_url).name
    client, reading = client_of(own, keys), PacedRequester(own, BRISK)
    try:
        value = reading.ask(DEFAULT, client.accounts).value
        if isinstance(value, NoData | Refused | Failure):
            raise as_error(why(value, host), language)
        print(look.framed(say("live_rehearses", language)), flush=True)
        backtest = _rehearsed(loaded, keys, client, files, language)
        reading.rest()
    except Banned as ban:
        raise as_error(shut_out(ban, host), language) from None
    finally:
        client.close()
    caps = Caps(own.max_order_krw or NO_CAP, own.max_daily_krw or NO_CAP, config.capital)
    return Stake(host, value, caps, config.fee_rate, backtest)


def _rehearsed(
    loaded: Loaded, keys: Keys, client: Client, files: Sequence[Path], language: str
) -> str:
    """The backtest, or why there is none. Raises UserError, ShutOut."""
    exchange = loaded.config.exchange
    try:
        now = VenueConnection(exchange, keys).clock.now()
        return rehearsed(loaded, client, now, files, language)
    except Broken as broken:
        reason = why(broken.trouble, rest_host(exchange.rest_url).name)
        return say("live_no_backtest", language, text=as_error(reason, language).what)


def _typed(look: OutputStyle, question: str) -> str | None:
    """What a person typed behind a question; None when nobody is at a terminal."""
    if not sys.stdin.isatty():
        return None
    try:
        return input(f"{look.framed(question)} ")
    except EOFError:
        return None
