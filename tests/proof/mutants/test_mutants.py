"""Every planted bug dies at a seed that is played, or within 50; what is not planted does not."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.proof.mutants.__main__ import ROOT, asked
from tests.proof.mutants.catalogue import CONTROL, MUTANTS
from tests.proof.mutants.mutant import Mutant
from tests.proof.seeds.test_seeds import SEEDS

LEAST = 40


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> Mapping[str, tuple[bool, str]]:
    """Of each mutant that is asked for, in a process of its own, two at a time."""
    ours = [
        item for item in request.session.items if "verdicts" in getattr(item, "fixturenames", ())
    ]
    wanted: list[Mutant] = [item.callspec.params["mutant"] for item in ours]  # type: ignore[attr-defined]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(asked, wanted)
        return {mutant.name: verdict for mutant, verdict in zip(wanted, found, strict=True)}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_bug_dies(mutant: Mutant, verdicts: Mapping[str, tuple[bool, str]]) -> None:
    died, text = verdicts[mutant.name]
    assert died, text


@pytest.mark.timeout(3600)
def test_without_a_bug_nothing_is_found_where_bugs_are() -> None:
    died, text = asked(CONTROL, "0..2")
    assert not died, text


def test_there_are_enough_of_them_each_with_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= LEAST
    assert max(mutant.seed for mutant in MUTANTS) < SEEDS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_bug_fits_the_code_as_it_stands(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert mutant.edited(text) != text
