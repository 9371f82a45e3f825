"""Golden journals: what each release journaled, in scenes of its own; today's code reads them all.

``python -m tests.tools.golden_journals`` writes those of this release, as ``make golden`` does.
What stands there is never written again: where decisions have changed on purpose, the table
``tests/proof/golden/first_differences.json`` names the first one that differs, and the line of
CHANGELOG.md that says why. ``python -m tests.tools.golden_journals --differences`` prints the table
as it is found today, for a release that changes more.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from configparser import ConfigParser
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs
from msgspec.structs import replace

from actors.actor_sets import ALL_ACTORS
from adapters import recording
from app.composition import build
from app.replay import Replay
from app.replay_check.replay_check import replay_check
from app.replay_check.report import Replayed
from app.replay_check.verdicts import journaled_verdicts
from core.market.candles import PRICES, CandleSeries, part
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from messages.base import Command, Envelope
from messages.config import Config, OrderTypes, Paper
from messages.control import ForceEnter, ForceExit, StartTrading, StopEntry
from persistence.codec import encode_envelope, numbered
from persistence.reader import Reader
from persistence.record import Identity, Record
from persistence.store import Store

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "proof" / "golden" / "journals"
TABLE = ROOT / "tests" / "proof" / "golden" / "first_differences.json"
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
FALLS = {"KRW-XRP": (450, 80), "KRW-ETH": (480, 85)}  # candle, and percent of prices from it on
DUSTY = Config(
    stoploss=Decimal("-0.01"),
    minimal_roi=Decimal("0.02"),
    trailing_stop_positive=Decimal("0.004"),
    trailing_stop_positive_offset=Decimal("0.008"),
    partial_exit_profit=Decimal("0.004"),
    cooldown_minutes=0,
    startup_candle_count=60,
    max_open_trades=3,
    stake_amount=Decimal(5600),
    dry_run_wallet=Decimal(200000),
    max_daily_loss_krw=Decimal(400),
    paper=Paper(fill_share=Decimal("0.5")),
    strategy_params={"rsi_oversold": 45, "conditions_required": 1},
)


class Scene(Struct, frozen=True):
    """What a bot on paper goes through: its market, its configuration, its operator's words."""

    config: Config
    market: Callable[[], list[CandleSeries]]
    moves: Mapping[int, Command] = {}


def market() -> list[CandleSeries]:
    """Two made-up pairs."""
    return [part(series, 0, 210) for series in synthetic_market(11, days=1)[:2]]


def falling() -> list[CandleSeries]:
    """Three made-up pairs, two of which fall at once by so much that a position becomes dust."""
    return [_fallen(part(series, 0, 700)) for series in synthetic_market(5, days=1)[:3]]


def _fallen(series: CandleSeries) -> CandleSeries:
    if series.pair not in FALLS:
        return series
    (at, share), unit, found = FALLS[series.pair], 10**series.price_places, {}
    for name in PRICES:
        prices = getattr(series, name).copy()
        prices[at:] = prices[at:] * share // (100 * unit) * unit
        found[name] = prices
    return structs.replace(series, **found)


SCENES = {  # by what follows the release in a golden's name
    "": Scene(CONFIG, market, MOVES),
    "-dust": Scene(DUSTY, falling),
}


def version() -> str:
    """Of this release."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup["metadata"]["version"]


def journaled(
    folder: Path, candle_series: Sequence[CandleSeries], scene: Scene = SCENES[""]
) -> list[Envelope]:
    """What this code journals on that market, with an operator who speaks now and then."""
    born = Identity("golden", "paper", "upbit", "paper", recording.digest(candle_series))
    with Store.create(folder / "made", born, sync=False) as store:
        strategy = BUILT_IN[scene.config.strategy]
        bot = build(
            scene.config, Replay(candle_series, strategy, bulk=True), store, runtime="steps", seed=7
        )
        bot.start()
        moves = dict(scene.moves)
        while bot.system.runtime.step():  # type: ignore[attr-defined]
            for number in [n for n in moves if store.count() >= n]:
                bot.system.send(moves.pop(number), source="operator")
        assert bot.system.failed is None
        return list(store.events())


def laid(path: Path, letters: Iterable[Envelope], recorded: str, **cursors: int) -> None:
    """A state directory that holds these entries, each owner's state as it folds today.

    ``cursors``: up to which entry of its own and others' an owner has taken everything in.
    """
    actors: dict[str, Any] = {a.name: a for a in ALL_ACTORS}
    born = Identity("golden", "paper", "upbit", "paper", recorded)
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


def read(name: str) -> tuple[list[Envelope], list[CandleSeries]]:
    """The entries of a golden, and the market they tell of; none of a live world."""
    raw = msgspec.msgpack.decode(gzip.decompress((FOLDER / f"{name}.bin.gz").read_bytes()))
    letters = [numbered(data, number) for number, data in enumerate(raw, 1)]
    market = FOLDER / f"{name}.csv.gz"
    return letters, recording.read([market]) if market.exists() else []


def names() -> list[str]:
    """All that there are."""
    return sorted(path.name.removesuffix(".bin.gz") for path in FOLDER.glob("*.bin.gz"))


def redecided(folder: Path, name: str) -> Replayed:
    """A golden decided again by today's rules; its state directory stays in the folder."""
    letters, candle_series = read(name)
    laid(folder / "s", letters, recording.digest(candle_series) if candle_series else "")
    with Reader.open(folder / "s") as reader:
        known = journaled_verdicts(reader)
        assert known
        return replay_check(
            reader,
            BUILT_IN[known.configs[0].strategy] if candle_series else None,
            candle_series or None,
        )


def first_difference(found: Replayed) -> dict[str, Any] | None:
    """As the table has it: the entry, whose decision it is, what it was and what it is today."""
    if not found.differences:
        return None
    first = found.differences[0]
    then, now = ([json.loads(text)["type"] for text in said] for said in (first.then, first.now))
    return {"number": first.number, "owner": first.owner, "then": then, "now": now}


def expected() -> dict[str, dict[str, Any] | None]:
    """The table that is checked in."""
    known: dict[str, dict[str, Any] | None] = json.loads(TABLE.read_text(encoding="utf-8"))
    return known


def differences() -> str:
    """The table as it is found today; what explains a difference stays, or is to be written."""
    table: dict[str, Any] = {}
    for name in names():
        with tempfile.TemporaryDirectory() as folder:
            found = first_difference(redecided(Path(folder), name))
        known = expected().get(name) or {}
        table[name] = found and found | {"changelog": known.get("changelog", "")}
    return json.dumps(table, indent=1, ensure_ascii=False)


def write() -> Iterable[Path]:
    """Those of this release, where there are none."""
    FOLDER.mkdir(exist_ok=True)
    for suffix, scene in SCENES.items():
        name, candle_series = f"{version()}{suffix}", scene.market()
        if (FOLDER / f"{name}.bin.gz").exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = journaled(Path(folder), candle_series, scene)
        rows = [encode_envelope(replace(e, number=0)) for e in found]
        recording.write(FOLDER / f"{name}.csv.gz", candle_series)
        place = FOLDER / f"{name}.bin.gz"
        place.write_bytes(gzip.compress(msgspec.msgpack.encode(rows), 9, mtime=0))
        yield place


if __name__ == "__main__":
    print(differences() if "--differences" in sys.argv else "\n".join(map(str, write())))
