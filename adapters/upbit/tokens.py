"""Owns what a signed request proves: the text that is hashed, and the token made of it.

docs/reference/upbit.md 1.2 and 1.3. The hash covers names and values as they are *before* they are
percent-encoded, in the order in which they go out. HS512 is what Upbit's page recommends; its
servers take HS256 as well.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from urllib.parse import quote

from jwt import PyJWS
from jwt.algorithms import HMACAlgorithm

from adapters.upbit.secrets import Keys

Params = Sequence[tuple[str, str]]


def query_text(params: Params) -> str:
    """What is hashed of a query: plain text, brackets of arrays as they stand."""
    return "&".join(f"{name}={value}" for name, value in params)


def query_on_wire(params: Params) -> str:
    """The same query as it goes out: every reserved character percent-encoded."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in params)


def body_text(body: bytes) -> str:
    """What is hashed of a JSON body: its members in their own order.

    ValueError unless it is an object of texts: how Upbit hashes anything else is not known.
    """
    members = json.loads(body, object_pairs_hook=tuple)
    if not isinstance(members, tuple):
        raise ValueError("a body is an object")
    for member in members:
        if not isinstance(member, tuple) or not isinstance(member[1], str):
            raise ValueError("every member of a body is a text")
    return query_text(members)


class _Hmac(HMACAlgorithm):
    """Upbit issues keys of 40 characters: a warning at every request would help nobody."""

    def check_key_length(self, key: bytes) -> None:
        return None


class Unsigned(Exception):
    """There are no keys to sign with now."""


class Signer:
    """Makes the token of one request; each has a nonce of its own."""

    def __init__(
        self,
        keys: Keys,
        algorithm: str = "HS512",
        nonce: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._keys = keys
        self._nonce = nonce
        self._algorithm = algorithm
        self._jws = PyJWS(algorithms=["HS256", "HS512"])
        for name, hashing in (("HS256", _Hmac.SHA256), ("HS512", _Hmac.SHA512)):
            self._jws.unregister_algorithm(name)
            self._jws.register_algorithm(name, _Hmac(hashing))

    def token(self, hashed: str = "") -> str:
        """The JWT of a request over ``hashed``, the plain text of its query or body."""
        claims = {"access_key": self._keys.access.reveal(), "nonce": self._nonce()}
        if hashed:
            claims["query_hash"] = hashlib.sha512(hashed.encode()).hexdigest()
            claims["query_hash_alg"] = "SHA512"
        payload = json.dumps(claims, separators=(",", ":")).encode()
        return self._jws.encode(payload, self._keys.secret.reveal().encode(), self._algorithm)

    def header(self, hashed: str = "") -> str:
        """The value of ``Authorization``."""
        return f"Bearer {self.token(hashed)}"
