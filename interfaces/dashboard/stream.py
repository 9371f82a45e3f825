"""Owns the live stream of a page: server-sent events with the parts that have changed.

A reader is asked for nothing and owed nothing: each has one loop, which renders the newest picture
once the reader has taken the last. Who stalls holds up this loop alone, and misses what was
between.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import msgspec

from interfaces.dashboard.frame import banner
from interfaces.dashboard.pages.page_request import PageContent, PageRequest
from interfaces.dashboard.picture import Picture
from interfaces.dashboard.watch import Watch

PAUSE_SECONDS = 0.5  # at least, between two events
BEAT_SECONDS = 15.0  # a sign of life when nothing changes; a reader who is gone is noticed by it
READERS_MAX = 32
RETRY = b"retry: 2000\n\n"

Look = Callable[[Picture, PageRequest], tuple[PageContent, Mapping[str, str]]]


class EventStreams:
    """The readers at one watch."""

    def __init__(self, watch: Watch, picture: Callable[[], Picture]) -> None:
        self._watch, self._picture = watch, picture
        self.readers = 0

    @property
    def full(self) -> bool:
        """Whether one more is too many."""
        return self.readers >= READERS_MAX

    async def events(self, asked: PageRequest, look: Look) -> AsyncIterator[bytes]:
        """For ever: what of the page has changed since this reader last heard."""
        self.readers += 1
        known: dict[str, Any] = {}
        try:
            yield RETRY
            while True:
                turned = self._watch.turned
                if news := self._news(asked, look, known):
                    yield b"data: " + msgspec.json.encode(news) + b"\n\n"
                await asyncio.sleep(PAUSE_SECONDS)
                try:
                    await asyncio.wait_for(turned.wait(), BEAT_SECONDS)
                except TimeoutError:
                    yield b": beat\n\n"
        finally:
            self.readers -= 1

    def _news(self, asked: PageRequest, look: Look, known: dict[str, Any]) -> dict[str, Any]:
        if self._watch.trouble:
            return {}
        picture = self._picture()
        shown, charts = look(picture, asked)
        parts = {p.id: str(p.body) for p in shown.parts if not p.chart}
        parts["banner"] = str(banner(picture, asked).body)
        told: dict[str, Any] = {
            "parts": {id: body for id, body in parts.items() if known.get(id) != body},
            "charts": {at: mark for at, mark in charts.items() if known.get(at) != mark},
        }
        known.update(told["parts"] | told["charts"])
        return {name: changed for name, changed in told.items() if changed}
