"""State directories: where they are, how one is opened for trading, and how one is set aside."""

from __future__ import annotations

import os
import time
import uuid
from operator import attrgetter
from pathlib import Path

from msgspec import structs

from app.at_stake import at_stake
from i18n.errors import UserError
from messages.config import Config
from persistence import checks, identity
from persistence.lock import Lock
from persistence.maintenance import migration
from persistence.private import close, exposed, refuse_links
from persistence.reader import Reader
from persistence.record import SCHEMA, Identity
from persistence.store import Store, exists

STATES = Path("state")
PULSE = "live prices"  # what a state of paper money on live prices is born for
PROBE = ("probe.json", "probe.json.part")  # what probe-exchange saw
OURS = frozenset(  # what may lie in a state directory before its ledger does
    {"lock", "logs", "control.sock", "console_history", "telegram.json", identity.MAKING, *PROBE}
)


def default_state(config: Config) -> Path:
    """``state/paper``, ``state/prices`` (paper money, live prices) or ``state/live``."""
    prices = config.lives and config.dry_run
    return STATES / ("prices" if prices else mode_of(config))


def mode_of(config: Config) -> str:
    """What a state directory is born for."""
    return "paper" if config.dry_run else "live"


def place_of(born: Identity) -> Path:
    """The same for what a ledger was born for."""
    prices = born.mode == "paper" and born.recording == PULSE
    return STATES / ("prices" if prices else born.mode)


def stamp(at: float) -> str:
    """A moment (epoch seconds) as part of a file's name, UTC."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))


def aside_name(path: Path, at: float) -> str:
    """A free name within a state directory for what another ledger takes the place of."""
    for number in range(100):
        name = f"before-{stamp(at)}" + (f".{number}" if number else "")
        if not os.path.lexists(path / name):
            return name
    raise UserError("no free name to move it to", str(path), "", "try again in a second")


def open_for_trading(
    path: Path, config: Config, digest: str, account: str = ""
) -> tuple[Lock, Store, list[str]]:
    """Locked, checked and opened, or born; with warnings. Nothing is changed where it refuses.

    ``digest`` names the recording, ``account`` whose money it is ("" = paper).

    Raises UserError, Damaged, Refused or InUse.
    """
    mode = mode_of(config)
    name, owner = config.exchange.name, account or mode
    wanted = Identity(uuid.uuid4().hex, mode, name, owner, digest, born_at=time.time())
    closed = _closed(path)
    refuse_foreign(path)
    if not exists(path):
        warnings = checks.check_place(path, live=mode == "live")
        lock = Lock.take(path)
        return lock, _held(lock, path, wanted, config), warnings
    lock = Lock.take(path)
    try:
        identity.finish(path)
        born = identity.read_mark(path)
        if mode == "live":  # whether a new key is of the same account is asked of the venue
            wanted = structs.replace(wanted, account=born.account)
        checks.check_identity(path, born, wanted)
        moved = _up_to_date(path)
        warnings = [*closed, *moved, *checks.check_state(path)]
    except BaseException:
        lock.release()
        raise
    return lock, _held(lock, path, wanted, config), warnings


def _up_to_date(path: Path) -> list[str]:
    """Migrate what an older version wrote; where the old one now lies, as a warning."""
    if not migration.wanted(path):
        return []
    aside, schema = aside_name(path, time.time()), identity.read_mark(path).schema
    from app.maintenance.folds import folds  # imported late: few starts need it

    migration.migrate(path, aside, folds())
    return [f"{path}: brought from schema {schema} to {SCHEMA}; the old one is {path / aside}"]


def accounts_of(path: Path) -> tuple[str, ...]:
    """Of the API keys that a state directory has traded with, the first one at its birth."""
    from core.orders.intents import GatewayState  # imported late: few need it

    with Reader.open(path) as reader:
        kept = reader.load("gateway", GatewayState)
    return (identity.read_mark(path).account, *(kept.state.accounts if kept else ()))


def require(path: Path) -> Path:
    """The path, if something was ever traded there. Raises UserError, or Refused for a link."""
    refuse_links(path)
    if not exists(path):
        raise UserError(
            what="nothing has been traded here yet",
            where=str(path),
            allowed="a state directory",
            todo="start with run.py, or name the right --state-dir",
        )
    return path


def set_aside(path: Path) -> Path | None:
    """Move a state directory aside under a name with the time; None when there is none.

    Raises InUse while a bot holds it, UserError for a directory that is not ours.
    """
    refuse_foreign(path)
    if not exists(path):
        return None
    name = f"{path.name}.{stamp(time.time())}"
    with Lock.take(path):
        for number in range(100):
            aside = path.with_name(name + (f".{number}" if number else ""))
            if not os.path.lexists(aside):
                path.rename(aside)
                return aside
    raise UserError("no free name to move it to", str(path), "", "name another --state-dir")


def _held(lock: Lock, path: Path, wanted: Identity, config: Config) -> Store:
    """The store, open; whatever goes wrong lets go of the lock."""
    try:
        if not exists(path):
            return Store.create(path, wanted)
        store = Store.open(path)
        _refuse_other(store, config)
        return store
    except BaseException:
        lock.release()
        raise


def _refuse_other(store: Store, config: Config) -> None:
    """A state directory keeps what it was born with."""
    from actors.trading_state import FIXED, TradingState  # imported late: a parent opens no store

    kept = store.load("steward", TradingState)
    before = kept.state.config if kept else None
    for key in FIXED if before else ():
        was, now = attrgetter(key)(before), attrgetter(key)(config)
        if was != now:
            store.close()
            raise UserError(
                what=f"{key} is {now}, and this state directory was made for {was}",
                where=str(store.path),
                allowed=f"{key} {was}",
                todo="set it back, name another --state-dir, or start with --fresh",
            )


def _closed(path: Path) -> list[str]:
    """Where a trade is open, a directory that is open to others is closed, not refused."""
    if exposed(path) != "mode" or not at_stake(path).any:
        return []
    done = close(path)
    end = "it is closed now (mode 0700)" if done else f"close it: chmod 700 '{path}'"
    return [f"{path}: others could write there; {end}; see whether somebody did"]


def exposed_to(path: Path) -> str:
    """The i18n key of what is to be said of a directory that is not its owner's alone, or ""."""
    found = exposed(path)
    return f"state_exposed_{found}" if found else ""


def refuse_exposed(path: Path) -> None:
    """Who may write in a state directory can move the money: it is its owner's alone."""
    match exposed(path):
        case "owner":
            what = "the state directory belongs to another user"
            todo = f"run as that user, or make it yours: chown -R $(id -un) '{path}'"
        case "mode":
            what = "others may write in the state directory"
            todo = f"close it: chmod 700 '{path}'"
        case _:
            return
    raise UserError(what, str(path), "a directory of yours that only you may write in", todo)


def refuse_foreign(path: Path) -> None:
    """Nothing is written among somebody else's files, or where somebody else may write.

    Raises UserError, or Refused for a link that leads outside.
    """
    refuse_links(path)
    others = exposed(path) if path.is_dir() else ""
    if others == "owner" or (others and not at_stake(path).any):
        refuse_exposed(path)
    if path.exists() and not path.is_dir():
        found = "it is not a directory"
    elif path.is_dir() and not exists(path):
        strange = sorted({entry.name for entry in path.iterdir()} - OURS)
        found = f"it holds other files: {', '.join(strange[:3])}" if strange else ""
    else:
        found = ""
    if found:
        raise UserError(
            what=f"this is no state directory: {found}",
            where=str(path),
            allowed="a state directory, an empty one, or a path where nothing is yet",
            todo="name another --state-dir",
        )
