"""freqtrade's feather, and parquet: read by pyarrow, which the extra ``arrow`` brings."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from adapters.recorded_rows import COLUMNS, RecordingError
from adapters.tables.standard import Table, is_foreign, missing

READERS = {"feather": "pyarrow.feather", "parquet": "pyarrow.parquet"}
WAY = ".venv/bin/pip install '.[arrow]' brings it; or save the candles as CSV"


def table_of(path: Path, kind: str, content: BinaryIO) -> Table:
    """All rows of such bytes. RecordingError, also where pyarrow is not installed."""
    try:
        lib: Any = import_module("pyarrow.lib")
    except ImportError:
        raise RecordingError(f"{path}: is {kind}, which takes pyarrow; {WAY}") from None
    try:
        found: Any = import_module(READERS[kind]).read_table(BytesIO(content.read()))
        columns = {name: found.column(name).to_pylist() for name in found.column_names}
    except (lib.ArrowException, OSError, ValueError, OverflowError) as error:
        raise RecordingError(
            f"{path}: is not an intact {kind} file ({str(error)[:80]}); fetch or make it again"
        ) from None
    header = tuple(columns)
    if not is_foreign(header) and not {*COLUMNS} <= {*header}:
        raise missing(path, header)
    rows = [[_text(cell) for cell in row] for row in zip(*columns.values(), strict=True)]
    if not rows:
        raise RecordingError(f"{path}: holds no candle")
    return Table(path, header, rows, range(1, len(rows) + 1), "row")


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
