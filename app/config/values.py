"""One raw value against one key: its type, its range, and what is wrong with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct, structs

from app.config.addresses import ADDRESSES, instead, wrong_with
from app.config.fields import Key, fields, rows_of, section_of, variants
from app.config.freqtrade_config import way_out
from core.market.pairs import ENTRIES, entry, is_name, named, nearest
from core.money import money
from core.trading.protections import USUAL
from i18n.nearest import near_word
from messages.config import Protection

EVERY_PAIR = "KRW-*"
PAIR_LISTS = ("pair_whitelist", "pair_blacklist")
EITHER = (  # keys of a protection of which one says it
    ("lookback_period", "lookback_period_candles"),
    ("stop_duration", "stop_duration_candles", "unlock_at"),
)
PROBLEMS_MOST = 20  # that are told at once: to find the nearest name of each takes its time
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_HOURS = re.compile(rf"({_CLOCK.pattern})-({_CLOCK.pattern})|")
HIDDEN_URL = "(address)"  # who knows it can keep it quiet: it is not shown
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a key; ``key`` and ``facts`` are the catalogue's."""

    path: str
    key: str
    facts: Mapping[str, str]
    allowed: str = ""
    todo: str = ""  # a catalogue key, for its own way out
    todo_facts: Mapping[str, str] | None = None


class Refused(Exception):
    """A value cannot be used."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


def value_of(key: Key, raw: Any) -> Any:
    """The value as its struct holds it; raises Refused."""
    if foreign := foreign_key(key.path, raw):
        raise Refused(foreign)
    if key.path in PAIR_LISTS:
        return _pairs(key, raw)
    if raw is None and key.optional:
        return None
    if rows := rows_of(key.kind):
        return _rows(key, rows, raw)
    value = _typed(key, raw)
    for name, bound in key.bounds.items():
        if not _within(name, value, bound):
            raise Refused(_meant(key, value, _wrong(key, "config_range", raw)))
    if key.path.endswith("].unlock_at") and not re.fullmatch(f"({_CLOCK.pattern})?", value):
        raise Refused(replace(_wrong(key, "config_range", raw), allowed='"HH:MM" (UTC) | ""'))
    if key.path == "day_starts_at" and not _CLOCK.fullmatch(value):
        raise Refused(replace(_wrong(key, "config_range", raw), allowed="HH:MM, 00:00 to 23:59"))
    if (
        key.path.startswith("notify.")
        and key.path.endswith("quiet")
        and not _HOURS.fullmatch(value)
    ):
        raise Refused(replace(_wrong(key, "config_range", raw), allowed='"23:00-07:00" | ""'))
    if key.path in ADDRESSES and (text := wrong_with(key.path, value)):
        raise Refused(_address(key, value, text))
    return value


def _meant(key: Key, value: Any, problem: Problem) -> Problem:
    """The same, with the value that was meant where it can be known: a sign, or percent."""
    if not isinstance(value, Decimal):
        return problem
    meant = -value if key.bounds.get("below") == 0 and value > 0 else value
    if 1 <= abs(meant) < 100:
        meant = (meant / 100).normalize()
    if meant == value or not all(_within(n, meant, bound) for n, bound in key.bounds.items()):
        return problem
    todo = "config_loss" if value > 0 and meant < 0 else "config_percent"
    return replace(problem, todo=todo, todo_facts={"name": key.path, "value": f"{meant:f}"})


def _address(key: Key, url: str, text: str) -> Problem:
    """An address that will not do, with one that would."""
    kind = ADDRESSES[key.path]
    value = HIDDEN_URL if kind.hidden or "@" in url else shown(url)
    facts = {"value": value, "text": text}
    way = {"name": key.path, "url": instead(key.path, url)}
    return Problem(key.path, "config_address", facts, kind.usual, "config_address_todo", way)


def foreign_key(path: str, raw: Any) -> Problem | None:
    """A freqtrade key, or a value of it, that is read differently here."""
    found = way_out(_INDEX.sub("", path), raw)
    if found is None:
        return None
    return Problem(path, "config_freqtrade", {"name": path}, "", found[0], found[1])


def unknown(path: str, raw: Any, known: Iterable[str]) -> Problem:
    """A key that nobody reads, with the nearest one that is read."""
    names = list(known)
    name = path.rpartition(".")[2]
    near = difflib.get_close_matches(path, names, 1, 0.6)
    near = near or [n for n in names if n.rpartition(".")[2] == name]
    near = near or difflib.get_close_matches(name, names, 1, 0.6)
    if foreign := foreign_key(path, raw):
        return foreign
    if near:
        return Problem(path, "config_unknown", {"name": path}, "", "config_near", {"name": near[0]})
    return Problem(path, "config_unknown", {"name": path}, "", "config_remove", {})


def _typed(key: Key, raw: Any) -> Any:
    """By msgspec, strictly; numbers come in as int or Decimal and are never rounded."""
    kind: Any = key.kind
    wants = variants(kind)
    number = raw
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        _sane(key, raw)
        if float in wants:
            number = float(raw)
        elif int in wants and raw == int(raw):
            number = int(raw)
    if (Decimal in wants and not isinstance(raw, int | Decimal | str)) or isinstance(raw, float):
        raise Refused(_wrong(key, "config_type", raw))
    if Decimal in wants and isinstance(raw, bool):
        raise Refused(_wrong(key, "config_type", raw))
    try:
        value = msgspec.convert(number, kind)
    except msgspec.ValidationError:
        raise Refused(_wrong(key, "config_type", raw)) from None
    if isinstance(value, Decimal):
        _sane(key, value)
    return value


def _sane(key: Key, number: int | Decimal) -> None:
    """Refuses NaN, infinities, and figures so long that exact arithmetic would fail on them."""
    try:
        money(number.copy_abs() if isinstance(number, Decimal) else abs(number))
    except ValueError:
        raise Refused(_wrong(key, "config_range", number)) from None


def _within(name: str, value: Any, bound: int | float) -> bool:
    limit: Any = Decimal(str(bound)) if isinstance(value, Decimal) else bound
    match name:
        case "above":
            return bool(value > limit)
        case "least":
            return bool(value >= limit)
        case "below":
            return bool(value < limit)
    return bool(value <= limit)


def _rows(key: Key, struct: type[Struct], raw: Any) -> tuple[Struct, ...]:
    if not isinstance(raw, list | tuple):
        raise Refused(_wrong(key, "config_type", raw))
    problems: list[Problem] = []
    made = []
    for index, row in enumerate(raw):
        if len(problems) >= PROBLEMS_MOST:
            break
        try:
            base = _usual(struct, row)
            prefix = f"{key.path}[{index}]."
            made.append(section_value(struct, row, prefix, base))
            problems.extend(_twice_said(row, prefix))
        except Refused as refused:
            problems.extend(refused.problems)
    if problems:
        raise Refused(*problems)
    return tuple(made)


def _twice_said(row: Mapping[str, Any], prefix: str) -> list[Problem]:
    """Keys of a protection that say the same in two ways."""
    found = []
    for names in EITHER:
        given = [name for name in names if name in row]
        for name in given[1:]:
            facts = {"name": name, "other": given[0]}
            found.append(Problem(prefix + name, "config_either", facts, "", "config_drop", facts))
    return found


def _usual(struct: type[Struct], row: Any) -> Struct | None:
    """What a protection takes where its row says nothing: the usual one of its method."""
    method = row.get("method") if struct is Protection and isinstance(row, dict) else None
    return next((usual for usual in USUAL if usual.method == method), None)


def section_value(
    struct: type[Struct], raw: Any, prefix: str, base: Struct | None = None
) -> Struct:
    """A struct from its keys; what is missing is as in ``base``, or takes its default."""
    known = fields(struct, prefix)
    if not isinstance(raw, dict):
        raise Refused(_wrong(Key(prefix.rstrip("."), struct), "config_type", raw))
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if len(problems) >= PROBLEMS_MOST:
            break
        if name not in known:
            problems.append(unknown(prefix + str(name), value, [k.path for k in known.values()]))
            continue
        try:
            values[name] = _one(known[name], value)
        except Refused as refused:
            problems.extend(refused.problems)
    for key in known.values():
        if key.default is msgspec.NODEFAULT and key.path.rpartition(".")[2] not in raw:
            problems.append(Problem(key.path, "config_missing", {}, key.range, "config_set", {}))
    if problems:
        raise Refused(*problems)
    return structs.replace(base, **values) if base else struct(**values)


def _one(key: Key, raw: Any) -> Any:
    section = section_of(key.kind)
    return section_value(section, raw, key.path + ".") if section else value_of(key, raw)


def _pairs(key: Key, raw: Any) -> tuple[str, ...] | str:
    """Codes of pairs and patterns, each once; a text may hold several with commas between."""
    whole = str in variants(key.kind)  # "every pair" is a value of this list, and none is not
    allowed = f'"{EVERY_PAIR}" | [{ENTRIES}, ...]' if whole else f"[{ENTRIES}, ...]"
    if whole and raw in (EVERY_PAIR, [EVERY_PAIR]):
        return EVERY_PAIR
    names = [*filter(None, map(str.strip, raw.split(",")))] if isinstance(raw, str) else raw
    if isinstance(raw, str) and _no_list(raw):
        wrong = replace(_wrong(key, "config_pair", raw), allowed=allowed)
        raise Refused(replace(wrong, todo="config_list", todo_facts={}))
    if not isinstance(names, list | tuple) or (whole and not names):
        raise Refused(replace(_wrong(key, "config_type", raw), allowed=allowed))
    codes: list[str] = []
    for index, name in enumerate(names):
        place = replace(key, path=f"{key.path}[{index}]")
        try:
            code = entry(name) if isinstance(name, str) else ""
        except ValueError:
            code = ""
        if not code or code in codes:
            text = "config_twice" if code else "config_pair"
            wrong = replace(_wrong(place, text, name), allowed=allowed)
            raise Refused(wrong if code or not isinstance(name, str) else _near_pair(wrong, name))
        codes.append(code)
    return tuple(codes)


def _no_list(text: str) -> bool:
    """Whether a text is several pairs, and neither JSON nor with commas between.

    One that stands in brackets as a whole would be a pattern of one character: no market's.
    """
    if text.strip().startswith("[") and text.strip().endswith("]"):
        return True
    words = re.split(r"[;\s]+", text.strip(" \t;"))
    return len(words) > 1 and not named(text) and "," not in text and all(map(_is_entry, words))


def _is_entry(word: str) -> bool:
    try:
        return bool(entry(word))
    except ValueError:
        return False


def _near_pair(wrong: Problem, name: str) -> Problem:
    """With the pair that was meant, or with why a name is not known."""
    if near := nearest(name):
        return replace(wrong, todo="config_near_pair", todo_facts={"near": near})
    return replace(wrong, todo="config_pair_name", todo_facts={}) if is_name(name) else wrong


def _wrong(key: Key, text: str, raw: Any) -> Problem:
    allowed = key.range if not section_of(key.kind) else "{ ... }"
    facts = {"value": shown(raw)}
    if isinstance(raw, str) and (near := near_word(raw, key.words)):
        return Problem(key.path, text, facts, allowed, "config_near_pair", {"near": near})
    return Problem(key.path, text, facts, allowed, "config_set", {})


def shown(raw: Any) -> str:
    """A raw value as it would stand in the file, cut when it is long."""
    if isinstance(raw, Decimal):
        return str(raw)[:60]
    try:
        text = msgspec.json.encode(raw, enc_hook=str).decode()
    except (TypeError, ValueError, OverflowError, RecursionError):
        text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."
