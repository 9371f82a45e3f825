"""Candles in JSON: Upbit's own answers, and freqtrade's rows of six figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from adapters.recorded_rows import RecordingError
from adapters.tables.standard import Table, is_foreign, missing

FREQTRADE = ("timestamp", "open", "high", "low", "close", "volume")
ALLOWED = "a list of Upbit's candles, or of freqtrade's rows [ms, open, high, low, close, volume]"


def table_of(path: Path, file: TextIO) -> Table:
    """The rows of a file, their figures as they stand. RecordingError for what are none."""
    text = file.read()
    try:
        found = _loaded(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise RecordingError(f"{path}, {place}: is no JSON: {error.msg}; fetch it again") from None
    except RecursionError:
        raise RecordingError(f"{path}: is nested too deeply; allowed: {ALLOWED}") from None
    if isinstance(found, dict) and isinstance(refusal := found.get("error"), dict):
        name = str(refusal.get("name", ""))[:40]
        raise RecordingError(f"{path}: is a refusal of Upbit ({name}) and no candles; fetch again")
    if not isinstance(found, list):
        raise RecordingError(f"{path}: is a JSON {_kind(found)}; allowed: {ALLOWED}")
    if not found:
        raise RecordingError(f"{path}: holds no candle")
    header = tuple(found[0]) if isinstance(found[0], dict) else FREQTRADE
    if isinstance(found[0], dict) and not is_foreign(header):
        raise missing(path, header)
    rows = [_row(path, index, row, header) for index, row in enumerate(found, 1)]
    return Table(path, header, rows, range(1, len(rows) + 1), "row")


def _loaded(text: str) -> Any:
    """The value of a JSON text, its figures as they stand; of one a line, the list of them."""
    try:
        return _value(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if error.msg != "Extra data" or len(lines) < 2:
            raise
        try:
            return [_value(line) for line in lines]
        except json.JSONDecodeError:
            raise error from None


def _value(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def _row(path: Path, index: int, row: Any, header: tuple[str, ...]) -> list[str]:
    """The figures of one row, as texts in the order of the header."""
    cells = [row.get(name) for name in header] if isinstance(row, dict) else row
    if not isinstance(cells, list) or len(cells) != len(header):
        count = len(cells) if isinstance(cells, list) else 0
        raise RecordingError(f"{path}, row {index}: has {count} fields, not {len(header)}")
    return ["" if cell is None else str(cell) for cell in cells]


def _kind(found: Any) -> str:
    kinds = {dict: "object", str: "text or number", bool: "boolean"}
    return kinds.get(type(found), "null")
