"""What the name of a file of candles says: its market and the length of its candles."""

from __future__ import annotations

import re
from pathlib import Path

from messages.config import TIMEFRAMES

_EDGE = r"(?:^|[^A-Za-z0-9])"
_LENGTH = f"(?:{'|'.join(TIMEFRAMES)})(?![A-Za-z0-9])"
_OURS = re.compile(_EDGE + rf"KRW[-_](?!{_LENGTH})([A-Z0-9]{{1,20}})(?![A-Za-z0-9])", re.I)
_THEIRS = re.compile(_EDGE + r"([A-Z0-9]{1,20})[-_]KRW(?![A-Za-z0-9])", re.I)  # BTC_KRW-5m.feather
_UNIT = re.compile(_EDGE + f"({_LENGTH})")


def market_of(path: Path) -> str:
    """KRW-BTC of ``KRW-BTC_1m.csv`` or freqtrade's ``BTC_KRW-1m.feather``; "" for none."""
    found = _OURS.search(path.name) or _THEIRS.search(path.name)
    return f"KRW-{found[1].upper()}" if found else ""


def unit_of(path: Path) -> str:
    """1m of these names; "" when none is named."""
    found = _UNIT.search(path.name)
    return found[1] if found else ""
