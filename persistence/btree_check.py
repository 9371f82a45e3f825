"""The B+trees of an LMDB file, walked without LMDB: what a flipped bit or a lost tail has done.

LMDB trusts its pages; one that leads astray can end the process. So this reads the file by itself,
and only what it finds sound is given to LMDB.

Source of the layout: LMDB 0.9's ``mdb.c``. A page has offsets of its nodes (16 bits each) behind
the header; a node has 8 bytes (low and high half of a size, flags, key size), its key, its data.
On a branch the first three fields are the child's page number; on a leaf a flag says whether the
data are an overflow page's number or the 48 bytes of a named database.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from persistence.environment import DATA, pinned
from persistence.errors import Damaged
from persistence.lmdb_meta import BASE, HEADER, NATIVE, Base, Meta, newest

BRANCH, LEAF, OVERFLOW = 0x01, 0x02, 0x04  # a page's flags; on the disk no other stands beside
BIG, NAMED = 0x01, 0x02
NOWHERE = 2**64 - 1
_NODE = struct.Struct(NATIVE + "HHHH")
_WORD = struct.Struct(NATIVE + "Q")
FREE_LIST = "the free list"
DEEPEST = 32  # LMDB's own bound
MOST = 20  # findings; a damaged root makes thousands
USED, FREE = 1, 2
ATTEMPTS = 100


def check_size(path: Path) -> Meta:
    """The meta page in force; Damaged when a page that is in use lies beyond the file's end.

    The file may end before the last page ever given out: what a transaction took and gave back
    is never written. Only then the trees are walked, to see whether all that they name is there.
    """
    meta = newest(path)
    size, wanted = (path / DATA).stat().st_size, (meta.last_page + 1) * meta.page_size
    if size < wanted and (found := walk(path, meta)):
        text = f"the file is truncated: it has {size} bytes of {wanted}, and {found[0]}"
        raise Damaged(path / DATA, text)
    return meta


def pad(path: Path, meta: Meta) -> None:
    """Give a sound file the pages that were never written, so that the next check is quick."""
    wanted = (meta.last_page + 1) * meta.page_size
    if (path / DATA).stat().st_size < wanted:
        os.truncate(path / DATA, wanted)


def examine(path: Path) -> list[str]:
    """Walk the trees of one snapshot, also while a writer goes on."""
    for _ in range(ATTEMPTS):
        with pinned(path) as transaction:
            meta = newest(path)
            if meta.transaction == transaction:  # else the writer was faster: pin again
                return walk(path, meta)
    raise Damaged(path / DATA, "its meta pages and LMDB differ about the newest transaction")


def walk(path: Path, meta: Meta, most: int = sys.maxsize) -> list[str]:
    """What is wrong with the trees of this snapshot; nothing when they are sound.

    ``most`` pages of each tree are looked at, its root first: a bound for a start.
    """
    with (path / DATA).open("rb") as file:
        walker = _Walker(file.fileno(), meta, most)
        walker.tree(meta.main, "the main database")
        walker.tree(meta.free, FREE_LIST)
        walker.account()
    return walker.found


def _order(key: bytes, name: str) -> bytes:
    """What a key sorts by: the free list's keys are numbers in the machine's order."""
    return key[::-1] if name == FREE_LIST and NATIVE == "<" else key


class _Walker:
    def __init__(self, file: int, meta: Meta, most: int) -> None:
        self.found: list[str] = []
        self._most, self._partly = most, False
        self._file, self._size = file, meta.page_size
        self._pages = bytearray(meta.last_page + 1)
        self._pages[0:2] = bytes([USED, USED])

    def tree(self, base: Base, name: str) -> None:
        """Walk one tree from its root, and compare its counts."""
        self._counts = {BRANCH: 0, LEAF: 0, OVERFLOW: 0, 0: 0}
        counts, self._last = self._counts, b""
        named: list[tuple[str, Base]] = []
        self._floor = b""
        if base.root != NOWHERE and not 1 <= base.depth <= DEEPEST:
            self._say(f"{name} is {base.depth} pages deep")
            return
        stack = [(base.root, 1, b"")] if base.root != NOWHERE else []
        room = self._most
        while stack and room and len(self.found) < MOST:
            room -= 1
            number, depth, low = stack.pop()
            self._pass(low, name)
            shape = LEAF if depth == base.depth else BRANCH
            page = self._page(number, shape, name)
            if page and shape == BRANCH:
                children = self._branch(page, name)
                stack += [(child, depth + 1, key) for child, key in reversed(children)]
            elif page:
                named += self._leaf(page, number, name)
        wanted = (base.branches, base.leaves, base.overflows, base.entries)
        self._partly |= bool(stack)
        if not stack and tuple(counts.values()) != wanted:
            self._say(f"{name} has {tuple(counts.values())} pages and entries instead of {wanted}")
        for key, inner in named:
            self.tree(inner, f"the database {key}")

    def account(self) -> None:
        """Every page that was ever given out is in use or free."""
        if (lost := self._pages.count(0)) and not self.found and not self._partly:
            self._say(f"{lost} pages are neither in use nor free")

    def _page(self, number: int, shape: int, name: str) -> bytes | None:
        if not self._take(number, USED, name):
            return None
        page = os.pread(self._file, self._size, number * self._size)
        if len(page) < self._size:
            self._say(f"page {number} of {name} is beyond the file's end")
            return None
        own, _, flags, _ = HEADER.unpack_from(page)
        if own != number or flags != shape:
            self._say(f"page {number} of {name} is none of it ({own}, flags {flags:#x})")
            return None
        self._counts[shape] += 1
        return page

    def _take(self, number: int, use: int, name: str) -> bool:
        if not 1 < number < len(self._pages):
            self._say(f"{name} names page {number}, which was never given out")
            return False
        if self._pages[number]:
            self._say(f"{name} names page {number}, which is in use elsewhere or free")
            return False
        self._pages[number] = use
        return True

    def _nodes(self, page: bytes, name: str) -> list[tuple[int, int, int, bytes, int]]:
        """Low, high, flags, key and the offset of the data of every node."""
        lower = _NODE.unpack_from(page, 8)[2]
        count, out = (lower - HEADER.size) // 2, []
        if not HEADER.size <= lower <= self._size:
            self._say(f"a page of {name} has impossible bounds")
            return []
        for at in struct.unpack_from(f"{NATIVE}{count}H", page, HEADER.size):
            low, high, flags, size = (
                _NODE.unpack_from(page, at) if lower <= at <= self._size - 8 else (0, 0, 0, 2**16)
            )
            start = at + _NODE.size
            if start + size > self._size:
                self._say(f"a node of {name} lies outside its page")
                return []
            out.append((low, high, flags, page[start : start + size], start + size))
        return out

    def _branch(self, page: bytes, name: str) -> list[tuple[int, bytes]]:
        """The children, each with the key from which on it holds keys; of the first none."""
        nodes = self._nodes(page, name)
        keys = [b"", *[_order(key, name) for _, _, _, key, _ in nodes[1:]]]
        children = [low | high << 16 | flags << 32 for low, high, flags, _, _ in nodes]
        return list(zip(children, keys, strict=True)) if nodes else []

    def _pass(self, low: bytes, name: str) -> None:
        """Go over to the keys from ``low`` on: all before are less, all that follow are not."""
        if low:
            if low <= self._last:
                self._say(f"a branch of {name} leads to keys that lie before it")
            self._floor = low

    def _leaf(self, page: bytes, number: int, name: str) -> list[tuple[str, Base]]:
        named = []
        for low, high, flags, key, at in self._nodes(page, name):
            size = low | high << 16
            if (order := _order(key, name)) <= self._last or order < self._floor:
                self._say(f"keys of {name} are out of order on page {number}")
            self._last, end = order, at + (8 if flags & BIG else size)
            self._counts[0] += 1
            if end > self._size or flags & ~(BIG | NAMED):
                self._say(f"a value of {name} lies outside page {number}")
                continue
            data = self._big(page[at:end], size, name) if flags & BIG else page[at:end]
            if flags & NAMED and size == BASE.size:
                named.append((key.decode(errors="replace"), Base(*BASE.unpack(data))))
            elif name == FREE_LIST:
                self._free(data)
        return named

    def _big(self, raw: bytes, size: int, name: str) -> bytes:
        (number,) = _WORD.unpack(raw)
        head = os.pread(self._file, HEADER.size, number * self._size)
        if len(head) < HEADER.size or HEADER.unpack(head)[0] != number:
            self._say(f"overflow page {number} of {name} is none, or beyond the file's end")
            return b""
        _, _, flags, held = HEADER.unpack(head)
        # A value that its own transaction replaced by a shorter one keeps the pages it had.
        count = (HEADER.size - 1 + size) // self._size + 1
        if flags != OVERFLOW or held < count or number + held > len(self._pages):
            self._say(f"overflow page {number} of {name} has another shape")
            held = count
        taken = [self._take(number + i, USED, name) for i in range(held)]
        if not all(taken):
            return b""
        self._counts[OVERFLOW] += held
        data = os.pread(self._file, count * self._size, number * self._size)
        return data[HEADER.size : HEADER.size + size]

    def _free(self, data: bytes) -> None:
        words = [word for (word,) in _WORD.iter_unpack(data[: len(data) // 8 * 8])]
        if not words or words[0] > len(words) - 1:
            self._say("an entry of the free list is no list of pages")
            return
        for number in words[1 : words[0] + 1]:
            self._take(number, FREE, FREE_LIST)

    def _say(self, text: str) -> None:
        if len(self.found) < MOST:
            self.found.append(text)
