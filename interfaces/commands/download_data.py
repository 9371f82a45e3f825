"""``download-data``: candle history of Upbit as recordings, to test strategies on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from adapters import recording
from adapters.upbit.answers import Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import MARKET
from adapters.upbit.replies import NoData, Refused
from app.config.config_file import load
from app.pairs import read_pairs
from app.recordings import warn
from app.venue.download import Broken, Fetched, Span, Told, download
from app.venue.requests import Banned, PacedRequester, client_of
from app.venue.why import as_error, shut_out, why
from core.market.pairs import by_names
from i18n import configured_language, say
from i18n.errors import UserError
from interfaces.console.session import json_text
from interfaces.options import asking, config_path
from messages.config import TIMEFRAMES
from messages.plain_values import iso

DAY = 86400
DAYS_MOST = 3650


@click.command("download-data")
@asking
@click.option(
    "--pairs",
    required=True,
    metavar="KRW-BTC,...",
    help='Names and patterns too: doge, 비트코인, DOGE/.*; "KRW-*": every KRW market.',
)
@click.option("--days", required=True, type=click.IntRange(1, DAYS_MOST), help="So many UTC days.")
@click.option("--timeframe", type=click.Choice(list(TIMEFRAMES)), default="1m", show_default=True)
@click.option("--to", metavar="DATE", help="UTC day, excluded: 20250910. Today when not given.")
@click.argument("folder", metavar="OUT_DIR", type=click.Path(path_type=Path))
def download_data(
    config: Path | None,
    state: Path | None,
    json: bool,
    pairs: str,
    days: int,
    timeframe: str,
    to: str | None,
    folder: Path,
) -> None:
    """Fetch candle history of Upbit into recordings; run again, it goes on where it stopped."""
    chosen = load(config_path(config), os.environ).config
    language = configured_language(chosen, os.environ)
    span = _span(days, timeframe, to)
    client = client_of(chosen.exchange)
    reading = PacedRequester(chosen.exchange)
    host = chosen.exchange.rest_url
    done: list[Fetched] = []
    names: list[str] = []
    try:
        names = _names(client, reading, pairs)
        folder.mkdir(parents=True, exist_ok=True)
        with _bar(span, len(names), json) as bar:
            for index, pair in enumerate(names):
                done.append(download(client, reading, pair, span, folder, bar(index, pair)))
                if not json:
                    click.echo(_line(done[-1], language))
    except Banned as ban:
        raise as_error(shut_out(ban, host), language, host) from None
    except Broken as broken:
        raise as_error(why(broken.trouble, host), language, _place(done, names)) from None
    finally:
        client.close()
    fetched = [Path(one.path) for one in done if one.candles and not one.was_there]
    for file in fetched:
        warn(recording.read([file]), language)
    if json:
        click.echo(json_text(done))


def _names(client: Client, reading: PacedRequester, wanted: str) -> list[str]:
    """The pairs, each listed. Raises UserError, Broken, ShutOut."""
    listed = reading.ask(MARKET, client.markets).value
    if isinstance(listed, NoData | Refused | Failure):
        raise Broken(listed)
    known = [pair for pair in listed if pair.market.startswith("KRW-")]
    names = [(name, p.market) for p in known for name in (p.english_name, p.korean_name)]
    codes = [pair.market for pair in known]
    return read_pairs(wanted, codes, "--pairs", "Upbit lists no", by_names(names))


def _span(days: int, timeframe: str, to: str | None) -> Span:
    """Whole UTC days that are over. Raises UserError."""
    today = int(time.time()) // DAY * DAY
    end = today
    if to is not None:
        try:
            plain = to.replace("-", "")
            end = int(datetime.strptime(plain, "%Y%m%d").replace(tzinfo=UTC).timestamp())
        except ValueError:
            end = today + DAY
        if not days * DAY <= end <= today:
            raise UserError(
                f"--to {to} is no day that can be an end",
                "--to",
                f"a UTC day like 20250910, today ({iso(today)[:10]}) at the latest",
                "give the day after the last one that is wanted",
            )
    return Span(end - days * DAY, end, TIMEFRAMES[timeframe], timeframe)


def _place(done: list[Fetched], names: list[str]) -> str:
    """Where it broke off."""
    return f"--pairs {names[len(done)]}" if names else ""


def _line(fetched: Fetched, language: str) -> str:
    if fetched.was_there:
        return say("download_there", language, path=fetched.path)
    if not fetched.candles:
        return say("download_none", language, pair=fetched.pair)
    count = f"{fetched.candles:,}"
    ends = {"first": iso(fetched.first), "last": iso(fetched.last)}
    return say("download_done", language, path=fetched.path, count=count, **ends)


class Bar:
    """One bar for all pairs; nothing where nobody looks."""

    def __init__(self, span: Span, count: int, bar: Progress | None) -> None:
        self._span, self._bar, self._length = span, bar, span.end - span.start
        self._task = bar.add_task("", total=self._length * count, pair="") if bar else None

    def __call__(self, index: int, pair: str) -> Told:
        """What moves it while one pair is fetched."""

        def told(moment: int) -> None:
            if self._bar is not None and self._task is not None:
                done = index * self._length + moment - self._span.start
                self._bar.update(self._task, completed=done, pair=pair)

        return told


@contextmanager
def _bar(span: Span, count: int, quiet: bool) -> Iterator[Bar]:
    """A progress bar on standard error, for a person; otherwise nothing."""
    if quiet or not sys.stderr.isatty():
        yield Bar(span, count, None)
        return
    columns = (TextColumn("{task.fields[pair]}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        yield Bar(span, count, progress)
