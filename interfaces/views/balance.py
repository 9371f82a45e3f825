"""``balance``: cash, what is reserved, and the coins held."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from msgspec import Struct
from rich.console import RenderableType

from i18n import say
from i18n.formatting import krw, pair_name, volume
from i18n.tables import grid, pairs, stacked
from interfaces.views import account
from projections.ledger import Ledger

ZERO = Decimal(0)


class Coin(Struct, frozen=True):
    """Coins of one pair: those of the open trade and the dust beside it, with what they cost.

    ``dust_value`` is the part of it that the dust is kept at.
    """

    pair: str
    amount: Decimal
    cost: Decimal
    dust: Decimal
    dust_value: Decimal


class BalanceView(Struct, frozen=True):
    """KRW: ``cash`` = ``free`` + ``reserved``; coins are at cost. ``account``: only when live."""

    cash: Decimal
    reserved: Decimal
    free: Decimal
    stake: Decimal
    total: Decimal
    coins: tuple[Coin, ...]
    account: account.AccountView | None = None
    moved: Decimal = ZERO  # the cost of coins that were moved out unsold: part of no sum


def look(ledger: Ledger, births: Collection[str] = ()) -> BalanceView:
    """From the budget's own events; ``births``: the ids that the ledger had before."""
    cash = ledger.cash.now
    reserved = sum(ledger.cash.reserved.values(), ZERO)
    coins = _coins(ledger)
    stake = sum((coin.cost for coin in coins), ZERO)
    moved = sum((cost for _, cost in ledger.moved.values()), ZERO)
    seen = account.look(ledger, births)
    return BalanceView(cash, reserved, cash - reserved, stake, cash + stake, coins, seen, moved)


def table(view: BalanceView, language: str) -> RenderableType:
    """As people read it."""
    amounts = {
        "bal_cash": view.cash,
        "bal_reserved": view.reserved,
        "bal_free": view.free,
        "bal_stake": view.stake,
        "bal_total": view.total,
    }
    if view.moved:
        amounts["bal_moved"] = view.moved
    lines = [(say(key, language), krw(amount)) for key, amount in amounts.items()]
    top: RenderableType = pairs(say("title_balance", language), lines)
    if view.account:
        top = stacked(top, account.table(view.account, language))
    if not view.coins:
        return top
    rows = [
        (
            pair_name(c.pair, language),
            *(volume(c.amount), krw(c.cost), volume(c.dust), krw(c.dust_value)),
        )
        for c in view.coins
    ]
    names = ("coin", "amount", "cost", "dust", "dust_value")
    return stacked(top, grid("", names, rows, language))


def _coins(ledger: Ledger) -> tuple[Coin, ...]:
    held = {t.pair: (t.volume, t.stake + t.fee) for t in ledger.trades.open.values()}
    made = []
    for pair in sorted({*held, *ledger.dust}):
        amount, cost = held.get(pair, (ZERO, ZERO))
        dust, dust_cost = ledger.dust.get(pair, (ZERO, ZERO))
        made.append(Coin(pair, amount, cost + dust_cost, dust, dust_cost))
    return tuple(made)
