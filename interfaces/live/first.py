"""The first live start of an account: what is at stake is shown, and a phrase is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from adapters.upbit.answers import Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import DEFAULT
from adapters.upbit.hosts import rest_host
from adapters.upbit.replies import NoData, Refused
from adapters.upbit.secrets import Keys, NoKeys, load_keys
from interfaces.catalogue import say
from interfaces.errors import UserError
from interfaces.live.confirming import Caps, Stake, confirm, confirmed_by_flag
from interfaces.live.connection import Connection
from interfaces.live.rehearsal import rehearsed
from interfaces.live.starting import DOTENV, no_keys
from interfaces.settings.config_file import Loaded
from interfaces.venue.downloading import Broken
from interfaces.venue.reading import BRISK, Reading, ShutOut, client_of
from interfaces.venue.why import as_error, shut_out, why

NO_CAP = Decimal(10**12)


def confirm_first(loaded: Loaded, files: Sequence[Path], by_flag: bool, words: str) -> None:
    """Before a live state directory is born. Raises UserError where it is not agreed.

    ``files``: recordings to show the backtest on; without any, candles are fetched.
    """
    keys = load_keys(dict(os.environ), DOTENV)  # a copy: the child needs them too
    if isinstance(keys, NoKeys):
        raise no_keys(keys, words)
    stake = _stake(loaded, keys, files, words)
    if by_flag:
        confirmed_by_flag(stake, words, print)
    elif not confirm(stake, words, print, _typed):
        raise UserError(say("live_wrong", words), "--confirm-live", "", say("live_flag", words))


def _stake(loaded: Loaded, keys: Keys, files: Sequence[Path], words: str) -> Stake:
    config = loaded.config
    own, host = config.exchange, rest_host(config.exchange.rest_url).name
    client, reading = client_of(own, keys), Reading(own, BRISK)
    try:
        value = reading.ask(DEFAULT, client.accounts).value
        if isinstance(value, NoData | Refused | Failure):
            raise as_error(why(value, host), words)
        print(say("live_rehearses", words), flush=True)
        backtest = _rehearsed(loaded, keys, client, files, words)
        reading.rest()
    except ShutOut as ban:
        raise as_error(shut_out(ban, host), words) from None
    finally:
        client.close()
    caps = Caps(own.max_order_krw or NO_CAP, own.max_daily_krw or NO_CAP, config.capital)
    return Stake(host, value, caps, config.fee_rate, backtest)


def _rehearsed(
    loaded: Loaded, keys: Keys, client: Client, files: Sequence[Path], words: str
) -> str:
    """The backtest, or why there is none. Raises UserError, ShutOut."""
    exchange = loaded.config.exchange
    try:
        now = Connection(exchange, keys).clock.now()
        return rehearsed(loaded, client, now, files, words)
    except Broken as broken:
        reason = why(broken.trouble, rest_host(exchange.rest_url).name)
        return say("live_no_backtest", words, text=as_error(reason, words).what)


def _typed(question: str) -> str | None:
    """What a person typed; None when nobody is at a terminal."""
    if not sys.stdin.isatty():
        return None
    try:
        return input(question)
    except EOFError:
        return None
