"""What ails a bot that lives: ``health``, systemd and the heartbeat all say it, real processes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.market.synthetic import synthetic_market
from sandbox.server import Sandbox, SandboxConfig
from tests.support.live_bot import ROOT, Bot
from tests.system.interfaces.test_service import Told

SPEED = 120.0
STRATEGY = """
import numpy as np
from pathlib import Path
from msgspec import Struct
from core.strategy import Signals

class Nothing(Struct, frozen=True):
    pass

class Mine:
    Params = Nothing

    @staticmethod
    def signals(candles, params):
        if Path({flag!r}).exists():
            raise KeyError("volume_mean")
        none = np.zeros(len(candles.time), dtype=np.bool_)
        return Signals(none, none)
"""


class Beats:
    """An address for the heartbeat, and how often it was called."""

    def __init__(self) -> None:
        beats = self
        self.calls = 0
        self.called = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                beats.calls += 1
                beats.called.set()
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def living(folder: Path, told: Told, **more: str) -> Iterator[Bot]:
    """A bot on the prices of a sandbox, up; ended whatever happens."""
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    venue = Sandbox(SandboxConfig(market, folder / "venue", speed=SPEED, sync=False))
    bot = Bot(venue.start(), folder, NOTIFY_SOCKET=str(told.path), **more)
    if "JANGBU__STRATEGY" in more:  # which has none of the sample's parameters
        for name in ("RSI_OVERSOLD", "CONDITIONS_REQUIRED"):
            bot.environ.pop(f"JANGBU__{name}", None)
    try:
        bot.start()
        told.until("READY=1")
        yield bot
    finally:
        bot.kill()
        venue.stop()


def health(bot: Bot, *words: str) -> tuple[int, Any]:
    asked = [sys.executable, str(ROOT / "run.py"), "health", *words, "--state-dir", str(bot.state)]
    done = subprocess.run(asked, env=bot.environ, cwd=bot.folder, capture_output=True, check=False)
    return done.returncode, done.stdout.decode()


def test_a_strategy_that_raises_is_told_at_every_door_and_so_is_its_recovery(
    tmp_path: Path,
) -> None:
    flag, told, beats = tmp_path / "raise", Told(tmp_path), Beats()
    (tmp_path / "mine.py").write_text(STRATEGY.format(flag=str(flag)))
    more = {"JANGBU__STRATEGY": "mine.py:Mine", "JANGBU__STARTUP_CANDLE_COUNT": "60"}
    more |= {"JANGBU__HEARTBEAT_URL": beats.url}
    with living(tmp_path, told, **more) as bot:
        assert beats.called.wait(60)
        flag.touch()
        told.until("STATUS=Strategy: it fails at each candle")
        code, text = health(bot, "--json")
        found = json.loads(text)
        assert (code, found["well"]) == (1, False)
        assert found["process"]["ails"][0]["name"] == "raises"
        assert "volume_mean" in found["process"]["ails"][0]["text"]
        code, text = health(bot, "--alive")
        assert code == 1
        assert "volume_mean" in text
        flag.unlink()
        told.until("STATUS=Well")
        assert health(bot, "--alive")[0] == 0
    beats.close()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_missing_startup_candles_are_counted(tmp_path: Path, language: str) -> None:
    told, beats = Told(tmp_path), Beats()
    more = {"JANGBU__STARTUP_CANDLE_COUNT": "5000", "JANGBU__LANGUAGE": language}
    more |= {"JANGBU__HEARTBEAT_URL": beats.url}
    more |= {"JANGBU__PAIR_WHITELIST": '["KRW-BTC"]'}
    with living(tmp_path, told, **more) as bot:
        kind = {"en": "Start-up candles", "ko": "시작 캔들"}[language]
        status = told.until(f"STATUS={kind}")[-1]
        assert "5,000" in status
        code, text = health(bot, "--alive")
        assert code == 1
        assert ("of 5,000 candles" if language == "en" else "캔들 5,000개 중") in text
        assert not beats.called.is_set(), "the heartbeat is of a bot that is well"
    beats.close()
