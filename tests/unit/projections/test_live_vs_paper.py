"""Live beside paper, trade by trade: what differs, and that every difference is explained."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from i18n import LANGUAGES, word
from i18n.formatting import kst
from interfaces.commands.live_vs_paper import reason
from messages.base import Event
from messages.budget import BudgetRefused
from messages.config import Config
from messages.control import ConfigAdopted, TradingChanged
from messages.market import FeedTaken
from messages.orders import OrderAbsent, OrderClosed, OrderRefused
from messages.trading import (
    BookAnswered,
    EntryVetoed,
    EntryWanted,
    LockTaken,
    PairLocked,
    SlotFreed,
    TradeClosed,
    TradeOpened,
    TradeRecord,
    TradeReduced,
)
from projections.live_vs_paper import KINDS, Difference, differences, sums
from projections.run import RunTrades
from tests.support.journals import BTC, START, letters, row

D = Decimal
END = START + 86400.0
CANDLE = START + 600
ID = f"{BTC}@{CANDLE}"
SEEN = frozenset({CANDLE})


def bought(
    price: str = "1000",
    trade: str = ID,
    at: float = CANDLE + 61.0,
    stake: str = "10000",
    tag: str = "",
) -> Event:
    pair = trade.partition("@")[0].partition("!")[0]
    return TradeOpened(trade, pair, D(10), D(stake), D(5), D(price), at, tag)


def sale(
    profit: str = "400",
    price: str = "1050",
    why: str = "roi",
    trade: str = ID,
    entry: str = "1000",
    at: float = CANDLE + 3600.0,
    stake: str = "10000",
    tag: str = "",
) -> TradeRecord:
    pair = trade.partition("@")[0].partition("!")[0]
    sold = row(profit, pair=pair, close=at, reason=why, stake=stake, trade=trade)
    prices = {"open_rate": D(entry), "close_rate": D(price), "open_date": CANDLE + 61.0}
    return structs.replace(sold, enter_tag=tag, **prices)


def side(events: Sequence[Event]) -> RunTrades:
    return RunTrades().take(letters(list(events)))


def compared(live: Sequence[Event], paper: Sequence[Event], judged: bool = True) -> Difference:
    seen = {BTC: frozenset({CANDLE} if judged else ())}
    (found,) = differences(side(live), side(paper), START, END, seen)
    return found


PAPER = [bought(), TradeClosed(sale())]
OPEN = [bought()]


@pytest.mark.parametrize(
    ("live", "paper", "kind", "why", "named"),
    [
        (PAPER, PAPER, "same", "", ""),
        (OPEN, OPEN, "same", "", ""),
        (
            [bought("1001"), TradeClosed(sale("390", entry="1001"))],
            PAPER,
            "price",
            "drift_fills",
            "",
        ),
        ([bought(), TradeClosed(sale("390", price="1049"))], PAPER, "price", "drift_fills", ""),
        (
            [bought(stake="5000"), TradeClosed(sale("200", stake="5000"))],
            *(PAPER, "price", "drift_size", ""),
        ),
        (
            [bought(), TradeClosed(sale("-300", "970", "stop_loss"))],
            *(PAPER, "exit", "drift_within_candle", ""),
        ),
        (OPEN, PAPER, "exit", "drift_still_open", ""),
        (PAPER, OPEN, "exit", "drift_still_open", ""),
        (
            [bought(), TradeClosed(sale("100", "1010", "force_exit"))],
            *(PAPER, "exit", "drift_by_hand", "force_exit"),
        ),
        (
            [bought(), TradeReduced(sale("100", "1020", "partial_exit")), TradeClosed(sale())],
            *(PAPER, "exit", "drift_within_candle", ""),
        ),
        ([bought(tag="adopted")], [], "only_live", "drift_adopted", ""),
        ([bought(trade=f"{BTC}!cmd", tag="force_entry")], [], "only_live", "drift_forced", ""),
        (
            [bought(at=START - 9.0), TradeClosed(structs.replace(sale(), open_date=START - 9.0))],
            *([], "only_live", "drift_before", ""),
        ),
        (
            PAPER,
            [EntryVetoed(BTC, CANDLE, "cooldown")],
            *("only_live", "drift_paper_refused", "cooldown"),
        ),
        (
            PAPER,
            [BudgetRefused(ID, BTC, "insufficient_budget", D(1), D(0))],
            *("only_live", "drift_paper_refused", "insufficient_budget"),
        ),
        (PAPER, [], "only_live", "drift_no_signal", ""),
        (
            [EntryVetoed(BTC, CANDLE - 60, "stopentry")],
            *(PAPER, "only_paper", "drift_live_refused", "stopentry"),
        ),
        (
            [OrderRefused(ID, ID, BTC, "bid", "under_min_total_bid", "최소주문금액")],
            *(PAPER, "only_paper", "drift_live_ended", "under_min_total_bid"),
        ),
        ([OrderAbsent(ID, ID, BTC, "bid")], PAPER, "only_paper", "drift_live_ended", "absent"),
        (
            [OrderClosed(ID, ID, BTC, "bid", "cancel", D(0), D(0), D(0), START + 1.0)],
            *(PAPER, "only_paper", "drift_live_ended", "unfilled"),
        ),
        ([], PAPER, "only_paper", "drift_no_live_signal", ""),
    ],
)
def test_each_way_to_differ_is_told_with_its_reason(
    live: list[Event], paper: list[Event], kind: str, why: str, named: str
) -> None:
    found = compared(live, paper)
    assert (found.kind, found.why, found.reason) == (kind, why, named)
    for language in LANGUAGES:
        assert bool(reason(found, language)) == (kind != "same")


def test_a_candle_that_the_bot_did_not_see_close_explains_before_any_veto_does() -> None:
    vetoed = [EntryVetoed(BTC, CANDLE - 60, "stopentry")]
    assert compared(vetoed, PAPER, judged=False).why == "drift_not_there"


def test_a_reason_holds_until_another_is_stated_or_an_entry_is_wanted() -> None:
    wanted = EntryWanted(ID, BTC, D(10000), D(1000), "", CANDLE, 0.0)
    late = side([EntryVetoed(BTC, CANDLE - 120, "cooldown"), wanted])
    assert late.refused(BTC, CANDLE - 60) == "cooldown"
    assert late.refused(BTC, CANDLE) == ""
    assert late.refused(BTC, CANDLE - 180) == ""
    other = side([EntryVetoed(BTC, 60, "cooldown"), EntryVetoed(BTC, 120, "stopentry")])
    assert [other.refused(BTC, at) for at in (60, 119, 120)] == [
        "cooldown",
        "cooldown",
        "stopentry",
    ]


EARLY = CANDLE - 360
HELD = f"{BTC}@{EARLY}"
ETH_HELD = "KRW-ETH@1"
WISH = EntryWanted(HELD, BTC, D(10000), D(1000), "", -1, 0.0)
OF_ETH = structs.replace(WISH, id=ETH_HELD, pair="KRW-ETH")
FULL = ConfigAdopted(Config(max_open_trades=1))
LISTED, BLACK = Config(pair_whitelist=("KRW-ETH",)), Config(pair_blacklist=(BTC,))


@pytest.mark.parametrize(
    ("reason_told", "begun", "ended"),
    [
        ("cooldown", PairLocked(BTC, CANDLE + 900.0, "cooldown"), PairLocked(BTC, 1.0, "cooldown")),
        ("no_room", LockTaken("*", 1e18, "no_room"), LockTaken("*", 0.0, "no_room")),
        ("stale_feed", FeedTaken(False), FeedTaken(True, 30.0)),
        ("stopentry", TradingChanged("stopentry"), TradingChanged("running")),
        ("pair_busy", WISH, SlotFreed(HELD, BTC)),
        ("max_open_trades", OF_ETH, SlotFreed(ETH_HELD, "KRW-ETH")),
        ("blacklisted", ConfigAdopted(BLACK), ConfigAdopted(Config())),
        ("not_listed", ConfigAdopted(LISTED), ConfigAdopted(Config())),
    ],
)
def test_a_reason_that_has_ended_before_a_candle_is_not_its_cause(
    reason_told: str, begun: Event, ended: Event
) -> None:
    before = [FULL, begun, EntryVetoed(BTC, EARLY, reason_told)]
    still, over = side(before), side([*before, ended])
    assert still.refused(BTC, CANDLE) == reason_told
    assert over.refused(BTC, CANDLE) == ""
    assert over.refused(BTC, EARLY) == reason_told, "at the candle that it names it is a fact"
    found = {one.why for one in differences(over, side(PAPER), START, END, {BTC: SEEN})}
    assert "drift_no_live_signal" in found


def test_a_cooldown_ends_by_its_own_time() -> None:
    lock = PairLocked(BTC, CANDLE + 60.0, "cooldown")
    live = side([lock, EntryVetoed(BTC, EARLY, "cooldown")])
    assert live.refused(BTC, CANDLE - 60) == "cooldown"
    assert live.refused(BTC, CANDLE) == ""


def test_what_an_order_book_said_holds_for_the_candles_at_which_it_was_asked() -> None:
    live = side([EntryVetoed(BTC, EARLY, "thin_book"), BookAnswered("x", BTC, CANDLE - 60)])
    asked = [EARLY, EARLY + 60, CANDLE - 60, CANDLE]
    assert [live.refused(BTC, at) for at in asked] == ["thin_book", "", "thin_book", ""]


def test_the_cause_of_a_cooldown_is_the_trade_that_ended_not_one_that_is_open() -> None:
    early, late = f"{BTC}@{CANDLE - 900}", f"{BTC}@{CANDLE - 60}"
    gone = structs.replace(sale(trade=early, at=CANDLE - 600.0), open_date=CANDLE - 840.0)
    live = [bought(trade=early, at=CANDLE - 840.0), TradeClosed(gone)]
    live += [EntryVetoed(BTC, CANDLE, "cooldown"), bought(trade=late, at=CANDLE + 1.0)]
    found = beside(live, PAPER)[ID]
    assert found.cause is not None
    assert (found.why, found.cause.trade) == ("drift_live_refused_own", early)


FORCED = f"{BTC}!cmd"
OTHER = "KRW-ETH!cmd"


def forced(trade: str, at: float) -> list[Event]:
    """The operator's entry: wished and opened at a moment."""
    pair = trade.partition("!")[0]
    wish = EntryWanted(trade, pair, D(10000), D(1000), "force_entry", -1, 0.0)
    return [wish, bought(trade=trade, at=at, tag="force_entry")]


def beside(live: Sequence[Event], paper: Sequence[Event]) -> dict[str, Difference]:
    """Every difference by its trade."""
    seen = {BTC: frozenset({CANDLE})}
    found = differences(side(live), side(paper), START, END, seen)
    return {(one.live or one.paper).trade: one for one in found}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("trade", "reason_told", "ended"),
    [(FORCED, "pair_busy", False), (OTHER, "max_open_trades", False), (FORCED, "cooldown", True)],
)
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_veto_by_ones_own_forced_trade_names_that_trade(
    trade: str, reason_told: str, ended: bool, language: str
) -> None:
    at = CANDLE - 300.0
    live = forced(trade, at)
    if ended:
        gone = sale(trade=trade, at=CANDLE - 60.0, tag="force_entry")
        live.append(TradeClosed(structs.replace(gone, open_date=at)))
    live.append(EntryVetoed(BTC, CANDLE, reason_told, ("rsi",)))
    found = beside(live, PAPER)[ID]
    assert (found.kind, found.why) == ("only_paper", "drift_live_refused_forced")
    assert found.cause is not None
    assert (found.reason, found.cause.trade) == (reason_told, trade)
    text = reason(found, language)
    assert word("reason", reason_told, language) in text
    assert kst(at, seconds=False) in text
    assert trade.partition("!")[0] in text


def test_a_wish_of_the_operators_leaves_a_reason_of_before_it_as_it_was() -> None:
    at = CANDLE + 600.0
    letter = letters([EntryVetoed(BTC, CANDLE, "blacklisted", ("rsi",)), *forced(FORCED, at)])
    dated = [structs.replace(one, at=max(CANDLE + 60.0, at)) for one in letter]
    live = RunTrades().take(dated)
    assert live.refused(BTC, CANDLE) == "blacklisted"
    assert live.refused(BTC, CANDLE + 600) == ""


def test_a_trade_that_paper_has_of_its_own_is_named_where_it_was_in_the_way() -> None:
    early = f"{BTC}@{CANDLE - 600}"
    paper = [bought(trade=early, at=CANDLE - 540.0), EntryVetoed(BTC, CANDLE, "pair_busy")]
    found = beside(PAPER, paper)[ID]
    assert found.why == "drift_paper_refused_own"
    assert found.cause is not None
    assert found.cause.trade == early


def test_an_exit_that_a_stopped_bot_did_not_make_says_so() -> None:
    stopped = letters([TradingChanged("stopped")])
    live = RunTrades().take(
        [*letters(OPEN), *(structs.replace(s, at=CANDLE + 99.0) for s in stopped)]
    )
    (found,) = differences(live, side(PAPER), START, END)
    assert (found.kind, found.why) == ("exit", "drift_stopped")


def test_without_the_candles_that_were_judged_no_signal_may_be_a_bot_that_was_down() -> None:
    (found,) = differences(side([]), side(PAPER), START, END)
    assert found.why == "drift_no_live_signal_or_down"


def test_only_what_was_sold_in_these_hours_counts() -> None:
    early = TradeReduced(sale("70", at=START - 1.0, why="partial_exit"))
    live = side([bought(at=START - 900.0), early, TradeClosed(sale("30"))])
    (found,) = differences(live, side([]), START, END)
    assert found.gap == 30


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(-500, 500), st.sampled_from(("live", "paper"))),
        max_size=30,
    )
)
def test_what_the_kinds_make_of_the_gap_is_the_whole_gap(
    rows: list[tuple[int, int, str]],
) -> None:
    events: dict[str, list[Event]] = {"live": [], "paper": []}
    seen = set()
    for place, profit, who in rows:
        trade = f"{BTC}@{START + 60 * place}"
        if (trade, who) not in seen:
            seen.add((trade, who))
            events[who] += [bought(trade=trade), TradeClosed(sale(str(profit), trade=trade))]
    live, paper = side(events["live"]), side(events["paper"])
    found = differences(live, paper, START, END)
    earned = [sum(d.profit for d in one.deals(START, END).values()) for one in (live, paper)]
    assert sum(gap for _, gap in sums(found).values()) == earned[0] - earned[1]
    assert sum(count for count, _ in sums(found).values()) == len({t for t, _ in seen})
    assert set(sums(found)) == set(KINDS)
