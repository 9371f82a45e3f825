"""What the pages and figures tell, and how the stream keeps them up, over real HTTP."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import pytest
import requests

from i18n import say, word
from interfaces.dashboard.pages.entries import decisions
from interfaces.dashboard.picture import Picture
from interfaces.dashboard.stream import READERS_MAX
from interfaces.dashboard.watch import Watch
from messages.control import TradingChanged
from messages.orders import Order, OrderAccepted, OrderClosed, OrderIntended
from messages.trading import EntryVetoed, TradeClosed
from persistence.record import Record
from persistence.store import Store
from tests.support.dashboard_process import Dashboard
from tests.support.journals import (
    BTC,
    CONFIG,
    ETH,
    START,
    Nothing,
    candles,
    closing,
    letters,
    life,
    row,
    state,
)
from tests.system.dashboard.conftest import Place

PAGES = ("/", "/trades", "/orders", "/journal", "/health", f"/pair/{BTC}")


def get(place: Place | Dashboard, path: str, language: str = "en") -> str:
    headers = {**place.bearer, "Cookie": f"jangbu-language={language}"}
    answer = requests.get(place.base + path, headers=headers, timeout=30)
    assert answer.status_code == 200, path
    return answer.text


def figure(place: Place | Dashboard, path: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = json.loads(get(place, path))["data"]
    return data


@contextmanager
def stream(place: Place | Dashboard, path: str) -> Iterator[Iterator[dict[str, Any]]]:
    """What a browser at this page is sent."""
    url = f"{place.base}/stream"
    with requests.get(
        url, params={"of": path}, headers=place.bearer, stream=True, timeout=30
    ) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = (line.decode() for line in answer.iter_lines())
        yield (json.loads(line[6:]) for line in lines if line.startswith("data: "))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_both_languages(place: Place, path: str, language: str) -> None:
    text = get(place, path, language)
    assert f'<html lang="{language}">' in text
    assert word("mode", "stopentry", language) in text
    other = {"en": "ko", "ko": "en"}[language]
    assert say("dash_journal", other) not in text


@pytest.mark.parametrize(
    ("language", "sentences"),
    [("en", ("never heard of KRW-BCT", "did you mean KRW-BTC?")), ("ko", ("KRW-BCT", "KRW-BTC"))],
)
def test_a_pair_that_this_bot_has_never_heard_of_is_no_page(
    place: Place, language: str, sentences: tuple[str, ...]
) -> None:
    headers = {**place.bearer, "Cookie": f"jangbu-language={language}"}
    for path in ("/pair/KRW-BCT", "/figures/candles/KRW-BCT", "/stream?of=/pair/KRW-BCT"):
        answer = requests.get(place.base + path, headers=headers, timeout=30)
        assert answer.status_code == 404, path
        assert f'<html lang="{language}">' in answer.text
        for sentence in sentences:
            assert sentence in answer.text
        assert "*" not in re.sub("<style.*?</style>", "", answer.text, flags=re.S)
    answer = requests.get(f"{place.base}/stream?of=/nowhere", headers=headers, timeout=30)
    assert answer.status_code == 404


def test_why_nothing_of_an_order_was_filled_stands_wherever_the_order_does(tmp_path: Path) -> None:
    id = f"{BTC}@9"
    facts = {"volume": Decimal(10), "time_in_force": "ioc", "ask": Decimal(1001)}
    order = Order(id, id, BTC, "bid", "limit", price=Decimal(1000), depth=Decimal(3), **facts)
    zero = (Decimal(0), Decimal(0), Decimal(0))
    more = [OrderIntended(order, "jb-9", "{}"), OrderAccepted(id, "u9")]
    more.append(OrderClosed(id, id, BTC, "bid", "cancel", *zero, START + 1.0))
    store = state(tmp_path, [*life(), *more])
    store.close()
    made = Dashboard(store.path, cwd=tmp_path)
    try:
        for path in ("/", "/orders", "/journal", f"/pair/{BTC}"):
            told = get(made, path)
            assert "nothing was filled; limit ₩1,000; best ask then ₩1,001" in told, path
    finally:
        made.kill()


def test_orders_are_told_from_their_intent_to_their_end_and_decisions_with_reasons(
    place: Place,
) -> None:
    orders = get(place, "/orders")
    for stage in ("reserved", "durable", "answered", "ended"):
        assert say(f"dash_stage_{stage}", "en") in orders
    assert escape(word("reason", "under_min_total_bid", "en")) in orders
    told = get(place, "/journal")
    for reason in ("max_open_trades", "cooldown", "MaxDrawdown"):
        assert word("reason", reason, "en") in told


def test_the_equity_begins_at_the_wallet_and_ends_with_what_was_earned(place: Place) -> None:
    line, fall = figure(place, "/figures/equity")
    assert line["y"][0] == float(CONFIG.capital)
    assert line["y"][-1] == float(CONFIG.capital) + 500
    assert fall["y"][-1] == 0
    assert line["x"] == sorted(line["x"])


def test_refusals_for_one_reason_fold_until_another_decision_parts_them(tmp_path: Path) -> None:
    def veto(pair: str, reason: str) -> EntryVetoed:
        return EntryVetoed(pair, START, reason, ("rsi",))

    full = [veto(f"KRW-{name}", "max_open_trades") for name in ("AAA", "BBB", "CCC")]
    told = [*full[:2], veto("KRW-DDD", "cooldown"), full[2], TradingChanged("running"), full[0]]
    state(tmp_path, told).close()
    picture = Picture(Watch(tmp_path / "state"))
    page = decisions(letters(told)[::-1], picture, "en")
    assert page.count("<details") == 1
    first, folded, lone = page.index("#6"), page.index("<details"), page.index("KRW-DDD")
    assert first < page.index("#5") < folded
    assert "× 3 since" in page[folded:]
    for number in ("#1", "#2", "#4"):
        assert folded < page.index(number) < page.index("</details>")
    assert lone > page.index("</details>")
    assert decisions(letters(told)[::-1], picture, "ko", most=2).count("<li>") == 2


def test_the_candles_bear_what_was_bought_and_sold_and_the_stop(place: Place) -> None:
    bars, stop, bought, sold, volumes = figure(place, f"/figures/candles/{BTC}")
    assert len(bars["x"]) == len(bars["close"]) == 80
    assert bought["y"] == [1000.0]
    assert sold["y"] == [1100.0, 1100.0]
    fixed = float(1000 * (1 + CONFIG.stoploss))
    trailed = float(1100 * (1 - CONFIG.trailing_stop_positive))
    assert [level for level in stop["y"] if level is not None] == [fixed] * 2 + [trailed] * 2
    assert figure(place, f"/figures/candles/{ETH}")[0]["x"] == []
    assert (volumes["type"], volumes["yaxis"], volumes["x"]) == ("bar", "y2", bars["x"])
    assert volumes["y"] == [float(candle.volume) for candle in candles()]


def test_who_reads_on_hears_what_is_new_and_nothing_twice(tmp_path: Path) -> None:
    path = state(tmp_path, life()).path  # its store stays open: the bot goes on
    made = Dashboard(path, cwd=tmp_path)
    try:
        with stream(made, "/") as told:
            first = next(told)
            assert {"banner", "figures", "trades", "decided"} <= set(first["parts"])
            assert set(first["charts"]) == {"/figures/equity", f"/figures/candles/{BTC}"}
            store = Store.open(path, sync=False)
            number = store.count()
            store.commit("test", Record(Nothing()), letters([TradingChanged("killed")], number + 1))
            store.close()
            later = next(told)
            assert word("mode", "killed", "en") in later["parts"]["banner"]
            assert "open-orders" not in later["parts"]
            assert "charts" not in later
    finally:
        made.kill()


def test_there_are_only_so_many_readers_and_one_that_goes_makes_room(looking: Place) -> None:
    url, headers = f"{looking.base}/stream?of=/health", looking.bearer
    readers = [
        requests.get(url, headers=headers, stream=True, timeout=30) for _ in range(READERS_MAX)
    ]
    assert {reader.status_code for reader in readers} == {200}
    assert requests.get(url, headers=headers, timeout=30).status_code == 503
    for reader in readers:
        reader.close()
    for _ in range(200):  # a reader that is gone is noticed at the next thing it is sent
        answer = requests.get(url, headers=headers, stream=True, timeout=30)
        found = answer.status_code
        answer.close()
        if found == 200:
            break
    assert found == 200


def test_a_browser_that_stalls_holds_up_nobody_else(tmp_path: Path) -> None:
    store = state(tmp_path, life())
    made = Dashboard(store.path, cwd=tmp_path)
    try:
        with ExitStack() as stack:
            for _ in range(5):
                link = stack.enter_context(socket.socket())
                link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                link.connect(("127.0.0.1", made.port))
                head = f"GET /stream?of=/journal HTTP/1.1\r\nHost: 127.0.0.1:{made.port}\r\n"
                link.sendall(f"{head}Authorization: Bearer {made.token}\r\n\r\n".encode())
            told = stack.enter_context(stream(made, "/"))
            next(told)
            for mode in ("stopped", "running", "killed"):
                said = letters([TradingChanged(mode)] * 500, store.count() + 1)  # type: ignore[arg-type]
                store.commit("test", Record(Nothing()), said)
                shown = word("mode", mode, "en")
                assert any(shown in news.get("parts", {}).get("banner", "") for news in told)
                assert shown in get(made, "/health")
    finally:
        made.kill()
        store.close()


def test_tables_are_told_in_pages(tmp_path: Path) -> None:
    rows = [TradeClosed(row(str(n), close=START + n, trade=f"t{n}")) for n in range(1, 121)]
    store = state(tmp_path, [*life(), *rows])
    store.close()
    made = Dashboard(store.path, cwd=tmp_path)
    try:
        pages = [get(made, f"/trades?page={n}") for n in (1, 2, 3, 4)]
        counts = [page.partition('id="closed"')[2].count("<tr>") for page in pages]
        assert counts == [51, 51, 22, 0]  # a heading each; one row is of the life before
        assert pages[0] != pages[1]
        assert get(made, "/trades?page=0") == get(made, "/trades?page=nonsense")
    finally:
        made.kill()


def test_another_state_put_in_this_ones_place_is_seen(tmp_path: Path) -> None:
    path = state(tmp_path, [*life(), closing()]).path
    made = Dashboard(path, cwd=tmp_path)
    try:
        with stream(made, "/trades") as told:
            assert f"/pair/{BTC}" in next(told)["parts"]["closed"]
            path.rename(tmp_path / "before")
            state(tmp_path, life()[:1])
            for news in told:
                if f"/pair/{BTC}" not in news.get("parts", {}).get("closed", f"/pair/{BTC}"):
                    break
    finally:
        made.kill()


def test_what_stands_beside_the_equity_is_its_own_gain_and_says_on_what(place: Place) -> None:
    tile = get(place, "/").partition("<h3>Equity</h3>")[2].partition("</li>")[0]
    small = re.sub("<[^>]*>", "", tile.partition("<small>")[2])
    share = Decimal(50000) / CONFIG.capital
    assert small == f"+₩500 (+{share:.2f}%) on a wallet of ₩{CONFIG.capital:,}"
    today = get(place, "/").partition("<h3>Today, realised</h3>")[2].partition("</li>")[0]
    assert "in all <span" in today
    assert "+₩500" in today


def test_money_is_told_as_people_write_it(place: Place) -> None:
    assert f"₩{CONFIG.capital + Decimal(500):,}" in get(place, "/")
