"""The thread that hears the chat: it polls, drops what is not for us, and answers the rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog
from msgspec import Struct, field

from adapters.telegram.access import Access
from adapters.telegram.client import SECONDS, BotApi, CallResult, split
from interfaces.telegram.conversation import ChatAnswer, Conversation
from interfaces.telegram.offsets import Offset

POLL_SECONDS = 5  # so long Telegram holds a poll open, and so soon the thread can end
STALE_SECONDS = 60.0  # a command that is older is not done any more
PART_SECONDS = 0.5
WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # after polls that fail
STRANGERS_TOLD = 5  # in the log
CONFLICT = 409


class _Who(Struct):
    id: int = 0


class _Message(Struct):
    date: float = 0.0
    chat: _Who = field(default_factory=_Who)
    sender: _Who = field(name="from", default_factory=_Who)
    text: str = ""


class _Update(Struct):
    update_id: int
    message: _Message | None = None


class Listener:
    """``complain`` tells the terminal a catalogue key, each key once."""

    def __init__(
        self,
        api_url: str,
        access: Access,
        conversation: Conversation,
        offset: Offset,
        complain: Callable[[str], None],
    ) -> None:
        self._access, self._talk, self._offset = access, conversation, offset
        self._api = BotApi(api_url, access.token, POLL_SECONDS + SECONDS)
        self._complain, self._told = complain, set[str]()
        self._stopped = threading.Event()
        self._failures = self._strangers = 0
        self._log = structlog.get_logger("telegram")

    def start(self) -> None:
        """In a thread that keeps no process alive."""
        threading.Thread(target=self._run, name="telegram", daemon=True).start()

    def stop(self) -> None:
        """No more polls; the one that is open ends by itself."""
        self._stopped.set()

    def _run(self) -> None:
        self._api.call("setMyCommands", commands=self._talk.menu())
        while not self._stopped.is_set():
            try:
                wait = self._poll()
            except Exception as error:  # a full disk, or what nobody thought of: later again
                self._log.warning("poll failed", error=type(error).__name__)
                wait = WAITS[-1]
            self._stopped.wait(wait)

    def _poll(self) -> float:
        """One poll, and all that it brought; seconds until the next."""
        before = self._offset.next
        called = self._api.call(
            "getUpdates", offset=before, timeout=POLL_SECONDS, allowed_updates=["message"]
        )
        if called.ended == "done" and isinstance(called.result, list):
            self._take(called.result)
            if not called.result or self._offset.next != before:
                self._failures = 0
                return 0.0  # else they would be given again at once, and for ever
        return self._pause(called)

    def _pause(self, called: CallResult) -> float:
        """Seconds until the next poll, after one that came to nothing."""
        if called.ended == "refused":
            self._say_once("tg_shared" if called.code == CONFLICT else "tg_refused")
        if called.ended == "busy":
            return max(1.0, called.seconds)
        wait = WAITS[min(self._failures, len(WAITS) - 1)]
        self._failures += 1
        return wait

    def _say_once(self, key: str) -> None:
        if key not in self._told:
            self._told.add(key)
            self._complain(key)

    def _take(self, raw: Sequence[Any]) -> None:
        """All that one poll brought."""
        late: list[str] = []
        oldest = time.time() - STALE_SECONDS
        for update in filter(None, map(_update, raw)):
            if self._stopped.is_set() or update.update_id < self._offset.next:
                continue
            # Kept before anything is done: a command is done once, or after a crash not at all.
            self._offset.keep(update.update_id + 1)
            message = update.message
            if message is None or not message.text or not self._may(message):
                continue
            if message.date < oldest:
                late.append(message.text)
                continue
            id = f"telegram-{update.update_id}-{int(message.date)}"
            self._answer(self._replied(message, id))
        if late:
            self._answer(ChatAnswer(self._talk.late(late)))

    def _may(self, message: _Message) -> bool:
        """Whether this is our chat, and one who may command there; nobody else gets an answer."""
        may = message.chat.id == self._access.chat and message.sender.id in self._access.users
        if not may:
            self._strangers += 1
            if self._strangers <= STRANGERS_TOLD:
                self._log.warning("stranger", chat=message.chat.id, user=message.sender.id)
        return may

    def _replied(self, message: _Message, id: str) -> ChatAnswer:
        try:
            said = self._talk.take(message.text, id, message.sender.id)
        except Exception as error:  # a message of the chat ends nothing
            self._log.warning("not answered", error=type(error).__name__)
            return ChatAnswer(self._talk.trouble(type(error).__name__))
        return said

    def _answer(self, said: ChatAnswer) -> None:
        """In parts; one that fails is tried once more, and one that may have arrived is not."""
        for place, part in enumerate(split(said.text)):
            if place:
                self._stopped.wait(PART_SECONDS)
            fields: dict[str, Any] = {"chat_id": self._access.chat, "text": part}
            fields["link_preview_options"] = {"is_disabled": True}
            if said.table:
                whole = len(part.encode("utf-16-le")) // 2
                fields["entities"] = [{"type": "pre", "offset": 0, "length": whole}]
            called = self._api.call("sendMessage", **fields)
            if called.ended in ("busy", "failed", "not_sent"):
                self._stopped.wait(min(max(called.seconds, 1.0), WAITS[-1]))
                called = self._api.call("sendMessage", **fields)
            if called.ended != "done":
                self._log.warning("answer not sent", ended=called.ended, code=called.code)
                return


def _update(raw: Any) -> _Update | None:
    """What Telegram sent, if it can be read; of one that cannot at least its number counts."""
    try:
        return msgspec.convert(raw, _Update, strict=True)
    except msgspec.ValidationError:
        number = raw.get("update_id") if isinstance(raw, dict) else None
        return _Update(number) if type(number) is int else None
