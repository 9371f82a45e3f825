"""What is wrong with the value of an option or argument, in plain words: click speaks of types."""

from __future__ import annotations

import re
from typing import Any

import click

from i18n.errors import UserError
from i18n.nearest import near_word

QUOTE = "'"
_VALUE = re.compile(r"(?P<value>.+?) is not (?:one of|in the range|a valid) ", re.S)


def wrong_value(error: click.ClickException, context: click.Context) -> UserError | None:
    """What may stand there, and what was meant; None where the error is of another kind."""
    param = _param(error, context)
    if param is None:
        return None
    name = name_of(param)
    todo = f"see {context.command_path} --help"
    missing = isinstance(error, click.MissingParameter | click.BadOptionUsage)
    found = None if missing else _VALUE.match(error.message)
    if not missing and not found:  # one of our own types has said what is wrong
        return None
    if found is None:
        what = error.format_message().partition(". Choose from")[0].rstrip(".")
        return UserError(what, name, allowed(param), todo)
    value, range_ = found["value"].strip(QUOTE), allowed(param)
    if isinstance(param.type, click.Tuple):  # of its parts the numbers alone can be refused
        range_ = next(filter(None, map(range_of, param.type.types)), range_)
    if near := near_word(value, words_of(param)):
        todo = f'did you mean "{near}"? {context.command_path} --help lists all'
    return UserError(f'{name} cannot be "{value}"', name, range_, todo)


def _param(error: click.ClickException, context: click.Context) -> click.Parameter | None:
    if isinstance(error, click.BadParameter):
        return error.param
    name = error.option_name if isinstance(error, click.BadOptionUsage) else ""
    return next((p for p in context.command.params if name in p.opts), None)


def name_of(param: click.Parameter) -> str:
    """As it is typed, or as the help calls it."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return (param.name or "").upper()


def words_of(param: click.Parameter) -> list[str]:
    """Those of which it takes one; none where it takes others too."""
    return list(map(str, param.type.choices)) if isinstance(param.type, click.Choice) else []


def allowed(param: click.Parameter) -> str:
    """What it takes, as people read it."""
    if isinstance(param, click.Option) and param.is_flag:
        return ""
    return ", ".join(words_of(param)) or range_of(param.type) or param.metavar or "text"


def range_of(kind: Any) -> str:
    """A number and its bounds; "" for what is no number."""
    if not isinstance(kind, click.types.IntParamType | click.types.FloatParamType):
        return ""
    name = "whole number" if isinstance(kind, click.types.IntParamType) else "number"
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    signs = (
        (">" if getattr(kind, "min_open", False) else ">=", least),
        (
            "<" if getattr(kind, "max_open", False) else "<=",
            most,
        ),
    )
    bounds = [f"{sign} {bound}" for sign, bound in signs if bound is not None]
    return ", ".join([name, *bounds])
