"""The two meta pages of an LMDB file, read without LMDB.

LMDB maps the file: a page that the tree names and the file no longer has is a SIGBUS, not an
error. So the size is compared with what the newest meta page claims before LMDB sees the file.

Source: ``struct MDB_page``, ``MDB_db`` and ``MDB_meta`` of LMDB 0.9's ``mdb.c`` on a 64-bit
machine. A page begins with 16 bytes (number, pad, flags, bounds); a meta page goes on with magic,
version, address, map size, two ``MDB_db`` of 48 bytes (free list, main), last page, transaction.
The first field of the free list's ``MDB_db`` holds the page size.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import NamedTuple

from persistence.environment import DATA
from persistence.errors import Damaged

MAGIC = 0xBEEFC0DE
VERSION = 1
P_META = 0x08
NATIVE = "<" if sys.byteorder == "little" else ">"
HEADER = struct.Struct(NATIVE + "QHHI")  # number, pad, flags, lower + upper or overflow pages
BASE = struct.Struct(NATIVE + "IHHQQQQQ")  # the fields of Base
_HEAD = struct.Struct(NATIVE + "IIQQ")
_TAIL = struct.Struct(NATIVE + "QQ")
META_SIZE = HEADER.size + _HEAD.size + 2 * BASE.size + _TAIL.size
SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768)
ATTEMPTS = 3  # a writer may be at its meta page while we read it


class Base(NamedTuple):
    """The root of one B+tree, and how many pages and entries it should have."""

    pad: int
    flags: int
    depth: int
    branches: int
    leaves: int
    overflows: int
    entries: int
    root: int


class Meta(NamedTuple):
    """What a meta page says."""

    page_size: int
    free: Base
    main: Base
    last_page: int
    transaction: int


def newest(path: Path) -> Meta:
    """The meta page in force of a state directory's file; Damaged when the file cannot hold it."""
    data = path / DATA
    for attempt in range(ATTEMPTS):
        try:
            return _newest(data)
        except Damaged:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _newest(data: Path) -> Meta:
    try:
        size = data.stat().st_size
    except FileNotFoundError:
        raise Damaged(data, "the file is missing, and the directory was in use before") from None
    if not size:
        raise Damaged(data, "the file is empty, and the directory was in use before")
    with data.open("rb") as file:
        first = _meta(data, file.read(META_SIZE), 0)
        file.seek(first.page_size)
        second = _meta(data, file.read(META_SIZE), 1)
    # Each commit writes the page whose number is its own, modulo two; a new file has two zeros.
    low, high = sorted((first, second), key=lambda meta: meta.transaction)
    if high.transaction and (
        second.transaction % 2 == 0 or high.transaction - low.transaction != 1
    ):
        raise Damaged(data, "its two meta pages do not belong together")
    return high


def _meta(data: Path, raw: bytes, slot: int) -> Meta:
    if len(raw) < META_SIZE:
        raise Damaged(data, f"the file is truncated: it ends within meta page {slot}")
    number, _, flags, _ = HEADER.unpack_from(raw)
    magic, version, _, room = _HEAD.unpack_from(raw, HEADER.size)
    at = HEADER.size + _HEAD.size
    free, main = (Base(*BASE.unpack_from(raw, at + i * BASE.size)) for i in (0, 1))
    if magic != MAGIC or not flags & P_META or number != slot or free.pad not in SIZES:
        raise Damaged(data, f"meta page {slot} is none: the file is foreign or overwritten")
    if version != VERSION:
        raise Damaged(data, f"it has LMDB's data format {version}, we read {VERSION}")
    last, transaction = _TAIL.unpack_from(raw, at + 2 * BASE.size)
    if last >= room // free.pad:
        raise Damaged(data, f"meta page {slot} names page {last}, for which its map has no room")
    return Meta(free.pad, free, main, last, transaction)
