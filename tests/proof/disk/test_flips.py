"""A flipped bit is refused, or it has changed nothing; never is a wrong value traded on."""

from __future__ import annotations

from tests.proof.disk.runs import ran

COUNT = 800


def test_no_flipped_bit_gives_a_wrong_value_and_verify_names_each_that_matters() -> None:
    seen = ran("flips", "--count", str(COUNT), "--seed", "1")
    assert seen["data.mdb refused at the start"] > COUNT // 50, seen
    assert seen["data.mdb refused where it is read"] > COUNT // 10, seen
    assert seen["birth.json refused at the start"] > 500, seen
