"""Owns what a person is told about a call that brought nothing: one key of the catalogue.

The texts are ``check_<key>`` and ``check_<key>_todo``; both are given the same facts.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from msgspec import Struct

from adapters.upbit.answers import Failure
from adapters.upbit.replies import NoData, Refused, Trouble
from app.venue.requests import Banned
from i18n import say
from i18n.errors import UserError

TEXT_MAX = 200  # characters of Upbit's own words that are shown
_NET = {
    "dns": "net_dns",
    "refused": "net_refused",
    "unreachable": "net_unreachable",
    "connect_timeout": "net_timeout",
    "timeout": "net_timeout",
    "certificate": "net_certificate",
    "tls": "net_tls",
}
_NAMES = {  # docs/reference/upbit.md 1.6; the second spelling of the address' refusal is older
    "jwt_verification": "key_wrong",
    "invalid_access_key": "key_wrong",
    "expired_access_key": "key_expired",
    "no_authorization_ip": "key_ip",
    "no_authorization_i_p": "key_ip",
    "market_offline": "offline",
}
OF_THE_KEY = frozenset({"key_wrong", "key_expired", "key_ip"})  # every further call says the same

# What may be over by itself, so that who trades already waits for it.
OF_ITSELF = frozenset(
    {
        *("net_dns", "net_refused", "net_unreachable", "net_timeout", "net_broken"),
        *("net_garbled", "venue_down", "offline", "throttled", "banned"),
    }
)


class Why(Struct, frozen=True):
    """A key of the catalogue, and its facts."""

    key: str
    facts: dict[str, str]


def why(trouble: Trouble, host: str) -> Why:
    """The one sentence for what went wrong; ``host`` is the address that was asked."""
    if isinstance(trouble, Failure):
        return Why(_NET.get(trouble.reason, "net_broken"), {"host": host, "text": trouble.reason})
    if isinstance(trouble, NoData):
        return Why("net_garbled", {"host": host, "text": trouble.reason[:TEXT_MAX]})
    facts = {"host": host, "name": trouble.name[:TEXT_MAX], "text": trouble.message[:TEXT_MAX]}
    if trouble.name in _NAMES:
        return Why(_NAMES[trouble.name], facts)
    if trouble.status == 429:
        return Why("throttled", facts)
    if trouble.status >= 500:
        return Why("venue_down", {**facts, "status": str(trouble.status)})
    return Why("refused", {**facts, "name": facts["name"] or str(trouble.status)})


def shut_out(ban: Banned, host: str) -> Why:
    """The same of a 418."""
    return Why("banned", {"host": host, "until": str(time.time() + ban.seconds)})


def as_error(reason: Why, language: str, where: str = "") -> UserError:
    """What ends a verb, in the reader's language."""
    key = f"check_{reason.key}"
    todo = say(f"{key}_todo", language, **reason.facts)
    return UserError(say(key, language, **reason.facts), where, "", todo)


def is_scope(trouble: Trouble) -> bool:
    """Whether Upbit says that the key may not do this."""
    return isinstance(trouble, Refused) and trouble.name == "out_of_scope"


class Unreachable(UserError):
    """Upbit cannot be asked now, which may end by itself; not before ``until`` (epoch seconds)."""

    until = 0.0


def error_of(key: str, error: UserError, facts: Mapping[str, str]) -> UserError:
    """The same error, as Unreachable if what the key stands for may end by itself."""
    if key not in OF_ITSELF:
        return error
    found = Unreachable(error.what, error.where, error.allowed, error.todo)
    found.until = float(facts.get("until", 0.0))
    return found
