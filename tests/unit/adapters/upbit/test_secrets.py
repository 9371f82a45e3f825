"""Keys: where they come from, what is wrong with them, and that they never print."""

from __future__ import annotations

import copy
import os
import pickle
from pathlib import Path

import msgspec
import pytest

from adapters.upbit.secrets import Keys, NoKeys, Secret, load_keys

CANARY = "canary-of-the-account-0123456789"
OTHER = "canary-of-signing-9876543210"
GIVEN = {"UPBIT_ACCESS_KEY": CANARY, "UPBIT_SECRET_KEY": OTHER}


def file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / ".env"
    path.write_text(text)
    path.chmod(mode)
    return path


def credentials(folder: Path, **texts: str) -> dict[str, str]:
    for name, text in texts.items():
        (folder / name).write_text(text)
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def revealed(keys: Keys | NoKeys) -> tuple[str, str]:
    assert isinstance(keys, Keys), keys
    return keys.access.reveal(), keys.secret.reveal()


def test_a_secret_never_prints() -> None:
    secret = Secret(CANARY)
    keys = Keys(secret, Secret(OTHER))
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>50}", "%s" % secret]  # noqa: UP031
    shown += [repr(keys), str(keys), f"{keys}", repr([secret]), repr({"a": keys})]
    assert not [text for text in shown if CANARY in text or OTHER in text]
    assert secret.reveal() == CANARY


def test_a_secret_does_not_travel() -> None:
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="a secret does not travel"):
            way(Secret(CANARY))
    with pytest.raises(TypeError, match="Secret"):
        msgspec.json.encode(Keys(Secret(CANARY), Secret(OTHER)))


def test_the_environment_gives_keys_and_loses_them() -> None:
    environ = {**GIVEN, "HOME": "/"}
    assert revealed(load_keys(environ)) == (CANARY, OTHER)
    assert environ == {"HOME": "/"}


def test_a_credential_goes_before_the_environment_which_is_scrubbed_all_the_same(
    tmp_path: Path,
) -> None:
    environ = credentials(tmp_path, upbit_access_key="a1\n", upbit_secret_key="b2\n")
    environ |= GIVEN
    assert revealed(load_keys(environ)) == ("a1", "b2")
    assert set(environ) == {"CREDENTIALS_DIRECTORY"}


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, "UPBIT_ACCESS_KEY=f1\nUPBIT_SECRET_KEY=f2\n")
    assert revealed(load_keys(dict(GIVEN), path)) == (CANARY, OTHER)
    assert revealed(load_keys({}, path)) == ("f1", "f2")


def test_a_dollar_in_a_key_of_the_file_stays(tmp_path: Path) -> None:
    path = file(tmp_path, "UPBIT_ACCESS_KEY='a${HOME}b'\nUPBIT_SECRET_KEY=$x$\n")
    assert revealed(load_keys({"HOME": "no"}, path)) == ("a${HOME}b", "$x$")


def test_no_keys_anywhere_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path / "empty")}
    assert load_keys(environ, tmp_path / ".env") == NoKeys("missing")
    assert load_keys({}, file(tmp_path, "OTHER=1\n", 0o644)) == NoKeys("missing")


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ("UPBIT_ACCESS_KEY", "UPBIT_SECRET_KEY"),
        ("UPBIT_SECRET_KEY", "UPBIT_ACCESS_KEY"),
    ],
)
def test_half_of_the_keys_is_refused_where_it_is_found(
    tmp_path: Path, there: str, missing: str
) -> None:
    whole = file(tmp_path, "UPBIT_ACCESS_KEY=f1\nUPBIT_SECRET_KEY=f2\n")
    assert load_keys({there: CANARY}, whole) == NoKeys("half", "environment", missing)
    environ = credentials(tmp_path, **{there.lower(): CANARY})
    assert load_keys(environ, whole) == NoKeys("half", "credential", missing)
    half = file(tmp_path, f"{there}={CANARY}\n")
    assert load_keys({}, half) == NoKeys("half", ".env", missing)


@pytest.mark.parametrize("bad", ["", "with space", "two\nlines", "한글", "x" * 513, "nul\0"])
def test_what_can_be_no_key_is_refused_without_being_shown(bad: str) -> None:
    found = load_keys({"UPBIT_ACCESS_KEY": CANARY, "UPBIT_SECRET_KEY": bad})
    assert found == NoKeys("malformed", "environment", "UPBIT_SECRET_KEY")
    assert not bad or bad not in repr(found)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    text = "".join(f"{name}={value}\n" for name, value in GIVEN.items())
    assert load_keys({}, file(tmp_path, text, mode)) == NoKeys("open", ".env")


def test_a_link_a_folder_and_a_pipe_are_no_files_of_keys(tmp_path: Path) -> None:
    text = "".join(f"{name}={value}\n" for name, value in GIVEN.items())
    (tmp_path / "link").symlink_to(file(tmp_path, text))
    assert load_keys({}, tmp_path / "link") == NoKeys("link", ".env")
    assert load_keys({}, tmp_path) == NoKeys("unreadable", ".env")
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert load_keys({}, tmp_path / "pipe") == NoKeys("unreadable", ".env")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, "UPBIT_ACCESS_KEY=f1\nUPBIT_SECRET_KEY=f2\n")
    os.chown(path, 12345, 12345)
    assert load_keys({}, path) == NoKeys("not_ours", ".env")


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"UPBIT_ACCESS_KEY=\xff\xfe\n")
    (tmp_path / ".env").chmod(0o600)
    assert load_keys({}, tmp_path / ".env") == NoKeys("unreadable", ".env")
    assert load_keys({}, file(tmp_path, "#" * 70000)) == NoKeys("unreadable", ".env")
