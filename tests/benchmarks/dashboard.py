"""The dashboard on a long history: how soon a page is there, what a scrape and a stall cost.

The journal is made by committing events as the owners state them; the pages are loaded by a real
browser where there is one.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import requests
from msgspec import Struct

from app.composition import build
from app.control.place import socket_path
from app.control.server import ControlServer
from app.replay import Replay
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from messages.base import Envelope, Event
from messages.config import Config
from messages.control import ConfigAdopted
from messages.market import Candle
from messages.orders import Order, OrderAccepted, OrderClosed, OrderFilled, OrderIntended
from messages.trading import EntryWanted, ExitWanted, TradeClosed, TradeOpened, TradeRecord
from persistence.record import Identity, Record
from persistence.store import Store
from tests.benchmarks.disk import BIRTH, Commits, Listening
from tests.support.browser import CHROMIUM, Visit, chromium
from tests.support.dashboard_process import Dashboard

D = Decimal
TRADES = 100_000
ROUNDS, PATHS = 5, 3
FIRST_PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  for (const e of list.getEntries()) if (e.name === "first-contentful-paint") done(e.startTime);
}).observe({ type: "paint", buffered: true }))"""
STALLED = 8  # browsers that never read on
CONFIG = Config(cooldown_minutes=0, max_open_trades=5)
PACE = 20_000.0  # seconds of the recording in a real one, about
BEGIN = 1_700_000_000
PAIRS = tuple(f"KRW-{name}" for name in ("BTC", "ETH", "XRP", "DOGE", "SHIB"))
A_TRADE = 10  # entries
STEP = 60.0  # seconds between two trades
BATCH = 500


class Nothing(Struct, frozen=True):
    """The state of nobody."""


def one(number: int) -> list[Event]:
    """A trade: bought, and sold at a small gain or loss; the last of its entries closes it."""
    pair, at = PAIRS[number % len(PAIRS)], BEGIN + STEP * number
    id = f"{pair}@{at:.0f}"
    gain = D((number * 7919) % 401 - 195)
    bid = Order(id, id, pair, "bid", "price", price=D(10000), reference=D(1000))
    ask = Order(f"{id}!1", id, pair, "ask", "market", volume=D(10))
    totals = (D(10), D(10000), D(5))
    row = TradeRecord(
        id, pair, at, at + 50, D(1000), D(1000) + gain / 10, D(10), D(10000), D(5), D(5), gain,
        D("0.01"), "roi" if gain > 0 else "stop_loss", D(1010), "rsi",
    )  # fmt: skip
    return [
        EntryWanted(id, pair, D(10000), D(1000), "rsi macd", int(at), at + 90),
        OrderIntended(bid, f"jb-{id}", "{}"),
        OrderAccepted(id, f"uuid-{id}"),
        OrderFilled(id, id, pair, "bid", *totals, at + 1),
        TradeOpened(id, pair, *totals, D(1000), at + 1, "rsi macd"),
        OrderClosed(id, id, pair, "bid", "cancel", *totals, at + 1),
        ExitWanted(ask.id, id, pair, D(10), "roi", D(1010), int(at), 0.0),
        OrderIntended(ask, f"jb-{ask.id}", "{}"),
        OrderClosed(ask.id, id, pair, "ask", "done", D(10), D(10000) + gain, D(5), at + 50),
        TradeClosed(row),
    ]


def letters(trades: int) -> Iterator[list[Envelope]]:
    """All of them, in batches."""
    batch: list[Envelope] = [
        Envelope(ConfigAdopted(Config(pair_whitelist=PAIRS)), BEGIN, "steward")
    ]
    for number in range(trades):
        at = BEGIN + STEP * number
        for place, event in enumerate(one(number)):
            batch.append(Envelope(event, at + place * 0.01, "gateway", getattr(event, "id", "")))
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


def history(folder: Path, trades: int) -> None:
    """A state directory with so many closed trades, ten entries each, and candles."""
    born = Identity("b1", "paper", "upbit", "", born_at=float(BEGIN))
    with Store.create(folder, born, sync=False) as store:
        for batch in letters(trades):
            store.commit("gateway", Record(Nothing()), batch)
        last = int(BEGIN + STEP * trades) // 60 * 60
        for pair in PAIRS:
            prices = [D(1000 + (i * 37) % 41) for i in range(500)]
            rows = [
                (pair, Candle(last - 60 * (500 - i), p, p + 3, p - 3, p + 1, D(1)))
                for i, p in enumerate(prices)
            ]
            store.archive(rows, store.count())


# --- how soon, how long
def painted(dashboard: Dashboard) -> float:
    """Milliseconds to the first paint of the first page in a browser; without one, to its HTML."""
    if not CHROMIUM:
        begun = time.perf_counter()
        requests.get(dashboard.base, headers=dashboard.bearer, timeout=30)
        return (time.perf_counter() - begun) * 1e3
    with chromium() as browser:
        visit = Visit(browser, dashboard.url)
        visit.page.goto(f"{visit.base}/")
        return float(visit.page.evaluate(FIRST_PAINT))


def scraped(dashboard: Dashboard) -> float:
    """Milliseconds of a scrape."""
    begun = time.perf_counter()
    requests.get(f"{dashboard.base}/metrics", timeout=30)
    return (time.perf_counter() - begun) * 1e3


def read(dashboard: Dashboard) -> None:
    """Wait until the whole journal was read: its stream tells whenever there is something new."""
    url = f"{dashboard.base}/stream?of=/health"
    with requests.get(url, headers=dashboard.bearer, timeout=60, stream=True) as stream:
        for _ in stream.iter_lines():
            if (
                "jangbu_journal_read 1"
                in requests.get(f"{dashboard.base}/metrics", timeout=60).text
            ):
                return


# --- what it costs the order path
def stalled(dashboard: Dashboard, count: int, stack: ExitStack) -> None:
    """Browsers that ask for the live stream and never read a byte of it."""
    for _ in range(count):
        link = stack.enter_context(socket.socket())
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        link.connect(("127.0.0.1", dashboard.port))
        lines = ("GET /stream?of=/ HTTP/1.1", f"Host: 127.0.0.1:{dashboard.port}")
        ours = f"Authorization: Bearer {dashboard.token}"
        link.sendall("\r\n".join([*lines, ours, "", ""]).encode())


def latency(folder: Path, commits: Commits, browsers: int | None) -> float:
    """From an entry's candle to the call at the venue's mouth, over three bare commits, p50.

    ``browsers``: so many stall at a dashboard of this very ledger; None = there is no dashboard.
    """
    store = Store.create(folder, BIRTH)
    replay = Replay(synthetic_market(1, 2), BUILT_IN[CONFIG.strategy], bulk=True)
    bot = build(
        CONFIG, replay, store, runtime=lambda start: Listening(start, store, commits), speed=PACE
    )
    runtime: Any = bot.system.runtime
    with ExitStack() as stack:
        if browsers is not None:
            server = ControlServer(socket_path(folder), bot.ask, bot.preview)
            stack.callback(server.close)
            dashboard = Dashboard(folder, cwd=folder)
            stack.callback(dashboard.kill)
            stalled(dashboard, browsers, stack)
        bot.start()
        bot.wait(60)
        bot.stop()
    return median(runtime.seconds) / median(runtime.bare)


def paths(folder: Path) -> dict[str, float]:
    """Medians of the same path, taken in turn: alone, with a dashboard, with stalled browsers."""
    folder.mkdir()
    commits = Commits(folder)
    kinds: dict[str, int | None] = {"alone": None, "watched": 0, "stalled": STALLED}
    found: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(PATHS):
        for name, browsers in kinds.items():
            found[name].append(latency(folder / f"{name}{number}", commits, browsers))
    return {name: median(ratios) for name, ratios in found.items()}


def rows(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """For the table of ``make bench``."""
    folder.mkdir(exist_ok=True)
    history(folder / "long", TRADES)
    begun = time.perf_counter()
    dashboard = Dashboard(folder / "long", cwd=folder)
    unread = painted(dashboard)
    read(dashboard)
    seconds = time.perf_counter() - begun
    known = median(painted(dashboard) for _ in range(ROUNDS))
    scrape = median(scraped(dashboard) for _ in range(4 * ROUNDS))
    dashboard.kill()
    cost = paths(folder / "paths")
    of = f"{TRADES:,} trades, {TRADES * A_TRADE:,} entries"
    way = "candle closed -> venue edge beside {}, over the same without a dashboard"
    ratios = {name: f"{cost[name]:.2f} bare" for name in cost}
    return [
        (f"dashboard's first paint, {of}, not read yet", f"{unread:.0f} ms", "", "", "< 1 s"),
        ("the same, read", f"{known:.0f} ms", "", "", "< 1 s"),
        ("from the start until all was read", f"{seconds:.0f} s", "", "", ""),
        ("metrics scrape of them", f"{scrape:.1f} ms", "", "", "< 50 ms"),
        (
            way.format("a dashboard"),
            ratios["watched"],
            ratios["alone"],
            f"{cost['watched'] / cost['alone']:.2f}",
            "< 1.05",
        ),
        (
            way.format(f"{STALLED} stalled browsers"),
            ratios["stalled"],
            ratios["alone"],
            f"{cost['stalled'] / cost['alone']:.2f}",
            "1",
        ),
    ]
