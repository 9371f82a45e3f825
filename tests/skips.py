"""Skips that are allowed: those whose reason is listed here. Any other fails the run."""

from __future__ import annotations

from collections import Counter

import pytest

ALLOWED = {  # a reason, and why a machine may be without it
    "no recorded data: ../shared/data/upbit is not beside the checkout": "they belong to others",
    "no Chromium to look at the dashboard with": "pages are tested in a real browser",
    "no C compiler on Linux to build what stands before the disk": "crash images need `cc`",
    "no file system of our own may be mounted here": "a disk is filled up by whoever may mount",
    "only root can give a file away": "a key file of another user is refused",
    "only where all the seeds ran": "a part of the seeds cannot have seen everything",
    "no openssl here to make a certificate with": "a host without a trusted certificate",
    "no promtool to check metrics and alert rules with": "it belongs to Prometheus",
    "pyarrow is not installed": "the extra `arrow` reads feather and parquet",
    "upbit-sdk is not installed (pip install upbit-sdk)": "Upbit's own client",
    "systemd-analyze is not installed": "it checks the unit",
    "fish is not installed": "the shell itself is asked what it completes",
    "zsh is not installed": "likewise",
}


class Watch:
    """Notes every skip whose reason is not listed; a run that has one ends with exit code 1."""

    def __init__(self) -> None:
        self.allowed = ALLOWED.keys()
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
        skipped = [report.longrepr for report in terminalreporter.getreports("skipped")]
        left = Counter(str(found[2]) for found in skipped if isinstance(found, tuple))
        for reason, count in sorted(left.items()):
            terminalreporter.line(f"left out: {count}, {reason.removeprefix('Skipped: ')}")
        if self.unlisted:
            terminalreporter.section("skips whose reason tests/skips.py does not list", red=True)
            for line in self.unlisted:
                terminalreporter.line(line, red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Watch this run."""
    config.pluginmanager.register(Watch(), "skips")
