"""What a person is told who gave us something that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from core.plain import plain_lines
from i18n.sentences import translated

EXIT_CODE = 2
LABELS = {
    "en": ("Error", "where", "allowed", "what to do"),
    "ko": ("오류", "위치", "허용 범위", "조치"),
}


class UserError(Exception):
    """Bad input: what is wrong, where, what is allowed, and what to do. Exit code 2."""

    def __init__(
        self,
        what: str,
        where: str = "",
        allowed: str = "",
        todo: str = "",
        others: Sequence[UserError] = (),
    ) -> None:
        super().__init__(what)
        self.what, self.where, self.allowed, self.todo = what, where, allowed, todo
        self.others = tuple(others)  # more that is wrong with the same input

    @property
    def exit_code(self) -> int:
        """What the process ends with."""
        return EXIT_CODE

    def block(self, language: str = "en") -> str:
        """All of it in one block of lines, without a newline at the end."""
        first, *names = LABELS.get(language, LABELS["en"])
        allowed, todo = translated(self.allowed, language), translated(self.todo, language)
        facts = zip(names, (self.where, allowed, todo), strict=True)
        lines = [f"{first}: {plain_lines(translated(self.what, language))}"]
        lines += [f"  {name}: {plain_lines(fact)}" for name, fact in facts if fact]
        return "\n".join([*lines, *(other.block(language) for other in self.others)])

    def __str__(self) -> str:
        return self.block()


def gathered(problems: Sequence[UserError]) -> UserError:
    """Several problems as one error; there must be at least one."""
    first, *others = problems
    return UserError(first.what, first.where, first.allowed, first.todo, others)
