"""Owns what is held, as a value: open trades, dust, and what protections look back on.

Volumes are coin, money is KRW. Only what is open is kept, and what a rule still has to count.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeVar, assert_never

from msgspec import Struct, structs

from core.trading.exits import Position
from core.trading.protections import Day, EndedTrade, asks_for_costs, day_after, remembered
from core.waits import left
from messages.account import CoinsMissed, CoinsShown, StopsDisabled
from messages.config import Config
from messages.control import CommandTaken, ConfigTaken, ModeTaken
from messages.trading import (
    CancelWanted,
    DustKept,
    EntryEnded,
    ExitFailed,
    ExitFilled,
    ExitReason,
    ExitWanted,
    ForceExitNoted,
    HighRaised,
    PairLocked,
    TradeClosed,
    TradeEmptied,
    TradeIncreased,
    TradeOpened,
    TradeRecord,
    TradeReduced,
)

ZERO = Decimal(0)
LONGEST_WAIT = 60.0  # of an exit that was refused, in seconds
UNFILLED = "unfilled"  # an exit that ended, not refused: somebody cancelled it
UNDER_MINIMUM = "under_min_total"  # how Upbit's names of that refusal begin
OF_ORDERS = frozenset({"pair_disputed", "pair_busy"})  # an order of the pair has to end first
OF_PAST = frozenset({"recovering", "other_account", "sale_unread"})  # what was ordered is unknown
BARS = OF_ORDERS | OF_PAST  # to try again changes nothing: it has to end
V = TypeVar("V")

OfTrade = (
    TradeIncreased | EntryEnded | HighRaised | ForceExitNoted | ExitWanted | ExitFilled | ExitFailed
)
Change = (
    ConfigTaken
    | ModeTaken
    | CommandTaken
    | CancelWanted
    | TradeOpened
    | OfTrade
    | TradeReduced
    | TradeClosed
    | DustKept
    | TradeEmptied
    | PairLocked
)


class Dust(Struct, frozen=True):
    """Coins worth too little to sell, at the value that was booked; of old journals at cost."""

    volume: Decimal = ZERO
    cost: Decimal = ZERO
    fee: Decimal = ZERO


class Trade(Struct, frozen=True):
    """An open trade. ``volume``, ``funds`` and ``fee`` are what is left of it, dust included."""

    trade: str
    pair: str
    volume: Decimal
    funds: Decimal
    fee: Decimal
    price: Decimal  # of the entry's own fills; the levels hang on it
    opened_at: float
    tag: str
    max_price: Decimal
    filled_at: float  # the entry's newest fill
    dust: Dust = Dust()  # what joined it
    parted: Dust = Dust()  # what was sold of it while its entry's order lived
    ended: bool = False  # the entry's order, that is: exits may be decided
    forced: bool = False  # to be sold as soon as the entry's order has ended
    partial_done: bool = False
    candle: int = -1  # start of the newest candle that changed it
    attempt: int = 0
    exit: ExitWanted | None = None  # on its way
    sold: Decimal = ZERO  # by that exit
    wish: ExitWanted | None = None  # refused, and to be tried again
    failures: int = 0
    retry_at: float = 0.0
    retry_seconds: float = 0.0  # the wait that ends then
    profit: Decimal = ZERO  # of the parts sold so far
    suspended: Decimal = ZERO  # coin of it that left without a sale
    answer_by: float = 0.0  # when that counts as moved out
    waits: bool = False  # an exit waits until its coins are free
    bar: str = ""  # which of the BARS an exit waits for
    told: dict[str, float] = {}  # when a person heard last why an exit failed, by reason
    part_reason: ExitReason = "exit_signal"  # of the newest of them
    too_small: bool = False  # the venue refused the whole of it for its worth
    spent: Decimal = ZERO  # cost of the parts sold so far, where a protection asks for costs

    @property
    def position(self) -> Position:
        """What exits are decided for."""
        return Position(self.price, self.volume, self.max_price, self.partial_done)

    def wait_left(self, at: float) -> float:
        """Seconds until an exit may be tried again."""
        return left(self.retry_at, at, self.retry_seconds or LONGEST_WAIT)


class MovedOut(Struct, frozen=True):
    """Coin of a pair that was moved out unsold, and its cost (KRW); ``price`` of the entry.

    ``offered``: how much of it was seen to be back, and offered.
    """

    volume: Decimal
    cost: Decimal
    fee: Decimal
    price: Decimal
    offered: Decimal = ZERO


class HoldingsState(Struct, frozen=True):
    """Trades by id, dust by pair, locks by pair and reason (until, epoch seconds).

    ``sales``: when sales that are not ours were first seen, and ``used`` when one of them was
    booked, by the order's uuid; ``asked`` when the owner was asked about coins that left, by pair.
    """

    config: Config | None = None
    mode: Literal["running", "stopentry", "stopped", "killed"] = "running"
    trades: dict[str, Trade] = {}
    dust: dict[str, Dust] = {}
    history: tuple[EndedTrade, ...] = ()
    day: Day = Day()
    locks: dict[str, dict[str, float]] = {}
    shown: dict[str, CoinsShown] = {}  # the account's coins beside ours, with money at stake
    missed: dict[str, CoinsMissed] = {}  # less than ours, as last seen
    moved: dict[str, MovedOut] = {}
    sales: dict[str, float] = {}
    used: dict[str, float] = {}
    asked: dict[str, float] = {}
    disabled: StopsDisabled | None = None  # our key is refused: no order can be sent

    @property
    def held_back(self) -> bool:
        """Whether no exit may be decided."""
        return self.mode in ("stopped", "killed")


def evolve(state: HoldingsState, event: Change) -> HoldingsState:
    """The holdings after an event."""
    match event:
        case ConfigTaken(config=config):
            return structs.replace(state, config=config)
        case ModeTaken(mode=mode):
            return structs.replace(state, mode=mode)
        case CommandTaken() | CancelWanted():
            return state
        case TradeOpened():
            return _opened(state, event)
        case TradeReduced(row=row):
            reduced = _reduced(state.trades[row.trade], row)
            if asks_for_costs(state.config):
                spent = reduced.spent + row.stake_amount + row.fee_open_cost
                reduced = structs.replace(reduced, spent=spent)
            after = structs.replace(state, trades=state.trades | {row.trade: reduced})
            return _realised(after, row)
        case TradeClosed():
            return _closed(state, event)
        case DustKept(row=row, value=value):
            dust = Dust(row.amount, value)
            return _realised(_over(state, row.trade, _ended(state, event), dust), row)
        case TradeEmptied(trade=id):
            return _over(state, id, _ended(state, event))
        case PairLocked(pair=pair, until=until, reason=reason):
            reasons = state.locks.get(pair, {}) | {reason: until}
            return structs.replace(state, locks=state.locks | {pair: reasons})
        case _:
            trade = _changed(state.trades[event.trade], event)
            return structs.replace(state, trades=state.trades | {event.trade: trade})


def _changed(trade: Trade, event: OfTrade) -> Trade:
    match event:
        case TradeIncreased(volume=volume, funds=funds, fee=fee, price=price, filled_at=filled_at):
            peak, gone = max(trade.max_price, price), trade.parted
            left = (volume - gone.volume, funds - gone.cost, fee - gone.fee)
            trade = structs.replace(trade, volume=left[0], funds=left[1], fee=left[2])
            return structs.replace(trade, price=price, max_price=peak, filled_at=filled_at)
        case EntryEnded():
            return structs.replace(trade, ended=True, forced=False)
        case HighRaised(max_price=max_price, candle=candle):
            assert max_price > trade.max_price, "a high that fell"
            return structs.replace(trade, max_price=max_price, candle=candle)
        case ForceExitNoted():
            return structs.replace(trade, forced=True)
        case ExitWanted():
            # An operator's wish is bound to no candle (-1): the current one stays to be taken.
            candle = max(trade.candle, event.candle)
            attempt = trade.attempt + 1
            trade = structs.replace(trade, exit=event, sold=ZERO, wish=None, waits=False)
            trade = structs.replace(trade, too_small=False, bar="")
            return structs.replace(trade, attempt=attempt, candle=candle)
        case ExitFilled(volume=volume):
            return structs.replace(trade, sold=volume)
        case ExitFailed(reason=reason, retry_at=retry_at, seconds=seconds):
            whole = trade.exit is not None and trade.exit.volume >= trade.volume
            wish = trade.exit if whole and reason != UNFILLED else None
            failures = trade.failures + 1
            told = {**trade.told, reason: event.at} if event.tells else trade.told
            small = whole and reason.startswith(UNDER_MINIMUM)
            trade = structs.replace(trade, exit=None, wish=wish, waits=event.waits, told=told)
            trade = structs.replace(trade, retry_at=retry_at, retry_seconds=seconds)
            bar = reason if reason in BARS else ""
            return structs.replace(trade, failures=failures, too_small=small, bar=bar)
        case _:
            assert_never(event)


def _opened(state: HoldingsState, event: TradeOpened) -> HoldingsState:
    trade = Trade(
        trade=event.trade,
        pair=event.pair,
        volume=event.volume,
        funds=event.funds,
        fee=event.fee,
        price=event.price,
        opened_at=event.opened_at,
        tag=event.tag,
        max_price=event.price,
        filled_at=event.opened_at,
        dust=state.dust.get(event.pair, Dust()),
    )
    trades = state.trades | {event.trade: trade}
    return structs.replace(state, trades=trades, dust=_without(state.dust, event.pair))


def _reduced(trade: Trade, row: TradeRecord) -> Trade:
    volume = trade.volume - row.amount
    assert volume > 0 or not (volume or trade.ended), "a part that is the whole"
    trade = structs.replace(trade, exit=None, sold=ZERO, wish=None, failures=0, retry_at=0.0)
    trade = structs.replace(trade, waits=False, bar="", told={})
    trade = structs.replace(trade, part_reason=row.exit_reason, too_small=False)
    if not trade.ended:
        gone = trade.parted
        more = (gone.volume + row.amount, gone.cost + row.stake_amount)
        trade = structs.replace(trade, parted=Dust(*more, gone.fee + row.fee_open_cost))
    return structs.replace(
        trade,
        volume=volume,
        funds=trade.funds - row.stake_amount,
        fee=trade.fee - row.fee_open_cost,
        profit=trade.profit + row.profit_abs,
        partial_done=trade.partial_done or row.exit_reason == "partial_exit",
    )


def _closed(state: HoldingsState, event: TradeClosed) -> HoldingsState:
    dust = Dust(event.dust, event.dust_cost, event.dust_fee)
    return _realised(_over(state, event.row.trade, _ended(state, event), dust), event.row)


def _over(state: HoldingsState, id: str, ended: EndedTrade, dust: Dust = Dust()) -> HoldingsState:
    """The trade is gone; what of it is kept joins the dust of the pair."""
    kept = state.dust
    if dust.volume:
        old = kept.get(ended.pair, Dust())
        volume, cost = old.volume + dust.volume, old.cost + dust.cost
        kept = kept | {ended.pair: Dust(volume, cost, old.fee + dust.fee)}
    locks = {
        pair: lasting
        for pair, reasons in state.locks.items()
        if (lasting := {reason: until for reason, until in reasons.items() if until > ended.at})
    }
    history, trades = _remembered(state, ended), _without(state.trades, id)
    return structs.replace(state, trades=trades, dust=kept, history=history, locks=locks)


def history_after(
    state: HoldingsState, event: TradeClosed | DustKept | TradeEmptied
) -> tuple[EndedTrade, ...]:
    """What protections look back on once this has ended a trade."""
    return _remembered(state, _ended(state, event))


def _ended(state: HoldingsState, event: TradeClosed | DustKept | TradeEmptied) -> EndedTrade:
    """A trade that is over; dust counts under the reason for which it would have been sold."""
    if isinstance(event, TradeEmptied):
        trade = state.trades[event.trade]
        return EndedTrade(event.pair, event.at, event.reason, trade.profit, trade.spent)
    row = event.row
    reason = event.reason if isinstance(event, DustKept) else row.exit_reason
    trade = state.trades[row.trade]
    profit, spent = trade.profit + row.profit_abs, trade.spent
    asked = asks_for_costs(state.config)
    cost = spent + row.stake_amount + row.fee_open_cost if asked else ZERO
    return EndedTrade(row.pair, row.close_date, reason, profit, cost)


def _remembered(state: HoldingsState, ended: EndedTrade) -> tuple[EndedTrade, ...]:
    assert state.config is not None
    return remembered(state.history, ended, state.config)


def _realised(state: HoldingsState, row: TradeRecord) -> HoldingsState:
    assert state.config is not None
    day = day_after(state.day, row.close_date, row.profit_abs, state.config)
    return structs.replace(state, day=day)


def _without(entries: dict[str, V], key: str) -> dict[str, V]:
    return {k: value for k, value in entries.items() if k != key}
