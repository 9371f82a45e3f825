"""Gaps: each stretch between the first candle and the last that has none."""

from __future__ import annotations

import numpy as np

from core.market.candles import part
from core.market.gaps import Gap, gaps
from core.market.synthetic import synthetic_market

TAPE = synthetic_market(3, days=1)[0]


def test_a_stretch_without_candles_is_one_gap() -> None:
    found = gaps(TAPE)
    minutes = np.arange(TAPE.time[0], TAPE.time[-1] + 60, 60)
    missing = np.setdiff1d(minutes, TAPE.time).tolist()
    told = [gap.start + 60 * i for gap in found for i in range(gap.candles)]
    assert found
    assert told == missing, "each minute without one is in just one gap"


def test_no_candle_is_missing_of_few() -> None:
    assert gaps(part(TAPE, 0, 0)) == gaps(part(TAPE, 5, 6)) == []
    assert gaps(part(TAPE, 0, 2)) in ([], [Gap(int(TAPE.time[0]) + 60, 1)])
