"""The log file: one JSON line a record, every library's through one chain, secrets blotted out.

``state/logs/jangbu.log`` turns over at midnight and at 10 MB, is compressed, and goes in time.
It is safe for several processes. What people read on the terminal is not made here.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from concurrent_log_handler import ConcurrentTimedRotatingFileHandler

SIZE_MAX = 10 * 1024 * 1024  # bytes
KEPT = 14  # older files
BLOT = "[hidden]"
SECRET_NAMES = re.compile(r"(secret|token|password|access_?key|api_?key|authorization)", re.I)
SECRETS = (
    re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+"),
    re.compile(r"(/bot)\d+:[\w-]+"),
    re.compile(
        r"(?i)((?:secret|token|password|access|api)[\w-]*['\"]?\s*[=:]\s*['\"]?)[^\s'\",&]+"
    ),
)

Entry = MutableMapping[str, Any]


def blotted(text: str) -> str:
    """The text without anything that looks like a secret."""
    for pattern in SECRETS:
        text = pattern.sub(rf"\1{BLOT}", text)
    return text


def hide_secrets(_logger: Any, _method: str, entry: Entry) -> Entry:
    """A processor of structlog's: by name of a field, and by the look of its text."""
    for name, value in entry.items():
        if SECRET_NAMES.search(name):
            entry[name] = BLOT
        elif isinstance(value, str):
            entry[name] = blotted(value)
    return entry


class LogFile(ConcurrentTimedRotatingFileHandler):
    """A file that cannot be written says so once; the records are dropped, and nobody stops."""

    told = False

    def handleError(self, record: logging.LogRecord) -> None:
        """Called where a record could not be written, with the error at hand."""
        if not self.told:
            self.told = True
            print(f"The log file cannot be written: {sys.exc_info()[1]}", file=sys.stderr)


def set_up(state: Path, level: int = logging.INFO) -> Path:
    """Send every record of this process to the log file; returns its path."""
    folder = state / "logs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "jangbu.log"
    handler = LogFile(
        str(path),
        when="midnight",
        maxBytes=SIZE_MAX,
        backupCount=KEPT,
        use_gzip=True,
        chmod=0o600,
        encoding="utf-8",
    )
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return path


def _shared() -> list[Any]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter() -> logging.Formatter:
    processors: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        hide_secrets,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_shared(), processors=processors)
