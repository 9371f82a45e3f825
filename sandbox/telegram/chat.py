"""Owns what was said in a sandbox's chat, by its people and by the bot, and what is not fetched."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct

PERSON = 4242  # of a private chat: its number is its person's


class Sent(Struct, frozen=True):
    """A message that the bot sent; ``at`` is epoch seconds."""

    chat: int
    text: str
    at: float


class Chat:
    """Used by the server's loop and by whoever plays the people; whatever happens is heard."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.calls: list[str] = []  # methods, in the order they came
        self.commands: list[Any] = []  # the menu, as the bot set it
        self._updates: list[dict[str, Any]] = []
        self._next = 1000
        self._happened = threading.Condition()
        self.wake: Callable[[], None] = lambda: None

    def say(
        self,
        text: str,
        *,
        chat: int = PERSON,
        sender: int = PERSON,
        date: float | None = None,
        kind: str = "message",
        update_id: int | None = None,
    ) -> int:
        """A person writes; gives the number of the update. ``date``: epoch seconds, now if None."""
        number = self._next if update_id is None else update_id
        self._next = max(self._next, number) + 1
        message = {
            "message_id": number,
            "date": int(time.time() if date is None else date),
            "chat": {"id": chat, "type": "private" if chat > 0 else "group"},
            "from": {"id": sender, "is_bot": False, "first_name": "somebody"},
            "text": text,
        }
        self.put({"update_id": number, kind: message})
        return number

    def put(self, update: dict[str, Any]) -> None:
        """An update as it is, of whatever form."""
        self._updates.append(update)
        self.wake()

    def fetched(self, offset: int) -> list[dict[str, Any]]:
        """Updates from a number on; those before it are confirmed, and forgotten."""
        self._updates = [one for one in self._updates if one.get("update_id", offset) >= offset]
        return self._updates[:100]

    def take(self, chat: int, text: str) -> dict[str, Any]:
        """The bot's own message, as it is there now."""
        self.sent.append(Sent(chat, text, time.time()))
        return {"message_id": len(self.sent), "date": int(time.time()), "text": text}

    def called(self, method: str) -> None:
        """A call has been dealt with: whoever waits looks again."""
        with self._happened:
            self.calls.append(method)
            self._happened.notify_all()

    def wait(self, enough: Callable[[], bool], seconds: float = 30.0) -> bool:
        """Until something is so; False when it does not become so in time."""
        with self._happened:
            return self._happened.wait_for(enough, seconds)

    def texts(self) -> list[str]:
        """What the bot has said, in its order."""
        return [message.text for message in self.sent]
