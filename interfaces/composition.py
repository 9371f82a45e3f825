"""The composition root: store, runtime, actors and tools put together as one bot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from actors.cast import CAST, POSTING
from actors.courier import Post
from actors.gauge import Room
from actors.machinery.actor import Named
from actors.machinery.steps import StepRuntime
from actors.machinery.system import System
from actors.machinery.threads import ThreadRuntime
from actors.market.bands import Bands
from actors.snapshots import Snapshots
from core.market.pairs import codes
from core.market.schedule import span
from core.rules import RULES
from interfaces.market_list import MarketList
from interfaces.replay import Replay
from interfaces.vitals import vital
from messages.account import EndReconciliation
from messages.base import Message
from messages.config import Config
from messages.control import (
    AdoptConfig,
    Changes,
    ForceEnter,
    OperatorReply,
    ReloadConfig,
    ShowVitals,
    Shutdown,
    TakeSnapshot,
)
from messages.notices import ShowNotice
from messages.posting import OpenLanes
from messages.trading import EnableBook, EnterAt
from persistence.store import Store


@dataclass(frozen=True)
class Ended:
    """Why a bot has ended: used up, told to, by a failure, or to be started again on purpose."""

    reason: Literal["finished", "shutdown", "failed", "again"]
    text: str = ""


class Bot:
    """A composed system: recovery is its only way to start."""

    def __init__(
        self,
        config: Config,
        system: System,
        reread: Callable[[], Config] | None,
        first: Sequence[Message] = (),
    ) -> None:
        self.config, self.system = config, system
        self._reread, self._first = reread, first
        self._live = any(isinstance(message, EnableBook) for message in first)
        self._markets: MarketList = system.tools.get("markets") or MarketList()
        self._shutdown = False

    def start(self) -> None:
        """Recover and begin to trade."""
        birth = self.system.store.birth.id
        self.system.start([AdoptConfig(self.config, birth, RULES), *self._first])

    def ask(self, command: Changes, timeout: float = 5.0) -> OperatorReply:
        """Have a change made; the reply says whether it was."""
        if isinstance(command, ShowVitals):
            return vital(self.system)
        if isinstance(command, Shutdown):
            self._shutdown = True
            self.system.runtime.wake()
            return OperatorReply(True, "shutting_down")
        if isinstance(command, TakeSnapshot) and Snapshots not in self.system.actors:
            return OperatorReply(False, "snapshot_paper")
        if isinstance(command, ReloadConfig) and self._reread:
            command = ReloadConfig(command.id, self._reread())
        if refused := self._refused(command):
            return refused
        if isinstance(command, ForceEnter) and (self._live or not self.config.dry_run):
            return self._enter(command, timeout)
        reply: OperatorReply = self.system.ask(command, timeout=timeout)
        if reply.done and isinstance(command, ReloadConfig) and command.config:
            self.config = command.config
        return self._markets.explained(command, reply)

    def _refused(self, command: Changes) -> OperatorReply | None:
        """The answer to a command about a market that is not there, or has no prices here."""
        if found := self._markets.refusal(command):
            return found
        if isinstance(command, ForceEnter) and not self._has(command.pair):
            facts = {"pair": command.pair, "reason": "not_followed"}
            return OperatorReply(False, "not_entered", facts)
        return None

    def _enter(self, command: ForceEnter, timeout: float) -> OperatorReply:
        """On live prices only from a price that is known: the price band hangs on it."""
        bands: Bands | None = self.system.tools.get("bands")
        price = bands.last(command.pair) if bands else None
        if price is None:
            facts = {"pair": command.pair, "reason": "no_price"}
            return OperatorReply(False, "not_entered", facts)
        reply: OperatorReply = self.system.ask(EnterAt(command, price), timeout=timeout)
        return reply

    def _has(self, pair: str) -> bool:
        """Whether the feed has prices of the pair: on paper an order elsewhere would never end."""
        listed = self.config.pair_whitelist
        named = isinstance(listed, tuple) and listed == codes(listed)
        return named or pair in self.system.tools["pairs"]

    def ended(self) -> Ended | None:
        """Whether it is over, and why."""
        if failed := self.system.failed:
            text = failed.reason if failed.wanted else f"{failed.name}: {failed.reason}"
            return Ended("again" if failed.wanted else "failed", text)
        if self._shutdown:
            return Ended("shutdown")
        return Ended("finished") if self.system.finished else None

    def run(self, progress: Callable[[float], None] | None = None) -> Ended:
        """Step to the end of the recording (stepped runtime)."""
        runtime = self.system.runtime
        assert isinstance(runtime, StepRuntime)
        while runtime.step():
            if progress and runtime.time != self._told:
                self._told = runtime.time
                progress(runtime.time)
        return self.ended() or Ended("finished")

    def trust_account(self) -> None:
        """Where money would be at stake and nobody reads an account, its word is given (steps)."""
        runtime = self.system.runtime
        assert isinstance(runtime, StepRuntime)
        if not self.config.dry_run:
            runtime.run_until(runtime.time)
            self.system.send(EndReconciliation(unread=True), source="account")

    _told = 0.0

    def wait(self, timeout: float | None) -> Ended | None:
        """Wait until it is over, or for so many seconds (threaded runtime)."""
        runtime = self.system.runtime
        assert isinstance(runtime, ThreadRuntime)
        if self.ended() is None:
            runtime.ended.wait(timeout)
        ended = self.ended()
        if ended and ended.reason == "finished":
            runtime.drain(5.0)
        return ended

    def stop(self) -> None:
        """End now: whatever is in flight is found again at the next start."""
        runtime = self.system.runtime
        if isinstance(runtime, ThreadRuntime):
            runtime.stop()
        self.system.store.close()


def build(
    config: Config,
    replay: Replay,
    store: Store,
    *,
    runtime: Literal["threads", "steps"] | Callable[[float], Any] = "threads",
    speed: float | None = None,
    seed: int = 0,
    voice: Callable[[ShowNotice], None] | None = None,
    reread: Callable[[], Config] | None = None,
    cast: Sequence[type[Named]] = CAST,
    room: Room | None = None,
    posts: Mapping[str, Post] | None = None,
) -> Bot:
    """Put a bot together; the same for trade, backtesting and simulation.

    ``speed`` is candle seconds per real second, None as fast as it goes. ``runtime`` may also be
    what makes one from its start (epoch seconds). ``room``: what is looked at for a lack of it;
    without one there is plenty. ``posts``: what sends to each messenger, by its name.
    """
    schedule = replay.schedule(config)
    last = store.last()
    start = last.at if last else float(span(schedule)[0])
    machine: Any
    if callable(runtime):
        machine = runtime(start)
    else:
        machine = ThreadRuntime(start, speed) if runtime == "threads" else StepRuntime(start, seed)
    tools = {"recording": replay, "config": config, "voice": voice, "bounds": config.bounds}
    tools |= {"pairs": tuple(schedule.places), "room": room}
    tools["markets"] = MarketList(tape.pair for tape in replay.tapes)
    cast, first = posting(cast, tools, posts, speed or 1.0)
    return Bot(config, System(machine, store, cast, tools), reread, first)


def posting(
    cast: Sequence[type[Named]],
    tools: dict[str, Any],
    posts: Mapping[str, Post] | None,
    pace: float,
) -> tuple[Sequence[type[Named]], list[Message]]:
    """The cast, and what it is told first, with messengers; without any, nobody is added.

    ``pace``: seconds of the runtime's clock in a real one.
    """
    if not posts:
        return cast, []
    tools["messengers"] = posts
    return (*cast, *POSTING), [OpenLanes(tuple(posts), pace)]
