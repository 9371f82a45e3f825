"""The catalogue: complete in both languages, with the facts that each text is given."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from app.config.config_file import explain, load
from i18n import LANGUAGES, language_of, say, word
from i18n.ko.meanings import MEANINGS
from interfaces.console.grammar import CONSOLE_COMMANDS
from messages.config import Config
from messages.notices import NOTICES
from messages.trading import ExitReason
from projections import orders

ROOT = Path(__file__).parents[2]
KEYS = sorted(LANGUAGES["en"])


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(LANGUAGES["en"]) == set(LANGUAGES["ko"])


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_tell_the_same_facts(key: str) -> None:
    assert facts(LANGUAGES["en"][key]) == facts(LANGUAGES["ko"][key])
    assert LANGUAGES["ko"][key].strip()


@pytest.mark.parametrize("key", sorted(NOTICES))
def test_every_notice_has_a_text_that_tells_all_its_facts(key: str) -> None:
    assert facts(LANGUAGES["en"][key]) == set(NOTICES[key])


def test_every_verb_has_its_help_and_every_exit_its_name() -> None:
    assert [v for v in CONSOLE_COMMANDS if f"help_{v}" not in LANGUAGES["ko"]] == []
    assert [r for r in get_args(ExitReason) if f"reason_{r}" not in LANGUAGES["ko"]] == []


def test_every_reply_of_an_actor_has_a_text() -> None:
    said = set()
    for path in (*(ROOT / "actors").rglob("*.py"), *(ROOT / "interfaces").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "OperatorReply":
                key = node.args[1] if len(node.args) > 1 else None
                said |= {key.value} if isinstance(key, ast.Constant) else set()
    assert said - set(KEYS) == set()


def test_every_key_that_is_said_in_the_interfaces_exists() -> None:
    said = set()
    for path in (ROOT / "interfaces").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Call) and (
                getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            )
            if isinstance(node, ast.Call) and named in ("say", "nothing") and node.args:
                key = node.args[0]
                said |= {key.value} if isinstance(key, ast.Constant) else set()
    assert said - set(KEYS) == set()


def test_facts_are_dressed_by_their_names() -> None:
    said = say(
        "exit_filled", "ko", pair="KRW-BTC", volume="0.10", price="1000.50", krw="12345.6",
        profit="-10", ratio="0.0123", reason="roi",
    )  # fmt: skip
    for part in ("비트코인(KRW-BTC)", "0.1", "₩1,000.5", "₩12,346", "-₩10", "+1.23%"):
        assert part in said
    assert word("reason", "roi", "ko") in said
    assert "2025-09-01 09:00" in say("breaker_opened", "en", failures="3", until="1756684800")


def test_a_banner_keeps_its_margin_and_a_last_fact_may_be_nothing() -> None:
    assert say("banner_speed_max", "en") == "  speed   as fast as it goes"
    refused = say("entry_refused", "en", pair="KRW-BTC", reason="market_offline", text="")
    assert refused == refused.strip()


HANGING = re.compile(
    r"(?<=\S)  +|\(\s|\s\)|\(\)|[:,;(=]\s*[.,;)]|[:,;=]\s*(?=\n|$)|(?<=\S)\s[.,;:!?]"
    r"|(?:^|\n)\s*[.,;:]|[.:] [.:]|\0"
)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("key", KEYS)
def test_a_fact_that_is_empty_leaves_no_mark_no_blank_and_no_bracket_behind(
    key: str, language: str
) -> None:
    names = sorted(facts(LANGUAGES[language][key]))
    whole = len(HANGING.findall(say(key, language, **dict.fromkeys(names, "7"))))
    for empty in (*([name] for name in names), names):
        given = {name: "" if name in empty else "7" for name in names}
        said = say(key, language, **given)
        assert len(HANGING.findall(said)) <= whole, (empty, said)


@pytest.mark.parametrize(
    ("key", "facts", "told"),
    [
        ("pair_barred", {"pair": "KRW-A", "reason": "", "detail": ""}, "A: no entries"),
        ("snapshot_missed", {"year": "2027", "lasting": "9", "reason": ""}, "January 1. It is"),
        ("past_unread", {"since": "", "reason": ""}, "cannot be listed, and whether"),
    ],
)
def test_a_sentence_closes_over_what_it_lacks(key: str, facts: dict[str, str], told: str) -> None:
    assert told in say(key, "en", **facts)


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
@pytest.mark.parametrize("fact", ["", "nonsense", "NaN", "1e400", "{0}", "{pair}"])
@pytest.mark.parametrize("key", ["exit_filled", "breaker_opened", "unheard_of"])
def test_saying_never_fails(language: str, fact: str, key: str) -> None:
    assert say(key, language, price=fact, until=fact, pair=fact, ratio=fact, profit=fact)


def test_the_language_is_the_readers() -> None:
    assert language_of("ko", {"LANG": "en_US.UTF-8"}) == "ko"
    assert language_of("auto", {"LANG": "ko_KR.UTF-8"}) == "ko"
    assert language_of("auto", {"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}) == "en"
    assert language_of("auto", {}) == "en"
    assert Config().language == "auto"


def test_every_key_of_the_configuration_has_its_meaning_in_korean() -> None:
    keys = {row.key for row in explain(load(None, {}))}
    assert keys == set(MEANINGS)


def test_states_of_orders_that_have_ended_are_known() -> None:
    assert {"done", "cancel", "refused", "absent"} == orders.ENDED


@pytest.mark.parametrize(
    ("pairs", "told"),
    [("", "Open trades: -."), ("A B", "trades: A, B."), ("A, B", "trades: A, B.")],
)
def test_pairs_stand_with_one_comma_between_and_none_is_a_dash(pairs: str, told: str) -> None:
    assert told in say("account_denied", "en", account="key", pairs=pairs)


MENDED = re.compile(  # wordings that no trader uses, or that a second word stood beside
    "추적 손절|녹화|바깥세상|가장자리|의도한 모든|장부 사용률|최고 매도|최저 매도|운영자"
    "|열린 거래|보유 거래|계좌 대사|현황|뽑지 않고|우편함|편지"
)


def test_korean_has_the_words_of_the_trade() -> None:
    pages = [*(ROOT / "i18n" / "ko").rglob("*.py"), *ROOT.glob("*.ko.md")]
    pages += (ROOT / "docs").rglob("*.ko.md")
    assert len(pages) > 25
    found = {str(page.relative_to(ROOT)): MENDED.findall(page.read_text("utf-8")) for page in pages}
    assert {page: words for page, words in found.items() if words} == {}
