"""A real browser: Debian's Chromium, driven from here; nothing is downloaded for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = (
    "--no-sandbox",  # we may be root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MAP_STYLE = "maplibregl"  # of plotly's maps, which we do not draw: a style that the policy stops

needed = pytest.mark.skipif(not CHROMIUM, reason="no Chromium to look at the dashboard with")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A window, and everything in it that is not as it should be."""

    def __init__(
        self, browser: Browser, url: str, *, dark: bool = False, width: int = 1280
    ) -> None:
        scheme = "dark" if dark else "light"
        view = {"width": width, "height": 844 if width < 640 else 900}
        self.context: BrowserContext = browser.new_context(viewport=view, color_scheme=scheme)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.base = url.partition("/?")[0]
        self.page.goto(url)
        self.page.wait_for_url(f"{self.base}/")

    def _said(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and "style-src" not in text:
            self.errors.append(text)

    def open(self, path: str) -> None:
        """A page of the dashboard, its figures drawn."""
        self.page.goto(self.base + path)
        figures = self.page.locator("[data-chart]").count()
        if figures:
            self.page.locator("[data-drawn]").nth(figures - 1).wait_for()

    def wide(self) -> int:
        """Pixels that the page takes from side to side."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))
