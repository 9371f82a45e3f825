"""Owns what all figures share: their layout, and how moments stand on an axis."""

from __future__ import annotations

from typing import Any

from i18n.formatting import kst

Figure = dict[str, Any]

HOVER = "%Y-%m-%d %H:%M:%S"
MOMENTS = [  # figures alone, so that they read alike in every language
    {"dtickrange": [None, 86400000], "value": "%H:%M\n%m-%d"},
    {"dtickrange": [86400000, None], "value": "%m-%d\n%Y"},
]


def moments(times: list[float]) -> list[str]:
    """Korean wall time: plotly knows no zones."""
    return [kst(at) for at in times]


def axis(**more: Any) -> Figure:
    """A quiet one."""
    return {"gridcolor": "--line", "zeroline": False, "automargin": True, **more}


def time_axis(**more: Any) -> Figure:
    """Of moments."""
    own = {"type": "date", "hoverformat": HOVER, "tickformatstops": MOMENTS}
    return axis(**own, rangeslider={"visible": False}, nticks=6, **more)


def won_axis(**more: Any) -> Figure:
    """Of prices or money; the amounts stand at the right, where the newest is."""
    return axis(tickprefix="₩", tickformat=",.8~f", side="right", **more)


def figure(data: list[Figure], layout: Figure) -> Figure:
    """What is sent."""
    whole = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": "--text", "size": 12},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": "--raised", "font": {"color": "--text"}},
        "dragmode": False,  # a finger that scrolls the page does not pan the chart
        "showlegend": False,
        **layout,
    }
    return {"data": data, "layout": whole}
