"""The report as a page: what it tells, that it needs nothing else, and how it looks in Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from core.market.candles import Candles, columns
from core.market.synthetic import synthetic_market
from core.performance.drawdown import underwater
from core.performance.equity import KOREA
from interfaces.reports.page.charts import POINTS, charts
from interfaces.reports.page.document import document
from interfaces.reports.page.material import Material, Run, market_of, material
from interfaces.reports.page.tiles import tiles
from messages.trading import TradeRecord
from tests.support.browser import chromium, needed
from tests.support.cli_runner import run, said
from tests.support.journals import CONFIG, START, closing, life, row, state

D = Decimal
SECONDS = 120_000  # milliseconds; a guard against a hang
HOSTILE = '</script><script>document.title="owned"</script><img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of two days, and the pages of its backtest in both languages."""
    made = tmp_path_factory.mktemp("pages")
    done = run("make-recording", "--seed", "1", "--days", "2", "m.csv.gz", cwd=made)
    assert done.returncode == 0, done.stderr
    for language in ("ko", "en"):
        words = ("--recording", "m.csv.gz", "--report", f"{language}.html")
        done = run("backtesting", *words, cwd=made, JANGBU__LANGUAGE=language)
        assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def plain(folder: Path) -> Any:
    """The same backtest as the command tells it."""
    return said("backtesting", "--recording", "m.csv.gz", cwd=folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


class Look:
    """A page in a window, with all that it asked for and complained of."""

    def __init__(self, browser: Any, path: Path, width: int = 1280, scheme: str = "light") -> None:
        size = {"width": width, "height": 900}
        self.page = browser.new_page(viewport=size, color_scheme=scheme)
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda message: self._note(message))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-drawn=yes]", timeout=SECONDS)

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def colour(self) -> str:
        return str(self.page.evaluate("getComputedStyle(document.body).backgroundColor"))

    def count(self, selector: str) -> int:
        return int(self.page.locator(selector).count())


def told(page: str) -> Any:
    """The values that a page draws."""
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


# --- what it tells
def test_a_page_tells_what_the_command_tells(folder: Path, plain: Any) -> None:
    page = (folder / "en.html").read_text()
    for pair in plain["summary"]["by_pair"]:
        assert pair["name"] in page
    drawn = told(page)["pairs"]
    assert sum(len(pair["sells"]) for pair in drawn) == plain["summary"]["rows"] > 20
    bought = {(row["pair"], row["open_date"]) for row in plain["trades"]}
    assert sum(len(pair["buys"]) for pair in drawn) == len(bought)


def test_report_with_a_recording_alone_is_that_of_the_backtest(folder: Path, plain: Any) -> None:
    words = ("report", "--recording", "m.csv.gz")
    assert said(*words, cwd=folder)["summary"] == plain["summary"]
    assert not (folder / "report.html").exists()
    written = run(*words, "--out", "r.html", cwd=folder)
    assert written.returncode == 0
    assert told((folder / "r.html").read_text()) == told((folder / "en.html").read_text())


def test_a_place_where_nothing_can_be_written_is_known_before_anything_is_computed(
    tmp_path: Path,
) -> None:
    for words in (("backtesting", "--report", "no/r.html"), ("report", "--out", "no/r.html")):
        done = run(*words, cwd=tmp_path)
        assert done.returncode == 2
        assert "no/r.html" in done.stderr


# --- what is drawn
def made_run(**more: Any) -> Run:
    """A run by hand: two pairs of a made-up day, two trades and one that is open."""
    candle_series = synthetic_market(seed=2, days=1)[:2]
    prices = {series.pair: columns(series) for series in candle_series}
    begin = float(candle_series[0].time[0])
    rows = [
        structs.replace(
            row("400", pair=series.pair, close=begin + 28800 * (place + 1)), open_date=begin + 600
        )
        for place, series in enumerate(candle_series)
    ]
    end = float(candle_series[0].time[-1]) + 60
    facts: dict[str, Any] = {"wallet": D(100000), "rows": rows, "open": (), "prices": prices}
    return Run(CONFIG, begin, end, **{**facts, **more})


def test_the_curve_keeps_its_end_and_its_deepest_point_however_many_moments_there_are() -> None:
    made = material(made_run())
    drawn = charts(made, "en")["equity"]
    assert len(drawn["x"]) <= POINTS < len(made.moments) * 2
    assert drawn["y"][-1] == round(float(made.equity[-1]))
    deepest = float(underwater(made.equity).min()) * 100
    assert min(drawn["under"]) == pytest.approx(deepest, abs=1e-3)
    assert drawn["x"][0] == round((made.moments[0] + KOREA) * 1000)


def test_candles_are_put_together_without_losing_a_high_or_a_low() -> None:
    run_of = made_run()
    made = material(run_of)
    for pair in charts(made, "en")["pairs"]:
        code = pair["name"].partition("(")[2].rstrip(")")
        candles = run_of.prices[code]
        assert len(pair["x"]) <= POINTS
        assert max(pair["high"]) == candles.high.max()
        assert min(pair["low"]) == candles.low.min()
        assert pair["open"][0] == candles.open[0]
        assert pair["close"][-1] == candles.close[-1]
        assert pair["x"] == sorted(set(pair["x"]))


def test_where_prices_are_missing_the_equity_is_what_was_realised() -> None:
    whole, without = material(made_run()), material(made_run(prices={}))
    assert (whole.whole, without.whole) == (True, False)
    profit = sum((r.profit_abs for r in made_run().rows), D(0))
    assert without.equity[-1] == 100000 + float(profit)
    assert set(np.unique(without.equity)) <= {100000.0, 100400.0, 100800.0}
    sparse = {
        pair: type(c)(*(getattr(c, n)[::300] for n in c.__struct_fields__))
        for pair, c in made_run().prices.items()
    }
    assert not material(made_run(prices=sparse)).whole, "a price in five hours is none"


def without(candles: Candles, begin: int, end: int) -> Candles:
    """An archive with a gap: the bot was down from one candle to another."""
    names = candles.__struct_fields__
    return Candles(*(np.delete(getattr(candles, n), slice(begin, end)) for n in names))


def test_the_market_changes_between_prices_of_both_ends_of_the_time_alone() -> None:
    (pair, whole), *_ = made_run().prices.items()
    begin, end = float(whole.time[500]), float(whole.time[-1]) + 60
    known = market_of({pair: whole}, begin, end, 60)[pair]
    assert known == (exact(whole.open[500]), exact(whole.close[-1]))
    for first, last in ((400, 900), (1000, 1440)):
        assert market_of({pair: without(whole, first, last)}, begin, end, 60) == {}
    for first, last in ((498, 510), (700, 1200)):  # an idle market; a gap within
        found = market_of({pair: without(whole, first, last)}, begin, end, 60)
        assert found[pair][1] == known[1]


def test_where_the_archive_has_a_gap_the_market_s_line_has_one() -> None:
    prices = dict(made_run().prices)
    pair = next(iter(prices))
    full = {name: (exact(c.open[0]), exact(c.close[-1])) for name, c in prices.items()}
    gone = {**prices, pair: without(prices[pair], 300, 1100)}
    drawn = charts(material(made_run(prices=gone, market=full)), "en")["equity"]
    missing = [x for x, y in zip(drawn["x"], drawn["market"], strict=True) if y is None]
    began, ended = (shown(float(prices[pair].time[n])) for n in (300, 1100))
    assert all(began < moment < ended + 60_000 for moment in missing)
    silent = (int(prices[pair].time[1100]) - int(prices[pair].time[299])) // 60
    assert len(missing) == silent - 1 - 240, "an idle market has its last price for so long"
    json.dumps(drawn, allow_nan=False)


def exact(price: float) -> Decimal:
    """A float as it is written."""
    return D(repr(float(price)))


def shown(at: float) -> float:
    """A moment as the drawing has it."""
    return (at + KOREA) * 1000


def test_deposits_and_withdrawals_are_neither_profit_nor_drawdown(tmp_path: Path) -> None:
    from interfaces.commands.report_runs import of_journal
    from messages.budget import BudgetAdjusted

    plain = state(tmp_path / "a", [*life(), closing()])
    moved = [BudgetAdjusted(D(9_000_000), "account"), BudgetAdjusted(D(-9_500_000), "account")]
    mixed = life()
    for place, event in ((4, moved[0]), (14, moved[1])):
        mixed.insert(place, event)
    other = state(tmp_path / "b", [*mixed, closing()])
    with plain, other:
        one, two = (material(of_journal(store, (), "en")) for store in (plain, other))
    assert one.summary == two.summary
    assert one.figures.drawdown == two.figures.drawdown
    assert one.equity[-1] == two.equity[-1]


def test_a_live_journal_makes_a_page_of_what_was_realised(tmp_path: Path) -> None:
    store = state(tmp_path, [*life(), closing()])
    with store:
        from interfaces.commands.report_runs import of_journal

        made = material(of_journal(store, (), "ko"))
    assert made.summary.profit_abs == 500
    assert made.run.begin == START
    assert 'lang="ko"' in document(made, "ko")


def test_an_empty_run_makes_a_page_too() -> None:
    made = material(made_run(rows=[], prices={}))
    assert made.figures.sharpe is None
    assert told(document(made, "en"))["pairs"] == []


# --- how it looks
def hostile(made: Run) -> Material:
    """A run in which everything that comes from elsewhere tries to get out of its place."""
    rows: list[TradeRecord] = [structs.replace(r, enter_tag=HOSTILE) for r in made.rows]
    return material(replace(made, rows=rows, heading=(HOSTILE,)))


@needed
@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("ko", "dark", 1280), ("ko", "light", 390), ("en", "dark", 390)],
)
def test_the_page_is_drawn_whole_and_asks_for_nothing(
    folder: Path, browser: Any, language: str, scheme: str, width: int
) -> None:
    look = Look(browser, folder / f"{language}.html", width, scheme)
    assert look.wrong == []
    assert look.asked == [(folder / f"{language}.html").as_uri()]
    assert look.page.get_attribute("html", "lang") == language
    assert look.count("#equity .scatterlayer .trace") == 3
    assert look.count("#candles .boxes.trace, #candles .trace.boxes") >= 1
    assert look.count("#candles .scatterlayer .point") >= 3
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert look.page.evaluate(over) <= 0, "nothing has to be moved from side to side"
    look.page.screenshot(path=str(folder / f"{language}-{scheme}-{width}.png"), full_page=True)
    look.page.close()


CUT = """() => [...document.querySelectorAll("td, th")].filter(cell => {
  const place = cell.closest(".wide"), box = cell.getBoundingClientRect();
  return box.width && (box.right > place.getBoundingClientRect().right + 1
    || cell.scrollWidth > cell.clientWidth + 1);
}).map(cell => cell.textContent)"""


@needed
@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_cell_of_a_table_is_cut_at_any_width(folder: Path, browser: Any, language: str) -> None:
    look = Look(browser, folder / f"{language}.html")
    look.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in (1280, 1220, 1100, 800, 700, 600, 390):
        look.page.set_viewport_size({"width": width, "height": 900})
        assert look.page.evaluate(CUT) == [], width
    look.page.close()


@needed
@pytest.mark.parametrize("width", [1280, 390])
def test_prices_and_money_keep_their_sign_on_the_axes(
    folder: Path, browser: Any, width: int
) -> None:
    look = Look(browser, folder / "en.html", width)
    ticks = """id => [...document.querySelectorAll(`#${id} .yaxislayer-above .ytick text,
      #${id} .ytick text`)].map(t => [t.textContent, t.getBoundingClientRect().left
      - document.getElementById(id).getBoundingClientRect().left])"""
    for chart in ("equity", "candles"):
        for place in range(look.count("#pair option") if chart == "candles" else 1):
            if chart == "candles":
                look.page.select_option("#pair", str(place))
            found = look.page.evaluate(ticks, chart)
            assert found
            assert all(text.startswith("₩") and left >= 0 for text, left in found), found
    look.page.close()


@needed
def test_the_volume_is_drawn_below_the_candles_without_losing_any(
    folder: Path, browser: Any
) -> None:
    look = Look(browser, folder / "en.html")
    bars = look.page.evaluate(
        "document.getElementById('candles').data.filter(t => t.type === 'bar').map(t => t.y)"
    )
    drawn = told((folder / "en.html").read_text())["pairs"][0]
    assert bars == [drawn["volume"]]
    assert look.count("#candles .barlayer .point") > 0
    look.page.close()


def test_the_volume_of_candles_that_are_put_together_is_their_sum() -> None:
    run_of = made_run()
    for pair in charts(material(run_of), "en")["pairs"]:
        candles = run_of.prices[pair["name"].partition("(")[2].rstrip(")")]
        assert sum(pair["volume"]) == pytest.approx(candles.volume.sum())


@pytest.mark.parametrize(("days", "warned"), [(1, True), (178, True), (200, False)])
def test_growth_a_year_of_few_days_bears_a_warning(days: int, warned: bool) -> None:
    short = made_run(prices={})
    text = tiles(material(replace(short, end=short.begin + 86400.0 * days)), "en")
    assert ("days only: not to be expected" in text) == warned


@needed
def test_light_and_dark_follow_the_system_until_the_reader_chooses(
    folder: Path, browser: Any
) -> None:
    look = Look(browser, folder / "en.html")
    light = look.colour()
    look.page.emulate_media(color_scheme="dark")
    look.page.wait_for_selector("html.dark", timeout=SECONDS)
    assert look.colour() != light
    look.page.click("#theme")
    assert look.colour() == light
    look.page.click("#theme")
    assert look.colour() != light
    assert look.wrong == []
    look.page.close()


@needed
def test_another_pair_shows_its_own_candles(folder: Path, browser: Any) -> None:
    look = Look(browser, folder / "en.html")
    first = look.page.evaluate("document.getElementById('candles').data[0].name")
    look.page.select_option("#pair", "1")
    second = look.page.evaluate("document.getElementById('candles').data[0].name")
    names = [pair["name"] for pair in told((folder / "en.html").read_text())["pairs"]]
    assert [first, second] == names[:2]
    look.page.close()


@needed
def test_a_text_that_would_be_a_script_stays_a_text(tmp_path: Path, browser: Any) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(document(hostile(made_run()), "en"))
    look = Look(browser, path)
    assert look.page.title() != "owned"
    assert look.page.title() != "1"
    assert look.count("img") == 0
    assert look.wrong == []
    assert look.asked == [path.as_uri()]
    look.page.close()


@needed
def test_a_script_that_is_not_ours_is_not_run(folder: Path, browser: Any) -> None:
    text = (folder / "en.html").read_text()
    path = folder / "meddled.html"
    path.write_text(text.replace("</body>", "<script>document.title='owned'</script></body>"))
    look = Look(browser, path)
    assert look.page.title() != "owned"
    assert any("Content Security Policy" in said for said in look.wrong)
    look.page.close()
