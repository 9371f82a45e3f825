"""Owns which keys of the configuration are addresses, and what is wrong with one.

All are read here, where the file is read: what will not do is told at once, by whatever verb.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from adapters.upbit.hosts import any_address, mended, proxy, rest_host, socket_host


class Address(NamedTuple):
    """How an address is read, under which scheme it is safe, and where its service usually is."""

    read: Callable[[str], Any]
    secure: str
    usual: str
    hidden: bool = False  # who knows it can misuse it: it is never shown


ADDRESSES = {
    "exchange.rest_url": Address(rest_host, "https", "https://api.upbit.com"),
    "exchange.ws_url": Address(socket_host, "wss", "wss://api.upbit.com"),
    "telegram.api_url": Address(rest_host, "https", "https://api.telegram.org"),
    "heartbeat_url": Address(any_address, "https", "https://...", hidden=True),
}


def wrong_with(path: str, url: str) -> str:
    """What is wrong with the address of a key, in English; "" when it will do."""
    try:
        ADDRESSES[path].read(url)
    except ValueError as error:
        return str(error)
    return ""


PROXY = "http://127.0.0.1:3128"


def wrong_proxy(url: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The variable by whose proxy an address would be called in vain, and why; None when well.

    As requests chooses it: ``https_proxy`` or ``all_proxy``, in either case, unless ``no_proxy``.
    """
    around = {name.lower(): (name, text) for name, text in environ.items() if text}
    parts = urlsplit(url)
    if _bypassed(parts.hostname or "", around.get("no_proxy", ("", ""))[1]):
        return None
    for key in (f"{parts.scheme}_proxy", "all_proxy"):
        if key in around:
            name, text = around[key]
            try:
                proxy(text)
            except ValueError as error:
                return name, str(error)
            return None
    return None


def _bypassed(host: str, listed: str) -> bool:
    """Whether ``no_proxy`` names the host, a domain of it, or every one."""
    names = [name.strip().lstrip(".").lower() for name in listed.split(",") if name.strip()]
    return any(name in ("*", host) or host.endswith(f".{name}") for name in names)


def instead(path: str, url: str) -> str:
    """What to write in its place."""
    address = ADDRESSES[path]
    return address.usual if address.hidden else mended(url, address.secure) or address.usual
