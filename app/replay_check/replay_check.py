"""All of a state directory decided again: its owners, and what its strategy said."""

from __future__ import annotations

from collections.abc import Sequence

from actors.actor_sets import ALL_ACTORS
from actors.runtime.system import BaseActor
from app.replay_check.owners import check_owners
from app.replay_check.report import Replayed
from app.replay_check.verdicts import compared, from_archive, from_tapes, journaled_verdicts
from core.market.candles import CandleSeries
from core.strategy import Strategy
from persistence.reader import Reader


def replay_check(
    reader: Reader,
    strategy: Strategy | None,
    candle_series: Sequence[CandleSeries] | None,
    cast: Sequence[type[BaseActor]] = ALL_ACTORS,
) -> Replayed:
    """``candle_series``: of the recording that was traded; None for a live market.

    Without a strategy the verdicts are taken as they were journaled.
    """
    out, known = Replayed(), journaled_verdicts(reader)
    questions = []
    if known and strategy:
        first = next(reader.events(), None)
        found = (
            from_archive(reader, strategy, known)
            if candle_series is None
            else from_tapes(candle_series, strategy, known)
        )
        questions = compared(found, known, first.at if first else 0.0, out)
    done = check_owners(reader, questions, cast)
    done.verdicts, done.unseen = out.verdicts, out.unseen
    done.made_by = list(dict.fromkeys(known.rules)) if known else []
    done.differences = sorted([*out.differences, *done.differences], key=lambda d: d.at)
    return done
