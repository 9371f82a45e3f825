"""The first live start: account, caps and the backtest of this very configuration are shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.sandbox.limits import GROUPS
from adapters.strategies import load as strategy
from core.trading.protections import USUAL
from interfaces.live.connection import Connection
from interfaces.live.rehearsal import on_paper, rehearsed
from interfaces.settings.config_file import Loaded, load
from messages.config import Config
from tests.adapters.sandbox.client import ACCESS, SECRET, Client, sandbox
from tests.interfaces.doors import at_a_terminal

HISTORY = 1200  # candles before the sandbox's start: six pages of each pair
NAMES = {"UPBIT_ACCESS_KEY": ACCESS, "UPBIT_SECRET_KEY": SECRET}


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with sandbox(tmp_path_factory.mktemp("books"), history=HISTORY) as client:
        yield client


def environment(venue: Client) -> dict[str, str]:
    urls = {
        "JANGBU__EXCHANGE__REST_URL": venue.url,
        "JANGBU__EXCHANGE__WS_URL": venue.url.replace("http", "ws", 1),
    }
    wide = {"JANGBU__MIN_TURNOVER_KRW": "0", "JANGBU__MIN_DAYS_LISTED": "0"}
    return {"JANGBU__DRY_RUN": "false", **urls, **wide, **NAMES}


def test_all_of_it_is_shown_and_without_the_phrase_nothing_begins(
    venue: Client, tmp_path: Path
) -> None:
    code, shown = at_a_terminal("trade", typed="yes", cwd=tmp_path, **environment(venue))
    assert code == 2
    for part in ("₩1,000,000", "₩50,000", "₩200,000", "5 of 5 pairs", "Market change", "Trades"):
        assert part in shown
    assert not (tmp_path / "state").exists()
    assert venue.admin("books")["orders"] == []


def test_it_runs_with_the_live_switches() -> None:
    live = Config(dry_run=False, stake_amount=Decimal(90_000))
    paper = on_paper(Loaded(live, {}, strategy(live.strategy, Path())), ("KRW-A",)).config
    assert paper.dry_run
    assert (paper.capital, paper.stake_amount) == (live.capital, live.exchange.max_order_krw)
    assert paper.protections == USUAL
    assert paper.max_daily_loss_krw == live.capital / 20
    assert paper.pair_whitelist == ("KRW-A",)


def test_what_is_fetched_for_it_is_within_the_limits_and_each_candle_once(
    tmp_path: Path,
) -> None:
    with sandbox(tmp_path / "books", history=HISTORY, groups=GROUPS) as venue:
        loaded = load(None, environment(venue))
        connection = Connection(loaded.config.exchange, None)
        text = rehearsed(loaded, connection.rest, connection.clock.now(), (), "en")
        assert "5 of 5 pairs" in text
        counts = venue.admin("counts")
    assert counts["exceeded"] == 0
    pages = -(-HISTORY // 200) + 1
    assert counts["groups"]["candles"]["requests"] <= 5 * pages
