"""Doubts: which changes are asked about before they are made, and the question of each.

What cannot be taken back is asked about always; with real money also what buys, sells or leaves
open trades without their stop.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from interfaces.console.grammar import EVERY
from interfaces.errors import UserError
from messages.control import Changes, ForceEnter, ForceExit, Kill, Shutdown, StopTrading

REAL_MONEY = (ForceEnter, ForceExit, Kill, StopTrading)

Confirm = Callable[[str], bool]


class Asker(Protocol):
    """What a question is made of."""

    def say(self, key: str, **facts: str) -> str: ...
    def held(self) -> tuple[str, ...]: ...
    def live(self) -> bool: ...


def spends(change: Changes, desk: Asker) -> bool:
    """Whether it touches real money, so that it needs a yes."""
    return isinstance(change, REAL_MONEY) and desk.live()


def question(change: Changes, desk: Asker) -> str:
    """What to ask before a change; "" for one that is made at once."""
    match change:
        case Shutdown():
            return _with_trades("confirm_shutdown", desk)
        case ForceExit(pair=pair) if pair == EVERY:
            held = desk.held()
            return desk.say("confirm_forceexit_all", trades=str(len(held)), pairs=" ".join(held))
        case Kill():
            return _with_trades("confirm_kill", desk)
    return _of_money(change, desk) if spends(change, desk) else ""


def needs_yes(name: str) -> UserError:
    """What to say to a change of real money where there is no terminal to ask at."""
    return UserError(
        what=f"{name} moves real money, and there is no terminal to ask at",
        where="console",
        allowed="--yes, which answers the question beforehand",
        todo="give console --yes, use console -c COMMAND, or type it at a terminal",
    )


def _of_money(change: Changes, desk: Asker) -> str:
    match change:
        case ForceEnter(pair=pair, stake=Decimal() as stake):
            return desk.say("confirm_forceenter_stake", pair=pair, krw=str(stake))
        case ForceEnter(pair=pair):
            return desk.say("confirm_forceenter", pair=pair)
        case ForceExit(pair=pair):
            return desk.say("confirm_forceexit", pair=pair)
    return _with_trades("confirm_stop", desk)


def _with_trades(key: str, desk: Asker) -> str:
    """The question, which names the open trades where there are any."""
    held = desk.held()
    facts = {"trades": str(len(held)), "pairs": " ".join(held)}
    return desk.say(f"{key}_trades", **facts) if held else desk.say(key)
