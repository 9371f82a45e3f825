"""Slices of a test module: ``--slice 2/4`` runs the second quarter of its tests."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option more."""
    parser.addoption("--slice", default="1/1", help="run the n-th of so many slices: 2/4")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to other slices."""
    number, _, count = config.getoption("--slice").partition("/")
    mine = set(range(int(number) - 1, len(items), int(count)))
    config.hook.pytest_deselected(items=[x for n, x in enumerate(items) if n not in mine])
    items[:] = [item for n, item in enumerate(items) if n in mine]
