"""The composition root: store, runtime, actors and tools put together as one bot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from msgspec import structs

from actors.actor_sets import MESSENGER_ACTORS, REPLAY_ACTORS
from actors.entries.entry_filter import unlisted
from actors.market.price_triggers import PriceTriggers
from actors.message_sender import SendPart
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import BaseActor, System
from actors.runtime.threaded import ThreadedRuntime
from actors.snapshots import Snapshots
from actors.storage_monitor import DiskUsage
from app.market_list import MarketList
from app.pairs import refuse_barless
from app.preview import barred, previewed
from app.replay import Replay
from app.runtime_stats import runtime_stats
from core.market.pairs import codes
from core.replay.schedule import span
from core.rules import RULES
from messages.account import EndReconciliation
from messages.base import Command, Message
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
from messages.notification_delivery import OpenLanes
from messages.previews import ChangePreview
from messages.trading import EnableBook, EnterAt
from persistence.store import Store


@dataclass(frozen=True)
class BotExit:
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
            return runtime_stats(self.system)
        if isinstance(command, Shutdown):
            self._shutdown = True
            self.system.runtime.wake()
            return OperatorReply(True, "shutting_down")
        asked = self._prepared(command)
        if isinstance(asked, OperatorReply):
            return asked
        reply: OperatorReply = self.system.ask(asked, timeout=timeout)
        if reply.done and isinstance(asked, ReloadConfig) and asked.config:
            self.config = asked.config
        return self._explained(command, reply)

    def preview(self, command: Changes) -> ChangePreview:
        """What would become of a change now; nothing of it is done."""
        asked = command if isinstance(command, Shutdown) else self._prepared(command)
        if isinstance(asked, OperatorReply):
            return ChangePreview(asked)
        found = previewed(self.system, asked, self._price)
        return structs.replace(found, reply=self._explained(command, found.reply))

    def _prepared(self, command: Changes) -> Command | OperatorReply:
        """What the actors are asked to have a change made, or why they need not be asked."""
        if isinstance(command, TakeSnapshot) and Snapshots not in self.system.actors:
            return OperatorReply(False, "snapshot_paper")
        if isinstance(command, ReloadConfig) and self._reread:
            return ReloadConfig(command.id, self._checked(self._reread()))
        if refused := self._refused(command):
            return refused
        if isinstance(command, ForceEnter) and (self._live or not self.config.dry_run):
            return self._priced(command)
        return command

    def _explained(self, command: Changes, reply: OperatorReply) -> OperatorReply:
        """The reply with what is known of the market."""
        return barred(self.system, self._markets.explained(command, reply))

    def _checked(self, config: Config) -> Config:
        """The same; UserError for what is new in its blacklist and names no market."""
        new = [one for one in config.pair_blacklist if one not in self.config.pair_blacklist]
        if self._markets.listed and "*" not in self._markets.listed:
            refuse_barless(new, sorted(self._markets.listed))
        return config

    def _refused(self, command: Changes) -> OperatorReply | None:
        """The answer to a command about a market that is not there, or has no prices here."""
        if found := self._markets.refusal(command):
            return found
        if isinstance(command, ForceEnter) and (reason := self._unfollowed(command.pair)):
            return OperatorReply(False, "not_entered", {"pair": command.pair, "reason": reason})
        return None

    def _priced(self, command: ForceEnter) -> Command | OperatorReply:
        """On live prices only from a price that is known: the price band hangs on it."""
        if price := self._price(command.pair):
            return EnterAt(command, price)
        return OperatorReply(False, "not_entered", {"pair": command.pair, "reason": "no_price"})

    def _price(self, pair: str) -> Decimal | None:
        """The newest price of a pair, KRW, where prices come live."""
        bands: PriceTriggers | None = self.system.tools.get("bands")
        return bands.last(pair) if bands else None

    def _unfollowed(self, pair: str) -> str | None:
        """Why the feed has no prices of the pair: on paper an order there would never end."""
        listed = self.config.pair_whitelist
        named = isinstance(listed, tuple) and listed == codes(listed)
        if named or pair in self.system.tools["pairs"]:
            return None
        if reason := unlisted(self.config, pair):
            return reason
        return "not_followed"

    def ended(self) -> BotExit | None:
        """Whether it is over, and why."""
        if failed := self.system.failed:
            text = failed.reason if failed.wanted else f"{failed.name}: {failed.reason}"
            return BotExit("again" if failed.wanted else "failed", text)
        if self._shutdown:
            return BotExit("shutdown")
        return BotExit("finished") if self.system.finished else None

    def run(self, progress: Callable[[float], None] | None = None) -> BotExit:
        """Step to the end of the recording (stepped runtime)."""
        runtime = self.system.runtime
        assert isinstance(runtime, DeterministicRuntime)
        while runtime.step():
            if progress and runtime.time != self._told:
                self._told = runtime.time
                progress(runtime.time)
        return self.ended() or BotExit("finished")

    def trust_account(self) -> None:
        """Where money would be at stake and nobody reads an account, its word is given (steps)."""
        runtime = self.system.runtime
        assert isinstance(runtime, DeterministicRuntime)
        if not self.config.dry_run:
            runtime.run_until(runtime.time)
            self.system.send(EndReconciliation(unread=True), source="account")

    _told = 0.0

    def wait(self, timeout: float | None) -> BotExit | None:
        """Wait until it is over, or for so many seconds (threaded runtime)."""
        runtime = self.system.runtime
        assert isinstance(runtime, ThreadedRuntime)
        if self.ended() is None:
            runtime.ended.wait(timeout)
        ended = self.ended()
        if ended and ended.reason == "finished":
            runtime.drain(5.0)
        return ended

    def stop(self) -> None:
        """End now: whatever is in flight is found again at the next start."""
        runtime = self.system.runtime
        if isinstance(runtime, ThreadedRuntime):
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
    cast: Sequence[type[BaseActor]] = REPLAY_ACTORS,
    room: DiskUsage | None = None,
    posts: Mapping[str, SendPart] | None = None,
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
        machine = (
            ThreadedRuntime(start, speed)
            if runtime == "threads"
            else DeterministicRuntime(start, seed)
        )
    tools = {"recording": replay, "config": config, "voice": voice, "bounds": config.bounds}
    tools |= {"pairs": tuple(schedule.places), "room": room}
    tools["markets"] = MarketList(series.pair for series in replay.candle_series)
    cast, first = posting(cast, tools, posts, speed or 1.0)
    return Bot(config, System(machine, store, cast, tools), reread, first)


def posting(
    cast: Sequence[type[BaseActor]],
    tools: dict[str, Any],
    posts: Mapping[str, SendPart] | None,
    pace: float,
) -> tuple[Sequence[type[BaseActor]], list[Message]]:
    """The cast, and what it is told first, with messengers; without any, nobody is added.

    ``pace``: seconds of the runtime's clock in a real one.
    """
    if not posts:
        return cast, []
    tools["messengers"] = posts
    return (*cast, *MESSENGER_ACTORS), [OpenLanes(tuple(posts), pace)]
