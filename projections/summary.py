"""What a run has earned, counted by rows: a partial exit is a row of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from core.money import quotient
from core.performance.drawdown import drawdown as fallen
from core.performance.equity import realised
from messages.trading import TradeRecord

ZERO = Decimal(0)


class Group(Struct, frozen=True):
    """Rows that have something in common. Profit is KRW; ratios are fractions."""

    name: str
    rows: int
    wins: int
    profit_abs: Decimal
    profit_ratio: Decimal  # profit over what the rows cost, fees included
    win_rate: Decimal
    average_seconds: float
    fees: Decimal = ZERO  # KRW, of both sides


class Extreme(Struct, frozen=True):
    """The best or the worst row."""

    pair: str
    profit_abs: Decimal
    profit_ratio: Decimal
    close_date: float


class Summary(Struct, frozen=True):
    """Totals of a run. ``wallet`` is what it began with; open trades are not in the profit."""

    wallet: Decimal
    rows: int
    trades: int  # trades that gave these rows
    open_trades: int
    wins: int
    draws: int
    losses: int
    win_rate: Decimal
    profit_abs: Decimal
    profit_ratio: Decimal  # on the wallet
    drawdown_abs: Decimal  # of the realised equity: the greatest fall from a peak
    drawdown_ratio: Decimal  # that fall over its peak; the greatest such
    fees: Decimal  # paid, for coins that are still held too
    average_seconds: float
    market_change: Decimal | None  # mean over the pairs of last close / first open - 1
    best: Extreme | None
    worst: Extreme | None
    by_pair: tuple[Group, ...]
    by_reason: tuple[Group, ...]


def summarise(
    rows: Sequence[TradeRecord],
    wallet: Decimal,
    open_trades: int = 0,
    market: Mapping[str, tuple[Decimal, Decimal]] | None = None,
    open_fees: Decimal = ZERO,
) -> Summary:
    """The summary of rows by close date. ``market``: per pair the first open, the last close.

    ``open_fees``: what was paid for the coins of open trades.
    """
    wins = sum(row.profit_abs > 0 for row in rows)
    losses = sum(row.profit_abs < 0 for row in rows)
    profit = _total(rows)
    fall, share = drawdown(rows, wallet)
    ranked = sorted(rows, key=lambda row: (row.profit_ratio, row.profit_abs))
    return Summary(
        wallet=wallet,
        rows=len(rows),
        trades=len({row.trade for row in rows}),
        open_trades=open_trades,
        wins=wins,
        draws=len(rows) - wins - losses,
        losses=losses,
        win_rate=_share(wins, len(rows)),
        profit_abs=profit,
        profit_ratio=quotient(profit, wallet) if wallet else ZERO,
        drawdown_abs=fall,
        drawdown_ratio=share,
        fees=_fees(rows) + open_fees,
        average_seconds=_average(rows),
        market_change=_market_change(market or {}),
        best=_extreme(ranked[-1]) if ranked else None,
        worst=_extreme(ranked[0]) if ranked else None,
        by_pair=groups(rows, lambda row: row.pair),
        by_reason=groups(rows, lambda row: row.exit_reason),
    )


def groups(rows: Sequence[TradeRecord], name_of: Callable[[TradeRecord], str]) -> tuple[Group, ...]:
    """Rows put together by name, the greatest profit first."""
    found: dict[str, list[TradeRecord]] = {}
    for row in rows:
        found.setdefault(name_of(row), []).append(row)
    made = [_group(name, members) for name, members in found.items()]
    return tuple(sorted(made, key=lambda group: (-group.profit_abs, group.name)))


def drawdown(rows: Sequence[TradeRecord], wallet: Decimal) -> tuple[Decimal, Decimal]:
    """The greatest fall of the realised equity from a peak: KRW, and as a share of its peak."""
    return fallen(point.krw for point in realised(rows, wallet))


def _group(name: str, rows: Sequence[TradeRecord]) -> Group:
    wins = sum(row.profit_abs > 0 for row in rows)
    cost = sum((row.stake_amount + row.fee_open_cost for row in rows), ZERO)
    profit = _total(rows)
    ratio = quotient(profit, cost) if cost else ZERO
    rate = _share(wins, len(rows))
    average, fees = _average(rows), _fees(rows)
    return Group(name, len(rows), wins, profit, ratio, rate, average, fees)


def _total(rows: Sequence[TradeRecord]) -> Decimal:
    return sum((row.profit_abs for row in rows), ZERO)


def _fees(rows: Sequence[TradeRecord]) -> Decimal:
    return sum((row.fee_open_cost + row.fee_close_cost for row in rows), ZERO)


def _share(part: int, whole: int) -> Decimal:
    return quotient(Decimal(part), Decimal(whole)) if whole else ZERO


def _average(rows: Sequence[TradeRecord]) -> float:
    return sum(row.close_date - row.open_date for row in rows) / len(rows) if rows else 0.0


def _extreme(row: TradeRecord) -> Extreme:
    return Extreme(row.pair, row.profit_abs, row.profit_ratio, row.close_date)


def _market_change(market: Mapping[str, tuple[Decimal, Decimal]]) -> Decimal | None:
    changes = [quotient(last, first) - 1 for first, last in market.values()]
    return quotient(sum(changes, ZERO), Decimal(len(changes))) if changes else None
