"""Owns the faults that are drawn apart: a wallet suspended, the key refused.

Each has a chance of its own by the seed and its name, so that no other seed's weather shifts.
"""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Protocol

from msgspec import structs

from messages.base import Message
from messages.control import ForceExit
from sandbox.assumptions import WalletState
from simulation.live.event_queue import EventQueue
from simulation.live.fault_plan import APART, FaultPlan
from simulation.live.key_law import KeyProperties
from simulation.live.upbit import Upbit

EVERY = 5000.0  # seconds from one strike of a fault to the next
SUSPENDED: tuple[WalletState, ...] = ("paused", "withdraw_only", "deposit_only")
WALLET_SECONDS = (300.0, 3000.0)
KEY_SECONDS = (120.0, 900.0, 3600.0)
LAST = (600.0, 400.0, 5.0)  # seconds before the calm: refused, all is to be sold; taken, after it


class Far(Protocol):
    """What of a world they strike."""

    queue: EventQueue
    upbit: Upbit
    fault_plan: FaultPlan
    pairs: tuple[str, ...]

    def tell(self, command: Message) -> None:
        """The operator says something."""


class Apart:
    """Set on the agenda at the world's beginning."""

    def __init__(self, seed: int, world: Far, law: KeyProperties) -> None:
        self._world, self._law = world, law
        self._randoms = {name: Random(f"{seed} {name}") for name in APART}
        now = world.queue.now
        for name, random in self._randoms.items():
            at = now
            while world.fault_plan.on and random.random() < 0.9:
                at += random.expovariate(1 / EVERY)
                if at >= world.fault_plan.until:
                    break
                world.queue.after(at - now, partial(self._strike, name))
        if world.fault_plan.on:
            world.queue.after(world.fault_plan.until - LAST[0] - now, self._refuse_at_last)

    def _strike(self, name: str) -> None:
        world, random = self._world, self._randoms[name]
        left = world.fault_plan.until - world.queue.now
        if name == "key refused":
            if world.upbit.key_refused:
                return
            self._turn_key(refused=True)
            seconds = min(random.choice(KEY_SECONDS), left)
            world.queue.after(seconds, partial(self._turn_key, refused=False))
        else:
            coin = random.choice(world.pairs).partition("-")[2]
            self._turn_wallet(coin, random.choice(SUSPENDED))
            seconds = min(random.uniform(*WALLET_SECONDS), left)
            world.queue.after(seconds, partial(self._turn_wallet, coin, "working"))
        world.fault_plan.seen[f"fault {name}"] += 1

    def _refuse_at_last(self) -> None:
        """What could not be sold waits for the key, which is taken again in the calm."""
        world, (refused, leaves, taken) = self._world, LAST
        if world.upbit.key_refused:
            return
        self._turn_key(refused=True)
        world.fault_plan.seen["fault key refused"] += 1
        world.queue.after(refused - leaves, partial(world.tell, ForceExit("all", "refused")))
        world.queue.after(refused + taken, partial(self._turn_key, refused=False))

    def _turn_key(self, *, refused: bool) -> None:
        self._world.upbit.key_refused = refused
        self._law.turned(refused=refused)

    def _turn_wallet(self, coin: str, state: WalletState) -> None:
        exchange = self._world.upbit.exchange
        wallets = {**exchange.switches.wallets, coin: state}
        exchange.switches = structs.replace(exchange.switches, wallets=wallets)
