"""Owns how HTML is put together: everything is escaped, unless it was put together here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = frozenset({"meta", "link", "input", "br"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def html(part: object) -> Html:
    """A part as markup: text is escaped, several are put together, None is nothing."""
    if isinstance(part, Html):
        return part
    if part is None:
        return Html()
    if isinstance(part, str):
        return Html(escape(part))
    if isinstance(part, Iterable):
        return Html("".join(html(inner) for inner in part))
    return Html(escape(str(part)))


def el(name: str, /, *inside: object, **attributes: str | bool | None) -> Html:
    """An element. ``class_`` is its class, ``data_x`` its data-x; False and None leave one out."""
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{told}>")
    return Html(f"<{name}{told}>{html(inside)}</{name}>")


def _attribute(key: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
