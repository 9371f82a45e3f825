"""One bit of a state file is flipped: nothing is traded on a wrong value, and ``verify`` names it.

A flip is refused at the start, refused where the value is read, or changes no value at all.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import lmdb

from actors.actor_sets import ALL_ACTORS
from interfaces.commands.queries import folds
from persistence.checks import check_state
from persistence.environment import DATA
from persistence.errors import Damaged
from persistence.identity import MARK
from persistence.reader import Reader
from persistence.store import Store
from persistence.verify import verify
from tests.support.disk_pressure import bot_on, stepped, store_at
from tests.support.progress import counted


def made(path: Path) -> Path:
    """A state directory in which a bot has traded."""
    with store_at(path) as store:
        bot = bot_on(store)
        bot.start()
        stepped(bot)
    return path


def everything(path: Path) -> list[Any]:
    """All that anybody could read: entries, records, cursors, index, candles, what is settled."""
    with Reader.open(path) as reader:
        owners = [actor for actor in ALL_ACTORS if actor.durable]
        states: list[Any] = [reader.load(a.name, a.State) for a in owners]  # type: ignore[attr-defined]
        pairs = sorted({e.body.pair for e in reader.events() if hasattr(e.body, "pair")})
        kept = [_kept(reader, key) for key, _ in reader.rows("index")]
        rows = [reader.archived(pair, 10**6) for pair in pairs]
        return [list(reader.events()), states, kept, rows, reader.settled(), reader.count()]


def _kept(reader: Reader, key: bytes) -> Any:
    """Under a key that is no text nobody asks; whoever lists the keys is told so."""
    try:
        name, told = key.decode().split("/", 1)
    except ValueError as error:
        raise Damaged(reader.path, f"an index key is no name: {error}") from error
    return reader.kept(name, told)


def flipped(path: Path, count: int, random: Random, folder: Path) -> Counter[str]:
    """So many flips of the data file and each of the mark, every one in a copy.

    AssertionError names the bit that is wrong unseen.
    """
    right, seen = everything(path), Counter[str]()
    bits = {name: (path / name).stat().st_size * 8 for name in (DATA, MARK)}
    chosen = [(DATA, bit) for bit in sorted(random.sample(range(bits[DATA]), count))]
    for name, bit in counted([*chosen, *((MARK, bit) for bit in range(bits[MARK]))]):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(path, folder)
        raw = bytearray((folder / name).read_bytes())
        raw[bit // 8] ^= 1 << bit % 8
        (folder / name).write_bytes(raw)
        fate, found = fate_of(folder, right), verify(folder, folds())
        told = f"{name}, bit {bit % 8} of byte {bit // 8}: {fate}, {found}"
        assert fate != "wrong", told
        assert found or fate == "no value", told
        if not found:
            with Store.open(folder, sync=False) as store:
                store.note("onward", bytes(5000))
            assert (after := verify(folder, folds())) == [], f"{told}, then {after}"
        seen[f"{name} {fate}"] += 1
    return seen


def fate_of(path: Path, right: list[Any]) -> str:
    """What a start and a reader make of it."""
    try:
        check_state(path, mounts="")
    except Damaged:
        return "refused at the start"
    try:
        return "no value" if everything(path) == right else "wrong"
    except (Damaged, lmdb.Error):
        return "refused where it is read"
