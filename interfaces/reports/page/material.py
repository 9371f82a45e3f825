"""What a report is made of: the trades of a run, and the prices that it ran on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from core.market.candles import Candles, Floats
from core.performance.equity import Holding, held, in_order, marked
from core.performance.figures import Performance, performance
from messages.config import Config
from messages.trading import TradeRecord
from persistence.reader import Reader
from projections.summary import Summary, summarise
from projections.trades import OpenTrade

GAP = 240  # candles that may be missing: an idle market has none while nobody trades
MOMENTS_MAX = 1_000_000  # at which the equity is taken


@dataclass(frozen=True)
class Run:
    """What happened. Times are epoch seconds; ``prices`` may be of a part of it, or none."""

    config: Config
    begin: float
    end: float
    wallet: Decimal  # KRW at the beginning
    rows: Sequence[TradeRecord]
    open: Sequence[OpenTrade]
    prices: Mapping[str, Candles]
    market: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)  # first, last
    heading: tuple[str, ...] = ()  # lines about where it comes from, in the reader's language
    live: bool = False


@dataclass(frozen=True)
class Material:
    """A run with its figures. ``whole``: the equity is at market prices all the time; otherwise
    only where prices are known, and what was held before that at its cost.
    """

    run: Run
    summary: Summary
    figures: Performance
    moments: Floats
    equity: Floats
    market: Floats | None  # what an equal part of every pair, bought at the beginning, is worth;
    # not a number while prices are missing
    whole: bool


def material(run: Run) -> Material:
    """Everything that is computed, once."""
    moments, equity = equity_of(run)
    return Material(
        run,
        summarise(in_order(run.rows), run.wallet, len(run.open), run.market, _fees(run.open)),
        performance(run.rows, moments, equity, run.config.day_starts_at),
        moments,
        equity,
        _market(run, moments) if run.market else None,
        _covered(run, _holdings(run)),
    )


def _fees(trades: Iterable[OpenTrade]) -> Decimal:
    return sum((trade.fee for trade in trades), Decimal(0))


def equity_of(run: Run) -> tuple[Floats, Floats]:
    """Moments, and what the run was worth at each: the wallet first, the newest prices last."""
    moments = _moments(run)
    facts = (moments, run.wallet, run.config.fee_rate, run.config.seconds)
    return moments, marked(_holdings(run), run.prices, *facts, GAP * run.config.seconds)


def began(reader: Reader, rows: Sequence[TradeRecord], opened: Sequence[OpenTrade]) -> float:
    """When what a journal tells began (epoch seconds): its first entry, or a trade before it."""
    first = next(reader.events(), None)
    kept = first is not None and not reader.base().number
    begins = [row.open_date for row in rows] + [trade.opened_at for trade in opened]
    return min([*begins, first.at if first and kept else reader.birth.born_at or 0.0])


def _holdings(run: Run) -> list[Holding]:
    return [held(row) for row in run.rows] + [_still(trade) for trade in run.open]


def _still(trade: OpenTrade) -> Holding:
    return Holding(trade.pair, trade.opened_at, trade.volume, trade.stake + trade.fee)


def _covered(run: Run, holdings: Sequence[Holding]) -> bool:
    """Whether there are prices all the time that each was held: the archive keeps but some days."""
    slack = GAP * run.config.seconds
    for pair in {holding.pair for holding in holdings}:
        begins, ends = np.array(
            [(h.begin, min(h.end, run.end)) for h in holdings if h.pair == pair]
        ).T
        candles = run.prices.get(pair)
        known = candles.time if candles is not None else np.zeros(0)
        time = np.concatenate(([-np.inf], known, [np.inf]))
        for place in np.flatnonzero(np.diff(time) > slack):
            missing = np.minimum(ends, time[place + 1]) - np.maximum(begins, time[place])
            if missing.max() > slack or not len(known):
                return False
    return True


def _moments(run: Run) -> Floats:
    """From the beginning to the end, candle by candle, or so many candles at a time."""
    count = max(1.0, (run.end - run.begin) / run.config.seconds)
    step = run.config.seconds * max(1.0, np.ceil(count / MOMENTS_MAX))
    made = np.arange(run.begin, run.end, step, dtype=np.float64)
    return np.append(made, max(run.end, run.begin))


def market_of(
    prices: Mapping[str, Candles], begin: float, end: float, seconds: int
) -> dict[str, tuple[Decimal, Decimal]]:
    """Per pair the first open and the last close of a time, where prices cover both its ends.

    An archive that begins before that time may have a gap just there, when the bot was down: the
    first open after the gap is no price of the beginning.
    """
    found, slack = {}, GAP * seconds
    for pair, candles in prices.items():
        inside = np.flatnonzero((candles.time > begin - seconds) & (candles.time < end))
        if not len(inside) or float(candles.time[0]) > begin:
            continue
        first, last = float(candles.time[inside[0]]), float(candles.time[inside[-1]]) + seconds
        if first - begin <= slack and end - last <= slack:
            ends = (float(candles.open[inside[0]]), float(candles.close[inside[-1]]))
            found[pair] = (Decimal(repr(ends[0])), Decimal(repr(ends[1])))
    return found


def _market(run: Run, moments: Floats) -> Floats:
    """The wallet, put into all pairs alike at the beginning and left there.

    Not a number while a pair has had no price for long: its line has a gap where its candles have.
    """
    parts, slack = [], GAP * run.config.seconds
    for pair, (first, _) in run.market.items():
        candles = run.prices[pair]
        places = np.searchsorted(candles.time, moments - run.config.seconds, side="right") - 1
        places = np.maximum(places, 0)
        fresh = moments - candles.time[places] - run.config.seconds <= slack
        fresh[-1:] = True
        parts.append(np.where(fresh, candles.close[places] / float(first), np.nan))
    mean: Floats = np.mean(parts, axis=0) * float(run.wallet)
    return mean
