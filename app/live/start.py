"""Owns what a live start asks of the outside, and what of it may keep the bot from starting.

Before anything was traded a mistake is refused. Afterwards starting is recovery: a pair that is
listed no more is a warning. With a trade open nothing outside keeps the bot down: it starts,
watches the stops, says what is wrong, and its warden and its account go on asking. Only a ban is
waited for: until it is over not one request may leave.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from adapters.upbit.late_keys import LateKeySigner
from adapters.upbit.secrets import ACCESS, SECRET, Keys, NoKeys, load_keys
from app.at_stake import AtStake
from app.live.preflight import paces_of, preflight, respect_ban
from app.venue.connection import VenueConnection
from app.venue.pair_selection import pairs_of, selected
from app.venue.why import Unreachable
from core.market.pairs import expanded
from i18n import say
from i18n.errors import UserError
from messages.config import Config
from persistence.identity import exists, read_mark

DOTENV = Path(".env")
Begun = tuple[list[str], tuple[str, ...]]  # what is worth a warning, as lines; the pairs


class Start:
    """One start of a state directory. Raises UserError for keys without which it may not begin."""

    def __init__(self, config: Config, state: Path, stake: AtStake, language: str) -> None:
        self._config, self._state, self._words = config, state, language
        self._stake, self.traded = stake, exists(state)
        self._keys = None if config.dry_run else load_keys(os.environ, DOTENV)
        if isinstance(self._keys, NoKeys) and not stake.any:
            raise no_keys(self._keys, language)
        keys = self._keys if isinstance(self._keys, Keys) else None
        awaited = None if config.dry_run or keys else LateKeySigner(_later)
        self.connection = VenueConnection(config.exchange, keys, awaited)

    @property
    def account(self) -> str:
        """Whose money it is; without keys it is what the state directory says."""
        if isinstance(self._keys, Keys):
            return account_of(self._keys)
        return "" if self._keys is None else read_mark(self._state).account

    def begin(self) -> Begun:
        """Once through all of it. Raises UserError, and Unreachable where waiting helps."""
        connection = self.connection
        connection.ask_time()
        if self.traded:
            respect_ban(self._state, connection.clock, self._words)
        try:
            return self._asked()
        except Unreachable as error:
            if not self._stake.any or error.until or not connection.timed:
                raise
            return self._kept(error)

    def _asked(self) -> Begun:
        connection, words, config = self.connection, self._words, self._config
        now = connection.clock.now
        told = preflight(
            config, self._keys, connection.clock, words, self.traded, watches=self._stake.any
        )
        if not self.traded:
            return told, pairs_of(config, connection.rest, now(), words)
        found = selected(config, connection.rest, now(), words, paces_of(self._state))
        barred = [say("market_barred", words, text=line) for line in found.warnings if found.pairs]
        told = [line for line in told if not any(w in line for w in found.warnings)]
        return [*told, *(barred or found.warnings)], found.pairs

    def _kept(self, error: UserError) -> Begun:
        """Upbit cannot be asked: the pairs are those of before, and everything is asked again."""
        named = self._config.pair_whitelist
        known = self._stake.pairs
        pairs = tuple(expanded(named, known)) if isinstance(named, tuple) else known
        words = self._words
        lines = [say("market_kept", words, text=error.what), say("live_watches", words)]
        return lines, pairs


def _later() -> Keys | NoKeys:
    """The keys that somebody has given since; another start's environment is not ours."""
    return load_keys(dict(os.environ), DOTENV)


def keys_of(language: str) -> Keys:
    """The account's keys, taken out of the environment. Raises UserError."""
    keys = load_keys(os.environ, DOTENV)
    if isinstance(keys, NoKeys):
        raise no_keys(keys, language)
    return keys


def no_keys(found: NoKeys, language: str) -> UserError:
    """Why there are no keys to work with, and what to do."""
    facts = {"name": found.name, "place": found.place or "", "access": ACCESS, "secret": SECRET}
    key = f"check_keys_{found.problem}"
    return UserError(
        say(key, language, **facts), found.place or "", "", say(f"{key}_todo", language, **facts)
    )


def account_of(keys: Keys) -> str:
    """How a state directory remembers the account it is of: nothing of the key can be read off."""
    return hashlib.sha256(keys.access.reveal().encode()).hexdigest()[:16]
