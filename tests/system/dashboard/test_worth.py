"""The dashboard's equity: at market prices, from the wallet on, and the report's to the won."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from core.performance.drawdown import underwater
from interfaces.commands.report_runs import of_journal
from interfaces.dashboard.charts.equity import equity as drawn
from interfaces.dashboard.picture import Picture
from interfaces.dashboard.watch import Watch
from interfaces.dashboard.worth import EquityHistory, EquitySeries
from interfaces.reports.page.material import Material, material
from tests.support.cli_runner import run

HOLDING = {  # trades that stay open
    "JANGBU__STOPLOSS": "-0.05",
    "JANGBU__MINIMAL_ROI": "0.03",
    "JANGBU__PARTIAL_EXIT_PROFIT": "0.02",
    "JANGBU__STAKE_AMOUNT": "200000",
}


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Picture]:
    """What the dashboard shows of a day on the built-in market, some trades still open."""
    folder = tmp_path_factory.mktemp("traded")
    assert run("make-recording", "--days", "1", "m.csv.gz", cwd=folder).returncode == 0
    words = ("--headless", "--speed", "100000", "--state-dir", "s", "--recording", "m.csv.gz")
    done = run(*words, cwd=folder, **HOLDING)
    assert done.returncode == 0, done.stderr
    watch = Watch(folder / "s")
    while watch.chronicle.read_on(watch.reader, 1000):
        pass
    watch.caught_up, watch.ledger = True, watch.chronicle.light()
    yield Picture(watch)
    watch.close()


def reported(picture: Picture) -> Material:
    """The report of the same state."""
    return material(of_journal(picture.reader, (), "en"))


def test_equity_and_drawdown_are_those_of_the_report_on_the_same_state(picture: Picture) -> None:
    report = reported(picture)
    assert report.run.open
    assert report.run.rows
    assert report.whole
    worth = picture.worth
    assert worth is not None
    assert worth.moments.tolist() == report.moments.tolist()
    assert np.allclose(worth.equity, report.equity, atol=0.01)
    assert picture.figures.drawdown_most == pytest.approx(report.figures.drawdown, abs=1e-9)
    assert float(picture.figures.equity or 0) == pytest.approx(report.equity[-1], abs=0.01)


def test_the_drawing_begins_at_the_wallet_and_moves_while_a_trade_is_open(picture: Picture) -> None:
    line, fall = drawn(picture, "en")["data"]
    assert line["y"][0] == float(picture.wallet)
    assert line["y"][-1] == pytest.approx(float(picture.figures.equity or 0), abs=0.01)
    assert -min(fall["y"]) == pytest.approx(picture.figures.drawdown_most, abs=1e-6)
    between = len(set(line["y"])) - picture.chronicle.closed
    assert between > 400, "open trades are at their prices between two sales"


def test_what_is_new_since_is_in_the_next_equity(picture: Picture) -> None:
    """Read after every few candles, it is what is read at once."""
    worths, chronicle, ledger = EquityHistory(), picture.chronicle, picture.ledger
    first = worths.of(picture.reader, chronicle, ledger)
    assert worths.of(picture.reader, chronicle, ledger) is first, "nothing is computed twice"
    pair = next(iter(worths._prices))
    for short in (1, 5, 20):
        known = worths._prices[pair]
        cut = type(known)(*(getattr(known, name)[:-short] for name in known.__struct_fields__))
        worths._prices[pair] = cut
        worths._read(picture.reader, pair)
        assert worths._prices[pair].close.tolist() == known.close.tolist()


@pytest.mark.parametrize("count", [1, 5, 99, 100, 101, 5000])
def test_a_curve_is_thinned_without_losing_its_extremes(count: int) -> None:
    equity = np.array([5000.0 + (n * 104729) % 9973 for n in range(count)])
    worth = EquitySeries(np.arange(count, dtype=np.float64), equity)
    times, values, falls = worth.sampled(100)
    assert len(times) == len(values) == len(falls) <= 100
    assert times == sorted(set(times))
    assert (times[0], times[-1]) == (0, count - 1)
    assert (min(values), max(values)) == (equity.min(), equity.max())
    if count <= 100:
        assert max(falls) == pytest.approx(-float(underwater(equity).min()), abs=1e-6)
    assert not any(math.copysign(1, fall) < 0 for fall in falls)


def test_the_drawdown_is_of_now_and_the_most_there_was() -> None:
    worth = EquitySeries(np.arange(4.0), np.array([100.0, 200.0, 100.0, 150.0]))
    assert worth.drawdown() == (0.25, 0.5)
    assert worth.now(9.0, 400.0).drawdown() == (0.0, 0.5)
    assert worth.now(3.0, 20.0).equity.tolist() == [100, 200, 100, 20]
