"""How one part of a letter is sent: to Telegram, or through apprise; and what came of it."""

from __future__ import annotations

import structlog

from actors.message_sender import SendPart
from adapters.apprise_client import Say
from adapters.telegram.access import Access
from adapters.telegram.client import BotApi, CallResult
from app.notifications.format import part
from messages.notification_delivery import LetterReport, Outcome, SendLetter

OUTCOMES: dict[str, Outcome] = {
    "done": "sent",
    "not_sent": "failed",
    "failed": "failed",
    "unknown": "unsure",
    "busy": "busy",
    "refused": "refused",
    "invalid": "invalid",
}


def to_telegram(access: Access, api_url: str, language: str) -> SendPart:
    """What sends to the chat. Raises ValueError for an address that will not do."""
    api = BotApi(api_url, access.token)

    def post(envelope: SendLetter) -> LetterReport:
        text, count = part(envelope, language)
        if not text:
            return _report(envelope, "sent", envelope.part + 1)
        called = send(api, access.chat, text)
        outcome = OUTCOMES[called.ended]
        return _report(envelope, outcome, count, called.seconds, called.code)

    return post


def send(api: BotApi, chat: int, text: str) -> CallResult:
    """One message, its links not opened."""
    quiet = {"is_disabled": True}
    return api.call("sendMessage", chat_id=chat, text=text, link_preview_options=quiet)


def to_apprise(say: Say, language: str) -> SendPart:
    """What sends through one of apprise's services."""

    def post(envelope: SendLetter) -> LetterReport:
        text, count = part(envelope, language)
        try:
            done = not text or say(text)
        except Exception as error:  # of a service that is not ours: it costs a notice, no more
            structlog.get_logger("posting").warning("service", error=type(error).__name__)
            done = False
        return _report(envelope, "sent" if done else "failed", count)

    return post


def _report(
    envelope: SendLetter, outcome: Outcome, count: int, seconds: float = 0.0, code: int = 0
) -> LetterReport:
    if outcome != "sent":
        log = structlog.get_logger("posting")
        log.warning("not sent", lane=envelope.lane, outcome=outcome, code=code, part=envelope.part)
    return LetterReport(envelope.lane, envelope.attempt, outcome, count, seconds)
