"""Recorded Upbit data beside the checkout, and the one way to skip where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
UPBIT = SHARED / "data/upbit"
FOLDER = UPBIT / "candles/1m"
SEPTEMBER = sorted(FOLDER.glob("*_1m_2025-09-01_2025-09-20.csv.gz"))  # four markets, twenty days
NO_DATA = "no recorded data: ../shared/data/upbit is not beside the checkout"

needed = pytest.mark.skipif(not SEPTEMBER, reason=NO_DATA)
