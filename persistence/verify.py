"""The second witness: reads everything, folds the journal, and says what does not agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import lmdb

from messages.base import Envelope
from messages.journal import AnyEvent
from persistence import archive, btree_check
from persistence.codec import Corrupt, decode_envelope, unseal
from persistence.errors import Damaged
from persistence.findings import Finding, corrupt
from persistence.journal_base import Fold, JournalStart, begins
from persistence.reader import Reader, Snapshot, number_key
from persistence.record import Identity, Record

__all__ = ["Finding", "Fold", "Progress", "examine", "verify"]

Progress = Callable[[int, int], None]
ATTEMPTS = 3
STEP = 1000  # journal entries between two words of progress


def verify(
    path: Path, folds: Mapping[str, Fold], progress: Progress | None = None
) -> list[Finding]:
    """Everything that is wrong with a state directory; nothing when it is sound.

    Reads only, also while the bot runs. Where the file itself is damaged it goes no further.
    """
    try:
        btree_check.check_size(path)
        if found := btree_check.examine(path):
            return [Finding("structure", "data.mdb", text) for text in found]
        with Reader.open(path) as reader:
            return examine(reader, folds, progress)
    except Damaged as error:
        return [Finding("file", error.path.name, error.found)]
    except lmdb.Error as error:
        return [Finding("structure", "data.mdb", str(error))]


def examine(
    reader: Reader, folds: Mapping[str, Fold], progress: Progress | None = None
) -> list[Finding]:
    """The same of an open one: checksums, numbers, cursors, folds, index and archive."""
    found: list[Finding] = []
    for _ in range(ATTEMPTS):
        snapshot = reader.snapshot()
        found = _examined(reader, snapshot, folds, progress)
        if reader.snapshot().base == snapshot.base:  # else it was trimmed meanwhile: again
            break
    return found


def _examined(
    reader: Reader, snapshot: Snapshot, folds: Mapping[str, Fold], progress: Progress | None
) -> list[Finding]:
    found = list(_meta(snapshot))
    records, odd = _records(snapshot, folds)
    begun = begins(snapshot, folds)
    found += [*odd, *begun.found]
    ledger = _Ledger(folds, records, begun, snapshot.last, progress)
    found += ledger.read(reader)
    found += ledger.compare()
    found += _index(reader, folds)
    found += _archive(reader)
    return found


class _Ledger:
    """The journal's fold, beside the records that it should give."""

    def __init__(
        self,
        folds: Mapping[str, Fold],
        records: Mapping[str, Record[Any]],
        begun: JournalStart,
        last: int,
        progress: Progress | None,
    ) -> None:
        self._folds, self._records, self._last, self._progress = folds, records, last, progress
        self._begins = begun.base.number
        self._states = {name: fold[2] for name, fold in folds.items()} | begun.states
        self._told = set(begun.states)  # who has stated something
        self._broken: set[str] = set()  # whose fold is not to be trusted
        self._claims: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for name, record in records.items():
            for source, number in record.cursors.items():
                if number > self._begins:
                    self._claims[number].append((name, source))

    def read(self, reader: Reader) -> Iterator[Finding]:
        """One pass over the journal."""
        before = self._begins
        for key, value in reader.rows("journal", number_key(before + 1), self._last):
            number = int.from_bytes(key[:8], "big")
            if len(key) != 8 or number != before + 1:
                yield Finding("gap", f"journal {before + 1}", f"entry {number} follows {before}")
            before = number
            try:
                yield from self._take(decode_envelope(key, value))
            except Corrupt as error:
                self._broken.update(self._folds)  # it could have been anybody's
                yield corrupt(f"journal {number}", error)
            if self._progress and not number % STEP:
                self._progress(number, self._last)
        if self._progress:
            self._progress(self._last, self._last)

    def _take(self, envelope: Envelope) -> Iterator[Finding]:
        where, source = f"journal {envelope.number}", envelope.source
        for name, claimed in self._claims.pop(envelope.number, ()):
            if claimed != source:
                text = f"it took entry {envelope.number} from {claimed}, which is {source}'s"
                yield Finding("cursor", name, text)
        if envelope.cause >= envelope.number:
            yield Finding("cause", where, f"its cause {envelope.cause} does not lie before it")
        if source not in self._folds:
            yield Finding("source", where, f"{source} is nobody's name")
        elif source not in self._broken:
            self._told.add(source)
            try:
                self._states[source] = self._folds[source][1](self._states[source], envelope.body)
            except Exception as error:
                self._broken.add(source)
                yield Finding("fold", source, f"{where} cannot be: {type(error).__name__} {error}")

    def compare(self) -> Iterator[Finding]:
        """The folded states and the stored ones; what is left of the cursors."""
        for number, claims in self._claims.items():
            for name, source in claims:
                text = f"it took entry {number} from {source}; the journal ends at {self._last}"
                yield Finding("cursor", name, text)
        for name in self._folds:
            record = self._records.get(name)
            if name in self._broken:
                continue
            if record is None and name in self._told:
                yield Finding("state", name, "it has stated events and has no state")
            elif record and not self._last:
                yield Finding("state", name, "it has a state, and the journal is empty")
            elif record and record.state != self._states[name]:
                yield Finding("fold", name, "its state is not what its events fold to")


def _meta(snapshot: Snapshot) -> Iterator[Finding]:
    kinds = {b"birth": Identity, b"settled": int}
    for key, value in snapshot.meta:
        where = f"meta {key.decode(errors='replace')}"
        kind = kinds.get(key, bytes)
        if key not in kinds and not key.startswith(b"note/"):
            yield Finding("key", where, "no such value is kept")
            continue
        try:
            found = unseal(key, value, kind)
        except Corrupt as error:
            yield corrupt(where, error)
            continue
        if kind is int and not 0 <= found <= snapshot.last:
            text = f"{found} is settled, and the journal ends at {snapshot.last}"
            yield Finding("settled", where, text)


def _records(
    snapshot: Snapshot, folds: Mapping[str, Fold]
) -> tuple[dict[str, Record[Any]], list[Finding]]:
    records: dict[str, Record[Any]] = {}
    found = []
    for key, value in snapshot.states:
        name = key.decode(errors="replace")
        if name not in folds:
            found.append(Finding("key", f"state {name}", "nobody has this name"))
            continue
        kind: Any = Record[folds[name][0]]  # type: ignore[misc]
        try:
            records[name] = unseal(key, value, kind)
        except Corrupt as error:
            found.append(corrupt(f"state {name}", error))
    return records, found


def _index(reader: Reader, folds: Mapping[str, Fold]) -> Iterator[Finding]:
    for key, value in reader.rows("index"):
        name = key.decode(errors="replace")
        if name.partition("/")[0] not in folds:
            yield Finding("key", f"index {name}", "nobody has this name")
        try:
            unseal(key, value, AnyEvent)
        except Corrupt as error:
            yield corrupt(f"index {name}", error)


def _archive(reader: Reader) -> Iterator[Finding]:
    for key, value in reader.rows("archive"):
        pair, time = archive.split(key)
        where = f"archive {pair} {time}"
        try:
            row: archive.Row = unseal(key, value, archive.Row)
        except Corrupt as error:
            yield corrupt(where, error)
            continue
        if row.candle.time != time:
            yield Finding("archive", where, f"it holds the candle of {row.candle.time}")
        if row.after > reader.count():
            yield Finding("archive", where, f"it claims to follow entry {row.after}")
