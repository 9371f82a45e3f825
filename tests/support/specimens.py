"""Values of every message, built from its type hints: one fixed specimen, or any at all."""

from __future__ import annotations

from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec import Struct

from messages.base import Envelope, ReplayPosition
from messages.journal import AnyEvent, AnyPrompt

EVENTS: tuple[type, ...] = get_args(AnyEvent)
PROMPTS: tuple[type, ...] = get_args(AnyPrompt)
PLAIN = {
    str: ("KRW-BTC 비트코인", st.text(max_size=20)),
    int: (1756684800, st.integers(-(2**63), 2**63 - 1)),
    float: (1756684800.25, st.floats(allow_nan=False)),
    bool: (True, st.booleans()),
    Decimal: (Decimal("1234567.00012345"), st.decimals(allow_nan=False, allow_infinity=False)),
    NoneType: (None, st.none()),
    Any: ("any", st.one_of(st.none(), st.booleans(), st.integers(0, 99), st.text(max_size=9))),
}


def specimen(hint: Any) -> Any:
    """The one fixed value of a type; of a union its richest member, every container filled."""
    if hint in PLAIN:
        return PLAIN[hint][0]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return args[-1]
    if origin in (Union, UnionType):
        return specimen(next(arg for arg in args if arg is not NoneType))
    if origin is tuple:
        return tuple(specimen(arg) for arg in args if arg is not Ellipsis)
    if origin is dict:
        return {specimen(args[0]): specimen(args[1])}
    assert issubclass(hint, Struct), hint
    return hint(**{name: specimen(kind) for name, kind in hints(hint).items()})


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type."""
    if hint in PLAIN:
        return PLAIN[hint][1]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in (Union, UnionType):
        return st.one_of([anything(arg) for arg in args])
    if origin is tuple and Ellipsis in args:
        return st.lists(anything(args[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*[anything(arg) for arg in args])
    if origin is dict:
        return st.dictionaries(anything(args[0]), anything(args[1]), max_size=3)
    assert issubclass(hint, Struct), hint
    return st.builds(hint, **{name: anything(kind) for name, kind in hints(hint).items()})


def hints(kind: type) -> dict[str, Any]:
    """The fields of a struct and their types, without what only annotates them."""
    found = get_type_hints(kind)
    return {name: found[name] for name in kind.__struct_fields__}  # type: ignore[attr-defined]


def letters() -> st.SearchStrategy[Envelope]:
    """Any envelope that may be journaled, not yet numbered."""
    return st.builds(
        Envelope,
        body=st.one_of([anything(kind) for kind in EVENTS]),
        at=st.floats(allow_nan=False),
        source=st.text(min_size=1, max_size=9),
        trace=st.text(max_size=9),
        cause=st.integers(0, 2**40),
        mark=anything(ReplayPosition),
        prompt=st.one_of(st.none(), *[anything(kind) for kind in PROMPTS]),
    )
