"""The dashboard of a bot that trades, in a real browser: seen, live, its buttons pressed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Visit, chromium, needed
from tests.support.cli_runner import around, command, run, said
from tests.support.dashboard_process import Dashboard

pytestmark = needed
PHONE = 390
PATIENT = {  # what is bought is held until somebody sells it
    "JANGBU__STAKE_AMOUNT": "100000",
    "JANGBU__STOPLOSS": "-0.5",
    "JANGBU__MINIMAL_ROI": "0.9",
    "JANGBU__TRAILING_STOP_POSITIVE": "0.4",
    "JANGBU__TRAILING_STOP_POSITIVE_OFFSET": "0.5",
    "JANGBU__PARTIAL_EXIT_PROFIT": "0.8",
}
PAGES = ("/", "/pair/KRW-ETH", "/trades", "/orders", "/journal", "/health")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a bot trades on the built-in market: it has bought, and sold one of its trades."""
    folder = tmp_path_factory.mktemp("traded")
    bot = subprocess.Popen(
        command("--speed", "600", "--state-dir", "s"),
        cwd=folder,
        env=around(**PATIENT),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert bot.stdout
    for line in bot.stdout:
        if found := re.search(r"\((KRW-\w+)\): bought", line):
            run("console", "--state-dir", "s", "-c", f"forceexit {found[1]}", cwd=folder)
        if ": sold " in line:
            break
    yield folder
    os.killpg(bot.pid, signal.SIGKILL)
    bot.communicate()


@pytest.fixture(scope="module")
def dashboard(folder: Path) -> Iterator[Dashboard]:
    """It may change things."""
    made = Dashboard(Path("s"), "--allow-changes", cwd=folder)
    yield made
    made.kill()


def events(folder: Path, kind: str) -> list[dict[str, Any]]:
    """What of a kind is in the journal."""
    lines = tail(folder)
    return [entry["event"] for entry in lines if entry["event"]["type"] == kind]


def tail(folder: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        command("tail", "-n", 10**6, "--json", "--state-dir", "s"),
        cwd=folder,
        env=around(),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_token_leaves_the_address_bar_for_a_cookie_that_no_script_reads(
    browser: Browser, dashboard: Dashboard
) -> None:
    visit = Visit(browser, dashboard.url)
    assert dashboard.token not in visit.page.url
    (cookie,) = visit.context.cookies()
    assert cookie["value"] == dashboard.token
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert visit.page.evaluate("document.cookie") == ""
    visit.open("/")
    assert dashboard.token not in visit.page.content()
    assert not [url for url in visit.asked[1:] if dashboard.token in url]
    visit.context.close()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (PHONE, True)])
def test_every_page_fits_is_drawn_and_asks_nobody_but_us(
    browser: Browser, dashboard: Dashboard, tmp_path: Path, width: int, dark: bool
) -> None:
    visit = Visit(browser, dashboard.url, dark=dark, width=width)
    if dark:
        visit.page.goto(f"{visit.base}/language?to=ko&of=/health")
    for path in PAGES:
        visit.open(path)
        assert visit.page.locator("html").get_attribute("lang") == ("ko" if dark else "en")
        assert visit.wide() <= width, path
        assert visit.page.locator("main section").count() >= 2
        shot = visit.page.screenshot(path=tmp_path / f"{path.strip('/').replace('/', '-')}.png")
        assert len(shot) > 10_000
    shade = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    bright = sum(int(part) for part in shade.strip("rgb()").split(","))
    assert (bright < 200) == dark
    assert visit.errors == []
    assert {urlsplit(url).netloc for url in visit.asked} == {urlsplit(visit.base).netloc}
    visit.context.close()


def test_the_figures_show_candles_the_trades_on_them_and_the_stop(
    browser: Browser, dashboard: Dashboard, folder: Path
) -> None:
    visit = Visit(browser, dashboard.url)
    row = [r for r in said("show-trades", "--state-dir", "s", cwd=folder) if not r["is_open"]][-1]
    visit.open(f"/pair/{row['pair']}?candles=1440")
    data = visit.page.evaluate("document.getElementById('candles').data")
    bars, stop, bought, sold, volumes = data
    assert len(bars["x"]) > 60
    assert float(row["open_rate"]) in bought["y"]
    assert float(row["close_rate"]) in sold["y"]
    steps = [level for level in stop["y"] if level is not None]
    assert steps
    assert min(steps) < float(row["open_rate"])
    assert visit.page.locator("#candles .boxlayer path").count() > 30
    assert volumes["x"] == bars["x"]
    assert max(volumes["y"]) > 0
    assert visit.page.locator("#candles .barlayer .point").count() > 30
    visit.context.close()


def test_the_page_lives_without_being_loaded_again(browser: Browser, dashboard: Dashboard) -> None:
    visit = Visit(browser, dashboard.url)
    visit.open("/")
    clock = visit.page.locator("#banner time")
    before = clock.inner_text()
    loads = len([url for url in visit.asked if url == f"{visit.base}/"])
    expect(clock).not_to_have_text(before, timeout=20_000)
    assert len([url for url in visit.asked if url == f"{visit.base}/"]) == loads
    visit.context.close()


def test_pause_force_exit_and_kill_are_asked_about_and_end_in_the_journal(
    browser: Browser, dashboard: Dashboard, folder: Path
) -> None:
    visit = Visit(browser, dashboard.url)
    page = visit.page

    def press(link: str, button: str) -> None:
        visit.open("/")
        page.locator(link).first.click()
        page.wait_for_url("**/confirm?*")
        page.locator(f"button.{button}").click()
        page.locator(".done").wait_for()

    sell = ".trades a.change[href*='forceexit']"
    visit.open("/")
    page.locator(sell).first.wait_for(timeout=60_000)
    press(".controls a[href*='stopentry']", "stopentry")
    assert events(folder, "TradingChanged")[-1]["mode"] == "stopentry"
    visit.open("/")
    expect(page.locator("#banner .mode.stopentry")).to_be_visible()
    pair = str(page.locator(sell).first.get_attribute("href")).rpartition("=")[2]
    press(sell, "forceexit")
    forced = [e for e in events(folder, "ExitWanted") if e["reason"] == "force_exit"]
    assert forced[-1]["pair"] == pair
    visit.open("/")
    gone = page.locator(f"{sell}[href$='{pair}']")
    expect(gone).to_have_count(0, timeout=60_000)
    press(".controls a[href*='kill']", "kill")
    assert events(folder, "TradingChanged")[-1]["mode"] == "killed"
    visit.open("/")
    expect(page.locator("#banner .mode.killed")).to_be_visible()
    press(".controls a[href*='start']", "start")
    assert events(folder, "TradingChanged")[-1]["mode"] == "running"
    assert visit.errors == []
    visit.context.close()


def test_without_leave_to_change_there_is_nothing_to_press(browser: Browser, folder: Path) -> None:
    made = Dashboard(Path("s"), cwd=folder)
    try:
        visit = Visit(browser, made.url)
        for path in PAGES:
            visit.open(path)
            assert visit.page.locator("form, button, .change").count() == 0
        visit.page.goto(f"{visit.base}/confirm?verb=kill")
        assert visit.page.locator("form").count() == 0
        visit.context.close()
        code, rest = made.end()
        assert (code, rest.count("Traceback")) == (0, 0)
    finally:
        made.kill()


def test_a_link_from_another_site_leads_in_but_another_sites_page_reads_nothing(
    browser: Browser, dashboard: Dashboard
) -> None:
    visit = Visit(browser, dashboard.url)
    page = visit.page
    strange = dashboard.base.replace("127.0.0.1", "localhost")  # another site to the browser
    page.goto(f"{strange}/")
    assert page.locator("#banner").count() == 0  # its cookie is not sent there
    taken = page.evaluate(
        "url => fetch(url, {credentials: 'include'}).then(a => a.text(), e => 'blocked')",
        f"{dashboard.base}/health",
    )
    assert taken == "blocked"
    visit.context.close()
