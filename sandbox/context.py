"""Owns what the endpoints of a sandbox work with, and the answers that they give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.assumptions import Assumptions
from sandbox.exchange import Exchange
from sandbox.faults import Faults
from sandbox.limits import Limits
from sandbox.request_params import RequestParams
from sandbox.tokens import Tokens


@dataclass(frozen=True)
class SandboxContext:
    """The parts of one sandbox."""

    exchange: Exchange
    tokens: Tokens
    limits: Limits
    faults: Faults

    def turn(self, switches: Assumptions) -> None:
        """Set every switch."""
        self.exchange.switches = self.tokens.switches = self.limits.switches = switches


class Answer(NamedTuple):
    """A status and what is to be encoded as JSON."""

    body: Any
    status: int = 200


class Endpoint(NamedTuple):
    """One method of one path: the scope that a key needs for it ("" for none), and the answer."""

    method: str
    path: str
    scope: str
    answer: Callable[[SandboxContext, RequestParams], Answer]
