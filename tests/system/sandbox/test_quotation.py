"""Quotation endpoints: Upbit's shapes, its candles, its trades, its refusals, over real HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from core.market.candles import CandleSeries, candle_at, part
from core.market.synthetic import START, synthetic_market
from tests.support.market_server import Served, recorded_reply, served
from tests.support.recorded import UPBIT, needed

TAPES = synthetic_market(3, days=2)
HISTORY = 1500
FORMING = [part(series, 0, int(series.time.searchsorted(START + 100_000))) for series in TAPES]


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A market that stands still some seconds after its history."""
    with served(TAPES, history=HISTORY) as found:
        found.trade_until(found.market.clock.now() + 40)
        yield found


def kinds(value: Any) -> Any:
    """The shape of a JSON value: keys in any order, and what its numbers are."""
    if isinstance(value, dict):
        return {key: kinds(item) for key, item in value.items()}
    if isinstance(value, list):
        return [kinds(item) for item in value[:1]]
    return type(value).__name__


@needed
@pytest.mark.parametrize(
    ("name", "path", "params"),
    [
        ("get_candles_seconds", "candles/seconds", {}),
        ("get_candles_minutes", "candles/minutes/1", {}),
        ("get_candles_days", "candles/days", {}),
        ("get_candles_weeks", "candles/weeks", {}),
        ("get_candles_months", "candles/months", {}),
        ("get_candles_years", "candles/years", {}),
        ("get_trades", "trades/ticks", {}),
    ],
)
def test_a_reply_has_the_keys_order_and_types_of_the_recorded_one(
    server: Served, name: str, path: str, params: dict[str, object]
) -> None:
    found = server.rows(path, market="KRW-BTC", **params)
    theirs = recorded_reply(name)
    assert kinds(found) == kinds(theirs)
    assert list(found[0]) == list(theirs[0])


@needed
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("get_tickers", "ticker"),
        ("get_orderbooks", "orderbook"),
        ("get_orderbook_instruments", "orderbook/instruments"),
    ],
)
def test_a_reply_about_several_pairs_has_the_recorded_shape(
    server: Served, name: str, path: str
) -> None:
    found, theirs = server.rows(path, markets="KRW-BTC"), recorded_reply(name)
    assert kinds(found) == kinds(theirs)
    assert list(found[0]) == list(theirs[0])
    several = server.rows(path, markets="KRW-XRP,KRW-BTC")
    assert [row["market"] for row in several] == ["KRW-XRP", "KRW-BTC"]


@needed
def test_all_tickers_have_the_recorded_shape(server: Served) -> None:
    found = server.rows("ticker/all", quote_currencies="KRW")
    assert kinds(found) == kinds(recorded_reply("get_tickers_by_quote"))
    assert [row["market"] for row in found] == [series.pair for series in TAPES]
    assert server.rows("ticker/all", quote_currencies="BTC,USDT") == []


def test_markets_have_names_and_with_details_their_warnings(server: Served) -> None:
    assert server.rows("market/all")[0] == {
        "market": "KRW-BTC",
        "korean_name": "비트코인",
        "english_name": "Bitcoin",
    }
    listing = server.market.listing("KRW-XRP")
    assert listing is not None
    listing.warning = True
    listing.cautions.add("PRICE_FLUCTUATIONS")
    events = {r["market"]: r["market_event"] for r in server.rows("market/all", is_details="true")}
    assert events["KRW-BTC"]["warning"] is False
    assert set(events["KRW-BTC"]["caution"].values()) == {False}
    assert events["KRW-XRP"]["warning"] is True
    assert [k for k, v in events["KRW-XRP"]["caution"].items() if v] == ["PRICE_FLUCTUATIONS"]
    assert server.rows("market/all", isDetails="true")[0].keys() >= {"market_event"}


def test_numbers_are_spelled_as_upbit_does_and_lose_nothing(server: Served) -> None:
    text = server.reply("candles/minutes/1", market="KRW-SHIB", count=5).text
    assert re.search(r'"opening_price":0\.00\d+,', text)
    assert "E" not in text.replace("KRW-SHIB", "").replace('"T', "")
    btc = server.reply("ticker", markets="KRW-BTC").text
    assert re.search(r'"trade_price":\d+\.0,', btc)
    assert re.search(r'"ask_price":\d+,', server.reply("orderbook", markets="KRW-BTC").text)
    assert server.reply("ticker", markets="KRW-BTC").headers["content-type"] == (
        "application/json;charset=UTF-8"
    )


def exactly(server: Served, path: str, **params: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        server.reply(path, **params).text, parse_float=Decimal, parse_int=int
    )
    return found


@pytest.mark.parametrize("series", TAPES, ids=lambda series: series.pair)
def test_minutes_are_the_recorded_ones_newest_first_and_gaps_have_no_row(
    server: Served, series: CandleSeries
) -> None:
    track = server.market.listing(series.pair).track  # type: ignore[union-attr]
    found: list[dict[str, Any]] = []
    to = "2026-02-01T00:00:00Z"
    while rows := exactly(server, "candles/minutes/1", market=series.pair, count=200, to=to):
        found += rows
        to = rows[-1]["candle_date_time_utc"]
    assert len(found) == track.rows >= HISTORY
    whole = found[len(found) - track.row :]
    for row, index in zip(whole, range(track.row - 1, -1, -1), strict=True):
        candle = candle_at(series, index)
        names = ("opening_price", "high_price", "low_price", "trade_price")
        assert [row[n] for n in names] == [candle.open, candle.high, candle.low, candle.close]
        assert row["candle_acc_trade_volume"] == candle.volume
        time = np.datetime64(candle.time, "s")
        assert row["candle_date_time_utc"] == str(time)
        assert row["candle_date_time_kst"] == str(time + np.timedelta64(9, "h"))
        assert candle.time * 1000 < row["timestamp"] < candle.time * 1000 + 60_000


def test_the_gaps_of_a_recording_are_there() -> None:
    assert any((np.diff(series.time[:HISTORY]) > 60).any() for series in TAPES)


@pytest.mark.parametrize("unit", [1, 3, 5, 10, 15, 30, 60, 240])
def test_longer_candles_add_up_to_the_day(server: Served, unit: int) -> None:
    to = "2026-01-06T00:00:00Z"  # the end of the first day
    rows: list[dict[str, Any]] = []
    while found := exactly(server, f"candles/minutes/{unit}", market="KRW-DOGE", count=200, to=to):
        rows += found
        to = found[-1]["candle_date_time_utc"]
    day = exactly(server, "candles/days", market="KRW-DOGE", to="2026-01-06T00:00:00Z")[0]
    assert day["candle_date_time_utc"] == "2026-01-05T00:00:00"
    for name in ("candle_acc_trade_volume", "candle_acc_trade_price"):
        assert sum(row[name] for row in rows) == day[name]
    assert max(row["high_price"] for row in rows) == day["high_price"]
    assert min(row["low_price"] for row in rows) == day["low_price"]
    assert rows[-1]["opening_price"] == day["opening_price"]
    assert rows[0]["trade_price"] == day["trade_price"]
    assert {row["unit"] for row in rows} == {unit}
    starts = [row["candle_date_time_utc"] for row in rows]
    assert starts == sorted(set(starts), reverse=True)


def test_weeks_begin_on_monday_months_and_years_on_their_first(server: Served) -> None:
    for path, first in (("weeks", "2026-01-05"), ("months", "2026-01-01"), ("years", "2026-01-01")):
        row = server.rows(f"candles/{path}", market="KRW-BTC", count=10)
        assert [r["first_day_of_period"] for r in row] == [first]
        assert row[0]["candle_date_time_utc"] == f"{first}T00:00:00"


def test_a_day_knows_the_day_before_and_may_be_converted(server: Served) -> None:
    second, first = exactly(server, "candles/days", market="KRW-ETH", count=5)
    assert second["prev_closing_price"] == first["trade_price"]
    assert second["change_price"] == second["trade_price"] - first["trade_price"]
    rate = float(second["change_price"]) / float(first["trade_price"])
    assert abs(float(second["change_rate"]) - rate) < 1e-10
    assert "converted_trade_price" not in second
    converted = exactly(server, "candles/days", market="KRW-ETH", converting_price_unit="KRW")[0]
    assert converted["converted_trade_price"] == converted["trade_price"]


TO = [
    "2026-01-05T12:00:00Z",
    "2026-01-05T12:00:00",
    "2026-01-05 12:00:00",
    "2026-01-05T21:00:00+09:00",
]


@pytest.mark.parametrize("to", TO)
def test_to_is_exclusive_in_each_of_its_forms(server: Served, to: str) -> None:
    row = server.rows("candles/minutes/60", market="KRW-BTC", to=to)[0]
    assert row["candle_date_time_utc"] == "2026-01-05T11:00:00"
    later = server.rows("candles/minutes/60", market="KRW-BTC", to=to.replace("00:00", "00:01"))[0]
    assert later["candle_date_time_utc"] == "2026-01-05T12:00:00"


def test_counts_are_cut_in_silence_and_before_the_first_candle_is_nothing(server: Served) -> None:
    assert len(server.rows("candles/minutes/1", market="KRW-BTC", count=1000)) == 200
    assert len(server.rows("candles/minutes/1", market="KRW-BTC")) == 1
    early = server.rows("candles/minutes/1", market="KRW-BTC", to="2026-01-05T00:00:00Z")
    assert early == []


def test_candles_of_a_second_are_made_of_the_trades(server: Served) -> None:
    seconds = exactly(server, "candles/seconds", market="KRW-XRP", count=200)
    trades = exactly(server, "trades/ticks", market="KRW-XRP", count=200)
    assert [s["timestamp"] for s in seconds] == [t["timestamp"] for t in trades]
    assert [s["trade_price"] for s in seconds] == [t["trade_price"] for t in trades]
    volumes = [s["candle_acc_trade_volume"] for s in seconds]
    assert volumes == [t["trade_volume"] for t in trades]
    newest = seconds[0]["candle_date_time_utc"]
    assert server.rows("candles/seconds", market="KRW-XRP", to=newest)[0] == json.loads(
        json.dumps(seconds[1], default=float)
    )
    assert server.rows("candles/seconds", market="KRW-XRP", to="2025-09-01T00:00:00Z") == []


def test_the_ticker_agrees_with_the_day_candle_and_the_last_trade(server: Served) -> None:
    for ticker in exactly(server, "ticker/all", quote_currencies="KRW"):
        market = ticker["market"]
        day = exactly(server, "candles/days", market=market)[0]
        trade = exactly(server, "trades/ticks", market=market)[0]
        for name in ("opening_price", "high_price", "low_price", "trade_price"):
            assert ticker[name] == day[name]
        assert ticker["acc_trade_price"] == day["candle_acc_trade_price"]
        assert ticker["acc_trade_volume"] == day["candle_acc_trade_volume"]
        assert ticker["prev_closing_price"] == day["prev_closing_price"]
        assert ticker["signed_change_price"] == day["change_price"] == trade["change_price"]
        assert ticker["change_price"] == abs(day["change_price"])
        assert ticker["change"] == (
            "RISE" if day["change_price"] > 0 else "FALL" if day["change_price"] else "EVEN"
        )
        assert ticker["trade_timestamp"] == trade["timestamp"]
        assert ticker["trade_volume"] == trade["trade_volume"]
        days = exactly(server, "candles/days", market=market, count=5)
        assert ticker["highest_52_week_price"] == max(row["high_price"] for row in days)
        assert ticker["lowest_52_week_price"] == min(row["low_price"] for row in days)
        assert ticker["acc_trade_volume_24h"] > ticker["acc_trade_volume"]


def test_trades_are_paged_by_cursor_without_a_hole_or_a_twin(server: Served) -> None:
    found: list[dict[str, Any]] = []
    cursor = ""
    while rows := server.rows("trades/ticks", market="KRW-DOGE", count=97, cursor=cursor):
        found += rows
        cursor = str(rows[-1]["sequential_id"])
    ids = [row["sequential_id"] for row in found]
    assert ids == sorted(set(ids), reverse=True)
    assert {row["trade_date_utc"] for row in found} == {"2026-01-06"}
    track = server.market.listing("KRW-DOGE").track  # type: ignore[union-attr]
    today = list(track.past(2**60, (START + 86400) * 1000))
    assert ids == [trade.number for trade in today]


def test_trades_of_days_ago_end_where_they_are_told(server: Served) -> None:
    rows = server.rows("trades/ticks", market="KRW-BTC", days_ago=1, to="13:00:00", count=500)
    assert rows == server.rows(
        "trades/ticks", market="KRW-BTC", days_ago=1, to="130000", count=9999
    )
    assert len(rows) == 500
    assert rows[0]["trade_time_utc"].startswith("12:59")
    assert {row["trade_date_utc"] for row in rows} == {"2026-01-05"}
    assert server.rows("trades/ticks", market="KRW-BTC", days_ago=3) == []


def test_books_are_gathered_at_the_levels_that_instruments_name(server: Served) -> None:
    for row in server.rows("orderbook/instruments", markets="KRW-BTC,KRW-DOGE,KRW-SHIB"):
        assert row["supported_levels"][0] == "0"
        assert len(row["supported_levels"]) > 2
        for level in row["supported_levels"]:
            book = exactly(server, "orderbook", markets=row["market"], level=level)[0]
            step = Decimal(level) or Decimal(row["tick_size"])
            assert book["level"] == Decimal(level)
            units = book["orderbook_units"]
            assert len(units) == 30
            prices = [unit[k] for unit in units for k in ("ask_price", "bid_price")]
            assert all(price % step == 0 for price in prices if row["market"] != "KRW-DOGE")
            assert units[0]["ask_price"] > units[0]["bid_price"]
            total = sum(unit["ask_size"] for unit in units)
            assert book["total_ask_size"] == total
    assert server.rows("orderbook", markets="KRW-BTC", level="777") == []
    assert len(server.rows("orderbook", markets="KRW-BTC", count=5)[0]["orderbook_units"]) == 5
    levels = server.rows("orderbook/supported_levels", markets="KRW-BTC")
    assert levels == [
        {
            "market": "KRW-BTC",
            "supported_levels": [0, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000],
        }
    ]


MISSING = (400, "Missing request parameter error. Check the required parameters!")
MISMATCH = (400, "Type mismatch error. Check the parameters type!")
INVALID = (400, "Invalid parameter. Check the given value!")
UNKNOWN = (404, "Code not found")
UNIT = (400, "specified unit is not valid.")


@pytest.mark.parametrize(
    ("path", "params", "refusal"),
    [
        ("orderbook", {"markets": "KRW-NOPE"}, UNKNOWN),
        ("orderbook", {"markets": "KRW-BTC,KRW-NOPE"}, UNKNOWN),
        ("orderbook", {}, MISSING),
        ("orderbook", {"markets": "KRW-BTC", "count": "abc"}, MISMATCH),
        ("orderbook", {"markets": "KRW-BTC", "level": "abc"}, MISMATCH),
        ("ticker", {"markets": "KRW-NOPE"}, UNKNOWN),
        ("ticker", {}, MISSING),
        ("ticker/all", {}, MISSING),
        ("market/all", {"is_details": "maybe"}, MISMATCH),
        ("candles/minutes/1", {}, MISSING),
        ("candles/minutes/1", {"market": "KRW-NOPE"}, UNKNOWN),
        ("candles/minutes/120", {"market": "KRW-BTC"}, UNIT),
        ("candles/minutes/one", {"market": "KRW-BTC"}, MISMATCH),
        ("candles/minutes/1", {"market": "KRW-BTC", "count": "ten"}, MISMATCH),
        ("candles/days", {"market": "KRW-BTC", "to": "yesterday"}, INVALID),
        ("candles/days", {"market": "KRW-BTC", "count": 0}, INVALID),
        ("candles/days", {"market": "KRW-BTC", "converting_price_unit": "EUR"}, INVALID),
        ("trades/ticks", {"market": "KRW-BTC", "days_ago": 8}, INVALID),
        ("trades/ticks", {"market": "KRW-BTC", "to": "25:00:00"}, INVALID),
        ("trades/ticks", {"market": "KRW-BTC", "cursor": "x"}, MISMATCH),
        ("orderbook/instruments", {"markets": "btc"}, UNKNOWN),
    ],
)
def test_what_cannot_be_meant_is_refused_in_upbit_s_words(
    server: Served, path: str, params: dict[str, object], refusal: tuple[int, str]
) -> None:
    assert server.refusal(path, **params) == refusal


@needed
def test_refusals_are_byte_for_byte_the_observed_ones(server: Served) -> None:
    observed = json.loads((UPBIT / "rest/errors_observed.json").read_text())["observed"]
    compared = 0
    for entry in observed:
        method, path = entry["request"].split(" ", 1)
        if method != "GET" or path == "/v1/nope":
            continue
        reply = server.reply(path.removeprefix("/v1/"))
        assert (reply.status_code, reply.text) == (entry["status"], entry["body"])
        compared += 1
    assert compared == 5


def test_the_forming_minute_grows_while_the_market_runs() -> None:
    with served(FORMING, speed=600, history=400) as server:
        seen: dict[str, Decimal] = {}
        while len(seen) < 4:
            row = exactly(server, "candles/minutes/1", market="KRW-BTC")[0]
            start, volume = row["candle_date_time_utc"], row["candle_acc_trade_volume"]
            assert volume >= seen.get(start, Decimal(0))
            seen[start] = volume
        assert list(seen) == sorted(seen)
