"""The engine as people choose it: the same output, a clear refusal, a sentence without numba."""

from __future__ import annotations

import os
import site
import subprocess
import sys
from pathlib import Path

from tests.support.cli_runner import ROOT, run


def test_both_engines_say_the_same_to_the_byte(tmp_path: Path) -> None:
    said = [
        run("backtesting", "--json", "--engine", engine, cwd=tmp_path).stdout
        for engine in ("actors", "kernel")
    ]
    assert said[0] == said[1]
    assert '"trades"' in said[0]


def test_a_switch_that_the_kernel_does_not_play_is_refused_by_name(tmp_path: Path) -> None:
    done = run(
        "backtesting", "--engine", "kernel", cwd=tmp_path, JANGBU__ORDER_TYPES__ENTRY="limit"
    )
    assert done.returncode == 2
    assert "order_types.entry" in done.stderr
    assert "--engine actors" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_numba_the_command_that_installs_it_is_named(tmp_path: Path) -> None:
    """A real environment: all the packages that are installed but that one."""
    for place in site.getsitepackages():
        for entry in Path(place).iterdir():
            if not entry.name.startswith("numba"):
                (tmp_path / entry.name).symlink_to(entry)
    words = [sys.executable, "-S", str(ROOT / "run.py"), "backtesting", "--engine", "kernel"]
    done = subprocess.run(
        words,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "make all" in done.stderr
