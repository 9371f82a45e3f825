"""What the seeds have to see, and how it is read from a journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, get_args

from actors.actor_sets import ALL_ACTORS, MESSENGER_ACTORS
from actors.snapshots import Snapshots
from core.orders.lifecycle import OrderEvent, OrderStatus, TrackedOrder, apply, new_order
from messages.base import Envelope
from messages.orders import OrderIntended, OrderRefused
from messages.trading import ExitReason
from simulation.live.coins import COINS
from simulation.live.fault_plan import (
    ACCOUNT,
    APART,
    BOOKS,
    CALLS,
    GARBLED,
    LATER,
    LEAPS,
    MACHINE,
    STREAM,
)
from simulation.live.operator import ACTS
from simulation.live.outside import OUTSIDE

ENOUGH = 10
# Every way an order can go: stage, event, stage after. A "wish" is not intended yet.
TRANSITIONS = (
    "wish OrderIntended sending",
    "wish OrderRefused ended",
    "sending OrderAccepted open",
    "sending OrderUncertain uncertain",
    "sending OrderRefused ended",
    "sending CancelIntended sending",
    "sending OrderDisputed disputed",
    "uncertain OrderAccepted open",
    "uncertain OrderMissed uncertain",
    "uncertain OrderRepeated uncertain",
    "uncertain CancelIntended uncertain",
    "uncertain OrderAbsent absent",
    "uncertain OrderDisputed disputed",
    "uncertain OrderRefused ended",
    "uncertain OrderFilled uncertain",
    "uncertain OrderClosed ended",
    "absent OrderFound uncertain",
    "absent OrderMissed absent",
    "absent OrderForgotten ended",
    "absent OrderDisputed disputed",
    "open OrderFilled open",
    "open CancelIntended open",
    "open OrderClosed ended",
    "open OrderDisputed disputed",
    "disputed SettlementAsked disputed",
    "disputed DisputeSettled uncertain",
)
EVENTS = (  # beside those of orders: what goes wrong, or is cut, or comes back
    *("BudgetRefused", "EntryVetoed", "ExitFailed", "ForceExitNoted", "CancelWanted"),
    *("BookAsked", "BookAnswered", "CapEased"),
    *("SlotTaken", "HighRaised", "TradeIncreased", "TradeReduced", "PaperRefused"),
    *("CallFailed", "CallsRecovered", "BreakerOpened", "BreakerHalfOpened", "BreakerClosed"),
    *("StopsDisabled", "StopsEnabled"),
    *("VenueBanned", "PaceShrunk", "PaceRegrown", "ClockDiffered", "ClockAgreed"),
)
DID = ("submit", "query", "cancel", "fetch", "book")
# No messenger here, and no new year: tests/unit/actors/test_snapshots.py kills that owner.
ELSEWHERE = (*MESSENGER_ACTORS, Snapshots)
OWNERS = tuple(a.name for a in ALL_ACTORS if a.durable and a not in ELSEWHERE)
EXPECTED = (
    *(f"stage {stage}" for stage in get_args(OrderStatus)),
    *TRANSITIONS,
    *(f"fault {fault} {call}" for fault in CALLS for call in DID),
    *(f"fault {fault}" for fault in (*STREAM, *GARBLED, *MACHINE, *LEAPS, *ACCOUNT)),
    *(f"fault {fault}" for fault in (*BOOKS, *COINS, *APART, *OUTSIDE, *LATER)),
    *(f"act {act}" for act in ACTS),
    *(f"crash {when} {owner}" for owner in OWNERS for when in ("before", "after")),
    *(f"exit {reason}" for reason in get_args(ExitReason)),
    *EVENTS,
)


def of_orders(events: Iterable[Envelope]) -> tuple[Counter[str], dict[str, TrackedOrder]]:
    """Stages and transitions in a journal, and the intents that live at its end."""
    seen: Counter[str] = Counter()
    lives: dict[str, TrackedOrder] = {}
    for envelope in events:
        event: Any = envelope.body
        name = type(event).__name__
        if isinstance(event, OrderIntended):
            lives[event.order.id] = new_order(event)
            seen[f"wish {name} sending"] += 1
            seen["stage sending"] += 1
        elif isinstance(event, OrderRefused) and event.id not in lives:
            seen[f"wish {name} ended"] += 1
        elif isinstance(event, OrderEvent) and envelope.source == "gateway":
            before = lives.pop(event.id)
            after = apply(before, event)
            seen[f"{before.stage} {name} {after.stage if after else 'ended'}"] += 1
            if after:
                lives[event.id] = after
                seen[f"stage {after.stage}"] += after.stage != before.stage
    return seen, lives


def table(seen: Counter[str]) -> str:
    """All that was seen, and how often; what is wanted and missing is marked."""
    names = [*EXPECTED, *sorted(set(seen) - set(EXPECTED))]
    width = max(map(len, names))
    lines = []
    for name in names:
        short = " <-" if name in EXPECTED and seen[name] < ENOUGH else ""
        lines.append(f"{name:<{width}} {seen[name]:>8}{short}")
    return "\n".join(lines)
