"""Owns the check of Telegram: whether the token is one, and whether its bot may write in the chat.

Where Telegram is not set up there is nothing to say. It never keeps a bot from trading.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.telegram.access import Access, NoAccess, load_access
from adapters.telegram.client import BotApi, CallResult
from app.notifications.config import DOTENV, access_error, checked_url
from app.preflight.finding import Finding, ok, warning
from i18n import configured_language
from i18n.errors import UserError
from messages.config import Config

SECONDS = 5.0  # of each of the two calls


def check_telegram(config: Config, environ: Mapping[str, str]) -> list[Finding]:
    """One finding, or none. Nothing of the token is in it, and no message is sent."""
    found = load_access(dict(environ), DOTENV)
    if isinstance(found, NoAccess):
        if found.problem == "missing":
            return []
        return [_unusable(access_error(found, configured_language(config, environ)))]
    try:
        api = BotApi(checked_url(config), found.token, SECONDS)
    except UserError as error:
        return [_unusable(error)]
    try:
        return [_asked(api, found)]
    finally:
        api.close()


def _unusable(error: UserError) -> Finding:
    return warning("telegram", "telegram_unusable", text=error.what, advice=error.todo)


def _asked(api: BotApi, access: Access) -> Finding:
    bot = api.call("getMe")
    if bot.ended != "done":
        return _failed(bot, "telegram_token")
    chat = api.call("getChat", chat_id=access.chat)
    if chat.ended != "done":
        return _failed(chat, "telegram_chat")
    name = bot.result.get("username", "") if isinstance(bot.result, dict) else ""
    return ok("telegram", "telegram_ok", name=str(name), chat=str(access.chat))


def _failed(called: CallResult, refused: str) -> Finding:
    """What was refused is wrong; whatever else happened may pass."""
    if called.ended in ("refused", "invalid"):
        return warning("telegram", refused)
    return warning("telegram", "telegram_silent")
