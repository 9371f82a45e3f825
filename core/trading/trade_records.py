"""Owns what a sale earned: the row of a closed trade, or of one part of it.

Rounding: shares of stake and fee are cut down to 8 decimals and the last row of a trade takes the
rest, so that the rows of a trade sum up to what it cost; rates and ratios are half-even.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from core.money import quotient, quotient_down
from core.trading.trades import ZERO, Trade
from messages.account import DustLost
from messages.trading import ExitReason, TradeRecord


class Sale(Struct, frozen=True):
    """What a sale brought: coin, KRW, KRW, epoch seconds."""

    volume: Decimal
    funds: Decimal
    fee: Decimal
    filled_at: float


def exit_record(trade: Trade, sale: Sale, reason: ExitReason) -> TradeRecord:
    """The row of a sale of some or all of what is left of the trade."""
    volume = min(sale.volume, trade.volume)
    stake, open_fee = cost_of(trade, volume)
    profit = sale.funds - sale.fee - stake - open_fee
    return TradeRecord(
        trade=trade.trade,
        pair=trade.pair,
        open_date=trade.opened_at,
        close_date=sale.filled_at,
        open_rate=trade.price,
        close_rate=quotient(sale.funds, sale.volume),
        amount=volume,
        stake_amount=stake,
        fee_open_cost=open_fee,
        fee_close_cost=sale.fee,
        profit_abs=profit,
        profit_ratio=quotient(profit, stake + open_fee),
        exit_reason=reason,
        max_rate=trade.max_price,
        enter_tag=trade.tag,
    )


def cost_of(trade: Trade, volume: Decimal) -> tuple[Decimal, Decimal]:
    """What so much of a trade cost, and its share of the fee (KRW)."""
    if volume == trade.volume:
        return trade.funds, trade.fee
    share, fee = (quotient_down(part * volume, trade.volume) for part in (trade.funds, trade.fee))
    return share, fee


def dust_sale_record(event: DustLost, value: Decimal) -> TradeRecord:
    """The row of dust that its owner sold by hand; ``value``: what it counted in the books."""
    profit = event.funds - event.fee - value
    return TradeRecord(
        trade="",
        pair=event.pair,
        open_date=event.at,
        close_date=event.at,
        open_rate=quotient(value, event.volume),
        close_rate=quotient(event.funds, event.volume),
        amount=event.volume,
        stake_amount=value,
        fee_open_cost=ZERO,
        fee_close_cost=event.fee,
        profit_abs=profit,
        profit_ratio=quotient(profit, value) if value else ZERO,
        exit_reason="sold_on_exchange",
        max_rate=ZERO,
        enter_tag="dust",
    )


def dust_record(trade: Trade, close: Decimal, closed_at: float) -> TradeRecord:
    """The row of a trade whose rest is worth too little to sell, valued at the last price.

    The loss is booked here, and the coins go on at their value: so no won is lost or counted
    twice. Nothing was sold, so there is no closing fee.
    """
    value = trade.volume * close
    profit = value - trade.funds - trade.fee
    return TradeRecord(
        trade=trade.trade,
        pair=trade.pair,
        open_date=trade.opened_at,
        close_date=closed_at,
        open_rate=trade.price,
        close_rate=close,
        amount=trade.volume,
        stake_amount=trade.funds,
        fee_open_cost=trade.fee,
        fee_close_cost=ZERO,
        profit_abs=profit,
        profit_ratio=quotient(profit, trade.funds + trade.fee),
        exit_reason="dust",
        max_rate=trade.max_price,
        enter_tag=trade.tag,
    )
