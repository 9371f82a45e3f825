"""The console's language."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.errors import UserError
from interfaces.console.grammar import CONSOLE_COMMANDS, LINE_MAX, completions, parse
from messages.base import Message
from messages.control import (
    CancelOpenOrder,
    ExplainPair,
    ForceEnter,
    ForceExit,
    Operator,
    ReloadConfig,
    ShowDaily,
    ShowStatus,
    ShowTrades,
    ShowWhy,
    Shutdown,
)


def said(line: str | bytes) -> Message | None:
    return parse(line, lambda: "drawn")


def test_every_message_of_the_union_is_a_verb_with_help() -> None:
    tags = {kind.__struct_config__.tag for kind in get_args(Operator)}
    assert set(CONSOLE_COMMANDS) == tags
    assert all(verb.help.endswith(".") for verb in CONSOLE_COMMANDS.values())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("status", ShowStatus()),
        ("  STATUS\t", ShowStatus()),
        ("trades", ShowTrades()),
        ("trades 5", ShowTrades(5)),
        ("daily 30", ShowDaily(30)),
        ("why btc", ShowWhy("KRW-BTC")),
        ("why BTC/KRW", ShowWhy("KRW-BTC")),
        ("why 비트코인", ShowWhy("KRW-BTC")),
        ("forceenter KRW-BTC", ForceEnter("KRW-BTC", None, "drawn")),
        ("forceenter eth 12,000.5", ForceEnter("KRW-ETH", Decimal("12000.5"), "drawn")),
        ("forceexit all", ForceExit("all", "drawn")),
        ("cancel_open_order xrp", CancelOpenOrder("KRW-XRP", "drawn")),
        ("reload_config", ReloadConfig("drawn")),
        ("shutdown", Shutdown("drawn")),
        ("", None),
        ("   ", None),
    ],
)
def test_a_line_is_read_as_its_message(line: str, message: Message | None) -> None:
    assert said(line) == message


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("buy", "forceenter"),
        ("why", "why PAIR"),
        ("why btc eth", "why PAIR"),
        ("why !!!", "KRW-BTC"),
        ("cancel_open_order all", "KRW-BTC"),
        ("trades 0", "1 to 100000"),
        ("trades -3", "1 to 100000"),
        ("trades 1.5", "1 to 100000"),
        ("trades ٣", "1 to 100000"),
        ("daily 99999", "1 to 3650"),
        ("forceenter btc NaN", "above 0"),
        ("forceenter btc -5", "above 0"),
        ("forceenter btc Infinity", "above 0"),
        ("forceenter btc 1e13", "above 0"),
        ("why 'btc", "quotes"),
        ("status\x00", "words"),
        ("\x1b[2J", "words"),
    ],
)
def test_a_wrong_line_is_refused_with_what_is_allowed(line: str, named: str) -> None:
    with pytest.raises(UserError) as caught:
        said(line)
    assert named in caught.value.allowed
    assert len(str(caught.value)) < 1000


def test_a_line_of_a_megabyte_is_refused_without_being_repeated() -> None:
    with pytest.raises(UserError) as caught:
        said("x" * 1_000_000)
    assert str(LINE_MAX) in caught.value.allowed
    assert len(str(caught.value)) < 500


def test_a_binary_line_is_refused() -> None:
    with pytest.raises(UserError, match="not text"):
        said(bytes(range(128, 256)))


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_any_line_is_a_message_or_a_refusal(line: str | bytes) -> None:
    try:
        assert said(line) is None or isinstance(said(line), Message)
    except UserError as error:
        assert error.allowed  # noqa: PT017 - any outcome but a refusal that explains is a failure


def test_completion_offers_verbs_then_pairs() -> None:
    assert completions("sto") == ["stopentry", "stop"]
    pairs = ("KRW-BTC", "KRW-ETH")
    assert completions("forceexit ", pairs) == ["KRW-BTC", "KRW-ETH", "all"]
    assert completions("why krw-e", pairs) == ["KRW-ETH"]
    assert completions("help forcee") == ["forceenter", "forceexit"]
    assert completions("status ", pairs) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("explain BTC sold 1,000", ExplainPair("KRW-BTC", "sold", Decimal(1000), "id")),
        ("explain btc MOVED", ExplainPair("KRW-BTC", "moved", None, "id")),
        ("explain KRW-BTC lost", ExplainPair("KRW-BTC", "lost", None, "id")),
    ],
)
def test_the_owner_says_what_became_of_coins(line: str, message: ExplainPair) -> None:
    assert parse(line, lambda: "id") == message


@pytest.mark.parametrize(
    "line", ["explain", "explain BTC", "explain BTC stolen", "explain !! lost"]
)
def test_an_answer_that_is_none_is_named_with_what_is_allowed(line: str) -> None:
    with pytest.raises(UserError) as error:
        parse(line, lambda: "id")
    assert error.value.allowed


def test_the_answers_are_completed() -> None:
    assert completions("explain BTC ") == ["lost", "moved", "sold"]
    assert CONSOLE_COMMANDS["explain"].usage == "explain PAIR lost|moved|sold [PRICE]"


@pytest.mark.parametrize(
    "line",
    [
        "forceenter 비트코인 캐시 50000",
        "forceenter Bitcoin Cash 50000",
        "forceenter bitcoincash 50000",
    ],
)
def test_a_coin_s_name_may_have_blanks_in_it_as_everywhere(line: str) -> None:
    assert parse(line, lambda: "1") == ForceEnter("KRW-BCH", Decimal(50000), "1")


@pytest.mark.parametrize(
    "line",
    [
        "why\u3000도지코인",
        "why KRW-DOGE\u200b",
        "\ufeffwhy doge\u00a0",
        "why 도지 코인",
        "why ＤＯＧＥ",
    ],
)
def test_wide_blanks_and_marks_that_take_no_room_are_no_part_of_a_line(line: str) -> None:
    assert parse(line, lambda: "1") == ShowWhy("KRW-DOGE")
