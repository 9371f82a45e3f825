"""Owns what the kernel leaves to the actors: it plays a history exactly or not at all."""

from __future__ import annotations

from msgspec import Struct


class Problem(Struct, frozen=True):
    """What is in the way, where it stands, what the kernel plays instead."""

    what: str
    where: str
    allowed: str


class Unsupported(ValueError):
    """A configuration or a history that only the actors play."""

    def __init__(self, what: str, where: str, allowed: str) -> None:
        super().__init__(f"{where}: {what}; the kernel plays {allowed}")
        self.problem = Problem(what, where, allowed)
