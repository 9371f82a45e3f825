"""The recorded Upbit markets beside the checkout, and the one way to skip where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "shared/data/upbit/candles/1m"
SEPTEMBER = sorted(FOLDER.glob("*_1m_2025-09-01_2025-09-20.csv.gz"))  # four markets, twenty days

needed = pytest.mark.skipif(
    not SEPTEMBER, reason="no recorded data: ../shared/data/upbit is not beside the checkout"
)
