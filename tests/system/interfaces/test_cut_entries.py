"""An entry that was cut, asked about at every door: the same amounts, and the same cause."""

from __future__ import annotations

import json
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests

from actors import budget
from actors.budget import Budget
from actors.orders import gateway
from actors.orders.gateway import Gateway
from core.notices.orders import order_notice
from core.orders.end_reason import closed
from i18n import say
from interfaces.console.outcomes import Outcomes
from interfaces.views import lines
from messages.account import EndReconciliation
from messages.base import Event
from messages.budget import BudgetReserved
from messages.config import Config
from messages.control import ConfigAdopted
from messages.exchange import Exchange
from messages.notices import ShowNotice
from messages.orders import OrderClosed, OrderIntended
from messages.trading import EntryWanted
from tests.support import journals
from tests.support.cli_runner import run
from tests.support.dashboard_process import Dashboard
from tests.unit.actors.turns import Turns

D = Decimal
BTC, ID = journals.BTC, f"{journals.BTC}@{journals.START}"
AT = float(journals.START + 60)
CAPS = Exchange(max_order_krw=D(50000), max_daily_krw=D(80000))
WORDS = {
    "free_cash": {
        "en": "₩29,985 instead of ₩100,000: no more of the bot's cash is free",
        "ko": "₩100,000 대신 ₩29,985: 봇의 가용 현금이 그만큼뿐임",
    },
    "max_order_krw": {
        "en": "₩50,000 instead of ₩100,000: exchange.max_order_krw allows no more",
        "ko": "₩100,000 대신 ₩50,000: exchange.max_order_krw 한도",
    },
    "max_daily_krw": {
        "en": "₩45,000 instead of ₩100,000: the rest of exchange.max_daily_krw allows no more",
        "ko": "₩100,000 대신 ₩45,000: exchange.max_daily_krw의 남은 한도",
    },
}


def config(cut: str) -> Config:
    """One by which an entry of 100,000 is cut by that, and by nothing that leaves less."""
    caps = CAPS if cut == "max_order_krw" else Exchange(max_order_krw=None, max_daily_krw=D(45000))
    cash = {"free_cash": 30000, "max_order_krw": 70000, "max_daily_krw": 500000}[cut]
    caps = Exchange(max_order_krw=None, max_daily_krw=None) if cut == "free_cash" else caps
    return Config(dry_run=False, available_capital=D(cash), exchange=caps, pair_whitelist=(BTC,))


def bought(cut: str) -> list[Event]:
    """What the owners state of such an entry, which is filled whole."""
    cash, orders = Turns(budget, Budget), Turns(gateway, Gateway)
    adopted = ConfigAdopted(config(cut), "b")
    cash.take(adopted)
    orders.all(adopted, EndReconciliation(), at=AT)
    wish = EntryWanted(ID, BTC, D(100000), D(1000), "rsi", journals.START, AT + 30)
    (reserved,) = cash.take(wish, at=AT)
    (intended, *_) = orders.take(reserved, at=AT)
    volume: Any = intended.order.volume
    totals = (volume, volume * D(1000), D(5), AT)
    return [adopted, wish, reserved, intended, OrderClosed(ID, ID, BTC, "bid", "done", *totals)]


@pytest.fixture(params=sorted(WORDS))
def cut(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_owners_name_what_cut_an_entry_and_what_was_wanted(cut: str) -> None:
    _, _, reserved, intended, _ = bought(cut)
    assert isinstance(intended, OrderIntended)
    assert (intended.cut_by, intended.wanted) == (cut, D(100000))
    assert isinstance(reserved, BudgetReserved)
    assert reserved.wanted == (0 if cut == "max_daily_krw" else 100000)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_why_show_orders_json_and_the_notice_name_it(
    tmp_path: Path, cut: str, language: str
) -> None:
    words, events = WORDS[cut][language], bought(cut)
    journals.state(tmp_path, events, live=True).close()
    around = {"JANGBU__LANGUAGE": language, "COLUMNS": "200"}
    shown = run("show-orders", "--state-dir", "state", cwd=tmp_path, **around).stdout
    flat = " ".join(shown.split())
    assert all(part in flat for part in words.split()), shown
    told = run("why", "btc", "--state-dir", "state", cwd=tmp_path, **around).stdout
    assert any(all(part in line for part in words.split()) for line in told.splitlines()), told
    (row,) = json.loads(run("show-orders", "--state-dir", "state", "--json", cwd=tmp_path).stdout)
    facts = row["reason_facts"]
    assert (facts["cut"], facts["stake"], row["reason"]) == (cut, "100000", "")
    assert f"₩{round(float(facts['krw'])):,}" in words
    assert isinstance(events[3], OrderIntended)
    notice = order_notice(events[3])
    assert notice is not None
    level, key, said = notice
    amounts, _, why = words.partition(": ")
    text = say(key, language, **said)
    assert amounts in text
    assert text.endswith(why)
    console = Outcomes(language)
    wish = ShowNotice("info", "entry_signal", {"pair": BTC, "price": "1000", "krw": "1"})
    end = events[4]
    assert isinstance(end, OrderClosed)
    kept: dict[str, Any] = {ID: events[3]}
    told_end = order_notice(end, closed(end, kept.get))
    assert told_end is not None
    ended = ShowNotice(*told_end)
    text = say(ended.key, language, **ended.facts)
    assert "₩100,000" in text
    assert text.endswith(why)
    found = [console.take(one) for one in (wish, ShowNotice(level, key, said), ended)]
    assert found[2] is not None
    assert "₩100,000" in found[2].text
    assert found[2].text.endswith(why)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_dashboard_names_it_too(tmp_path: Path, language: str) -> None:
    journals.state(tmp_path, bought("free_cash"), live=True).close()
    dashboard = Dashboard(tmp_path / "state", cwd=tmp_path)
    try:
        cookie = f"jangbu-language={language}"
        headers = {"Authorization": f"Bearer {dashboard.token}", "Cookie": cookie}
        for page in ("/orders", f"/pair/{BTC}"):
            shown = requests.get(dashboard.base + page, headers=headers, timeout=30).text
            parts = WORDS["free_cash"][language].split()
            assert all(part in unescape(shown) for part in parts), page
    finally:
        dashboard.kill()


def test_an_entry_that_nothing_cut_is_sent_without_a_word_of_it() -> None:
    order = bought("free_cash")[3]
    assert isinstance(order, OrderIntended)
    cut, whole = journals.letters([order, OrderIntended(order.order, "n", "{}")])
    assert "instead of" in lines.text(cut, "en")
    assert lines.text(whole, "en").endswith("buy order is sent")
    assert order_notice(whole.body) is None
