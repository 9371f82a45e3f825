"""The keys of a configuration: type, meaning and range, read off the structs that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Meta, Struct, structs

from messages.config import Config

OURS = frozenset({"strategy_params", "strategy_hash"})  # filled in here, never by a person
_SIGNS = {"above": ">", "least": ">=", "below": "<", "most": "<="}
_METAS = {"gt": "above", "ge": "least", "lt": "below", "le": "most"}
_TYPES = {
    bool: "true | false",
    int: "whole number",
    str: "text",
    float: "number",
    Decimal: "number",
}


@dataclass(frozen=True)
class Key:
    """One key that a person may set."""

    path: str
    kind: Any  # its type, without the annotation
    meaning: str = ""
    bounds: Mapping[str, int | float] = field(default_factory=dict)  # above, least, below, most
    default: Any = NODEFAULT

    @property
    def optional(self) -> bool:
        """Whether null is a value of it."""
        return NoneType in variants(self.kind)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of which it takes one; none where it takes others too."""
        kinds = [kind for kind in variants(self.kind) if get_origin(kind) is Literal]
        return tuple(str(word) for kind in kinds for word in get_args(kind))

    @property
    def range(self) -> str:
        """What is allowed, as people read it."""
        kinds = [kind for kind in variants(self.kind) if kind is not NoneType]
        words = [_words(kind) for kind in kinds]
        words += [f"{_SIGNS[name]} {bound}" for name, bound in self.bounds.items()]
        return ", ".join(words) + (" | null" if self.optional else "")


def variants(kind: Any) -> tuple[Any, ...]:
    """The members of a union; the type itself when it is none."""
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


@cache  # reading the hints of a struct takes longer than all else that a configuration needs
def fields(struct: type[Struct], prefix: str = "") -> Mapping[str, Key]:
    """The direct keys of a struct by name, those of sections included as sections."""
    hints = get_type_hints(struct, include_extras=True)
    defaults = {f.name: f.default for f in structs.fields(struct)}
    return {
        name: _key(f"{prefix}{name}", hint, defaults[name])
        for name, hint in hints.items()
        if name in defaults and name not in OURS
    }


def leaves(struct: type[Struct] = Config, prefix: str = "") -> Iterator[Key]:
    """Every key that holds a value, sections opened, in their order."""
    for key in fields(struct, prefix).values():
        section = section_of(key.kind)
        if section:
            yield from leaves(section, key.path + ".")
        else:
            yield key


def section_of(kind: Any) -> type[Struct] | None:
    """The struct behind a key that is a section."""
    return kind if isinstance(kind, type) and issubclass(kind, Struct) else None


def rows_of(kind: Any) -> type[Struct] | None:
    """The struct of the elements of a key that is a list of sections."""
    for variant in variants(kind):
        if get_origin(variant) is tuple and section_of(get_args(variant)[0]):
            return section_of(get_args(variant)[0])
    return None


def _key(path: str, hint: Any, default: Any) -> Key:
    if get_origin(hint) is not Annotated:
        return Key(path, hint, default=default)
    kind, *metas = get_args(hint)
    meta = next((m for m in metas if isinstance(m, Meta)), Meta())
    bounds = dict(meta.extra or {})
    for theirs, ours in _METAS.items():
        if getattr(meta, theirs) is not None:
            bounds[ours] = getattr(meta, theirs)
    ordered = {name: bounds[name] for name in _SIGNS if name in bounds}
    return Key(path, kind, meta.description or "", ordered, default)


def _words(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " | ".join(str(value) for value in get_args(kind))
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        section = section_of(inner)
        return f"[{section.__name__ if section else _words(inner)}, ...]"
    return _TYPES.get(kind, getattr(kind, "__name__", str(kind)))
