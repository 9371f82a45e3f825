"""A backtest: the actors that trade, stepped through a recording as fast as they go."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from app.composition import build
from app.config.config_file import Loaded
from app.replay import Replay
from core.replay.schedule import Schedule, span
from i18n.formatting import kst
from persistence.record import Identity
from persistence.store import Store
from projections.ledger import Ledger

STEPS = 400  # of the progress bar


def backtest(
    loaded: Loaded,
    replay: Replay,
    *,
    quiet: bool = True,
    look: Callable[[Store], None] | None = None,
) -> Ledger:
    """Step a replay to its end, in a state directory that nobody keeps; what it adds up to.

    ``look`` is shown the store before it goes.
    """
    birth = Identity("backtest", "paper", loaded.config.exchange.name, "paper")
    with tempfile.TemporaryDirectory(prefix="jangbu-") as folder:
        store = Store.create(Path(folder) / "state", birth, sync=False)
        bot = build(loaded.config, replay, store, runtime="steps")
        try:
            bot.start()
            bot.trust_account()
            with _bar(replay.schedule(loaded.config), quiet) as progress:
                ended = bot.run(progress)
            if ended.reason == "failed":
                raise RuntimeError(ended.text)
            ledger = Ledger()
            ledger.catch_up(store)
            if look:
                look(store)
            return ledger
        finally:
            bot.stop()


@contextmanager
def _bar(schedule: Schedule, quiet: bool) -> Iterator[Callable[[float], None] | None]:
    """A progress bar on standard error, for a person; otherwise nothing."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    begin, end = span(schedule)
    stride = max(1.0, (end - begin) / STEPS)
    columns = (TextColumn("{task.fields[day]}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=end - begin, day=kst(begin)[:10])
        told = [0.0]

        def progress(at: float) -> None:
            if at - told[0] >= stride:
                told[0] = at
                bar.update(task, completed=at - begin, day=kst(at)[:10])

        yield progress
        bar.update(task, completed=end - begin)
