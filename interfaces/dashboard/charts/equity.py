"""The equity over time, and below it how far it lies under its peak."""

from __future__ import annotations

from i18n import say
from interfaces.dashboard.charts.drawn import Figure, figure, moments, time_axis, won_axis
from interfaces.dashboard.charts.drawn import axis as plain_axis
from interfaces.dashboard.picture import Picture

POINTS = 1200


def equity(picture: Picture, language: str) -> Figure:
    """From the wallet on, open trades at their prices then; the newest point at those of now."""
    worth = picture.worth
    times, values, falls = worth.sampled(POINTS) if worth else ([], [], [])
    x = moments(times)
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": say("dash_equity", language),
        "x": x,
        "y": values,
        "line": {"color": "--accent", "width": 2, "shape": "hv"},
        "hovertemplate": "₩%{y:,.0f}",
    }
    fall = {
        "type": "scatter",
        "mode": "lines",
        "name": say("dash_drawdown", language),
        "x": x,
        "y": [-share for share in falls],
        "yaxis": "y2",
        "line": {"color": "--fall", "width": 1, "shape": "hv"},
        "fill": "tozeroy",
        "hovertemplate": "%{y:.2%}",
    }
    return figure(
        [line, fall],
        {
            "xaxis": time_axis(anchor="y2"),
            "yaxis": won_axis(domain=[0.34, 1]),
            "yaxis2": plain_axis(domain=[0, 0.26], tickformat=".1%", side="right", nticks=4),
        },
    )
