"""Every decoder, and what must be true of whatever it makes of any bytes at all.

A target gives the word for what came out: a kind of value, or a kind of refusal. An exception that
is not the decoder's own refusal, or a value that is not what its type says, is a violation.
"""

from __future__ import annotations

import gzip
import math
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args
from zlib import crc32

from msgspec import Struct

from adapters.recorded_rows import RecordingError
from adapters.recording import read as read_recording
from adapters.upbit.answers import answer_of
from adapters.upbit.groups import ORDER as ORDER_GROUP
from adapters.upbit.outcomes import call_report, cancelled, looked_up, submitted
from adapters.upbit.replies import NoData, Refused, read
from adapters.upbit.schemas import accounts
from adapters.upbit.schemas.quotes import market_candle
from adapters.upbit.socket.conflation import Inflow, Price
from adapters.upbit.socket.decoder import frame_of
from adapters.upbit.socket.frames import Candle, Frame
from adapters.upbit.socket.market_stream import candle_of, quote_of
from app.config.config_file import Loaded, load
from app.control.frames import FrameError, decode_change, decode_reply
from i18n.errors import UserError
from interfaces.console.console import Console
from interfaces.console.grammar import completions
from messages.base import Envelope
from messages.control import Changes, OperatorReply
from messages.journal import AnyEvent
from messages.orders import CancelOrder, Order, QueryOrder, SubmitOrder
from persistence.codec import Corrupt, close, decode_envelope
from tests.proof.fuzz import specimens as given
from tests.support.fakes import FakeBot, FakeDesk

LARGEST = Decimal(10) ** 24
STATUSES = (*(200,) * 9, 201, 400, 404, 418, 429, 500, 301)
EVENTS = frozenset(get_args(AnyEvent))
KEY = (7).to_bytes(8, "big")


@dataclass(frozen=True)
class Target:
    """``take`` deals with one input, ``specimens`` are valid ones."""

    name: str
    specimens: list[bytes]
    take: Callable[[bytes], str]


def sane(value: Any) -> None:
    """Every figure in a value is one: finite, and of a size that exact arithmetic can bear."""
    if isinstance(value, Decimal):
        assert value.is_finite(), value
        assert abs(value) < LARGEST, value
    elif isinstance(value, float):
        assert math.isfinite(value), value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            sane(getattr(value, name))
    elif isinstance(value, tuple | list):
        for part in value:
            sane(part)
    elif isinstance(value, dict):
        sane(list(value.values()))


# --- REST
ORDERED = Order("KRW-BTC@1", "KRW-BTC@1", "KRW-BTC", "bid", "price", Decimal(5000))
BODY = '{"market":"KRW-BTC","side":"bid","price":"5000","ord_type":"price","identifier":"jb-1"}'


def rest(name: str) -> Callable[[bytes], str]:
    """A reply of one shape, under the status that its bytes choose."""
    shape, content = given.REST[name]
    whole = given.text(content)

    def take(data: bytes) -> str:
        status = 200 if data == whole else STATUSES[crc32(data) % len(STATUSES)]
        headers = {"Remaining-Req": data[:80].decode("latin"), "Date": data[-40:].decode("latin")}
        headers["Retry-After"] = data[:5].decode("latin")
        reply = read(shape, answer_of(status, headers, data, 0.1))
        value = reply.value
        if isinstance(value, NoData | Refused):
            judged = type(value).__name__
        else:
            assert status in (200, 201)
            sane(value)
            judged = "value"
            if name == "candles":
                sane([market_candle(candle) for candle in value])
        assert call_report(ORDER_GROUP, reply).outcome in ("ok", "failed", "throttled", "banned")
        if name == "order":
            _reported(reply)
        return judged

    return take


def _reported(reply: Any) -> None:
    """Only an order of ours that was read whole is a snapshot; nothing else moves money."""
    reports = (
        submitted(SubmitOrder(ORDERED, "jb-1", BODY), reply),
        looked_up(QueryOrder(ORDERED.id, ORDERED.pair, "jb-1", "entry"), reply),
        cancelled(CancelOrder(ORDERED.id, ORDERED.pair, "jb-1", "entry"), reply),
    )
    for report in reports:
        sane(report)
        is_ours = isinstance(reply.value, accounts.Order)
        is_ours = is_ours and reply.value.identifier in (None, "jb-1")
        assert (report.outcome == "snapshot") <= is_ours, report
        assert (report.volume > 0) <= (report.outcome == "snapshot"), report


def headers(data: bytes) -> str:
    """The headers that tell limits and time."""
    text = data.decode("latin")
    told = dict.fromkeys(("Remaining-Req", "Retry-After", "Date"), text)
    answer = answer_of(429, told, b"", 0.0)
    sane(answer)
    assert answer.remaining >= -1
    assert answer.retry_after >= 0
    assert len(answer.group) <= 64
    return "told" if (answer.group or answer.date or answer.retry_after) else "not told"


# --- sockets
def frame(data: bytes) -> str:
    """A frame, through the hand-over to what the feed hears of it."""
    found = frame_of(data)
    assert isinstance(found, Frame)
    sane(found)
    inflow = Inflow(lambda: None)
    inflow.put(found)
    for item in inflow.take():
        if isinstance(item, Price):
            sane(quote_of(item))
        elif isinstance(item, Candle):
            sane(candle_of(item))
    return type(found).__name__


# --- files
@cache
def folder() -> Path:
    """Where files are put, on memory where there is some."""
    room = Path("/dev/shm")
    return Path(tempfile.mkdtemp(dir=room if room.exists() else None))


def clear() -> None:
    """Take the files away again."""
    shutil.rmtree(folder())
    folder.cache_clear()


def config(data: bytes) -> str:
    """config.json."""
    path = folder() / "config.json"
    path.write_bytes(data)
    try:
        loaded = load(path, {})
    except UserError as error:
        return "refused" if error.block("ko") else ""
    assert isinstance(loaded, Loaded)
    sane(loaded.config)
    return "value"


def _recordings() -> list[bytes]:
    return [given.ROWS, gzip.compress(given.ROWS, mtime=0), *given.OTHER_ROWS]


def recording(data: bytes) -> str:
    """A recording's rows, or candles of others; what begins like gzip is the file itself."""
    path = folder() / "KRW-BTC_1m.csv.gz"
    packed = data[:2] == b"\x1f\x8b"
    path.write_bytes(data if packed else gzip.compress(data, 0, mtime=0))
    try:
        candle_series = read_recording([path])
    except RecordingError:
        return "refused"
    for series in candle_series:
        assert len(series.time)
        assert (series.low > 0).all()
        assert (series.low <= series.high).all()
    return "value"


# --- doors
def line(data: bytes) -> str:
    """A line at the console; a change that it makes has figures that are some."""
    bot = FakeBot()
    spoken = Console(FakeDesk(bot)).take(data)
    assert spoken.code in (0, 1, 2)
    sane(bot.asked)
    completions(data.decode(errors="replace")[:200], ("KRW-BTC",))
    return "asked" if bot.asked else "leave" if spoken.leave else f"code {spoken.code}"


def control(data: bytes) -> str:
    """A frame at the control socket, both ways."""
    try:
        reply = decode_reply(data)
        assert isinstance(reply, OperatorReply)
    except FrameError:
        pass
    try:
        change = decode_change(data)
    except FrameError:
        return "refused"
    assert isinstance(change, Changes)
    sane(change)
    return "value"


# --- the journal
def journal(data: bytes) -> str:
    """An entry with a good checksum, and one without."""
    try:
        decode_envelope(KEY, data)
        raise AssertionError("a wrong checksum passes")
    except Corrupt:
        pass
    try:
        found = decode_envelope(KEY, close(KEY, data))
    except Corrupt:
        return "refused"
    assert isinstance(found, Envelope)
    assert type(found.body) in EVENTS
    assert found.number == 7
    return "value"


def targets() -> dict[str, Target]:
    """All of them, by name."""
    found = [
        Target(f"rest {name}", [given.text(body), *map(given.text, given.ERRORS)], rest(name))
        for name, (_, body) in given.REST.items()
    ]
    found += [
        Target("headers", given.HEADERS, headers),
        Target("frames", [given.text(one) for one in given.FRAMES], frame),
        Target("config", given.configs(), config),
        Target("recording", _recordings(), recording),
        Target("console", given.LINES, line),
        Target("control", [*given.changes(), *given.replies()], control),
        Target("journal", given.entries(), journal),
    ]
    return {target.name: target for target in found}
