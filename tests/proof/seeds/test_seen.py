"""What all the seeds together must have seen, from what each part of them has kept."""

from __future__ import annotations

import json
from collections import Counter
from typing import get_args

import pytest

from core.orders.lifecycle import OrderStatus
from simulation.live.coverage import ENOUGH, EXPECTED, TRANSITIONS, table
from tests.proof.seeds.test_seeds import CHUNKS, SEEDS, seen_at


def test_the_seeds_have_seen_every_state_transition_fault_crash_point_and_exit() -> None:
    total = Counter[str]()
    for seeds in CHUNKS:
        if seen_at(seeds).exists():
            total.update(json.loads(seen_at(seeds).read_text(encoding="utf-8")))
    if total["seeds"] < SEEDS:
        pytest.skip("only where all the seeds ran")
    print(table(total))
    assert {name: total[name] for name in EXPECTED if total[name] < ENOUGH} == {}
    ways = {name for name in total if name.split()[0] in ("wish", *get_args(OrderStatus))}
    assert ways == set(TRANSITIONS), "an order went a way that is not in the table"
