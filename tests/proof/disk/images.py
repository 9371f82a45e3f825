"""What a power cut may leave of a trace: crash images, each opened as a start would open it.

Between two syncs a disk may have taken any of the writes, whole or in part, in any order, and any
of the names. An image is one such choice at one moment of the trace. Pieces are pages of 4096
bytes, or sectors of 512 (a torn page); a sector is never torn, nor is a rename.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random
from typing import NamedTuple

from interfaces.commands.queries import folds
from persistence import identity
from persistence.checks import check_state
from persistence.errors import Damaged
from persistence.reader import Reader
from persistence.store import Store
from persistence.verify import verify
from tests.proof.disk.recorder import Note
from tests.support.progress import EVERY
from tests.support.simulation import BIRTH

PAGE, SECTOR = 4096, 512
WHOLE_MOST = 7  # of so many pieces every choice is made; of more a sample of this many bits
ONWARD = 10  # of each so many images one is traded on


class Piece(NamedTuple):
    """Something that the disk may have taken by now: bytes of a file, or a name."""

    file: int  # 0 for a name
    note: Note
    start: int = 0
    stop: int = 0


@dataclass
class Disk:
    """What is surely there, and what may be."""

    root: str
    contents: dict[int, bytes] = field(default_factory=dict)  # by file
    names: dict[str, int] = field(default_factory=dict)  # 0 is a folder
    pending: list[tuple[int, Note]] = field(default_factory=list)
    files: dict[int, int] = field(default_factory=dict)  # by inode, which are used again
    of_name: dict[int, int] = field(default_factory=dict)  # what a pending creation made
    acked: int = -1

    def take(self, note: Note) -> None:
        """Go on by one call."""
        if note.path == f"{self.root}/acks":
            self.acked = int(note.data) if note.kind == "w" else self.acked
        elif note.kind == "s":
            self._settle(note)
        elif note.kind in "wt":
            self.pending.append((self.files[note.inode], note))
            if note.synced:
                self.contents = self._written([self.pending.pop()])
        else:
            if note.kind == "c":
                self.files[note.inode] = len(self.contents) + 1
                self.contents[len(self.contents) + 1] = b""
                self.of_name[id(note)] = len(self.contents)
            self.pending.append((0, note))

    def _settle(self, note: Note) -> None:
        """A file's bytes, or the names in a folder, are on the disk now."""
        file = self.files.get(note.inode, -1)
        ours = [(f, n) for f, n in self.pending if _settled(f, n, file, note.path)]
        self.contents, self.names = self._written(ours), self._named(ours)
        self.pending = [entry for entry in self.pending if entry not in ours]

    def pieces(self, size: int) -> list[Piece]:
        """What may be there, in pieces of so many bytes."""
        found = []
        for file, note in self.pending:
            if note.kind != "w":
                found.append(Piece(file, note))
                continue
            at, end = note.offset, note.offset + len(note.data)
            while at < end:
                stop = min(end, (at // size + 1) * size)
                found.append(Piece(file, note, at - note.offset, stop - note.offset))
                at = stop
        return found

    def image(self, taken: Sequence[Piece]) -> dict[str, bytes | None]:
        """What a start would find, by relative path (None is a folder), had these been taken."""
        parts = [(p.file, _part(p)) for p in taken]
        contents, names = self._written(parts), self._named(parts)
        found: dict[str, bytes | None] = {}
        for name, file in sorted(names.items()):
            parent = name.rpartition("/")[0]
            if parent == self.root or parent[len(self.root) + 1 :] in found:
                found[name[len(self.root) + 1 :]] = contents[file] if file else None
        return found

    def _written(self, entries: Sequence[tuple[int, Note]]) -> dict[int, bytes]:
        changed: dict[int, bytearray] = {}
        for file, note in entries:
            if not file:
                continue
            content = changed.setdefault(file, bytearray(self.contents[file]))
            if note.kind == "t":
                del content[note.offset :]
            content.extend(bytes(max(0, note.offset - len(content))))
            content[note.offset : note.offset + len(note.data)] = note.data
        return self.contents | {file: bytes(content) for file, content in changed.items()}

    def _named(self, entries: Sequence[tuple[int, Note]]) -> dict[str, int]:
        names = dict(self.names)
        for file, note in entries:
            if file:
                continue
            if note.kind == "c":
                names[note.path] = self.of_name[id(note)]
            elif note.kind == "m":
                names[note.path] = 0
            elif note.kind == "u":
                names.pop(note.path, None)
            elif note.path in names:
                names[note.target] = names.pop(note.path)
        return names


def _settled(file: int, note: Note, synced: int, folder: str) -> bool:
    if file:
        return file == synced
    return folder in {name.rpartition("/")[0] for name in (note.path, note.target) if name}


def _part(piece: Piece) -> Note:
    if piece.note.kind != "w":
        return piece.note
    data = piece.note.data[piece.start : piece.stop]
    return piece.note._replace(offset=piece.note.offset + piece.start, data=data)


class Recipe(NamedTuple):
    """One image: the moment (so many calls were made), the pieces' size, which were taken."""

    moment: int
    size: int
    chosen: tuple[bool, ...]


def moments(trace: Sequence[Note], root: str) -> Iterator[tuple[int, Disk]]:
    """The disk before each call that makes something sure, when most is in doubt, and at the end.

    A write that is synced by itself is also in doubt just before it has returned.
    """
    disk = Disk(root)
    for number, note in enumerate(trace):
        if note.synced:
            yield number, disk
            disk.take(note._replace(synced=False))
            yield number + len(trace) + 1, disk
            disk.pending.pop()
        elif note.kind == "s" or note.path == f"{root}/acks":
            yield number, disk
        disk.take(note)
    yield len(trace), disk


def recipes(trace: Sequence[Note], root: str, count: int, random: Random) -> list[Recipe]:
    """So many whose images all differ: half of pages, half torn by sectors.

    Of equal images the last moment's is taken, at which most was told. Those of the first
    creation, which come first, are always all there.
    """
    first, paged, places = dict[int, Recipe](), dict[int, Recipe](), 0
    for moment, disk in moments(trace, root):
        pages = disk.pieces(PAGE)
        places += any(p.stop for p in pages)
        for chosen in _choices(len(pages), random):
            mark = _mark(disk.image(_taken(pages, chosen)))
            first.pop(mark, None)
            (paged if disk.acked >= 0 else first)[mark] = Recipe(moment, PAGE, chosen)
    torn: dict[int, Recipe] = {}
    wanted = max(count // 2, count - len(first) - len(paged))
    for moment, disk in moments(trace, root):
        sectors = disk.pieces(SECTOR)
        for _ in range(wanted // places + 1 if any(p.stop for p in sectors) else 0):
            chosen = tuple(random.random() < 0.5 for _ in sectors)
            mark = _mark(disk.image(_taken(sectors, chosen)))
            if mark not in first and mark not in paged:
                torn[mark] = Recipe(moment, SECTOR, chosen)
    some = random.sample(list(torn.values()), min(wanted, len(torn)))
    rest = min(len(paged), max(0, count - len(first) - len(some)))
    return [*first.values(), *random.sample(list(paged.values()), rest), *some]


def _taken(pieces: Sequence[Piece], chosen: Sequence[bool]) -> list[Piece]:
    return [piece for piece, is_there in zip(pieces, chosen, strict=True) if is_there]


def _mark(image: dict[str, bytes | None]) -> int:
    """Two images with one mark are the same, but for what holds no bytes of ours."""
    return hash(tuple((name, data) for name, data in image.items() if "lock" not in name))


def _choices(count: int, random: Random) -> list[tuple[bool, ...]]:
    if count <= WHOLE_MOST:
        return list(product((False, True), repeat=count))
    found = {(False,) * count, (True,) * count}
    found |= {tuple(i < n for i in range(count)) for n in range(count)}
    found |= {tuple(i != n for i in range(count)) for n in range(count)}
    while len(found) < 2**WHOLE_MOST:
        found.add(tuple(random.random() < 0.5 for _ in range(count)))
    return sorted(found)


class Reference(NamedTuple):
    """What the workload wrote in the end: its entries as they lie there, and its whole turns."""

    entries: list[bytes]
    turns: frozenset[int]  # journal numbers at which a commit ended


def reference(path: Path, trace: Sequence[Note], root: str) -> Reference:
    """Of the state directory that the workload left."""
    with Reader.open(path) as reader:
        entries = [value for _, value in reader.rows("journal")]
    acks = [int(n.data) for n in trace if n.path == f"{root}/acks" and n.kind == "w"]
    return Reference(entries, frozenset(acks))


def opened(
    trace: Sequence[Note], root: str, wanted: Sequence[Recipe], right: Reference, folder: Path
) -> Counter[str]:
    """Open every image; AssertionError names the recipe that is not as it should be."""
    seen: Counter[str] = Counter()
    waiting: dict[int, list[Recipe]] = {}
    for recipe in wanted:
        waiting.setdefault(recipe.moment, []).append(recipe)
    for moment, disk in moments(trace, root):
        for recipe in waiting.get(moment, ()):
            shutil.rmtree(folder, ignore_errors=True)
            laid(disk.image(_taken(disk.pieces(recipe.size), recipe.chosen)), folder)
            onward = not seen.total() % ONWARD
            if seen.total() % EVERY == EVERY - 1:
                print(f"{seen.total() + 1:,} of {len(wanted):,}", file=sys.stderr, flush=True)
            try:
                seen[judged(folder / "state", disk.acked, right, onward)] += 1
            except (AssertionError, Damaged) as error:
                raise AssertionError(f"{recipe}: {type(error).__name__} {error}") from error
    return seen


def laid(image: dict[str, bytes | None], folder: Path) -> None:
    """Put an image on a disk."""
    folder.mkdir()
    for name, content in image.items():
        if content is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(content)


def judged(path: Path, acked: int, right: Reference, onward: bool) -> str:
    """Every turn that was told is there, nothing of another is, and one may trade on."""
    if acked < 0 and not identity.exists(path):
        with Store.create(path, BIRTH, sync=False) as store:
            assert store.count() == 0
        return "born again"
    check_state(path, mounts="")
    with Store.open(path, sync=False) as store:
        count = store.count()
        assert acked <= count, f"{acked} entries were told, {count} are there"
        assert count in right.turns or not count, f"{count} entries end within a turn"
        assert [v for _, v in store.rows("journal")] == right.entries[:count], "another journal"
        if onward and (last := store.last()):
            kept = store.load(last.source, folds()[last.source][0])
            assert kept
            store.note("onward", b"yes")
    assert (found := verify(path, folds())) == [], found
    if acked < 0:
        return "finished"
    return "as told" if count == acked else "one turn more"
