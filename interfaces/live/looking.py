"""A look at Upbit and at the keys before a bot begins there."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Callable, Mapping
from io import FileIO
from pathlib import Path
from typing import TypeVar

from actors.machinery.clocks import Clock
from actors.orders.breaker import BreakerState, longest_ban
from adapters.upbit.secrets import Keys, NoKeys
from core.waits import left
from interfaces.catalogue import say
from interfaces.checks.finding import softened, troubles
from interfaces.checks.round import check_venue
from interfaces.errors import UserError
from interfaces.processes.launch import WAITS
from interfaces.venue.why import OF_ITSELF, Why, as_error
from messages.config import Config
from persistence.reader import Reader

T = TypeVar("T")
OF_A_PAIR = frozenset({"market_halted"})
OF_THE_CLOCK = frozenset({"clock_ahead", "clock_behind"})
UNLISTED = frozenset({"market_unknown", "market_near"})
FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0  # seconds before Upbit is tried again
SIGN_SECONDS = 20.0  # a ban may last longer than a service manager waits for a sign of life


class OutOfReach(UserError):
    """Upbit cannot be asked now, which may end by itself; not before ``until`` (epoch seconds)."""

    until = 0.0


def error_of(key: str, error: UserError, facts: Mapping[str, str]) -> UserError:
    """The same error, as OutOfReach if what the key stands for may end by itself."""
    if key not in OF_ITSELF:
        return error
    found = OutOfReach(error.what, error.where, error.allowed, error.todo)
    found.until = float(facts.get("until", 0.0))
    return found


def respect_ban(state: Path, clock: Clock, words: str) -> None:
    """Raises OutOfReach while a ban that a former life has met still holds: not one request."""
    with Reader.open(state) as reader:
        kept = reader.load("breaker", BreakerState)
    known = kept.state if kept else BreakerState()
    rest = left(known.banned_until, clock.now(), longest_ban(known))
    if rest:
        until = time.time() + clock.real(rest)
        facts = {"host": "Upbit", "until": str(until)}
        raise error_of("banned", as_error(Why("banned", facts), words), facts)


def look(
    config: Config,
    keys: Keys | NoKeys | None,
    clock: Clock,
    words: str,
    trades: bool = False,
    watches: bool = False,
) -> list[str]:
    """What is worth a warning, as lines. ``trades``: it has traded before; ``watches``: it holds.

    Raises UserError where the bot must not begin, OutOfReach where nothing can be known now.
    What the warden bars entries for is a warning, where exits may be waiting; with a trade open
    so is everything else: its stop is watched, and what is wrong is tried again.
    """
    found = check_venue(config, keys or NoKeys("missing"), clock)
    barred = OF_A_PAIR | (OF_THE_CLOCK | UNLISTED if trades else frozenset())
    found = [
        softened(finding)
        if finding.key in barred or (watches and finding.key not in OF_ITSELF)
        else finding
        for finding in found
    ]
    for finding in troubles(found):
        about = say(f"about_{finding.about}", words)
        error = UserError(finding.text(words), about, "", finding.todo(words))
        raise error_of(finding.key, error, finding.facts)
    warnings = [finding for finding in found if finding.level == "warning"]
    return [f"{finding.text(words)} {finding.todo(words)}" for finding in warnings]


def patiently(
    begin: Callable[[], T], parent: FileIO, words: str, put_line: Callable[[str], None]
) -> T:
    """What ``begin`` gives, as often as it takes: trades may be open, and nobody may be there.

    An outage at a start must not keep a bot down that was trading. Ends with its parent.
    """
    wait = FIRST_WAIT
    while True:
        try:
            return begin()
        except OutOfReach as error:
            rest = max(wait, error.until - time.time())
            put_line(say("live_waits", words, text=error.what, seconds=f"{rest:.0f}"))
        _wait(parent, rest, put_line)
        wait = min(wait * 2, LONGEST_WAIT)


def _wait(parent: FileIO, seconds: float, put_line: Callable[[str], None]) -> None:
    """So long, with a sign now and then that this is a wait; less when the parent says a word."""
    while seconds > 0:
        readable, _, _ = select.select([parent], [], [], min(seconds, SIGN_SECONDS))
        if readable and not parent.read(4096):
            sys.exit(0)
        seconds = 0 if readable else seconds - SIGN_SECONDS
        if seconds > 0:
            put_line(WAITS)
