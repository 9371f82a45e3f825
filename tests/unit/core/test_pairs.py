"""What pairs are called."""

from __future__ import annotations

from time import process_time
from unicodedata import normalize

import pytest

from core.market.known import KNOWN
from core.market.pairs import (
    NAMES,
    by_names,
    coin,
    entry,
    expanded,
    is_pattern,
    misspelt,
    named,
    names,
    nearest,
    pair_code,
    pair_name,
    unmatched,
)


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
        "ＫＲＷ－ＢＴＣ",
        "BTC\u3000",
        "KRW-BTC\u200b",
        "\ufeff비트\u00a0코인",
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


# --- lists of pairs
@pytest.mark.parametrize(
    "text", ["KRW-DOGE", "DOGE/KRW", "doge", "도지코인", "krw-doge", "ＤＯＧＥ"]
)
def test_an_entry_of_a_list_is_read_as_a_pair_is(text: str) -> None:
    assert entry(text) == "KRW-DOGE"
    assert names([entry(text)], "KRW-DOGE")
    assert not names([entry(text)], "KRW-BTC")


@pytest.mark.parametrize("text", ["DOGE/.*", "doge/.*", "(DOGE|SHIB)/KRW", "KRW-DO.*", ".*OGE/KRW"])
def test_a_pattern_means_what_it_means_to_freqtrade(text: str) -> None:
    assert is_pattern(entry(text))
    assert names([entry(text)], "KRW-DOGE")
    assert not names([entry(text)], "KRW-BTC")
    assert expanded([entry(text)], ["KRW-BTC", "KRW-DOGE"]) == ["KRW-DOGE"]


def test_a_pattern_matches_a_whole_name_and_no_part_of_it() -> None:
    assert not names([entry("DOGE|X")], "KRW-DOGE")
    assert not names([entry("(BTC)/KRW")], "KRW-BTCX")


def test_a_code_is_kept_where_no_known_market_bears_it() -> None:
    assert expanded(["KRW-NEW", "DOGE/.*"], ["KRW-BTC", "KRW-DOGE"]) == ["KRW-NEW", "KRW-DOGE"]


@pytest.mark.parametrize("bad", ["(DOGE/KRW", "*/KRW", "[", "a" * 90 + ".*" * 9, "KRW-", "비트"])
def test_what_is_neither_a_pair_nor_a_pattern_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="no pa"):
        entry(bad)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("KRW-DOEG", "KRW-DOGE"),
        ("bitcion", "KRW-BTC"),
        ("도지코", "KRW-DOGE"),
        ("qqqqqqqq", ""),
        *((text, "KRW-BTC") for text in ("BTC/USDT", "BTC_KRW", "KRW_BTC", "BTC-KRW", "USDT-BTC")),
    ],
)
def test_a_misspelt_pair_leads_to_the_nearest(typed: str, meant: str) -> None:
    assert nearest(typed) == meant


def test_the_nearest_may_be_a_market_that_has_no_common_name() -> None:
    assert nearest("KRW-ZYXW1", ["KRW-ZYXW"]) == "KRW-ZYXW"


@pytest.mark.parametrize("text", ["DOGE/*", "KRW-*", "doge/*"])
def test_a_star_of_a_file_name_is_refused_for_as_a_pattern_it_would_match_nothing(
    text: str,
) -> None:
    with pytest.raises(ValueError, match="no pattern"):
        entry(text)


def test_entries_that_name_no_known_market_are_found_codes_and_patterns_alike() -> None:
    listed = ["KRW-BTC", "DOGE/.*", "KRW-DOEG", "DOEG/.*"]
    assert unmatched(listed, ["KRW-BTC", "KRW-DOGE"]) == ["KRW-DOEG", "DOEG/.*"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((text, "KRW-DOGE") for text in ("DOEG/.*", "$DOGE", "[DOGE]", "(DOEG|ETHH)/.*")),
        *((text, "KRW-DOGE") for text in ("DOGE$", "'DOGE/.*'", "KRW-DOEG.*", "도지코인/.*")),
        (normalize("NFD", "도지코인/.*"), "KRW-DOGE"),
        ("DOGE|SHIB", "(DOGE|SHIB)/.*"),
        ("(DOGE", "KRW-DOGE"),
        (".*/USDT", ""),
    ],
)
def test_the_nearest_to_a_pattern_is_the_nearest_to_its_coin_or_the_pattern_that_was_meant(
    typed: str, meant: str
) -> None:
    assert nearest(typed) == meant


@pytest.mark.parametrize(
    "text", ["'DOGE/.*'", '["DOGE/.*"]', "DOGE/.* ETH/.*", "도지코인/.*", "DOGE/.*;", "`DOGE/.*`"]
)
def test_a_pattern_with_what_no_market_s_name_holds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no pattern"):
        entry(text)


def test_entries_are_misspelt_that_name_no_listed_market_and_none_that_is_known() -> None:
    right = ["KRW-ARK", "ARK/.*", "KRW-DO.*", ".*UP/.*", "KRW-NEWC"]
    found = misspelt(
        [*right, "KRW-DOEG", "$DOGE", "KRW-QQQQ"], ["KRW-NEWC", "KRW-DOGE", "BTC-DOGE"]
    )
    assert found == [("KRW-DOEG", "KRW-DOGE"), ("$DOGE", "KRW-DOGE"), ("KRW-QQQQ", "")]


def test_a_long_list_and_a_long_entry_are_looked_at_in_no_time() -> None:
    started = process_time()
    assert len(nearest("q|" * 500_000)) < 200
    lost = misspelt([f"KRW-Q{n}Q{n}" for n in range(3000)], ["KRW-BTC"])
    assert len(lost) == 3000
    assert process_time() - started < 5


def test_every_coin_with_a_common_name_is_known_as_a_market() -> None:
    assert {f"KRW-{code}" for code in NAMES} <= KNOWN
    assert all(pair_code(pair) == pair for pair in KNOWN)


def test_a_venue_s_own_names_lead_to_its_markets() -> None:
    names = by_names([("카이아", "KRW-KAIA"), ("Kaia", "KRW-KAIA"), ("", "KRW-X")])
    assert named("카 이 아", names) == named("KAIA", names) == "KRW-KAIA"
    assert named("도지코인", names) == "KRW-DOGE"
    assert named("카이아") == named("", names) == ""
