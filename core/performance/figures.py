"""Owns the figures of a whole run, computed together from its exits and its equity."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from core.market.candles import Floats
from core.performance import outcomes, ratios
from core.performance.drawdown import deepest, underwater
from core.performance.equity import daily, in_order, returns
from messages.trading import TradeRecord


class Performance(Struct, frozen=True):
    """Of one run. Ratios are None where they have no meaning; see the module of each for how."""

    days: int  # trading days that the returns are of
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    yearly: float | None  # compound growth of a year, as a share
    drawdown: float  # greatest, as a share of the peak before it
    drawdown_krw: float  # greatest, in KRW
    profit_factor: Decimal | None
    expectancy: Decimal | None  # KRW an exit
    expectancy_ratio: Decimal | None
    longest_losses: int


def performance(
    rows: Iterable[TradeRecord], moments: Floats, equity: Floats, starts: str = "00:00"
) -> Performance:
    """Of exits, and of the equity (KRW) at moments (epoch seconds, rising, at least one)."""
    profits = [row.profit_abs for row in in_order(rows)]
    begin, end = float(moments[0]), float(moments[-1])
    points = list(zip(moments.tolist(), equity.tolist(), strict=True))
    change = returns(daily(points, end, starts))
    share = float(-underwater(equity).min())
    growth = ratios.yearly(float(equity[0]), float(equity[-1]), end - begin)
    return Performance(
        days=len(change),
        sharpe=ratios.sharpe(change),
        sortino=ratios.sortino(change),
        calmar=ratios.calmar(growth, share),
        yearly=growth,
        drawdown=share,
        drawdown_krw=deepest(equity),
        profit_factor=outcomes.profit_factor(profits),
        expectancy=outcomes.expectancy(profits),
        expectancy_ratio=outcomes.expectancy_ratio(profits),
        longest_losses=outcomes.longest_losses(profits),
    )
