"""A pair's candles, with where it was bought and sold, and where the stop lay meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from i18n import say, word
from i18n.formatting import krw
from interfaces.dashboard.charts.drawn import Figure, figure, moments, time_axis, won_axis
from interfaces.dashboard.charts.drawn import axis as plain_axis
from interfaces.dashboard.picture import Picture
from messages.market import Candle
from messages.trading import TradeRecord
from projections.stop_history import TradeStops

LOOKED = 5000  # closed rows looked at for those of the pair

Mark = tuple[float, float, str]  # when, at which price, what is said of it


def candles(picture: Picture, pair: str, count: int, language: str) -> Figure:
    """The newest so many."""
    found = picture.reader.candles(pair, count)
    since = float(found[0].time) if found else 0.0
    until = max(picture.now, found[-1].time + picture.ledger.config.seconds) if found else 0.0
    closed = picture.chronicle.trades.closed[-LOOKED:]
    rows = [row for row in closed if row.pair == pair and row.close_date >= since]
    bought = [mark for mark in _bought(picture, pair, rows) if mark[0] >= since]
    sold = [_sold(row, language) for row in rows]
    tracks = [t for t in picture.chronicle.levels.of(pair) if not t.ended or t.ended >= since]
    data = [
        _bars(found),
        _steps(tracks, since, until, say("col_stop", language)),
        _marks(bought, "triangle-up", "--buy", say("col_entry", language)),
        _marks(sold, "triangle-down", "--sell", say("col_exit", language)),
        _volumes(found, say("report_volume", language)),
    ]
    layout = {
        "xaxis": time_axis(anchor="y2"),
        "yaxis": won_axis(domain=[0.27, 1]),
        "yaxis2": plain_axis(
            domain=[0, 0.2], tickformat=",.4~s", side="right", nticks=3, rangemode="tozero"
        ),
        "bargap": 0.2,
    }
    return figure(data, layout)


def version(picture: Picture, pair: str) -> str:
    """Changes whenever the figure would."""
    newest = picture.reader.candles(pair, 1)
    steps = sum(len(t.steps) for t in picture.chronicle.levels.of(pair) if not t.ended)
    time = newest[0].time if newest else 0
    held = len(picture.ledger.trades.open)
    return f"{time}.{picture.chronicle.closed}.{held}.{steps}"


def _bars(found: Sequence[Candle]) -> Figure:
    return {
        "type": "candlestick",
        "name": "",
        "x": moments([float(c.time) for c in found]),
        "open": [float(c.open) for c in found],
        "high": [float(c.high) for c in found],
        "low": [float(c.low) for c in found],
        "close": [float(c.close) for c in found],
        "increasing": {"line": {"color": "--rise", "width": 1}, "fillcolor": "--rise"},
        "decreasing": {"line": {"color": "--fall", "width": 1}, "fillcolor": "--fall"},
    }


def _volumes(found: Sequence[Candle], name: str) -> Figure:
    """Below the candles, in coin: each in the colour of its candle."""
    colours = ["--fall" if c.close < c.open else "--rise" for c in found]
    return {
        "type": "bar",
        "name": name,
        "x": moments([float(c.time) for c in found]),
        "y": [float(c.volume) for c in found],
        "yaxis": "y2",
        "marker": {"color": colours, "opacity": 0.55, "line": {"width": 0}},
        "hovertemplate": "%{y:,.8~f}",
    }


def _steps(tracks: Iterable[TradeStops], since: float, until: float, name: str) -> Figure:
    """Each trade's stop as steps, a gap between two trades."""
    x: list[str | None] = []
    y: list[float | None] = []
    for track in tracks:
        ends = [at for at, _ in track.steps[1:]] + [track.ended or until]
        for (begin, stop), end in zip(track.steps, ends, strict=True):
            if end >= since:
                x += moments([max(begin, since), end])
                y += [float(stop)] * 2
        x.append(None)
        y.append(None)
    line = {"color": "--stop", "width": 1.5, "dash": "dot"}
    style = {"type": "scatter", "mode": "lines", "line": line, "connectgaps": False}
    return {**style, "name": name, "x": x, "y": y, "hovertemplate": "₩%{y:,.8~f}"}


def _marks(marks: Sequence[Mark], symbol: str, colour: str, name: str) -> Figure:
    edge = {"color": "--ground", "width": 1}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": moments([at for at, _, _ in marks]),
        "y": [price for _, price, _ in marks],
        "text": [text for _, _, text in marks],
        "marker": {"symbol": symbol, "size": 12, "color": colour, "line": edge},
        "hovertemplate": "₩%{y:,.8~f} %{text}",
    }


def _bought(picture: Picture, pair: str, rows: Iterable[TradeRecord]) -> list[Mark]:
    """One mark a trade, however many rows it ended in."""
    entries = {row.trade: (row.open_date, row.open_rate, row.enter_tag) for row in rows}
    for trade in picture.ledger.trades.open.values():
        if trade.pair == pair:
            entries[trade.trade] = (trade.opened_at, trade.price, trade.tag)
    return [(at, float(rate), tag.replace(" ", " + ")) for at, rate, tag in entries.values()]


def _sold(row: TradeRecord, language: str) -> Mark:
    reason = word("reason", row.exit_reason, language)
    return row.close_date, float(row.close_rate), f"{reason} {krw(row.profit_abs, signed=True)}"
