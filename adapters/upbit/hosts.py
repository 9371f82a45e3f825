"""Owns where Upbit is, and that nothing signed goes anywhere in the clear.

An address names a host and no path: "https://api.upbit.com". Without TLS only this very machine
may be meant, which is where the sandbox is.
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

REST_URL = "https://api.upbit.com"
WS_URL = "wss://api.upbit.com"
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.I)  # a last label like it makes it one of IPv4
_SCHEME = re.compile(  # as it is typed, also in haste: https//, https:/, htps://, https://https://
    r"(?:(?:h?tt?pp?s?|wss?)[:;.]{0,2}/{1,3}:?|(?:https?|wss?):|//+)+", re.I
)
PUBLIC, PRIVATE = "/websocket/v1", "/websocket/v1/private"


class Host(NamedTuple):
    """A checked address."""

    base: str  # without a slash at its end
    name: str
    port: int
    secure: bool


def rest_host(url: str) -> Host:
    """The host of REST calls; ValueError if the address will not do."""
    return _checked(url, "https", "http")


def socket_host(url: str) -> Host:
    """The host of the sockets; ValueError if the address will not do."""
    return _checked(url, "wss", "ws")


def any_address(url: str) -> str:
    """An address that is called as it stands, with its path; ValueError if it will not do."""
    parts, _ = _split(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("an address begins with https:// and names a host")
    return url


def proxy(url: str) -> None:
    """A proxy as requests takes it, with or without its scheme; ValueError if it will not do."""
    parts, _ = _split(url if "://" in url or _SCHEME.match(url) else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a proxy is http://host:port or https://host:port")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("a proxy has no path")


def mended(url: str, secure: str) -> str:
    """The nearest address that would do: the host of this one, under a scheme that fits; or ""."""
    plain = {"https": "http", "wss": "ws"}[secure]
    text = url.strip()
    rest = _SCHEME.sub("", text, count=1) if _SCHEME.match(text) else text.partition("://")[2]
    place = re.split(r"[/?#\\]", (rest or text).strip(), maxsplit=1)[0].rpartition("@")[2]
    try:
        parts, port = _split(f"{secure}://{place}")
    except ValueError:
        return ""
    if not (name := parts.hostname):
        return ""
    place = f"[{name}]" if ":" in name else name
    typed = text.lower().startswith(f"{secure}://")
    scheme = plain if _is_here(name) and not typed else secure
    return f"{scheme}://{place}" + (f":{port}" if port else "")


def _split(url: str) -> tuple[SplitResult, int | None]:
    """Its parts and its port; ValueError for what is no address at all."""
    if any(char.isspace() or not char.isprintable() for char in url):
        raise ValueError("an address has no blanks")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("an address is scheme://host or scheme://host:port") from None
    port = _port(parts)
    if parts.hostname and not _is_name(parts.hostname):
        raise ValueError("an address names a host: api.upbit.com, or a number like 127.0.0.1")
    return parts, port


def _port(parts: SplitResult) -> int | None:
    """The port that is named; ValueError for one that is none, and for a colon without one."""
    if parts.netloc.endswith(":"):
        raise ValueError("an address is scheme://host or scheme://host:port")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("a port is a number from 1 to 65535")
    return port


def _is_name(host: str) -> bool:
    """Whether it is a number of IPv4 or IPv6, or a name: labels of letters, figures and hyphens.

    None is empty, none begins or ends with a hyphen (RFC 1123, 2.1).
    """
    try:
        labels = host.encode("idna").decode().removesuffix(".").split(".")
        if ":" in host or _NUMBER.fullmatch(labels[-1]):
            return bool(ipaddress.ip_address(host))
    except ValueError:  # also of idna
        return False
    return all(_LABEL.fullmatch(label) for label in labels)


def _checked(url: str, secure: str, plain: str) -> Host:
    parts, port = _split(url)
    name = parts.hostname
    if parts.scheme not in (secure, plain) or not name:
        raise ValueError(f"an address begins with {secure}:// and names a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address is a host and nothing else")
    if parts.path not in ("", "/"):
        raise ValueError("an address has no path, not even /v1")
    if parts.scheme == plain and not _is_here(name):
        raise ValueError(f"only this machine may be reached without TLS: use {secure}://")
    is_secure = parts.scheme == secure
    return Host(
        f"{parts.scheme}://{parts.netloc}", name, port or (443 if is_secure else 80), is_secure
    )


def _is_here(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
