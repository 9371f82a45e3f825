"""The log file: one line a record, every library's through one chain, secrets blotted out.

``state/logs/jangbu.log`` turns over at midnight and at a size, is compressed, and goes after some
days (messages/notification_config.py, ``Logs``). It is safe for several processes. A line about
something that was decided bears ``trace`` and ``entry``: ``run.py tail --trace`` shows what the
journal has of it. What people read on the terminal is not made here.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog
from concurrent_log_handler import ConcurrentTimedRotatingFileHandler

from messages.notification_config import Logs
from persistence.private import refuse_links

MEGABYTE = 1024 * 1024
FILES_MOST = 200  # older ones, however many turn over within the days
DAY = 86400.0
NOISY = ("urllib3", "requests", "apprise", "websockets", "uvicorn", "asyncio", "pykka")
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
        entry[name] = BLOT if SECRET_NAMES.search(name) else _hidden(value)
    return entry


def _hidden(value: Any) -> Any:
    """The same of what lies within."""
    match value:
        case str():
            return blotted(value)
        case bytes():
            return blotted(value.decode("utf-8", "replace"))
        case Mapping():
            return {
                name: BLOT if SECRET_NAMES.search(str(name)) else _hidden(inner)
                for name, inner in value.items()
            }
        case list() | tuple():
            return [_hidden(inner) for inner in value]
        case BaseException():
            return blotted(repr(value))
    return value


class LogFile(ConcurrentTimedRotatingFileHandler):
    """A file that cannot be written says so once; the records are dropped, and nobody stops."""

    told = False
    keep_days = Logs().keep_days

    def getFilesToDelete(self) -> list[str]:
        """Older than the days they are kept, and the oldest of far too many."""
        now = time.time()
        names = Path(self.baseFilename).parent.glob(f"{Path(self.baseFilename).name}.*")
        dated = sorted((path.stat().st_mtime, str(path)) for path in names)
        many = len(dated) - FILES_MOST
        return [
            name
            for place, (at, name) in enumerate(dated)
            if place < many or now - at > self.keep_days * DAY
        ]

    def handleError(self, record: logging.LogRecord) -> None:
        """Called where a record could not be written, with the error at hand."""
        if not self.told:
            self.told = True
            print(f"The log file cannot be written: {sys.exc_info()[1]}", file=sys.stderr)


def set_up(state: Path, kept: Logs = Logs()) -> Path:
    """Send every record of this process to the log file; returns its path. Raises Refused."""
    folder = state / "logs"
    refuse_links(state)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "jangbu.log"
    handler = LogFile(
        str(path),
        when="midnight",
        maxBytes=kept.size_mb * MEGABYTE,
        backupCount=FILES_MOST,
        use_gzip=True,
        chmod=0o600,
        encoding="utf-8",
    )
    handler.keep_days = kept.keep_days
    handler.setFormatter(_formatter(kept.format == "json"))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(kept.level.upper())
    for name in NOISY:  # what they say when debugging holds addresses with secrets in them
        logging.getLogger(name).setLevel(max(root.level, logging.INFO))
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


def _formatter(as_json: bool) -> logging.Formatter:
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    if not as_json:
        plainly = structlog.dev.plain_traceback
        renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plainly)
    processors: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        hide_secrets,
        renderer,
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_shared(), processors=processors)
