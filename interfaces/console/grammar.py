"""The console's language, generated from the Operator union: verbs, arguments, help, completion.

A verb is a message's tag; its arguments are the message's fields in their order. What a person
does not type (the command's id, a whole configuration) is left out.
"""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args
from unicodedata import category

import msgspec

from app.pairs import EVERY as EVERY
from app.pairs import read_pair
from core.market.pairs import ROOMLESS, named
from core.money import money
from i18n.errors import UserError
from i18n.nearest import near_word
from messages.control import Change, Changes, ForceExit, Operator, Questions, ShowDaily

LINE_MAX = 4096  # bytes
COUNT_MAX = 100_000
UNTYPED = frozenset({"id", "config"})
LEAVE = ("exit", "quit")
NAME_WORDS = 4  # of a coin's name at most
HELP = "type help, or help COMMAND"
TAKES_ALL: frozenset[type] = frozenset({ForceExit})


@dataclass(frozen=True)
class Argument:
    """One word after the verb. ``kind`` is pair, pair_or_all, money, count, choice or text."""

    name: str
    kind: str
    required: bool
    choices: tuple[str, ...] = ()  # of a choice

    @property
    def shown(self) -> str:
        """As the usage names it."""
        return "|".join(self.choices) or self.name.upper()


@dataclass(frozen=True)
class ConsoleCommand:
    """One command, and the message it makes."""

    name: str
    message: type[Questions | Changes]
    arguments: tuple[Argument, ...]
    help: str  # English; the catalogue may have it in other languages under help_<name>

    @property
    def usage(self) -> str:
        """As it is typed: ``forceenter PAIR [STAKE]``."""
        words = [a.shown if a.required else f"[{a.shown}]" for a in self.arguments]
        return " ".join([self.name, *words])


def _verb(message: type[Questions | Changes]) -> ConsoleCommand:
    described = msgspec.inspect.type_info(message)
    assert isinstance(described, msgspec.inspect.StructType)
    arguments = tuple(
        Argument(field.name, _kind(message, field), field.required, _choices_of(field))
        for field in described.fields
        if field.name not in UNTYPED
    )
    help_line = (inspect.getdoc(message) or "").splitlines()[0]
    return ConsoleCommand(str(described.tag), message, arguments, help_line)


def _choices_of(field: msgspec.inspect.Field) -> tuple[str, ...]:
    kind = field.type
    return tuple(map(str, kind.values)) if isinstance(kind, msgspec.inspect.LiteralType) else ()


def _kind(message: type, field: msgspec.inspect.Field) -> str:
    if field.name == "pair":
        return "pair_or_all" if message in TAKES_ALL else "pair"
    if _choices_of(field):
        return "choice"
    kinds = field.type.types if isinstance(field.type, msgspec.inspect.UnionType) else (field.type,)
    if any(isinstance(kind, msgspec.inspect.DecimalType) for kind in kinds):
        return "money"
    return "count" if any(isinstance(k, msgspec.inspect.IntType) for k in kinds) else "text"


CONSOLE_COMMANDS: dict[str, ConsoleCommand] = {
    verb.name: verb for verb in map(_verb, get_args(Operator))
}
WORDS = (*CONSOLE_COMMANDS, "help", *LEAVE)


def words(line: str | bytes) -> list[str]:
    """The words of a typed line; none for an empty one. Raises UserError for what is no line."""
    raw = line.encode("utf-8", "surrogateescape") if isinstance(line, str) else line
    if len(raw) > LINE_MAX:
        raise _wrong("the line is too long", f"{LINE_MAX} bytes at most")
    try:
        text = "".join(map(_seen, raw.decode("utf-8"))).strip()
        if not all(char.isprintable() or char == "\t" for char in text):
            raise ValueError("a control character")
        return shlex.split(text)
    except UnicodeDecodeError:
        raise _wrong("the line is not text", "UTF-8 text") from None
    except ValueError as error:
        raise _wrong(f"the line cannot be read: {error}", "words, in quotes or not") from None


def _seen(char: str) -> str:
    """Any blank is one, also the wide one of a Korean keyboard; what takes no room is nothing."""
    return " " if category(char) == "Zs" else "" if char in ROOMLESS else char


def parse(line: str | bytes, new_id: Callable[[], str]) -> Questions | Changes | None:
    """The message of a line; None for an empty one. ``new_id`` draws the id of a change.

    Raises UserError, which names what is allowed.
    """
    typed = words(line)
    if not typed:
        return None
    verb = CONSOLE_COMMANDS.get(typed[0].lower())
    if verb is None:
        raise unknown(typed[0])
    given = _named(verb, typed[1:])
    least = sum(argument.required for argument in verb.arguments)
    if not least <= len(given) <= len(verb.arguments):
        raise _wrong(f"{verb.name} takes other arguments", verb.usage)
    values = {
        argument.name: _value(verb, argument, text)
        for argument, text in zip(verb.arguments, given, strict=False)
    }
    if issubclass(verb.message, Change):
        values["id"] = new_id()
    return verb.message(**values)


def _named(verb: ConsoleCommand, given: list[str]) -> list[str]:
    """The words, those of a coin's name with blanks in it as one: forceenter bitcoin cash 50000."""
    if verb.arguments and verb.arguments[0].kind.startswith("pair"):
        for count in range(min(len(given), NAME_WORDS), 1, -1):
            if pair := named(" ".join(given[:count])):
                return [pair, *given[count:]]
    return given


def unknown(word: str) -> UserError:
    """What to say to a word that is no verb: the nearest one, else all of them."""
    what = f'unknown command "{word[:40]}"'
    if near := near_word(word, WORDS):
        usage = CONSOLE_COMMANDS[near].usage if near in CONSOLE_COMMANDS else near
        return _wrong(what, usage, todo=f'did you mean "{near}"? help lists all commands')
    return _wrong(what, ", ".join(WORDS))


def completions(before: str, pairs: tuple[str, ...] = ()) -> list[str]:
    """What may stand where the cursor is, given the line before it."""
    typed = before.split()
    if before and not before[-1].isspace():
        start, typed = typed[-1].lower(), typed[:-1]
    else:
        start = ""
    if not typed:
        found: tuple[str, ...] = WORDS
    elif typed[0] == "help":
        found = tuple(CONSOLE_COMMANDS) if len(typed) == 1 else ()
    else:
        found = _choices(typed, pairs)
    return [word for word in found if word.lower().startswith(start)]


def _choices(typed: list[str], pairs: tuple[str, ...]) -> tuple[str, ...]:
    verb = CONSOLE_COMMANDS.get(typed[0].lower())
    place = len(typed) - 1
    if verb is None or place >= len(verb.arguments):
        return ()
    if choices := verb.arguments[place].choices:
        return choices
    kind = verb.arguments[place].kind
    return {"pair": pairs, "pair_or_all": (*pairs, EVERY)}.get(kind, ())


def _value(verb: ConsoleCommand, argument: Argument, text: str) -> Any:
    where = f"{verb.usage}, {argument.name.upper()}"
    match argument.kind:
        case "pair_or_all" if text.lower() == EVERY:
            return EVERY
        case "pair" | "pair_or_all":
            every = argument.kind == "pair_or_all"
            return read_pair(text, where, every=every, todo=HELP)
        case "choice":
            return _choice(argument, text, where)
        case "money":
            return _money(text, where)
        case "count":
            return _count(text, where, verb.message is ShowDaily)
    return text


def _choice(argument: Argument, text: str, where: str) -> str:
    if text.lower() in argument.choices:
        return text.lower()
    near = near_word(text, argument.choices)
    todo = f'did you mean "{near}"?' if near else ""
    raise _wrong(f'"{text[:40]}" is no {argument.name}', ", ".join(argument.choices), where, todo)


def _money(text: str, where: str) -> Decimal:
    try:
        amount = money(text.replace(",", "").removeprefix("₩"))
        if 0 < amount <= 10**12:
            return amount
    except ValueError:
        pass
    raise _wrong(f'"{text[:40]}" is no amount', "KRW above 0, at most 1000000000000", where)


def _count(text: str, where: str, days: bool) -> int:
    most = 3650 if days else COUNT_MAX
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most and len(text) < 9:
        return int(text)
    raise _wrong(f'"{text[:40]}" is no count', f"a whole number from 1 to {most}", where)


def _wrong(what: str, allowed: str, where: str = "console", todo: str = "") -> UserError:
    return UserError(what=what, where=where, allowed=allowed, todo=todo or HELP)
