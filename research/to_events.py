"""Owns what a run of the kernel is in the house's own words: the events that holdings would state.

The kernel tells prices and volumes; what they earned is reckoned here by the very functions that
reckon it for holdings (core/trading/trade_records.py, core/trading/trades.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.market.candles import CandleSeries
from core.money import quotient
from core.strategy import Signals, verdict_at
from core.trading.trade_records import Sale, dust_record, exit_record
from core.trading.trades import Dust, HoldingsState, Trade, evolve
from messages.config import Config
from messages.trading import (
    DustKept,
    EntryEnded,
    HighRaised,
    TradeClosed,
    TradeOpened,
    TradeReduced,
)
from research.kernel import layout as at
from research.kernel.layout import Ints
from research.runner import KernelRun

Told = TradeOpened | EntryEnded | HighRaised | TradeReduced | TradeClosed | DustKept


def events_of(
    played: KernelRun,
    candle_series: Sequence[CandleSeries],
    signals: Sequence[Signals],
    config: Config,
) -> Iterator[Told]:
    """What happened, in its order; a peak is told when it matters, and at the end."""
    state = HoldingsState(config=config)
    for row in played.actions:
        place = int(row[at.MARKET])
        for event in _told(state, row, candle_series[place], signals[place], config):
            state = evolve(state, event)
            yield event
    for trade in state.trades.values():
        place = [series.pair for series in candle_series].index(trade.pair)
        yield from _risen(
            trade, int(played.book[place, at.PEAK]), int(candle_series[place].time[-1])
        )


def _told(
    state: HoldingsState, row: Ints, series: CandleSeries, signals: Signals, config: Config
) -> Iterator[Told]:
    time = int(series.time[row[at.INDEX]])
    if row[at.KIND] == at.BOUGHT:
        yield from _bought(state, row, series, signals, config)
        return
    trade = next(t for t in state.trades.values() if t.pair == series.pair)
    for event in _risen(trade, int(row[at.MAX_RATE]), time):
        trade = evolve(state, event).trades[trade.trade]
        yield event
    if row[at.KIND] == at.SOLD:
        yield _sold(trade, row, float(time), config)
    else:
        price, reason = _figure(row[at.RATE]), at.REASONS[row[at.WHY]]
        kept = dust_record(trade, price, float(time + series.seconds))
        yield DustKept(kept, trade.volume * price, reason)  # type: ignore[arg-type]


def _bought(
    state: HoldingsState, row: Ints, series: CandleSeries, signals: Signals, config: Config
) -> Iterator[TradeOpened | EntryEnded]:
    """A trade of the coin that was bought and of the pair's dust."""
    signal, dust = int(row[at.SIGNALLED]), state.dust.get(series.pair, Dust())
    volume = _figure(row[at.AMOUNT])
    funds = volume * _figure(row[at.RATE])
    id = f"{series.pair}@{series.time[signal]}"
    yield TradeOpened(
        id,
        series.pair,
        volume + dust.volume,
        funds + dust.cost,
        funds * config.fee_rate + dust.fee,
        quotient(funds, volume),
        float(series.time[row[at.INDEX]]),
        " ".join(verdict_at(signals, signal).conditions),
    )
    yield EntryEnded(id, series.pair)


def _risen(trade: Trade, peak: int, candle: int) -> Iterator[HighRaised]:
    if (price := _figure(peak)) > trade.max_price:
        yield HighRaised(trade.trade, trade.pair, price, candle)


def _sold(trade: Trade, row: Ints, time: float, config: Config) -> TradeReduced | TradeClosed:
    volume = _figure(row[at.AMOUNT])
    funds = volume * _figure(row[at.RATE])
    sale = Sale(volume, funds, funds * config.fee_rate, time)
    earned = exit_record(trade, sale, at.REASONS[row[at.WHY]])  # type: ignore[arg-type]
    return TradeClosed(earned) if volume == trade.volume else TradeReduced(earned)


def _figure(value: int) -> Decimal:
    return Decimal(int(value)).scaleb(-at.PLACES)
