"""The page of a sweep: it needs nothing else, tells what the command tells, and can be asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import chromium, needed
from tests.support.cli_runner import run
from tests.system.reports.test_page import Look

WORDS = ("hyperopt", "--recording", "m.csv.gz", "--sampler", "random", "--epochs", "30")
OWN = ("--space", "stoploss=-0.03:-0.01:0.01", "--walk-forward", "2", "--json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of one sweep in both languages, and what the command told."""
    made = tmp_path_factory.mktemp("sweep")
    assert run("make-recording", "m.csv.gz", "--days", "4", cwd=made).returncode == 0
    for language in ("ko", "en"):
        words = (*WORDS, *OWN, "--report", f"{language}.html")
        done = run(*words, cwd=made, JANGBU__LANGUAGE=language)
        assert done.returncode == 0, done.stderr
    (made / "told.json").write_text(done.stdout)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


def drawn(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def test_a_page_tells_what_the_command_tells(folder: Path) -> None:
    page, told = (folder / "en.html").read_text(), json.loads((folder / "told.json").read_text())
    shown = drawn(page)
    assert list(shown["axes"]) == told["axes"]
    assert shown["sets"] == told["sets"]
    assert len(told["sets"]) == told["trials"] == 30
    assert f"{told['value']:,.4g}" in page
    assert len(shown["folds"]) == len(told["folds"]) == 2
    assert "stoploss" in page
    for name, value in told["best"]["values"].items():
        assert f"<td>{name}</td><td>{value}</td>" in page


def test_the_best_field_and_the_first_row_are_the_set_that_is_called_best(folder: Path) -> None:
    page, told = (folder / "en.html").read_text(), json.loads((folder / "told.json").read_text())
    known = [each for each in told["sets"] if each["trained"] is not None]
    first = max(known, key=lambda each: each["trained"])
    assert (first["number"], first["trained"]) == (told["best"]["number"], told["value"])
    assert first["tried"] == told["validation"]["sharpe"]
    sets = page.rpartition("<tbody>")[2]
    assert re.findall(r"<td[^>]*>(.*?)</td>", sets)[0] == str(told["best"]["number"])


def test_shaded_are_the_days_that_the_choice_of_the_best_knew_nothing_of(folder: Path) -> None:
    page, told = (folder / "en.html").read_text(), json.loads((folder / "told.json").read_text())
    last = told["folds"][-1]
    before, behind = told["untrained"]
    assert behind == [last["begin"], last["end"]]
    assert before[0] == told["curve"][0][0] < before[1] < last["begin"]
    assert told["best"]["values"] == last["values"]
    shaded = [[(at + 9 * 3600) * 1000 for at in part] for part in (before, behind)]
    assert drawn(page)["untrained"] == shaded


def test_a_place_where_no_page_can_be_written_is_known_before_anything_is_tried(
    tmp_path: Path,
) -> None:
    done = run("hyperopt", "--report", "no/r.html", cwd=tmp_path)
    assert done.returncode == 2
    assert "no/r.html" in done.stderr
    assert not (tmp_path / "hyperopt.jsonl").exists()


@needed
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_white_is_nought_on_the_heat_map_whatever_was_found(
    folder: Path, browser: Any, language: str, scheme: str
) -> None:
    look = Look(browser, folder / f"{language}.html", scheme=scheme)
    for values in ([1, 2], [-3, -1], [-1, 5], [0], []):
        found = look.page.evaluate(f"around({values})")
        least, most = found["zmin"], found["zmax"]
        assert least <= min([0, *values])
        assert most >= max([0, *values])
        assert [(0 - least) / (most - least), "#fff"] in found["colorscale"]
        assert [colour for _, colour in found["colorscale"]].count("#fff") == 1
    drawn_as = look.page.evaluate("document.getElementById('heat').data[0].colorscale")
    assert "#fff" in [colour for _, colour in drawn_as]
    look.page.close()


@needed
@pytest.mark.parametrize("language", ["ko", "en"])
def test_any_two_parameters_can_be_looked_at_and_nothing_is_fetched(
    folder: Path, browser: Any, language: str
) -> None:
    look = Look(browser, folder / f"{language}.html", width=400, scheme="dark")
    fields = "document.getElementById('heat').data[0]"
    before = look.page.evaluate(f"[{fields}.x, {fields}.y]")
    look.page.select_option("#across", label="stoploss")
    after = look.page.evaluate(f"[{fields}.x, {fields}.y]")
    assert after == [["-0.03", "-0.02", "-0.01"], before[1]]
    values = look.page.evaluate(f"{fields}.z.flat()")
    assert any(value is not None for value in values)
    for chart in ("heat", "curve", "folds"):
        assert look.count(f"#{chart} .main-svg") > 0
    assert [url for url in look.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert look.wrong == []
