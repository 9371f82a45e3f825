"""The figures at the head of a report, and what each of them means."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from i18n import say
from i18n.formatting import DASH, duration, krw, percent
from interfaces.reports.page.material import Material
from interfaces.reports.page.tables import sign

MEANT = (  # figures whose formula is told at the end of the page
    *("drawdown", "sharpe", "sortino", "calmar", "yearly"),
    *("profit_factor", "expectancy", "market"),
)


YEARLY_DAYS = 180  # of fewer a growth of a year is an extrapolation


def tiles(made: Material, language: str) -> str:
    """A tile for each figure: what, how much, and a word beside it."""
    found = [*_money(made), *_risk(made, language), *_exits(made, language)]
    shown = "".join(
        f"<div><dt>{escape(say(key, language))}</dt>"
        f'<dd class="{mood}">{escape(text)}<small>{escape(aside)}</small></dd></div>'
        for key, text, aside, mood in found
        if text
    )
    return f'<dl class="tiles">{shown}</dl>'


def meanings(language: str) -> str:
    """How the figures are computed."""
    rows = "".join(
        f"<tr><td>{escape(say(f'figure_{name}', language))}</td>"
        f'<td class="long">{escape(say(f"meant_{name}", language))}</td></tr>'
        for name in MEANT
    )
    return f'<div class="wide"><table><tbody>{rows}</tbody></table></div>'


Tile = tuple[str, str, str, str]  # key, figure, aside, class


def _money(made: Material) -> list[Tile]:
    summary = made.summary
    change = summary.market_change
    worth = Decimal(round(float(made.equity[-1])))
    return [
        ("sum_wallet", krw(summary.wallet), "", ""),
        (
            "sum_profit",
            krw(summary.profit_abs, signed=True),
            percent(summary.profit_ratio, signed=True),
            sign(summary.profit_abs),
        ),
        ("figure_worth", krw(worth), krw(worth - summary.wallet, signed=True), ""),
        (
            "figure_market",
            percent(change, signed=True) if change is not None else "",
            "",
            sign(change or 0),
        ),
        ("sum_fees", krw(summary.fees), "", ""),
    ]


def _risk(made: Material, language: str) -> list[Tile]:
    figures = made.figures
    few = figures.yearly is not None and figures.days < YEARLY_DAYS
    warned = say("report_few_days", language, days=f"{figures.days:,}") if few else ""
    fall = krw(Decimal(round(figures.drawdown_krw)))
    return [
        ("figure_drawdown", percent(figures.drawdown), fall, ""),
        ("figure_yearly", _share(figures.yearly), warned, sign(figures.yearly or 0)),
        ("figure_sharpe", _ratio(figures.sharpe), "", ""),
        ("figure_sortino", _ratio(figures.sortino), "", ""),
        ("figure_calmar", _ratio(figures.calmar), warned if figures.calmar is not None else "", ""),
    ]


def _exits(made: Material, language: str) -> list[Tile]:
    figures, summary = made.figures, made.summary
    mean = figures.expectancy
    mood = sign(mean or Decimal(0))
    won = say("report_won_lost", language, won=f"{summary.wins:,}", lost=f"{summary.losses:,}")
    ratio = figures.expectancy_ratio
    of_loss = say("report_of_loss", language, figure=_ratio(ratio)) if ratio is not None else ""
    return [
        ("figure_profit_factor", _ratio(figures.profit_factor), "", ""),
        (
            "figure_expectancy",
            krw(mean, signed=True) if mean is not None else DASH,
            of_loss,
            mood,
        ),
        ("sum_win_rate", percent(summary.win_rate, places=1), won, ""),
        ("sum_rows", f"{summary.rows:,}", _trades(summary.trades, language), ""),
        ("sum_duration", duration(summary.average_seconds, language), "", ""),
        ("sum_open", f"{summary.open_trades:,}", "", ""),
    ]


def _trades(count: int, language: str) -> str:
    return say("report_of_trades", language, count=f"{count:,}")


def _ratio(figure: float | Decimal | None) -> str:
    return DASH if figure is None else f"{float(figure):,.2f}"


def _share(figure: float | None) -> str:
    if figure is None:
        return DASH
    return percent(figure, signed=True) if abs(figure) < 1e6 else f"{figure * 100:+.1e}%"
