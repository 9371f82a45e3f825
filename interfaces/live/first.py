"""The first live start of an account: what is at stake is shown, and a phrase is asked for."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

from adapters.upbit.answers import Failure
from adapters.upbit.groups import DEFAULT
from adapters.upbit.hosts import rest_host
from adapters.upbit.replies import NoData, Refused
from adapters.upbit.secrets import Keys, NoKeys, load_keys
from interfaces.catalogue import say
from interfaces.confirming import Caps, Stake, confirm, confirmed_by_flag
from interfaces.errors import UserError
from interfaces.live.bot import DOTENV, no_keys
from interfaces.venue.reading import BRISK, Reading, client_of
from interfaces.venue.why import as_error, why
from messages.config import Config
from persistence.store import exists

NO_CAP = Decimal(10**12)


def confirm_first(config: Config, state: Path, by_flag: bool, words: str) -> None:
    """Nothing to do once the state directory is there. Raises UserError where it is not agreed."""
    if config.dry_run or exists(state):
        return
    keys = load_keys(dict(os.environ), DOTENV)  # a copy: the child needs them too
    if isinstance(keys, NoKeys):
        raise no_keys(keys, words)
    stake = _stake(config, keys, words)
    if by_flag:
        confirmed_by_flag(stake, words, print)
    elif not confirm(stake, words, print, _typed):
        raise UserError(say("live_wrong", words), "--confirm-live", "", say("live_flag", words))


def _stake(config: Config, keys: Keys, words: str) -> Stake:
    client = client_of(config.exchange, keys)
    host = rest_host(config.exchange.rest_url).name
    try:
        value = Reading(config.exchange, BRISK).ask(DEFAULT, client.accounts).value
    finally:
        client.close()
    if isinstance(value, NoData | Refused | Failure):
        raise as_error(why(value, host), words)
    own = config.exchange
    caps = Caps(own.max_order_krw or NO_CAP, own.max_daily_krw or NO_CAP, config.capital)
    return Stake(host, value, caps, config.fee_rate, say("live_no_backtest", words))


def _typed(question: str) -> str | None:
    """What a person typed; None when nobody is at a terminal."""
    if not sys.stdin.isatty():
        return None
    try:
        return input(question)
    except EOFError:
        return None
