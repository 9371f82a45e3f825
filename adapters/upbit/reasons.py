"""Owns why a call or a socket failed, in one word of ours: a library's text is never repeated.

Such a text may hold the address that was asked, with all that stood in it.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Literal

import requests
from urllib3 import exceptions as u3

Reason = Literal[
    "dns",
    "refused",
    "unreachable",
    "connect_timeout",
    "certificate",
    "tls",
    "timeout",
    "reset",
    "cut",
    "too_large",
    "unreadable",
    "no_keys",
]

_REASONS: tuple[tuple[Reason, tuple[type[BaseException], ...]], ...] = (
    ("certificate", (ssl.SSLCertVerificationError,)),
    ("tls", (ssl.SSLError, u3.SSLError)),
    ("dns", (socket.gaierror, u3.NameResolutionError)),
    ("refused", (ConnectionRefusedError,)),
    ("connect_timeout", (u3.ConnectTimeoutError,)),
    ("cut", (u3.IncompleteRead,)),
    ("reset", (ConnectionError, requests.exceptions.ChunkedEncodingError)),
    ("timeout", (TimeoutError, u3.ReadTimeoutError)),
)
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


def reason_of(error: BaseException) -> Reason:
    """What went wrong: the first row of the table that the error, or what it wraps, fits."""
    chain = list(causes(error))
    for reason, kinds in _REASONS:
        if any(isinstance(cause, kinds) for cause in chain):
            return reason
    if any(isinstance(cause, OSError) and cause.errno in _UNREACHABLE for cause in chain):
        return "unreachable"
    return "unreadable"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error with all that it wraps."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None)]
        waiting += [part for part in cause.args if isinstance(part, BaseException)]
        waiting = [part for part in waiting if isinstance(part, BaseException)]
