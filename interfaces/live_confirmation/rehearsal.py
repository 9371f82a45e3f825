"""The backtest of the very configuration that is to trade live, on the days just past.

With everything that guards money live: the capital, every cap, protections and the loss of a day.
On recordings that were named, else on candles that are fetched here, within the limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from msgspec import structs

from adapters.upbit.answers import Failure
from adapters.upbit.client import CANDLES_MAX, Client
from adapters.upbit.groups import CANDLES
from adapters.upbit.replies import NoData, Refused
from adapters.upbit.schemas.quotes import market_candle
from app.backtest import backtest
from app.config.config_file import Loaded
from app.recordings import source_of
from app.replay import Replay
from app.venue.download import Broken
from app.venue.pair_selection import pairs_of
from app.venue.requests import PacedRequester
from core.market.candles import CandleSeries, series_of
from core.market.pairs import names
from core.replay.schedule import market_of, span
from i18n import say
from i18n.formatting import kst
from i18n.styles import shown
from i18n.tables import stacked
from interfaces.reports.summary_table import tables
from messages.config import Config
from messages.market import Candle
from projections.summary import summarise

WEEK = 7 * 86400
PAGES_MAX = 300  # at 10 a second: half a minute


def rehearsed(
    loaded: Loaded, client: Client, now: float, files: Sequence[Path], language: str
) -> str:
    """What came of it, as text. Raises UserError, Broken, ShutOut.

    ``now``: epoch seconds at the venue; ``words``: a language.
    """
    config = loaded.config
    if files:
        candle_series, count = source_of(files, config).candle_series, 0
    else:
        pairs = pairs_of(config, client, now, language)
        candle_series, count = _fetched(config, client, pairs, int(now)), len(pairs)
    candle_series = tuple(
        series for series in candle_series if len(series.time) >= config.startup_candle_count
    )
    if not candle_series:
        return say("live_no_history", language)
    loaded = on_paper(loaded, tuple(series.pair for series in candle_series))
    replay = Replay(candle_series, loaded.strategy.strategy, bulk=True)
    ledger, schedule = backtest(loaded, replay), replay.schedule(loaded.config)
    begin, end = span(schedule)
    summary = summarise(
        ledger.trades.sorted_rows,
        loaded.config.dry_run_wallet,
        len(ledger.trades.open),
        market_of(schedule, end),
        ledger.trades.open_fees,
    )
    facts = {"begin": kst(begin, False), "end": kst(end, False), "count": str(len(candle_series))}
    head = say("live_days", language, **facts, most=str(max(count, len(candle_series))))
    return f"{head}\n{shown(stacked(*tables(summary, language)), language)}"


def on_paper(loaded: Loaded, pairs: tuple[str, ...]) -> Loaded:
    """The same configuration on recorded prices: still not a dry run, so what guards it holds.

    Its blacklist names what it bars of these pairs: the venue's other markets are not recorded.
    """
    config = loaded.config
    paper = structs.replace(
        config,
        feed="recording",
        pair_whitelist=pairs,
        pair_blacklist=tuple(pair for pair in pairs if names(config.pair_blacklist, pair)),
        dry_run_wallet=config.capital,
    )
    return Loaded(paper, loaded.origin, loaded.strategy)


def _fetched(
    config: Config, client: Client, pairs: Sequence[str], now: int
) -> tuple[CandleSeries, ...]:
    """The last days of as many of the pairs as the pages allow, those of most turnover first."""
    reading, seconds = PacedRequester(config.exchange), config.seconds
    wanted = config.startup_candle_count + max(WEEK // seconds, CANDLES_MAX)
    least = config.startup_candle_count + max(WEEK // 7 // seconds, CANDLES_MAX)
    some = pairs[: max(1, PAGES_MAX // -(-least // CANDLES_MAX))]
    pages = max(1, min(-(-wanted // CANDLES_MAX), PAGES_MAX // len(some)))
    end = now // seconds * seconds
    try:
        found = [_history(client, reading, pair, seconds, end, pages) for pair in some]
    finally:
        reading.rest()
    return tuple(series_of(p, seconds, candles) for p, candles in zip(some, found, strict=True))


def _history(
    client: Client, reading: PacedRequester, pair: str, seconds: int, end: int, pages: int
) -> list[Candle]:
    """Backwards from ``end``, so many pages at most; oldest first."""
    found: dict[int, Candle] = {}
    to = end
    for _ in range(pages):
        value = reading.ask(CANDLES, partial(client.candles, pair, seconds, to)).value
        if isinstance(value, NoData | Refused | Failure):
            raise Broken(value)
        page = [market_candle(candle) for candle in value]
        found |= {candle.time: candle for candle in page if candle.time < to}
        if len(page) < CANDLES_MAX or page[-1].time >= to:
            break
        to = page[-1].time
    return [found[time] for time in sorted(found)]
