"""What is traded: recordings that were named, or the built-in market."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from adapters import recording
from adapters.recorded_rows import RecordingError
from core.market.candles import CandleSeries
from core.market.jumps import jumps
from core.market.mapped import let_go
from core.market.synthetic import synthetic_market
from i18n import language_of, say
from i18n.errors import UserError
from messages.config import Config

SEED, DAYS = 1, 7  # of the market that is made up when no recording is named


@dataclass(frozen=True)
class Source:
    """Tapes, the digest that names them, and the files they came from (none: made up)."""

    candle_series: tuple[CandleSeries, ...]
    digest: str
    files: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """The banner's first line."""
        if self.files:
            return say("banner_recording", language, files=", ".join(self.files))
        return say("banner_made_up", language, seed=str(SEED), days=str(DAYS))


def warn(candle_series: Iterable[CandleSeries], language: str) -> None:
    """On standard error, a line for each pair whose price jumps as no market's does."""
    for series in candle_series:
        found = list(jumps(series))
        let_go([series])
        if not found:
            continue
        first, more = found[0], len(found) - 1
        facts = {"pair": first.pair, "at": str(float(first.time))}
        facts |= {"price": str(first.after), "last_price": str(first.before)}
        key = "price_jumps" if more else "price_jump"
        text = say(key, language, **facts, count=f"{more:,}")
        click.echo(say("warning", language, text=text), err=True)


def require_startup(candle_series: Sequence[CandleSeries], config: Config) -> None:
    """Raises UserError where no pair has candles enough to be traded on at all."""
    need = config.startup_candle_count
    longest = max((len(series.time) for series in candle_series), default=0)
    if longest < need:
        raise UserError(
            what=f"no market has {need} start-up candles; the longest has {longest}",
            where="--recording",
            allowed=f"{need} candles and more",
            todo="name a longer recording, or set a smaller startup_candle_count",
        )


def source_of(files: Sequence[Path], config: Config, timerange: str = "") -> Source:
    """The tapes of these files, or of the built-in market. Raises UserError."""
    try:
        candle_series = (
            recording.read(files)
            if files
            else synthetic_market(seed=SEED, days=DAYS, timeframe=config.timeframe)
        )
        if timerange:
            candle_series = recording.within(
                candle_series, timerange, config.startup_candle_count - 1
            )
    except RecordingError as error:
        allowed = (
            "market,unit,timestamp_utc,open,high,low,close,volume,value as CSV; or candles of"
            " Upbit, pyupbit or freqtrade; plain, or packed by gzip, xz or zip"
        )
        where = "--timerange" if str(error).startswith("timerange") else "--recording"
        raise UserError(
            what=str(error),
            where=where,
            allowed="20250901-20250910, 20250901-, -20250910 (UTC)"
            if "range" in where
            else allowed,
            todo="correct it, or name another",
        ) from None
    warn(candle_series, language_of(config.language, os.environ))
    names = tuple(path.name for path in files)
    return Source(tuple(candle_series), recording.digest(candle_series), names)
