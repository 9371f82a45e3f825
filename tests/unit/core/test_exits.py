"""When a position is sold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trading.exits import ExitChoice, Position, decide_exit, quiet_band, stop_level
from messages.config import Config
from messages.market import Candle
from messages.trading import ExitReason

D = Decimal
CONFIG = Config()  # -3 %; trail 2 % from +3 %; roi 10 %; part of 0.5 at +5 %; minimum 5,000


def bar(low: str, high: str, close: str = "") -> Candle:
    return Candle(60, D(low), D(high), D(low), D(close or low), D(1))


def held(
    max_price: str = "100", volume: str = "1000", done: bool = False, entry: str = "100"
) -> Position:
    return Position(D(entry), D(volume), D(max_price), done)


@pytest.mark.parametrize(
    ("max_price", "level", "reason"),
    [
        ("100", "97", "stop_loss"),
        ("102.99999999", "97", "stop_loss"),  # not trailed yet
        ("103", "100.94", "trailing_stop_loss"),  # the offset is reached just so
        ("110", "107.8", "trailing_stop_loss"),
    ],
)
def test_the_stop_is_the_higher_of_the_two_levels(max_price: str, level: str, reason: str) -> None:
    assert stop_level(D(100), D(max_price), CONFIG) == (D(level), reason)


def test_equal_levels_are_a_stop_loss() -> None:
    config = Config(
        stoploss=D("-0.02"),
        trailing_stop_positive=D("0.02"),
        trailing_stop_positive_offset=D("0.0001"),
    )
    assert stop_level(D(100), D("100.01"), config)[1] == "trailing_stop_loss"
    low = Config(
        stoploss=D("-0.1"),
        trailing_stop_positive=D("0.2"),
        trailing_stop_positive_offset=D("0.125"),
    )
    assert stop_level(D(100), D("112.5"), low) == (D(90), "stop_loss")
    assert stop_level(D(100), D("112.6"), low) == (D("90.08"), "trailing_stop_loss")


@pytest.mark.parametrize(
    ("position", "candle", "signal", "choice"),
    [
        (held(), bar("97.01", "104.99"), False, None),
        (held(), bar("97", "100"), False, ("1000", "stop_loss")),
        (held(), bar("90", "200"), True, ("1000", "stop_loss")),  # the stop goes before all
        (held("104"), bar("101.92", "104"), False, ("1000", "trailing_stop_loss")),
        (held("104"), bar("101.93", "104"), False, None),
        (held("100"), bar("98", "120"), False, ("1000", "roi")),  # the candle's own peak is late
        (held(), bar("100", "110"), True, ("1000", "roi")),
        (held(), bar("100", "106"), True, ("1000", "exit_signal")),
        (held(), bar("100", "105"), False, ("500", "partial_exit")),
        (held(done=True), bar("100", "105"), False, None),
        (held(done=True), bar("100", "110"), False, ("1000", "roi")),
    ],
)
def test_exits_come_in_their_order(
    position: Position, candle: Candle, signal: bool, choice: tuple[str, str] | None
) -> None:
    found = decide_exit(position, candle, signal, CONFIG)
    expected = choice and ExitChoice(D(choice[0]), choice[1], choice[1] == "partial_exit")  # type: ignore[arg-type]
    assert found == expected


@pytest.mark.parametrize(
    ("volume", "close", "choice"),
    [
        ("100", "100", ("50", "partial_exit", True)),  # half is worth 5,000 just so
        ("99.99999999", "100", ("99.99999999", "partial_exit", False)),  # a little less: all
        ("100", "99.99", ("100", "partial_exit", False)),  # it is the close that decides
        ("49.99", "100", ("49.99", "dust", False)),  # not even all of it can be sold
        ("100.00000001", "100", ("50", "partial_exit", True)),  # cut to 8 decimals
    ],
)
def test_a_part_too_small_for_the_venue_becomes_the_whole(
    volume: str, close: str, choice: tuple[str, str, bool]
) -> None:
    found = decide_exit(held(volume=volume), bar("99.9", "105", close), False, CONFIG)
    wanted = "partial_exit" if choice[1] == "dust" else None
    assert found == ExitChoice(D(choice[0]), choice[1], choice[2], wanted)  # type: ignore[arg-type]


def test_a_rest_too_small_for_the_venue_is_sold_with_the_part() -> None:
    config = Config(partial_exit_ratio=D("0.9"))
    found = decide_exit(held(volume="400"), bar("100", "105", "100"), False, config)
    assert found == ExitChoice(D(400), "partial_exit")
    everything = Config(partial_exit_ratio=D(1))
    found = decide_exit(held(), bar("100", "105"), False, everything)
    assert found == ExitChoice(D(1000), "partial_exit")


@pytest.mark.parametrize("signal", [False, True])
def test_what_is_worth_too_little_is_not_ordered(signal: bool) -> None:
    candle = bar("100", "100") if signal else bar("90", "100", "99")
    found = decide_exit(held(volume="49"), candle, signal, CONFIG)
    reason: ExitReason = "exit_signal" if signal else "stop_loss"
    assert found == ExitChoice(D(49), "dust", wanted=reason)


def test_what_is_worth_the_minimum_just_so_is_sold() -> None:
    found = decide_exit(held(volume="50"), bar("90", "100", "100"), False, CONFIG)
    assert found == ExitChoice(D(50), "stop_loss")


prices = st.decimals(D("90"), D("115"), places=2)


@given(prices, prices, prices, st.booleans(), st.decimals(D("100"), D("112"), places=3))
def test_a_candle_within_the_quiet_band_changes_nothing(
    a: Decimal, b: Decimal, close: Decimal, done: bool, max_price: Decimal
) -> None:
    position = Position(D(100), D(1000), max_price, done)
    low, high = min(a, b), max(a, b)
    below, above = quiet_band(position, CONFIG)
    found = decide_exit(position, Candle(60, low, high, low, close, D(1)), False, CONFIG)
    if low > below and high <= above:
        assert found is None
        assert high <= max_price
    else:
        # Nothing is looked at in vain, but for the step below a level that a peak stands above.
        assert found is not None or high > max_price or low <= below


@pytest.mark.parametrize(
    ("max_price", "done", "band"),
    [
        ("100", False, ("97", "100")),
        ("104", False, ("101.92", "104")),
        ("105", False, ("102.9", "104.99999999")),  # at the level itself something is decided
        ("106", False, ("103.88", "104.99999999")),  # a partial exit was refused there
        ("106", True, ("103.88", "106")),
        ("111", True, ("108.78", "109.99999999")),
    ],
)
def test_the_quiet_band_ends_at_the_stop_and_the_peak(
    max_price: str, done: bool, band: tuple[str, str]
) -> None:
    assert quiet_band(held(max_price, done=done), CONFIG) == (D(band[0]), D(band[1]))
