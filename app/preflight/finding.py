"""Owns what one check found: what it is about, how bad it is, and which texts say so.

The texts are ``check_<key>`` of the catalogue and, unless all is well, ``check_<key>_todo``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, structs

from i18n import say

Level = Literal["ok", "warning", "trouble"]
About = Literal[
    "config",
    "state",
    "disk",
    "reach",
    "clock",
    "limits",
    "market",
    "keys",
    "scope_assets",
    "scope_order_view",
    "scope_orders",
    "scope_withdraw",
    "expiry",
    "telegram",
]


class Finding(Struct, frozen=True):
    """One line of the doctor. With a trouble among its findings a live bot makes no entries."""

    about: About
    level: Level
    key: str
    facts: dict[str, str] = {}

    def text(self, language: str) -> str:
        """What was found."""
        return say(f"check_{self.key}", language, **self.facts)

    def todo(self, language: str) -> str:
        """What to do; nothing when all is well."""
        if self.level == "ok":
            return ""
        return say(f"check_{self.key}_todo", language, **self.facts)


def ok(about: About, key: str, **facts: str) -> Finding:
    """All is well."""
    return Finding(about, "ok", key, facts)


def warning(about: About, key: str, **facts: str) -> Finding:
    """Something to see to; trading may go on."""
    return Finding(about, "warning", key, facts)


def trouble(about: About, key: str, **facts: str) -> Finding:
    """Something that must be seen to before an entry is made."""
    return Finding(about, "trouble", key, facts)


def troubles(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep a live bot from entries."""
    return [finding for finding in findings if finding.level == "trouble"]


def softened(finding: Finding) -> Finding:
    """The same where it is not needed: a trouble is a warning then."""
    level: Level = "warning" if finding.level == "trouble" else finding.level
    return structs.replace(finding, level=level)
