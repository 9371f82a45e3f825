"""``/metrics``: read by Prometheus' own library; every name that deploy/ asks for is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from interfaces.dashboard.metrics.families import ALWAYS, FAMILIES, OF_THE_PROCESS
from messages.orders import OrderIntended
from messages.runtime_stats import BUCKETS
from messages.trading import DustKept, TradeClosed, TradeReduced
from persistence.reader import Reader
from tests.support.cli_runner import ROOT, around, command
from tests.support.dashboard_process import Dashboard
from tests.system.dashboard.conftest import Place

DEPLOY = ROOT / "deploy"
PROMTOOL = shutil.which("promtool")
needed = pytest.mark.skipif(
    PROMTOOL is None, reason="no promtool to check metrics and alert rules with"
)
Samples = dict[str, dict[tuple[tuple[str, str], ...], float]]


def scraped(base: str) -> tuple[str, Samples]:
    """The text, and its samples by name and labels."""
    answer = requests.get(f"{base}/metrics", timeout=30)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    found: Samples = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = tuple(sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return answer.text, found


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Dashboard]]:
    """A bot that trades on the built-in market, and its dashboard."""
    folder = tmp_path_factory.mktemp("traded")
    bot = subprocess.Popen(
        command("--speed", "600", "--state-dir", "s"),
        cwd=folder,
        env=around(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert bot.stdout
    assert any(": sold " in line for line in bot.stdout)
    made = Dashboard(Path("s"), cwd=folder)
    yield folder, made
    made.kill()
    bot.kill()
    bot.communicate()


def test_a_running_bot_tells_every_metric_there_is(traded: tuple[Path, Dashboard]) -> None:
    _, dashboard = traded
    _, found = scraped(dashboard.base)
    while "jangbu_uptime_seconds" not in found:  # until the bot was asked
        _, found = scraped(dashboard.base)
    rare = {"jangbu_throttled_total"}  # a label for each rate group that was ever throttled
    for family in FAMILIES:
        name = f"{family.name}_bucket" if family.kind == "histogram" else family.shown
        assert name in found or name in rare, name
        for labels in found.get(name, {}):
            known = {label for label, _ in labels} - {"le"}
            assert known == set(family.labels), name
    assert found["jangbu_up"][()] == found["jangbu_journal_read"][()] == 1
    assert found["jangbu_memory_bytes"][()] > 10_000_000
    assert found["jangbu_feed_lag_seconds"][()] < 3600
    assert all(waiting >= 0 for waiting in found["jangbu_mailbox_letters"].values())


def test_counts_are_those_of_the_journal(traded: tuple[Path, Dashboard]) -> None:
    folder, dashboard = traded
    _, found = scraped(dashboard.base)
    with Reader.open(folder / "s") as reader:
        bodies = [e.body for e in reader.events(0, int(found["jangbu_journal_entries"][()]))]
    intents = [body.order for body in bodies if isinstance(body, OrderIntended)]
    orders = found["jangbu_orders_total"]
    for side in ("bid", "ask"):
        wanted = sum(order.side == side for order in intents)
        assert orders[("outcome", "intended"), ("side", side)] == wanted > 0
    closed = [b for b in bodies if isinstance(b, TradeClosed | TradeReduced | DustKept)]
    assert sum(found["jangbu_exits_total"].values()) == len(closed) > 0
    earned = float(sum(body.row.profit_abs for body in closed))
    assert found["jangbu_realised_krw"][()] == pytest.approx(earned)
    sent = found["jangbu_order_stage_seconds_count"][("stage", "durable_sent"),]
    assert 0 < sent <= len(intents)


def test_buckets_are_cumulative_and_end_with_all(traded: tuple[Path, Dashboard]) -> None:
    _, found = scraped(traded[1].base)
    for name in ("jangbu_commit_seconds", "jangbu_order_stage_seconds"):
        rows: dict[Any, list[tuple[float, float]]] = {}
        for labels, value in found[f"{name}_bucket"].items():
            rest = tuple(pair for pair in labels if pair[0] != "le")
            rows.setdefault(rest, []).append((float(dict(labels)["le"]), value))
        for rest, buckets in rows.items():
            ordered = sorted(buckets)
            assert [edge for edge, _ in ordered] == [*BUCKETS, float("inf")]
            assert [n for _, n in ordered] == sorted(n for _, n in ordered)
            assert ordered[-1][1] == found[f"{name}_count"][rest]


def test_without_a_bot_the_journal_alone_tells(place: Place, tmp_path: Path) -> None:
    shutil.copytree(place.state, tmp_path / "s", ignore=shutil.ignore_patterns("*.sock"))
    made = Dashboard(tmp_path / "s", cwd=tmp_path)
    try:
        _, found = scraped(made.base)
        assert found["jangbu_up"][()] == 0
        assert not {family.name for family in OF_THE_PROCESS} & found.keys()
        assert {family.shown for family in ALWAYS} <= found.keys()
        assert found["jangbu_equity_krw"][()] == 1_000_500
        assert found["jangbu_breaker_state"][("state", "open"),] == 1
        assert found["jangbu_trading_mode"][("mode", "stopentry"),] == 1
        outcomes = found["jangbu_orders_total"]
        assert outcomes[("outcome", "filled"), ("side", "bid")] == 1
        refused = found["jangbu_refusals_total"]
        assert refused[("by", "strategist"), ("reason", "max_open_trades")] == 1
        assert refused[("by", "venue"), ("reason", "under_min_total_bid")] == 2
    finally:
        made.kill()


def asked() -> dict[str, set[str]]:
    """Every metric that a file of deploy/ names."""
    board = json.loads((DEPLOY / "grafana.json").read_text())
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    queries += [variable["query"] for variable in board["templating"]["list"]]
    texts = {"grafana.json": " ".join(map(str, queries))}
    texts["alerts.yml"] = (DEPLOY / "alerts.yml").read_text()
    return {name: set(re.findall(r"jangbu_\w+", text)) for name, text in texts.items()}


@pytest.mark.parametrize("name", ["grafana.json", "alerts.yml"])
def test_every_metric_that_is_asked_for_exists(name: str) -> None:
    known = {family.shown for family in FAMILIES}
    known |= {f"{f.name}_bucket" for f in FAMILIES if f.kind == "histogram"}
    assert len(asked()[name]) > 10
    assert asked()[name] - known == set()


@pytest.mark.parametrize("name", ["dashboard.md", "dashboard.ko.md"])
def test_the_guide_names_every_metric_and_no_other(name: str) -> None:
    told = set(re.findall(r"`(jangbu_\w+)", (ROOT / "docs" / "guides" / name).read_text()))
    assert told == {family.shown for family in FAMILIES}


def test_the_board_shows_all_that_there_is() -> None:
    shown = asked()["grafana.json"] | asked()["alerts.yml"]
    plain = {name.removesuffix("_bucket") for name in shown}
    unseen = {f.shown for f in FAMILIES} - plain
    assert unseen <= {
        "jangbu_journal_read",
        "jangbu_last_entry_timestamp_seconds",
        "jangbu_open_orders",
        "jangbu_wishes_total",
        "jangbu_fees_krw_total",
    }


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    panels = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not cells & taken
        taken |= cells


@needed
def test_promtool_accepts_the_rules_and_what_is_told(traded: tuple[Path, Dashboard]) -> None:
    text, _ = scraped(traded[1].base)
    for words, given in (
        (("check", "rules", str(DEPLOY / "alerts.yml")), ""),
        (("check", "metrics"), text),
        (("test", "rules", str(Path(__file__).with_name("alerts.test.yml"))), ""),
    ):
        done = subprocess.run(
            [str(PROMTOOL), *words], input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert not done.stderr, done.stderr
