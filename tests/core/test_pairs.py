"""What pairs are called."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from core.market.pairs import NAMES, coin, pair_code, pair_name


@pytest.mark.parametrize(
    "text",
    [
        "KRW-BTC",
        "krw-btc",
        "BTC/KRW",
        "btc/krw",
        "btc",
        " BTC ",
        "비트코인",
        normalize("NFD", "비트코인"),  # as a Mac's file names spell it
        "Bitcoin",
        "bit coin",
        "ＢＴＣ",
    ],
)
def test_every_form_of_a_pair_is_understood(text: str) -> None:
    assert pair_code(text) == "KRW-BTC"


def test_every_name_leads_to_its_coin_and_back() -> None:
    for code, (korean, english) in NAMES.items():
        assert pair_code(korean) == pair_code(english) == pair_code(code) == f"KRW-{code}"
        assert pair_name(f"KRW-{code}", "ko") == f"{korean}(KRW-{code})"
        assert pair_name(f"KRW-{code}", "en") == f"{english}(KRW-{code})"


def test_a_longer_name_is_not_taken_for_a_shorter_one() -> None:
    assert pair_code("비트코인 캐시") == "KRW-BCH"
    assert pair_code("리플") == "KRW-XRP"


def test_an_unknown_coin_keeps_its_code() -> None:
    assert pair_code("xyz1") == "KRW-XYZ1"
    assert pair_name("KRW-XYZ1", "ko") == "KRW-XYZ1"
    assert coin("KRW-XYZ1") == "XYZ1"


@pytest.mark.parametrize(
    "bad",
    ["", " ", "KRW", "KRW-", "/KRW", "KRW-KRW", "BTC-ETH", "KRW-*", "비트", "BTC;rm", "btc\0"],
)
def test_what_is_no_pair_is_refused_with_the_forms_that_are(bad: str) -> None:
    with pytest.raises(ValueError, match="write KRW-BTC, BTC/KRW, btc, 비트코인"):
        pair_code(bad)


def test_a_refusal_quotes_no_more_than_a_line_of_what_was_typed() -> None:
    with pytest.raises(ValueError, match=r"no pair: 'a{40}';"):
        pair_code("a" * 1_000_000)
