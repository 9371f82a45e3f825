"""Which messengers there are: read off the credentials, each a lane of the outbox."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

from actors.message_sender import SendPart
from adapters import apprise_client
from adapters.telegram.access import CHAT, TOKEN, Access, NoAccess, load_access
from adapters.upbit.secrets import NoKeys
from i18n import say
from i18n.errors import UserError
from messages.config import Config

TELEGRAM = "telegram"
DOTENV = Path(".env")


def messengers(
    config: Config, environ: MutableMapping[str, str], language: str
) -> dict[str, SendPart]:
    """By name, what sends there; empty where none is set up. Raises UserError.

    Whatever it finds in ``environ`` is taken out of it.
    """
    made: dict[str, SendPart] = {}
    access = access_of(environ, language)
    if access and config.telegram.notices:
        from app.notifications.senders import to_telegram  # imported late: few need a network

        made[TELEGRAM] = to_telegram(access, checked_url(config), language)
    urls = apprise_client.load_urls(environ, DOTENV)
    if isinstance(urls, NoKeys):
        raise _wrong(urls.problem, urls.place or "", apprise_client.URLS, language)
    if not urls:
        return made
    if not apprise_client.installed():
        raise UserError(
            say("post_no_apprise", language, name=apprise_client.URLS),
            apprise_client.URLS,
            "",
            "make all",
        )
    try:
        voices = apprise_client.senders(urls)
    except ValueError as error:
        allowed = "apprise's URLs, blanks between: discord://... slack://... mailto://..."
        todo = "see docs/guides/messengers.md"
        raise UserError(str(error), apprise_client.URLS, allowed, todo) from None
    from app.notifications.senders import to_apprise

    return made | {name: to_apprise(voice, language) for name, voice in voices.items()}


def access_of(environ: MutableMapping[str, str], language: str) -> Access | None:
    """The way to the chat, None where Telegram is not set up at all. Raises UserError."""
    found = load_access(environ, DOTENV)
    if isinstance(found, Access):
        return found
    if isinstance(found, NoAccess) and found.problem == "missing":
        return None
    raise access_error(found, language)


def access_error(found: NoAccess, language: str) -> UserError:
    """What is wrong with the names and their values, and what to do."""
    return _wrong(found.problem, found.place, found.name, language)


def checked_url(config: Config) -> str:
    """Telegram's address, if it will do. Raises UserError."""
    from adapters.upbit.hosts import rest_host

    try:
        return rest_host(config.telegram.api_url).base
    except ValueError as error:
        raise UserError(
            str(error), "telegram.api_url", "https://api.telegram.org", "correct the address"
        ) from None


def _wrong(problem: str, place: str, name: str, language: str) -> UserError:
    facts = {"name": name or place, "place": place, "token": TOKEN, "chat": CHAT}
    key = f"post_secret_{problem}"
    return UserError(
        say(key, language, **facts), place, "", say("post_secret_todo", language, **facts)
    )
