"""Owns the last words of a run that stays down while something is at stake: to every messenger.

Said by the parent, or by a start that never came to have a child: who trusts the bot with a
stop must learn that it is not watched. Each messenger is tried twice, all at once, and none is
waited for longer than a while.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from adapters import apprise_client
from adapters.telegram.access import Access, load_access
from adapters.telegram.client import BotApi, split
from adapters.upbit.secrets import NoKeys
from app.at_stake import AtStake, at_stake
from app.notifications.config import DOTENV
from app.notifications.senders import send
from core.plain import plain
from i18n import configured_language, say
from i18n.formatting import price
from messages.config import Config
from persistence.lock import owner

SECONDS = 15.0  # that the end of a run waits for its messengers
TRIES = 2
SAID_MAX = 600  # characters of what the bot said last
TRADES_MAX = 30
Speak = Callable[[str], bool]  # whether it arrived


def send_last_words(
    state: Path, config: Config | None, environ: Mapping[str, str], text: str, wait: float = SECONDS
) -> bool:
    """Tell every messenger, where something is at stake and unwatched; whether it did.

    ``config``: the one of this start, None where it could not be read: then the bot's last one.
    """
    try:
        stake = at_stake(state)
        if not stake.any or owner(state):  # another process watches
            return False
    except OSError:
        return False
    used = config or stake.config or Config()
    language = configured_language(used, environ)
    told = words_of(stake, text, language)
    voices = [*_telegram(used, environ), *_others(environ)]
    threads = [threading.Thread(target=_tried, args=(v, told), daemon=True) for v in voices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(wait)
    return bool(threads)


def words_of(stake: AtStake, text: str, language: str) -> str:
    """What is wrong, what is open, what to do."""
    lines = [say("last_words", language, text=plain(text)[:SAID_MAX])]
    for held in stake.trades[:TRADES_MAX]:
        facts = {"volume": format(held.amount, "f"), "price": format(held.entry, "f")}
        lines.append(
            say("last_words_trade", language, pair=held.pair, **facts, stop=price(held.stop))
        )
    if stake.orders:
        lines.append(say("last_words_orders", language, count=str(stake.orders)))
    if not stake.readable:
        lines.append(say("last_words_unread", language))
    return "\n".join(["🚨 " + lines[0], *lines[1:], say("last_words_todo", language)])


def _tried(speak: Speak, text: str) -> None:
    for _ in range(TRIES):
        try:
            if speak(text):
                return
        except Exception:  # of a service that is not ours: the others are told all the same
            continue


def _telegram(config: Config, environ: Mapping[str, str]) -> list[Speak]:
    found = load_access(dict(environ), DOTENV)
    if not isinstance(found, Access) or not config.telegram.notices:
        return []
    access = found

    def speak(text: str) -> bool:
        api = BotApi(config.telegram.api_url, access.token)
        ends = [send(api, access.chat, part).ended for part in split(text)]
        return not any(end in ("not_sent", "failed", "busy") for end in ends)

    return [speak]


def _others(environ: Mapping[str, str]) -> list[Speak]:
    urls = apprise_client.load_urls(dict(environ), DOTENV)
    if isinstance(urls, NoKeys) or not urls or not apprise_client.installed():
        return []
    try:
        return [*apprise_client.senders(urls).values()]
    except ValueError:
        return []
