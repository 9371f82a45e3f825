"""Owns what is searched: the axes, and what a set of values on them makes of a configuration.

A strategy declares an axis in the ``Meta`` of a parameter, with ``core.strategy.searched``. The
rules of exits have axes of their own, in groups with freqtrade's names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from math import prod
from operator import ge, gt, le, lt
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, structs

from core.strategy import SPACE, Strategy, params_of
from core.trading.exits import ORDERED
from messages.config import Config

Value = int | float | Decimal
Values = Mapping[str, Value]
SIGNALS = "signals"  # the group of the strategy's own axes
ENDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    **{"ge": ge, "gt": gt, "le": le, "lt": lt},
    **{"least": ge, "above": gt, "most": le, "below": lt},
}


class Axis(Struct, frozen=True):
    """One key of the configuration, from ``low`` to ``high`` by ``step``, both ends included."""

    name: str
    low: Decimal
    high: Decimal
    step: Decimal
    kind: str  # of its values: int, float or decimal
    group: str = SIGNALS

    @property
    def count(self) -> int:
        """How many values there are."""
        return int((self.high - self.low) / self.step) + 1

    def place(self, value: Value) -> int:
        """The place of a value."""
        return round((Decimal(str(value)) - self.low) / self.step)

    def value(self, place: int) -> Value:
        """The value at a place from 0 on."""
        exact = self.low + place * self.step
        return exact if self.kind == "decimal" else (float, int)[self.kind == "int"](exact)


class InvalidSpace(ValueError):
    """What cannot be swept: what is wrong, where, and what is allowed."""

    def __init__(self, what: str, where: str, allowed: str = "") -> None:
        super().__init__(f"{where}: {what}")
        self.what, self.where, self.allowed = what, where, allowed


def _rule(group: str, name: str, low: str, high: str, step: str, kind: str = "decimal") -> Axis:
    return Axis(name, Decimal(low), Decimal(high), Decimal(step), kind, group)


RULES = (
    _rule("stoploss", "stoploss", "-0.10", "-0.01", "0.005"),
    _rule("roi", "minimal_roi", "0.01", "0.20", "0.01"),
    _rule("trailing", "trailing_stop_positive", "0.005", "0.05", "0.005"),
    _rule("trailing", "trailing_stop_positive_offset", "0.01", "0.08", "0.005"),
    _rule("partial", "partial_exit_profit", "0.01", "0.10", "0.01"),
    _rule("cooldown", "cooldown_minutes", "0", "1440", "60", "int"),
    _rule("trades", "max_open_trades", "1", "10", "1", "int"),
)
GROUPS = (SIGNALS, *dict.fromkeys(axis.group for axis in RULES))


def axes_of(strategy: Strategy, groups: Sequence[str], own: Sequence[str] = ()) -> tuple[Axis, ...]:
    """The axes of these groups; ``own``: ``name=low:high:step``, in place of or beside them.

    Raises Unfit for a group or a name that is none, and for a range outside the parameter's.
    """
    declared = _declared(strategy)
    known = {axis.name: axis for axis in (*declared, *RULES)}
    for group in groups:
        if group not in GROUPS:
            raise InvalidSpace(f"{group} is no space", "--spaces", ", ".join(GROUPS))
    found = {name: axis for name, axis in known.items() if axis.group in groups}
    for text in own:
        axis = _own(text, strategy, known)
        found[axis.name] = axis
    if not found:
        raise InvalidSpace("there is nothing to search", "--spaces", _how(strategy))
    return tuple(found.values())


def sets(axes: Sequence[Axis]) -> Iterator[dict[str, Value]]:
    """Every point of the grid, the last axis first."""
    for places in product(*(range(axis.count) for axis in axes)):
        yield {axis.name: axis.value(place) for axis, place in zip(axes, places, strict=True)}


def size(axes: Sequence[Axis]) -> int:
    """How many points the grid has."""
    return prod(axis.count for axis in axes)


def typed(axes: Sequence[Axis], values: Values) -> dict[str, Value]:
    """Values that were read from a file, as the axes have them."""
    return {axis.name: axis.value(axis.place(values[axis.name])) for axis in axes}


def configured(config: Config, axes: Sequence[Axis], values: Values) -> Config:
    """The configuration with these values."""
    own = {a.name: values[a.name] for a in axes if a.group == SIGNALS}
    rules = {a.name: values[a.name] for a in axes if a.group != SIGNALS}
    params = {**config.strategy_params, **own}
    return structs.replace(config, strategy_params=params, **rules)


def current(config: Config, strategy: Strategy, axes: Sequence[Axis]) -> dict[str, Value]:
    """The values that the configuration has on these axes."""
    params = params_of(strategy, config.strategy_params)
    owners = {True: params, False: config}
    return {axis.name: getattr(owners[axis.group == SIGNALS], axis.name) for axis in axes}


def refuse_contradictions(config: Config) -> None:
    """Raises Unfit for rules that together are none, as a configuration file would be refused."""
    for less, more in ORDERED:
        if getattr(config, less) >= getattr(config, more):
            raise InvalidSpace(f"{less} is not below {more}", "rules")


def _declared(strategy: Strategy) -> tuple[Axis, ...]:
    found = []
    for name, hint in get_type_hints(strategy.Params, include_extras=True).items():
        for meta in _metas(hint):
            if SPACE in (meta.extra or {}):
                low, high, step = map(_exact, (meta.extra or {})[SPACE])
                found.append(Axis(name, low, high, step, _kind(hint)))
    return tuple(found)


def _metas(hint: Any) -> list[Meta]:
    return [m for m in get_args(hint)[1:] if isinstance(m, Meta)] if get_origin(hint) else []


def _kind(hint: Any) -> str:
    base = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return "int" if base is int else "float"


def _exact(number: float) -> Decimal:
    return Decimal(str(number))


def _own(text: str, strategy: Strategy, known: Mapping[str, Axis]) -> Axis:
    """One axis off the command line."""
    where = f"--space {text}"
    name, _, ends = text.partition("=")
    hints = get_type_hints(strategy.Params, include_extras=True)
    if name not in known and name not in hints:
        raise InvalidSpace(f"{name} is no parameter", where, ", ".join(sorted({*hints, *known})))
    try:
        low, high, step = (Decimal(end) for end in ends.split(":"))
    except (ArithmeticError, ValueError):
        raise InvalidSpace("it is not read", where, "name=low:high:step") from None
    if not (low.is_finite() and high.is_finite() and step > 0 and low <= high):
        raise InvalidSpace("it has no values", where, "low <= high, step > 0")
    made = known.get(name) or Axis(name, low, high, step, _kind(hints[name]))
    axis = structs.replace(made, low=low, high=high, step=step)
    if axis.kind == "int" and any(end != int(end) for end in (low, step)):
        raise InvalidSpace("its values are whole numbers", where, "whole numbers")
    _within(axis, strategy, where)
    return axis


def _within(axis: Axis, strategy: Strategy, where: str) -> None:
    """Raises Unfit unless both ends are values that the parameter may have."""
    for value in (axis.value(0), axis.value(axis.count - 1)):
        try:
            if axis.group == SIGNALS:
                params_of(strategy, {axis.name: value})
            else:
                _checked(axis.name, value)
        except ValueError as error:
            raise InvalidSpace(
                str(error), where, "values within the parameter's own range"
            ) from None


def _checked(name: str, value: Value) -> None:
    """Raises ValueError outside the bounds that messages/config.py gives the key."""
    number = Decimal(str(value))
    for meta in _metas(get_type_hints(Config, include_extras=True)[name]):
        known = {n: getattr(meta, n, None) for n in ENDS} | (meta.extra or {})
        for end, limit in known.items():
            if limit is not None and not ENDS[end](number, Decimal(str(limit))):
                raise ValueError(f"{name}: {value} is not {end} {limit}")


def _how(strategy: Strategy) -> str:
    names = ", ".join(field.name for field in structs.fields(strategy.Params))
    return f"--space name=low:high:step of {names or 'a rule'}; --spaces {', '.join(GROUPS[1:])}"
