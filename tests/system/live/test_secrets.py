"""Keys leave memory in signed requests alone: a bot is run with known ones and all is searched."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from core.market.synthetic import synthetic_market
from sandbox.faults import Fault
from sandbox.server import Sandbox, SandboxConfig
from sandbox.tokens import Key
from tests.support.live_bot import Bot
from tests.system.live.test_live import sold

ACCESS = "CanaryAccessKeyQx7Zr2Lm9Tn4Wb6Kd8Vf1Hs3Jp"
SECRET = "CanarySecretKeyBv5Nc0Xg2Yq8Ue4Ri6Ot1Pa7Sw"
FAULTS = (
    Fault("malformed", "POST /v1/orders", times=1, skip=1),
    Fault("reset_after", "POST /v1/orders", times=1, skip=1),
    Fault("error_after", "* /v1/*", times=5, chance=0.1),
)


def forms(secret: str) -> Iterator[bytes]:
    """As it is, in hex, and within base64 wherever it may begin."""
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"\0" * shift + raw)[4 if shift else 0 : -4]


def commands() -> bytes:
    """The command lines of every process that there is."""
    found = b""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found += file.read_bytes()
    return found


def test_no_key_is_in_anything_that_a_bot_wrote(tmp_path: Path) -> None:
    market = tuple(synthetic_market(seed=3, days=2, timeframe="1m"))
    keys = (Key(ACCESS, SECRET),)
    folder = tmp_path / "venue"
    venue = Sandbox(SandboxConfig(market, folder, 120.0, keys=keys, faults=FAULTS, sync=False))
    bot = Bot(venue.start(), tmp_path, UPBIT_ACCESS_KEY=ACCESS, UPBIT_SECRET_KEY=SECRET)
    bot.start()
    bot.read_until(sold(2))
    bot.kill()
    bot.start()
    bot.read_until(lambda lines: "entries may begin" in lines[-1])
    running = commands()
    assert b"trade" in running
    said = bot.end()
    venue.stop()
    written = {path: path.read_bytes() for path in bot.state.rglob("*") if path.is_file()}
    assert any(path.suffix == ".log" or "logs" in path.parts for path in written)
    written[Path("process list")] = running
    written[Path("terminal")] = "\n".join([*bot.lines, said]).encode()
    for path, content in written.items():
        for secret in (ACCESS, SECRET):
            for form in forms(secret):
                assert form not in content, path
        assert not re.search(rb"eyJ[\w-]{10,}\.eyJ", content), f"a token in {path}"
