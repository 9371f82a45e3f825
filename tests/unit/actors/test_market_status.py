"""The warden: what the venue says bars entries, is said to people, and ends by itself."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest
from msgspec import structs

from actors.entries import strategist
from actors.entries.entry_filter import StrategistState, entry_refusal
from actors.entries.strategist import Strategist
from actors.holdings.holdings import Holdings
from actors.market import market_status
from actors.market.market_status import (
    KEY_SECONDS,
    MARKETS_SECONDS,
    TERMS_SECONDS,
    MarketStatusOwner,
)
from core.market.instrument_status import MarketStatus
from core.notices.market_status import venue_notice
from messages.base import After
from messages.config import Config
from messages.control import ConfigAdopted, ConfigTaken
from messages.exchange import Exchange
from messages.market_status import (
    CheckKey,
    CheckMarkets,
    CheckTerms,
    CheckWallets,
    ClockAgreed,
    ClockDiffered,
    KeyEnding,
    PairBarred,
    PairFreed,
    PairReminded,
    StandingReport,
    TermsAwaited,
    TermsSeen,
    WatchPairs,
)
from messages.orders import OrderRefused
from messages.trading import EntryEnded, ExitWanted, TradeOpened
from messages.venue_queries import (
    FetchKey,
    FetchMarkets,
    FetchTerms,
    FetchWallets,
    KeyReport,
    MarketsReport,
    Terms,
    TermsReport,
    WalletsReport,
)
from tests.unit.actors.fold_checks import turn
from tests.unit.actors.turns import Turns, of

LIVE = Config(dry_run=False)
PAIRS = ("KRW-A", "KRW-B")
GOOD = Terms(LIVE.fee_rate, LIVE.min_order_krw)
ALL = MarketsReport(PAIRS)
DAY = 86400.0


def begun(config: Config = LIVE) -> Turns:
    """A first life whose terms were seen."""
    turns = Turns(market_status, MarketStatusOwner)
    turns.all(ConfigAdopted(config), WatchPairs(PAIRS))
    turns.take(TermsReport(dict.fromkeys(PAIRS, GOOD)))
    return turns


def locked(events: list[Any], pair: str = "KRW-A") -> str | None:
    """Why the strategist would not enter the pair, after these events."""
    state = StrategistState(config=LIVE)
    for event in events:
        if isinstance(event, strategist.OfLock):
            state = turn(Strategist, state, event, 0.0, None).state
    return entry_refusal(state, pair, 1.0)


def test_no_entry_before_the_terms_of_every_pair_were_seen() -> None:
    turns = Turns(market_status, MarketStatusOwner)
    said = turns.take(ConfigAdopted(LIVE))
    assert of(TermsAwaited, said) == [TermsAwaited()]
    assert locked(said) == "terms_unknown"
    said += turns.take(WatchPairs(PAIRS))
    assert of(FetchTerms, said) == [FetchTerms(PAIRS)]
    said += turns.take(TermsReport({"KRW-A": GOOD}))
    assert locked(said) == "terms_unknown", "one is missing"
    said += turns.take(TermsReport(dict.fromkeys(PAIRS, GOOD)))
    assert locked(said) is None


def test_each_life_begins_with_looking_again() -> None:
    state = begun().state
    said = list(MarketStatusOwner.resume(state, 0.0))
    assert said == [
        TermsAwaited(),
        After(MARKETS_SECONDS, CheckTerms()),
        CheckKey(),
        CheckWallets(),
        CheckMarkets(),
    ]


def test_on_paper_only_what_needs_no_key_is_asked() -> None:
    turns = Turns(market_status, MarketStatusOwner)
    said = turns.all(ConfigAdopted(Config(feed="upbit")), WatchPairs(PAIRS))
    said += turns.take(CheckMarkets())
    assert of(FetchMarkets, said) == [FetchMarkets()]
    assert of(FetchTerms, said) + of(FetchKey, said) + of(TermsAwaited, said) == []


def test_everything_is_asked_again_on_a_period() -> None:
    turns = begun()
    assert After(MARKETS_SECONDS, CheckMarkets()) in turns.take(CheckMarkets())
    assert turns.take(CheckTerms()) == [FetchTerms(PAIRS), After(TERMS_SECONDS, CheckTerms())]
    assert turns.take(CheckKey()) == [FetchKey(), After(KEY_SECONDS, CheckKey())]


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        (structs.replace(GOOD, state="preview"), "halted"),
        (structs.replace(GOOD, fee=D("0.0006")), "fee_differs"),
        (structs.replace(GOOD, least=D(6000)), "least_differs"),
        (structs.replace(GOOD, fee=D(0), least=D(1)), None),
    ],
)
def test_terms_that_are_worse_than_configured_bar_the_pair_until_they_are_not(
    terms: Terms, reason: str | None
) -> None:
    turns = begun()
    said = turns.take(TermsReport({"KRW-A": terms}))
    assert (locked(said), locked(said, "KRW-B")) == (reason, None)
    assert turns.take(TermsReport({"KRW-A": terms})) == [], "it is said once"
    said += turns.take(TermsReport({"KRW-A": GOOD}))
    assert locked(said) is None


def test_maintenance_told_by_a_refused_order_halts_the_pair_until_the_terms_say_otherwise() -> None:
    turns = begun()
    said = turns.take(OrderRefused("i", "i", "KRW-A", "bid", "market_offline"))
    assert locked(said) == "halted"
    assert FetchTerms(("KRW-A",)) in turns.take(CheckMarkets())
    said += turns.take(TermsReport({"KRW-A": GOOD}))
    assert locked(said) is None
    assert FetchTerms(("KRW-A",)) not in turns.take(CheckMarkets())


def test_a_market_in_preview_is_barred_until_a_ticker_says_otherwise_whatever_the_terms_say() -> (
    None
):
    turns = begun()
    preview, active = (StandingReport("KRW-A", word, "") for word in ("PREVIEW", "ACTIVE"))
    assert turns.take(preview, 5.0) == [PairBarred("KRW-A", "halted", "PREVIEW", False, 5.0)]
    assert of(PairFreed, turns.take(TermsReport({"KRW-A": GOOD}), 6.0)) == []
    turns.take(OrderRefused("i", "i", "KRW-A", "ask", "market_offline"))
    assert of(PairFreed, turns.take(TermsReport({"KRW-A": GOOD}), 6.0)) == []
    said = turns.take(active, 7.0)
    assert said == [PairFreed("KRW-A", "halted"), FetchTerms(("KRW-A",))]
    turns.take(TermsReport({"KRW-A": structs.replace(GOOD, state="preview")}), 8.0)
    assert turns.take(active, 9.0) == [], "of the terms' halt a ticker knows nothing"
    assert of(PairFreed, turns.take(TermsReport({"KRW-A": GOOD}), 10.0)) != []


def test_a_warning_bars_the_pair_and_its_end_frees_it() -> None:
    turns = begun()
    said = turns.take(MarketsReport(PAIRS, ("KRW-A",)))
    assert said == [PairBarred("KRW-A", "warned", "", False)]
    assert locked(said) == "warned"
    assert turns.take(MarketsReport(failed="timeout")) == [], "what is not known changes nothing"
    assert turns.take(ALL) == [PairFreed("KRW-A", "warned")]


def test_a_market_that_is_listed_no_more_is_barred() -> None:
    turns = begun()
    assert locked(turns.take(MarketsReport(("KRW-B",)))) == "gone"


def test_a_held_pair_with_a_date_of_its_delisting_is_said_at_once_and_daily() -> None:
    turns = begun()
    turns.take(TradeOpened("t", "KRW-A", D(1), D(1), D(0), D(1), 0.0, ""), 1.0)
    said = turns.take(StandingReport("KRW-A", "ACTIVE", "2026-12-01"), 5.0)
    assert said == [PairBarred("KRW-A", "delisting", "2026-12-01", True, 5.0)]
    assert venue_notice(said[0])[:2] == ("critical", "held_barred")
    assert of(PairReminded, turns.take(CheckMarkets(), 5.0 + DAY - 1)) == []
    again = of(PairReminded, turns.take(CheckMarkets(), 5.0 + DAY))
    assert again == [PairReminded("KRW-A", "delisting", "2026-12-01", 5.0 + DAY)]
    assert venue_notice(again[0])[:2] == ("critical", "held_barred")
    assert of(PairReminded, turns.take(CheckMarkets(), 5.0 + DAY + 1)) == []


def test_a_held_pair_that_is_traded_no_more_is_said_at_once_and_daily() -> None:
    turns = begun()
    turns.take(TradeOpened("t", "KRW-A", D(1), D(1), D(0), D(1), 0.0, ""), 1.0)
    said = turns.take(MarketsReport(("KRW-B",)), 5.0)
    assert said == [PairBarred("KRW-A", "gone", "", True, 5.0)]
    assert venue_notice(said[0])[:2] == ("critical", "held_barred")
    days = [of(PairReminded, turns.take(CheckMarkets(), 5.0 + DAY * n / 4)) for n in range(9)]
    assert [len(day) for day in days] == [0, 0, 0, 0, 1, 0, 0, 0, 1]


def test_what_is_bought_although_it_is_warned_is_said_too() -> None:
    turns = begun()
    turns.take(MarketsReport(PAIRS, ("KRW-A",)), 1.0)
    turns.take(TradeOpened("t", "KRW-A", D(1), D(1), D(0), D(1), 0.0, ""), 2.0)
    assert len(of(PairReminded, turns.take(CheckMarkets(), 1e9))) == 1


@pytest.mark.parametrize("wanted", [False, True])
def test_what_is_held_is_sold_for_a_delisting_only_where_that_was_configured(wanted: bool) -> None:
    config = Config(dry_run=False, exchange=Exchange(exit_on_delisting=wanted))
    opened = TradeOpened("t", "KRW-A", D(1), D(100), D(0), D(100), 0.0, "")
    state = Holdings.State()
    for event in (ConfigTaken(config), opened, EntryEnded("t", "KRW-A")):
        state = Holdings.evolve(state, event)
    barred = PairBarred("KRW-A", "delisting", "2026-12-01", True)
    exits = turn(Holdings, state, barred, 9.0, None).of(ExitWanted)
    assert [(e.trade, e.volume, e.reason) for e in exits] == [("t", D(1), "force_exit")] * wanted
    warned = PairBarred("KRW-A", "warned", "", True)
    assert turn(Holdings, state, warned, 9.0, None).of(ExitWanted) == []


def test_a_keys_end_is_announced_thirty_fourteen_seven_and_one_days_ahead_once_each() -> None:
    turns, end = begun(), 100 * DAY
    said = []
    for quarter in range(4 * 101):
        said += turns.take(KeyReport(end), quarter * DAY / 4)
    assert [(event.days, event.due) for event in said] == [(30, 30), (14, 14), (7, 7), (1, 1)]
    assert [venue_notice(event)[0] for event in said] == ["warning"] * 2 + ["critical"] * 2
    assert turns.take(KeyReport(0.0), 99.5 * DAY) == [], "an answer that says nothing"
    assert turns.take(KeyReport(end + 10 * DAY), 99.5 * DAY) == [
        KeyEnding(end + 10 * DAY, 10, 14)
    ], "a new key"


@pytest.mark.parametrize("skew", [1.5, -1.5])
def test_a_clock_that_is_off_by_more_than_a_second_bars_entries_until_it_is_right(
    skew: float,
) -> None:
    turns = begun()
    assert turns.take(structs.replace(ALL, skew=1.0)) == []
    said = turns.take(structs.replace(ALL, skew=skew))
    assert said == [ClockDiffered(skew)]
    assert locked(said) == "clock_differs"
    assert turns.take(structs.replace(ALL, skew=skew)) == []
    said += turns.take(ALL)
    assert said[-1] == ClockAgreed()
    assert locked(said) is None


def test_terms_are_seen_in_this_life_and_not_in_a_former_one() -> None:
    state = MarketStatus(config=LIVE, pairs=PAIRS)
    state = MarketStatusOwner.evolve(state, TermsAwaited())
    assert (
        TermsSeen()
        in turn(MarketStatusOwner, state, TermsReport(dict.fromkeys(PAIRS, GOOD)), 0.0).events
    )


# --- wallets
def wallets(**states: str) -> WalletsReport:
    return WalletsReport({"A": "working", "B": "working", **states})


def test_a_coin_whose_wallet_is_suspended_gets_no_entry_until_it_works_again() -> None:
    turns = begun()
    assert FetchWallets() in turns.take(CheckWallets())
    said = turns.take(wallets(A="paused"), at=5.0)
    assert said == [PairBarred("KRW-A", "wallet_suspended", "paused", False, 5.0)]
    assert locked(said) == "wallet_suspended"
    assert locked(said, "KRW-B") is None
    assert turns.take(wallets(A="paused"), at=6.0) == [], "it is said once"
    said += turns.take(wallets())
    assert said[-1] == PairFreed("KRW-A", "wallet_suspended")
    assert locked(said) is None


def test_a_held_coin_whose_wallet_is_suspended_is_said_at_once_and_daily() -> None:
    turns = begun()
    turns.take(TradeOpened("t", "KRW-A", D(1), D(1), D(0), D(1), 0.0, ""))
    said = turns.take(wallets(A="withdraw_only"), at=5.0)
    assert said == [PairBarred("KRW-A", "wallet_suspended", "withdraw_only", True, 5.0)]
    assert venue_notice(said[0])[:2] == ("warning", "held_barred")
    assert of(PairReminded, turns.take(CheckMarkets(), at=4.0 + DAY)) == []
    reminded = of(PairReminded, turns.take(CheckMarkets(), at=5.0 + DAY))
    assert reminded == [PairReminded("KRW-A", "wallet_suspended", "withdraw_only", 5.0 + DAY)]


@pytest.mark.parametrize(
    "report", [WalletsReport(failed="timeout"), WalletsReport({"B": "working"}, unread=("A",))]
)
def test_what_cannot_be_read_of_wallets_changes_nothing(report: WalletsReport) -> None:
    turns = begun()
    assert turns.take(report) == []
    turns.take(wallets(A="paused"))
    assert turns.take(report) == []


def test_a_coin_that_no_wallet_list_knows_is_not_barred() -> None:
    turns = begun()
    turns.take(wallets(A="paused"))
    assert turns.take(WalletsReport({"B": "working"})) == [PairFreed("KRW-A", "wallet_suspended")]


def test_who_trades_suspended_coins_all_the_same_is_not_barred() -> None:
    bold = structs.replace(LIVE, trade_wallet_suspended=True)
    turns = begun()
    turns.take(wallets(A="paused"))
    assert PairFreed("KRW-A", "wallet_suspended") in turns.take(ConfigAdopted(bold))
    assert of(FetchWallets, turns.take(CheckWallets())) == []
    assert turns.take(wallets(A="paused")) == []
    turns.take(ConfigAdopted(LIVE))
    assert FetchWallets() in turns.take(CheckWallets())


def test_on_paper_no_wallet_is_asked_for() -> None:
    turns = Turns(market_status, MarketStatusOwner)
    said = turns.all(ConfigAdopted(Config(feed="upbit")), WatchPairs(PAIRS))
    assert of(FetchWallets, said) == []
    assert CheckWallets() not in said


def test_a_market_whose_row_cannot_be_read_is_barred_and_not_gone() -> None:
    turns = begun()
    said = turns.take(MarketsReport(("KRW-A",), unread=("KRW-B",)))
    assert of(PairBarred, said) == [PairBarred("KRW-B", "unread", "", False, 0.0)]
    assert locked(said, "KRW-A") is None
    said = turns.take(MarketsReport(("KRW-A",), unread=("*",)))
    assert of(PairBarred, said) == [], "the row may be its own"
    said = turns.take(MarketsReport(("KRW-A",)))
    assert {event.reason for event in of(PairBarred, said)} == {"gone"}
    assert of(PairFreed, said) == [PairFreed("KRW-B", "unread")]


def test_pairs_that_a_new_configuration_names_are_asked_about_at_once() -> None:
    turns = begun()
    new = structs.replace(LIVE, pair_whitelist=("KRW-A", "KRW-DOEG"))
    said = turns.take(ConfigAdopted(new))
    assert of(FetchMarkets, said) == [FetchMarkets()]
    assert of(FetchTerms, said) == [FetchTerms(("KRW-A", "KRW-DOEG"))]
    said = turns.take(ALL)
    barred = [(event.pair, event.reason) for event in of(PairBarred, said)]
    assert barred == [("KRW-DOEG", "gone")]
    assert of(FetchMarkets, turns.take(ConfigAdopted(new))) == []
