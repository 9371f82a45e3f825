"""A console before a fake bot, for the pseudo-terminal test: log lines come while one types."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from interfaces.console.prompt import Prompt
from tests.support.fakes import FakeBot, FakeDesk, FakeEnded


def main(state: Path) -> int:
    """Exit code 0 when left by the person, 3 when the bot ended it, 4 at a confirmed Ctrl-C."""
    bot = FakeBot()
    ended_by_hand = threading.Event()

    def shut_down() -> None:
        ended_by_hand.set()
        prompt.leave()

    desk = FakeDesk(bot, trades=2, real_money="live" in sys.argv[3:])
    prompt = Prompt(desk, state, None if "attached" in sys.argv[3:] else shut_down)

    def speak() -> None:
        for line in sys.stdin_of_test:  # type: ignore[attr-defined]
            if line == "end\n":
                bot.end(FakeEnded("failed"))
                prompt.leave()
                return
            print(line, end="", flush=True)

    sys.stdin_of_test = open(int(sys.argv[2]))  # type: ignore[attr-defined]  # noqa: SIM115
    threading.Thread(target=speak, daemon=True).start()
    prompt.run()
    ended = bot.wait(0)
    print("asked:", [type(change).__name__ for change in bot.asked], flush=True)
    if ended_by_hand.is_set():
        return 4
    return 3 if ended and ended.reason == "failed" else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
