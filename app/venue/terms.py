"""Owns the order of the contract test: the least that Upbit takes, far below the market."""

from __future__ import annotations

import time
from decimal import Decimal

from msgspec import Struct

from adapters.upbit.answers import Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import DEFAULT, TICKER
from adapters.upbit.replies import NoData, Refused
from app.venue.requests import PacedRequester
from app.venue.why import as_error, why
from core.market.tick_size import korean_day, price_down
from core.money import ceil_amount, down, quotient_up
from core.orders.payload import order_body
from i18n import say
from i18n.errors import UserError
from i18n.formatting import krw
from messages.orders import Order

FAR = Decimal("0.7")  # of the last price: nobody sells so low while the test runs


class Terms(Struct, frozen=True):
    """A limit buy of ``volume`` at ``price`` KRW; ``small`` is a volume below the minimum."""

    pair: str
    price: Decimal
    volume: Decimal
    small: Decimal
    locked: Decimal  # KRW, fee included

    def body(self, identifier: str, volume: Decimal) -> str:
        """The order as it is sent: post_only, so that it never takes."""
        order = Order(
            identifier,
            identifier,
            self.pair,
            "bid",
            "limit",
            self.price,
            volume,
            time_in_force="post_only",
        )
        return order_body(order, identifier)


def terms_of(client: Client, reading: PacedRequester, pair: str, host: str, language: str) -> Terms:
    """The order that fits this market now. Raises UserError, ShutOut."""
    chance = reading.ask(DEFAULT, lambda: client.chance(pair)).value
    if isinstance(chance, NoData | Refused | Failure):
        raise as_error(why(chance, host), language, host)
    tickers = reading.ask(TICKER, lambda: client.tickers([pair])).value
    if isinstance(tickers, NoData | Refused | Failure):
        raise as_error(why(tickers, host), language, host)
    least = chance.market.bid.min_total
    price = price_down(tickers[0].trade_price * FAR, korean_day(time.time()), pair)
    volume = quotient_up(least, price)
    small = down(volume * Decimal("0.5"), 8)
    locked = ceil_amount(price * volume * (1 + chance.bid_fee))
    if chance.bid_account.balance < locked:
        facts = {"needed": str(locked), "free": str(chance.bid_account.balance)}
        raise UserError(say("probe_poor", language, **facts), pair, f">= {krw(locked)}")
    return Terms(pair, price, volume, small, locked)
