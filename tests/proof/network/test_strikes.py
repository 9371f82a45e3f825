"""Wherever the line fails under an order: at most one order, and the journal tells its fate."""

from __future__ import annotations

import random
from pathlib import Path

from tests.proof.network.bench import cases, run, sizes
from tests.proof.network.proxy import KINDS, SIDES

COUNT, SEED = 900, 49  # ``python -m tests.proof.network`` takes every byte
BENCHES = 6


def test_whatever_befalls_an_orders_post_or_its_reply_it_ends_right(tmp_path: Path) -> None:
    lengths = sizes(tmp_path / "sizes")
    assert min(lengths[side] for side in SIDES) > 400
    chosen = cases(lengths, random.Random(SEED), COUNT)
    seen, orders = run(chosen, tmp_path / "run", 50, BENCHES)
    assert len(chosen) == COUNT
    assert orders > COUNT // 3, "orders whose reply was spoiled are at the venue"
    for kind in KINDS:
        assert sum(n for name, n in seen.items() if name.startswith(f"{kind}: ")) >= COUNT // 9
    beyond = sum(n for name, n in seen.items() if "beyond" in name)
    assert beyond <= COUNT // 50, "a reply may be some bytes shorter than another"
    for kind in ("rst", "fin", "stall", "late"):
        assert any(name.startswith(kind) and name.endswith("closed") for name in seen), seen
    assert seen["rst: doubted, absent"] > 10, "orders that never arrived are given up"
