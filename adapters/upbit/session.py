"""Owns the kept connection to Upbit's REST API: one call, one answer or one failure.

Nothing is tried twice here, no redirect is followed, nothing of the environment is believed
(proxies, netrc), and no exception of a library gets out: what it says may hold an address with
what we asked. Used by one thread. Facts: docs/reference/upbit.md 1.1;
rules: docs/reference/reliability.md 1.
"""

from __future__ import annotations

import time
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy

import requests
from msgspec import Struct
from requests import PreparedRequest, Response
from urllib3.exceptions import HTTPError

from adapters.upbit.answers import Answer, Failure, answer_of
from adapters.upbit.hosts import rest_host
from adapters.upbit.reasons import Reason, reason_of
from adapters.upbit.tokens import Params, Signer, Unsigned, body_text, query_on_wire, query_text
from adapters.upbit.wire import WatchedAdapter, Wire

BODY_MAX = 1024 * 1024  # bytes
PIECE = 64 * 1024
USER_AGENT = "jangbu"


class Waits(Struct, frozen=True):
    """How long a call may take, in seconds: to connect, between two bytes, and in all."""

    connect: float = 3.0
    read: float = 5.0
    total: float = 10.0


class _Bad(Exception):
    """An answer that is not to be had whole."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Session:
    """One kept connection. ``ca`` is a file of certificates to trust instead of the usual ones."""

    def __init__(
        self, rest_url: str, signer: Signer | None = None, waits: Waits = Waits(), ca: str = ""
    ) -> None:
        self._base = rest_host(rest_url).base
        self._signer = signer
        self._waits = waits
        self._wire = Wire()
        self._verify: bool | str = ca or True
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.adapters.clear()
        self._session.mount(self._base, WatchedAdapter(self._wire))

    def call(
        self,
        method: str,
        path: str,
        params: Params = (),
        body: bytes = b"",
        signed: bool = True,
    ) -> Answer | Failure:
        """Perform one call; ``body`` goes out byte for byte, and is what is signed.

        ValueError when it cannot be made at all: no keys, or a body that cannot be hashed.
        """
        try:
            request = self._prepared(method, path, params, body, signed)
        except Unsigned:
            return Failure("not_sent", "no_keys")
        started = time.monotonic()
        self._wire.begin(self._waits.total)
        try:
            response = self._session.send(
                request,
                stream=True,
                timeout=(min(self._waits.connect, self._waits.total), self._waits.read),
                allow_redirects=False,
                verify=self._verify,
            )
            with response:
                content = _content(response)
        except _Bad as error:
            return Failure("unknown", error.reason)
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            return Failure("unknown" if self._wire.written else "not_sent", reason_of(error))
        return answer_of(
            response.status_code, response.headers, content, time.monotonic() - started
        )

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def _prepared(
        self, method: str, path: str, params: Params, body: bytes, signed: bool
    ) -> PreparedRequest:
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if body:
            headers["Content-Type"] = "application/json; charset=utf-8"
        if signed:
            if self._signer is None:
                raise ValueError("this call needs keys")
            headers["Authorization"] = self._signer.header(
                body_text(body) if body else query_text(params)
            )
        url = self._base + path + ("?" + query_on_wire(params) if params else "")
        request = PreparedRequest()
        request.prepare(method=method, url=url, headers=headers, data=body or None)
        return request


def _content(response: Response) -> bytes:
    """The body as it came, up to its limit."""
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read(PIECE, decode_content=False):
        size += len(piece)
        if size > BODY_MAX:
            raise _Bad("too_large")
        pieces.append(piece)
    told = response.headers.get("Content-Length", "").isdigit()
    if not pieces and not told and "Transfer-Encoding" not in response.headers:
        raise _Bad("cut")  # a head that ends in its midst looks like a whole one
    return b"".join(pieces)
