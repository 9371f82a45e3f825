"""The configuration: read from defaults, config.json, the environment and options, and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from adapters import strategies
from app.config.addresses import PROXY, wrong_proxy
from app.config.fields import Key, leaves
from app.config.layers import (
    RawValue,
    Unreadable,
    from_environment,
    from_file,
    opened,
    option_of,
    sections_of,
)
from app.config.own_keys import keys_beside
from app.config.values import (
    HIDDEN_URL,
    PROBLEMS_MOST,
    Problem,
    Refused,
    shown,
    unknown,
    value_of,
)
from core.strategies import BUILT_IN
from core.trading.exits import ORDERED
from core.trading.position_size import least_entry
from i18n import language_of, say
from i18n.errors import UserError, gathered
from messages.config import Config

DEFAULT = "default"


@dataclass(frozen=True)
class Loaded:
    """A configuration that may be used, and from where each of its values came."""

    config: Config
    origin: Mapping[str, str]  # by key path: "default", the file's name, a variable, an option
    strategy: strategies.LoadedStrategy  # the keys of its Params stand beside the others
    aside: tuple[str, ...] = ()  # keys that were given for another strategy


@dataclass(frozen=True)
class Explained:
    """One row of show-config."""

    key: str
    value: Any
    origin: str
    meaning: str
    range: str


def load(
    path: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, Any] | None = None,
) -> Loaded:
    """The configuration of a file, under the environment, under options (by key path).

    Without a path it is the defaults, under the environment and options. A strategy's file is
    relative to the folder of ``path``. Keys of another strategy, one that a weaker layer names, a
    built-in one or one in a file beside, are left aside: its name was changed. Raises UserError
    with all that is wrong.
    """
    language = language_of(environ=environ)
    try:
        raw = from_file(path) if path else {}
    except Unreadable as error:
        what = say(error.key, language, **error.facts)
        raise UserError(what, str(path), "", say("config_rewrite", language)) from None
    name = path.name if path else ""
    given = _layers(raw, name, environ, overrides or {}, {k.path: k for k in leaves()})
    language = _language(given, environ)
    strategy = _strategy(given, path, language)
    params = strategy.strategy.Params
    keys = {key.path: key for key in (*leaves(), *leaves(params))}
    given = _layers(raw, name, environ, overrides or {}, keys)
    weaker = [_layers(raw, name, around, {}, keys) for around in ({}, environ)]
    aside = _aside([key for key in given if key not in keys], weaker, given, path, language)
    given = {key: item for key, item in given.items() if key not in aside}
    values, problems = _values(given, keys)
    problems += _contradictions(values, keys) if not problems else []
    problems += _proxy(values.get("heartbeat_url"), environ)
    if problems:
        raise _error(problems, given, path, language)
    origin = {key: given[key].origin if key in given else DEFAULT for key in keys}
    return Loaded(_config(values, strategy), origin, strategy, aside)


def explain(loaded: Loaded) -> list[Explained]:
    """Every key, with its value, where it came from, what it means and what is allowed."""
    return explained(loaded.config, loaded.strategy.strategy.Params, loaded.origin)


def explained(
    config: Config, params: type[Struct] | None, origin: Mapping[str, str]
) -> list[Explained]:
    """The same of any configuration; without ``params`` the strategy's keys tell no meaning."""
    values = [(key, _of_path(config, key.path)) for key in leaves()]
    own = config.strategy_params
    named = {key.path: key for key in leaves(params)} if params else {}
    values += [(named.get(name, Key(name, Any)), value) for name, value in own.items()]
    return [
        Explained(key.path, value, origin.get(key.path, ""), key.meaning, key.range)
        for key, value in values
    ]


def _of_path(config: Config, path: str) -> Any:
    value: Any = config
    for name in path.split("."):
        value = getattr(value, name)
    return value


def new_config_text(params: type[Struct] | None = None) -> str:
    """A config.json with every key at its default, in the order of Config."""
    params = params or BUILT_IN[Config().strategy].Params
    encoder = msgspec.json.Encoder(decimal_format="number")
    plain = msgspec.json.decode(encoder.encode(Config()), type=dict[str, msgspec.Raw])
    own = msgspec.json.decode(encoder.encode(params()), type=dict[str, msgspec.Raw])
    top = {key.path.partition(".")[0] for key in leaves()}
    kept = {name: raw for name, raw in plain.items() if name in top}
    text = msgspec.json.format(encoder.encode({**kept, **own}), indent=2)
    return text.decode() + "\n"


def _layers(
    raw: Mapping[str, Any],
    name: str,
    environ: Mapping[str, str],
    overrides: Mapping[str, Any],
    keys: Mapping[str, Key],
) -> dict[str, RawValue]:
    """What was given, the strongest layer last."""
    file = {key: RawValue(value, name) for key, value in raw.items()}
    options = {path: RawValue(value, option_of(path)) for path, value in overrides.items()}
    layers = (file, from_environment(environ, keys), options)
    return {path: given for layer in layers for path, given in opened(layer, keys).items()}


def _strategy(
    given: Mapping[str, RawValue], path: Path | None, language: str
) -> strategies.LoadedStrategy:
    """The strategy is loaded before anything else is checked: it says which keys there are."""
    key = next(key for key in leaves() if key.path == "strategy")
    raw = given["strategy"].value if "strategy" in given else key.default
    try:
        return strategies.load(value_of(key, raw), path.parent if path else Path())
    except Refused as refused:
        raise _error(list(refused.problems), given, path, language) from None
    except strategies.StrategyError as error:
        allowed = f'{strategies.NAMES} | "file.py:Name"'
        facts = {"text": str(error).removeprefix("strategy: ")}
        problem = Problem(key.path, "config_strategy", facts, allowed, "config_name_strategy", {})
        raise _error([problem], given, path, language) from None


def _aside(
    strange: Sequence[str],
    weaker: Sequence[Mapping[str, RawValue]],
    given: Mapping[str, RawValue],
    path: Path | None,
    language: str,
) -> tuple[str, ...]:
    """Those of the keys that nothing reads which are another strategy's."""
    others = _of_others(weaker, given, path, language) if strange else set()
    if path and not {*strange} <= others:
        others |= keys_beside(path.parent)
    return tuple(key for key in strange if key in others)


def _of_others(
    weaker: Sequence[Mapping[str, RawValue]],
    given: Mapping[str, RawValue],
    path: Path | None,
    language: str,
) -> set[str]:
    """The keys of every built-in strategy, and of those that weaker layers name."""
    found = {key.path for one in BUILT_IN.values() for key in leaves(one.Params)}
    named = [layer["strategy"].value if "strategy" in layer else None for layer in (given, *weaker)]
    for layer, name in zip(weaker, named[1:], strict=True):
        if name in (None, named[0]):  # its file would only be run once more
            continue
        try:
            params = _strategy(layer, path, language).strategy.Params
        except UserError:  # it is none: then nothing was written for it
            continue
        found |= {key.path for key in leaves(params)}
    return found


def _values(
    given: Mapping[str, RawValue], keys: Mapping[str, Key]
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for path, item in given.items():
        if len(problems) >= PROBLEMS_MOST:
            break
        if path in sections_of(keys):
            facts = {"value": shown(item.value)}
            problems.append(Problem(path, "config_type", facts, "{ ... }", "config_set", {}))
            continue
        if path not in keys:
            problems.append(unknown(path, item.value, keys))
            continue
        try:
            values[path] = value_of(keys[path], item.value)
        except Refused as refused:
            problems.extend(refused.problems)
    return values, problems


def _contradictions(values: Mapping[str, Any], keys: Mapping[str, Key]) -> list[Problem]:
    """Levels that cannot both hold."""
    problems = []
    for lower, upper in ORDERED:
        low, high = (values.get(name, keys[name].default) for name in (lower, upper))
        if low >= high:
            facts = {"value": str(low), "other": upper, "limit": str(high)}
            way = {"lower": lower, "upper": upper}
            allowed = f"< {upper} ({high})"
            problems.append(
                Problem(lower, "config_contradiction", facts, allowed, "config_levels", way)
            )
    return problems + _too_small(values, keys)


def _too_small(values: Mapping[str, Any], keys: Mapping[str, Key]) -> list[Problem]:
    """A cap of an order below the least that can be bought: it would forbid every entry."""
    names = ("exchange.max_order_krw", "min_order_krw", "stoploss")
    cap, least, stop = (values.get(name, keys[name].default) for name in names)
    needed = least_entry(least, stop)
    if cap is None or cap >= needed:
        return []
    facts = {"value": str(cap), "other": names[1], "limit": str(least)}
    way = {"name": names[0], "least": str(needed)}
    allowed = f">= {needed} | null"
    return [Problem(names[0], "config_contradiction", facts, allowed, "config_cap_least", way)]


def _proxy(heartbeat: str | None, environ: Mapping[str, str]) -> list[Problem]:
    """The heartbeat goes by the environment's proxy: one that will not do is told here."""
    found = wrong_proxy(heartbeat, environ) if heartbeat else None
    if found is None:
        return []
    name, text = found
    return [Problem(name, "config_address", {"value": HIDDEN_URL, "text": text}, PROXY)]


def _config(values: Mapping[str, Any], strategy: strategies.LoadedStrategy) -> Config:
    """The whole configuration; the strategy's own keys are complete in ``strategy_params``."""
    params = strategy.strategy.Params
    own = {f.name for f in structs.fields(params)}
    tree: dict[str, Any] = {}
    for path, value in values.items():
        if path not in own:
            section, _, name = path.rpartition(".")
            (tree.setdefault(section, {}) if section else tree)[name] = value
    defaults = Config()
    tree |= {
        name: structs.replace(getattr(defaults, name), **value)
        for name, value in tree.items()
        if isinstance(value, dict)
    }
    return Config(
        **tree,
        strategy_params=_complete(params, {k: v for k, v in values.items() if k in own}),
        strategy_hash=strategy.source_hash,
    )


def _complete(params: type[Struct], values: Mapping[str, Any]) -> dict[str, Any]:
    """All of a strategy's parameters as plain values; equal ones are equal to the byte."""
    plain = {**msgspec.to_builtins(params()), **values}
    made: dict[str, Any] = msgspec.to_builtins(msgspec.convert(plain, params))
    return made


def _language(given: Mapping[str, RawValue], environ: Mapping[str, str]) -> str:
    wish = given["language"].value if "language" in given else "auto"
    return language_of(str(wish), environ)


def _error(
    problems: list[Problem], given: Mapping[str, RawValue], path: Path | None, language: str
) -> UserError:
    """All problems, each with the file (or variable, or option) and the key path."""
    made = []
    for problem in problems:
        item = given.get(problem.path) or given.get(problem.path.split("[")[0])
        file = path.name if path else ""
        place = str(path) if item and item.origin == file else item.origin if item else str(path)
        todo = say(problem.todo, language, **(problem.todo_facts or {})) if problem.todo else ""
        if item and item.quote and problem.key != "config_unknown":
            todo = say("config_quotes", language, name=item.origin, quote=item.quote)
        what = say(problem.key, language, **problem.facts)
        made.append(UserError(what, f"{place}: {problem.path}", problem.allowed, todo))
    return gathered(made)
