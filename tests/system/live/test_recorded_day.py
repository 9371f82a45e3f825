"""A whole recorded day, live against a sandbox: each fault in turn, all at once, then none.

At its end journal, ``verify`` and the sandbox's books agree to the last won and satoshi, and
nothing is UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import msgspec
import requests

from adapters.recording import read, within
from core.market.candles import CandleSeries
from core.market.synthetic import synthetic_market
from sandbox.faults import Fault
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import START, Bot, check_agree, settled
from tests.support.recorded import SEPTEMBER

SPEED = 600.0  # the market's seconds in a real one
DAY, HISTORY = 86400.0, 400
EACH, CALM = 1800.0, 3600.0  # the market's seconds between two faults, and at the end
DEPOSIT = Decimal(7777)
ORDERS, LOOKS = "POST /v1/orders", "GET /v1/order"
BY_HAND = {"market": "KRW-ETH", "side": "bid", "ord_type": "price", "price": "6000"}
IN_TURN: Sequence[Fault] = (
    *(Fault(kind, ORDERS) for kind in ("lost_before", "lost_after", "reset_before")),  # type: ignore[arg-type]
    *(Fault(kind, ORDERS) for kind in ("reset_after", "error_before", "error_after")),  # type: ignore[arg-type]
    *(Fault(kind, ORDERS) for kind in ("malformed", "truncated")),  # type: ignore[arg-type]
    Fault("late", ORDERS, seconds=1.5),  # after the client has given up
    Fault("slow", ORDERS, seconds=0.2),
    Fault("lag", LOOKS, times=6, seconds=600.0),
    Fault("error_after", "* /v1/*", times=6, chance=0.3),
    Fault("maintenance", times=8),
    Fault("skew", times=30, seconds=7200.0),
    Fault("deposit", body={"currency": "KRW", "amount": str(DEPOSIT)}),
    Fault("order", body=BY_HAND),
    Fault("dropped", "WS *", times=40, chance=0.2),
    Fault("doubled", "WS *", times=40, chance=0.2),
    Fault("delayed", "WS *", times=40, chance=0.2, seconds=0.05),
    Fault("reordered", "WS *", times=40, chance=0.2),
    Fault("closed", "WS *", times=2),
)
FROM_OUTSIDE = ("deposit", "order")
DAYS_ORDERS = {
    "JANGBU__EXCHANGE__MAX_ORDERS_PER_MINUTE": "600",
    "JANGBU__BREAKER__PAUSE_SECONDS": "60",
    "JANGBU__GATEWAY__OPEN_SECONDS": "30",
}


class Course:
    """What befalls the day: a fault after the other, all of them together, and a calm end.

    Each is waited for until it was met, so on a slow machine the day is followed by another.
    """

    def __init__(self, url: str) -> None:
        self._at, self._clock = f"{url}/sandbox/faults", f"{url}/sandbox/clock"
        together = [fault for fault in IN_TURN if fault.kind not in FROM_OUTSIDE]
        self._plan: list[list[Fault]] | None = [*([fault] for fault in IN_TURN), together]
        self._begin = self._since = self._now()

    def over(self, _lines: list[str]) -> bool:
        """Do what is due; whether the day is over, and was calm at its end."""
        now = self._now()
        if self._plan is None:
            return now - self._begin >= DAY and now - self._since >= CALM
        if now - self._since >= EACH and self._met():
            self._since = now
            requests.delete(self._at, timeout=30)
            if self._plan:
                faults = self._plan.pop(0)
                requests.post(self._at, data=msgspec.json.encode(faults), timeout=30)
            else:
                self._plan = None
        return False

    def _met(self) -> bool:
        """Whether what was asked for has happened; of all together, most."""
        counts = requests.get(self._at, timeout=30).json()
        met = sum(count["committed"] > 0 for count in counts)
        return met >= (len(counts) + 1) // 2

    def _now(self) -> float:
        return float(requests.get(self._clock, timeout=30).json()["now"])


def a_day() -> tuple[CandleSeries, ...]:
    """Recorded, with what came before; made up where there are no recordings."""
    if SEPTEMBER:
        return tuple(within(read(SEPTEMBER), "20250910-20250920", HISTORY))
    return tuple(synthetic_market(seed=3, days=9))


def test_a_recorded_day_of_faults_ends_with_equal_books(tmp_path: Path) -> None:
    market = a_day()
    venue = Sandbox(SandboxConfig(market, tmp_path / "venue", SPEED, history=HISTORY, sync=False))
    url = venue.start()
    bot = Bot(url, tmp_path, **DAYS_ORDERS)
    bot.start()
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    course = Course(url)
    bot.read_until(course.over)
    bot.end()
    settled(bot)
    assert check_agree(url, bot, START + DEPOSIT) >= len(IN_TURN) // 2
    assert bot.said("verify") == []
    venue.stop()
