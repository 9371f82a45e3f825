"""The trading rules once more, as one plain loop: what the actors must agree with to the digit.

It knows no actor, order, journal or clock; only the issue's text. Limit entries, part fills,
protections and operators are not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from core.market.candles import CandleSeries, candle_at
from core.market.tick_size import korean_day, tick_size
from core.strategy import Signals, verdict_at
from messages.config import Config
from messages.market import Candle

DOWN = Context(prec=60, rounding=ROUND_FLOOR, traps=[])
UP = Context(prec=60, rounding=ROUND_CEILING, traps=[])
EVEN = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[])
E8 = Decimal("0.00000001")


@dataclass
class Holding:
    volume: Decimal
    stake: Decimal
    fee: Decimal
    entry: Decimal
    high: Decimal
    opened: int
    tag: str
    partial: bool = False


def slipped(candle: Candle, rate: Decimal, pair: str, up: bool) -> Decimal:
    price = candle.open * (1 + rate if up else 1 - rate)
    tick = tick_size(price, korean_day(candle.time), pair)
    whole = (price / tick).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return whole * tick if rate else candle.open


def replay(
    candle_series: Sequence[CandleSeries], signals: Sequence[Signals], config: Config
) -> list[dict[str, Any]]:
    """The closed rows, in the order in which they closed."""
    cash, held, pending, cooled, dust = config.dry_run_wallet, {}, {}, {}, {}
    rows: list[dict[str, Any]] = []
    keys = [
        (int(t), i, n) for i, series in enumerate(candle_series) for n, t in enumerate(series.time)
    ]
    for time, place, index in sorted(keys):
        if index < config.startup_candle_count - 1:
            continue
        series, pair = candle_series[place], candle_series[place].pair
        candle, verdict = candle_at(series, index), verdict_at(signals[place], index)
        order = pending.pop(pair, None)
        filled_now = False
        if order and order[0] == "buy":
            price = slipped(candle, config.slippage_rate, pair, True)
            volume = DOWN.divide(order[1], price).quantize(E8, ROUND_FLOOR)
            funds = volume * price
            fee = funds * config.fee_rate
            cash -= funds + fee
            entry = EVEN.divide(funds, volume).quantize(E8, ROUND_HALF_EVEN)
            old = dust.pop(pair, (0, 0, 0))
            joined = (volume + old[0], funds + old[1], fee + old[2])
            held[pair] = Holding(*joined, entry, entry, time, order[2])
            filled_now = True
        elif order:
            cash += sell(held, pair, candle, order, config, rows, cooled)
        trade = held.get(pair)
        if trade and not filled_now:
            choice = leave(trade, candle, verdict.exit, config)
            if choice and choice[0] * candle.close < config.min_order_krw:
                closes = time + series.seconds
                worth, paid = trade.volume * candle.close, trade.stake + trade.fee
                row = row_of(trade, pair, candle.close, closes, trade.volume, "dust")
                row |= {"stake_amount": trade.stake, "fee_open_cost": trade.fee}
                ratio = EVEN.divide(worth - paid, paid).quantize(E8, ROUND_HALF_EVEN)
                rows.append(row | {"profit_abs": worth - paid, "profit_ratio": ratio})
                dust[pair] = (trade.volume, worth, 0)
                del held[pair]
                cooled[pair] = closes
            elif choice:
                pending[pair] = ("sell", *choice)
            trade.high = max(trade.high, candle.high)
        if verdict.entry and pair not in held and pair not in pending:
            stake = affordable(cash, pending, config)
            rested = (
                time + series.seconds - cooled.get(pair, -(10**12)) >= config.cooldown_minutes * 60
            )
            buys = sum(1 for o in pending.values() if o[0] == "buy")
            if rested and len(held) + buys < config.max_open_trades and stake:
                pending[pair] = ("buy", stake, " ".join(verdict.conditions))
    return rows


def affordable(cash: Decimal, pending: dict[str, Any], config: Config) -> Decimal | None:
    free = cash - sum(o[1] * (1 + config.fee_rate) for o in pending.values() if o[0] == "buy")
    stake = config.stake_amount
    if stake * (1 + config.fee_rate) > free:
        stake = DOWN.divide(free, 1 + config.fee_rate).to_integral_value(ROUND_FLOOR)
    least = UP.divide(config.min_order_krw * Decimal("1.05"), 1 + config.stoploss)
    return stake if stake >= least.to_integral_value(ROUND_CEILING) else None


def leave(trade: Holding, candle: Candle, exit: bool, config: Config) -> Any:
    stop, name = trade.entry * (1 + config.stoploss), "stop_loss"
    if trade.high >= trade.entry * (1 + config.trailing_stop_positive_offset):
        trailing = trade.high * (1 - config.trailing_stop_positive)
        if trailing > stop:
            stop, name = trailing, "trailing_stop_loss"
    if candle.low <= stop:
        return trade.volume, name
    if candle.high >= trade.entry * (1 + config.minimal_roi):
        return trade.volume, "roi"
    if exit:
        return trade.volume, "exit_signal"
    if not trade.partial and candle.high >= trade.entry * (1 + config.partial_exit_profit):
        part = (trade.volume * config.partial_exit_ratio).quantize(E8, ROUND_FLOOR)
        if min(part, trade.volume - part) * candle.close < config.min_order_krw:
            part = trade.volume
        return part, "partial_exit"
    return None


def sell(
    held: Any, pair: str, candle: Candle, order: Any, config: Config, rows: Any, cooled: Any
) -> Decimal:
    trade: Holding = held[pair]
    _, volume, reason = order
    price = slipped(candle, config.slippage_rate, pair, False)
    funds = volume * price
    fee = funds * config.fee_rate
    stake, open_fee = trade.stake, trade.fee
    if volume < trade.volume:
        stake = DOWN.divide(trade.stake * volume, trade.volume).quantize(E8, ROUND_FLOOR)
        open_fee = DOWN.divide(trade.fee * volume, trade.volume).quantize(E8, ROUND_FLOOR)
    profit = funds - fee - stake - open_fee
    rate = EVEN.divide(funds, volume).quantize(E8, ROUND_HALF_EVEN)
    row = row_of(trade, pair, rate, candle.time, volume, reason)
    row |= {"stake_amount": stake, "fee_open_cost": open_fee, "fee_close_cost": fee}
    ratio = EVEN.divide(profit, stake + open_fee).quantize(E8, ROUND_HALF_EVEN)
    rows.append(row | {"profit_abs": profit, "profit_ratio": ratio})
    trade.volume -= volume
    trade.stake -= stake
    trade.fee -= open_fee
    if trade.volume:
        trade.partial = True
    else:
        del held[pair]
        cooled[pair] = candle.time
    return funds - fee


def row_of(
    trade: Holding, pair: str, rate: Decimal, at: int, volume: Decimal, reason: str
) -> dict[str, Any]:
    """A row without its money."""
    nothing = ("stake_amount", "fee_open_cost", "fee_close_cost", "profit_abs", "profit_ratio")
    return dict.fromkeys(nothing, Decimal(0)) | {
        "pair": pair,
        "open_date": float(trade.opened),
        "close_date": float(at),
        "open_rate": trade.entry,
        "close_rate": rate,
        "amount": volume,
        "exit_reason": reason,
        "max_rate": trade.high,
        "enter_tag": trade.tag,
    }
