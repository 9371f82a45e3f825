"""A renaming changes names and nothing else, and refuses what would mean two things."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.tools import rename
from tests.tools.rename import (
    Clash,
    edited,
    identifiers_renamed,
    locals_renamed,
    symbols_renamed,
    words_renamed,
    wrapped,
)
from tests.tools.rename_fields import field_edits

TAPE = {"core.tape": {"Tape": "Series", "tape_of": "series_of"}}
FILES = {
    "core/tape.py": '''"""A ``Tape`` is exact."""

__all__ = ["Tape", "tape_of"]


class Tape:
    name = "Tape"


def tape_of(rows: list[int]) -> Tape:
    return Tape()  # a ``Tape``, not a Tapestry
''',
    "core/hand_on.py": "from core.tape import Tape\n\n__all__ = ['Tape']\n",
    "app/use.py": """from core import tape
from core.hand_on import Tape


def of(tape_of: int) -> Tape:
    print(f"a Tape of {tape.tape_of([])} {Tape!r} {tape_of}")
    return tape.tape_of([tape_of])
""",
    "guide/page.md": "`core.tape.Tape`, and the Tape of a recorder.\n",
}


def test_a_symbol_is_renamed_where_it_stands_and_where_it_is_imported_also_at_second_hand() -> None:
    after = symbols_renamed(FILES, TAPE)
    assert (
        after["core/tape.py"]
        == '''"""A ``Series`` is exact."""

__all__ = ["Series", "series_of"]


class Series:
    name = "Tape"


def series_of(rows: list[int]) -> Series:
    return Series()  # a ``Series``, not a Tapestry
'''
    )
    assert after["core/hand_on.py"] == "from core.tape import Series\n\n__all__ = ['Series']\n"
    assert "from core.hand_on import Series" in after["app/use.py"]


def test_a_parameter_of_the_same_name_and_a_text_stay_as_they_are() -> None:
    after = symbols_renamed(FILES, TAPE)["app/use.py"]
    assert "def of(tape_of: int) -> Series:" in after
    assert 'print(f"a Tape of {tape.series_of([])} {Series!r} {tape_of}")' in after
    assert "return tape.series_of([tape_of])" in after


def test_a_document_is_changed_only_where_it_gives_the_whole_name() -> None:
    after = symbols_renamed(FILES, TAPE)["guide/page.md"]
    assert after == "`core.tape.Series`, and the Tape of a recorder.\n"


def test_what_was_renamed_already_is_passed_over() -> None:
    once = symbols_renamed(FILES, TAPE)
    assert symbols_renamed(once, TAPE) == once


def test_code_of_before_that_comes_in_later_is_renamed_by_the_same_command() -> None:
    late = {**FILES, "app/late.py": "from core.tape import tape_of\n\nhere = tape_of([])\n"}
    after = symbols_renamed(late, TAPE)["app/late.py"]
    assert after == "from core.tape import series_of\n\nhere = series_of([])\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("core/tape.py", FILES["core/tape.py"] + "\n\ndef series_of() -> None: ...\n"),
        (
            "app/use.py",
            "from core.tape import tape_of\n\ndef f(series_of):\n    tape_of(series_of)\n",
        ),
        ("app/use.py", "from core.tape import Tape\nfrom other import Series\n"),
    ],
)
def test_a_new_name_that_means_something_else_there_is_refused(path: str, text: str) -> None:
    with pytest.raises(Clash):
        symbols_renamed({**FILES, path: text}, TAPE)


def test_a_name_that_is_nowhere_is_refused() -> None:
    with pytest.raises(Clash, match="neither Reel nor Spool"):
        symbols_renamed(FILES, {"core.tape": {"Reel": "Spool"}})


def test_a_name_from_another_module_is_not_this_one() -> None:
    other = {"app/other.py": "from somewhere import Tape\n\nTape()\n"}
    assert symbols_renamed({**FILES, **other}, TAPE)["app/other.py"] == other["app/other.py"]


def test_a_program_in_a_string_is_renamed_as_well() -> None:
    code = 'CODE = """\nfrom core.tape import Tape\nprint(Tape, "Tape")\n"""\n'
    after = symbols_renamed({**FILES, "tests/run.py": code}, TAPE)["tests/run.py"]
    assert after == 'CODE = """\nfrom core.tape import Series\nprint(Series, "Tape")\n"""\n'


def test_a_word_of_the_wire_is_refused() -> None:
    files = {"messages/all.py": "class Event(Message): ...\nclass SlotTaken(Event): ...\n"}
    with pytest.raises(Clash, match="SlotTaken"):
        words_renamed(files, {"SlotTaken": "SlotUsed"})


def test_a_planted_bug_quotes_the_code_as_it_is_called_now() -> None:
    files = {
        "core/tape.py": 'def cut(n):\n    return cut(n) if n == "cut" else 0\n',
        "tests/proof/mutants/catalogue.py": """FILE = "core/tape.py"
ALL = Mutant("cut is cut", FILE, '    return cut(n) if n == "cut"', "    return cut(1)\\n")
""",
    }
    after = symbols_renamed(files, {"core.tape": {"cut": "trim"}})
    mutants = after["tests/proof/mutants/catalogue.py"]
    assert (
        """("cut is cut", FILE, '    return trim(n) if n == "cut"', "    return trim(1)\\n")"""
        in (mutants)
    )


def test_an_identifier_changes_everywhere_below_its_path_but_in_texts_and_modules() -> None:
    files = {
        "sandbox/a.py": """from sandbox.desk import Desk
import pytest


@pytest.mark.parametrize(("desk", "n"), [])
def f(desk: Desk, n: int) -> str:
    return f"a desk {desk.desk:>{desk.n}}" + g(desk=desk)
""",
        "sandbox/c.py": 'f(**{"desk": "desk"})\n',
        "app/b.py": "desk = 1\n",
    }
    after = identifiers_renamed(files, {"sandbox": {"desk": "context"}})
    assert after["app/b.py"] == files["app/b.py"]
    assert after["sandbox/c.py"] == 'f(**{"context": "desk"})\n'
    assert after["sandbox/a.py"] == files["sandbox/a.py"].replace(
        '("desk", "n")', '("context", "n")'
    ).replace("f(desk: Desk", "f(context: Desk").replace(
        "{desk.desk:>{desk.n}}", "{context.context:>{context.n}}"
    ).replace("g(desk=desk)", "g(context=context)")


def test_an_identifier_that_stands_beside_the_new_one_is_refused() -> None:
    with pytest.raises(Clash, match="context is there"):
        identifiers_renamed({"a.py": "desk = context = 1\n"}, {"": {"desk": "context"}})


def test_a_parameter_of_one_type_is_renamed_with_those_who_name_it_and_no_other() -> None:
    text = """def told(words: str) -> str:
    return f"{words} words" + said(words)


def split(words: list[str]) -> None: ...


told(words="en")
split(words=["a"])
"""
    after = locals_renamed({"a.py": text}, {"": {"words: str": "language"}})["a.py"]
    assert (
        after
        == """def told(language: str) -> str:
    return f"{language} words" + said(language)


def split(words: list[str]) -> None: ...


told(language="en")
split(words=["a"])
"""
    )


def test_a_function_that_has_the_new_name_keeps_the_old_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "def told(words: str) -> str:\n    return language(words)\n"
    assert locals_renamed({"a.py": text}, {"": {"words: str": "language"}}) == {"a.py": text}
    assert "a.py:1: has language, keeps words" in capsys.readouterr().err


def test_prose_that_has_become_too_wide_is_broken_anew_and_quoted_code_is_kept_whole() -> None:
    wide = '"""Short.\n\n' + "word " * 18 + "``a / b`` more\nand the rest.\n" + '"""\n'
    after = wrapped(wide)
    assert max(map(len, after.splitlines())) <= 100
    assert after.split() == wide.split()
    assert "``a / b``" in after


def test_no_name_of_the_table_is_both_old_and_new_in_one_place() -> None:
    table = tomllib.loads(rename.TABLE.read_text(encoding="utf-8"))
    for part in ("symbols", "identifiers", "locals", "fields"):
        for place, names in table.get(part, {}).items():
            assert not names.keys() & set(names.values()), f"{part} {place}"
            assert len(set(names.values())) == len(names), f"{part} {place}"
    assert not table["words"].keys() & set(table["words"].values())


def test_a_field_is_renamed_by_what_it_is_asked_of(tmp_path: Path) -> None:
    text = """
from msgspec import Struct, structs


class A(Struct, frozen=True):
    krw: int = 0

    def take(self) -> int:
        return self.krw


class B(A):
    def take(self) -> int:
        return super().take() + self.krw


class C:
    krw = 1


def f(a: A, b: B | None, c: C, every: list[A]) -> None:
    print(a.krw, c.krw, [x.krw for x in every], f"{a.krw} {c.krw}")
    if b:
        b.take()
    match a:
        case A(krw=3):
            structs.replace(a, krw=A(krw=1).krw)
"""
    (tmp_path / "m.py").write_text(text)
    edits, unknown = field_edits({("m.A", "krw"): "cost", ("m.A", "take"): "apply"}, tmp_path)
    there = text.replace("krw", "cost").replace("take", "apply")
    assert edited(text, edits["m.py"]) == there.replace("c.cost", "c.krw").replace(
        "class C:\n    cost", "class C:\n    krw"
    )
    assert unknown == []
