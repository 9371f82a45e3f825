"""A planted bug: one edit of one file, named by what it breaks."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """``before`` stands exactly once in ``file``; the hunt that is known to kill it is tried first.

    ``by`` names a check of tests/proof/mutants/hunt.py, ``seed`` its seed.
    """

    name: str
    file: str
    before: str
    after: str
    by: str = "plain"
    seed: int = 0

    def edited(self, text: str) -> str:
        """The file's text with the bug in it."""
        count = text.count(self.before)
        assert count == 1, f"{self.name}: its line stands {count} times in {self.file}"
        return text.replace(self.before, self.after)
