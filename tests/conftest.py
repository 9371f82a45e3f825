"""What holds for every test: no skip that tests/skips.py does not list."""

from __future__ import annotations

from tests.skips import pytest_configure

__all__ = ["pytest_configure"]
