"""Owns one call of the Bot API, and how it ended: https://core.telegram.org/bots/api.

Nothing is tried twice here. What Telegram or the network may do is an answer, never an exception,
so no address with the token in it gets out.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from adapters.upbit.answers import Failure
from adapters.upbit.secrets import Secret
from adapters.upbit.session import Session, Waits

SECONDS = 20.0  # longest call
CONNECT_SECONDS = 5.0
TEXT_MAX = 4000  # UTF-16 units of one message that we send; Telegram takes 4,096

Ended = Literal["done", "not_sent", "unknown", "busy", "refused", "invalid", "failed"]


class CallResult(Struct, frozen=True):
    """How a call ended, and Telegram's result of it.

    ``not_sent`` no byte left; ``unknown`` it left, and no answer came; ``busy`` not before so many
    ``seconds``; ``refused`` token or chat will not do; ``invalid`` this very request will not;
    ``failed`` Telegram says that it failed there. ``code`` is HTTP's, 0 without an answer.
    """

    ended: Ended
    result: Any = None
    code: int = 0
    seconds: float = 0.0


class _Parameters(Struct, frozen=True):
    retry_after: float = 0.0


class _Answer(Struct, frozen=True):
    ok: bool = False
    result: msgspec.Raw = msgspec.Raw(b"null")
    parameters: _Parameters = _Parameters()


_DECODER = msgspec.json.Decoder(_Answer)


class BotApi:
    """One kept connection; used by one thread."""

    def __init__(self, api_url: str, token: Secret, total: float = SECONDS) -> None:
        """``total``: seconds of the longest call. Raises ValueError for the address."""
        self._token = token
        self._session = Session(api_url, None, Waits(CONNECT_SECONDS, total, total))

    def call(self, method: str, **fields: Any) -> CallResult:
        """Perform one."""
        path = f"/bot{self._token.reveal()}/{method}"
        answer = self._session.call("POST", path, body=msgspec.json.encode(fields), signed=False)
        if isinstance(answer, Failure):
            return CallResult("not_sent" if answer.kind == "not_sent" else "unknown")
        try:
            told = _DECODER.decode(answer.body)
            result = msgspec.json.decode(told.result) if told.ok else None
        except (msgspec.MsgspecError, ValueError, RecursionError):
            told, result = _Answer(), None
        return _judged(answer.status, told, result)

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()


def _judged(status: int, told: _Answer, result: Any) -> CallResult:
    if status == 200:
        return CallResult("done" if told.ok else "unknown", result, status)
    if status == 429:
        return CallResult("busy", None, status, told.parameters.retry_after)
    if status in (400, 413):
        return CallResult("invalid", None, status)
    if 400 <= status < 500:
        return CallResult("refused", None, status)
    return CallResult("failed", None, status)


def utf16(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, most: int = TEXT_MAX) -> list[str]:
    """Parts that Telegram takes, cut at ends of lines; a line that is longer is cut anywhere."""
    parts: list[str] = []
    current = ""
    for line in text.split("\n"):
        for piece in _pieces(line, most):
            joined = f"{current}\n{piece}" if current else piece
            if current and utf16(joined) > most:
                parts.append(current)
                joined = piece
            current = joined
    return [part for part in (*parts, current) if part.strip()]


def _pieces(line: str, most: int) -> list[str]:
    """A line in pieces, none of them too long; no character is torn."""
    if utf16(line) <= most:
        return [line]
    pieces, current, size = [], "", 0
    for char in line:
        width = 2 if ord(char) > 0xFFFF else 1
        if size + width > most:
            pieces.append(current)
            current, size = "", 0
        current, size = current + char, size + width
    return [*pieces, current]
