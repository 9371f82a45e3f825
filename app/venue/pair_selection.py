"""Which markets a bot on Upbit's prices trades."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from msgspec import Struct

from adapters.upbit.answers import Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import CANDLES, MARKET, TICKER, Group
from adapters.upbit.hosts import rest_host
from adapters.upbit.replies import NoData, Refused, Reply
from adapters.upbit.schemas.quotes import Pair, Ticker
from app.venue.requests import NO_PACES, Banned, PacedRequester
from app.venue.why import Why, as_error, error_of, shut_out, why
from core.market.pairs import expanded, is_pattern, misspelt, nearest, unmatched
from core.market.universe import QUOTE, Listing, universe
from i18n import say
from i18n.errors import UserError
from messages.config import Config

T = TypeVar("T")
DAY = 86400
ANY = "*"


class PairSelection(Struct, frozen=True):
    """The pairs that are traded; ``warnings``: what is wrong with the choice, as lines.

    ``barless``: lines about entries of the blacklist that name no market.
    """

    pairs: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    barless: tuple[str, ...] = ()


def pairs_of(config: Config, client: Client, now: float, language: str) -> tuple[str, ...]:
    """The pairs of ``pair_whitelist``; for "KRW-*" every market that passes the filters.

    ``now``: epoch seconds at the venue; ``words``: a language. Raises UserError for a pair that
    Upbit does not list, an entry of ``pair_blacklist`` that names no market, when no pair is left,
    and when Upbit cannot be asked.
    """
    found = selected(config, client, now, language)
    if found.barless:
        todo = say("check_blacklist_near_todo", language)
        raise UserError(" ".join(found.barless), "pair_blacklist", "", todo)
    if found.warnings:
        todo = say("market_none_todo" if not found.pairs else "market_unlisted_todo", language)
        raise UserError(" ".join(found.warnings), "pair_whitelist", "", todo)
    return found.pairs


def selected(
    config: Config, client: Client, now: float, language: str, paces: Mapping[str, int] = NO_PACES
) -> PairSelection:
    """The same at a later start: what is not listed any more is told, and bars no other pair.

    ``paces``: as in a Reading. Raises UserError only when Upbit cannot be asked.
    """
    asking = MarketQueries(config, client, language, paces)
    try:
        return _chosen(config, asking, now, language)
    finally:
        asking.rest()


def _chosen(config: Config, asking: MarketQueries, now: float, language: str) -> PairSelection:
    listed = {pair.market: pair for pair in asking.markets()}
    wanted = config.pair_whitelist
    barless = _barless(config, [*listed, *asking.hidden], language)
    if isinstance(wanted, tuple):
        ours = [pair for pair in listed if pair.startswith(QUOTE)]
        lost = [one for one in wanted if is_pattern(one) and unmatched([one], ours)]
        pairs = tuple(expanded(wanted, ours))
        warnings = unlisted((*lost, *pairs), [*listed, *asking.hidden], language)
        return PairSelection(pairs, warnings, barless)
    tickers = {ticker.market: ticker for ticker in asking.tickers()}
    today = datetime.fromtimestamp(now, UTC).date()
    rough = [_listing(pair, tickers.get(pair.market), None) for pair in listed.values()]
    kept = universe(rough, config, today).pairs
    dated = [_listing(listed[pair], tickers.get(pair), asking.born(pair, now)) for pair in kept]
    pairs = universe(dated, config, today).pairs
    return PairSelection(pairs, () if pairs else (say("market_none", language),), barless)


def _barless(config: Config, listed: Sequence[str], language: str) -> tuple[str, ...]:
    """A line for each entry of the blacklist that names no market."""
    if ANY in listed:
        return ()
    lines = []
    for one, near in misspelt(config.pair_blacklist, listed):
        key = "check_blacklist_near" if near else "check_blacklist_unknown"
        lines.append(say(key, language, name=one, near=near))
    return tuple(lines)


def unlisted(wanted: Sequence[str], listed: Sequence[str], language: str) -> tuple[str, ...]:
    """A line for each pair that is not listed, with the nearest one that is."""
    lines = []
    for pair in wanted:
        if pair in listed or ANY in listed:  # a row that cannot be read may be anybody's
            continue
        near = nearest(pair, listed)
        key = "market_unlisted_near" if near else "market_unlisted"
        lines.append(say(key, language, name=pair, near=near))
    return tuple(lines)


class MarketQueries:
    """The questions, each within the limits, again after a failure. All raise UserError."""

    def __init__(
        self, config: Config, client: Client, language: str, paces: Mapping[str, int] = NO_PACES
    ) -> None:
        self._config, self._client, self._words = config, client, language
        self._reading = PacedRequester(config.exchange, paces=paces)
        self.hidden: tuple[str, ...] = ()  # markets whose rows could not be read

    def markets(self) -> tuple[Pair, ...]:
        """Every market that is listed."""
        return self._value(MARKET, self._client.markets)

    def tickers(self) -> tuple[Ticker, ...]:
        """The day of every KRW market."""
        return self._value(TICKER, self._client.tickers)

    def born(self, pair: str, now: float) -> date | None:
        """The day of the first candle; None when it is older than ``min_days_listed``."""
        days = self._config.min_days_listed
        if not days:
            return None
        candles = self._value(
            CANDLES, lambda: self._client.candles(pair, DAY, int(now), min(days + 2, 200))
        )
        young = 0 < len(candles) < days + 2
        return candles[-1].candle_date_time_utc.date() if young else None

    def rest(self) -> None:
        """Leave the limits as if nothing had been asked."""
        self._reading.rest()

    def _value(self, group: Group, call: Callable[[], Reply[T]]) -> T:
        host = rest_host(self._config.exchange.rest_url).name
        try:
            reply = self._reading.ask(group, call)
        except Banned as ban:
            raise self._error(shut_out(ban, host)) from None
        value = reply.value
        if group is MARKET:
            self.hidden = tuple(name or ANY for name in reply.odd)
        if isinstance(value, NoData | Refused | Failure):
            raise self._error(why(value, host))
        return value

    def _error(self, reason: Why) -> UserError:
        return error_of(reason.key, as_error(reason, self._words), reason.facts)


def _listing(pair: Pair, ticker: Ticker | None, listed: date | None) -> Listing:
    event = pair.market_event
    return Listing(
        pair=pair.market,
        warning=bool(event and event.warning),
        caution=bool(event and any(event.caution.values())),
        turnover=ticker.acc_trade_price_24h if ticker else Listing("").turnover,
        listed=listed,
    )
