"""Live beside paper, trade by trade: what differs, and that every difference is explained."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from interfaces.catalogue import LANGUAGES
from interfaces.drift.differing import KINDS, Difference, differences, sums
from interfaces.drift.side import Side
from interfaces.drift.told import reason
from messages.base import Event
from messages.budget import BudgetRefused
from messages.orders import OrderAbsent, OrderClosed, OrderRefused
from messages.trading import (
    EntryVetoed,
    EntryWanted,
    Row,
    TradeClosed,
    TradeOpened,
    TradeReduced,
)
from tests.interfaces.journals import BTC, START, letters, row

D = Decimal
END = START + 86400.0
CANDLE = START + 600
ID = f"{BTC}@{CANDLE}"


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
) -> Row:
    pair = trade.partition("@")[0].partition("!")[0]
    sold = row(profit, pair=pair, close=at, reason=why, stake=stake, trade=trade)
    prices = {"open_rate": D(entry), "close_rate": D(price), "open_date": CANDLE + 61.0}
    return structs.replace(sold, enter_tag=tag, **prices)


def side(events: Sequence[Event]) -> Side:
    return Side().take(letters(list(events)))


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
