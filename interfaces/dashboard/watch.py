"""Owns what the dashboard knows: it keeps up with the journal, and asks the bot how it breathes.

Everything happens in one asyncio loop, in short steps, so that a page is never kept waiting and
nothing needs a lock. The first reading of a long journal takes a while: until it is done the
owners' records stand in.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Literal

from app.control import client
from app.control.client import NotRunning
from app.error_messages import EXPECTED, as_user_error
from app.state_directory import require
from app.state_summary import state_summary
from core.strategy import Strategy
from i18n.errors import UserError
from interfaces.dashboard.worth import EquityHistory
from messages.control import ShowVitals
from messages.runtime_stats import RuntimeStats
from persistence.environment import DATA
from persistence.identity import read_mark
from persistence.reader import Reader
from persistence.record import Identity
from projections.ledger import Ledger, clock
from projections.projections import Projections

LOOK_SECONDS = 0.5  # between two looks at the journal
ASK_SECONDS = 2.0  # between two questions to the bot
ANSWER_SECONDS = 2.0  # longest wait for its answer
STRIDE = 100  # entries read between two breaths
AGAIN_SECONDS = 3.0  # after trouble with the state directory

Bot = Literal["up", "silent", "down"]  # it answers; it listens and does not; nobody listens


class Watch:
    """``version`` rises with whatever is new; ``turned`` is set then, and made anew."""

    def __init__(self, state: Path, strategy: Strategy | None = None) -> None:
        self.state, self.strategy = state, strategy
        self.reader, self._seen = Reader.open(require(state)), _identity(state)
        self.chronicle, self.worths = Projections(), EquityHistory()
        self.caught_up = False
        self.ledger: Ledger = state_summary(self.reader)  # what is open, for the views
        self.vitals: RuntimeStats | None = None
        self.bot: Bot = "down"
        self.asked = False  # whether the bot was, yet
        self.trouble: UserError | None = None
        self.version = 0
        self.turned = asyncio.Event()

    @property
    def now(self) -> float:
        """Epoch seconds on the bot's clock, as far as it is known."""
        if self.vitals:
            return self.vitals.at
        return clock(self.reader, self.ledger)

    @property
    def progress(self) -> float:
        """The share of the journal that was read, 0 to 1."""
        begin, end = self.reader.base().number, self.reader.count()
        if self.caught_up or end <= begin:
            return 1.0
        return max(0.0, self.chronicle.number - begin) / (end - begin)

    async def run(self) -> None:
        """For ever; trouble with the state directory is shown, and tried again."""
        asking = asyncio.create_task(self._ask())
        try:
            while True:
                try:
                    await self._keep_up()
                    wait = LOOK_SECONDS
                except EXPECTED as error:
                    self.trouble, wait = as_user_error(error), AGAIN_SECONDS
                    self._turn()
                await asyncio.sleep(wait)
        finally:
            asking.cancel()

    def close(self) -> None:
        """Let go of the state directory."""
        self.reader.close()

    async def _keep_up(self) -> None:
        """Read what is new, a stride at a time."""
        self._recognise()
        if self.caught_up and self.reader.count() == self.chronicle.number and not self.trouble:
            return
        shown = time.monotonic()
        while self.chronicle.read_on(self.reader, STRIDE):
            await asyncio.sleep(0)
            if not self.caught_up and time.monotonic() - shown > 1.0:
                shown, self.ledger = time.monotonic(), state_summary(self.reader)
                self._turn()
        self.caught_up, self.trouble = True, None
        if self.vitals:
            self.chronicle.courses.left(self.vitals.sent)
        self.ledger = self.chronicle.light()
        self._turn()

    def _recognise(self) -> None:
        """Another state may have been put in this one's place."""
        if (seen := _identity(self.state)) != self._seen:
            self.reader.close()
            self.reader, self._seen = Reader.open(require(self.state)), seen
            self.chronicle, self.caught_up = Projections(), False
            self.worths = EquityHistory()
            self.ledger = state_summary(self.reader)

    async def _ask(self) -> None:
        while True:
            self.bot, self.vitals = await asyncio.to_thread(self._answer)
            self.asked = True
            if self.vitals:
                self.chronicle.courses.left(self.vitals.sent)
            self._turn()
            await asyncio.sleep(ASK_SECONDS)

    def _answer(self) -> tuple[Bot, RuntimeStats | None]:
        """On a thread of its own: a bot that hangs keeps nobody waiting but itself."""
        try:
            return "up", client.ask(self.state, ShowVitals(), ANSWER_SECONDS).vitals
        except NotRunning:
            return "down", None
        except UserError:
            return "silent", None

    def _turn(self) -> None:
        self.version += 1
        before, self.turned = self.turned, asyncio.Event()
        before.set()


def _identity(state: Path) -> tuple[Identity, int]:
    """Which ledger lies there: its birth, and its very file."""
    return read_mark(state), (state / DATA).stat().st_ino
