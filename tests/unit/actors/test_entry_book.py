"""The order book before an entry: one question, one answer, and no entry twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from actors.entries import strategist
from actors.entries.strategist import Strategist
from messages.base import After
from messages.budget import BudgetReserved
from messages.config import Config, OrderTypes
from messages.control import ConfigAdopted, ForceEnter, OperatorReply, TradingChanged
from messages.market import Candle, ClosingReport, Verdict
from messages.orders import CapEased, OrderClosed, OrderRefused
from messages.trading import (
    BookAnswered,
    BookAsked,
    BookEnabled,
    EnableBook,
    EnterAt,
    EntryVetoed,
    EntryWanted,
    ExpireBook,
    LockTaken,
    PairLocked,
    SlotFreed,
)
from messages.venue_queries import BookReport, FetchBook, Level
from tests.unit.actors.turns import Turns, of

D = Decimal
A, B = "KRW-DOGE", "KRW-B"
DAY = 1_774_148_400  # noon in Korea, on the grid of 2025: 100 to 5,000 won in whole won
ENTER = Verdict(entry=True, conditions=("rsi",))
CLOSES = DAY + 60.0


def ready(config: Config | None = None) -> Turns:
    turns = Turns(strategist, Strategist)
    turns.take(ConfigAdopted(config or Config(dry_run=False, max_open_trades=2)))
    turns.take(EnableBook(2.0))
    return turns


def close(price: str = "321", pair: str = A, time: int = DAY) -> ClosingReport:
    whole = Candle(time, *(D(price),) * 4, D(1))
    return ClosingReport(pair, whole, 60, ENTER)


def book(*asks: str, bid: str = "321", pair: str = A, time: int = DAY, **more: Any) -> BookReport:
    levels = tuple(Level(D(ask), D(10_000)) for ask in asks)
    told = BookReport(f"{pair}@{time}", pair, levels, D(bid), time + 60.5)
    return structs.replace(told, **more)


def signalled(config: Config | None = None, price: str = "321") -> Turns:
    turns = ready(config)
    turns.take(close(price), at=CLOSES)
    return turns


def test_a_signal_asks_the_book_once_and_waits_two_seconds_for_it() -> None:
    turns = ready()
    asked, fetch, alarm = turns.take(close(), at=CLOSES)
    assert isinstance(asked, BookAsked)
    assert fetch == FetchBook(f"{A}@{DAY}", A, CLOSES + 2)
    assert alarm == After(2.0, ExpireBook(f"{A}@{DAY}", A))
    assert turns.take(close(), at=CLOSES) == [], "the same candle again"


def test_it_is_enabled_once_and_for_another_wait_anew() -> None:
    turns = ready()
    assert turns.take(EnableBook(2.0)) == []
    assert turns.take(EnableBook(120.0)) == [BookEnabled(120.0)]


def test_on_a_coarse_grid_the_ask_one_tick_above_is_what_an_entry_pays() -> None:
    """0.3 % above 321 lies below 322, and nobody sells at 321."""
    (wish,) = signalled().take(book("322", "323"), at=CLOSES + 1)
    assert isinstance(wish, EntryWanted)
    assert (wish.id, wish.limit, wish.time_in_force) == (f"{A}@{DAY}", D(322), "ioc")
    assert (wish.ask, wish.depth, wish.close, wish.cancel_at) == (D(322), D(10_000), D(321), 0.0)
    assert wish.good_until == CLOSES + 30


@pytest.mark.parametrize(
    ("price", "bid", "asks", "limit"),
    [
        ("321", "320", ("321", "322"), "321"),  # the band reaches it
        ("100", "100", ("101",), "101"),  # a tick of 1 %
        ("11", "11", ("11.1",), "11.1"),
        ("1.01", "1.01", ("1.02",), "1.02"),
        ("99.9", "99.9", ("100",), "100"),  # onto the coarser grid
        ("100000000", "99999000", ("100001000",), "100300000"),  # a fine grid: the whole band
        ("4000", "3999", ("4012", "4013"), "4012"),  # several ticks, within the band
    ],
)
def test_the_limit_is_the_higher_of_band_and_ask(
    price: str, bid: str, asks: tuple[str, ...], limit: str
) -> None:
    (wish,) = signalled(price=price).take(book(*asks, bid=bid), at=CLOSES + 1)
    assert isinstance(wish, EntryWanted)
    assert wish.limit == D(limit)
    within = sum(D(ask) <= D(limit) for ask in asks)
    assert wish.depth == 10_000 * within


def test_an_ask_that_the_band_does_not_reach_is_a_veto_with_numbers_stated_once() -> None:
    turns = signalled()
    assert turns.take(book("323"), at=CLOSES + 1) == [
        EntryVetoed(A, DAY, "ask_above_band", ("rsi",), D(323), D(321), D("0.003"))
    ]
    later = DAY + 60
    assert of(FetchBook, turns.take(close(time=later), at=later + 60.0))
    again = turns.take(book("324", time=later), at=later + 61.0)
    assert again == [BookAnswered(f"{A}@{later}", A, later)], "not each minute"
    assert turns.state.asked == {}
    last = DAY + 120
    turns.take(close(time=last), at=last + 60.0)
    assert of(EntryWanted, turns.take(book("322", time=last), at=last + 61.0))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (book("322", failed="timeout"), "no_book"),
        (book(), "no_asks"),
        (book("322", bid="0"), "no_bids"),
        (book("321", bid="321"), "crossed_book"),
        (book("320", bid="321"), "crossed_book"),
        (book("322", moment=DAY - 0.5), "stale_book"),
        (book("322", asks=(Level(D(322), D(16)), Level(D(323), D(9999)))), "thin_book"),
        (book("322", asks=(Level(D(0), D(0)), Level(D(322), D(0)))), "no_asks"),  # zero-padded
    ],
)
def test_what_cannot_be_bought_from_is_a_veto(told: BookReport, reason: str) -> None:
    turns = signalled()
    (veto,) = turns.take(told, at=CLOSES + 1)
    assert (type(veto), veto.reason) == (EntryVetoed, reason)
    assert turns.state.asked == {} == turns.state.slots


def test_levels_of_nothing_are_no_levels() -> None:
    asks = (Level(D(0), D(5)), Level(D(322), D(0)), Level(D(322), D(100)))
    (wish,) = signalled().take(book(asks=asks), at=CLOSES + 1)
    assert (wish.ask, wish.depth) == (D(322), D(100))


def test_no_answer_in_time_is_a_veto_and_what_comes_late_changes_nothing() -> None:
    turns = signalled()
    (veto,) = turns.take(ExpireBook(f"{A}@{DAY}", A), at=CLOSES + 2)
    assert veto.reason == "no_book"
    assert turns.take(book("322"), at=CLOSES + 2.5) == []
    assert turns.take(close(), at=CLOSES + 3) == [], "that candle is done with"


def test_an_answer_behind_its_time_counts_for_nothing_though_the_alarm_has_not_rung() -> None:
    (veto,) = signalled().take(book("322"), at=CLOSES + 2.1)
    assert veto.reason == "no_book"


def test_an_answer_that_comes_twice_and_the_alarm_behind_it_make_no_second_entry() -> None:
    turns = signalled()
    assert len(of(EntryWanted, turns.take(book("322"), at=CLOSES + 1))) == 1
    assert turns.take(book("322"), at=CLOSES + 1) == []
    assert turns.take(ExpireBook(f"{A}@{DAY}", A), at=CLOSES + 2) == []
    turns.take(OrderRefused("i", f"{A}@{DAY}", A, "bid", "market_offline"), at=CLOSES + 2)
    assert turns.take(book("322"), at=CLOSES + 1.5) == [], "its slot is free again"


def test_an_answer_to_an_earlier_signal_is_none_to_this_one() -> None:
    turns = signalled()
    turns.take(ExpireBook(f"{A}@{DAY}", A), at=CLOSES + 2)
    later = DAY + 60
    turns.take(close(time=later), at=later + 60.0)
    assert turns.take(book("322", moment=later + 60.0), at=later + 60.5) == []
    assert turns.take(ExpireBook(f"{A}@{DAY}", A), at=later + 61.0) == []
    assert of(EntryWanted, turns.take(book("322", time=later), at=later + 61.0))


@pytest.mark.parametrize(
    ("between", "reason"),
    [
        (TradingChanged("stopentry"), "stopentry"),
        (PairLocked("*", CLOSES + 999, "MaxDrawdown"), "MaxDrawdown"),
        (ConfigAdopted(Config(dry_run=False, pair_blacklist=(A,))), "blacklisted"),
    ],
)
def test_what_has_come_between_question_and_answer_counts(between: Any, reason: str) -> None:
    turns = signalled()
    turns.take(between, at=CLOSES + 0.5)
    (veto,) = turns.take(book("322"), at=CLOSES + 1)
    assert veto.reason == reason


def test_two_signals_for_the_last_slot_make_one_entry() -> None:
    turns = ready(Config(dry_run=False, max_open_trades=1))
    for pair in (A, B):
        assert of(FetchBook, turns.take(close(pair=pair), at=CLOSES))
    assert of(EntryWanted, turns.take(book("322", pair=B), at=CLOSES + 1))
    (veto,) = turns.take(book("322"), at=CLOSES + 1)
    assert veto.reason == "max_open_trades"


def test_a_start_asks_again_while_an_answer_may_count_and_gives_up_what_is_past() -> None:
    turns = signalled()
    fetch, alarm = Strategist.resume(turns.state, CLOSES + 0.5)
    assert fetch == FetchBook(f"{A}@{DAY}", A, CLOSES + 2)
    assert alarm == After(1.5, ExpireBook(f"{A}@{DAY}", A))
    _, late = Strategist.resume(turns.state, CLOSES + 600)
    assert late.seconds == 0
    _, early = Strategist.resume(turns.state, CLOSES - 36_000)  # a clock that went back
    assert early.seconds == 2
    turns.take(ExpireBook(f"{A}@{DAY}", A), at=CLOSES + 600)
    assert list(Strategist.resume(turns.state, CLOSES + 601)) == []


def test_a_limit_entry_has_a_price_of_its_own_and_asks_no_book() -> None:
    config = Config(dry_run=False, order_types=OrderTypes(entry="limit"))
    (wish,) = ready(config).take(close(), at=CLOSES)
    assert (wish.limit, wish.time_in_force, wish.rest) == (D(321), "", 600.0)


# --- an operator's wish
def forced(turns: Turns, price: str = "321") -> list[Any]:
    return turns.take(EnterAt(ForceEnter(A, None, "c1"), D(price)), at=CLOSES)


def test_forceenter_asks_the_book_as_a_signal_does() -> None:
    turns = ready()
    said = forced(turns)
    assert of(OperatorReply, said)[0].done
    assert of(FetchBook, said) == [FetchBook(f"{A}!c1", A, CLOSES + 2)]
    (wish,) = turns.take(book("322", id=f"{A}!c1"), at=CLOSES + 1)
    assert (wish.id, wish.limit, wish.tag, wish.candle) == (f"{A}!c1", D(322), "force_entry", -1)
    assert not of(FetchBook, forced(turns)), "the same command again"


def test_a_forced_entry_is_answered_each_time_and_keeps_the_pairs_candles() -> None:
    turns = signalled()
    turns.take(book("323"), at=CLOSES + 1)
    for number in (1, 2):
        turns.take(EnterAt(ForceEnter(A, None, f"c{number}"), D(321)), at=CLOSES + 10 * number)
        (veto,) = turns.take(book("323", id=f"{A}!c{number}"), at=CLOSES + 10 * number)
        assert (veto.reason, veto.candle) == ("ask_above_band", -1)
    assert turns.state.taken == {A: DAY}


def test_a_signal_beside_a_forced_entry_does_not_drop_it() -> None:
    turns = ready()
    forced(turns)
    (veto,) = turns.take(close(), at=CLOSES)
    assert veto.reason == "pair_busy"
    assert of(EntryWanted, turns.take(book("322", id=f"{A}!c1"), at=CLOSES + 1))


# --- what ends unfilled, and caps
def unfilled(turns: Turns, at: float, volume: str = "0") -> list[Any]:
    trade = f"{A}@{DAY}"
    ended = OrderClosed("i", trade, A, "bid", "cancel", D(volume), D(volume), D(0), 0.0)
    return turns.take(ended, at=at)


def test_after_an_entry_that_ended_unfilled_the_pair_rests() -> None:
    turns = signalled()
    turns.take(book("322"), at=CLOSES + 1)
    at = CLOSES + 5
    assert unfilled(turns, at) == [
        SlotFreed(f"{A}@{DAY}", A),
        PairLocked(A, at + 600, "unfilled"),
    ]
    assert turns.take(PairLocked(A, at + 600, "unfilled"), at=at) == [], "its own"
    later = DAY + 300
    (veto,) = turns.take(close(time=later), at=later + 60.0)
    assert veto.reason == "unfilled"
    assert of(FetchBook, turns.take(close(pair=B, time=later), at=later + 60.0)), "others do not"
    assert of(FetchBook, turns.take(EnterAt(ForceEnter(A, None, "c"), D(321)), at=later + 61.0))
    turns.take(ExpireBook(f"{A}!c", A), at=later + 63.0)
    rested = DAY + 660
    assert of(FetchBook, turns.take(close(time=rested), at=rested + 60.0))


@pytest.mark.parametrize(("minutes", "volume"), [(0, "0"), (10, "1")])
def test_without_that_key_and_after_a_fill_it_does_not(minutes: int, volume: str) -> None:
    turns = signalled(Config(dry_run=False, cooldown_after_unfilled=minutes))
    turns.take(book("322"), at=CLOSES + 1)
    assert not of(PairLocked, unfilled(turns, CLOSES + 5, volume))


def capped(turns: Turns, until: float, reason: str = "max_daily_krw") -> list[Any]:
    turns.take(book("322"), at=CLOSES + 1)
    id = f"{A}@{DAY}"
    return turns.take(OrderRefused(id, id, A, "bid", reason, until=until), at=CLOSES + 1)


def test_what_a_cap_refuses_is_vetoed_before_the_budget_once_a_pair_until_its_moment() -> None:
    turns = signalled()
    until = CLOSES + 400
    assert LockTaken("*", until, "max_daily_krw") in capped(turns, until)
    said = [
        turns.take(close(pair=pair, time=time), at=time + 60.0)
        for time in (DAY + 60, DAY + 120)
        for pair in (A, B)
    ]
    assert [[type(m) for m in one] for one in said] == [[EntryVetoed], [EntryVetoed], [], []]
    assert said[0][0].reason == "max_daily_krw"
    later = DAY + 420
    assert of(FetchBook, turns.take(close(time=later), at=later + 60.0)), "a new day"


def test_room_that_comes_back_and_another_configuration_let_entries_go_on() -> None:
    later = close(time=DAY + 60)
    turns = signalled()
    capped(turns, CLOSES + 9999)
    turns.take(CapEased("max_daily_krw"), at=CLOSES + 2)
    assert of(FetchBook, turns.take(later, at=CLOSES + 60))
    turns = signalled()
    capped(turns, CLOSES + 9999)
    turns.take(ConfigAdopted(Config(dry_run=False, max_open_trades=5)), at=CLOSES + 2)
    assert of(FetchBook, turns.take(later, at=CLOSES + 60))
    turns = signalled()
    capped(turns, CLOSES + 9999)
    turns.take(ConfigAdopted(Config(dry_run=False, max_open_trades=2)), at=CLOSES + 2)
    assert of(EntryVetoed, turns.take(later, at=CLOSES + 60)), "the same one says nothing new"


def test_a_refusal_by_no_cap_locks_nothing() -> None:
    assert not of(LockTaken, capped(signalled(), 0.0, "market_offline"))


def test_recordings_have_no_book_and_no_rest() -> None:
    turns = Turns(strategist, Strategist)
    turns.take(ConfigAdopted(Config(dry_run=False)))
    (wish,) = turns.take(close(), at=CLOSES)
    assert (wish.limit, wish.time_in_force, wish.ask, wish.rest) == (None, "", D(0), 0.0)
    assert not of(PairLocked, unfilled(turns, CLOSES + 5))


def test_what_is_reserved_for_an_entry_is_what_it_may_cost_at_its_limit() -> None:
    from actors import budget

    turns = Turns(budget, budget.Budget)
    turns.take(ConfigAdopted(Config(dry_run=False, stake_amount=D(50_000))))
    (wish,) = signalled().take(book("322"), at=CLOSES + 1)
    (reserved,) = turns.take(structs.replace(wish, stake=D(50_000)), at=CLOSES + 1)
    assert isinstance(reserved, BudgetReserved)
    assert (reserved.limit, reserved.ask, reserved.depth) == (D(322), D(322), D(10_000))
    assert reserved.time_in_force == "ioc"
    assert reserved.volume == D("155.27950310")
