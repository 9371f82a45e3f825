"""The page of survivors: each is explained, and a page that is written anew keeps that."""

from __future__ import annotations

from configparser import ConfigParser

from tests.proof.mutants.survivors import (
    LEAST,
    MODULES,
    NEW,
    PAGE,
    ROOT,
    Count,
    Survivor,
    explained,
    shares,
    written,
)

ONE = Survivor("core/money.py", "money", "if figure < 0:", "if figure <= 0:")
TWO = Survivor("persistence/store.py", "Store.commit", 'put(b"`", x)', "nothing")
COUNTS = {"money": Count(70, 69), "store": Count(10, 9)}


def test_every_survivor_is_explained() -> None:
    found = explained(PAGE.read_text(encoding="utf-8"))
    assert NEW not in found.values()
    assert {one.file for one in found} <= {file for files in MODULES.values() for file in files}


def test_nine_tenths_of_each_modules_mutants_die() -> None:
    told = shares(PAGE.read_text(encoding="utf-8"))
    assert told.keys() == MODULES.keys()
    assert min(told.values()) >= LEAST


def test_mutmut_is_given_these_modules() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    files = [file for files in MODULES.values() for file in files]
    assert config["mutmut"]["only_mutate"].split() == files
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_a_new_survivor_is_unexplained_until_its_line_is_moved() -> None:
    page = written(COUNTS, [ONE, TWO], {})
    assert explained(page) == {ONE: NEW, TWO: NEW}
    moved = written(COUNTS, [TWO, ONE], {ONE: "It is the same."})
    assert explained(moved) == {TWO: NEW, ONE: "It is the same."}


def test_a_page_that_is_written_anew_keeps_what_lives_and_drops_what_has_died() -> None:
    reasons = {ONE: "It is the same.", TWO: "It is slower."}
    page = written(COUNTS, [ONE, TWO], reasons)
    assert written(COUNTS, [ONE, TWO], explained(page)) == page
    assert explained(written(COUNTS, [TWO], explained(page))) == {TWO: "It is slower."}


def test_a_page_tells_each_modules_share() -> None:
    assert shares(written(COUNTS, [], {})) == {"money": 0.985, "store": 0.9}
