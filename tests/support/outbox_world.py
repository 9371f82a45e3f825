"""Owns a teller of events, an outbox that hears it, and a world where letters arrive or do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from actors.message_sender import MessageSender
from actors.outbox import Outbox, OutboxState
from actors.runtime.owner import Outputs, Owner
from actors.runtime.system import System
from actors.supervisor import Supervisor
from core.notices.kinds import wanted
from core.notices.summary import heard
from messages.base import After, Event
from messages.limits import BreakerClosed, BreakerOpened
from messages.notification_config import Notify
from messages.notification_delivery import LetterReport, OpenLanes, SendLetter
from messages.orders import OrderUncertain
from messages.trading import EntryVetoed, PairLocked, SweepLocks, TradeClosed, TradeRecord
from persistence.store import Identity, Store
from tests.proof.failpoints.points import Crash, PointedRuntime, PointedStore, Points

NOON = 1_700_017_200.0  # 12:00 of a day in Korea
BIRTH = Identity("posted", "paper", "upbit", "paper")
LANE = "telegram"


def sold(pair: str, profit: int = 100) -> TradeClosed:
    """A trade that is over."""
    some = Decimal(1)
    money = (some, Decimal(2), some, some, some, some, Decimal(profit), Decimal("0.01"))
    row = TradeRecord(f"{pair}@60", pair, 60.0, 120.0, *money, "roi", some, "rsi")
    return TradeClosed(row)


class Said(Struct, frozen=True):
    """How many it has told."""

    count: int = 0


SCRIPT: tuple[Event, ...] = (
    sold("KRW-BTC"),
    EntryVetoed("KRW-BTC", 60, "cooldown", ("rsi",)),
    PairLocked("KRW-ETH", NOON + 900, "StoplossGuard"),
    OrderUncertain("i", "KRW-XRP", "bid", "timeout"),
    sold("KRW-ETH"),
    BreakerOpened(NOON + 300, 3),
    EntryVetoed("KRW-ETH", 120, "cooldown", ("rsi",)),
    BreakerClosed(),
)


class Teller(Owner[Said]):
    """Tells one event after the other, some seconds apart; any alarm will do for that."""

    name = "teller"
    accepts = (SweepLocks,)
    State = Said
    script: Sequence[Event] = SCRIPT
    seconds = 3.0

    @classmethod
    def decide(cls, state: Said, message: SweepLocks, at: float) -> Outputs:
        if state.count < len(cls.script):
            yield cls.script[state.count]
            yield After(cls.seconds, SweepLocks())

    @staticmethod
    def evolve(state: Said, event: Event) -> Said:
        return Said(state.count + 1)

    @staticmethod
    def resume(state: Said, at: float) -> Outputs:
        yield After(1.0, SweepLocks())


class World:
    """What lives on when the bot dies: its store, and what has arrived."""

    def __init__(self, folder: Path, *script: Event, seconds: float = 3.0) -> None:
        self.store = Store.create(folder / "state", BIRTH, sync=False)
        self.arrived: list[tuple[float, SendLetter]] = []
        self.tried: list[float] = []
        self.outcomes: Iterator[LetterReport] = iter(())
        self.now = NOON
        self.clock: type[PointedRuntime] = PointedRuntime
        self.teller: Any = type("Told", (Teller,), {"script": script or SCRIPT, "seconds": seconds})

    def live(self, seconds: float, at: tuple[str, int] | None = None, seed: int = 1) -> Points:
        """One life of so many seconds, or to its crash."""
        points = Points(at)
        runtime = self.clock(self.now, seed, points)
        post = self._post(points, lambda: runtime.time)
        tools: dict[str, Any] = {"messengers": {LANE: post}}
        cast = (Supervisor, self.teller, Outbox, MessageSender)
        self.system = System(runtime, PointedStore(self.store, points), cast, tools)  # type: ignore[arg-type]
        try:
            self.system.start([OpenLanes((LANE,))])
            runtime.run_until(self.now + seconds)
        except Crash:
            pass
        self.now = runtime.time
        assert points.crashed or self.system.failed is None, self.system.failed
        return points

    def _post(self, points: Points, now: Callable[[], float]) -> Callable[..., LetterReport]:
        def post(letter: SendLetter) -> LetterReport:
            points.reach("post/before")
            self.tried.append(now())
            report = next(self.outcomes, None) or LetterReport(LANE, 0, "sent")
            if report.outcome in ("sent", "unsure"):
                self.arrived.append((now(), letter))
            points.reach("post/after")
            facts = (report.outcome, report.parts, report.seconds)
            return LetterReport(LANE, letter.attempt, *facts)

        return post

    def fail(self, *outcomes: Any, **facts: Any) -> None:
        """How the next sends end."""
        self.outcomes = iter([LetterReport(LANE, 0, one, **facts) for one in outcomes])

    def due(self, notify: Notify = Notify()) -> Counter[str]:
        """What should arrive, of all that was ever told; summaries aside."""
        told = (
            heard(letter.body, letter.at)[0] for letter in self.store.events() if _theirs(letter)
        )
        return Counter(_line(one) for one in told if one and wanted(one, notify))

    def came(self) -> Counter[str]:
        """What has arrived, as often as it did."""
        notices = (notice for _, letter in self.arrived for notice in letter.notices)
        found: Counter[str] = Counter()
        for notice in notices:
            if not notice.key.startswith("summary"):
                found[_line(notice)] += notice.times
        return found

    def state(self) -> OutboxState:
        """What the outbox has written."""
        record = self.store.load("outbox", OutboxState)
        assert record
        return record.state


def _theirs(letter: Any) -> bool:
    return bool(letter.source == "teller")


def _line(notice: Any) -> str:
    return f"{notice.key} {sorted(notice.facts.items())}"
