"""Pictures of the README: console and dashboard in each language, as small PNGs.

Chromium draws them; the Korean ones need a Korean font (Debian: fonts-nanum, fonts-nanum-coding).
Few colours and one filter keep a file small, and make the same pixels the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from tests.support.browser import chromium
from tests.support.dashboard_process import Dashboard

FOLDER = Path(__file__).parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1200, 900  # pixels of the dashboard
COLOURS = 64
MAGIC = b"\x89PNG\r\n\x1a\n"
Pixels = NDArray[np.uint8]  # rows x columns x 3


def file_of(what: str, language: str) -> Path:
    """Where a picture lies: ``console.png``, ``console.ko.png``."""
    return FOLDER / (f"{what}.png" if language == "en" else f"{what}.{language}.png")


@contextmanager
def page_of(width: int, height: int, language: str) -> Iterator[Page]:
    """A window of a browser."""
    with chromium() as browser:
        view = {"width": width, "height": height}
        context = browser.new_context(viewport=view, color_scheme="light", locale=language)  # type: ignore[arg-type]
        yield context.new_page()


def drawing(svg: str, language: str) -> bytes:
    """A drawing of the console, as PNG."""
    width, height = (
        float(side) for side in svg.partition('viewBox="0 0 ')[2].split('"')[0].split()
    )
    with page_of(round(width), round(height), language) as page:
        page.set_content(f'<body style="margin:0">{svg}</body>')
        return small(page.screenshot())


def dashboard(state: Path, folder: Path, language: str) -> bytes:
    """The overview of a bot, as PNG."""
    shown = Dashboard(state, cwd=folder, JANGBU__LANGUAGE=language)
    try:
        with page_of(WIDTH, HEIGHT, language) as page:
            page.goto(shown.url)
            figures = page.locator("[data-chart]").count()
            page.locator("[data-drawn]").nth(figures - 1).wait_for()
            return small(page.screenshot())
    finally:
        shown.kill()


def small(png: bytes) -> bytes:
    """The same picture in few colours."""
    pixels = decoded(png)
    palette, places = few(pixels)
    height, width, _ = pixels.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = places.reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    packed = zlib.compress(rows.tobytes(), 9)
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", packed), (b"IEND", b""))
    return MAGIC + b"".join(chunk(*part) for part in parts)


def few(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """The most frequent colours, and for each pixel the nearest of them."""
    flat = pixels.reshape(-1, 3)
    found, inverse, counts = np.unique(flat, axis=0, return_inverse=True, return_counts=True)
    coarse, group = np.unique(found // 24, axis=0, return_inverse=True)
    weight = np.bincount(group.ravel(), counts, len(coarse))
    kept = []
    for each in np.argsort(-weight, kind="stable")[:COLOURS]:
        members = np.flatnonzero(group.ravel() == each)
        kept.append(found[members[np.argmax(counts[members])]])
    palette = np.array(kept, np.uint8)
    away = (found[:, None, :].astype(np.int32) - palette[None].astype(np.int32)) ** 2
    place = away.sum(axis=2).argmin(axis=1).astype(np.uint8)
    return palette, place[inverse.ravel()]


def chunk(name: bytes, data: bytes) -> bytes:
    """One part of a PNG, with its length and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def decoded(png: bytes) -> Pixels:
    """The pixels of a PNG of 8 bits a channel, as Chromium writes it."""
    place, data, width, height, depth = len(MAGIC), b"", 0, 0, 3
    while place < len(png):
        length, name = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        if name == b"IHDR":
            width, height, _, kind = struct.unpack(">IIBB", body[:10])
            depth = {2: 3, 6: 4}[kind]
        elif name == b"IDAT":
            data += body
        place += length + 12
    return unfiltered(zlib.decompress(data), width, height, depth)


def unfiltered(raw: bytes, width: int, height: int, depth: int) -> Pixels:
    """Rows of which each says by its first byte what was taken from its bytes (PNG, section 9)."""
    stride = width * depth
    above = bytes(stride)
    rows = np.zeros((height, width, 3), np.uint8)
    for y in range(height):
        start = y * (stride + 1)
        above = row(raw[start], raw[start + 1 : start + 1 + stride], above, depth)
        rows[y] = np.frombuffer(above, np.uint8).reshape(width, depth)[:, :3]
    return rows


def row(kind: int, line: bytes, above: bytes, depth: int) -> bytes:
    """One row: 1 takes the pixel to the left, 2 the one above, 3 their mean, 4 the nearest."""
    if kind in (0, 2):
        whole = np.frombuffer(line, np.uint8) + np.frombuffer(above, np.uint8) * np.uint8(kind > 0)
        return bytes(whole.astype(np.uint8))
    done = bytearray(depth) + line  # what stands before the first pixel is black
    over = bytes(depth) + above
    for i in range(depth, len(done)):
        left, up, corner = done[i - depth], over[i], over[i - depth]
        guess = left if kind == 1 else (left + up) // 2 if kind == 3 else nearest(left, up, corner)
        done[i] = done[i] + guess & 255
    return bytes(done[depth:])


def nearest(left: int, up: int, corner: int) -> int:
    """Paeth's guess."""
    whole = left + up - corner
    ways = (abs(whole - left), abs(whole - up), abs(whole - corner))
    return (left, up, corner)[ways.index(min(ways))]
