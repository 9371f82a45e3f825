"""A heartbeat's answer is never read: one that unpacks to gigabytes costs nothing."""

from __future__ import annotations

import http.server
import resource
import threading
import zlib
from collections.abc import Iterator

import pytest
import requests

from app.processes.heartbeat import REDIRECTS_MOST, call

SIZE = 400_000_000


def bomb() -> bytes:
    """It unpacks to SIZE; made piece by piece, so that making it takes no room."""
    packer = zlib.compressobj(1, wbits=31)
    piece = bytes(1_000_000)
    return b"".join(packer.compress(piece) for _ in range(SIZE // len(piece))) + packer.flush()


BOMB = bomb()  # the body of whatever is answered


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            over = self.path.startswith("/over")
            self.send_response(200 if over else 302)
            if not over:
                self.send_header("Location", "/over" if self.path == "/once" else "/again")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(BOMB)))
            self.end_headers()
            try:
                self.wfile.write(BOMB)
            except OSError:
                return  # nobody reads it

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_neither_an_answer_nor_a_redirect_is_unpacked(place: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB
    call(f"{place}/over")
    call(f"{place}/once")
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert more * 1024 < SIZE / 2, "it was unpacked"


def test_redirects_have_an_end(place: str) -> None:
    with pytest.raises(requests.TooManyRedirects):
        call(f"{place}/for-ever")
    assert REDIRECTS_MOST == 3
