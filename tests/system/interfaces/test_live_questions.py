"""Questions with real money: refused before they are asked, or asked with what would come of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.control.place import socket_path
from app.control.server import ControlServer
from i18n import LANGUAGES, say
from interfaces.console.doubts import question
from messages.control import Changes, ForceEnter, ForceExit, Kill, OperatorReply, StopTrading
from messages.previews import ChangePreview, PreviewedCancel, PreviewedOrder, PreviewedTrade
from tests.support import journals
from tests.support.cli_runner import at_a_terminal, run
from tests.support.fakes import FakeBot, FakeDesk

D = Decimal
BTC, ETH = journals.BTC, journals.ETH
DONE = OperatorReply(True, "done")
ENTRY = PreviewedOrder(
    BTC, "bid", D(0), D("49999.6"), D(131000000), D(131393000), D(25), None, D(100000),
    "max_order_krw",
)  # fmt: skip
EXIT = PreviewedOrder(
    BTC, "ask", D("0.00038"), D(49780), D(131000000), fee=D(25), profit=D("-245.3")
)
BARRED = PreviewedOrder(ETH, "ask", D(2), D(9000000), D(4500000), profit=D(1), waits="halted",
    detail="PREVIEW")  # fmt: skip
TRADE = PreviewedTrade(BTC, D("0.00038"), D(49780), D("-245.3"))
BUYING = ChangePreview(DONE, (ENTRY,), held_until=1_774_148_400.0)
POOR = OperatorReply(
    False,
    "entry_unfunded",
    {"pair": BTC, "reason": "insufficient_budget", "needed": "10506", "free": "9000"},
)
TEXTS: list[tuple[Changes, ChangePreview, dict[str, str]]] = [
    (
        ForceEnter(BTC),
        BUYING,
        {
            "en": """\
Bitcoin(KRW-BTC): buys for ₩50,000 at about ₩131,000,000, at ₩131,393,000 at most; fee ₩25
₩50,000 instead of ₩100,000: exchange.max_order_krw allows no more
Entries wait until 2026-03-22 12:00: the exchange does not answer
Buy Bitcoin(KRW-BTC) for ₩50,000 now, with real money?""",
            "ko": """\
비트코인(KRW-BTC): ₩50,000 매수, 현재가 약 ₩131,000,000, 최고 ₩131,393,000, 수수료 ₩25
₩100,000 대신 ₩50,000: exchange.max_order_krw 한도
거래소가 응답하지 않아 2026-03-22 12:00까지 매수를 미룹니다
실제 돈 ₩50,000으로 비트코인(KRW-BTC)을(를) 지금 매수할까요?""",
        },
    ),
    (
        ForceExit("all"),
        ChangePreview(DONE, (EXIT, BARRED)),
        {
            "en": """\
Bitcoin(KRW-BTC): sells 0.00038 at about ₩131,000,000 for ₩49,780: -₩245 after fees
Ethereum(KRW-ETH): sells 2 at about ₩4,500,000 for ₩9,000,000: +₩1 after fees
Ethereum(KRW-ETH): not sold yet: nothing may be ordered in this market now: PREVIEW
Sell all open trades (2) at the market now?""",
            "ko": """\
비트코인(KRW-BTC): 0.00038 매도, 현재가 약 ₩131,000,000, 금액 ₩49,780, 수수료 뺀 손익 -₩245
이더리움(KRW-ETH): 2 매도, 현재가 약 ₩4,500,000, 금액 ₩9,000,000, 수수료 뺀 손익 +₩1
이더리움(KRW-ETH): 지금은 매도되지 않습니다. 사유: 지금은 이 마켓에 주문할 수 없음: PREVIEW
보유 중인 거래 2건을 지금 모두 시장가로 매도할까요?""",
        },
    ),
    (
        ForceExit("all"),
        ChangePreview(DONE, (EXIT,)),
        {
            "en": """\
Bitcoin(KRW-BTC): sells 0.00038 at about ₩131,000,000 for ₩49,780: -₩245 after fees
Sell all open trades (1) at the market now?""",
            "ko": """\
비트코인(KRW-BTC): 0.00038 매도, 현재가 약 ₩131,000,000, 금액 ₩49,780, 수수료 뺀 손익 -₩245
보유 중인 거래 1건을 지금 모두 시장가로 매도할까요?""",
        },
    ),
    (
        Kill(),
        ChangePreview(DONE, cancels=(PreviewedCancel(ETH, "bid"),), trades=(TRADE,)),
        {
            "en": """\
Ethereum(KRW-ETH): the open buy order is cancelled
Bitcoin(KRW-BTC): 0.00038, now worth ₩49,780 (-₩245), will have no stop
Stop trading, cancel our open orders, and stay so until start?""",
            "ko": """\
이더리움(KRW-ETH): 미체결 매수 주문 취소
비트코인(KRW-BTC): 0.00038, 현재 ₩49,780 (-₩245), 손절매가 멈춥니다
거래를 멈추고 미체결 주문을 취소한 뒤 start 명령까지 그대로 둘까요?""",
        },
    ),
    (
        StopTrading(),
        ChangePreview(DONE, trades=(PreviewedTrade(BTC, D(1)),)),
        {
            "en": "Bitcoin(KRW-BTC): 1 will have no stop\nStop all trading until start?",
            "ko": "비트코인(KRW-BTC): 1, 손절매가 멈춥니다\nstart 명령까지 모든 거래를 멈출까요?",
        },
    ),
]


class Speaking(FakeDesk):
    """The fake desk with the catalogue's own words."""

    def __init__(self, language: str) -> None:
        super().__init__(trades=2, real_money=True)
        self.language = language

    def say(self, key: str, **facts: str) -> str:
        return say(key, self.language, **facts)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_a_question_names_what_would_be_done(place: int, language: str) -> None:
    change, preview, texts = TEXTS[place]
    assert question(change, Speaking(language), preview) == texts[language]


def test_what_would_change_nothing_is_not_asked_about() -> None:
    assert question(Kill(), Speaking("en"), ChangePreview(DONE, idle=True)) == ""


class Old(FakeBot):
    """One that knows no previews."""

    def preview(self, command: Changes) -> ChangePreview:
        raise NotImplementedError


class Served:
    """A state directory of real money with an open trade, and a bot at its socket."""

    def __init__(self, folder: Path, bot: FakeBot) -> None:
        journals.state(folder, journals.life(), live=True).close()
        self.folder, self.bot = folder, bot
        path = socket_path(folder / "state")
        self.server = ControlServer(path, bot.ask, bot.preview)

    def type(self, line: str, answer: str, **more: str) -> tuple[int, str]:
        words = ("console", "--state-dir", "state", "-c", line)
        return at_a_terminal(*words, typed=answer, cwd=self.folder, **more)

    def script(self, line: str, *more: str) -> Any:
        words = ("console", "--state-dir", "state", *more, "-c", line)
        return run(*words, cwd=self.folder)


@pytest.fixture
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    made = Served(tmp_path, getattr(request, "param", FakeBot)())
    yield made
    made.server.close()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_would_be_refused_is_refused_without_a_question(served: Served, language: str) -> None:
    served.bot.previews[ForceEnter] = ChangePreview(POOR)
    code, shown = served.type("forceenter btc", "y", JANGBU__LANGUAGE=language)
    assert code == 1
    assert "[y/N]" not in shown
    assert say(POOR.key, language, **POOR.facts) in shown
    assert served.bot.asked == []


@pytest.mark.parametrize("more", [(), ("--yes",)])
def test_a_script_is_refused_too_and_else_sent_without_a_question(
    served: Served, more: tuple[str, ...]
) -> None:
    served.bot.previews[ForceEnter] = ChangePreview(POOR)
    done = served.script("forceenter btc", *more)
    assert (done.returncode, served.bot.asked) == (1, [])
    assert "not enough free cash" in done.stdout
    assert served.script("forceexit btc", *more).returncode == 0
    assert [type(change) for change in served.bot.asked] == [ForceExit]


@pytest.mark.parametrize(("answer", "sent"), [("y", True), ("n", False)])
def test_at_a_narrow_terminal_of_another_encoding_the_question_is_whole(
    served: Served, answer: str, sent: bool
) -> None:
    served.bot.previews[ForceEnter] = BUYING
    narrow = {"COLUMNS": "40", "PYTHONIOENCODING": "euc_kr"}
    code, shown = served.type("forceenter btc", answer, **narrow)
    lines = shown.replace("\r", "").split("\n")
    assert max(map(len, lines)) <= 40, lines
    whole = " ".join(shown.split())
    asked = TEXTS[0][2]["en"].replace("₩", "W")
    assert " ".join(asked.split()) + " [y/N]" in whole
    assert (code, len(served.bot.asked)) == ((0, 1) if sent else (1, 0))


@pytest.mark.parametrize("served", [Old], indirect=True)
def test_a_bot_that_knows_no_previews_is_asked_about_by_its_journal(served: Served) -> None:
    code, shown = served.type("stop", "n")
    assert f"no stop: {BTC} [y/N]" in shown
    assert code == 1


def test_where_no_bot_runs_nothing_is_asked(tmp_path: Path) -> None:
    journals.state(tmp_path, journals.life(), live=True).close()
    words = ("console", "--state-dir", "state", "-c", "forceexit btc")
    code, shown = at_a_terminal(*words, typed="y", cwd=tmp_path)
    assert "no bot is running" in shown
    assert "[y/N]" not in shown
    assert code == 2
