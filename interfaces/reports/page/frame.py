"""Owns the page of one pair: its candles with the strategy's indicators, signals and trades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from core.indicators import Bools
from core.market.candles import Candles, Floats
from core.strategy import PRICE, Panels, Signals
from i18n import say
from i18n.formatting import pair_name
from interfaces.reports.page.charts import pair_chart, shown_moments
from interfaces.reports.page.document import said
from interfaces.reports.page.frame_script import FRAME
from interfaces.reports.page.material import Run
from interfaces.reports.page.shell import whole


@dataclass(frozen=True)
class Frame:
    """The candles that are shown, and what the strategy says of them; all of one length."""

    pair: str
    candles: Candles
    signals: Signals
    panels: Panels
    total: int  # candles that there are


def page(frame: Frame, run: Run, language: str) -> str:
    """The file's text. ``run``: the trades, in the time of the candles. Raises UserError."""
    candles, signals = frame.candles, frame.signals
    moments = shown_moments(candles.time.astype(np.float64))
    told = {
        "pair": _from(moments[0], pair_chart(run, frame.pair, language)),
        "x": moments,
        "price": PRICE,
        "panels": [{"name": name, "lines": _lines(p)} for name, p in frame.panels.items()],
        "entries": _marks(candles, signals.entry, candles.low),
        "exits": _marks(candles, signals.exit, candles.high),
        "words": {
            **said(language),
            "entries": say("plot_entries", language),
            "exits": say("plot_exits", language),
        },
    }
    title = say("plot_title", language, pair=pair_name(frame.pair, language))
    counts = {"shown": f"{len(candles.time):,}", "total": f"{frame.total:,}"}
    heading = (*run.heading, say("plot_count", language, **counts))
    note = f"<figcaption>{escape(say('plot_how', language))}</figcaption>"
    body = f'<figure><div id="frame" class="chart"></div>{note}</figure>'
    return whole(title, heading, body, told, FRAME, language)


def _from(begin: int, chart: Mapping[str, Any]) -> dict[str, Any]:
    """What was bought before the first candle that is shown would draw the days between, empty."""
    return {**chart, "buys": [mark for mark in chart["buys"] if mark[0] >= begin]}


def _lines(panel: Mapping[str, Floats]) -> list[dict[str, Any]]:
    """What is not known yet is drawn as nothing."""
    return [
        {"name": name, "y": [v if np.isfinite(v) else None for v in line.tolist()]}
        for name, line in panel.items()
    ]


def _marks(candles: Candles, where: Bools, at: Floats) -> list[list[float]]:
    places = np.flatnonzero(where)
    moments = shown_moments(candles.time[places].astype(np.float64))
    return [list(row) for row in zip(moments, at[places].tolist(), strict=True)]
