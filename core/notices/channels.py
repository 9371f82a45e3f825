"""Owns how notices wait for one messenger, and what becomes of a letter that is sent or is not.

A letter is tried, and again after 1, 2 and 4 s; then the lane rests, for longer each time. At a
rest infos are given up, what is graver stays. A send that perhaps arrived is not repeated, unless
it is grave enough for that: then a reader may see it twice, and is told so.
"""

from __future__ import annotations

from typing import Literal, assert_never

from msgspec.structs import replace

from core.notices.kinds import LEVELS, held_until
from core.waits import left
from messages.notices import Level
from messages.notification_config import Notify
from messages.notification_delivery import (
    Channel,
    LetterBegun,
    LetterEnded,
    LetterReport,
    Notice,
    SendLetter,
    Then,
)

LETTER_MAX = 40  # notices of one letter
PART_SECONDS = 0.5  # from one part to the next
WAITS = (1.0, 2.0, 4.0)  # after the first try that fails, the second, the third
RESTS = (60.0, 120.0, 240.0, 480.0, 900.0)
BUSY_MOST = 3600.0
GUARD_SECONDS = 600.0  # a send of which nobody reports is given up; others may go before it


def added(lane: Channel, notices: tuple[Notice, ...], most: int) -> Channel:
    """With more that waits: the same twice is one; the oldest of the least grave makes room."""
    queue = list(lane.queue)
    for notice in notices:
        place = next((i for i, old in enumerate(queue) if _same(old, notice)), None)
        if place is None:
            queue.append(notice)
        else:
            queue[place] = replace(queue[place], times=queue[place].times + notice.times)
    lost = 0
    while len(queue) > most:
        worst = min(queue, key=lambda notice: LEVELS.index(notice.level))
        lost += queue.pop(queue.index(worst)).times
    return replace(
        lane, queue=tuple(queue), missed=lane.missed + lost, left_out=lane.left_out + lost
    )


def _same(old: Notice, new: Notice) -> bool:
    return (old.key, old.facts, old.level) == (new.key, new.facts, new.level)


def free(lane: Channel, notify: Notify, at: float) -> tuple[int, ...]:
    """Places in the queue of what may go now, the first ones."""
    places = (i for i, one in enumerate(lane.queue) if not held_until(one, notify, at))
    return tuple(place for place, _ in zip(places, range(LETTER_MAX), strict=False))


def rest(lane: Channel, at: float, pace: float) -> float:
    """Seconds until the lane may send; a clock set back makes it no longer than it was meant."""
    return left(lane.due, at, lane.wait or BUSY_MOST * pace)


def next_moment(lane: Channel, notify: Notify, at: float, pace: float) -> float | None:
    """When this lane has something to do; None when nothing waits."""
    if lane.sending:
        return lane.begun_at + GUARD_SECONDS * pace
    ready = at + rest(lane, at, pace)
    if lane.letter or not lane.queue:
        return ready if lane.letter else None
    return max(ready, min(max(at, held_until(one, notify, at)) for one in lane.queue))


def begin(lane: Channel, notify: Notify, at: float, pace: float) -> LetterBegun | None:
    """The next send, if there is one to make now."""
    if lane.sending or rest(lane, at, pace):
        return None
    if lane.letter:
        return LetterBegun(lane.name, at)
    places = free(lane, notify, at)
    return LetterBegun(lane.name, at, places) if places else None


def call(lane: Channel) -> SendLetter:
    """What the courier is to do, of a lane whose send has begun."""
    return SendLetter(lane.name, lane.attempt, lane.letter, lane.part, lane.told, lane.again)


def ended(
    lane: Channel, report: LetterReport, notify: Notify, at: float, pace: float
) -> LetterEnded:
    """What comes of a send; ``pace``: seconds of this clock in a real one."""
    then, seconds = _then(lane, report, notify)
    wait = seconds * pace
    return LetterEnded(lane.name, report.outcome, then, at + wait, report.parts, wait)


def _then(lane: Channel, report: LetterReport, notify: Notify) -> tuple[Then, float]:
    """What comes of it, and for how many real seconds the lane waits before."""
    match report.outcome:
        case "sent":
            return "next", PART_SECONDS
        case "invalid":
            return "dropped", PART_SECONDS
        case "busy":
            return "later", min(max(report.seconds, WAITS[0]), BUSY_MOST)
        case "unsure" if not _grave(lane, notify.repeat_from):
            return "next", PART_SECONDS
        case "failed" | "unsure" if lane.tries < len(WAITS):
            return "again", WAITS[lane.tries]
        case "failed" | "unsure" | "refused":
            kept = _grave(lane, "warning")
            return "rest" if kept else "dropped", RESTS[min(lane.rests, len(RESTS) - 1)]
        case _:
            assert_never(report.outcome)


def _grave(lane: Channel, least: Level | Literal["never"]) -> bool:
    """Whether the letter under way holds anything of this level or above."""
    if least == "never":
        return False
    return any(LEVELS.index(one.level) >= LEVELS.index(least) for one in lane.letter)


def begun(lane: Channel, event: LetterBegun) -> Channel:
    """The lane once a send has begun."""
    if event.places:
        letter = tuple(lane.queue[place] for place in event.places)
        chosen = frozenset(event.places)
        queue = tuple(one for i, one in enumerate(lane.queue) if i not in chosen)
        lane = replace(lane, letter=letter, queue=queue, told=lane.missed, missed=0)
    return replace(lane, sending=True, begun_at=event.at, attempt=lane.attempt + 1)


def after(lane: Channel, event: LetterEnded) -> Channel:
    """The lane once a send has ended."""
    again = lane.again or event.outcome == "unsure"
    lane = replace(lane, sending=False, due=event.due, wait=event.wait)
    match event.then:
        case "later":
            return lane
        case "again":
            return replace(lane, tries=lane.tries + 1, again=again)
        case "rest":
            return replace(lane, tries=0, rests=lane.rests + 1, again=again)
        case "dropped":
            rests = lane.rests + (event.outcome != "invalid")
            return _over(_lost(replace(lane, rests=rests, missed=lane.missed + lane.told)))
        case "next":
            arrived = event.outcome == "sent"
            lane = replace(lane, rests=0) if arrived else _lost(lane)
            if lane.part + 1 < event.parts:
                return replace(lane, part=lane.part + 1, tries=0, again=False)
            return _over(replace(lane, sent=lane.sent + 1))
        case _:
            assert_never(event.then)


def _lost(lane: Channel) -> Channel:
    """The letter under way did not arrive, or nobody knows that it did."""
    count = sum(notice.times for notice in lane.letter)
    return replace(lane, missed=lane.missed + count, left_out=lane.left_out + count)


def _over(lane: Channel) -> Channel:
    return replace(lane, letter=(), part=0, tries=0, again=False, told=0)
