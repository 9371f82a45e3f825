"""A configuration made by asking: few questions in plain words, with choices and usual answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec

from app.config.config_file import new_config_text
from app.config.fields import Key, leaves, variants
from app.config.values import EVERY_PAIR, Refused, value_of
from core.market.known import KNOWN
from core.market.pairs import is_pattern, nearest, pair_name
from core.trading.position_size import least_entry
from i18n import say

Ask = Callable[[str, str], str]  # a question and what stands for an empty answer; the answer
Say = Callable[[str], None]
WAYS: dict[str, dict[str, Any]] = {  # what is traded on, and with whose money
    "1": {},
    "2": {"feed": "upbit"},
    "3": {"feed": "upbit", "dry_run": False},
}
PAPER = ("pair_whitelist", "dry_run_wallet", "stake_amount", "max_open_trades", "stoploss")
LIVE = (
    *("pair_whitelist", "available_capital", "stake_amount", "exchange.max_order_krw"),
    *("exchange.max_daily_krw", "max_open_trades", "stoploss"),
)
CAREFUL = {  # where a first live start begins; the defaults are those of paper
    "available_capital": Decimal(100000),
    "stake_amount": Decimal(10000),
    "exchange.max_order_krw": Decimal(10000),
    "exchange.max_daily_krw": Decimal(50000),
    "max_open_trades": 2,
}
CAP = "exchange.max_order_krw"  # below the least that can be bought it would forbid every entry
CHOICES: dict[str, Any] = {"1": EVERY_PAIR, "2": ["KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-DOGE"]}
USUAL = {  # answers that many give, shown with the question
    "dry_run_wallet": ("500,000", "1,000,000", "10,000,000"),
    "available_capital": ("100,000", "500,000", "1,000,000"),
    "stake_amount": ("10,000", "50,000", "100,000"),
    "exchange.max_order_krw": ("10,000", "50,000", "100,000"),
    "exchange.max_daily_krw": ("50,000", "200,000", "1,000,000"),
    "max_open_trades": ("1", "3", "5"),
    "stoploss": ("-0.02", "-0.03", "-0.05"),
}
NONE = ("none", "null", "없음")
NAMES_SHOWN = 12  # pairs that are repeated to be looked at


def run_wizard(language: str, ask: Ask, say_line: Say, wish: str = "auto") -> tuple[str, str]:
    """The text of a configuration, and the way that was chosen (1, 2, 3).

    ``wish``: the language that the configuration is to have.
    """
    say_line(say("ask_intro", language))
    way = _way(language, ask, say_line)
    values: dict[str, Any] = {**WAYS[way], "language": wish}
    keys = {key.path: key for key in leaves()}
    asked = list(LIVE if way == "3" else PAPER)
    for path in asked:
        key = keys[path]
        usual: Any = CAREFUL.get(path, key.default) if way == "3" else key.default
        stop = values.get("stoploss", keys["stoploss"].default)
        least = least_entry(keys["min_order_krw"].default, stop)
        if path == CAP:
            key = replace(key, bounds={"least": int(least), **key.bounds})
        values[path] = _value(
            key, max(usual, least) if path == CAP else usual, language, ask, say_line
        )
        if path == "stoploss" and CAP in asked[: asked.index(path)]:
            _cap_again(values, asked, keys)
    return text_of(values), way


def _cap_again(values: Mapping[str, Any], asked: list[str], keys: Mapping[str, Key]) -> None:
    """A loss this great needs larger entries: a cap below them is asked for once more."""
    cap, least = values[CAP], least_entry(keys["min_order_krw"].default, values["stoploss"])
    if cap is not None and cap < least:
        asked.append(CAP)


def text_of(values: Mapping[str, Any]) -> str:
    """All keys at their defaults but these (by key path)."""
    tree = json.loads(new_config_text(), parse_float=Decimal)
    for path, value in values.items():
        section, _, name = path.rpartition(".")
        (tree[section] if section else tree)[name] = value
    encoder = msgspec.json.Encoder(decimal_format="number")
    return msgspec.json.format(encoder.encode(tree), indent=2).decode() + "\n"


def _way(language: str, ask: Ask, say_line: Say) -> str:
    for number in WAYS:
        say_line(say(f"ask_way_{number}", language))
    while (found := ask(say("ask_way", language), "2").strip()) not in WAYS:
        say_line(say("ask_again", language, text=found[:40], range=", ".join(WAYS)))
    return found


def _value(key: Key, usual: Any, language: str, ask: Ask, say_line: Say) -> Any:
    """Asked until it can be used."""
    say_line("")
    say_line(f"{key.path}: {say(f'ask_q_{key.path}', language)}")
    for line in _offered(key, language):
        say_line(f"  {line}")
    default, doubted = "1" if usual == EVERY_PAIR else _figure(usual, language), None
    while True:
        answer = ask(key.path, default).strip()
        try:
            value = value_of(key, _raw(key, answer))
        except Refused as refused:
            say_line(_again(key, answer, refused, language))
            continue
        if key.path == "pair_whitelist":
            say_line(f"  = {_names(value, language)}")
            if value != doubted and (doubt := _doubt(value, language)):
                doubted = value
                say_line(doubt)
                continue
        return value


def _doubt(value: Any, language: str) -> str:
    """Of a coin that is not known here and looks like one that is: which, and how to keep it."""
    for pair in value if value != EVERY_PAIR else ():
        if not is_pattern(pair) and pair not in KNOWN and (near := nearest(pair)):
            return say("ask_doubt", language, pair=pair, near=near)
    return ""


def _offered(key: Key, language: str) -> list[str]:
    """What may be answered: choices, or a range with answers that are usual."""
    if key.path == "pair_whitelist":
        texts = [say(f"ask_pairs_{number}", language) for number in CHOICES]
        return [*texts, say("ask_pairs", language)]
    usual = " · ".join(USUAL[key.path])
    note = say("ask_percent", language) if key.path == "stoploss" else ""
    bounds, common = _range(key, language), say("ask_usual", language, answers=usual)
    return [f"{bounds[:1].upper()}{bounds[1:]}. {common} {note}".rstrip()]


def _range(key: Key, language: str) -> str:
    """What is allowed, as a person says it."""
    kind = "whole" if int in variants(key.kind) else "number"
    ends = [
        say(f"ask_{name}", language, bound=_figure(bound, language))
        for name, bound in key.bounds.items()
    ]
    text = say(f"ask_{kind}", language, ends=" ".join(ends))
    return text + (say("ask_or_none", language) if key.path.startswith("exchange.max_") else "")


def _figure(value: Any, language: str) -> str:
    """A figure with commas between thousands."""
    if value is None:
        return say("ask_none", language)
    return f"{value:,}" if isinstance(value, int | Decimal) else str(value)


def _again(key: Key, answer: str, refused: Refused, language: str) -> str:
    """Why it is asked once more: what may be answered, and the nearest coin where one is near."""
    problem = refused.problems[0]
    pairs = key.path == "pair_whitelist"
    allowed = say("ask_pairs_named", language) if pairs else _range(key, language)
    text = say("ask_again", language, text=answer[:40], range=allowed)
    near = (problem.todo_facts or {}).get("near", "")
    return f"{text} {say('ask_near', language, near=near)}" if near else text


def _names(value: Any, language: str) -> str:
    """The pairs that were understood, to be looked at; one that is not known here says so."""
    if value == EVERY_PAIR:
        return say("ask_every", language)
    names = [_name(pair, language) for pair in value[:NAMES_SHOWN]]
    return ", ".join(names) + (", ..." if len(value) > NAMES_SHOWN else "")


def _name(pair: str, language: str) -> str:
    known = is_pattern(pair) or pair in KNOWN
    return pair_name(pair, language) if known else say("ask_unknown_pair", language, pair=pair)


def _raw(key: Key, answer: str) -> Any:
    """As it would stand in the file; pairs may be given by a choice, or with commas between."""
    if key.path == "pair_whitelist":
        names = [name.strip() for name in answer.split(",") if name.strip()]
        return CHOICES.get(answer, answer if names == [EVERY_PAIR] else names)
    if key.optional and answer.casefold() in NONE:
        return None
    try:
        plain = answer.replace(",", "").replace("_", "").removeprefix("₩").removesuffix("원")
        if key.path == "stoploss" and plain.endswith("%"):
            return -abs(Decimal(plain.removesuffix("%")) / 100)
        return json.loads(plain, parse_float=Decimal, parse_constant=str)
    except (ValueError, ArithmeticError, RecursionError):
        return answer
