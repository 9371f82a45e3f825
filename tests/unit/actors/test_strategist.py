"""The wish to enter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from actors.entries import strategist
from actors.entries.strategist import Strategist
from messages.budget import BudgetRefused
from messages.config import Config, OrderTypes, UnfilledTimeout
from messages.control import ConfigAdopted, ForceEnter, OperatorReply, TradingChanged
from messages.market import ClosingReport, FeedReport, FeedTaken, Verdict
from messages.orders import OrderAbsent, OrderClosed, OrderDisputed, OrderRefused
from messages.storage import SpaceRegained, SpaceShort
from messages.trading import (
    EnterAt,
    EntryVetoed,
    EntryWanted,
    PairLocked,
    SlotFreed,
    SlotTaken,
    TradeClosed,
    TradeOpened,
    TradeRecord,
)
from tests.unit.actors.turns import Turns, candle, of

D = Decimal
A, B, C = "KRW-A", "KRW-B", "KRW-C"
ENTER = Verdict(entry=True, conditions=("rsi", "macd"))


def ready(config: Config | None = None) -> Turns:
    turns = Turns(strategist, Strategist)
    turns.take(ConfigAdopted(config or Config(max_open_trades=2)))
    return turns


def close(pair: str = A, time: int = 60, verdict: Verdict = ENTER) -> ClosingReport:
    return ClosingReport(pair, candle(time, "100.5"), 60, verdict)


def wants(turns: Turns, *reports: ClosingReport) -> list[str]:
    return [m.id for r in reports for m in of(EntryWanted, turns.take(r, r.candle.time + 60.0))]


def over(trade: str, pair: str) -> TradeClosed:
    zero = D(0)
    money = (zero,) * 8
    row = TradeRecord(trade, pair, 0.0, 0.0, *money, "roi", zero, "")
    return TradeClosed(row)


def test_a_signal_becomes_one_wish() -> None:
    turns = ready()
    assert turns.take(close(), at=120.0) == [
        EntryWanted(
            id="KRW-A@60",
            pair=A,
            stake=D(100_000),
            close=D("100.5"),
            tag="rsi macd",
            candle=60,
            good_until=150.0,
        )
    ]
    assert turns.take(close(), at=120.0) == []  # the same candle again, after a crash


def test_the_feed_is_stated_when_it_changes_and_when_it_was_silent() -> None:
    turns = ready()
    assert turns.take(FeedReport(True)) == [], "as was thought"
    assert turns.take(FeedReport(False, 12.0)) == [FeedTaken(False, 12.0)]
    assert turns.take(FeedReport(False, 40.0)) == []
    assert turns.take(FeedReport(True)) == [FeedTaken(True)]
    assert turns.take(FeedReport(True, 500.0)) == [FeedTaken(True, 500.0)], "a restart's silence"


def test_a_pair_on_the_blacklist_is_not_entered() -> None:
    turns = ready(Config(pair_blacklist=(A,)))
    assert [m.reason for m in of(EntryVetoed, turns.take(close()))] == ["blacklisted"]


def test_a_limit_entry_asks_the_close_down_to_the_tick_for_a_while() -> None:
    config = Config(
        order_types=OrderTypes(entry="limit"), unfilledtimeout=UnfilledTimeout(2, "minutes")
    )
    day = 1_756_684_800  # 2025-09-01: between 100 and 1,000 won the tick is 1
    (wish,) = ready(config).take(close(time=day), at=day + 60.0)
    assert (wish.limit, wish.close, wish.cancel_at) == (D(100), D("100.5"), day + 180.0)


@pytest.mark.parametrize("verdict", [Verdict(), Verdict(exit=True, conditions=("rsi",))])
def test_without_a_signal_nothing_is_said(verdict: Verdict) -> None:
    assert ready().take(close(verdict=verdict), at=120.0) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((TradingChanged("stopentry"),), "stopentry"),
        ((TradingChanged("stopped"),), "stopped"),
        ((TradingChanged("killed"),), "killed"),
        ((close(A, 0),), "pair_busy"),
        ((PairLocked(A, 180.0, "cooldown"),), "cooldown"),
        ((PairLocked("*", 180.0, "MaxDrawdown"),), "MaxDrawdown"),
        ((PairLocked("*", 180.0, "MaxDrawdown"), PairLocked(A, 121.0, "cooldown")), "cooldown"),
        ((PairLocked(A, 120.0, "cooldown"),), None),  # just over
        ((PairLocked(B, 180.0, "cooldown"),), None),
        ((close(B, 0), close(C, 0)), "max_open_trades"),
        ((close(B, 0),), None),
        ((FeedReport(False, 12.0),), "stale_feed"),
        ((FeedReport(False, 12.0), FeedReport(True, 15.0)), None),
        ((SpaceShort("disk_short"),), "no_room"),
        ((SpaceShort("disk_short"), SpaceRegained()), None),
        ((SpaceShort("disk_short"), SpaceShort("map_short"), SpaceRegained()), None),
        ((OrderDisputed("x", A, "volume"),), "disputed"),
        ((OrderDisputed("x", B, "volume"),), None),
        ((close(A, 0), TradingChanged("stopentry")), "stopentry"),  # the order of vetoes
        ((close(A, 0), PairLocked(A, 180.0, "cooldown")), "pair_busy"),
        ((close(B, 0), close(C, 0), PairLocked(A, 180.0, "cooldown")), "cooldown"),
        ((close(B, 0), close(C, 0), OrderDisputed("x", A, "volume")), "max_open_trades"),
    ],
)
def test_a_veto_names_its_reason(given: tuple[Any, ...], reason: str | None) -> None:
    turns = ready()
    turns.all(*given, at=60.0)
    said = turns.take(close(), at=120.0)
    if reason is None:
        assert [type(m) for m in said] == [EntryWanted]
    else:
        assert said == [EntryVetoed(A, 60, reason, ("rsi", "macd"))]
        assert turns.take(close(time=120 - 60), at=120.0) == []


def test_a_pair_that_is_not_listed_is_not_entered() -> None:
    turns = ready(Config(pair_whitelist=(B,)))
    assert of(EntryVetoed, turns.take(close(A), at=120.0))[0].reason == "not_listed"
    assert wants(turns, close(B)) == ["KRW-B@60"]


def test_a_veto_is_stated_when_its_reason_changes_only() -> None:
    turns = ready()
    turns.take(TradingChanged("stopentry"))
    said = turns.all(close(time=60), close(time=120), at=120.0)
    assert len(said) == 1
    turns.take(TradingChanged("running"))
    assert wants(turns, close(time=180)) == ["KRW-A@180"]
    turns.all(BudgetRefused("KRW-A@180", A, "no", D(1), D(0)), TradingChanged("stopentry"))
    assert len(of(EntryVetoed, turns.take(close(time=240), at=300.0))) == 1


@pytest.mark.parametrize(
    ("end", "free"),
    [
        (BudgetRefused("KRW-A@60", A, "no", D(1), D(0)), True),
        (OrderRefused("KRW-A@60", "KRW-A@60", A, "bid", "no"), True),
        (OrderAbsent("KRW-A@60", "KRW-A@60", A, "bid"), True),
        (OrderClosed("KRW-A@60", "KRW-A@60", A, "bid", "cancel", D(0), D(0), D(0), 0.0), True),
        (OrderClosed("KRW-A@60", "KRW-A@60", A, "bid", "done", D(1), D(1), D(0), 0.0), False),
        (OrderClosed("KRW-A@60/x1", "KRW-A@60", A, "ask", "cancel", D(0), D(0), D(0), 0.0), False),
        (OrderRefused("KRW-A@60/x1", "KRW-A@60", A, "ask", "no"), False),
        (OrderAbsent("KRW-A@60/x1", "KRW-A@60", A, "ask"), False),
        (over("KRW-A@60", A), True),
        (over("KRW-A@0", A), False),
    ],
)
def test_a_slot_is_held_from_the_wish_to_the_end_of_its_trade(end: Any, free: bool) -> None:
    turns = ready()
    turns.take(close(), at=120.0)
    said = turns.take(end)
    assert of(SlotFreed, said) == ([SlotFreed("KRW-A@60", A)] if free else [])
    assert (A in turns.state.slots.values()) is not free


def test_the_end_of_a_trade_may_come_before_the_end_of_its_entry() -> None:
    turns = ready()
    turns.take(close(), at=120.0)
    turns.take(over("KRW-A@60", A))
    late = OrderClosed("KRW-A@60", "KRW-A@60", A, "bid", "done", D(1), D(1), D(0), 0.0)
    assert turns.take(late) == []
    assert turns.state.slots == {}


def test_a_trade_of_an_order_that_was_given_up_takes_its_slot_again() -> None:
    turns = ready()
    turns.all(close(), OrderAbsent("KRW-A@60", "KRW-A@60", A, "bid"), at=120.0)
    opened = TradeOpened("KRW-A@60", A, D(1), D(1), D(0), D(1), 130.0, "")
    assert turns.take(opened) == [SlotTaken("KRW-A@60", A)]
    assert turns.take(opened) == []
    assert of(EntryVetoed, turns.take(close(time=120), at=180.0))[0].reason == "pair_busy"


# --- the operator
def test_a_forced_entry_skips_signal_cooldown_and_pause() -> None:
    turns = ready()
    turns.all(TradingChanged("stopentry"), PairLocked(A, 1e6, "cooldown"))
    said = turns.take(ForceEnter(A, D(50_000), "c1"), at=100.0)
    (wish,) = of(EntryWanted, said)
    assert (wish.id, wish.stake, wish.tag) == ("KRW-A!c1", D(50_000), "force_entry")
    assert (wish.good_until, wish.limit) == (130.0, None)
    assert of(OperatorReply, said)[0].done


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((close(A, 0),), "pair_busy"),
        ((close(B, 0), close(C, 0)), "max_open_trades"),
        ((PairLocked("*", 1e6, "MaxDrawdown"),), "MaxDrawdown"),
        ((SpaceShort("disk_short"),), "no_room"),
        ((OrderDisputed("x", A, "volume"),), "disputed"),
        ((TradingChanged("stopped"),), "stopped"),
        ((TradingChanged("killed"),), "killed"),
    ],
)
def test_a_forced_entry_skips_nothing_else(given: tuple[Any, ...], reason: str) -> None:
    turns = ready()
    turns.all(*given, at=60.0)
    (reply,) = turns.take(ForceEnter(A, None, "c1"), at=100.0)
    assert (reply.done, reply.facts["reason"]) == (False, reason)


def test_the_same_command_twice_is_one_entry_and_two_commands_are_two() -> None:
    turns = ready()
    assert of(EntryWanted, turns.take(ForceEnter(A, None, "c1"), at=1.0))[0].stake == 100_000
    turns.take(over("KRW-A!c1", A))
    (reply,) = turns.take(ForceEnter(A, None, "c1"), at=2.0)
    assert reply.done
    assert of(EntryWanted, turns.take(ForceEnter(A, None, "c2"), at=3.0))[0].id == "KRW-A!c2"


@pytest.mark.parametrize("stake", ["NaN", "Infinity", "-5", "0", "1E+999"])
def test_a_forced_entry_of_no_amount_is_refused(stake: str) -> None:
    (reply,) = ready().take(ForceEnter(A, D(stake), "c1"), at=1.0)
    assert not reply.done


def test_a_forced_entry_without_an_id_is_refused() -> None:
    (reply,) = ready().take(ForceEnter(A), at=1.0)
    assert not reply.done


def test_a_forced_entry_leaves_the_current_candle_to_be_taken() -> None:
    turns = ready()
    turns.take(ForceEnter(A, None, "c1"), at=120.0)
    turns.take(BudgetRefused("KRW-A!c1", A, "no", D(1), D(0)))
    assert wants(turns, close(time=60)) == ["KRW-A@60"]


def test_a_wish_with_a_price_is_the_same_wish_and_tells_the_price() -> None:
    turns = ready()
    said = turns.take(EnterAt(ForceEnter(A, None, "c1"), D(77)), at=1.0)
    assert [(wish.id, wish.close) for wish in of(EntryWanted, said)] == [("KRW-A!c1", D(77))]
    assert of(EntryWanted, turns.take(EnterAt(ForceEnter(A, None, "c1"), D(78)), at=2.0)) == []
