"""The hours that can be compared: of which there are candles, and in which the bot was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.recordings import source_of, warn
from app.state_directory import PULSE
from core.market.candles import Tape, between, tape_of
from core.market.pairs import expanded, names
from i18n import say
from i18n.errors import UserError
from interfaces.options import Around
from messages.config import Config
from persistence import archive
from persistence.reader import Reader
from projections.ledger import Ledger, clock


@dataclass(frozen=True)
class Hours:
    """Epoch seconds, the tapes with the history before, and the candles that were judged then.

    ``judged`` is None where it is not known: the recording that was named tells nothing of it.
    """

    config: Config
    begin: float
    end: float
    tapes: tuple[Tape, ...]
    judged: Mapping[str, frozenset[int]] | None


def hours(reader: Reader, ledger: Ledger, files: Sequence[Path], here: Around) -> Hours:
    """From the archive, or from recordings that are named. Raises UserError without any."""
    words, config = here.language, ledger.config
    first, last = next(reader.events(), None), reader.last()
    if first is None or last is None:
        raise UserError(say("drift_nothing", words), str(reader.path))
    judged: dict[str, frozenset[int]] | None = None
    replayed = reader.birth.recording not in ("", PULSE)
    if files or replayed:
        source = source_of(files, config)
        if replayed and source.digest != reader.birth.recording:
            todo = say("replay_name_it", words)
            raise UserError(say("drift_recording", words), "--recording", "", todo)
        tapes = source.tapes
    else:
        tapes, judged = _archived(reader, ledger)
        warn(tapes, words)
    startup = config.startup_candle_count
    begin = int(first.at) - config.seconds + 1  # the first candle that can have closed since
    # a recording may go on long after this run ended: only candles that it saw close are compared
    end = int(clock(reader, ledger)) - config.seconds + 1
    kept = [between(tape, begin, end, startup - 1) for tape in tapes if _traded(tape, config)]
    kept = _in_order([tape for tape in kept if len(tape.time) >= startup], config)
    if not kept:
        facts = {"count": str(startup)}
        raise UserError(say("drift_short", words, **facts), str(reader.path))
    opens = min(float(tape.time[startup - 1]) for tape in kept)
    closes = max(float(tape.time[-1]) for tape in kept) + config.seconds
    return Hours(config, max(opens, first.at), closes, tuple(kept), judged)


def _traded(tape: Tape, config: Config) -> bool:
    listed = config.pair_whitelist
    return isinstance(listed, str) or names(listed, tape.pair)


def _in_order(tapes: list[Tape], config: Config) -> list[Tape]:
    """As the bot takes pairs whose candles close at the same moment: the first may get the slot."""
    listed = config.pair_whitelist
    if isinstance(listed, str):
        return sorted(tapes, key=lambda tape: tape.pair)
    order = expanded(listed, [tape.pair for tape in tapes])
    return sorted(tapes, key=lambda tape: order.index(tape.pair))


def _archived(reader: Reader, ledger: Ledger) -> tuple[tuple[Tape, ...], dict[str, frozenset[int]]]:
    tapes, judged = [], {}
    for pair in sorted(ledger.pairs):
        rows = reader.archived(pair, archive.KEEP)
        if rows:
            seconds = ledger.config.seconds
            tapes.append(tape_of(pair, seconds, [row.candle for row in rows]))
            judged[pair] = frozenset(row.candle.time for row in rows if row.judged)
    return tuple(tapes), judged
