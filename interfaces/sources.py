"""What is traded: recordings that were named, or the built-in market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters import recording
from adapters.recorded_rows import RecordingError
from core.market.candles import Tape
from core.market.made_up import made_up_market
from interfaces.catalogue import say
from interfaces.errors import UserError
from messages.config import Config

SEED, DAYS = 1, 7  # of the market that is made up when no recording is named


@dataclass(frozen=True)
class Source:
    """Tapes, the digest that names them, and the files they came from (none: made up)."""

    tapes: tuple[Tape, ...]
    digest: str
    files: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """The banner's first line."""
        if self.files:
            return say("banner_recording", language, files=", ".join(self.files))
        return say("banner_made_up", language, seed=str(SEED), days=str(DAYS))


def source_of(files: Sequence[Path], config: Config, timerange: str = "") -> Source:
    """The tapes of these files, or of the built-in market. Raises UserError."""
    try:
        tapes = (
            recording.read(files)
            if files
            else made_up_market(seed=SEED, days=DAYS, timeframe=config.timeframe)
        )
        if timerange:
            tapes = recording.within(tapes, timerange, config.startup_candle_count - 1)
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
    names = tuple(path.name for path in files)
    return Source(tuple(tapes), recording.digest(tapes), names)
