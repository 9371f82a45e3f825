"""What the command line asks of the bot, as parent and child both know it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.config.config_file import Loaded, load

READY = "\x06ready"  # the line that tells the parent that the bot is up
BEAT = "\x06alive"  # that it was just seen to be alive
AILS = "\x06ails "  # the same of one that does not trade as it should, and why
WAITS = "\x06waits"  # that it is not up yet, and why is known: it will try again
SIGNS = (READY, BEAT, WAITS)


@dataclass(frozen=True)
class LaunchOptions:
    """Where it trades, with which configuration, on what, and how fast."""

    state: Path
    config: Path | None
    overrides: dict[str, Any]
    recording: tuple[Path, ...]
    speed: Decimal | None  # candle seconds a second, None as fast as it goes
    stays: bool  # somebody is at the console

    def load(self) -> Loaded:
        """The configuration that holds. Raises UserError."""
        return load(self.config, os.environ, self.overrides)
