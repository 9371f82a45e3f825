"""A state directory is its owner's alone, and nothing of it leads elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import logs
from app.state_directory import open_for_trading, refuse_foreign, require
from messages.config import Config
from persistence.lock import Lock
from persistence.private import refuse_links
from persistence.store import Reader, Refused, Store
from tests.support.ledgers import BORN

FILES = ("data.mdb", "lock.mdb", "lock", "birth.json", "birth.new", "birth.next", "control.sock")
MORE = ("console_history", "telegram.json", "dashboard.token", "probe.json", "run.json")
DEEPER = ("logs", "logs/jangbu.log", "logs/jangbu.log.1.gz", "before-1/data.mdb")


def linked(tmp_path: Path, name: str, target: Path) -> Path:
    """A state directory in which this name is a link; a ledger that stood there lies at its end."""
    state = tmp_path / "state"
    Store.create(state, BORN, sync=False).close()
    place = state / name
    place.parent.mkdir(exist_ok=True)
    if place.exists():
        place.rename(target)
    place.symlink_to(target)
    return state


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("name", [*FILES, *MORE, *DEEPER])
def test_whatever_of_it_leads_outside_is_named_with_where_it_leads_and_never_written(
    tmp_path: Path, name: str, there: bool
) -> None:
    target = tmp_path / "elsewhere"
    state = linked(tmp_path, name, target)
    if there and not target.exists():
        target.write_text("my diary")
    before = target.read_bytes() if target.exists() else None
    doors = (Store.open, Reader.open, Lock.take, logs.set_up, require, refuse_foreign)
    for door in (*doors, lambda path: open_for_trading(path, Config(), "recording")):
        with pytest.raises(Refused) as refused:
            door(state)
        assert f"{name} is a link that leads outside, to {target}" in refused.value.found
        assert f"rm '{state / name}'" in refused.value.todo
    assert (target.read_bytes() if target.exists() else None) == before


def test_a_link_within_it_and_one_that_leads_to_it_are_followed(tmp_path: Path) -> None:
    state = linked(tmp_path, "logs", tmp_path / "state" / "texts")
    (tmp_path / "door").symlink_to(state)
    for path in (state, tmp_path / "door"):
        refuse_links(path)
        Reader.open(path).close()
    refuse_links(tmp_path / "none")
