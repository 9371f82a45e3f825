"""What one message of the chat does: the console's own grammar and desk, with a phone's caution.

A tap on a menu sends at once, so whatever may cost money asks for a second message first. What
may put more money at risk is off unless the configuration says otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from i18n.errors import UserError
from i18n.nearest import near_word
from interfaces.console.console import Session, yes
from interfaces.console.doubts import doubtful, question, told
from interfaces.console.grammar import CONSOLE_COMMANDS, parse, words
from messages.control import (
    AdoptPair,
    Change,
    Changes,
    ExplainPair,
    ForceEnter,
    ReloadConfig,
    StartTrading,
)

INCREASING = (ForceEnter, StartTrading, ReloadConfig, AdoptPair)
ASKED = (*INCREASING, ExplainPair)  # besides what the console asks about
CONFIRM_SECONDS = 60.0
SHOWN = 60  # characters of a person's own words in an answer


@dataclass(frozen=True)
class ChatAnswer:
    """An answer; ``table``: its columns stand one below the other."""

    text: str
    table: bool = False


class Conversation:
    """With one chat. Only one change waits for its yes, and any other message lets it go."""

    def __init__(
        self, session: Session, may_increase: bool, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._desk, self._may_increase, self._now = session, may_increase, now
        self._waiting: tuple[int, float, Changes] | None = None  # of whom, until when, what

    def take(self, text: str, id: str, sender: int = 0) -> ChatAnswer:
        """Do what a message says. ``id`` names a change: the same one again is the same change."""
        waiting, self._waiting = self._waiting, None
        if waiting and yes(text):
            who, until, change = waiting
            if who == sender and self._now() <= until:
                return self._made(change)
        try:
            return self._take(text, id, sender, bool(waiting))
        except UserError as error:
            return ChatAnswer(self._desk.complain(error))

    def menu(self) -> list[dict[str, str]]:
        """The commands that Telegram shows, each with its help."""
        names = [name for name, verb in CONSOLE_COMMANDS.items() if self._allowed(verb.message)]
        shown = [{"command": n, "description": self._desk.say(f"help_{n}")[:256]} for n in names]
        return [*shown, {"command": "help", "description": self._desk.say("tg_help")[:256]}]

    def late(self, texts: Sequence[str]) -> str:
        """What is said to messages that waited too long to be done."""
        return self._desk.say("tg_late", text=", ".join(text[:SHOWN] for text in texts[:SHOWN]))

    def trouble(self, reason: str) -> str:
        """What is said where an answer could not be had."""
        return self._desk.say("tg_trouble", reason=reason)

    def _take(self, text: str, id: str, sender: int, left: bool) -> ChatAnswer:
        line = _line(text)
        typed = words(line)
        if not typed:
            return ChatAnswer(self._desk.say("tg_left" if left else "tg_help"))
        verb = CONSOLE_COMMANDS.get(typed[0].lower())
        if typed[0].lower() == "help":
            return ChatAnswer(self._help())
        if verb is None:
            near = near_word(typed[0], (*CONSOLE_COMMANDS, "help"))
            key = "tg_left" if left else "tg_unknown_near" if near else "tg_unknown"
            return ChatAnswer(self._desk.say(key, text=text[:SHOWN], name=f"/{near}"))
        if not self._allowed(verb.message):
            return ChatAnswer(self._desk.say("tg_off", name=f"/{verb.name}"))
        message = parse(line, lambda: id)
        assert message is not None
        if not isinstance(message, Change):
            return ChatAnswer(self._desk.look(message), table=True)
        if not doubtful(message, self._desk) and not isinstance(message, ASKED):
            return self._made(message)
        preview = self._desk.preview(message)
        if preview and (preview.idle or not preview.reply.done):
            return ChatAnswer(self._desk.reply(preview.reply))
        asked = question(message, self._desk, preview)
        if preview and not asked:
            asked = "\n".join(told(preview, self._desk.say))
        self._waiting = (sender, self._now() + CONFIRM_SECONDS, message)
        facts = {"name": line, "seconds": str(int(CONFIRM_SECONDS))}
        return ChatAnswer(f"{asked}\n{self._desk.say('tg_confirm', **facts)}".strip())

    def _made(self, change: Changes) -> ChatAnswer:
        return ChatAnswer(self._desk.reply(self._desk.ask(change)))

    def _allowed(self, kind: type) -> bool:
        return self._may_increase or not issubclass(kind, INCREASING)

    def _help(self) -> str:
        verbs = [verb for verb in CONSOLE_COMMANDS.values() if self._allowed(verb.message)]
        lines = [f"/{verb.usage}: {self._desk.say(f'help_{verb.name}')}" for verb in verbs]
        return "\n".join([self._desk.say("tg_help"), *lines])


def _line(text: str) -> str:
    """A message as the console has it: without the slash, and without the bot's own name."""
    first, _, rest = text.strip().removeprefix("/").partition(" ")
    return f"{first.partition('@')[0]} {rest}".strip()
