"""The edge that reports the market: here a recording, one candle at a time, in three stages."""

from __future__ import annotations

from typing import Protocol

from actors.runtime.edge import Edge, Outputs
from core.replay.schedule import Schedule, Step, newest, next_step, span, step_at
from messages.base import After, ReplayPosition
from messages.config import Config
from messages.control import ConfigAdopted
from messages.market import (
    Candle,
    CandleReport,
    ClosingReport,
    OpeningReport,
    ReplayEnded,
    TakeCandle,
    Watch,
)

OPENING, DECIDING, CLOSING, PLANNING = range(4)


class Recording(Protocol):
    """What the feed replays, and how much of it goes to the archive."""

    keep: int  # newest candles of a pair that are kept there; 0 = none
    flush: int  # candles taken before they are written; 0 = only at the beginning and the end

    def schedule(self, config: Config) -> Schedule: ...


class ReplayFeed(Edge):
    """Each stage waits behind an idle alarm, so it comes when the one before is dealt with.

    The alarm for a candle stands at its close: whatever else was due by then rings first.
    A new watch, while the feed waits, makes it plan again: the plan's number outdates the alarm.
    """

    name = "feed"
    accepts = (TakeCandle, Watch, ConfigAdopted)

    def begin(self) -> None:
        """Take the journal's last candle again, and none before it."""
        self.recording: Recording = self.system.tools["recording"]
        self.watches: dict[tuple[str, str], Watch] = {}
        self.rows: list[tuple[str, Candle]] = []
        self.schedule = self.recording.schedule(self.system.tools["config"])
        self.waiting = True  # for the next candle's alarm; not in the midst of one's stages
        self.number = 0
        self.position = self.system.mark
        self.step: Step | None = None
        again = step_at(self.schedule, self.position)
        in_hand = again is not None and self.system.now() <= self._closes(again)
        self.again = again if in_hand else None  # until it is taken, whatever is planned meanwhile
        self._archive_newest(self.system.now())
        self._send(self._plan())

    def perform(self, message: TakeCandle | Watch | ConfigAdopted) -> Outputs:
        """One stage, or one thing to watch."""
        match message:
            case TakeCandle(plan, stage):
                return self._take(stage) if plan == self.number else ()
            case Watch():
                self._watch(message)
            case ConfigAdopted(config=config):
                self.schedule = self.recording.schedule(config)
        return self._replan() if self.waiting else ()

    def _watch(self, watch: Watch) -> None:
        if watch.every or watch.below is not None or watch.above is not None:
            self.watches[watch.watcher, watch.pair] = watch
        else:
            self.watches.pop((watch.watcher, watch.pair), None)

    def _replan(self) -> Outputs:
        """Something else matters now: think again once all is quiet, and drop the old alarm."""
        self.number += 1
        return (After(0.0, TakeCandle(self.number, PLANNING), idle=True),)

    def _take(self, stage: int) -> Outputs:
        if stage == PLANNING:
            return self._plan()
        step = self.step
        assert step is not None
        pair, candle, seconds = step.pair, step.candle, self.schedule.seconds
        following = After(0.0, TakeCandle(self.number, stage + 1), idle=True)
        if stage == OPENING:
            self.waiting, self.again = False, None
            self.position = self.system.mark = ReplayPosition(candle.time, pair)
            self._keep(pair, candle)
            return (OpeningReport(pair, candle, seconds), following)
        if stage == DECIDING:
            return (CandleReport(pair, candle, seconds, step.verdict), following)
        return (ClosingReport(pair, candle, seconds, step.verdict), following)

    def _plan(self) -> Outputs:
        """Find the next candle that matters."""
        self.waiting = True
        watches = tuple(self.watches.values())
        now = self.system.now()
        self.step = self.again or next_step(self.schedule, self.position, now, watches)
        if self.step is None:
            self._archive_newest(span(self.schedule)[1])
            return (ReplayEnded(),)
        return self._alarm()

    def _alarm(self) -> Outputs:
        """At the candle's close, behind all else that is due by then."""
        assert self.step is not None
        self.number += 1
        wait = max(0.0, self._closes(self.step) - self.system.now())
        return (After(wait, TakeCandle(self.number, OPENING), idle=True),)

    def _closes(self, step: Step) -> float:
        return float(step.time + self.schedule.seconds)

    def _keep(self, pair: str, candle: Candle) -> None:
        if self.recording.keep and self.recording.flush:
            self.rows.append((pair, candle))
            if len(self.rows) >= self.recording.flush:
                self._archive(self.rows)
                self.rows = []

    def _archive_newest(self, before: float) -> None:
        if self.recording.keep:
            self._archive(newest(self.schedule, before, self.recording.keep))

    def _archive(self, rows: list[tuple[str, Candle]]) -> None:
        if rows:
            self.system.store.archive(rows, self.system.store.count())

    def _send(self, outcome: Outputs) -> None:
        for message in outcome:
            self.system.send(message, source=self.name)
