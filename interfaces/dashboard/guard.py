"""Owns who gets an answer, and under which headers: the outermost part of the server.

A page on another site may send a browser here; it must neither be answered as the owner nor read
what is answered. So the Host is ours (a name that was bound to this address is not), the Origin
of whatever could change something is ours, and the token comes as a cookie that other sites'
requests do not carry. Nothing runs in a page but our own files.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.dashboard.token import same

OPEN = ("/assets/", "/favicon.ico")  # nothing of the bot is in there
METRICS = "/metrics"
ENTRANCE = "/"
COOKIE_SECONDS = 90 * 86400
LONGEST_QUERY = 2048
# Plotly puts one empty style element into the page, and fills it by script: the hash of nothing.
NOTHING = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {NOTHING}",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # without one a form would not tell its origin
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Wraps the pages. ``port`` is where it listens; ``closed`` makes what strangers get."""

    def __init__(self, app: ASGIApp, token: str, port: int, closed: ASGIApp) -> None:
        self._app, self._token, self._closed = app, token, closed
        hosts = [f"{name}:{port}" for name in ("127.0.0.1", "localhost")]
        self.hosts = frozenset(hosts + (["127.0.0.1", "localhost"] if port == 80 else []))
        self.origins = frozenset(f"http://{host}" for host in self.hosts)
        self.cookie = f"jangbu-{port}"  # cookies know no ports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return  # there are no sockets here; the server hangs up
        headers = Headers(scope=scope)
        await self._choice(scope, headers)(scope, receive, _dressed(send))

    def _choice(self, scope: Scope, headers: Headers) -> ASGIApp:
        method, path = scope["method"], scope["path"]
        if headers.get("host", "").lower() not in self.hosts:
            return _no(421, "this is another host's name")
        if method not in ("GET", "HEAD", "POST"):
            return _no(405, "only GET and POST")
        if self._foreign(method, headers):
            return _no(403, "the request comes from another site")
        if len(scope["query_string"]) > LONGEST_QUERY:
            return _no(414, "the address is too long")
        if path.startswith(OPEN) or (path == METRICS and method != "POST"):
            return self._app
        if path == ENTRANCE and method == "GET" and (given := _asked(scope)):
            return self._entrance() if same(given, self._token) else self._closed
        return self._app if self._known(headers) else self._closed

    def _foreign(self, method: str, headers: Headers) -> bool:
        """Whether another site made the browser ask; a link that is followed may lead here."""
        origin = headers.get("origin")
        if method == "POST" or origin is not None:
            return origin not in self.origins
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode")
        return site not in ("none", "same-origin") and mode != "navigate"

    def _known(self, headers: Headers) -> bool:
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and same(bearer.strip(), self._token):
            return True
        return same(_cookies(headers).get(self.cookie, ""), self._token)

    def _entrance(self) -> Response:
        """The token moves into a cookie, and out of the address bar.

        By a page that leads on, not by a redirect: after a link from elsewhere a browser would
        follow that one without the cookie.
        """
        page = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Jangbu</title>'
        answer = Response(page, media_type="text/html")
        answer.set_cookie(
            self.cookie,
            self._token,
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="strict",
            path="/",
        )
        return answer


def _asked(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return parse_qs(query, max_num_fields=20).get("token", [""])[0] if "token=" in query else ""


def _cookies(headers: Headers) -> Mapping[str, str]:
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _no(status: int, why: str) -> Response:
    return PlainTextResponse(f"Refused: {why}.\n", status)


def _dressed(send: Send) -> Send:
    """Every answer bears the same headers; what does not say how long it keeps is not kept."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("cache-control", "no-store")
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return dressed
