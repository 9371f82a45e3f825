"""What a check of a state directory has found."""

from __future__ import annotations

from msgspec import Struct

from persistence.codec import Corrupt


class Finding(Struct, frozen=True):
    """One thing that is wrong.

    ``what`` is one of: file (size, meta pages, birth), structure (LMDB's trees), checksum,
    decode, gap, source, cause, cursor, settled, base, fold, state, key, archive.
    """

    what: str
    where: str
    text: str


def corrupt(where: str, error: Corrupt) -> Finding:
    """A value that fails its checksum, or does not decode."""
    return Finding("checksum" if "checksum" in str(error) else "decode", where, str(error))
