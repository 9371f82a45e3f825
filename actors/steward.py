"""Owns what the operator has decided: the configuration, and what the bot may do."""

from __future__ import annotations

from typing import Literal, assert_never, get_args

from msgspec import Struct, structs

from actors.machinery.owner import Outcome, Owner
from messages.base import Message
from messages.config import Config
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

Mode = Literal["running", "stopentry", "stopped", "killed"]
Inbox = AdoptConfig | StopEntry | StartTrading | StopTrading | Kill | ReloadConfig
Change = ConfigAdopted | TradingChanged | CommandTaken

# A state directory is born for these: another value needs a new one, or at least a start.
FIXED = ("dry_run", "exchange.name", "timeframe", "dry_run_wallet")


class StewardState(Struct, frozen=True):
    config: Config | None = None
    birth: str = ""
    mode: Mode = "running"


def decide(state: StewardState, message: Inbox, at: float, kept: Message | None = None) -> Outcome:
    """``kept`` tells that this very command was carried out before."""
    match message:
        case AdoptConfig(config=config, birth=birth):
            if config != state.config or birth != state.birth:
                yield ConfigAdopted(config, birth)
        case StopEntry(id=id):
            yield from _change(state, "stopentry", id, kept)
        case StartTrading(id=id):
            yield from _change(state, "running", id, kept)
        case StopTrading(id=id):
            yield from _change(state, "stopped", id, kept)
        case Kill(id=id):
            yield from _change(state, "killed", id, kept)
        case ReloadConfig():
            yield from _reload(state, message, kept)
        case _:
            assert_never(message)


def _change(state: StewardState, mode: Mode, id: str, kept: Message | None) -> Outcome:
    if kept is None:
        if id:
            yield CommandTaken(id)
        if mode != state.mode:
            yield TradingChanged(mode, id)
    yield OperatorReply(True, "mode_is", {"mode": mode if kept is None else state.mode})


def _reload(state: StewardState, message: ReloadConfig, kept: Message | None) -> Outcome:
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
        yield ConfigAdopted(config, state.birth)
        yield OperatorReply(True, "config_reloaded")


def _value(config: Config, key: str) -> object:
    found: object = config
    for name in key.split("."):
        found = getattr(found, name)
    return found


def evolve(state: StewardState, event: Change) -> StewardState:
    match event:
        case ConfigAdopted(config=config, birth=birth):
            return structs.replace(state, config=config, birth=birth)
        case TradingChanged(mode=mode):
            return structs.replace(state, mode=mode)
        case CommandTaken():
            return state
        case _:
            assert_never(event)


class Steward(Owner[StewardState]):
    """The operator's will."""

    name = "steward"
    accepts = get_args(Inbox)
    State = StewardState
    recalls = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)

    @staticmethod
    def key(message: Inbox) -> str:
        """A command's id."""
        return "" if isinstance(message, AdoptConfig) else message.id

    @staticmethod
    def keeps(event: Change) -> str:
        """Ids of commands that were carried out."""
        return event.id if isinstance(event, CommandTaken) else ""
