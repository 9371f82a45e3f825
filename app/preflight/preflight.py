"""Owns the whole round of checks, and what of it keeps a bot from entries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from actors.runtime.clocks import Clock
from adapters.upbit.secrets import Keys, NoKeys
from app.at_stake import at_stake
from app.config.config_file import Loaded
from app.preflight.account import AccountChecks, check_keys
from app.preflight.finding import Finding, softened
from app.preflight.place import check_config, check_disk, check_state
from app.preflight.reach import OF_THE_BLACKLIST, check_reach
from app.preflight.telegram import check_telegram
from app.state_directory import default_state
from app.venue.connection import VenueConnection
from app.venue.requests import BRISK, PacedRequester, client_of
from i18n.errors import UserError
from messages.config import Config
from persistence.identity import exists


def preflight(
    path: Path | None, state: Path | None, environ: Mapping[str, str], keys: Keys | NoKeys
) -> tuple[list[Finding], Loaded | None]:
    """Every check, in the order of a start; the configuration, where it can be used."""
    found, loaded = check_config(path, environ)
    if loaded is None:
        return found, None
    config = loaded.config
    place = state or default_state(config)
    found += [*check_state(place, config), check_disk(place, config)]
    venue = check_venue(config, keys)
    if exists(place):  # a start there warns, and bars the pair
        venue = [softened(f) if f.key in ("market_unknown", "market_near") else f for f in venue]
    if any(f.key in OF_THE_BLACKLIST for f in venue) and at_stake(place).any:
        # it starts all the same: its stops are watched
        venue = [softened(f) if f.key in OF_THE_BLACKLIST else f for f in venue]
    found += [*venue, *check_telegram(config, environ)]
    return found, loaded


def check_venue(config: Config, keys: Keys | NoKeys, clock: Clock | None = None) -> list[Finding]:
    """Upbit, then the keys. What a paper bot does without is a warning to it.

    ``clock`` is the bot's: on a sandbox of this machine that of its market.
    """
    live = not config.dry_run
    asks = live or config.feed == "upbit"
    try:
        client = client_of(config.exchange, keys if isinstance(keys, Keys) else None)
    except UserError as error:
        return [Finding("config", "trouble", "url_bad", {"text": error.what, "place": error.where})]
    reading = PacedRequester(config.exchange, BRISK)
    try:
        ours = clock or VenueConnection(config.exchange, None).clock
        reach = check_reach(client, reading, config, ours)
        own = [check_keys(keys)]
        is_there = any(finding.key == "reach_ok" for finding in reach)
        if isinstance(keys, Keys) and is_there:
            own += AccountChecks(client, reading, config, keys, ours.now()).check()
        reading.rest()
    finally:
        client.close()
    reach = reach if asks else [softened(finding) for finding in reach]
    if not live:
        own = [_unneeded(finding) for finding in own]
    return [*reach, *own]


def _unneeded(finding: Finding) -> Finding:
    """Paper needs no keys; keys that are there and wrong are worth a word."""
    if finding.key == "keys_missing":
        return Finding("keys", "ok", "keys_unneeded")
    return softened(finding)
