"""Owns what a quotation request asks for, and Upbit's refusal of what it cannot mean.

Sources of the texts: docs/reference/upbit.md 2, observed on Upbit's service.
"""

from __future__ import annotations

import re
from decimal import Decimal

from starlette.requests import Request

from sandbox.market import Listing, Market
from sandbox.quotes.track import ZERO
from sandbox.wire.moments import moment

MISSING = "Missing request parameter error. Check the required parameters!"
MISMATCH = "Type mismatch error. Check the parameters type!"
INVALID = "Invalid parameter. Check the given value!"
_TIME = re.compile(r"([01][0-9]|2[0-3]):?([0-5][0-9]):?([0-5][0-9])")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_LEVEL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")


class Refused(Exception):
    """A request that Upbit refuses: the status, which is the error's name as well, and its text."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class QueryParams:
    """The parameters of one request; every reader raises Refused."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def text(self, name: str) -> str:
        """A parameter, "" when it is absent."""
        return str(self._request.query_params.get(name, ""))

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self._request.path_params[name])

    def needed(self, name: str) -> str:
        """A parameter that must be there."""
        if not (found := self.text(name)):
            raise Refused(400, MISSING)
        return found

    def flag(self, name: str) -> bool:
        """true or false, false when absent."""
        if (found := self.text(name).lower()) not in ("", "true", "false"):
            raise Refused(400, MISMATCH)
        return found == "true"

    def number(self, text: str) -> int:
        """An integer."""
        if not _INTEGER.fullmatch(text):
            raise Refused(400, MISMATCH)
        return int(text)

    def listing(self, market: Market) -> Listing:
        """The pair of ``market``."""
        return _found(market, self.needed("market"))

    def listings(self, market: Market) -> list[Listing]:
        """The pairs of ``markets``; a single unknown one fails the whole call."""
        return [_found(market, code.strip()) for code in self.needed("markets").split(",")]

    def count(self, most: int, otherwise: int = 1) -> int:
        """``count``, cut to ``most`` in silence as Upbit does."""
        if not (text := self.text("count")):
            return otherwise
        if (count := self.number(text)) < 1:
            raise Refused(400, INVALID)
        return min(count, most)

    def moment(self, name: str) -> float | None:
        """A time in one of Upbit's forms, as epoch seconds."""
        if not (text := self.text(name)):
            return None
        try:
            return moment(text)
        except ValueError:
            raise Refused(400, INVALID) from None

    def time_of_day(self, otherwise: int) -> int:
        """``to`` as HHmmss or HH:mm:ss: seconds of the day."""
        if not (text := self.text("to")):
            return otherwise
        if not (found := _TIME.fullmatch(text)):
            raise Refused(400, INVALID)
        hours, minutes, seconds = map(int, found.groups())
        return hours * 3600 + minutes * 60 + seconds

    def days_ago(self) -> int:
        """``days_ago``, 1 to 7; 0 when absent."""
        if not (text := self.text("days_ago")):
            return 0
        if not 1 <= (days := self.number(text)) <= 7:
            raise Refused(400, INVALID)
        return days

    def cursor(self) -> int | None:
        """``cursor``: the sequential_id before which trades are wanted."""
        return self.number(text) if (text := self.text("cursor")) else None

    def level(self) -> Decimal:
        """``level`` of an order book, 0 when absent."""
        if not (text := self.text("level")):
            return ZERO
        if not _LEVEL.fullmatch(text):
            raise Refused(400, MISMATCH)
        return Decimal(text)


def _found(market: Market, code: str) -> Listing:
    if (listing := market.listing(code)) is None:
        raise Refused(404, "Code not found")
    return listing
