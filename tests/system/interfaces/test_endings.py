"""One order that came to nothing, asked about at every door: the same reason, the same figures."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
import requests

from i18n import ending_words, say
from i18n.styles import rendered
from interfaces.views import answer, lines, plain, render
from interfaces.views.orders import all_table
from messages.control import ShowWhy
from messages.notices import ShowNotice
from messages.orders import OrderClosed
from projections import orders
from tests.support.dashboard_process import Dashboard
from tests.support.live_streams import NOW, A, price
from tests.unit.actors.test_live_paper_book import Booked

WORDS = {
    "en": "nothing was filled; limit ₩7.02, +0.29 % from the ₩7.00 it was decided at; best ask"
    " then ₩7.01, 99,999 on offer up to the limit",
    "ko": "체결 없음; 지정가 ₩7.02, 판단 가격 ₩7.00 대비 +0.29%; 당시 최우선 매도 호가 ₩7.01,"
    " 지정가까지 매도 물량 99,999",
}


class Voiced(Booked):
    """What it says to people is heard."""

    def __init__(self, path: Path, *asks: tuple[str, str]) -> None:
        self.heard: list[ShowNotice] = []
        super().__init__(path, *asks)
        self.system.tools["voice"] = self.heard.append


@pytest.fixture
def bot(tmp_path: Path) -> Voiced:
    """Its only entry met a price that had run away."""
    bot = Voiced(tmp_path, ("7.01", "99999"))
    bot.enter(fill="7.03")
    bot.tell(64, price("7.03", NOW + 64))
    return bot


@pytest.mark.parametrize("language", ["en", "ko"])
def test_why_show_orders_json_and_the_notice_give_one_reason(bot: Voiced, language: str) -> None:
    store, words = bot.end(), WORDS[language]
    (row,) = orders.fold(store.events())
    assert ending_words(row.ending.written, language) == words
    flat = " ".join(rendered(all_table([row], language)).split())
    assert all(part in flat for part in words.split()), flat
    why = answer(ShowWhy(A), store)
    assert [d for d in plain(why)["decisions"] if d["text"][language].endswith(words)]
    assert rendered(render(why, language))
    (exported,) = orders.exported([row])
    assert exported["reason"] == "unfilled"
    assert exported["reason_facts"] == {
        "limit": "7.02", "price": "7", "above": "0.29", "ask": "7.01", "depth": "99999"
    }  # fmt: skip
    closed = [e for e in store.events() if isinstance(e.body, OrderClosed)]
    told = lines.line(closed[0], language, lambda event: orders.ending_of(event, {}, store))
    assert told.endswith(words), "tail"
    (notice,) = [n for n in bot.heard if n.key == "entry_unfilled"]
    assert words in say(notice.key, language, **notice.facts)
    store.close()


def test_the_dashboard_gives_it_too(bot: Voiced, tmp_path: Path) -> None:
    path = bot.store.path
    bot.end().close()
    dashboard = Dashboard(path, cwd=tmp_path)
    try:
        headers = {"Authorization": f"Bearer {dashboard.token}", "Cookie": "jangbu-language=en"}
        for page in ("/orders", f"/pair/{A}"):
            shown = requests.get(dashboard.base + page, headers=headers, timeout=30).text
            assert WORDS["en"] in unescape(shown), page
    finally:
        dashboard.kill()
