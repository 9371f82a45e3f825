"""The keys of messengers and of the log: what is told where, when, and how long it is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Struct

from messages.exchange import described as _d

Kind = Literal["signals", "refusals", "trades", "orders", "account", "market", "bot", "summary"]
From = Literal["off", "info", "warning", "critical"]


class NoticeRule(Struct, frozen=True):
    """What of one kind of notice goes to messengers. What is critical goes always, and at once."""

    kind: Annotated[Kind, _d("which notices")]
    level: Annotated[From, _d("sent from this level on; off = none of them")] = "info"
    quiet: Annotated[str, _d('hours in which they wait, KST: "23:00-07:00"; "" = none')] = ""


class Notify(Struct, frozen=True):
    """What is sent to messengers, of whatever kind they are."""

    rules: Annotated[
        tuple[NoticeRule, ...], _d("a kind that is not listed goes by its default")
    ] = ()
    summary_hours: Annotated[int, _d("hours from one summary to the next", least=1, most=24)] = 24
    gather_seconds: Annotated[
        Decimal, _d("notices of so many seconds become one message", above=0, most=60)
    ] = Decimal(2)
    repeat_from: Annotated[
        Literal["info", "warning", "critical", "never"],
        _d("from this level on a message is sent again that perhaps has arrived"),
    ] = "warning"
    outbox_max: Annotated[
        int, _d("notices that wait for a messenger at most", least=20, most=5000)
    ] = 200


class Telegram(Struct, frozen=True):
    """Telegram; its token and the chat are no configuration (TELEGRAM_TOKEN, TELEGRAM_CHAT_ID)."""

    api_url: Annotated[str, _d("where Telegram's Bot API is")] = "https://api.telegram.org"
    notices: Annotated[bool, _d("send notices there")] = True
    commands: Annotated[bool, _d("take commands from there")] = True
    may_increase: Annotated[
        bool, _d("also forceenter, start, adopt, reload_config, after a second message")
    ] = False


class Logs(Struct, frozen=True):
    """The log file."""

    format: Annotated[Literal["json", "console"], _d("one JSON object a line, or plain text")] = (
        "json"
    )
    level: Annotated[Literal["debug", "info", "warning"], _d("least level that is written")] = (
        "info"
    )
    size_mb: Annotated[
        int, _d("a file turns over at midnight, or at so many MB", least=1, most=1000)
    ] = 10
    keep_days: Annotated[int, _d("days that older files are kept", least=1, most=3650)] = 14
