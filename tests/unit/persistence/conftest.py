"""Hypothesis divides while it draws decimals; money's default context does not let it."""

from __future__ import annotations

import decimal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="package")
def contexts_that_round() -> Iterator[None]:
    """Nothing is computed in these tests, only stored and read back."""
    strict = (decimal.Inexact, decimal.FloatOperation)
    before = {signal: decimal.DefaultContext.traps[signal] for signal in strict}
    for signal in strict:
        decimal.DefaultContext.traps[signal] = False
    with decimal.localcontext(decimal.Context(prec=60)):
        yield
    for signal, trapped in before.items():
        decimal.DefaultContext.traps[signal] = trapped
