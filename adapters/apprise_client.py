"""Owns messengers of other kinds, through apprise: each URL is one, and its secrets never print.

NOTIFY_URLS, with blanks between, is looked for where Upbit's keys are. Apprise has its own time
limits (4 s to connect, 4 s to answer, unless a URL says otherwise) and tells only yes or no.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, MutableMapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from adapters.upbit.secrets import NoKeys, looked_up

URLS = "NOTIFY_URLS"
URLS_MAX = 16
TITLE = "Jangbu"

Say = Callable[[str], bool]


def installed() -> bool:
    """Whether apprise is there."""
    return find_spec("apprise") is not None


def load_urls(
    environ: MutableMapping[str, str], file: Path | None = None
) -> tuple[str, ...] | NoKeys:
    """The URLs of the first place that has any, () when none has; ``environ`` loses its own."""
    found = looked_up((URLS,), environ, file)
    if isinstance(found, NoKeys):
        return () if found.problem == "missing" else found
    urls = tuple(dict.fromkeys(found[0][URLS].split()))
    if not urls or len(urls) > URLS_MAX:
        return NoKeys("malformed", found[1], URLS)
    return urls


def senders(urls: tuple[str, ...]) -> dict[str, Say]:
    """By a name that tells the kind alone, what says a text there.

    ValueError names the place of a URL that apprise does not know, never the URL.
    """
    from apprise import Apprise, NotifyType, OverflowMode  # takes a third of a second

    made: dict[str, Say] = {}
    for place, url in enumerate(urls, 1):
        service: Any = Apprise.instantiate(url, suppress_exceptions=True)
        if service is None:
            raise ValueError(f"URL {place} of {len(urls)} is none that apprise knows")
        if "overflow=" not in url:
            service.overflow_mode = OverflowMode.SPLIT
        name = f"{url.partition(':')[0].lower()}-{hashlib.sha256(url.encode()).hexdigest()[:6]}"

        def say(text: str, service: Any = service) -> bool:
            return bool(service.notify(body=text, title=TITLE, notify_type=NotifyType.INFO))

        made[name] = say
    return made
