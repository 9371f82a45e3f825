"""What hunts a planted bug at one seed: harsh worlds, the lost power, the plain loop."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from core.market.candles import part
from core.market.made_up import made_up_market
from simulation.live.run import simulate as simulate_live
from simulation.tight import TIGHT
from tests.adapters.upbit.account_contract import looked_at
from tests.simulation import simulate
from tests.test_reference import expected, rows
from tests.tightness import TIGHTEST

LIVE_HOURS = 4.0
logging.getLogger("pykka").setLevel(logging.CRITICAL)  # an actor that fails is what we are after


def paper(seed: int) -> None:
    """Every fault, every crash, on paper."""
    simulate(seed)


def live(seed: int) -> None:
    """The same with money at stake."""
    simulate_live(seed, LIVE_HOURS)


def strays(seed: int) -> None:
    """The same, where nothing goes wrong but that orders come long after they were given up."""
    simulate_live(seed, LIVE_HOURS, strays=True)


def powerless(seed: int) -> None:
    """A run that lost power trades as one that did not."""
    broken = simulate(seed, crash=0.03, fault=0.0)
    assert broken.rows == simulate(seed, crash=0.0, fault=0.0).rows, "other trades after a crash"


def plain(seed: int) -> None:
    """The trades are those of a plain loop of the same rules."""
    config = TIGHTEST if seed % 2 else TIGHT
    tapes = [part(tape, 0, 700) for tape in made_up_market(seed % 7, days=1)]
    tapes = sorted(tapes, key=lambda tape: tape.pair)
    with tempfile.TemporaryDirectory() as folder:
        found = rows(tapes, config, Path(folder) / "state")
    assert found == expected(tapes, config), "other trades than the plain loop's"


def fetched(seed: int) -> None:
    """A look at the account tells what the venue's answers say, as of when they were asked for."""
    looked_at(seed)


CHECKS = {c.__name__: c for c in (plain, powerless, paper, live, strays, fetched)}
