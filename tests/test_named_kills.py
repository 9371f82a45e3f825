"""SIGKILL at each named point around commit, send, accept, reply and store, of the real process.

Some bots trade live, each with a sandbox of its own over real HTTP; each life of one ends at its
next point, and what the one has left the next one finds. After the last their books agree to the
last won.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from actors.cast import LIVE
from tests.kill import agreed, at_sandbox, come_to_an_end, guarded
from tests.trading_live import ROOT, Bot

CALLS = ("SubmitOrder", "QueryOrder", "CancelOrder")
OWNERS = [actor.name for actor in LIVE if actor.durable]
FIRST = ("steward",)  # commits at the first start only, so it comes first
BESIDE = {"auditor": "its books are written after 64 events, a day, or a violation"}
WHERE = ("before", "after")
BEGINNING = tuple(f"commit/{name}/{when}" for name in FIRST for when in WHERE)
POINTS = (
    *(f"{call}/{when}" for call in CALLS for when in ("send", "sent", "accepted", "reply")),
    *(f"commit/{n}/{when}" for n in OWNERS if n not in (*FIRST, *BESIDE) for when in WHERE),
    *(f"archive/{when}" for when in WHERE),
)
KILLED = -9
BOTS = 3  # at once: a life waits for the market more than it computes


def test_killed_at_each_named_point_it_ends_as_it_should(tmp_path: Path) -> None:
    with ThreadPoolExecutor(BOTS) as pool:
        shares = [(*BEGINNING, *POINTS[number::BOTS]) for number in range(BOTS)]
        orders = list(pool.map(lambda n: lived(tmp_path / str(n), shares[n]), range(BOTS)))
    assert all(count > 2 for count in orders)
    assert sum(orders) > 5


def lived(folder: Path, points: Sequence[str]) -> int:
    """One bot, killed at each of these points; how many orders its venue has."""
    folder.mkdir()
    with at_sandbox(3, folder) as (bot, url):
        for point in points:
            killed_at(point, bot)
        come_to_an_end(bot, url)
        return agreed(bot, url)


def killed_at(point: str, bot: Bot) -> None:
    """One life, which ends there."""
    words = ("trade", "--child", "leaves", "--confirm-live", "--state-dir", str(bot.state))
    script = str(ROOT / "tests" / "named_kill_script.py")
    bot.process = subprocess.Popen(
        [sys.executable, script, point, "1", *words],
        cwd=bot.folder,
        env=bot.environ,
        stdin=subprocess.PIPE,  # the bot ends when its parent's pipe does
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with guarded(bot):
        assert bot.process.stdout is not None
        said = list(bot.process.stdout)  # until it ends
        assert bot.process.wait() == KILLED, (point, "".join(said[-20:]))
    bot.process.communicate()
    print(point, flush=True)
