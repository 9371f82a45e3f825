"""Year-end snapshots: once a year at 00:00 KST, however often the bot starts, dies or waits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal as D
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import structs

from actors import snapshots
from actors.orders.breaker import Breaker
from actors.orders.fetcher import Fetcher
from actors.orders.limiter import Limiter
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import System
from actors.snapshots import GRACE, NAME, NEAR, Snapshots, of_year
from adapters.upbit.answers import Answer, Failure
from adapters.upbit.client import Client
from adapters.upbit.fetches.dispatch import fetch
from adapters.upbit.fetches.request import Requester
from adapters.upbit.session import Session
from core.performance.year_end import korean_year, new_year
from core.venue.matching import Rules
from messages.base import After, Event
from messages.control import TakeSnapshot
from messages.snapshots import (
    CheckSnapshot,
    SnapshotFailed,
    SnapshotMissed,
    SnapshotPriced,
    SnapshotsBegun,
    SnapshotTaken,
)
from messages.venue_queries import FetchSnapshot, HeldCurrency, SnapshotReport
from persistence.store import Identity, Store
from sandbox.faults import Faults
from simulation.live.event_queue import EventQueue
from simulation.live.market import Market, recorded
from simulation.live.upbit import Request, Upbit
from tests.unit.actors.turns import Turns, of

NIGHT = new_year(2027)
HELD = (HeldCurrency("KRW", D(7)), HeldCurrency("BTC", D(1), D("0.5"), D(90), price=D(100)))
CAST = (Snapshots, Breaker, Limiter, Fetcher)


# --- turns
def begun(at: float = NIGHT - 86400.0) -> Turns:
    """A first life from this moment on."""
    turns = Turns(snapshots, Snapshots)
    for event in Snapshots.resume(turns.state, at):
        if isinstance(event, Event):
            turns.state = Snapshots.evolve(turns.state, event)
    return turns


def report(at: float, year: int = 2027, **more: Any) -> SnapshotReport:
    facts: dict[str, Any] = {"asked": at, "held": HELD, **more}
    return SnapshotReport(of_year(year), **facts)


def test_the_korean_year_begins_nine_hours_before_that_of_greenwich() -> None:
    assert NIGHT == 1798729200.0
    assert (korean_year(NIGHT - 0.01), korean_year(NIGHT)) == (2026, 2027)


def test_the_account_is_asked_for_in_the_first_second_of_the_year_and_not_before() -> None:
    turns = begun()
    assert turns.take(CheckSnapshot(), NIGHT - 90.0) == [After(60.0, CheckSnapshot())]
    assert turns.take(CheckSnapshot(), NIGHT - 30.0) == [After(31.0, CheckSnapshot())]
    assert turns.take(CheckSnapshot(), NIGHT) == [After(1.0, CheckSnapshot())]
    assert FetchSnapshot(of_year(2027)) in turns.take(CheckSnapshot(), NIGHT + 1.0)


def test_a_snapshot_is_taken_once_whoever_asks_again() -> None:
    turns = begun()
    said = turns.take(report(NIGHT + 2.0), NIGHT + 3.0)
    assert said == [SnapshotTaken(of_year(2027), 2027, NIGHT, NIGHT + 2.0, 2.0, HELD)]
    assert turns.take(report(NIGHT + 4.0), NIGHT + 5.0) == []
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), NIGHT + 60.0)) == []
    assert turns.state.years == (2027,)
    following = report(new_year(2028) + 1.0, 2028)
    assert [taken.previous for taken in of(SnapshotTaken, turns.take(following))] == [of_year(2027)]


def test_a_clock_that_the_venue_proves_wrong_begins_no_year() -> None:
    turns = begun()
    assert turns.take(report(NIGHT + 2.0, skew=600.0)) == [], "it is 23:50 there"
    taken = of(SnapshotTaken, turns.take(report(NIGHT + 2.0, skew=-600.0)))
    assert [one.late for one in taken] == [602.0], "it is 00:10 there"
    ahead = begun()
    assert ahead.take(report(new_year(2028) + 5.0, 2028, skew=366 * 86400.0)) == []
    assert of(SnapshotTaken, ahead.take(report(NIGHT + 2.0))) != []


def test_a_clock_set_back_takes_none_of_a_year_that_has_one() -> None:
    turns = begun()
    turns.take(report(NIGHT + 2.0))
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), NIGHT - 3600.0)) == []
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), NIGHT + 3.0)) == []


def test_an_outage_is_reported_once_and_the_lateness_recorded() -> None:
    turns = begun()
    assert turns.take(report(NIGHT + GRACE, failed="timeout", held=())) == []
    said = turns.take(report(NIGHT + GRACE + 60.0, failed="timeout", held=()))
    assert said == [SnapshotMissed(2027, NIGHT, GRACE + 60.0, lost=False, reason="timeout")]
    assert turns.take(report(NIGHT + GRACE + 120.0, failed="timeout", held=())) == []
    assert FetchSnapshot(of_year(2027)) in turns.take(CheckSnapshot(), NIGHT + 3600.0)
    taken = of(SnapshotTaken, turns.take(report(NIGHT + 3600.0)))
    assert [one.late for one in taken] == [3600.0]


def test_one_that_was_slept_over_for_too_long_is_lost_and_says_so_once() -> None:
    turns = begun()
    at = NIGHT + NEAR + 1.0
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), at)) != []
    said = turns.take(report(at), at)
    assert said == [SnapshotMissed(2027, NIGHT, NEAR + 1.0, lost=True)]
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), at + 60.0)) == []


def test_a_bot_that_is_born_later_owes_none() -> None:
    turns = begun(NIGHT + NEAR + 1.0)
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), NIGHT + NEAR + 2.0)) == []


def test_prices_that_could_not_be_had_follow_and_the_amounts_stay() -> None:
    turns = begun()
    bare = tuple(structs.replace(one, price=None) for one in HELD)
    turns.take(report(NIGHT + 2.0, held=bare, unpriced="timeout"))
    asked = of(FetchSnapshot, turns.take(CheckSnapshot(), NIGHT + 60.0))
    assert [(call.step, call.found) for call in asked] == [("prices", bare)]
    richer = (HELD[0], structs.replace(HELD[1], free=D(9), price_at=NIGHT + 59.0))
    said = turns.take(report(NIGHT + 61.0, held=richer), NIGHT + 61.0)
    priced = of(SnapshotPriced, said)[0].snapshot
    assert priced.held[1] == structs.replace(HELD[1], price_at=NIGHT + 59.0)
    assert (priced.taken_at, priced.unpriced) == (NIGHT + 2.0, "")
    assert turns.kept[of_year(2027)] == said[0], "it stands in the place of the bare one"
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), NIGHT + 120.0)) == []


def test_a_row_that_cannot_be_read_is_waited_for_and_then_named() -> None:
    turns = begun()
    gap = report(NIGHT + 2.0, unread=("BTC",))
    assert turns.take(gap) == []
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), NIGHT + 60.0)) != []
    by_hand = SnapshotReport("hand c", NIGHT + 70.0, HELD, unread=("BTC",))
    (taken,) = of(SnapshotTaken, turns.take(by_hand))
    assert (taken.year, taken.unread) == (0, ("BTC",)), "that of the year may still be whole"
    late = NIGHT + GRACE + 1.0
    (taken,) = of(SnapshotTaken, turns.take(structs.replace(gap, asked=late)))
    assert (taken.year, taken.unread) == (2027, ("BTC",))
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), late + 60.0)) == []


def test_a_snapshot_is_whole_when_the_row_can_be_read_in_time() -> None:
    turns = begun()
    turns.take(report(NIGHT + 2.0, unread=("BTC",)))
    (taken,) = of(SnapshotTaken, turns.take(report(NIGHT + 62.0)))
    assert (taken.year, taken.unread, taken.late) == (2027, (), 62.0)


def test_one_by_hand_is_taken_at_any_time_and_the_same_command_once() -> None:
    turns = begun()
    at = NIGHT - 7200.0
    assert FetchSnapshot("hand c") in turns.take(TakeSnapshot("c"), at)
    taken = of(SnapshotTaken, turns.take(SnapshotReport("hand c", at, HELD), at))
    assert [(one.year, one.late) for one in taken] == [(0, 0.0)]
    assert of(FetchSnapshot, turns.take(TakeSnapshot("c"), at)) == []
    failed = SnapshotReport("hand d", at, failed="no_authorization_ip")
    assert turns.take(failed, at) == [SnapshotFailed("hand d", "no_authorization_ip")]


def test_one_by_hand_in_the_first_days_is_that_of_the_year_when_there_is_none() -> None:
    turns = begun()
    at = NIGHT + 1800.0
    taken = of(SnapshotTaken, turns.take(SnapshotReport("hand c", at, HELD), at))
    assert [(one.year, one.late) for one in taken] == [(2027, 1800.0)]
    assert of(FetchSnapshot, turns.take(CheckSnapshot(), at + 1.0)) == []


# --- whole nights, on a stepped clock
class Straight:
    """Stands where the client's session does: the sandbox's books answer in process."""

    def __init__(self, queue: EventQueue) -> None:
        market = Market(recorded(0, 1), EventQueue(float(1767571200)), None)
        balances = {"KRW": D(1000), "BTC": D("0.5"), "XRP": D(7)}
        self.upbit = Upbit(market, cast(Any, None), queue, Rules(), balances, Faults())
        self.queue, self.nonce = queue, 0
        self.down = self.dumb = False

    def call(
        self, method: str, path: str, params: Any = (), body: bytes = b"", signed: bool = True
    ) -> Answer | Failure:
        self.nonce += 1
        if self.down or (self.dumb and "ticker" in path):
            return Failure("unknown", "timeout")
        return self.upbit.answer(Request(method, path, tuple(params), body, self.nonce))


class Dying:
    """A store whose process dies before, or after, its commit number ``at``."""

    def __init__(self, store: Store, at: int, *, after: bool) -> None:
        self._store, self._left, self._after = store, at, after
        self.dead = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, *arguments: Any) -> Any:
        self._left -= 1
        self.dead = self._left == 0
        if not self.dead or self._after:
            done = self._store.commit(*arguments)
        if self.dead:
            raise SystemError("the power goes")
        return done


class Night:
    """One ledger through a New Year's night, in as many lives as it takes."""

    def __init__(self, folder: Path, at: float) -> None:
        self.store = Store.create(folder / "live", Identity("b", "live", "upbit", "a"))
        self.queue = EventQueue(at)
        self.session = Straight(self.queue)
        self.time = at

    def live(self, until: float, dying: Dying | None = None) -> None:
        """One life, to this moment or to its death."""
        runtime = DeterministicRuntime(self.time, seed=7)
        reading = Requester(Client(cast(Session, self.session)), runtime.now)
        tools = {"archive": lambda call: fetch(reading, call)}
        system = System(runtime, cast(Store, dying or self.store), CAST, tools)
        system.start()
        while runtime.time < until and runtime.step():
            self.queue.now = runtime.time
            if dying and dying.dead:
                dying.dead = False
                break
        self.time = runtime.time

    def said(self) -> list[Any]:
        return [envelope.body for envelope in self.store.events()]

    def taken(self) -> list[SnapshotTaken]:
        return of(SnapshotTaken, self.said())


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    made = Night(tmp_path, NIGHT - 600.0)
    yield made
    made.store.close()


def test_at_midnight_every_currency_is_journaled_with_amount_and_price(night: Night) -> None:
    night.live(NIGHT + 600.0)
    (taken,) = night.taken()
    assert (taken.year, taken.due, taken.previous) == (2027, NIGHT, "")
    assert 1.0 <= taken.late <= 3.0
    held = {one.currency: one for one in taken.held}
    assert {name: one.amount for name, one in held.items()} == {
        "KRW": D(1000),
        "BTC": D("0.5"),
        "XRP": D(7),
    }
    assert held["KRW"].price is None
    listed = night.session.upbit.market.pairs
    assert [name for name, one in held.items() if one.price is not None] == [
        name for name in held if f"KRW-{name}" in listed
    ]
    kept = night.store.kept(NAME, of_year(2027))
    assert kept == taken


def test_however_often_the_bot_starts_around_midnight_there_is_one(night: Night) -> None:
    for seconds in (-300.0, -1.0, 0.5, 1.0, 1.1, 30.0, 200.0):
        night.live(NIGHT + seconds)
    assert len(night.taken()) == 1
    assert len(of(SnapshotsBegun, night.said())) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("commit", [1, 2, 3])
def test_killed_at_any_commit_of_the_night_there_is_one(
    night: Night, commit: int, after: bool
) -> None:
    night.session.dumb = True  # the prices come late, so that there are three commits
    dying = Dying(night.store, commit, after=after)
    night.live(NIGHT + 120.0, dying)
    night.live(NIGHT + 130.0, dying)
    night.session.dumb = False
    night.live(NIGHT + 400.0, dying)
    night.live(NIGHT + 800.0)
    (taken,) = night.taken()
    assert (taken.year, taken.unpriced) == (2027, "timeout")
    assert taken.late <= 131.0
    assert len(of(SnapshotPriced, night.said())) == 1
    kept = night.store.kept(NAME, of_year(2027))
    assert isinstance(kept, SnapshotPriced)
    assert [one.amount for one in kept.snapshot.held] == [one.amount for one in taken.held]


def test_a_venue_that_is_down_at_midnight_is_asked_until_it_answers(night: Night) -> None:
    night.session.down = True
    night.live(NIGHT + 3000.0)
    assert night.taken() == []
    assert len(of(SnapshotMissed, night.said())) == 1
    night.session.down = False
    night.live(NIGHT + 3200.0)
    (taken,) = night.taken()
    assert 3000.0 <= taken.late <= 3100.0


def test_a_bot_that_was_down_over_new_year_takes_it_late(night: Night) -> None:
    night.live(NIGHT - 300.0)
    night.time = NIGHT + 2 * 86400.0
    night.live(night.time + 60.0)
    (taken,) = night.taken()
    assert (taken.year, round(taken.late / 86400.0)) == (2027, 2)
