"""The raw values of a configuration, layer over layer, each with where it came from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.config.fields import Key, variants
from core.plain import quote_of
from i18n.errors import UserError

PREFIX = "JANGBU__"
SIZE_MAX = 1 << 20  # bytes


@dataclass(frozen=True)
class RawValue:
    """A raw value that somebody gave, and its place: a file, a variable, an option."""

    value: Any
    origin: str
    quote: str = ""  # that stands around a variable's text, as docker --env-file leaves it


class Unreadable(Exception):
    """A file is no configuration; ``key`` and ``facts`` are the catalogue's."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


def from_file(path: Path) -> dict[str, Any]:
    """The JSON object of a file, its numbers exact. Raises Unreadable."""
    try:
        if path.stat().st_size > SIZE_MAX:
            raise Unreadable("config_size", most=str(SIZE_MAX))
        text = path.read_bytes().decode("utf-8-sig")
        raw = json.loads(
            text, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object
        )
    except OSError as error:
        raise Unreadable("config_file", reason=error.strerror or str(error)) from None
    except json.JSONDecodeError as error:
        place = f"{error.msg} (line {error.lineno}, column {error.colno})"
        raise Unreadable("config_json", reason=place) from None
    except UnicodeDecodeError as error:
        raise Unreadable("config_json", reason=f"no UTF-8 at byte {error.start}") from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable("config_json", reason=str(error)) from None
    if not isinstance(raw, dict):
        raise Unreadable("config_object")
    return raw


def from_environment(environ: Mapping[str, str], known: Mapping[str, Key]) -> dict[str, RawValue]:
    """Values of JANGBU__SECTION__KEY by key path; an unknown name stays, in lower case."""
    by_name = {path.upper(): path for path in known}
    found = {}
    for name in sorted(environ):
        if name.upper().startswith(PREFIX):
            dotted = name[len(PREFIX) :].replace("__", ".").upper()
            path = by_name.get(dotted, dotted.lower())
            key = known.get(path)
            text = environ[name]
            found[path] = RawValue(_parsed(text, key), name, _quote(text, key))
    return found


def _quote(text: str, key: Key | None) -> str:
    """The quotation mark that makes a text no value of its key; "" for none."""
    quote = quote_of(text)
    fits = quote == '"' and (key is None or not {int, float, bool} & {*variants(key.kind)})
    return "" if fits else quote  # JSON takes the marks of a text away


def opened(layer: Mapping[str, RawValue], known: Mapping[str, Key]) -> dict[str, RawValue]:
    """The same with known sections opened: ``exchange: {"name": ...}`` gives ``exchange.name``."""
    sections = sections_of(known)
    flat: dict[str, RawValue] = {}
    for name, given in layer.items():
        if name in sections and isinstance(given.value, dict):
            inner = given.value.items()
            flat |= {f"{name}.{key}": RawValue(value, given.origin) for key, value in inner}
        else:
            flat[name] = given
    return flat


def sections_of(known: Iterable[str]) -> frozenset[str]:
    """Names of the sections that these key paths lie in."""
    return frozenset(path.partition(".")[0] for path in known if "." in path)


def _parsed(text: str, key: Key | None) -> Any:
    """As JSON, else as text; for a key of text it is text anyway unless in quotes."""
    if key and key.kind is str and not text.startswith('"'):
        return text
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object
        )
    except (ValueError, ArithmeticError, RecursionError, Unreadable):
        return text


def _constant(name: str) -> Any:
    raise Unreadable("config_number", name=name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise Unreadable("config_duplicate", name=twice)
    return made


@contextmanager
def placed(origin: Mapping[str, str]) -> Iterator[None]:
    """An error about one key also tells who gave that key; ``origin`` is by key path."""
    try:
        yield
    except UserError as error:
        if error.where in origin:
            error.where = f"{origin[error.where]}: {error.where}"
        raise


def option_of(path: str) -> str:
    """The command line's name of a key."""
    return "--" + path.replace(".", "-").replace("_", "-")
