"""All of a state directory decided again: its owners, and what its strategy said."""

from __future__ import annotations

from collections.abc import Sequence

from actors.actor_sets import EVERYONE
from actors.runtime.system import Named
from app.replay_check.owners import redecide
from app.replay_check.report import Replayed
from app.replay_check.verdicts import compared, from_archive, from_tapes, told
from core.market.candles import Tape
from core.strategy import Strategy
from persistence.reader import Reader


def replay(
    reader: Reader,
    strategy: Strategy | None,
    tapes: Sequence[Tape] | None,
    cast: Sequence[type[Named]] = EVERYONE,
) -> Replayed:
    """``tapes``: of the recording that was traded; None for a live market.

    Without a strategy the verdicts are taken as they were journaled.
    """
    out, known = Replayed(), told(reader)
    questions = []
    if known and strategy:
        first = next(reader.events(), None)
        found = (
            from_archive(reader, strategy, known)
            if tapes is None
            else from_tapes(tapes, strategy, known)
        )
        questions = compared(found, known, first.at if first else 0.0, out)
    done = redecide(reader, questions, cast)
    done.verdicts, done.unseen = out.verdicts, out.unseen
    done.made_by = list(dict.fromkeys(known.rules)) if known else []
    done.differences = sorted([*out.differences, *done.differences], key=lambda d: d.at)
    return done
