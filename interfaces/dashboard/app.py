"""Owns the addresses of the dashboard, and what each is answered with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

import msgspec
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.pairs import read_pair, unknown_pair
from i18n import LANGUAGES, say
from i18n.errors import UserError
from interfaces.dashboard import changes, frame
from interfaces.dashboard.assets import FOREVER, assets
from interfaces.dashboard.charts import candles, equity
from interfaces.dashboard.markup import Html
from interfaces.dashboard.pages.health import health
from interfaces.dashboard.pages.journal import journal
from interfaces.dashboard.pages.orders import orders
from interfaces.dashboard.pages.overview import overview
from interfaces.dashboard.pages.page_request import Page, PageContent, PageRequest
from interfaces.dashboard.pages.pair import SPANS, pair
from interfaces.dashboard.pages.trades import trades
from interfaces.dashboard.picture import Picture
from interfaces.dashboard.stream import EventStreams
from interfaces.dashboard.watch import Watch

PAGES: dict[str, Page] = {
    "/": overview,
    "/trades": trades,
    "/orders": orders,
    "/journal": journal,
    "/health": health,
}
LANGUAGE = "jangbu-language"


class NotHere(UserError):
    """An address that leads to nothing."""


class Setting(Struct, frozen=True):
    """What the pages are made for."""

    language: str
    may_change: bool


class Dashboard:
    """The pages of one watch."""

    def __init__(self, watch: Watch, setting: Setting) -> None:
        self.watch, self.setting = watch, setting
        self.files = assets()
        self._by_name = {asset.name: asset for asset in self.files.values()}
        self._picture = Picture(watch)
        self._streams = EventStreams(watch, self.picture)

    def picture(self) -> Picture:
        """The newest; worked out once for all readers."""
        if self._picture.version != self.watch.version:
            self._picture = Picture(self.watch)
        return self._picture

    def app(self, more: list[Route]) -> Starlette:
        """The routes, and some more."""
        get = [(path, self.page) for path in (*PAGES, "/pair/{name}")]
        get += [
            ("/stream", self.stream),
            ("/figures/equity", self.equity),
            ("/figures/candles/{name}", self.candles),
            ("/confirm", self.confirm),
            ("/language", self.language),
            ("/assets/{name}", self.asset),
            ("/favicon.ico", self.icon),
        ]
        routes = [Route(path, self._sound(answer), methods=["GET"]) for path, answer in get]
        post = Route("/change", self._sound(self.change), methods=["POST"])
        return Starlette(routes=[*routes, post, *more])

    def asked(self, request: Request) -> PageRequest:
        """What a request is about."""
        return self._about(request, request.url.path, dict(request.query_params))

    def closed(self, language: str) -> Html:
        """What is shown to whoever has no token."""
        told = changes.html_of("Jangbu", say("dash_closed", language), Html())
        return frame.plain_page("Jangbu", language, told, self.files)

    # --- answers
    async def page(self, request: Request) -> Response:
        """A page, whole."""
        asked = self.asked(request)
        shown, _ = self._look(self.picture(), asked)
        return _html(frame.page(self.picture(), asked, shown, self.files))

    async def stream(self, request: Request) -> Response:
        """What changes on a page."""
        if self._streams.full:
            return PlainTextResponse("Too many readers.\n", 503)
        of = urlsplit(request.query_params.get("of", "/"))
        asked = self._about(request, of.path, dict(parse_qsl(of.query, max_num_fields=20)))
        self._page_of(asked)  # an address without a page is refused before anything is sent
        events = self._streams.events(asked, self._look)
        return StreamingResponse(events, media_type="text/event-stream")

    async def equity(self, request: Request) -> Response:
        """The figure of the equity."""
        return _json(equity.equity(self.picture(), self.asked(request).language))

    async def candles(self, request: Request) -> Response:
        """The figure of a pair."""
        wish = request.query_params.get("candles", "")
        count = int(wish) if wish in map(str, SPANS) else SPANS[0]
        name = self._known(request.path_params["name"])
        return _json(candles.candles(self.picture(), name, count, self.asked(request).language))

    async def confirm(self, request: Request) -> Response:
        """Is it meant?"""
        asked = self.asked(request)
        self._require_changes()
        change = changes.meant(asked.query)
        preview = await asyncio.to_thread(changes.foreseen, self.watch.state, change)
        if preview and not preview.reply.done:
            refusal = changes.answered(preview.reply, asked.language)
            return _html(frame.plain_page("Jangbu", asked.language, refusal, self.files), 409)
        held = tuple(trade.pair for trade in self.picture().status.trades)
        body = changes.question(change, held, asked.language, preview)
        return _html(frame.plain_page("Jangbu", asked.language, body, self.files))

    async def change(self, request: Request) -> Response:
        """Do it."""
        asked = self.asked(request)
        self._require_changes()
        told = await changes.told_by(request)
        change = changes.meant(told, told["id"])
        reply = await asyncio.to_thread(changes.sent, self.watch.state, change)
        body = changes.answered(reply, asked.language)
        status = 200 if reply.done else 409
        return _html(frame.plain_page("Jangbu", asked.language, body, self.files), status)

    async def language(self, request: Request) -> Response:
        """From now on in this language; back to the page where that was wished."""
        wish, of = (request.query_params.get(name, "") for name in ("to", "of"))
        self._page_of(self._about(request, of, {}))  # leads nowhere else
        answer = Response(status_code=303, headers={"location": of})
        if wish in LANGUAGES:
            answer.set_cookie(LANGUAGE, wish, max_age=31536000, httponly=True, samesite="strict")
        return answer

    async def asset(self, request: Request) -> Response:
        """One of the files that are known by name."""
        asset = self._by_name.get(request.path_params["name"])
        if asset is None:
            return _missing()
        return FileResponse(asset.path, media_type=asset.kind, headers={"cache-control": FOREVER})

    async def icon(self, request: Request) -> Response:
        """For those who ask without reading the page."""
        return FileResponse(self.files["icon"].path, media_type=self.files["icon"].kind)

    # ---
    def _about(self, request: Request, path: str, query: Mapping[str, str]) -> PageRequest:
        wish = request.cookies.get(LANGUAGE, "")
        language = wish if wish in LANGUAGES else self.setting.language
        return PageRequest(language, self.setting.may_change, path, query)

    def _look(self, picture: Picture, asked: PageRequest) -> tuple[PageContent, dict[str, str]]:
        """The parts of a page, and the versions of its charts."""
        shown = self._page_of(asked)(picture, asked)
        charts = [part.chart for part in shown.parts if part.chart]
        return shown, {at: _version(picture, at) for at in charts}

    def _page_of(self, asked: PageRequest) -> Page:
        if asked.pair:
            self._known(asked.pair)
            return pair
        if asked.path not in PAGES:
            raise NotHere(f"no page {asked.path[:80]}", "dashboard", ", ".join(PAGES), "go back")
        return PAGES[asked.path]

    def _known(self, text: str) -> str:
        """The pair of an address that this bot has heard of. Raises UserError."""
        name, picture = _pair(text), self.picture()
        if not picture.knows(name):
            near = unknown_pair(name, picture.pairs, "dashboard", "this bot has never heard of")
            raise NotHere(near.what, near.where, near.allowed, near.todo)
        return name

    def _require_changes(self) -> None:
        if not self.setting.may_change:
            raise UserError(
                "this dashboard only shows",
                "dashboard",
                "a dashboard that was started with --allow-changes",
                "start it with --allow-changes, or use run.py console",
            )

    def _sound(self, answer: Answer) -> Answer:
        """Trouble is told, in a page; what is no input of ours never gets further."""

        async def sound(request: Request) -> Response:
            language = self.asked(request).language
            trouble = self.watch.trouble
            if trouble and not request.url.path.startswith("/assets/"):
                return self._told(trouble, language, 503)
            try:
                return await answer(request)
            except UserError as error:
                return self._told(error, language, 404 if isinstance(error, NotHere) else 400)

        return sound

    def _told(self, error: UserError, language: str, status: int) -> Response:
        body = changes.failed(error, language)
        return _html(frame.plain_page("Jangbu", language, body, self.files), status)


Answer = Callable[[Request], Awaitable[Response]]


def _version(picture: Picture, chart: str) -> str:
    path = urlsplit(chart).path
    if name := path.removeprefix("/figures/candles/").removeprefix("/figures/equity"):
        return candles.version(picture, name)
    return f"{picture.chronicle.closed}.{picture.caught_up}"


def _pair(text: str) -> str:
    """A pair's code, as it is in addresses. Raises UserError."""
    code = read_pair(text, "dashboard", todo="go back")
    if code != text:
        raise UserError(f'"{text[:40]}" is no pair', "dashboard", code, f"open /pair/{code}")
    return text


def _html(page: Html, status: int = 200) -> Response:
    return Response(page, status, media_type="text/html")


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _missing() -> Response:
    return PlainTextResponse("There is no such page.\n", 404)
