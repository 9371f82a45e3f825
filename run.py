#!/usr/bin/env python3
"""Jangbu's command line. Everything else is behind ``interfaces.cli``."""

from __future__ import annotations

import sys


def unfit(platform: str, version: tuple[int, int]) -> str:
    """Why a machine cannot run Jangbu, with the way in; "" when it can."""
    if version < (3, 11):  # a stranger may have an older one
        return (
            "Jangbu needs Python 3.11 or newer: install one and use `make run PYTHON=python3.11`."
        )
    if not platform.startswith(("linux", "darwin")):
        return (
            f"Jangbu runs on Linux, on Windows inside WSL2, and on macOS as far as it goes, not on "
            f"{platform}: on Windows, run `wsl --install` and start it there."
        )
    return ""


def main() -> int:
    """The exit code of a verb: 0 done, 1 not, 2 bad input."""
    if reason := unfit(sys.platform, sys.version_info[:2]):
        print(reason, file=sys.stderr)
        return 2
    try:
        import resource

        from interfaces.cli import main as verbs

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold secrets
        return verbs()
    except KeyboardInterrupt:  # a Ctrl-C while the code is still being read
        return 130


if __name__ == "__main__":
    sys.exit(main())
