"""What the charts of a report show, as plain values for the script that draws them.

Moments are milliseconds that read as Korean time, since the charts know no time zones.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from math import ceil
from typing import Any

import numpy as np

from core.market.candles import COLUMNS, Candles, Floats
from core.performance.drawdown import underwater
from core.performance.equity import KOREA, in_order
from i18n import say, word
from i18n.formatting import krw, kst, pair_name, percent, price, volume
from interfaces.reports.page.material import Material, Run
from messages.config import TIMEFRAMES
from messages.trading import TradeRecord
from projections.trades import OpenTrade

POINTS = 1500  # of one line or one chart of candles: more than a screen has columns
PAIRS = 40  # whose candles are drawn
MARKS = 4000  # newest exits that are drawn
STEPS = sorted(TIMEFRAMES.values())


def charts(made: Material, language: str) -> dict[str, Any]:
    """Everything that is drawn."""
    return {"equity": _equity(made), "pairs": _pairs(made.run, language)}


def _equity(made: Material) -> dict[str, Any]:
    """The equity, the market beside it, and the drawdown; of each bucket its last and deepest."""
    size = max(1, ceil(len(made.moments) / POINTS))
    starts = np.arange(0, len(made.moments), size)
    lasts = np.append(starts[1:], len(made.moments)) - 1
    deepest = np.minimum.reduceat(underwater(made.equity), starts)
    shown = {
        "x": _times(made.moments[lasts]),
        "y": _rounded(made.equity[lasts], 0),
        "under": _rounded(deepest * 100, 3),
    }
    if made.market is not None:
        known = _rounded(made.market[lasts], 0)
        shown["market"] = [krw if krw == krw else None for krw in known]  # a gap is drawn as one
    return shown


def _pairs(run: Run, language: str) -> list[dict[str, Any]]:
    """The pairs with the most exits first, each with its candles where there are any."""
    rows: dict[str, list[TradeRecord]] = {}
    for row in in_order(run.rows)[-MARKS:]:
        rows.setdefault(row.pair, []).append(row)
    names = {*rows, *(trade.pair for trade in run.open)} & set(run.prices)
    ranked = sorted(names, key=lambda pair: (-len(rows.get(pair, ())), pair))
    made = []
    for pair in ranked[:PAIRS]:
        opened = [trade for trade in run.open if trade.pair == pair]
        made.append(_pair(run, pair, rows.get(pair, []), opened, language))
    return made


def pair_chart(run: Run, pair: str, language: str) -> dict[str, Any]:
    """One pair of a run: candles, what was bought and sold."""
    rows = [row for row in in_order(run.rows) if row.pair == pair]
    return _pair(run, pair, rows, [t for t in run.open if t.pair == pair], language)


def shown_moments(moments: Floats) -> list[int]:
    """Epoch seconds as the charts have them."""
    return _times(moments)


def _pair(
    run: Run, pair: str, rows: Sequence[TradeRecord], opened: Sequence[OpenTrade], language: str
) -> dict[str, Any]:
    seconds = run.config.seconds
    candles = run.prices[pair]
    inside = np.flatnonzero((candles.time > run.begin - seconds) & (candles.time < run.end))
    seen = _coarser(candles, inside, seconds)
    entries = {row.trade: (row.open_date, row.open_rate, row.enter_tag) for row in rows}
    entries |= {t.trade: (t.opened_at, t.price, t.tag) for t in opened}
    return {
        "name": pair_name(pair, language),
        **seen,
        "buys": [
            [_time(at), float(rate), _bought(at, rate, tag, language)]
            for at, rate, tag in entries.values()
        ],
        "sells": [
            [
                _time(row.close_date),
                float(row.close_rate),
                _sold(row, language),
                row.profit_abs >= 0,
            ]
            for row in rows
            if row.amount
        ],
        "lines": [[*_ends(row), row.profit_abs >= 0] for row in rows if row.amount],
    }


def _ends(row: TradeRecord) -> list[float]:
    begin, end = _time(row.open_date), _time(row.close_date)
    return [begin, float(row.open_rate), end, float(row.close_rate)]


def _bought(at: float, rate: Decimal, tag: str, language: str) -> str:
    return say("report_bought", language, at=str(at), price=str(rate), tag=escape(tag))


def _sold(row: TradeRecord, language: str) -> str:
    figures = f"{krw(row.profit_abs, True)} ({percent(row.profit_ratio, True)})"
    reason = word("reason", row.exit_reason, language)
    when, coins = kst(row.close_date, False), volume(row.amount)
    return f"{when}<br>{coins} × {price(row.close_rate)}<br>{reason}<br>{figures}"


def _coarser(candles: Candles, inside: Any, seconds: int) -> dict[str, Any]:
    """Candles of the shortest length of which there are few enough."""
    if not len(inside):
        return {name: [] for name in ("x", *COLUMNS[1:])} | {"seconds": seconds}
    time = candles.time[inside]
    length = next((s for s in STEPS if s >= seconds and _count(time, s) <= POINTS), STEPS[-1])
    slots = (time + KOREA) // length  # a day's candle is a day in Korea
    starts = np.flatnonzero(np.append(True, np.diff(slots) > 0))
    lasts = np.append(starts[1:], len(slots)) - 1
    return {
        "x": ((slots[starts] * length) * 1000).tolist(),
        "open": candles.open[inside][starts].tolist(),
        "high": np.maximum.reduceat(candles.high[inside], starts).tolist(),
        "low": np.minimum.reduceat(candles.low[inside], starts).tolist(),
        "close": candles.close[inside][lasts].tolist(),
        "volume": np.add.reduceat(candles.volume[inside], starts).tolist(),
        "seconds": length,
    }


def _count(time: Any, length: int) -> int:
    return int((time[-1] - time[0]) // length + 1)


def _time(at: float) -> int:
    return round((at + KOREA) * 1000)


def _times(moments: Floats) -> list[int]:
    shifted: list[int] = np.rint((moments + KOREA) * 1000).astype(np.int64).tolist()
    return shifted


def _rounded(values: Floats, places: int) -> list[float]:
    rounded: list[float] = np.round(values, places).tolist()
    return rounded
