"""Owns the checks that need no network: the configuration, the state directory, the disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import structs

from app.config.config_file import Loaded, load
from app.error_messages import as_user_error
from app.preflight.finding import Finding, ok, trouble, warning
from app.state_directory import mode_of, refuse_foreign
from i18n.errors import UserError
from messages.config import Config
from persistence import checks, identity
from persistence.environment import free_disk
from persistence.errors import Damaged, InUse
from persistence.lock import Lock, owner
from persistence.reader import Reader
from persistence.record import Identity

SEE_TO = "see to the file or its disk"
MEGABYTE = 1024 * 1024
ROOMY_MB = 1024  # the ledger's file grows to this before its map does


def check_config(
    path: Path | None, environ: Mapping[str, str]
) -> tuple[list[Finding], Loaded | None]:
    """Whether it can be used, and what it says when it can."""
    try:
        loaded = load(path, environ)
    except UserError as error:
        return [_problem(one) for one in (error, *error.others)], None
    name = str(path) if path else "-"
    return [ok("config", f"config_{mode_of(loaded.config)}", path=name)], loaded


def _problem(error: UserError) -> Finding:
    """One that has no range of allowed values says what else to do."""
    bounds = f"correct it; allowed: {error.allowed}" if error.allowed else ""
    facts = {"text": error.what, "place": error.where, "allowed": error.allowed}
    return trouble("config", "config_bad", **facts, reason=bounds or error.todo or SEE_TO)


def check_state(path: Path, config: Config) -> list[Finding]:
    """Whether a bot may trade there. Nothing is made, and nothing is changed."""
    mode = mode_of(config)
    try:
        refuse_foreign(path)
        if not identity.exists(path):
            warnings = checks.check_place(path, live=mode == "live")
            return [*_warned(warnings), ok("state", "state_new", path=str(path))]
        born = identity.read_mark(path)
        wanted = Identity(born.id, mode, config.exchange.name, mode, born.recording)
        checks.check_identity(path, born, structs.replace(wanted, account=born.account))
        if pid := owner(path):
            running = ok("state", "state_running", path=str(path), pid=str(pid))
            return [running, *_stopless(path)]
        with Lock.take(path):
            warnings = checks.check_state(path)
    except InUse as used:  # taken between the two looks
        return [ok("state", "state_running", path=str(path), pid=str(used.pid))]
    except (UserError, Damaged, OSError) as error:
        said = as_user_error(error)
        return [trouble("state", "state_bad", path=str(path), text=said.what, advice=said.todo)]
    return [*_warned(warnings), ok("state", "state_sound", path=str(path)), *_stopless(path)]


def _stopless(path: Path) -> list[Finding]:
    """That no stop works, as far as the ledger knows: our key was refused with trades open."""
    from actors.holdings.holdings import Holdings  # imported late: actors take their time
    from core.notices.account import account_notice

    with Reader.open(path) as reader:
        kept = reader.load(Holdings.name, Holdings.State)
    disabled = kept.state.disabled if kept else None
    notice = account_notice(disabled) if disabled else None
    return [trouble("state", "state_stops", **notice[2])] if notice else []


def check_disk(path: Path, config: Config) -> Finding:
    """The room where the state directory is, or is to be."""
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    try:
        free = free_disk(there) // MEGABYTE
    except OSError as error:
        return trouble("disk", "disk_unknown", path=str(there), text=error.strerror or str(error))
    reserve = config.bounds.disk_reserve_mb
    facts = {"path": str(there), "megabytes": f"{free:,}", "reserve": f"{reserve:,}"}
    if free < reserve:
        return trouble("disk", "disk_full", **facts)
    if free < ROOMY_MB:
        return warning("disk", "disk_low", **facts)
    return ok("disk", "disk_ok", **facts)


def _warned(warnings: list[str]) -> list[Finding]:
    return [warning("state", "state_warning", text=text) for text in warnings]
