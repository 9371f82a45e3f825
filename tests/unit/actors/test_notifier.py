"""The notifier: each event's notice with exactly its facts, and a summary each hour."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec import structs

from actors.console_notifier import ConsoleNotifier
from actors.notifier import Notifier, NotifierState, decide
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import System
from core.notices.account import OfAccount
from core.notices.events import NoticeOf
from core.notices.market_status import OfVenue
from core.notices.orders import OfOrder
from core.orders.end_reason import EndReason
from messages.account import (
    AccountOpened,
    AccountReconciled,
    AccountShut,
    CoinRead,
    CoinsMovedOut,
    CoinsReturned,
    CoinUnread,
    DisputeSettled,
    ExitUnresolved,
    StopsDisabled,
    StopsEnabled,
    TradeAtRisk,
    TradeReleased,
    TradeResumed,
    TradeSuspended,
)
from messages.audit import InvariantBroken
from messages.base import After, Envelope
from messages.budget import BudgetAdjusted, BudgetRefused
from messages.config import Config
from messages.control import ConfigAdopted, TradingChanged
from messages.limits import (
    BreakerClosed,
    BreakerHalfOpened,
    BreakerOpened,
    PaceShrunk,
    VenueBanned,
)
from messages.market import FeedTaken, PricesRefused
from messages.market_status import (
    ClockAgreed,
    ClockDiffered,
    KeyEnding,
    PairBarred,
    PairFreed,
    PairReminded,
)
from messages.notices import NOTICES, NoticeCounted, ShowNotice, SummaryDue, SummaryGiven
from messages.orders import (
    Order,
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderDisputed,
    OrderFound,
    OrderIntended,
    OrderRefused,
    OrderUncertain,
)
from messages.recovery import (
    AccountDenied,
    AccountTaken,
    BirthSighted,
    ExitsAllowed,
    LookUnread,
    PastShut,
    RecoveryBegun,
    RowsUnread,
    SaleFound,
    StrayFound,
)
from messages.snapshots import SnapshotFailed, SnapshotMissed, SnapshotTaken
from messages.storage import SpaceRegained, SpaceShort
from messages.trading import (
    DustKept,
    EntryVetoed,
    EntryWanted,
    ExitFailed,
    ExitWanted,
    PairLocked,
    TradeClosed,
    TradeRecord,
    TradeReduced,
)
from messages.venue_queries import HeldCurrency, OpenOrder
from persistence.store import Identity, Record, Store
from tests.unit.actors.fold_checks import turn, turns

D = Decimal
NOW = 1_700_002_800.0  # a full hour
QUIET = NotifierState()
ROW = TradeRecord(
    trade="KRW-BTC@60",
    pair="KRW-BTC",
    open_date=60.0,
    close_date=120.0,
    open_rate=D(100),
    close_rate=D(110),
    amount=D(2),
    stake_amount=D(200),
    fee_open_cost=D("0.1"),
    fee_close_cost=D("0.11"),
    profit_abs=D("19.79"),
    profit_ratio=D("0.0989"),
    exit_reason="roi",
    max_rate=D(111),
    enter_tag="rsi macd",
)
DUST = TradeRecord(
    **{name: getattr(ROW, name) for name in TradeRecord.__struct_fields__} | {"exit_reason": "dust"}
)
ENTRY = EntryWanted("t", "KRW-BTC", D("1E+5"), D(100), "rsi macd", 60, 150.0)
FORCED = EntryWanted("t", "KRW-BTC", D(50000), D(0), "force_entry", -1, 150.0)
VETO = EntryVetoed("KRW-BTC", 60, "cooldown", ("rsi", "macd"))
ABOVE = EntryVetoed("KRW-BTC", 60, "ask_above_band", ("rsi",), D(323), D(321), D("0.003"))
BOUGHT = OrderClosed("i", "t", "KRW-BTC", "bid", "cancel", D(3), D(100), D("0.05"), 1.0)
UNFILLED = OrderClosed("i", "t", "KRW-BTC", "bid", "cancel", D(0), D(0), D(0), 0.0)
NO = ("i", "t", "KRW-BTC")
LOCK = OpenOrder("his", "KRW-BTC", "ask", price=D(700), volume=D(3))
RISK = TradeAtRisk("t", "KRW-BTC", D("0.01"), D(95000))
ROWLESS = {"count": "2", "rows": "-", "since": "9.5"}
CASES: list[tuple[Any, str, str, dict[str, str]]] = [
    (
        OrderIntended(
            Order("i", "t", "KRW-BTC", "bid", "limit", price=D(100), volume=D(500)),
            "n",
            "{}",
            1.0,
            True,
            "max_order_krw",
            D(100_000),
        ),
        "info",
        "entry_cut",
        {"krw": "50000", "stake": "100000", "cap": "max_order_krw"},
    ),
    (ENTRY, "info", "entry_signal", {"price": "100", "krw": "100000", "tag": "rsi macd"}),
    (FORCED, "info", "entry_unpriced", {"krw": "50000", "tag": "force_entry"}),
    (VETO, "info", "entry_vetoed", {"reason": "cooldown", "conditions": "rsi macd"}),
    (
        ABOVE,
        "info",
        "ask_above_band",
        {"conditions": "rsi", "ask": "323", "price": "321", "above": "0.6", "allowed": "0.3"},
    ),
    (
        BudgetRefused("t", "KRW-BTC", "insufficient_budget", D(5413), D(10)),
        "warning",
        "entry_unfunded",
        {"reason": "insufficient_budget", "needed": "5413", "free": "10"},
    ),
    (
        OrderRefused(*NO, "bid", "market_offline", "점검"),
        "warning",
        "entry_refused",
        {"reason": "market_offline", "text": "점검"},
    ),
    (
        ExitFailed("i", "t", "KRW-BTC", "market_offline", 2.0, tells=True, text="점검"),
        "critical",
        "exit_refused",
        {"reason": "market_offline", "text": "점검"},
    ),
    (
        ExitFailed("i", "t", "KRW-BTC", "coins_not_free", 2.0, True, True, asks=(LOCK,)),
        "critical",
        "exit_locked",
        {"volume": "3", "price": "700", "uuid": "his"},
    ),
    (
        ExitWanted("i", "t", "KRW-BTC", D(2), "roi", D(110), 60, 150.0),
        "info",
        "exit_signal",
        {"price": "110", "volume": "2", "reason": "roi"},
    ),
    (
        ExitWanted("i", "t", "KRW-BTC", D(2), "force_exit", D(0), -1, 150.0),
        "info",
        "exit_unpriced",
        {"volume": "2", "reason": "force_exit"},
    ),
    (
        BOUGHT,
        "info",
        "entry_filled",
        {"volume": "3", "price": "33.33333333", "krw": "100", "fee": "0.05"},
    ),
    (UNFILLED, "info", "entry_unfilled", {"ending": "unfilled"}),
    (
        TradeClosed(ROW),
        "info",
        "exit_filled",
        {
            "volume": "2",
            "price": "110",
            "krw": "220.00000000",
            "profit": "19.79",
            "ratio": "0.0989",
            "reason": "roi",
        },
    ),
    (
        DustKept(DUST, D(220), "roi"),
        "info",
        "trade_dust",
        {"volume": "2", "krw": "220", "profit": "19.79", "ratio": "0.0989"},
    ),
    (
        TradeClosed(DUST, D("0.01"), D(1), D(0)),  # of an older journal
        "info",
        "trade_dust",
        {"volume": "0.01", "krw": "1", "profit": "19.79", "ratio": "0.0989"},
    ),
    (
        OrderUncertain("i", "KRW-BTC", "bid", "unknown"),
        "warning",
        "order_uncertain",
        {"side": "bid", "reason": "unknown"},
    ),
    (OrderAccepted("i", "u", "KRW-BTC"), "info", "order_arrived", {"side": "bid"}),
    (OrderFound(*NO, "bid"), "critical", "order_found", {"side": "bid"}),
    (OrderAbsent(*NO, "bid", NOW), "warning", "order_absent", {"side": "bid"}),
    (
        OrderDisputed("i", "KRW-BTC", "other_price"),
        "critical",
        "order_disputed",
        {"reason": "other_price"},
    ),
    (
        PairLocked("KRW-BTC", 9.0, "StoplossGuard"),
        "info",
        "pair_locked",
        {"until": "9.0", "reason": "StoplossGuard"},
    ),
    (BreakerOpened(300.0, 3), "critical", "breaker_opened", {"failures": "3", "until": "300.0"}),
    (BreakerHalfOpened(), "info", "breaker_probed", {}),
    (BreakerClosed(), "info", "breaker_closed", {}),
    (VenueBanned(61.0), "critical", "venue_banned", {"until": "61.0"}),
    (
        PaceShrunk("order", 6),
        "warning",
        "pace_shrunk",
        {"group": "order", "per_second": "6"},
    ),
    (TradingChanged("killed"), "warning", "mode_changed", {"mode": "killed"}),
    (
        SpaceShort("disk_short", 0.125, 63_999_999),
        "critical",
        "space_short",
        {"reason": "disk_short", "megabytes": "63", "used": "12"},
    ),
    (SpaceRegained(), "info", "space_regained", {}),
    (FeedTaken(False, 12.6), "critical", "feed_stale", {"seconds": "12"}),
    (AccountReconciled(), "info", "account_reconciled", {}),
    (
        TradeSuspended("t", "KRW-BTC", Decimal(1), 1.0, 86401.0),
        "critical",
        "coins_left",
        {"volume": "1", "coin": "BTC", "until": "86401.0"},
    ),
    (TradeResumed("t", "KRW-BTC"), "info", "coins_back", {}),
    (
        CoinsMovedOut("KRW-BTC", Decimal(1), Decimal(90), Decimal(2), Decimal(90)),
        "warning",
        "coins_moved_out",
        {"volume": "1", "krw": "92"},
    ),
    (
        CoinsReturned("KRW-BTC", Decimal(1), Decimal(92)),
        "critical",
        "coins_returned",
        {"volume": "1", "krw": "92", "coin": "BTC"},
    ),
    (
        TradeClosed(structs.replace(ROW, exit_reason="lost")),
        "warning",
        "coins_lost",
        {"volume": format(ROW.amount, "f"), "profit": format(ROW.profit_abs, "f")},
    ),
    (BudgetAdjusted(Decimal(-5), "account"), "warning", "cash_left", {"krw": "5"}),
    (DisputeSettled("a", "KRW-BTC"), "warning", "dispute_settled", {"pair": "KRW-BTC"}),
    (
        ExitUnresolved("a", "KRW-BTC", 30),
        "critical",
        "exit_unresolved",
        {"pair": "KRW-BTC", "seconds": "30"},
    ),
    (
        TradeReleased("a", "KRW-BTC", Decimal(1)),
        "info",
        "trade_released",
        {"pair": "KRW-BTC", "volume": "1"},
    ),
    (
        BudgetAdjusted(Decimal(5), "account"),
        "warning",
        "cash_adjusted",
        {"krw": "5", "reason": "account"},
    ),
    (
        InvariantBroken("cash_differs", "KRW-BTC@60", "1", "2", (7, 9)),
        "critical",
        "invariant_broken",
        {
            "invariant": "cash_differs",
            "where": "KRW-BTC@60",
            "expected": "1",
            "found": "2",
            "evidence": "7 9",
        },
    ),
    (
        StopsDisabled("no_authorization_ip", (RISK,), 99.5, 99.5),
        "critical",
        "stops_disabled",
        {"reason": "no_authorization_ip", "since": "99.5", "stops": "KRW-BTC=0.01@95000"},
    ),
    (StopsEnabled(99.5, 400.0), "warning", "stops_enabled", {"lasting": "300"}),
    (
        SnapshotTaken("year 2027", 2027, 1.0, 2.0, 1.0, (HeldCurrency("BTC"),)),
        "info",
        "snapshot_taken",
        {"year": "2027", "count": "1"},
    ),
    (
        SnapshotTaken("year 2027", 2027, 1.0, 7201.0, 7200.0, ()),
        "warning",
        "snapshot_late",
        {"year": "2027", "count": "0", "lasting": "7200"},
    ),
    (SnapshotTaken("hand 1", 0, 0.0, 1.0, 0.0, ()), "info", "snapshot_by_hand", {"count": "0"}),
    (
        SnapshotMissed(2027, 1.0, 400.0, lost=False, reason="timeout"),
        "warning",
        "snapshot_missed",
        {"year": "2027", "lasting": "400", "reason": "timeout"},
    ),
    (
        SnapshotMissed(2027, 1.0, 700000.0, lost=True),
        "critical",
        "snapshot_lost",
        {"year": "2027"},
    ),
    (
        SnapshotTaken("hand 1", 0, 0.0, 1.0, 0.0, (), unread=("BTC", "*")),
        "critical",
        "snapshot_partial",
        {"count": "0", "unread": "BTC *"},
    ),
    (SnapshotFailed("hand 1", "timeout"), "warning", "snapshot_failed", {"reason": "timeout"}),
    (
        PairReminded("KRW-BTC", "wallet_suspended", "paused", 1.0),
        "warning",
        "held_barred",
        {"reason": "wallet_suspended", "detail": "paused"},
    ),
    (PastShut("timeout", 9.5), "critical", "past_unread", {"reason": "timeout", "since": "9.5"}),
    (
        RowsUnread(2, ("u1", "KRW-A"), 9.5, 6, True),
        "critical",
        "rows_unread",
        {"count": "2", "rows": "u1 KRW-A", "since": "9.5"},
    ),
    (RowsUnread(2, (), 9.5, 6, True), "critical", "rows_unread", ROWLESS),
    (
        LookUnread("name", "KRW-BTC", "t", 10, True),
        "critical",
        "sale_unread",
        {"identifier": "name", "pair": "KRW-BTC"},
    ),
    (LookUnread("name", "", "", 10, True), "warning", "order_unread", {"identifier": "name"}),
    (RecoveryBegun(9.5, 3), "critical", "recovery_begun", {"orders": "3", "since": "9.5"}),
    (
        SaleFound("t/x1", "n", "t", "KRW-BTC", Decimal(2), Decimal(180), Decimal(1), 9.5),
        "critical",
        "sale_found",
        {"pair": "KRW-BTC", "volume": "2", "price": "90.00000000", "krw": "180", "since": "9.5"},
    ),
    (
        StrayFound("n", "KRW-BTC", "bid", Decimal(2), Decimal(180), Decimal(1), 9.5),
        "critical",
        "purchase_found",
        {"pair": "KRW-BTC", "volume": "2", "price": "90.00000000", "krw": "180", "since": "9.5"},
    ),
    (
        StrayFound("n", "KRW-BTC", "ask", Decimal(2), Decimal(180), Decimal(1), 9.5),
        "critical",
        "stray_sale_found",
        {"pair": "KRW-BTC", "volume": "2", "price": "90.00000000", "krw": "180", "since": "9.5"},
    ),
    (ExitsAllowed(True, 9.5, 2), "warning", "recovery_ended", {"orders": "2"}),
    (ExitsAllowed(False, 9.5), "warning", "exits_go_on_unread", {"since": "9.5"}),
    (
        AccountTaken("key", "name"),
        "warning",
        "account_found",
        {"account": "key", "identifier": "name"},
    ),
    (AccountTaken("key"), "warning", "account_taken", {"account": "key"}),
    (
        AccountDenied("key", "name", 0, ("KRW-BTC",)),
        "critical",
        "account_denied",
        {"account": "key", "pairs": "KRW-BTC"},
    ),
    (
        BirthSighted("name", "KRW-BTC", 9.5),
        "critical",
        "second_birth",
        {"identifier": "name", "pair": "KRW-BTC", "since": "9.5"},
    ),
    (FeedTaken(True, 500.1), "warning", "feed_fresh", {"lasting": "500"}),
    (
        PairBarred("KRW-BTC", "halted", "preview", False),
        "warning",
        "pair_barred",
        {"reason": "halted", "detail": "preview"},
    ),
    (
        PairBarred("KRW-BTC", "delisting", "2026-12-01", True),
        "critical",
        "held_barred",
        {"reason": "delisting", "detail": "2026-12-01"},
    ),
    (
        PairReminded("KRW-BTC", "warned", "", 1.0),
        "critical",
        "held_barred",
        {"reason": "warned", "detail": ""},
    ),
    (PairFreed("KRW-BTC", "warned"), "info", "pair_freed", {"reason": "warned"}),
    (KeyEnding(99.5, 14, 14), "warning", "key_ending", {"until": "99.5", "days": "14"}),
    (KeyEnding(99.5, 6, 7), "critical", "key_ending", {"until": "99.5", "days": "6"}),
    (ClockDiffered(-1.52), "critical", "clock_differs", {"off": "-1.5"}),
    (ClockAgreed(), "info", "clock_agrees", {}),
    (
        PricesRefused("KRW-BTC", "frame_old", D(9), D(10), 3),
        "warning",
        "price_refused",
        {"price": "9", "last_price": "10", "reason": "frame_old", "count": "3"},
    ),
    (
        PricesRefused("KRW-BTC", "frame_unwitnessed", D(7), D(10)),
        "warning",
        "price_unwitnessed",
        {"price": "7", "last_price": "10", "count": "1"},
    ),
    (AccountShut("timeout"), "critical", "account_shut", {"reason": "timeout"}),
    (AccountOpened(), "info", "account_opened", {}),
    (CoinUnread("KRW-BTC"), "warning", "coin_unread", {"pair": "KRW-BTC"}),
    (CoinRead("KRW-BTC"), "info", "coin_read", {"pair": "KRW-BTC"}),
    (
        ConfigAdopted(Config(pair_whitelist=("KRW-BTC", "KRW-XRP"))),
        "info",
        "config_adopted",
        {
            "strategy": "rsi_macd_bollinger",
            "timeframe": "1m",
            "pairs": "KRW-BTC KRW-XRP",
            "stake": "100000",
        },
    ),
]
PART = TradeReduced(ROW)
SALE = OrderClosed("i", "t", "KRW-BTC", "ask", "done", D(3), D(100), D("0.05"), 1.0)


@pytest.mark.parametrize(("event", "level", "key", "facts"), CASES)
def test_an_event_becomes_its_notice(
    event: Any, level: str, key: str, facts: dict[str, str]
) -> None:
    if "pair" in NOTICES[key]:
        facts = {"pair": "KRW-BTC", **facts}
    notices = turn(Notifier, QUIET, event, NOW).of(ShowNotice)
    assert notices == [ShowNotice(level, key, facts, NOW)]  # type: ignore[arg-type]


def test_every_notice_has_exactly_the_facts_that_are_listed() -> None:
    events = [event for event, *_ in CASES] + [PART, SALE]
    assert {type(event) for event in events} == {
        *get_args(NoticeOf),
        *get_args(OfOrder),
        *get_args(OfAccount),
        *get_args(OfVenue),
    }
    due = SummaryDue(NOW)
    busy = turn(Notifier, QUIET, ENTRY, NOW).state
    turned = [turn(Notifier, QUIET, e, NOW) for e in events]
    turned += [turn(Notifier, QUIET, due, NOW), turn(Notifier, busy, due, NOW)]
    notices = [n for t in turned for n in t.of(ShowNotice)] + [bought(PART_OF_IT), bought(CUT)]
    said = {n.key: tuple(sorted(n.facts)) for n in notices}
    listed = {key: tuple(sorted(facts)) for key, facts in NOTICES.items()}
    assert said == {key: facts for key, facts in listed.items() if key != "actor_failed"}


PART_OF_IT = EndReason("part_filled", {"filled": "3", "asked": "5"})  # the rest found no seller
CUT = EndReason("", {"cut": "free_cash", "krw": "100", "stake": "200"})


def bought(why: EndReason) -> ShowNotice:
    """Of an entry that ended so."""
    (notice,) = [m for m in decide(QUIET, BOUGHT, NOW, why) if isinstance(m, ShowNotice)]
    return notice


def test_an_entry_filled_in_part_says_what_became_of_the_rest() -> None:
    notice = bought(PART_OF_IT)
    assert notice.key == "entry_part_filled"
    assert notice.facts["ending"] == "part_filled filled=3 asked=5"


def test_an_entry_that_was_cut_and_filled_whole_says_so() -> None:
    notice = bought(CUT)
    assert notice.key == "entry_filled_cut"
    assert (notice.facts["stake"], notice.facts["cap"]) == ("200", "free_cash")


def test_a_notice_is_dated_by_its_event_however_late_it_is_told(tmp_path: Path) -> None:
    heard: list[ShowNotice] = []
    with Store.create(tmp_path / "state", Identity("b", "paper", "upbit", ""), sync=False) as store:
        runtime = DeterministicRuntime(NOW)
        system = System(runtime, store, [Notifier, ConsoleNotifier], {"voice": heard.append})
        system.start()
        system.deliver(Envelope(ENTRY, NOW - 120, "strategist", number=1))
        runtime.run_until(NOW)
    assert [notice.at for notice in heard] == [NOW - 120]


def test_the_same_refusal_each_minute_is_said_once_at_the_console(tmp_path: Path) -> None:
    heard: list[ShowNotice] = []
    with Store.create(tmp_path / "state", Identity("b", "paper", "upbit", ""), sync=False) as store:
        runtime = DeterministicRuntime(NOW + 1)
        system = System(runtime, store, [Notifier, ConsoleNotifier], {"voice": heard.append})
        system.start()
        refusal = OrderRefused(*NO, "bid", "market_offline")
        for minute in range(50):
            at = NOW + 60.0 * minute
            system.deliver(Envelope(refusal, at, "gateway", number=minute + 1))
            runtime.run_until(at + 1)
    assert [notice.key for notice in heard] == ["entry_refused"]


def test_a_refused_exit_is_told_by_holdings_alone_and_not_at_each_try() -> None:
    refusal = OrderRefused(*NO, "ask", "market_offline")
    assert not turn(Notifier, QUIET, refusal, NOW).of(ShowNotice)
    silent = ExitFailed("i", "t", "KRW-BTC", "market_offline", 2.0)
    assert not turn(Notifier, QUIET, silent, NOW).of(ShowNotice)


def test_what_was_moved_out_is_told_with_its_cost_and_not_as_a_sale() -> None:
    moved = TradeClosed(structs.replace(ROW, exit_reason="moved_out"))
    assert not turn(Notifier, QUIET, moved, NOW).of(ShowNotice)


def test_a_start_tells_and_counts_nothing_of_a_former_life(tmp_path: Path) -> None:
    heard: list[ShowNotice] = []
    with Store.create(tmp_path / "state", Identity("b", "paper", "upbit", ""), sync=False) as store:
        former = [Envelope(ENTRY, NOW - 900, "strategist"), Envelope(VETO, NOW - 600, "strategist")]
        store.commit("strategist", Record(()), former)
        runtime = DeterministicRuntime(NOW - 300)
        system = System(runtime, store, [Notifier, ConsoleNotifier], {"voice": heard.append})
        system.start()
        runtime.run_until(NOW)
    assert [(notice.key, notice.facts["since"]) for notice in heard] == [
        ("summary_quiet", repr(NOW - 300))
    ]


def test_a_part_is_told_as_a_part_and_a_sale_only_with_its_profit() -> None:
    assert turn(Notifier, QUIET, PART, NOW).of(ShowNotice)[0].key == "exit_part_filled"
    assert turn(Notifier, QUIET, SALE, NOW).said == []


def test_a_summary_tells_the_counts_of_its_hour_and_begins_again() -> None:
    refusal = OrderRefused(*NO, "bid", "x")
    busy = turns(
        Notifier, QUIET, NOW, ENTRY, VETO, BOUGHT, UNFILLED, PART, TradeClosed(ROW), refusal
    )
    given = turn(Notifier, busy.state, SummaryDue(NOW - 60), NOW)
    assert given.of(ShowNotice)[0].facts == {
        "since": repr(NOW - 60),
        "signals": "2",
        "entries": "1",
        "exits": "2",
        "profit": "39.58",
        "refusals": "1",
    }
    assert given.events == [SummaryGiven(NOW, NOW + 3600)]
    assert given.alarms == [After(3600.0, SummaryDue())]
    assert given.state == NotifierState(since=NOW, due=NOW + 3600)


def test_a_quiet_hour_says_that_there_were_no_signals() -> None:
    state = NotifierState(since=NOW - 3600, due=NOW)
    assert turn(Notifier, state, SummaryDue(), NOW).of(ShowNotice)[0].key == "summary_quiet"


def test_a_second_alarm_of_the_same_hour_gives_no_second_summary() -> None:
    state = turn(Notifier, QUIET, SummaryDue(), NOW).state
    twin = turn(Notifier, state, SummaryDue(), NOW + 0.5)
    assert twin.said == [After(3599.5, SummaryDue())]


def test_the_first_event_of_the_next_hour_gives_the_summary_of_the_hour_before() -> None:
    state = NotifierState(since=NOW - 3600, due=NOW, entries=1)
    late = turn(Notifier, state, ENTRY, NOW + 1800)
    assert [(n.key, n.at) for n in late.of(ShowNotice)] == [
        ("summary_quiet", NOW),
        ("entry_signal", NOW + 1800),
    ]
    assert late.state == NotifierState(since=NOW, due=NOW + 3600, signals=1)
    early = turn(Notifier, state, ENTRY, NOW - 1)
    assert [n.key for n in early.of(ShowNotice)] == ["entry_signal"]


def test_a_summary_that_is_given_late_is_dated_by_when_it_was_due() -> None:
    state = NotifierState(since=NOW - 3600, due=NOW)
    late = turn(Notifier, state, SummaryDue(), NOW + 5400)
    assert [n.at for n in late.of(ShowNotice)] == [NOW]
    assert late.state == NotifierState(since=NOW, due=NOW + 7200)


def test_the_first_summary_is_due_at_the_next_full_hour() -> None:
    assert list(Notifier.resume(QUIET, NOW + 600)) == [After(3000.0, SummaryDue(NOW + 600))]


def test_an_order_that_arrived_at_once_is_told_by_its_fill_alone() -> None:
    assert turn(Notifier, QUIET, OrderAccepted("i", "u"), NOW).said == []


def test_telling_and_counting_cost_no_commit() -> None:
    assert not Notifier.durable
    assert turn(Notifier, QUIET, ENTRY, NOW).events == [NoticeCounted("signal")]
