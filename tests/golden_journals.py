"""Golden journals: what each release journaled, on a made-up market; today's code must agree.

``python -m tests.golden_journals`` writes that of this release, as ``make golden`` does. What
stands there is never written again: a release whose decisions have changed on purpose says so in
CHANGELOG.md, and its test names the first decision that differs (``tests/golden/journals``).
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterable, Sequence
from configparser import ConfigParser
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from actors.cast import EVERYONE
from adapters import recording
from core.market.candles import Tape, part
from core.market.made_up import made_up_market
from core.strategies import BUILT_IN
from interfaces.composition import build
from interfaces.replay import Replay
from messages.base import Envelope
from messages.config import Config, OrderTypes
from messages.control import ForceEnter, ForceExit, StartTrading, StopEntry
from persistence.codec import entry, numbered
from persistence.record import Birth, Record
from persistence.store import Store

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "golden" / "journals"
SEED, CANDLES = 11, 210
CONFIG = Config(
    stoploss=Decimal("-0.004"),
    minimal_roi=Decimal("0.012"),
    trailing_stop_positive=Decimal("0.002"),
    trailing_stop_positive_offset=Decimal("0.004"),
    partial_exit_profit=Decimal("0.003"),
    cooldown_minutes=5,
    startup_candle_count=60,
    max_open_trades=2,
    order_types=OrderTypes(entry="limit"),
    strategy_params={"rsi_oversold": 45, "conditions_required": 1},
)
MOVES = {  # what the operator says, by the number of the entry behind which it is said
    20: ForceEnter("KRW-ETH", id="golden1"),
    45: StopEntry("golden2"),
    60: ForceExit("all", "golden3"),
    75: StartTrading("golden4"),
}


def version() -> str:
    """Of this release."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup["metadata"]["version"]


def market() -> list[Tape]:
    """Two made-up pairs."""
    return [part(tape, 0, CANDLES) for tape in made_up_market(SEED, days=1)[:2]]


def journaled(folder: Path, tapes: Sequence[Tape]) -> list[Envelope]:
    """What this code journals on that market, with an operator who speaks now and then."""
    born = Birth("golden", "paper", "upbit", "paper", recording.digest(tapes))
    with Store.create(folder / "made", born, sync=False) as store:
        strategy = BUILT_IN[CONFIG.strategy]
        bot = build(CONFIG, Replay(tapes, strategy, bulk=True), store, runtime="steps", seed=7)
        bot.start()
        moves = dict(MOVES)
        while bot.system.runtime.step():  # type: ignore[attr-defined]
            for number in [n for n in moves if store.count() >= n]:
                bot.system.send(moves.pop(number), source="operator")
        assert bot.system.failed is None
        return list(store.events())


def laid(path: Path, letters: Iterable[Envelope], recorded: str, **cursors: int) -> None:
    """A state directory that holds these entries, each owner's state as it folds today.

    ``cursors``: up to which entry of its own and others' an owner has taken everything in.
    """
    actors: dict[str, Any] = {a.name: a for a in EVERYONE}
    born = Birth("golden", "paper", "upbit", "paper", recorded)
    with Store.create(path, born, sync=False) as store:
        for letter in letters:
            actor = actors[letter.source]
            record = store.load(actor.name, actor.State) or Record(actor.State())
            state = reduce(actor.evolve, [letter.body], record.state)
            key = actor.keeps(letter.body)
            kept = {key: letter.body} if key else {}
            store.commit(actor.name, Record(state), [replace(letter, number=0)], kept)
        for name, last in cursors.items():
            record = store.load(name, actors[name].State)
            assert record
            taken = {e.source: e.number for e in store.events(0, last)}
            store.commit(name, Record(record.state, taken), [])


def read(name: str) -> tuple[list[Envelope], list[Tape]]:
    """The entries of a release, and the market they tell of."""
    raw = msgspec.msgpack.decode(gzip.decompress((FOLDER / f"{name}.bin.gz").read_bytes()))
    letters = [numbered(data, number) for number, data in enumerate(raw, 1)]
    return letters, recording.read([FOLDER / f"{name}.csv.gz"])


def names() -> list[str]:
    """The releases that have one."""
    return sorted(path.name.removesuffix(".bin.gz") for path in FOLDER.glob("*.bin.gz"))


def write() -> Path:
    """That of this release, where there is none."""
    place, tapes = FOLDER / f"{version()}.bin.gz", market()
    FOLDER.mkdir(exist_ok=True)
    if not place.exists():
        with tempfile.TemporaryDirectory() as folder:
            rows = [entry(replace(e, number=0)) for e in journaled(Path(folder), tapes)]
        recording.write(FOLDER / f"{version()}.csv.gz", tapes)
        place.write_bytes(gzip.compress(msgspec.msgpack.encode(rows), 9, mtime=0))
    return place


if __name__ == "__main__":
    print(write())
