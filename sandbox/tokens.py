"""Owns who may ask: keys, tokens, query hashes, nonces, and what each key is allowed.

Rules and error names: docs/reference/upbit.md 1.2 to 1.6. The order of the checks is its advice;
nonces are never taken twice while the sandbox runs.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import jwt
from jwt.algorithms import HMACAlgorithm
from jwt.utils import base64url_decode
from msgspec import Struct

from sandbox.assumptions import Assumptions
from sandbox.rejections import Rejected

# The algorithms stand alone, for a key's length is not their business.
ALGORITHMS = {
    "HS256": HMACAlgorithm(HMACAlgorithm.SHA256),
    "HS384": HMACAlgorithm(HMACAlgorithm.SHA384),
    "HS512": HMACAlgorithm(HMACAlgorithm.SHA512),
}
SCOPES = ("assets", "order", "order_view", "withdraw", "withdraw_view", "deposit", "deposit_view")
USUAL = frozenset({"assets", "order", "order_view"})
ACCESS, SECRET = "sandbox-access-key", "sandbox-secret-key"


class Key(Struct, frozen=True):
    """One API key; its secret is raw text, never decoded."""

    access: str = ACCESS
    secret: str = SECRET
    scopes: frozenset[str] = USUAL
    expired: bool = False
    barred: bool = False  # the caller's address is not on its list


class Tokens:
    """The keys that there are, and the nonces that were used."""

    def __init__(self, *keys: Key) -> None:
        self.keys = {key.access: key for key in keys or (Key(),)}
        self.switches = Assumptions()
        self._nonces: dict[tuple[str, str], float] = {}  # when each was used

    def verify(self, headers: Mapping[str, str], *texts: str) -> Key:
        """The key of a request whose hashed text is one of these. Raises Rejected."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Rejected("no_authorization_token")
        key, claims = self._opened(token.strip())
        if key.expired:
            raise Rejected("expired_access_key")
        if key.barred:
            raise Rejected("no_authorization_ip")
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not nonce:
            raise Rejected("invalid_query_payload")
        self._use(key.access, nonce)
        _match_hash(claims, texts)
        return key

    def _use(self, access: str, nonce: str) -> None:
        now, memory = time.monotonic(), self.switches.nonce_seconds
        used = self._nonces.get((access, nonce))
        if used is not None and (not memory or now - used < memory):
            raise Rejected("nonce_used")
        self._nonces[access, nonce] = now

    def handshake(self, headers: Mapping[str, str]) -> str | None:
        """The name of the error of a socket's handshake, None when it is sound (1.4)."""
        try:
            self.verify(headers)
        except Rejected as no:
            return no.name
        return None

    def _opened(self, token: str) -> tuple[Key, dict[str, Any]]:
        """The claims under a signature of a key that we know."""
        try:
            name = str(jwt.get_unverified_header(token).get("alg"))
            claims = jwt.decode(token, options={"verify_signature": False})
            signed, _, signature = token.rpartition(".")
            proof = base64url_decode(signature)
        except (jwt.PyJWTError, ValueError) as error:
            raise Rejected("jwt_verification") from error
        algorithm = ALGORITHMS.get(name) if name != "HS384" or self.switches.hs384 else None
        key = self.keys.get(str(claims.get("access_key")))
        if key is None:
            raise Rejected("invalid_access_key")
        if not algorithm or not algorithm.verify(signed.encode(), key.secret.encode(), proof):
            raise Rejected("jwt_verification")
        return key, claims


def _match_hash(claims: Mapping[str, Any], texts: tuple[str, ...]) -> None:
    given = claims.get("query_hash")
    if not any(texts) and given is None:
        return
    if claims.get("query_hash_alg", "SHA512") != "SHA512":
        raise Rejected("invalid_query_payload")
    if given not in [hashlib.sha512(text.encode()).hexdigest() for text in texts]:
        raise Rejected("invalid_query_payload")


# --- the text that is hashed (1.3)
def query_text(query: bytes) -> str:
    """A query string as it came, percent-decoded, its order kept."""
    return unquote(query.decode("latin-1"))


def body_text(members: Mapping[str, Any]) -> str:
    """The members of a JSON body in their order; what is null is left out."""
    parts = []
    for name, value in members.items():
        if isinstance(value, list):
            parts += [f"{name}[]={_plain(item)}" for item in value]
        elif value is not None:
            parts.append(f"{name}={_plain(value)}")
    return "&".join(parts)


def body_members(body: bytes, numbers: bool = True) -> dict[str, Any]:
    """A JSON object, its numbers kept as their text, or refused. Raises Rejected."""
    if not body.strip():
        return {}
    try:
        keep = str if numbers else _refused
        found = json.loads(body, parse_float=keep, parse_int=keep, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise Rejected("invalid_parameter") from error
    if not isinstance(found, dict):
        raise Rejected("invalid_parameter")
    return found


def _refused(number: str) -> str:
    raise ValueError(number)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
