"""The lines below the prompt: what they say of the prices, and how they fit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from rich.cells import cell_len

from i18n.styles import OutputStyle, figures
from interfaces.console.status_bar import (
    BarState,
    bar_state,
    feed,
    flowed,
    painted,
    room,
    styles,
)
from messages.config import Config
from messages.runtime_stats import RuntimeStats
from projections.cash import Cash
from projections.ledger import Ledger
from projections.trades import OpenTrade, Trades
from tests.support.journals import life, state

PRICES = BarState(on_prices=True, stale_after=10.0)


@pytest.mark.parametrize(
    ("now", "vitals", "answered", "style", "text"),
    [
        (BarState(at=0.0), None, True, "", "replay 1970-01-01 09:00"),
        (PRICES, None, True, "class:warning", "no price yet"),
        (PRICES, RuntimeStats(at=50.0), True, "class:warning", "no price yet"),
        (PRICES, RuntimeStats(at=50.0, heard=47.0), True, "", "prices 3 s old"),
        (PRICES, RuntimeStats(at=50.0, heard=51.0), True, "", "prices 0 s old"),
        (PRICES, RuntimeStats(at=50.0, heard=39.0), True, "class:critical", "NO PRICES for 11 s"),
        (
            PRICES,
            RuntimeStats(at=50.0, heard=50.0),
            False,
            "class:critical",
            "the bot does not answer",
        ),
    ],
)
def test_the_feed_says_how_old_the_prices_are_and_is_alarmed_in_time(
    now: BarState, vitals: RuntimeStats | None, answered: bool, style: str, text: str
) -> None:
    assert feed(now, vitals, answered, "en") == (style, text)


def test_equity_is_cash_coins_at_their_price_now_and_dust(tmp_path: Path) -> None:
    trade = OpenTrade("t", "KRW-BTC", 0.0, *map(Decimal, ("100", "2", "200", "1", "100")), "", True)
    ledger = Ledger(
        config=Config(),
        trades=Trades(open={"t": trade}),
        cash=Cash(start=Decimal(799), reserved={"e": Decimal(5)}),
        dust={"KRW-ETH": (Decimal(1), Decimal(7))},
    )
    with state(tmp_path, life()) as reader:
        found = bar_state(reader, ledger, RuntimeStats(at=1.0, prices={"KRW-BTC": Decimal(110)}))
    assert found.equity == 799 + 2 * 110 + 7
    assert found.orders == 1
    assert not found.live


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_parts_flow_into_rows_whole_and_what_has_no_room_is_counted(
    width: int, language: str
) -> None:
    parts = [("", f"장부{place} +1.00% stop -2.00%") for place in range(12)]
    rows = flowed(parts, width, language)
    assert len(rows) <= 4
    assert max(map(room, rows)) <= width
    shown = [part for row in rows for part in row if part in parts]
    assert shown == parts[: len(shown)]
    if len(shown) < len(parts):
        assert str(len(parts) - len(shown)) in rows[-1][-1][1]
    text = "".join(piece[1] for piece in painted(rows, width))
    assert max(map(cell_len, text.split("\n"))) <= width


def test_without_colours_the_bar_has_no_style() -> None:
    assert set(styles(OutputStyle("en")).values()) == {"noreverse"}
    assert styles(OutputStyle("ko", colours=True))["gain"] == "ansired"
    assert styles(OutputStyle("en", colours=True))["gain"] == "ansigreen"


@pytest.mark.parametrize(
    ("text", "coloured"),
    [
        ("profit +₩16,651, refused", ["+₩16,651"]),
        ("-₩0.0123 (-3.26%).", ["-₩0.0123", "-3.26%"]),
        ("rsi + macd at KRW-5% 2026-01-05", []),
        ("₩100 1.5% +5 -3", []),
    ],
)
def test_only_signed_amounts_and_shares_are_gains_and_losses(
    text: str, coloured: list[str]
) -> None:
    spans = figures(text).spans
    assert sorted(text[s.start : s.end] for s in spans) == sorted(coloured)
