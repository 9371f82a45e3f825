"""A snapshot of the account in a ledger whose bot does not run: one turn of its owner."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import reduce

from actors.snapshots import Change, Snapshots, SnapshotsState, by_hand, decide, evolve
from adapters.upbit.fetches.account import Came
from messages.base import After, Envelope, ReplayPosition
from messages.venue_queries import Fetch, FetchSnapshot, SnapshotReport
from persistence.store import Record, Store


def asked(fetch: Callable[[Fetch], Came], id: str) -> SnapshotReport:
    """What the venue shows of the account, its tries waited for."""
    call: Fetch | None = FetchSnapshot(by_hand(id))
    while call is not None:
        came, call = fetch(call), None
        for said in came:
            if isinstance(said, SnapshotReport):
                return said
            if isinstance(said, After):
                threading.Event().wait(said.seconds)
                said = said.message
            if isinstance(said, FetchSnapshot):
                call = said
    raise AssertionError("a step that leads nowhere")


def record(store: Store, report: SnapshotReport) -> None:
    """The turn as the owner's shell takes it, at the moment at which the account was asked for."""
    kept = store.kept(Snapshots.name, report.id)
    before = store.load(Snapshots.name, SnapshotsState) or Record(SnapshotsState())
    events = [m for m in decide(before.state, report, report.asked, kept) if isinstance(m, Change)]
    last = store.last()
    at, mark = max(report.asked, last.at if last else 0.0), last.mark if last else ReplayPosition()
    envelopes = [
        Envelope(event, at, Snapshots.name, report.id, 0, 0, mark, None if i else report)
        for i, event in enumerate(events)
    ]
    state = reduce(evolve, events, before.state)
    index = {key: event for event in events if (key := Snapshots.keeps(event))}
    store.commit(Snapshots.name, Record(state, before.cursors), envelopes, index)
