"""SIGKILL at each named point around commit, send, accept, reply and store, of the real process.

One bot trades live with one sandbox over real HTTP; each of its lives ends at the next point, and
what the one has left the next one finds. After the last their books agree to the last won.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from actors.actor_sets import LIVE_ACTORS
from tests.proof.kills.campaigns import agreed, at_sandbox, come_to_an_end, guarded

CALLS = ("SubmitOrder", "QueryOrder", "CancelOrder")
OWNERS = [actor.name for actor in LIVE_ACTORS if actor.durable]
FIRST = ("steward",)  # commits at the first start only, so it comes first
BESIDE = {
    "auditor": "its books are written after 64 events, a day, or a violation",
    "snapshots": "commits once in a directory's first life, then once a year",
}
WHERE = ("before", "after")
POINTS = (
    *(f"commit/{name}/{when}" for name in FIRST for when in WHERE),
    *(f"{call}/{when}" for call in CALLS for when in ("send", "sent", "accepted", "reply")),
    *(f"commit/{n}/{when}" for n in OWNERS if n not in (*FIRST, *BESIDE) for when in WHERE),
    *(f"archive/{when}" for when in WHERE),
)
KILLED = -9


def test_killed_at_each_named_point_it_ends_as_it_should(tmp_path: Path) -> None:
    with at_sandbox(3, tmp_path) as (bot, url):
        for point in POINTS:
            words = ("trade", "--child", "leaves", "--confirm-live", "--state-dir", str(bot.state))
            script = str(Path(__file__).with_name("named_kill_script.py"))
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
        come_to_an_end(bot, url)
        assert agreed(bot, url) > 5
