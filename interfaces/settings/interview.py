"""A configuration made by asking: few questions, each with what it means and what is allowed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from interfaces.catalogue import meaning, say
from interfaces.catalogue.sentences import told
from interfaces.settings.config_file import new_config_text
from interfaces.settings.fields import Key, leaves
from interfaces.settings.values import Refused, shown, value_of

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


def interview(words: str, ask: Ask, say_line: Say) -> tuple[str, str]:
    """The text of a configuration, and the way that was chosen (1, 2, 3)."""
    say_line(say("ask_intro", words))
    way = _way(words, ask, say_line)
    values: dict[str, Any] = dict(WAYS[way])
    keys = {key.path: key for key in leaves()}
    for path in LIVE if way == "3" else PAPER:
        key = keys[path]
        usual = CAREFUL.get(path, key.default) if way == "3" else key.default
        values[path] = _value(key, usual, words, ask, say_line)
    return text_of(values), way


def text_of(values: Mapping[str, Any]) -> str:
    """All keys at their defaults but these (by key path)."""
    tree = json.loads(new_config_text(), parse_float=Decimal)
    for path, value in values.items():
        section, _, name = path.rpartition(".")
        (tree[section] if section else tree)[name] = value
    encoder = msgspec.json.Encoder(decimal_format="number")
    return msgspec.json.format(encoder.encode(tree), indent=2).decode() + "\n"


def _way(words: str, ask: Ask, say_line: Say) -> str:
    for number in WAYS:
        say_line(say(f"ask_way_{number}", words))
    while (found := ask(say("ask_way", words), "2").strip()) not in WAYS:
        say_line(say("ask_again", words, text=found[:40], range=" | ".join(WAYS)))
    return found


def _value(key: Key, usual: Any, words: str, ask: Ask, say_line: Say) -> Any:
    """Asked until it can be used."""
    say_line("")
    say_line(f"{key.path}: {meaning(key.path, key.meaning, words)}")
    say_line(f"  {say('ask_allowed', words, range=told(key.range, words))}")
    default = shown(usual).strip('"')
    while True:
        answer = ask(key.path, default).strip()
        try:
            return value_of(key, _raw(key, answer))
        except Refused as refused:
            allowed = refused.problems[0].allowed or key.range
            say_line(say("ask_again", words, text=answer[:40], range=told(allowed, words)))


def _raw(key: Key, answer: str) -> Any:
    """As it would stand in the file; pairs may be told with commas between."""
    if key.path == "pair_whitelist":
        names = [name.strip() for name in answer.split(",") if name.strip()]
        return answer if names == ["KRW-*"] else names
    try:
        plain = answer.replace(",", "").replace("_", "").removeprefix("₩")
        return json.loads(plain, parse_float=Decimal, parse_constant=str)
    except (ValueError, ArithmeticError, RecursionError):
        return answer
