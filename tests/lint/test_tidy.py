"""The laws of the tree, checked on the tree itself."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from messages import (
    account,
    audit,
    budget,
    control,
    journal,
    limits,
    market,
    market_status,
    notices,
    notification_delivery,
    orders,
    paper,
    recovery,
    snapshots,
    storage,
    trading,
    venue_queries,
)
from messages.base import Message

ROOT = Path(__file__).parents[2]
PACKAGES = ("messages", "core", "persistence", "adapters", "actors", "sandbox", "i18n")
PACKAGES += ("projections", "research", "simulation", "app", "interfaces")
FILES = [ROOT / "run.py"]
FILES += [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
NAMES = [str(path.relative_to(ROOT)) for path in FILES]
RIMS = {  # who may import what touches the world: folders, or files
    "pykka": {"actors/runtime"},
    "lmdb": {"persistence"},
    "requests": {"adapters", "app"},
    "jwt": {"adapters", "sandbox"},
    "websockets": {"adapters", "sandbox"},
    "socket": {"adapters", "sandbox", "app", "interfaces/dashboard"},
    "subprocess": {"app/processes"},
    "time": {
        *("actors/runtime", "adapters", "app", "interfaces", "persistence/group_commit.py"),
        *("sandbox", "simulation"),
        "research/sweep/runner.py",  # how long a task takes: what it plays asks no clock
    },
    "threading": {
        *("actors/runtime", "adapters", "app", "interfaces", "persistence/group_commit.py"),
        "sandbox",
    },
    "random": {"actors/runtime", "adapters", "app", "sandbox", "simulation"},  # seeded there
    "uuid": {
        *("adapters", "app", "interfaces", "sandbox"),
        "actors/orders/paper.py",
        "simulation",
    },  # uuid5 in these two
    "asyncio": {"sandbox", "interfaces/dashboard"},
    "numba": {"research/kernel"},
    "pickle": set(),
}
FORBIDDEN_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("time", "sleep"),
    ("uuid", "uuid4"),
}
LINES_MAX, FUNCTION_LINES_MAX, COLUMNS_MAX = 400, 40, 100
PROTOCOL = (account, audit, budget, control, venue_queries, journal, limits)
PROTOCOL += (market, notices, orders, paper, notification_delivery, recovery, snapshots, storage)
PROTOCOL += (trading, market_status)


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text())


def imported(name: str) -> set[str]:
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "absolute imports only"
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_world_is_touched_only_at_the_rim(name: str) -> None:
    for module in imported(name) & RIMS.keys():
        rooms = RIMS[module]
        assert any(name == room or name.startswith(room + "/") for room in rooms), module


@pytest.mark.parametrize("name", NAMES)
def test_nobody_draws_time_or_chance_or_locks(name: str) -> None:
    rim = name.startswith(("adapters/", "app/", "interfaces/", "sandbox/", "actors/runtime/"))
    for node in ast.walk(tree(name)):
        assert not isinstance(node, ast.Global), f"{name}:{node}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"Lock", "RLock"}, f"{name}:{node.lineno}"
            if isinstance(node.value, ast.Name):
                pair = (node.value.id, node.attr)
                allowed = rim and pair == ("uuid", "uuid4")
                assert pair not in FORBIDDEN_CALLS or allowed, f"{name}:{node.lineno} {pair}"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_and_its_functions_stay_small(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    assert len(lines) <= LINES_MAX
    assert [i for i, line in enumerate(lines, 1) if len(line) > COLUMNS_MAX] == []
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < FUNCTION_LINES_MAX, node.name


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_what_it_owns(name: str) -> None:
    empty = not (ROOT / name).read_text().strip()
    assert (empty and name.endswith("__init__.py")) or ast.get_docstring(tree(name))


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("core/")])
def test_core_has_no_self_to_change(name: str) -> None:
    for node in ast.walk(tree(name)):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            owner = target.value if isinstance(target, ast.Attribute) else None
            inside = isinstance(owner, ast.Name) and owner.id == "self"
            assert not inside or in_init(tree(name), node), f"{name}:{node.lineno} changes self"


def in_init(module: ast.Module, inner: ast.AST) -> bool:
    inits = [n for n in ast.walk(module) if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    return any(inner is node for init in inits for node in ast.walk(init))


def test_every_class_of_the_protocol_has_a_name_of_its_own() -> None:
    own = [
        value
        for module in PROTOCOL
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Message)
        and value.__module__ == module.__name__
    ]
    assert [name for name, n in Counter(c.__name__ for c in own).items() if n > 1] == []


def test_every_owner_accepts_exactly_its_inbox_and_journals_what_can_be_read_back() -> None:
    from actors.actor_sets import ALL_ACTORS
    from actors.runtime.owner import Owner

    for actor in ALL_ACTORS:
        module = __import__(actor.__module__, fromlist=["Inbox"])
        if issubclass(actor, Owner):
            assert set(actor.accepts) == set(get_args(module.Inbox)), actor.name
            if actor.durable:
                assert set(get_args(module.Change) or (module.Change,)) <= set(
                    get_args(journal.AnyEvent)
                ), actor.name


def test_every_module_is_used() -> None:
    texts = {name: (ROOT / name).read_text() for name in NAMES}
    for name in (n for n in NAMES if not n.endswith("__init__.py")):
        module = name.removesuffix(".py").replace("/", ".")
        others = [text for other, text in texts.items() if other != name]
        package, _, last = module.rpartition(".")
        uses = (f"from {module} import", f"import {module}", f'"{module}')
        found = any(use in text for text in others for use in uses)
        found |= any(f"from {package} import" in t and last in t for t in others)
        assert found or module == "run", module
