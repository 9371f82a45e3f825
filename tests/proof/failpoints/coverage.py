"""Which points there are: computed from the cast, so that a new message is a new point to hit."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import get_args

from actors.account import Account
from actors.actor_sets import REPLAY_ACTORS
from actors.market.market_status import MarketStatusOwner
from actors.runtime.owner import Owner
from actors.runtime.system import BaseActor
from actors.snapshots import Snapshots
from messages.base import Event
from tests.proof.failpoints.harness import WATCHED

ELSEWHERE = {  # what no short recording on a stepped runtime can bring about
    **dict.fromkeys(
        ("FetchCandles", "FetchTicker", "FeedReport", "FeedTaken", "StandingReport"),
        "said by or to the edge that hears Upbit's own prices, and a recording has none of them",
    ),
    **dict.fromkeys(("PricesReport", "PricesRefused"), "as well"),
    "PairReminded": "said again after a day",
    "TradeEmptied": "an exit given up as absent has sold all of an entry that fills on",
    "OrderForgotten": "a tombstone is watched for hours",
    "TrimJournal": "a journal is kept for days",
    "InvariantBroken": "a violation",
    "SkipNotice": "the notifier has failed twice at one event",
}
ALARMS = (
    *("CheckAccount", "CheckBooks", "CheckKey", "CheckMarkets", "CheckOrders", "CheckPast"),
    *("CheckSnapshot", "CheckTerms", "CheckWallets", "ExpireBook", "FetchPast", "MeasureSpace"),
    *("ProbeVenue", "Refill", "RemindStops", "RetryAccount", "RetryExit"),
    *("SummaryDue", "TakeCandle", "WarnUnresolved"),
)
BIRTHS = ("birth/rename-data.mdb", "birth/rename-birth.json")


def named() -> set[str]:
    """Every point that the scenes have to hit."""
    return {*_of_store(), *_of_mail(), *(f"alarm/{name}" for name in ALARMS)}


def _of_store() -> Iterator[str]:
    places = ("archive", *(f"commit/{actor.name}" for actor in WATCHED if actor.durable))
    yield from (f"{place}/{when}" for place in places for when in ("before", "after"))


def _of_mail() -> Iterator[str]:
    stated = _stated()
    for actor in WATCHED:
        for kind in actor.accepts:
            foreign = issubclass(kind, Event) and kind not in stated
            if kind.__name__ not in ELSEWHERE and not foreign:
                yield f"receive/{actor.name}/{kind.__name__}"
                yield f"{'deliver' if issubclass(kind, Event) else 'send'}/{kind.__name__}"


def _stated() -> set[type]:
    """The events that somebody of the cast states."""
    owners: tuple[type[BaseActor], ...] = (Account, Snapshots, MarketStatusOwner, *REPLAY_ACTORS)
    found: set[type] = set()
    for actor in owners:
        module = import_module(actor.__module__)
        if issubclass(actor, Owner) and actor.durable:
            found |= set(get_args(module.Change) or (module.Change,))
    return found
