"""README and guides show what the program really prints, and their commands run."""

from __future__ import annotations

import re
import struct
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from i18n import say
from tests.support.cli_runner import TIGHT, run
from tests.support.live_bot import Bot
from tests.support.recorded import needed
from tests.system.sandbox.test_fault_entry import running
from tests.tools import pictures
from tests.tools.readme import BLOCKS, RECORDED, ROOT, RUN, language_of, pages, shown

SHOWN = [(page.relative_to(ROOT), name) for page in pages() for name in shown(page)]
STARTED = [
    pytest.param(page, name, marks=needed if name in RECORDED else ())
    for page, name in SHOWN
    if name in RUN
]
USUAL = dict.fromkeys(TIGHT, "")  # the defaults, as a stranger has them
PYTHON = re.compile(r"```python\n(.*?)```", re.S)
EXPORT = re.compile(r"^ {4}export (.*)$", re.M)
SANDBOX = re.compile(r"^ {4}\.venv/bin/python run\.py sandbox (.*)$", re.M)
STRATEGY = re.compile(r"^ {4}python run\.py (\S+) --strategy mine\.py:Mine$", re.M)


@cache
def made(name: str, language: str) -> str:
    """A block as it is now; several pages may show it."""
    return BLOCKS[name](language)


@pytest.mark.parametrize(("page", "name"), STARTED)
def test_a_run_that_a_page_shows_is_what_the_program_prints_now(page: Path, name: str) -> None:
    now = made(name, language_of(page)) + "\n"
    assert shown(ROOT / page)[name] == now, "run `make readme`, see the difference"


@needed
@pytest.mark.parametrize("page", ["docs/guides/rules.md", "docs/guides/rules.ko.md"])
def test_trading_and_backtesting_the_recorded_days_end_in_the_same_figures(page: str) -> None:
    title = say("title_by_pair", language_of(ROOT / page))
    tables = [shown(ROOT / page)[name].partition(f"\n{title}\n")[2] for name in RECORDED]
    assert tables[0]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_first_strategy_runs_by_the_commands_that_stand_below_it(
    name: str, tmp_path: Path
) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    source = PYTHON.search(text)
    assert source
    (tmp_path / "mine.py").write_text(source[1], encoding="utf-8")
    verbs = STRATEGY.findall(text)
    assert verbs == ["backtesting", "lookahead-analysis", "trade"]
    for verb in verbs[:2]:  # the third trades until it is ended
        done = run(verb, "--strategy", "mine.py:Mine", cwd=tmp_path, **USUAL)
        assert done.returncode == 0, done.stderr
        assert done.stdout


@pytest.mark.parametrize("name", ["live.md", "live.ko.md"])
def test_the_walk_through_on_the_sandbox_comes_to_trade_live(name: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "guides" / name).read_text(encoding="utf-8")
    given = dict(word.split("=", 1) for line in EXPORT.findall(text) for word in line.split())
    (words,) = SANDBOX.findall(text)
    with running(tmp_path, *words.split()) as (url, _):
        bot = Bot(url, tmp_path)
        others = {k: v for k, v in bot.environ.items() if not k.startswith(("JANGBU", "UPBIT"))}
        here = {k: v.replace("127.0.0.1:8640", url.partition("//")[2]) for k, v in given.items()}
        bot.environ = {**others, **here}
        bot.start()
        try:
            ready = say("account_reconciled", "en")
            bot.read_until(lambda lines: any(ready in line for line in lines))
            assert any("LIVE" in line for line in bot.lines)
        finally:
            bot.kill()


def filtered(pixels: Any, kind: int) -> bytes:
    """Rows of a PNG, each less what its filter guesses (PNG, section 9)."""
    flat = pixels.reshape(len(pixels), -1).astype(np.int32)
    left, above, corner = (np.zeros_like(flat) for _ in range(3))
    left[:, 3:], above[1:], corner[1:, 3:] = flat[:, :-3], flat[:-1], flat[:-1, :-3]
    paeth = np.vectorize(pictures.nearest)(left, above, corner)
    guess = [0, left, above, (left + above) // 2, paeth][kind]
    rows = ((flat - guess) & 255).astype(np.uint8)
    return b"".join(bytes([kind]) + row.tobytes() for row in rows)


@pytest.mark.parametrize("kind", range(5))
def test_a_picture_of_few_colours_keeps_its_pixels_whatever_its_filter(kind: int) -> None:
    drawn = np.random.default_rng(kind).integers(0, 9, (20, 30, 1), np.uint8)
    pixels = np.repeat(drawn * 28, 3, axis=2)  # nine greys
    head = struct.pack(">IIBBBBB", 30, 20, 8, 2, 0, 0, 0)
    data = zlib.compress(filtered(pixels, kind))
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    png = pictures.MAGIC + b"".join(pictures.chunk(*part) for part in parts)
    assert (pictures.decoded(png) == pixels).all()
    palette, places = pictures.few(pixels)
    assert (palette[places].reshape(pixels.shape) == pixels).all()
