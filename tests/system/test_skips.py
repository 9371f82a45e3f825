"""A run with a skip that nobody has explained fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.skips import ALLOWED

ROOT = Path(__file__).parents[2]
PLAIN = "import pytest\n\ndef test_a() -> None:\n    pytest.skip({0!r})\n"
MARKED = "import pytest\n\n@pytest.mark.skipif(True, reason={0!r})\ndef test_a() -> None: ...\n"
WHOLE = "import pytest\n\npytest.skip({0!r}, allow_module_level=True)\n"
EXPECTED = (
    "import pytest\n\n@pytest.mark.xfail(reason={0!r})\ndef test_a() -> None:\n    assert 0\n"
)
FINE = "\n\ndef test_fine() -> None: ...\n"


def made_run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """A run of the made test, watched as our own are."""
    (folder / "test_made.py").write_text(text + FINE)
    words = ("-p", "tests.skips", "-p", "no:cacheprovider", "-q", "--rootdir", str(folder))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "/dev/null", *words, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("text", [PLAIN, MARKED, WHOLE])
def test_a_skip_that_is_not_listed_fails_the_run_and_is_named(tmp_path: Path, text: str) -> None:
    done = made_run(tmp_path, text.format("it is raining"))
    assert done.returncode == 1, done.stdout
    assert "test_made.py" in done.stdout
    assert "it is raining" in done.stdout.split("does not list")[1]


@pytest.mark.parametrize("text", [PLAIN, MARKED])
@pytest.mark.parametrize("reason", ALLOWED)
def test_a_listed_skip_passes(tmp_path: Path, reason: str, text: str) -> None:
    done = made_run(tmp_path, text.format(reason))
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 skipped" in done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    assert made_run(tmp_path, EXPECTED.format("it is raining")).returncode == 0


def test_each_reason_is_one_of_a_test() -> None:
    own = ROOT / "tests/skips.py"
    sources = [path.read_text() for path in (ROOT / "tests").rglob("*.py") if path != own]
    for reason in ALLOWED:
        assert any(f'"{reason}"' in text for text in sources), reason
