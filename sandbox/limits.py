"""Owns the rate limits: groups, what is left of each, refusals, and bans that grow.

Groups, numbers and names on the wire: docs/reference/upbit.md 5. A bucket of the group's limit
refills at the limit a second. How many refusals lead to a ban, and for how long, is not
confirmed: it is data here. Every request is counted, so that a test can ask.
"""

from __future__ import annotations

from msgspec import Struct, structs

from sandbox.assumptions import Assumptions


class Group(Struct, frozen=True):
    """So many requests in so many seconds, measured for an address or for an account."""

    name: str
    most: int
    seconds: float = 1.0
    scope: str = "account"  # or "address"

    @property
    def minute(self) -> int:
        """The header's deprecated ``min``."""
        return int(60 * self.most / self.seconds)


GROUPS = (
    Group("market", 10, scope="address"),
    Group("candles", 10, scope="address"),
    Group("crix-trades", 10, scope="address"),
    Group("ticker", 10, scope="address"),
    Group("orderbook", 10, scope="address"),
    Group("default", 30),
    Group("order", 12),
    Group("order-test", 8),
    Group("order-cancel-all", 1, 2.0),
    Group("websocket-connect", 5, scope="address"),
    Group("websocket-private", 5),
    Group("origin", 1, 10.0, "address"),
)
BY_PATH = {
    "/v1/market/all": "market",
    "/v1/trades/ticks": "crix-trades",
    "/v1/ticker": "ticker",
    "/v1/ticker/all": "ticker",
}
QUOTATION = frozenset({"market", "candles", "crix-trades", "ticker", "orderbook", "origin"})


class Bans(Struct, frozen=True):
    """After ``refusals`` within ``within`` seconds: a ban of ``first`` s, each ``times`` longer."""

    refusals: int = 10
    within: float = 10.0
    first: float = 60.0
    times: float = 2.0


class Count(Struct, frozen=True):
    """What a group has seen."""

    requests: int = 0
    exceeded: int = 0  # answered 429
    banned: int = 0  # answered 418


class Verdict(Struct, frozen=True):
    """What a request gets: passed, 429 or 418, the header, and how long a ban lasts yet (s)."""

    status: int
    header: str = ""
    seconds: int = 0


def group_of(method: str, path: str) -> str:
    """The group of a request, by its name on the wire."""
    if path in BY_PATH:
        return BY_PATH[path]
    if path.startswith("/v1/candles/"):
        return "candles"
    if path.startswith("/v1/orderbook"):
        return "orderbook"
    if path.startswith("/websocket"):
        return "websocket-private" if path.endswith("/private") else "websocket-connect"
    return {
        ("POST", "/v1/orders"): "order",
        ("POST", "/v1/orders/cancel_and_new"): "order",
        ("POST", "/v1/orders/test"): "order-test",
        ("DELETE", "/v1/orders/open"): "order-cancel-all",
    }.get((method, path), "default")


class Limits:
    """The buckets of one address and one account."""

    def __init__(self, groups: tuple[Group, ...] = GROUPS, bans: Bans = Bans()) -> None:
        self.groups = {group.name: group for group in groups}
        self.counts = {name: Count() for name in self.groups}
        self.switches = Assumptions()
        self._bans = bans
        self._levels: dict[str, tuple[float, float]] = {}  # tokens left, when
        self._refused: dict[str, list[float]] = {}  # by scope, when a 429 went out
        self._banned: dict[str, tuple[float, int]] = {}  # by scope, until when, which time

    def take(self, name: str, now: float) -> Verdict:
        """One request of a group at this moment (s on any clock that does not go back)."""
        group = self.groups[name]
        self._count(name, requests=1)
        until, _ = self._banned.get(group.scope, (0.0, 0))
        if now < until:
            self._count(name, banned=1)
            return Verdict(418, seconds=int(until - now) + 1)
        level = self._level(group, now)
        if level < 1 - 1e-9:
            self._levels[name] = (level, now)
            self._count(name, exceeded=1)
            self._refuse(group.scope, now)
            return Verdict(429, self._header(group, 0))
        self._levels[name] = (level - 1, now)
        return Verdict(200, self._header(group, int(level - 1 + 1e-9)))

    def _level(self, group: Group, now: float) -> float:
        """How many requests may come now."""
        level, then = self._levels.get(group.name, (float(group.most), now))
        if self.switches.fixed_window:
            same = now // group.seconds == then // group.seconds
            return level if same else float(group.most)
        return min(group.most, level + max(0.0, now - then) * group.most / group.seconds)

    def _header(self, group: Group, left: int) -> str:
        return f"group={group.name}; min={group.minute}; sec={left}"

    def _refuse(self, scope: str, now: float) -> None:
        """Whoever goes on after a 429 is banned, each time for longer."""
        recent = [at for at in self._refused.get(scope, []) if now - at < self._bans.within]
        recent.append(now)
        if len(recent) >= self._bans.refusals:
            _, times = self._banned.get(scope, (0.0, 0))
            seconds = self._bans.first * self._bans.times**times
            self._banned[scope] = (now + seconds, times + 1)
            recent.clear()
        self._refused[scope] = recent

    def _count(self, name: str, requests: int = 0, exceeded: int = 0, banned: int = 0) -> None:
        c = self.counts[name]
        self.counts[name] = structs.replace(
            c,
            requests=c.requests + requests,
            exceeded=c.exceeded + exceeded,
            banned=c.banned + banned,
        )
