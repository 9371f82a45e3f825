"""CSV as people have it: with or without blank lines, between commas, semicolons or tabs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from adapters.recorded_rows import COLUMNS, RecordingError, Rows
from adapters.tables.standard import Table, is_foreign, missing, standard

ROWS = 16_384  # of one piece
DELIMITERS = ",;\t"


def pieces(path: Path, file: TextIO) -> Iterator[Rows]:
    """The file's rows as a recording's columns: its own ROWS at a time, others' all at once."""
    first = file.readline()
    delimiter = max(DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    reader = csv.reader(file, delimiter=delimiter)
    if is_foreign(header):
        whole = [*chain.from_iterable(zip(*cut, strict=True) for cut in _cut(path, reader, header))]
        if whole:
            places = [place for place, _ in whole]
            yield standard(Table(path, tuple(header), [row for _, row in whole], places))
        return
    if not {*COLUMNS} <= {*header}:
        raise missing(path, header)
    for lines, rows in _cut(path, reader, header):
        columns = list(zip(*rows, strict=True))
        found: dict[str, Sequence[str]] = {n: columns[header.index(n)] for n in COLUMNS}
        yield Rows(str(path), lines[0], found, lines)


def _cut(
    path: Path, reader: Iterator[list[str]], header: Sequence[str]
) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
    """ROWS at a time with the line of each, blank ones left out. RecordingError for a short one."""
    line = 2
    while rows := list(islice(reader, ROWS)):
        lines: Sequence[int] = range(line, line + len(rows))
        line += len(rows)
        if list(header) in rows:
            place = lines[rows.index(list(header))]
            raise RecordingError(
                f"{path}, line {place}: has the names of columns once more; take that line out"
            )
        if any(len(row) != len(header) or not row[0] for row in rows):
            kept = [(n, r) for n, r in zip(lines, rows, strict=True) if any(map(str.strip, r))]
            for place, row in kept:
                if len(row) != len(header):
                    raise RecordingError(
                        f"{path}, line {place}: has {len(row)} fields, not {len(header)}"
                    )
            lines, rows = [place for place, _ in kept], [row for _, row in kept]
        if rows:
            yield lines, rows
