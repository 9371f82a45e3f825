"""Figures and moments, for people and for files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from i18n import formatting as f
from messages.plain_values import iso, plain

D = Decimal
AT = 1_756_684_800.0


def test_people_see_korean_time_and_files_see_utc() -> None:
    assert f.kst(AT) == "2025-09-01 09:00:00"
    assert iso(AT) == "2025-09-01T00:00:00Z"
    assert iso(AT + 0.25) == "2025-09-01T00:00:00.250Z"


def test_a_moment_beyond_the_calendar_is_endless() -> None:
    assert f.kst(1e18) == f.ENDLESS
    assert iso(f.moment(1e18)).startswith("9999")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("1234567", "₩1,234,567"), ("-1234.5", "-₩1,234"), ("0.4", "₩0"), ("-0.4", "₩0")],
)
def test_an_amount_is_whole_won(amount: str, shown: str) -> None:
    assert f.krw(D(amount)) == shown


def test_a_gain_has_its_sign() -> None:
    assert f.krw(D(5), signed=True) == "+₩5"
    assert f.percent(D("0.0123"), signed=True) == "+1.23%"
    assert f.percent(D("-0.5")) == "-50.00%"


def test_prices_and_volumes_keep_their_decimals() -> None:
    assert f.price(D("158000000")) == "₩158,000,000"
    assert f.volume(D("0.012340")) == "0.01234"


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("128768335.24878313", "₩128,768,335"),  # an average, where a tick is 1,000
        ("4355.4", "₩4,355"),
        ("321", "₩321"),
        ("321.4", "₩321.4"),  # as it was traded until July 2025
        ("321.41", "₩321"),
        ("12.3", "₩12.3"),
        ("5.1", "₩5.10"),
        ("0.5", "₩0.500"),
        ("0.0123456", "₩0.0123"),
        ("0.000012345678", "₩0.0000123"),
        ("0", "₩0"),
        ("0E-8", "₩0"),
        ("-5.1", "-₩5.10"),
    ],
)
def test_a_price_is_written_in_the_precision_of_its_tick(figure: str, text: str) -> None:
    assert f.price(D(figure)) == text
    assert f.volume(D("1234.50000000")) == "1,234.5"
    assert f.volume(D("0.00000001")) == "0.00000001"


@pytest.mark.parametrize(
    ("figure", "text"), [("1E+3", "1000"), ("0.10", "0.1"), ("-0", "0"), ("1E-8", "0.00000001")]
)
def test_files_have_no_exponent(figure: str, text: str) -> None:
    assert plain(D(figure)) == text


def test_a_duration_has_its_two_largest_units() -> None:
    assert f.duration(93784) == "1d 2h"
    assert f.duration(185, "ko") == "3분 5초"
    assert f.duration(0) == "0s"
    assert f.duration(86400 + 60) == "1d"
    assert f.duration(-5) == "0s"


def test_a_pair_has_its_name() -> None:
    assert f.pair_name("KRW-BTC", "ko") == "비트코인(KRW-BTC)"
