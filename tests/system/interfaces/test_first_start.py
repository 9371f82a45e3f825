"""The first live start: account, caps and the backtest of this very configuration are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from adapters import recording
from adapters.strategies import load as strategy
from app.backtest import backtest
from app.config.config_file import Loaded, load
from app.replay import Replay
from app.venue.connection import VenueConnection
from core.market.synthetic import synthetic_market
from core.market.tick_size import korean_day
from core.orders.risk_limits import risk_limits_of
from core.trading.protections import USUAL, daily_loss_limit, protections
from i18n import say
from interfaces.live_confirmation.confirmation import PHRASE
from interfaces.live_confirmation.rehearsal import on_paper, rehearsed
from messages.config import Config
from sandbox.limits import GROUPS
from sandbox.server import Sandbox, SandboxConfig
from tests.support.cli_runner import at_a_terminal, command
from tests.support.live_bot import Bot
from tests.support.sandbox_client import ACCESS, SECRET, Client, sandbox
from tests.support.terminals import Terminal

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
    assert (paper.feed, paper.pair_whitelist) == ("recording", ("KRW-A",))
    assert (paper.capital, paper.dry_run_wallet) == (live.capital, live.capital)
    assert risk_limits_of(paper) == structs.replace(risk_limits_of(live), pairs=("KRW-A",))  # type: ignore[type-var]
    assert protections(paper) == USUAL
    assert daily_loss_limit(paper) == live.capital / 20


@pytest.mark.parametrize(("language", "columns"), [("en", 50), ("ko", 80)])
def test_at_a_terminal_it_is_asked_between_words_and_what_is_typed_stands_apart(
    tmp_path: Path, language: str, columns: int
) -> None:
    market = tuple(synthetic_market(seed=3, days=1, timeframe="1m"))
    recording.write(tmp_path / "m.csv.gz", market)
    venue = Sandbox(SandboxConfig(market, tmp_path / "venue", speed=1.0, sync=False))
    bot = Bot(venue.start(), tmp_path, JANGBU__LANGUAGE=language, TERM="xterm")
    words = ("trade", "--headless", "--state-dir", bot.state, "--recording", "m.csv.gz")
    terminal = Terminal(command(*words), bot.environ, tmp_path, columns=columns, rows=30)
    try:
        question = say("live_ask", language, phrase=PHRASE[language])
        end = question.split()[-1]
        terminal.until(lambda screen: end in screen.lines(scrolled=False)[screen.y])
        terminal.type("no\r")
        assert terminal.end() == 2
    finally:
        terminal.close()
        venue.stop()
    shown = terminal.screen.text()
    assert f"{end} no" in shown
    assert terminal.screen.torn == 0, "nothing is broken within a word"
    assert shown.count(say("live_wrong", language)) == 1
    assert not bot.state.exists()


@pytest.mark.parametrize("capped", [False, True])
def test_its_entries_keep_to_the_caps_of_a_day_and_of_an_order(capped: bool) -> None:
    order, day = Decimal(30_000), Decimal(60_000)
    caps = {"MAX_ORDER_KRW": str(order), "MAX_DAILY_KRW": str(day if capped else 10**9)}
    lively = {"RSI_OVERSOLD": "45", "CONDITIONS_REQUIRED": "1", "PROTECTIONS": "[]"}
    environ = {f"JANGBU__EXCHANGE__{name}": value for name, value in caps.items()}
    environ |= {f"JANGBU__{name}": value for name, value in lively.items()}
    live = load(None, {"JANGBU__DRY_RUN": "false", "JANGBU__COOLDOWN_MINUTES": "0", **environ})
    candle_series = synthetic_market(1, 2)
    loaded = on_paper(live, tuple(series.pair for series in candle_series))
    ledger = backtest(loaded, Replay(candle_series, loaded.strategy.strategy, bulk=True))
    spent: Counter[str] = Counter()
    stakes: Counter[tuple[float, str]] = Counter()
    for row in ledger.trades.sorted_rows:
        stakes[row.open_date, row.trade] += row.stake_amount  # type: ignore[assignment]
    for (opened, _), stake in stakes.items():
        assert stake <= order
        spent[korean_day(opened).isoformat()] += stake
    assert spent, "no trade at all"
    assert (max(spent.values()) <= day) == capped


def test_what_is_fetched_for_it_is_within_the_limits_and_each_candle_once(
    tmp_path: Path,
) -> None:
    with sandbox(tmp_path / "books", history=HISTORY, groups=GROUPS) as venue:
        loaded = load(None, environment(venue))
        connection = VenueConnection(loaded.config.exchange, None)
        text = rehearsed(loaded, connection.rest, connection.clock.now(), (), "en")
        assert "5 of 5 pairs" in text
        counts = venue.admin("counts")
    assert counts["exceeded"] == 0
    pages = -(-HISTORY // 200) + 1
    assert counts["groups"]["candles"]["requests"] <= 5 * pages
