"""A small bot, and a desk before it, for the tests of what stands around them."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from i18n.errors import UserError
from messages.base import Message
from messages.control import Changes, ForceEnter, OperatorReply, Questions, Shutdown
from messages.previews import ChangePreview


@dataclass(frozen=True)
class FakeEnded:
    """Why it ended."""

    reason: str
    text: str = ""


class FakeBot:
    """Remembers what it was asked; ends when told to."""

    def __init__(self) -> None:
        self.asked: list[Changes] = []
        self.previews: dict[type, ChangePreview] = {}
        self.started = self.stopped = False
        self._ended: FakeEnded | None = None
        self._over = threading.Event()

    def start(self) -> None:
        self.started = True

    def ask(self, command: Changes, timeout: float = 5.0) -> OperatorReply:
        self.asked.append(command)
        if isinstance(command, Shutdown):
            self.end(FakeEnded("shutdown"))
        if isinstance(command, ForceEnter) and command.pair == "KRW-NONE":
            raise UserError(what="no such pair", where="market", allowed="KRW-BTC", todo="look")
        if isinstance(command, ForceEnter) and command.pair == "KRW-SLOW":
            raise TimeoutError
        refused = isinstance(command, ForceEnter) and command.pair == "KRW-ETH"
        return OperatorReply(not refused, "pair_busy" if refused else "done", {"pair": "x"})

    def preview(self, command: Changes) -> ChangePreview:
        """Every preview is the answer that would be given, and nothing more."""
        refused = isinstance(command, ForceEnter) and command.pair == "KRW-ETH"
        key = "pair_busy" if refused else "done"
        return self.previews.get(type(command)) or ChangePreview(OperatorReply(not refused, key))

    def end(self, ended: FakeEnded) -> None:
        if self._ended is None or ended.reason != "finished":
            self._ended = ended
        self._over.set()

    def wait(self, timeout: float | None) -> FakeEnded | None:
        self._over.wait(timeout)
        return self._ended

    def stop(self) -> None:
        self.stopped = True


class FakeDesk:
    """Answers in plain words."""

    def __init__(
        self, bot: FakeBot | None = None, trades: int = 0, *, real_money: bool = False
    ) -> None:
        self.bot = bot or FakeBot()
        self.looked: list[Message] = []
        self.pairs_held = ("KRW-BTC", "KRW-ETH", "KRW-XRP")[:trades]
        self.real_money = real_money

    def look(self, question: Questions) -> str:
        self.looked.append(question)
        return f"answer to {question.__struct_config__.tag}"

    def ask(self, change: Changes) -> OperatorReply:
        return self.bot.ask(change)

    def framed(self, text: str) -> str:
        return text

    def preview(self, change: Changes) -> ChangePreview | None:
        return self.bot.previews.get(type(change))

    def reply(self, reply: OperatorReply) -> str:
        return f"{'done' if reply.done else 'refused'}: {reply.key}"

    def say(self, key: str, **facts: str) -> str:
        pairs = facts.get("pairs", "").replace(" ", ", ")  # as the catalogue shows them
        said = {
            "confirm_shutdown_trades": f"{pairs} lose their stop. Sure?",
            "confirm_shutdown": "Shut down?",
            "confirm_kill": "Kill?",
            "not_done": "Not done.",
            "help_status": "보유 중인 거래",
        }
        return said.get(key, key)

    def complain(self, error: UserError) -> str:
        return f"{error.what}: {error.allowed}"

    def held(self) -> tuple[str, ...]:
        return self.pairs_held

    def live(self) -> bool:
        return self.real_money

    def pairs(self) -> tuple[str, ...]:
        return ("KRW-BTC", "KRW-ETH")
