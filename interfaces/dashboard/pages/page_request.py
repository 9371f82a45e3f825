"""What a request for a page asks, and what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from interfaces.dashboard.markup import Html
from interfaces.dashboard.picture import Picture


class PageRequest(Struct, frozen=True):
    """Whose language, whether changes may be made, the address' path and its query."""

    language: str
    may_change: bool
    path: str = "/"
    query: Mapping[str, str] = {}

    @property
    def page(self) -> int:
        """Which page of a table, the first is 1; nonsense is the first."""
        text = self.query.get("page", "")
        return int(text) if text.isascii() and text.isdigit() and int(text[:7]) > 0 else 1

    @property
    def pair(self) -> str:
        """The pair that the address names; "" when it names none."""
        return self.path.removeprefix("/pair/") if self.path.startswith("/pair/") else ""


class PagePart(Struct, frozen=True):
    """A piece of a page; ``chart`` is the address of the figure that it shows, "" = none."""

    id: str
    title: str
    body: Html
    chart: str = ""


class PageContent(Struct, frozen=True):
    """A page: its title, and its parts in their order."""

    title: str
    parts: tuple[PagePart, ...]


Page = Callable[[Picture, PageRequest], PageContent]
