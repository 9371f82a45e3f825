"""``sandbox``: an exchange on this machine that speaks Upbit's API, with made-up money."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import msgspec

from app.config.config_file import load
from app.ports import listening
from app.recordings import DAYS, SEED, source_of
from core.market.candles import CandleSeries
from core.market.synthetic import synthetic_market
from core.money import money
from i18n import configured_language, say
from i18n.errors import UserError
from interfaces.options import config_path, files_of, recording_option

PORT = 8640
STATE = Path("state") / "sandbox"
TIMEFRAME = "1m"


@click.command("sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@recording_option
@click.option("--walk", type=click.IntRange(0, 2**63 - 1), help="Seed of the built-in market.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="Times real time.")
@click.option("--balance", multiple=True, metavar="KRW=1000000", help="Of a new state directory.")
@click.option("--key", "keys", multiple=True, metavar="ACCESS:SECRET")
@click.option("--telegram", is_flag=True, help="A Telegram of our own beside it.")
@click.option("--faults", type=click.Path(path_type=Path), help="JSON list of faults.")
@click.option("--state-dir", "state", type=click.Path(path_type=Path), default=STATE)
def sandbox(
    port: int,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
    walk: int | None,
    speed: float,
    balance: tuple[str, ...],
    keys: tuple[str, ...],
    telegram: bool,
    faults: Path | None,
    state: Path,
) -> None:
    """Upbit's API on this machine: paper money, real HTTP and sockets."""
    from sandbox.server import BALANCES, Sandbox, SandboxConfig
    from sandbox.tokens import ACCESS, SECRET, Key

    if not 0 < speed <= 1e6:
        raise _wrong(f"speed {speed}", "--speed", "above 0, at most 1000000")
    place = listening(port)  # before anything else: another sandbox may hold it
    chosen = tuple(Key(*_parted(text, "--key", ":")) for text in keys) or (Key(ACCESS, SECRET),)
    setting = SandboxConfig(
        candle_series=_tapes(files_of(recording, more), walk),
        state=state,
        speed=speed,
        balances=dict(map(_balance, balance)) or BALANCES,
        keys=chosen,
        faults=_planned(faults),
    )
    language = configured_language(load(config_path(None), os.environ).config, os.environ)

    def ready(url: str) -> None:
        click.echo(say("sandbox_ready", language, url=url, key=chosen[0].access, path=str(state)))
        if telegram:
            _telegram(language)

    Sandbox(setting, place=place).run(ready)


def _planned(file: Path | None) -> list[Any]:
    """The faults of a file."""
    from sandbox import faults

    try:
        return [*faults.read(file)] if file else []
    except msgspec.DecodeError as error:
        raise _wrong(str(error), str(file), "a JSON list of faults") from None


def _telegram(language: str) -> None:
    """A Telegram with one chat, until this process ends."""
    from sandbox.telegram.chat import PERSON
    from sandbox.telegram.server import TOKEN, TelegramServer

    url = TelegramServer().start()
    click.echo(say("sandbox_telegram", language, url=url, token=TOKEN, chat=str(PERSON)))


def _tapes(files: tuple[Path, ...], walk: int | None) -> tuple[CandleSeries, ...]:
    """The market: recordings of minutes, or the built-in one."""
    if files and walk is not None:
        raise _wrong("both --recording and --walk", "command line", "one of them")
    if not files:
        seed = SEED if walk is None else walk
        return tuple(synthetic_market(seed=seed, days=DAYS, timeframe=TIMEFRAME))
    candle_series = source_of(files, load(None, {}).config).candle_series
    if odd := [series.pair for series in candle_series if series.seconds != 60]:
        raise _wrong(f"{', '.join(odd)}: not of minutes", "--recording", "candles of 1m")
    return candle_series


def _balance(text: str) -> tuple[str, Decimal]:
    """A currency and how much of it."""
    currency, amount = _parted(text, "--balance", "=")
    try:
        return currency, money(amount)
    except ValueError as error:
        raise _wrong(str(error), "--balance", "KRW=1000000, BTC=0.5") from None


def _parted(text: str, where: str, sign: str) -> tuple[str, str]:
    """Both sides of a sign; a text without it is not shown, for it may be a secret."""
    left, found, right = text.partition(sign)
    if not (left and found and right):
        raise _wrong("a value is malformed", where, f"LEFT{sign}RIGHT")
    return left, right


def _wrong(what: str, where: str, allowed: str) -> UserError:
    return UserError(what, where, allowed, "correct it; see run.py sandbox --help")
