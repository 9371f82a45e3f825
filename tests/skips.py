"""Which skips are allowed: those whose reason the README lists. Any other fails the run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {"README.md": "Skipped tests", "README.ko.md": "건너뛰는 테스트"}
UNLISTED = pytest.StashKey[list[str]]()


def listed(name: str = "README.md") -> list[str]:
    """The reasons in a README's list: the first words in backticks of each of its points."""
    text = (ROOT / name).read_text(encoding="utf-8")
    section = re.search(rf"^#+ {FILES[name]}\n(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    return re.findall(r"^- `(.+?)`", section[1], re.M) if section else []


class Watch:
    """Notes every skip whose reason is not listed; a run that has one ends with exit code 1."""

    def __init__(self) -> None:
        self.allowed = set(listed())
        self.unlisted: list[str] = []

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and isinstance(report.longrepr, tuple):  # no tuple: an expected failure
            reason = str(report.longrepr[2]).removeprefix("Skipped: ")
            if reason not in self.allowed:
                self.unlisted.append(f"{report.nodeid}: {reason}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        fine = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        if self.unlisted and session.exitstatus in fine:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.unlisted:
            terminalreporter.section("skips whose reason README.md does not list", red=True)
            for line in self.unlisted:
                terminalreporter.line(line, red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Watch this run."""
    config.pluginmanager.register(Watch(), "skips")
