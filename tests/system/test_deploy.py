"""What lies in deploy/: the unit is one that systemd takes, and what it starts is what we have."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from adapters.upbit.secrets import ACCESS, SECRET
from app.processes.liveness import BEAT_SECONDS, PATIENCE
from app.processes.sd_notify import MORE_SECONDS
from interfaces.cli import arranged, jangbu

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "jangbu.service").read_text()
EXPOSURE_MOST = 2.0  # of 10, as systemd-analyze security counts

analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def settings() -> dict[str, list[str]]:
    """The keys of the unit with their values, in order."""
    found: dict[str, list[str]] = {}
    for line in UNIT.splitlines():
        if line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def as_here(folder: Path) -> Path:
    """The unit with this checkout's paths, where systemd can look for them."""
    unit = folder / "jangbu.service"
    python = "/opt/jangbu/.venv/bin/python"
    unit.write_text(UNIT.replace(python, sys.executable).replace("/opt/jangbu", str(ROOT)))
    return unit


def options_of(words: list[str]) -> dict[str, Any]:
    """What the command line makes of these words, without running them."""
    verb, *rest = arranged(words)
    found = jangbu.get_command(click.Context(jangbu), verb)
    assert found is not None
    return found.make_context(verb, rest).params


@analyze
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(as_here(tmp_path))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@analyze
def test_systemd_counts_the_unit_among_the_least_exposed(tmp_path: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(as_here(tmp_path))],
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"exposure level for jangbu.service: ([\d.]+)", done.stdout)
    assert level, done.stderr
    assert float(level[1]) <= EXPOSURE_MOST


def test_the_unit_starts_a_verb_that_there_is_with_options_that_it_takes() -> None:
    _, program, *words = shlex.split(settings()["ExecStart"][0])
    assert program.endswith("/run.py")
    options = options_of(words)
    assert options["headless"]
    state = Path(str(options["state"]))
    assert state.is_relative_to(settings()["WorkingDirectory"][0])


def test_the_unit_names_the_credentials_that_we_look_for() -> None:
    names = [value.partition(":")[0] for value in settings()["LoadCredential"]]
    assert {ACCESS.lower(), SECRET.lower()} <= set(names)


def test_the_watchdog_waits_longer_than_we_do_and_a_start_is_prolonged_in_time() -> None:
    watchdog = int(settings()["WatchdogSec"][0])
    assert watchdog > PATIENCE + 2 * BEAT_SECONDS
    assert int(settings()["TimeoutStartSec"][0]) >= MORE_SECONDS
    assert int(settings()["TimeoutStopSec"][0]) > 5


def test_the_container_is_nobody_and_starts_and_asks_what_there_is() -> None:
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]
    last = dict(lines)
    user, group = map(int, last["USER"].split(":"))
    assert user > 0
    assert group > 0
    words = re.findall(r'"([^"]+)"', last["CMD"])
    state = Path(str(options_of(words)["state"]))
    assert state.parent == Path(last["VOLUME"])
    asked = re.findall(r'"([^"]+)"', last["HEALTHCHECK"])
    assert asked[1] == "run.py"
    assert options_of(asked[2:])["state"] == state
    copied = {line.lstrip("!") for line in ignored() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages | {"run.py"} <= copied


def ignored() -> list[str]:
    return (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()


def test_compose_writes_only_where_it_says_and_has_no_capability() -> None:
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["jangbu"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    writable = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
    assert writable == ["state:/state"]
