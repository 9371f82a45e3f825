"""The world of one seed: its configuration, its bad line to the venue, its operator's moves.

A fault is drawn for each call that reaches the venue, until an hour before the recording's end:
then everything must end well. What is still under way on the line outlives a power loss.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from msgspec import structs

from actors.paper import Paper
from messages.base import Envelope, Message
from messages.config import Config, Exchange, Gateway, OrderTypes, UnfilledTimeout
from messages.config import Paper as PaperConfig
from messages.control import (
    CancelOpenOrder,
    ForceEnter,
    ForceExit,
    Kill,
    SettlePair,
    StartTrading,
    StopEntry,
    StopTrading,
)
from messages.orders import (
    Call,
    CallReport,
    CancelOrder,
    Dispatch,
    OrderReport,
    QueryOrder,
    SubmitOrder,
)

HURRIED = Gateway(
    quarantine_minutes=1, quarantine_answers=2, tombstone_seconds=240, tombstone_hours=1
)
COMMON = ("lost", "silent", "twice")
KINDS = (  # a world has the common faults and one of these rows
    ("late", "late", "echo", "echo"),
    ("late", "refused"),
    ("refused", "down"),
    ("throttled", "banned"),
    ("strange", "strange"),
    ("strange", "late"),
)
FAULTS = tuple(sorted({*COMMON, *(fault for kinds in KINDS for fault in kinds)}))
LATE_SECONDS = (40.0, 2400.0)  # shorter than a tombstone is watched
DOWN_SECONDS = (0.0, 0.0, 60.0, 1500.0)
MOVES_CHANCE = 0.003  # of a move of the operator, at a step


@dataclass
class World:
    """``until`` is when the faults end, ``seen`` what has happened, ``line`` calls still on it."""

    random: Random
    config: Config
    kinds: tuple[str, ...]
    chance: float
    until: float = 0.0
    down_until: float = 0.0
    moves: int = 0
    stopped: bool = False
    calmed: bool = False
    seen: Counter[str] = field(default_factory=Counter)
    line: list[tuple[float, Call]] = field(default_factory=list)

    def fault(self, call: Call, now: float) -> str:
        """What befalls this call; "" for nothing."""
        if now >= self.until:
            return ""
        fault = "down" if now < self.down_until else ""
        known = isinstance(call, QueryOrder) and call.uuid  # most calls are of this kind
        often = 1 if known else 3
        if not fault and self.random.random() < self.chance * often:
            fault = self.random.choice(self.kinds)
        if fault:
            self.seen[f"fault {fault} {did(call)}"] += 1
        return fault

    def muffled(self, now: float) -> bool:
        """Whether a refusal of the venue's own gets lost: all do, for few come."""
        return bool(self.chance) and now < self.until

    def later(self, call: Call, now: float) -> None:
        """The call stays on the line for a while."""
        self.line.append((min(now + self.random.uniform(*LATE_SECONDS), self.until), call))

    def arrived(self, now: float) -> list[Call]:
        """Calls that come off the line now."""
        found = [call for due, call in self.line if due <= now]
        self.line = [(due, call) for due, call in self.line if due > now]
        return found

    def orders(self, pairs: list[str], now: float) -> list[Message]:
        """What the operator says at this step: now and then something, and something at last."""
        if self.calmed:
            return []
        self.calmed = now >= self.until
        if self.calmed:  # the venue tells the truth from here on: now he has looked
            settled = [pair for pair in pairs if self.random.random() < 0.5]
            return [StartTrading("last"), *(SettlePair(pair, f"look {pair}") for pair in settled)]
        if self.random.random() >= MOVES_CHANCE * bool(self.chance):
            return []
        self.moves += 1
        return [self._move(self.random.choice(pairs), f"op{self.moves}")]

    def _move(self, pair: str, id: str) -> Message:
        """One thing that an operator does; he starts what he stopped."""
        if self.stopped:
            self.stopped = False
            return StartTrading(id)
        choice: Message = self.random.choice(
            [
                *(ForceEnter(pair, id=id), ForceEnter(pair, id=id), ForceExit("all", id)),
                *(ForceExit(pair, id), CancelOpenOrder(pair, id), CancelOpenOrder(pair, id)),
                *(StopEntry(id), StopTrading(id), Kill(id)),
            ]
        )
        self.stopped = isinstance(choice, StopEntry | StopTrading | Kill)
        return choice


UNCAPPED = Exchange(max_order_krw=None, max_daily_krw=None, max_orders_per_minute=None)


def world_of(seed: int, config: Config, chance: float) -> World:
    """The world that belongs to a seed: equal seeds, equal worlds."""
    random = Random(f"world {seed}")
    limit = random.random() < 0.35
    small = limit and random.random() < 0.5
    kinds = KINDS[seed % len(KINDS)]
    slow = "late" in kinds or "strange" in kinds  # what they do to a given-up order is rare
    share = random.choice([Decimal(1), Decimal("0.4")])
    stake = random.choice([config.stake_amount, Decimal(499000)])  # two of these, and none is left
    config = structs.replace(
        config,
        # Not dry: twins are not known to be refused, so what may be lost is waited for and never
        # repeated. Then a power loss may cost an entry: calm worlds, which are compared, are dry.
        dry_run=random.random() < 0.75 or not chance,
        available_capital=config.dry_run_wallet,  # the money of both is the same, without caps
        exchange=UNCAPPED,
        protections=(),
        paper=PaperConfig(Decimal("0.4") if small else share),
        order_types=OrderTypes(entry="limit") if limit else config.order_types,
        unfilledtimeout=UnfilledTimeout(entry=random.choice([1, 3])),
        stake_amount=Decimal(11000) if small else stake,
        minimal_roi=random.choice([config.minimal_roi, Decimal("0.011")]),
        gateway=HURRIED if slow or random.random() < 0.5 else config.gateway,
    )
    return World(random, config, (*COMMON, *kinds), chance)


def did(call: Call) -> str:
    """A call's name in a report."""
    if isinstance(call, SubmitOrder):
        return "submit"
    return "cancel" if isinstance(call, CancelOrder) else "query"


class HarshPaper(Paper):
    """The paper venue behind a bad line, which the runtime's tools hold as ``world``."""

    def take(self, envelope: Envelope) -> Any:
        """Deal with a call as the world wants it."""
        self.garbled = ""
        if not isinstance(envelope.body, Dispatch):
            return super().take(envelope)
        world: World = self.system.tools["world"]
        call, now = envelope.body.call, self.system.now()
        if envelope.source == "line":  # whoever asked has given up waiting for the answer
            self.garbled = "silent"
            return super().take(envelope)
        fault = world.fault(call, now)
        if fault in ("late", "echo"):
            world.later(call, now)
        if fault in ("refused", "down", "throttled", "banned"):
            self._trouble(world, fault, call, now)
        elif fault not in ("lost", "late"):
            self.garbled = fault
            for _ in range(2 if fault == "twice" else 1):
                super().take(envelope)
        return None

    def _trouble(self, world: World, fault: str, call: Call, now: float) -> None:
        """The venue says no, or something that says nothing."""
        if fault == "down" and now >= world.down_until:
            world.down_until = now + world.random.choice(DOWN_SECONDS)
        id = call.order.id if isinstance(call, SubmitOrder) else call.id
        names = {"refused": "market_offline", "throttled": "too_many_requests"}
        outcome: Any = "refused" if fault in names else "unknown"
        group = "order" if isinstance(call, SubmitOrder) else "default"
        went: Any = {"refused": "ok", "down": "failed"}.get(fault, fault)
        for answer in (
            OrderReport(id, outcome, did(call), name=names.get(fault, "")),  # type: ignore[arg-type]
            CallReport(group, went, 20.0 if fault == "banned" else 0.0),
        ):
            self.system.send(answer, source=self.name)

    def _speak(self, outcome: Any, cause: Envelope) -> Any:
        world: World = self.system.tools["world"]
        refused = any(isinstance(m, OrderReport) and m.outcome == "refused" for m in outcome)
        if refused and isinstance(cause.body, Dispatch) and did(cause.body.call) == "submit":
            self.garbled = "silent" if world.muffled(self.system.now()) else self.garbled
        if self.garbled == "silent":
            outcome = tuple(m for m in outcome if not isinstance(m, OrderReport))
        elif self.garbled == "strange":
            outcome = tuple(strange(m) if isinstance(m, OrderReport) else m for m in outcome)
        return super()._speak(outcome, cause)


def strange(report: OrderReport) -> OrderReport:
    """An answer about somebody else's order, or about ours in another shape."""
    if report.outcome == "snapshot":
        return structs.replace(report, side="bid" if report.side == "ask" else "ask")
    return structs.replace(report, outcome="snapshot", uuid="stranger", state="wait", pair="KRW-X")
