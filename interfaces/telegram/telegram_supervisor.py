"""How Telegram comes to a run: its listener and what it is told when the bot falls."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from adapters.telegram.access import Access
from adapters.telegram.client import BotApi
from app import logs
from app.config.config_file import Loaded
from app.notifications.senders import send
from core.strategies import BUILT_IN
from i18n import say
from interfaces.console.session import StateSession
from interfaces.telegram.conversation import Conversation
from interfaces.telegram.listener import Listener
from interfaces.telegram.offsets import Offset
from messages.notification_config import Telegram

PHONE = 38  # characters of a line, in the fixed width that a phone shows
LAST_WORDS_SECONDS = 15.0  # that the end of a run waits for


class TelegramSupervisor:
    """Of one run. ``url`` is checked; ``complain`` writes a line on the terminal."""

    def __init__(
        self,
        config: Telegram,
        url: str,
        access: Access,
        language: str,
        complain: Callable[[str], None],
    ) -> None:
        self._config, self._url, self._access, self._words = config, url, access, language
        self._complain = complain
        self._listener: Listener | None = None

    def open(self, state: Path, loaded: Loaded) -> None:
        """Take commands, if that is wanted; the state directory is there."""
        if not self._config.commands or self._listener:
            return
        logs.set_up(state, loaded.config.logs)
        strategy = None if loaded.config.strategy in BUILT_IN else loaded.strategy.strategy
        session = StateSession(state, self._words, strategy=strategy)
        session.width = PHONE
        talk = Conversation(session, self._config.may_increase)
        self._listener = Listener(self._url, self._access, talk, Offset(state), self._say)
        self._listener.start()

    def _say(self, key: str) -> None:
        self._complain(say(key, self._words))

    def announce(self, key: str, **facts: str) -> threading.Thread:
        """Say in the chat what the bot cannot say itself; whoever wants to may wait for it."""
        text = say(key, self._words, **facts)

        def speak() -> None:
            api = BotApi(self._url, self._access.token)
            called = send(api, self._access.chat, text)
            if called.ended in ("not_sent", "failed"):
                send(api, self._access.chat, text)

        thread = threading.Thread(target=speak, name="announcing", daemon=True)
        if self._config.notices:
            thread.start()
        return thread

    def last_words(self, key: str, **facts: str) -> None:
        """The same, and wait until it was said, or for a while."""
        thread = self.announce(key, **facts)
        if thread.ident:
            thread.join(LAST_WORDS_SECONDS)

    def close(self) -> None:
        """No more commands."""
        if self._listener:
            self._listener.stop()
