"""A small journal of one pair's life, and a state directory that holds it, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct, structs

from messages.base import Envelope, Event, ReplayPosition
from messages.budget import BudgetCredited, BudgetReleased, BudgetReserved, BudgetSettled
from messages.config import Config
from messages.control import ConfigAdopted, TradingChanged
from messages.limits import BreakerOpened
from messages.market import Candle
from messages.orders import Order, OrderAccepted, OrderClosed, OrderIntended, OrderRefused
from messages.trading import (
    EntryEnded,
    EntryVetoed,
    EntryWanted,
    ExitWanted,
    HighRaised,
    PairLocked,
    TradeClosed,
    TradeIncreased,
    TradeOpened,
    TradeRecord,
    TradeReduced,
)
from persistence.record import Identity, Record
from persistence.store import Store

D = Decimal
START = 1_756_684_800  # 2025-09-01T00:00:00Z, 09:00 in Korea
BTC, ETH = "KRW-BTC", "KRW-ETH"
TRADE = f"{BTC}@{START}"
CONFIG = Config(
    startup_candle_count=60,
    strategy_params={"rsi_oversold": 30.0},
    pair_whitelist=(BTC, ETH),
)


class Nothing(Struct, frozen=True):
    """The state of nobody."""


def row(
    profit: str,
    pair: str = BTC,
    close: float = START + 3600,
    reason: str = "stop_loss",
    stake: str = "10000",
    trade: str = TRADE,
) -> TradeRecord:
    """A closed row that earned so much, after a fee of 5 KRW on either side."""
    cost = D(stake) + 5
    ratio = (D(profit) / cost).quantize(D("0.00000001")) if D(profit) % cost == 0 else D("0.01")
    return TradeRecord(
        trade=trade,
        pair=pair,
        open_date=START + 60.0,
        close_date=close,
        open_rate=D(1000),
        close_rate=D(1100),
        amount=D("0.5"),
        stake_amount=D(stake),
        fee_open_cost=D(5),
        fee_close_cost=D(5),
        profit_abs=D(profit),
        profit_ratio=ratio,
        exit_reason=reason,  # type: ignore[arg-type]
        max_rate=D(1200),
        enter_tag="rsi macd",
    )


def letters(events: Sequence[Event], first: int = 1) -> list[Envelope]:
    """Events as the journal has them, a minute apart."""
    return [
        Envelope(
            e, START + 60.0 * i, "test", getattr(e, "trade", ""), 0, first + i, ReplayPosition()
        )
        for i, e in enumerate(events)
    ]


def life() -> list[Event]:
    """BTC is bought in two fills, half is sold; ETH is vetoed, then its order is refused."""
    order = Order(TRADE, TRADE, BTC, "bid", "price", price=D(10000))
    other = Order(f"{ETH}@1", f"{ETH}@1", ETH, "bid", "price", price=D(10000))
    half = structs.replace(
        row("400"), amount=D(5), stake_amount=D(5000), fee_open_cost=D("2.5"), exit_reason="roi"
    )
    return [
        ConfigAdopted(CONFIG),
        EntryWanted(TRADE, BTC, D(10000), D(1000), "rsi macd", START, START + 90.0),
        BudgetReserved(TRADE, BTC, D(10000), D(5), D(1000), START + 90.0),
        OrderIntended(order, "jb-1", "{}"),
        OrderAccepted(TRADE, "uuid-1"),
        TradeOpened(TRADE, BTC, D(4), D(4000), D(2), D(1000), START + 60.0, "rsi macd"),
        BudgetSettled(TRADE, D(4000), D(2)),
        TradeIncreased(TRADE, BTC, D(10), D(10000), D(5), D(1000)),
        BudgetSettled(TRADE, D(10000), D(5)),
        OrderClosed(TRADE, TRADE, BTC, "bid", "cancel", D(10), D(10000), D(5), START + 60.0),
        BudgetReleased(TRADE, D(0)),
        EntryEnded(TRADE, BTC),
        HighRaised(TRADE, BTC, D(1100), START + 120),
        ExitWanted(f"{TRADE}/x1", TRADE, BTC, D(5), "partial_exit", D(1100), START + 120, 0.0),
        TradeReduced(half),
        BudgetCredited(f"{TRADE}/x1", D(5500), D("2.75")),
        EntryVetoed(ETH, START, "max_open_trades", ("rsi", "bollinger")),
        BudgetReserved(other.id, ETH, D(10000), D(5), D(1000), START + 90.0),
        OrderIntended(other, "jb-2", "{}"),
        OrderRefused(other.id, other.id, ETH, "bid", "under_min_total_bid", "최소주문금액"),
        PairLocked("*", START + 86400.0, "MaxDrawdown"),
        PairLocked(ETH, START + 60.0, "cooldown"),
        BreakerOpened(START + 9000.0, 3),
        TradingChanged("stopentry"),
    ]


def closing(dust: str = "0") -> TradeClosed:
    """The rest of BTC is sold."""
    rest = structs.replace(row("100"), amount=D(5), stake_amount=D(5000), fee_open_cost=D("2.5"))
    return TradeClosed(rest, D(dust), D(50), D(1))


def candles(count: int = 80, price: int = 1000) -> list[Candle]:
    """A price that goes down and up again by a little."""
    prices = [D(price + (7 * i) % 23) for i in range(count)]
    return [Candle(START + 60 * i, p, p + 2, p - 2, p, D(1)) for i, p in enumerate(prices)]


def state(folder: Path, events: Sequence[Event], *, live: bool = False) -> Store:
    """A state directory with these events, of paper or of real money."""
    born = Identity("b1", "live" if live else "paper", "upbit", "", born_at=float(START))
    store = Store.create(folder / "state", born, sync=False)
    store.commit("test", Record(Nothing()), letters(events))
    return store
