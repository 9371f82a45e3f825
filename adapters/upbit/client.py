"""Owns the calls of Upbit's API by name: what is asked, in which shape the answer must come.

One method is one request; nothing is tried again. Moments are epoch seconds, prices KRW.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from msgspec.json import Decoder

from adapters.upbit.replies import Reply, read, read_list
from adapters.upbit.rows import Rows
from adapters.upbit.schemas import quotes
from adapters.upbit.schemas.accounts import (
    ACCOUNTS,
    API_KEYS,
    CHANCE,
    NAMED,
    NAMES,
    ORDER,
    ORDERS,
    WALLET_ROWS,
    WALLETS,
    WITHDRAWALS,
    Account,
    ApiKey,
    Chance,
    Named,
    Order,
    Wallet,
    Withdrawal,
)
from adapters.upbit.session import Session
from adapters.upbit.tokens import Params

T = TypeVar("T")

IDS_MAX = 100  # identifiers in one look-up (3.9)
CLOSED_MAX = 1000  # orders in one list of closed ones
CLOSED_SECONDS = 7 * 86400  # the longest window of that list
CANDLES_MAX = 200  # candles in one page (2.3)
_DAY = 86400
_MINUTES = (1, 3, 5, 10, 15, 30, 60, 240)


class Client:
    """Upbit by name. Used by one thread, like its session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- the account
    def accounts(self) -> Reply[tuple[Account, ...]]:
        """Every balance."""
        return self._list("/v1/accounts", ACCOUNTS)

    def chance(self, pair: str) -> Reply[Chance]:
        """What may be ordered in this market, at which fee."""
        return self._get("/v1/orders/chance", CHANCE, [("market", pair)])

    def api_keys(self) -> Reply[tuple[ApiKey, ...]]:
        """The account's keys, with the end of each."""
        return self._list("/v1/api_keys", API_KEYS)

    def wallet_status(self) -> Reply[tuple[Wallet, ...]]:
        """Whether deposits and withdrawals work, by currency."""
        return self._list("/v1/status/wallet", WALLETS)

    def wallet_rows(self) -> Reply[tuple[Any, ...]]:
        """The same, each row as it came."""
        return self._get("/v1/status/wallet", WALLET_ROWS)

    def withdraws(self) -> Reply[tuple[Withdrawal, ...]]:
        """Must be refused: such a key may do too much (docs/reference/reliability.md 4)."""
        return self._list("/v1/withdraws", WITHDRAWALS, [("limit", "1")])

    # --- orders
    def order_by(self, *, uuid: str = "", identifier: str = "") -> Reply[Order]:
        """One order with its fills, by one of its two names."""
        return self._get("/v1/order", ORDER, _named(uuid, identifier))

    def orders_by(self, identifiers: Sequence[str]) -> Reply[tuple[Order, ...]]:
        """Up to 100 orders, without their fills; those that are not known are missing."""
        if not 0 < len(identifiers) <= IDS_MAX:
            raise ValueError(f"1 to {IDS_MAX} identifiers")
        params = [("identifiers[]", identifier) for identifier in identifiers]
        return self._list("/v1/orders/uuids", ORDERS, params)

    def open_orders(self, page: int = 1, pair: str = "") -> Reply[tuple[Order, ...]]:
        """A page of up to 100 orders that rest (wait) or are reserved (watch), newest first."""
        return self._list("/v1/orders/open", ORDERS, _open_params(page, pair))

    def closed_orders(self, start: float, end: float, pair: str = "") -> Reply[tuple[Order, ...]]:
        """Up to 1,000 ended orders that were made in [start, end], at most 7 days; newest first."""
        return self._list("/v1/orders/closed", ORDERS, _closed_params(start, end, pair))

    def open_names(self, page: int = 1) -> Reply[tuple[Named, ...]]:
        """``open_orders``, of which only the names matter."""
        return self._list("/v1/orders/open", NAMES, _open_params(page))

    def closed_names(self, start: float, end: float) -> Reply[tuple[Named, ...]]:
        """``closed_orders``, of which only the names matter."""
        return self._list("/v1/orders/closed", NAMES, _closed_params(start, end))

    def name_of(self, uuid: str) -> Reply[Named]:
        """One order, of which only the name matters."""
        return self._get("/v1/order", NAMED, _named(uuid, ""))

    def place(self, body: str) -> Reply[Order]:
        """Send this order: its body goes out byte for byte."""
        return self._post("/v1/orders", body)

    def test_order(self, body: str) -> Reply[Order]:
        """Have an order checked; nothing comes of it."""
        return self._post("/v1/orders/test", body)

    def cancel(self, *, uuid: str = "", identifier: str = "") -> Reply[Order]:
        """Ask for a cancel: parameters in the query, and no body (1.1)."""
        answer = self._session.call("DELETE", "/v1/order", _named(uuid, identifier))
        return read(ORDER, answer)

    # --- the market
    def markets(self) -> Reply[tuple[quotes.Pair, ...]]:
        """Every market with its warnings."""
        return self._quote("/v1/market/all", quotes.PAIRS, [("is_details", "true")])

    def tickers(self, pairs: Sequence[str] = ()) -> Reply[tuple[quotes.Ticker, ...]]:
        """The last prices of these markets, or of all KRW markets."""
        if not pairs:
            params = [("quote_currencies", "KRW")]
            return self._quote("/v1/ticker/all", quotes.TICKERS, params)
        return self._quote("/v1/ticker", quotes.TICKERS, [("markets", ",".join(pairs))])

    def candles(
        self, pair: str, seconds: int, to: int | None = None, count: int = CANDLES_MAX
    ) -> Reply[tuple[quotes.Candle, ...]]:
        """Candles that begin before ``to`` (now, when None), newest first, at most 200.

        Without ``to`` the first one may still be forming. Empty intervals are missing.
        """
        if not 0 < count <= CANDLES_MAX:
            raise ValueError(f"1 to {CANDLES_MAX} candles")  # more would be cut in silence
        params = [("market", pair), ("count", str(count))]
        if to is not None:
            params.append(("to", datetime.fromtimestamp(to, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")))
        return self._quote(candle_path(seconds), quotes.CANDLES, params)

    def orderbooks(self, pairs: Sequence[str], rows: int = 30) -> Reply[tuple[quotes.Book, ...]]:
        """The books of these markets."""
        params = [("markets", ",".join(pairs)), ("count", str(rows))]
        return self._quote("/v1/orderbook", quotes.BOOKS, params)

    def instruments(self, pairs: Sequence[str]) -> Reply[tuple[quotes.Instrument, ...]]:
        """The price units in force."""
        params = [("markets", ",".join(pairs))]
        return self._quote("/v1/orderbook/instruments", quotes.INSTRUMENTS, params)

    def trades(self, pair: str, count: int = 500) -> Reply[tuple[quotes.Tick, ...]]:
        """The newest trades of a market, newest first."""
        params = [("market", pair), ("count", str(count))]
        return self._quote("/v1/trades/ticks", quotes.TICKS, params)

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    # --- how they are made
    def _get(self, path: str, shape: Decoder[T], params: Params = ()) -> Reply[T]:
        return read(shape, self._session.call("GET", path, params))

    def _list(self, path: str, shape: Rows[T], params: Params = ()) -> Reply[tuple[T, ...]]:
        return read_list(shape, self._session.call("GET", path, params))

    def _quote(self, path: str, shape: Rows[T], params: Params = ()) -> Reply[tuple[T, ...]]:
        return read_list(shape, self._session.call("GET", path, params, signed=False))

    def _post(self, path: str, body: str) -> Reply[Order]:
        return read(ORDER, self._session.call("POST", path, body=body.encode()))


def _open_params(page: int, pair: str = "") -> Params:
    params = [("market", pair)] if pair else []
    params += [("states[]", "wait"), ("states[]", "watch"), ("page", str(page))]
    return [*params, ("limit", "100")]


def _closed_params(start: float, end: float, pair: str = "") -> Params:
    if not 0 <= end - start <= CLOSED_SECONDS:
        raise ValueError("a window of at most 7 days")
    params = [("market", pair)] if pair else []
    params += [("start_time", str(int(start * 1000))), ("end_time", str(int(end * 1000)))]
    return [*params, ("limit", str(CLOSED_MAX))]


def _named(uuid: str, identifier: str) -> list[tuple[str, str]]:
    """Exactly one of an order's two names."""
    if bool(uuid) == bool(identifier):
        raise ValueError("either a uuid or an identifier")
    return [("uuid", uuid)] if uuid else [("identifier", identifier)]


def candle_path(seconds: int) -> str:
    """Where candles of this length are; ValueError if Upbit has none."""
    if seconds == _DAY:
        return "/v1/candles/days"
    if seconds % 60 or seconds // 60 not in _MINUTES:
        raise ValueError(f"Upbit has no candles of {seconds} s")
    return f"/v1/candles/minutes/{seconds // 60}"
