"""What is read beside orders: one request a step, tried again, and not asked for twice at once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from adapters.upbit.client import CLOSED_MAX
from adapters.upbit.fetches.account import PAGE, PAGES_MAX
from adapters.upbit.fetches.dispatch import fetch
from adapters.upbit.fetches.request import TRIES, WAITS, Requester
from adapters.upbit.groups import DEFAULT
from adapters.upbit.outcomes import call_report
from adapters.upbit.secrets import Keys, Secret
from adapters.upbit.session import Waits
from app.venue.connection import VenueConnection
from core.orders.payload import identifier
from messages.base import After
from messages.exchange import Exchange
from messages.orders import CallReport
from messages.venue_queries import (
    AccountReport,
    FetchAccount,
    FetchKey,
    FetchMarkets,
    FetchPast,
    FetchSnapshot,
    FetchTerms,
    FetchTicker,
    KeyReport,
    MarketsReport,
    PastReport,
    SnapshotReport,
    TermsReport,
    TickerReport,
)
from tests.support.account_contract import looked_at
from tests.support.sandbox_client import ACCESS, SECRET, Client, sandbox
from tests.support.scripted_server import Scripted, client, http, say

KEYS = Keys(Secret(ACCESS), Secret(SECRET))
QUICK = Waits(1.0, 1.0, 2.0)


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with sandbox(tmp_path_factory.mktemp("books")) as found:
        yield found


def connected(venue: Client) -> VenueConnection:
    return VenueConnection(Exchange(rest_url=venue.url), KEYS)


def requests_of(venue: Client) -> int:
    groups = venue.admin("counts")["groups"].values()
    return sum(group["requests"] for group in groups)


def followed(venue: Client, connection: VenueConnection, call: Any) -> tuple[Any, list[int]]:
    """The report at the end, and how many requests each step took."""
    steps: list[int] = []
    while True:
        before = requests_of(venue)
        came = connection.fetch(call)
        steps.append(requests_of(venue) - before)
        (call,) = [each for each in came if not isinstance(each, CallReport)]
        if not isinstance(call, FetchAccount | FetchPast | FetchTerms):
            return call, steps


def test_a_look_at_the_account_is_one_request_a_step(venue: Client) -> None:
    venue.admin("deposit", {"currency": "ETH", "amount": "2", "avg_buy_price": "1000"})
    connection = connected(venue)
    now = connection.clock.now()
    report, steps = followed(venue, connection, FetchAccount(now))
    assert isinstance(report, AccountReport)
    assert report.coins["KRW-ETH"].free == 2
    assert report.prices["KRW-ETH"] > 0
    assert steps == [1, 1, 1, 1]


def test_balances_and_prices_of_a_moment_ago_are_not_asked_for_again(venue: Client) -> None:
    connection = connected(venue)
    now = connection.clock.now()
    first, _ = followed(venue, connection, FetchAccount(now))
    again, steps = followed(venue, connection, FetchAccount(now + 1))
    assert (again.cash, again.prices) == (first.cash, first.prices)
    assert again.asked == now, "it counts as of when it was asked for"
    assert steps == [0, 1, 0, 1]


OURS, OTHERS = "a" * 32, "b" * 32


def placed(venue: Client, birth: str, count: int) -> list[str]:
    """Names of orders that have ended."""
    names = [identifier(birth, str(n)) for n in range(count)]
    body = {"market": "KRW-BTC", "side": "bid", "ord_type": "price", "price": "5000"}
    for name in names:
        venue.admin("order", body | {"identifier": name})
    return names


def test_the_past_is_one_listing_without_the_orders_that_are_known_or_not_ours(
    venue: Client,
) -> None:
    ours, others = placed(venue, OURS, 3), placed(venue, OTHERS, 2)
    connection = connected(venue)
    now = connection.clock.now()
    call = FetchPast((OURS,), now - 3600, now + 3600, (ours[1],))
    report, steps = followed(venue, connection, call)
    assert isinstance(report, PastReport)
    assert {order.identifier for order in report.orders} == {ours[0], ours[2]}
    assert not {order.identifier for order in report.orders} & {*others}
    assert (report.failed, report.call, steps) == ("", call, [1, 1])


def test_a_long_past_is_read_in_slices_of_at_most_seven_days(venue: Client) -> None:
    connection = connected(venue)
    now = connection.clock.now()
    call = FetchPast((OURS,), now - 30 * 86400, now + 3600)
    report, steps = followed(venue, connection, call)
    assert not report.failed
    assert steps == [1] * (1 + 5)
    assert report.orders


def test_a_full_answer_is_asked_for_again_in_halves(tmp_path: Path) -> None:
    with sandbox(tmp_path, balances={"KRW": Decimal(10**8)}) as venue:
        names = placed(venue, OURS, CLOSED_MAX + 5)
        connection = connected(venue)
        now = connection.clock.now()
        call = FetchPast((OURS,), now - 600, now + 600)
        report, steps = followed(venue, connection, call)
    assert not report.failed
    assert {order.identifier for order in report.orders} == {*names}
    assert len(report.orders) == len(names)
    assert len(steps) > 3


def test_a_past_that_cannot_be_had_says_why_and_how_to_ask_again() -> None:
    with Scripted(*[say(http(503, b"{}"))] * TRIES) as server:
        call = FetchPast((OURS,), 0.0, 60.0)
        reading, first = Requester(client(server.url, QUICK)), call
        for wait in WAITS:
            came = fetch(reading, call)[0]
            assert isinstance(came, After)
            assert (came.seconds, came.real) == (wait, True)
            call = came.message  # type: ignore[assignment]
        report = fetch(reading, call)[0]
    assert isinstance(report, PastReport)
    assert report.failed
    assert report.call == first


def rows_of(count: int, *, odd: int, what: str = "identifier") -> list[Any]:
    """Orders as a list tells them; of the last ``odd`` one member is null, or all of it ("")."""
    row = {"market": "KRW-BTC", "side": "ask", "ord_type": "market", "state": "done"}
    row |= {"created_at": "2026-01-05T16:43:03+09:00", "executed_volume": "1", "paid_fee": "1"}
    rows = [row | {"uuid": f"u{n}", "identifier": identifier(OURS, str(n))} for n in range(count)]
    spoilt = [{**row, what: None} if what else None for row in rows[count - odd :]]
    return [*rows[: count - odd], *spoilt]


def read_past(*answers: Any, births: tuple[str, ...] = (OURS,)) -> PastReport:
    """The report at the end of as many requests."""
    with Scripted(*(say(answer) for answer in answers)) as server:
        reading, call = Requester(client(server.url, QUICK)), FetchPast(births, 1000.0, 2000.0)
        for _ in answers:
            report = fetch(reading, call)[0]
            call = report  # type: ignore[assignment]
    assert isinstance(report, PastReport)
    return report


@pytest.mark.parametrize("where", ["open", "closed"])
@pytest.mark.parametrize("what", ["market", "side", "created_at", "paid_fee", "state", "uuid"])
def test_of_a_row_of_the_past_its_name_is_enough(where: str, what: str) -> None:
    answers = [http(200, rows_of(3, odd=2, what=what)), http(200, [])]
    report = read_past(*(answers if where == "open" else reversed(answers)))
    assert {one.identifier for one in report.orders} == {identifier(OURS, str(n)) for n in range(3)}
    assert (report.failed, report.odd) == ("", 0)
    blank = {"market": ("", "ask"), "side": ("KRW-BTC", "")}
    assert (report.orders[2].pair, report.orders[2].side) == blank.get(what, ("KRW-BTC", "ask"))


@pytest.mark.parametrize("where", ["open", "closed"])
def test_a_list_of_rows_that_say_nothing_is_one_of_so_many_odd_rows(where: str) -> None:
    spoilt = [None, 7, {"market": "KRW-BTC", "identifier": 7}]
    answers = [http(200, spoilt), http(200, [])]
    report = read_past(*(answers if where == "open" else reversed(answers)))
    assert (report.failed, report.orders, report.odd) == ("", (), 3)
    assert report.rows == ("KRW-BTC",)


def test_a_list_of_orders_of_which_none_can_be_read_is_no_failure_of_the_venue() -> None:
    with Scripted(say(http(200, rows_of(3, odd=3, what="paid_fee")))) as server:
        reply = client(server.url, QUICK).closed_orders(0.0, 60.0)
    assert (reply.value, reply.odd) == ((), ("KRW-BTC",) * 3)
    assert call_report(DEFAULT, reply).outcome == "ok"


def test_a_row_without_a_readable_name_is_looked_up_by_its_uuid() -> None:
    whole = rows_of(3, odd=0)
    lists = [http(200, []), http(200, rows_of(3, odd=3))]
    by_hand = {key: value for key, value in whole[1].items() if key != "identifier"}
    report = read_past(*lists, http(200, whole[0]), http(200, by_hand), http(404, {}))
    assert [one.identifier for one in report.orders] == [identifier(OURS, "0")]
    assert (report.odd, report.rows, report.call.uuids) == (1, ("u2",), ())


def test_a_row_of_an_order_by_hand_or_of_another_bot_is_none_that_is_missed() -> None:
    spoilt = rows_of(2, odd=2, what="paid_fee")
    del spoilt[0]["identifier"]
    report = read_past(http(200, []), http(200, spoilt), births=(OTHERS,))
    assert (report.orders, report.odd) == ((), 0)


def test_rows_that_cannot_be_read_count_for_whether_an_answer_is_full() -> None:
    for odd in (rows_of(PAGE, odd=1), rows_of(PAGE, odd=PAGE, what="")):
        with Scripted(say(http(200, odd))) as server:
            call = fetch(Requester(client(server.url, QUICK)), FetchPast((OURS,), 1000.0, 2000.0))[
                0
            ]
        assert isinstance(call, FetchPast)
        assert call.page == 2
    with Scripted(say(http(200, rows_of(CLOSED_MAX, odd=1, what="")))) as server:
        asked = structs.replace(call, page=0, windows=((1000.0, 2000.0),))
        halved = fetch(Requester(client(server.url, QUICK)), asked)[0]
    assert isinstance(halved, FetchPast)
    assert halved.windows == ((1000.0, 1500.0), (1500.0, 2000.0))


def test_a_snapshot_names_the_coins_whose_rows_cannot_be_read() -> None:
    row = {"avg_buy_price": "0", "avg_buy_price_modified": False, "unit_currency": "KRW"}
    row |= {"balance": "1", "locked": "0"}
    rows = [row | {"currency": name} for name in ("KRW", "BTC", "ETH", "ETH", "XRP")]
    rows[1] = rows[1] | {"balance": None}
    rows[4] = rows[4] | {"currency": None}
    with Scripted(say(http(200, rows)), say(http(200, []))) as server:
        reading, call = Requester(client(server.url, QUICK)), FetchSnapshot("x")
        prices = fetch(reading, call)[0]
        report = fetch(reading, prices)[0]  # type: ignore[arg-type]
    assert isinstance(report, SnapshotReport)
    assert [one.currency for one in report.held] == ["KRW"]
    assert report.unread == ("*", "BTC", "ETH"), "one of two rows cannot be true"


def test_the_terms_of_many_pairs_are_one_request_each(venue: Client) -> None:
    pairs = ("KRW-BTC", "KRW-ETH", "KRW-XRP")
    report, steps = followed(venue, connected(venue), FetchTerms(pairs))
    assert isinstance(report, TermsReport)
    assert set(report.terms) == set(pairs)
    assert {terms.state for terms in report.terms.values()} == {"active"}
    assert steps == [1, 1, 1]


def test_a_pair_that_is_gone_has_terms_too_so_the_others_are_not_waited_for(venue: Client) -> None:
    report, _ = followed(venue, connected(venue), FetchTerms(("KRW-GONE", "KRW-BTC")))
    assert isinstance(report, TermsReport)
    states = {pair: terms.state for pair, terms in report.terms.items()}
    assert states == {"KRW-GONE": "notfoundmarket", "KRW-BTC": "active"}


def test_markets_tell_the_time_and_the_key_its_end(venue: Client) -> None:
    connection = connected(venue)
    markets = connection.fetch(FetchMarkets())[0]
    assert isinstance(markets, MarketsReport)
    assert "KRW-BTC" in markets.listed
    assert abs(markets.skew) < 1.0
    key = connection.fetch(FetchKey())[0]
    assert isinstance(key, KeyReport)
    assert key.ends > connection.clock.now()


def test_the_ticker_of_one_pair_is_its_last_trade_and_of_none_it_is_nothing(venue: Client) -> None:
    connection = connected(venue)
    shown, went = connection.fetch(FetchTicker("KRW-BTC", 3, sure=True))
    (listed,) = venue.get("/v1/ticker", "markets=KRW-BTC")
    assert isinstance(shown, TickerReport)
    assert (shown.pair, shown.number, shown.sure) == ("KRW-BTC", 3, True)
    assert shown.price > 0
    assert 0 <= listed["trade_timestamp"] / 1000 - shown.moment < 60
    assert isinstance(went, CallReport)
    assert (went.group, went.outcome) == ("ticker", "ok")
    gone = connection.fetch(FetchTicker("KRW-GONE", 4))[0]
    assert gone == TickerReport("KRW-GONE", 4)


def test_a_clock_that_is_off_is_told(venue: Client) -> None:
    connection = connected(venue)
    late = Requester(connection.rest, lambda: connection.clock.now() + 30.0)
    for _ in range(3):
        (markets, _went) = fetch(late, FetchMarkets())
    assert isinstance(markets, MarketsReport)
    assert 28.0 < markets.skew < 31.0


@pytest.mark.parametrize("step", ["balances", "orders", "prices", "sales"])
def test_what_fails_on_the_way_is_tried_three_times_the_waits_growing(step: Any) -> None:
    call = FetchAccount(1e6, step, found=AccountReport())
    waits = []
    with Scripted(*[say(http(503, b"{}"))] * TRIES) as server:
        reading = Requester(client(server.url, QUICK))
        for _ in range(TRIES):
            said, went = fetch(reading, call)
            assert isinstance(went, CallReport)
            assert went.outcome == "failed"
            if isinstance(said, After):
                waits.append(said.seconds)
                assert isinstance(said.message, FetchAccount)
                call = said.message
        assert len(server.requests) == TRIES
    assert tuple(waits) == WAITS
    if step in ("balances", "orders"):
        assert isinstance(said, AccountReport)
        assert said.failed
    else:
        assert not isinstance(said, After), "prices and sales may be missing"


def test_a_refusal_is_final_at_once() -> None:
    body = {"error": {"name": "expired_access_key", "message": "no"}}
    with Scripted(say(http(401, body))) as server:
        said, _ = fetch(Requester(client(server.url, QUICK)), FetchAccount(1.0))
    assert said == AccountReport(failed="expired_access_key", asked=1.0)


def test_more_open_orders_than_can_be_read_is_no_look_at_all() -> None:
    order = {
        **{"uuid": "u", "market": "KRW-BTC", "side": "bid", "ord_type": "limit", "state": "wait"},
        **{"created_at": "2026-01-02T03:04:05+09:00", "executed_volume": "0", "paid_fee": "0"},
    }
    page = [{**order, "uuid": f"u{number}"} for number in range(100)]
    with Scripted(say(http(200, page)), say(http(200, page))) as server:
        reading = Requester(client(server.url, QUICK))
        call = FetchAccount(1.0, "orders", found=AccountReport())
        (more, _) = fetch(reading, call)
        assert isinstance(more, FetchAccount)
        assert (more.page, len(more.found.orders)) == (2, 100)
        (said, _) = fetch(reading, structs.replace(call, page=PAGES_MAX))
    assert isinstance(said, AccountReport)
    assert said.failed == "too_many_open_orders"


@pytest.mark.parametrize("seed", range(4))
def test_a_look_tells_each_field_of_the_answers_their_order_and_their_age(seed: int) -> None:
    looked_at(seed)
