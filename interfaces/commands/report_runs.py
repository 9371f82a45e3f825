"""From where the run of a report comes: a backtest that was just made, or a state's journal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from app.backtest import backtest
from app.config.config_file import Loaded
from app.recordings import Source, source_of, warn
from app.replay import Replay, scheduled
from app.state_directory import require
from core.market.candles import Candles, CandleSeries, candles_of, columns, series_of
from core.replay.schedule import Schedule, span
from core.replay.schedule import market_of as market_of_schedule
from i18n import say
from i18n.formatting import krw
from interfaces.options import CliContext
from interfaces.reports.page import shell
from interfaces.reports.page.document import document
from interfaces.reports.page.material import Material, Run, began, market_of, material
from persistence.archive import KEEP
from persistence.reader import Reader
from projections.ledger import Ledger, clock


def of_backtest(
    loaded: Loaded, source: Source, schedule: Schedule, ledger: Ledger, language: str
) -> Run:
    """A backtest that was stepped to its end."""
    config = loaded.config
    begin, end = map(float, span(schedule))
    return Run(
        config,
        begin,
        end,
        config.dry_run_wallet,
        ledger.trades.sorted_rows,
        ledger.trades.sorted_open,
        {track.series.pair: columns(track.series) for track in schedule.tracks},
        market_of_schedule(schedule, end),
        (
            source.title(language),
            say("banner_pairs", language, names=", ".join(schedule.places)).strip(),
            _wallet(config.dry_run_wallet, config.stake_amount, language),
        ),
    )


def of_recording(here: CliContext, files: Sequence[Path]) -> Run:
    """A backtest that is made for the report. Raises UserError."""
    source = source_of(files, here.config)
    replay = Replay(source.candle_series, here.loaded.strategy.strategy, bulk=True)
    schedule = scheduled(replay, here.loaded)
    ledger = backtest(here.loaded, replay, quiet=here.json)
    return of_backtest(here.loaded, source, schedule, ledger, here.language)


def of_state(here: CliContext, files: Sequence[Path]) -> Run:
    """What a state directory tells; ``files``: recordings of its days. Raises UserError."""
    with Reader.open(require(here.state)) as reader:
        candle_series = source_of(files, here.config).candle_series if files else ()
        return of_journal(reader, candle_series, here.language)


def of_journal(reader: Reader, candle_series: Sequence[CandleSeries], language: str) -> Run:
    """All that a state directory's journal tells, up to its newest entry or candle.

    ``candle_series``: recordings of its days; without them the archive's candles, two days of
    minutes.
    """
    ledger = Ledger()
    ledger.catch_up(reader)
    config = ledger.config
    rows, opened = ledger.trades.sorted_rows, ledger.trades.sorted_open
    begin = began(reader, rows, opened)
    end = max(clock(reader, ledger), begin)
    prices = {series.pair: columns(series) for series in candle_series} or _archived(
        reader, ledger, language
    )
    wallet = ledger.cash.start if ledger.cash.start is not None else config.capital
    return Run(
        config,
        begin,
        end,
        wallet,
        rows,
        opened,
        prices,
        market_of(prices, begin, end, config.seconds),
        (
            say("report_from", language, path=str(reader.path)),
            _wallet(wallet, config.stake_amount, language),
        ),
        live=True,
    )


def _archived(reader: Reader, ledger: Ledger, language: str) -> dict[str, Candles]:
    read = {pair: reader.candles(pair, KEEP) for pair in sorted(ledger.pairs)}
    found = {pair: candles for pair, candles in read.items() if candles}
    warn((series_of(pair, ledger.config.seconds, each) for pair, each in found.items()), language)
    return {pair: candles_of(candles) for pair, candles in found.items()}


def _wallet(wallet: Decimal, stake: Decimal, language: str) -> str:
    facts = {"wallet": krw(wallet), "amount": krw(stake)}
    return say("banner_wallet", language, **facts).strip()


def write(path: Path, run: Run, language: str) -> Material:
    """Compute and write it, whole or not at all. Raises UserError."""
    made = material(run)
    text = document(made, language)
    shell.write(path, text)
    return made
