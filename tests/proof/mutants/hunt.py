"""What hunts a planted bug at one seed: harsh worlds, the lost power, the plain loop."""

from __future__ import annotations

import logging
import tempfile
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from core.market.candles import part
from core.market.synthetic import synthetic_market
from core.performance.costs import Method
from messages.base import Event
from messages.orders import OrderClosed
from messages.trading import DustKept, PairLocked, TradeClosed, TradeReduced
from projections.cost_basis import CostBasis
from simulation.live.run import simulate as simulate_live
from simulation.tight import TIGHT
from tests.support.account_contract import looked_at
from tests.support.dense_config import TIGHTEST
from tests.support.simulation import simulate
from tests.tools.golden_journals import SCENES, falling, journaled
from tests.unit.app.test_reference import expected, rows

LIVE_HOURS = 4.0
ZERO = Decimal(0)
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


def outside(seed: int) -> None:
    """The same, where rows are odd and a pair vanishes, and nothing else goes wrong."""
    simulate_live(seed, LIVE_HOURS, outside=True)


def powerless(seed: int) -> None:
    """A run that lost power trades as one that did not."""
    broken = simulate(seed, crash=0.03, fault=0.0)
    assert broken.rows == simulate(seed, crash=0.0, fault=0.0).rows, "other trades after a crash"


def plain(seed: int) -> None:
    """The trades are those of a plain loop of the same rules."""
    config = TIGHTEST if seed % 2 else TIGHT
    candle_series = [part(series, 0, 700) for series in synthetic_market(seed % 7, days=1)]
    candle_series = sorted(candle_series, key=lambda series: series.pair)
    with tempfile.TemporaryDirectory() as folder:
        found = rows(candle_series, config, Path(folder) / "state")
    assert found == expected(candle_series, config), "other trades than the plain loop's"


def fallen(seed: int, method: Method) -> tuple[list[Event], CostBasis]:
    """What a bot states on a market where positions become dust, and its pools for taxes."""
    pools = CostBasis(method)
    with tempfile.TemporaryDirectory() as folder:
        letters = journaled(Path(folder), falling(), SCENES["-dust"])
    pools.take(letters)
    return [letter.body for letter in letters], pools


def limited(seed: int) -> None:
    """A loss at the limit of its day locks every pair, whatever it is a loss of."""
    events, _ = fallen(seed, "fifo")
    day = ZERO
    for event, following in pairwise(events):
        if isinstance(following, TradeReduced | TradeClosed | DustKept):
            day += following.row.profit_abs
            limit = -(SCENES["-dust"].config.max_daily_loss_krw or ZERO)
            if day <= limit:
                assert isinstance(event, PairLocked), "no lock before the row that reached it"
                return
    raise AssertionError("no loss reached the limit")


def taxed(seed: int) -> None:
    """What coins had cost is what was paid for them, sold or held, whatever was booked since."""
    for method in ("moving_average", "fifo"):
        events, pools = fallen(seed, method)
        assert any(isinstance(event, DustKept) for event in events)
        bids = {e.id: e for e in events if isinstance(e, OrderClosed) and e.side == "bid"}
        paid = sum((e.funds + e.fee for e in bids.values()), ZERO)
        held = sum((lot.cost + lot.fee for pool in pools.pools.values() for lot in pool), ZERO)
        assert paid == held + sum(s.cost + s.buy_fee for s in pools.sales), "a won of cost is lost"


def fetched(seed: int) -> None:
    """A look at the account tells what the venue's answers say, as of when they were asked for."""
    looked_at(seed)


CHECKS = {
    check.__name__: check
    for check in (plain, powerless, paper, live, strays, limited, taxed, outside, fetched)
}
