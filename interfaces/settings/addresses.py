"""Owns which keys of the configuration are addresses, and what is wrong with one.

All are read here, where the file is read: what will not do is told at once, by whatever verb.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from adapters.upbit.hosts import any_address, mended, rest_host, socket_host


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


def instead(path: str, url: str) -> str:
    """What to write in its place."""
    address = ADDRESSES[path]
    return address.usual if address.hidden else mended(url, address.secure) or address.usual
