"""The world of one seed: its configuration, its bad line to the venue, its operator's moves.

A fault is drawn for each call that reaches the venue, until an hour before the recording's end:
then everything must end well. What is still under way on the line outlives a power loss.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from msgspec import structs

from messages.base import Message
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
from messages.orders import Call, QueryOrder
from simulation.calls import did

HURRIED = Gateway(
    quarantine_minutes=1,
    quarantine_answers=2,
    tombstone_seconds=240,
    tombstone_hours=1,
    tombstone_days=0,
)
SETTLES_EVERY = 7200.0  # seconds, once all is calm
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
TWICE, LATER = 0.3, (0.0, 0.0, 60.0, 600.0, 1800.0)  # a frame that reaches the door again, and when


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
    settles_at: float = 0.0
    seen: Counter[str] = field(default_factory=Counter)
    line: list[tuple[float, Call]] = field(default_factory=list)
    said: list[tuple[float, Message]] = field(default_factory=list)  # frames that come once more

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
            return self._settles(pairs, now)
        again = [move for due, move in self.said if due <= now]
        if again:
            self.said = [(due, move) for due, move in self.said if due > now]
            return again
        self.calmed = now >= self.until
        if self.calmed:  # the venue tells the truth from here on: now he has looked
            self.settles_at = now + SETTLES_EVERY
            settled = [pair for pair in pairs if self.random.random() < 0.5]
            return [StartTrading("last"), *(SettlePair(pair, f"look {pair}") for pair in settled)]
        if self.random.random() >= MOVES_CHANCE * bool(self.chance):
            return []
        self.moves += 1
        move = self._move(self.random.choice(pairs), f"op{self.moves}")
        if self.random.random() < TWICE:
            self.seen["act frame twice"] += 1
            self.said.append((now + self.random.choice(LATER), move))
        return [move]

    def _settles(self, pairs: list[str], now: float) -> list[Message]:
        """What still bars an exit hours later, which is tried again until he has settled it."""
        if now < self.settles_at:
            return []
        self.settles_at = now + SETTLES_EVERY
        return [SettlePair(pair, f"look {pair} at {int(now)}") for pair in pairs]

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
