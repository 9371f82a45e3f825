"""Owns what the bot may do: by the operator's word, for want of room, by an audit, by a twin."""

from __future__ import annotations

from typing import Literal, assert_never, get_args

from msgspec import Struct, structs

from actors.runtime.owner import Outputs, Owner
from messages.audit import InvariantBroken
from messages.base import Message
from messages.config import Bounds, Config
from messages.control import (
    AdoptConfig,
    CommandTaken,
    ConfigAdopted,
    Kill,
    OperatorReply,
    ReloadConfig,
    StartTrading,
    StopEntry,
    StopTrading,
    TradingChanged,
)
from messages.notices import NoticeSkipped, SkipNotice
from messages.recovery import BirthSighted, SightingNoted
from messages.storage import RestartProcess, SpaceRegained, SpaceReport, SpaceShort

Mode = Literal["running", "stopentry", "stopped", "killed"]
Shortage = Literal["map_short", "disk_short"]
Inbox = (
    AdoptConfig
    | StopEntry
    | StartTrading
    | StopTrading
    | Kill
    | ReloadConfig
    | SpaceReport
    | SkipNotice
    | InvariantBroken
    | BirthSighted
)
Change = (
    ConfigAdopted
    | TradingChanged
    | CommandTaken
    | SpaceShort
    | SpaceRegained
    | NoticeSkipped
    | SightingNoted
)

# A state directory is born for these: another value needs a new one, or at least a start.
FIXED = ("dry_run", "exchange.name", "timeframe", "dry_run_wallet")
MAP_SHORT = 0.8  # share of the map at which entries stop (docs/reference/reliability.md 5)
MAP_FULL = 0.9  # and at which the process starts again, since the map grows at a start only
RIVAL_SECONDS = 300.0  # after the last order of a second bot, until entries may start again
MEGABYTE = 1_000_000
RELIEF = 1.25  # times the reserve: a disk that wavers about the reserve is short all the while


class TradingState(Struct, frozen=True):
    config: Config | None = None
    birth: str = ""
    mode: Mode = "running"
    short: Shortage | None = None  # why there is no room for entries
    sighted_at: float = 0.0  # when an order of another bot's with our name was last seen; 0 = never
    rules: int = 1  # by which it was decided last


def decide(state: TradingState, message: Inbox, at: float, kept: Message | None = None) -> Outputs:
    """``kept`` tells that this very command was carried out before."""
    match message:
        case AdoptConfig(config=config, birth=birth, rules=rules):
            if (config, birth, rules) != (state.config, state.birth, state.rules):
                yield ConfigAdopted(config, birth, rules)
        case StopEntry(id=id):
            yield from _change(state, "stopentry", id, kept)
        case StartTrading() if _beside(state, at):
            minutes = str(int(RIVAL_SECONDS / 60))
            yield OperatorReply(False, "second_birth_seen", {"minutes": minutes})
        case StartTrading(id=id):
            yield from _change(state, "running", id, kept)
        case StopTrading(id=id):
            yield from _change(state, "stopped", id, kept)
        case Kill(id=id):
            yield from _change(state, "killed", id, kept)
        case ReloadConfig():
            yield from _reload(state, message, kept)
        case SpaceReport():
            yield from _measured(state, message)
        case InvariantBroken():
            if state.mode == "running":  # until a person has looked, and starts it again
                yield TradingChanged("stopentry")
        case BirthSighted():
            yield SightingNoted(at)
            if state.mode == "running":
                yield TradingChanged("stopentry")
        case SkipNotice(number=number, reason=reason):
            if kept is None:
                yield NoticeSkipped(number, reason)
        case _:
            assert_never(message)


def _beside(state: TradingState, at: float) -> bool:
    """Whether a second bot's order was seen of late; a clock set back ends that."""
    return state.sighted_at > 0 and 0 <= at - state.sighted_at < RIVAL_SECONDS


def _change(state: TradingState, mode: Mode, id: str, kept: Message | None) -> Outputs:
    if kept is None:
        if id:
            yield CommandTaken(id)
        if mode != state.mode:
            yield TradingChanged(mode, id)
    yield OperatorReply(True, "mode_is", {"mode": mode if kept is None else state.mode})


def _reload(state: TradingState, message: ReloadConfig, kept: Message | None) -> Outputs:
    config = message.config
    if config is None or state.config is None:
        yield OperatorReply(False, "refused_input", {"reason": "no configuration was given"})
        return
    fixed = [key for key in FIXED if _value(config, key) != _value(state.config, key)]
    if fixed:
        yield OperatorReply(False, "config_needs_restart", {"keys": ", ".join(fixed)})
    elif config == state.config or kept is not None:
        yield OperatorReply(True, "config_same")
    else:
        if message.id:
            yield CommandTaken(message.id)
        yield ConfigAdopted(config, state.birth, state.rules)
        yield OperatorReply(True, "config_reloaded")


def _measured(state: TradingState, report: SpaceReport) -> Outputs:
    reason = shortage(state, report)
    if reason and reason != state.short:
        yield SpaceShort(reason, report.used, report.free)
    elif state.short and not reason:
        yield SpaceRegained()
    if report.used >= MAP_FULL:
        yield RestartProcess("map_full")


def shortage(state: TradingState, report: SpaceReport) -> Shortage | None:
    """Why there is no room for entries; None when there is."""
    if report.used >= MAP_SHORT:
        return "map_short"
    bounds = state.config.bounds if state.config else Bounds()
    least = bounds.disk_reserve_mb * MEGABYTE * (RELIEF if state.short else 1.0)
    return "disk_short" if report.free < least else None


def _value(config: Config, key: str) -> object:
    found: object = config
    for name in key.split("."):
        found = getattr(found, name)
    return found


def evolve(state: TradingState, event: Change) -> TradingState:
    match event:
        case ConfigAdopted(config=config, birth=birth, rules=rules):
            return structs.replace(state, config=config, birth=birth, rules=rules)
        case TradingChanged(mode=mode):
            return structs.replace(state, mode=mode)
        case SpaceShort(reason=reason):
            return structs.replace(state, short=reason)
        case SpaceRegained():
            return structs.replace(state, short=None)
        case SightingNoted(at=at):
            return structs.replace(state, sighted_at=at)
        case CommandTaken() | NoticeSkipped():
            return state
        case _:
            assert_never(event)


class TradingStateOwner(Owner[TradingState]):
    """The operator's will, within the room there is."""

    name = "steward"
    accepts = get_args(Inbox)
    State = TradingState
    indexed = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)

    @staticmethod
    def key(message: Inbox) -> str:
        """A command's id, or the number of a skipped event."""
        match message:
            case AdoptConfig() | SpaceReport() | InvariantBroken() | BirthSighted():
                return ""
            case SkipNotice(number=number):
                return _skip(number)
        return message.id

    @staticmethod
    def keeps(event: Change) -> str:
        """Ids of commands that were carried out, and events that are skipped."""
        if isinstance(event, NoticeSkipped):
            return _skip(event.number)
        return event.id if isinstance(event, CommandTaken) else ""


def _skip(number: int) -> str:
    return f"skip {number}"
