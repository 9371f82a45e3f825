"""A look at Upbit and at the keys before a bot begins there."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import TypeVar

from actors.orders.breaker import BreakerState, longest_ban
from actors.runtime.clocks import Clock
from adapters.upbit.secrets import Keys, NoKeys
from app.preflight.finding import softened, troubles
from app.preflight.preflight import check_venue
from app.processes.launch_options import WAITS
from app.venue.why import OF_ITSELF, Unreachable, Why, as_error, error_of
from core.waits import left
from i18n import say
from i18n.errors import UserError
from messages.config import Config
from persistence.reader import Reader

T = TypeVar("T")
OF_A_PAIR = frozenset({"market_halted"})
OF_THE_CLOCK = frozenset({"clock_ahead", "clock_behind"})
UNLISTED = frozenset({"market_unknown", "market_near"})
FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0  # seconds before Upbit is tried again
SIGN_SECONDS = 20.0  # a ban may last longer than a service manager waits for a sign of life


def _breaker(state: Path) -> BreakerState:
    with Reader.open(state) as reader:
        kept = reader.load("breaker", BreakerState)
    return kept.state if kept else BreakerState()


def paces_of(state: Path) -> dict[str, int]:
    """Calls a second by group, where a former life was told that its own were too many."""
    return {group: pace.per_second for group, pace in _breaker(state).paces.items()}


def respect_ban(state: Path, clock: Clock, language: str) -> None:
    """Raises Unreachable while a ban that a former life has met still holds: not one request."""
    known = _breaker(state)
    rest = left(known.banned_until, clock.now(), longest_ban(known))
    if rest:
        until = time.time() + clock.real(rest)
        facts = {"host": "Upbit", "until": str(until)}
        raise error_of("banned", as_error(Why("banned", facts), language), facts)


def preflight(
    config: Config,
    keys: Keys | NoKeys | None,
    clock: Clock,
    language: str,
    trades: bool = False,
    watches: bool = False,
) -> list[str]:
    """What is worth a warning, as lines. ``trades``: it has traded before; ``watches``: it holds.

    Raises UserError where the bot must not begin, Unreachable where nothing can be known now.
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
        about = say(f"about_{finding.about}", language)
        error = UserError(finding.text(language), about, "", finding.todo(language))
        raise error_of(finding.key, error, finding.facts)
    warnings = [finding for finding in found if finding.level == "warning"]
    return [f"{finding.text(language)} {finding.todo(language)}" for finding in warnings]


def retried(
    begin: Callable[[], T], parent: FileIO, language: str, put_line: Callable[[str], None]
) -> T:
    """What ``begin`` gives, as often as it takes: trades may be open, and nobody may be there.

    An outage at a start must not keep a bot down that was trading. Ends with its parent.
    """
    wait = FIRST_WAIT
    while True:
        try:
            return begin()
        except Unreachable as error:
            rest = max(wait, error.until - time.time())
            put_line(say("live_waits", language, text=error.what, seconds=f"{rest:.0f}"))
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
