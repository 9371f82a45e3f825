"""Owns what changes at the venue beside money: rows that are odd, a pair that is gone at a restart.

Drawn from a Random of its own, so that no other fault of a seed moves. A row of a list stays odd
for a while in every answer; a pair vanishes while no bot lives. Its laws are judged here too: what
is not readable is neither gone nor sold, and the stops of all other pairs are watched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from decimal import Decimal
from random import Random
from typing import Any

from messages.account import AccountShut, CoinsMissed, DustLost, SoldOutside
from messages.base import Envelope
from messages.config import Config
from messages.control import ModeTaken
from messages.market_status import PairBarred
from messages.trading import DustKept, ExitWanted, TradeClosed, TradeOpened

OUTSIDE = {
    "odd row": "a row of a list cannot be read, for a while",
    "vanished pair": "a pair is delisted while no bot lives",
}
EVERY, LASTS = 2400.0, (300.0, 1500.0)  # seconds from one odd row to the next, and how long
WRONG: tuple[Any, ...] = (None, [], {}, "NaN", "x", True, -1)
NAMES = ("market", "currency")
FIGURES = ("balance", "balance", "trade_price", "executed_volume", "market_event")  # odd members
WATCHED = 120.0  # seconds at or below its stop in which a sale has to be wanted


class Outside:
    """``alone``: nothing else goes wrong in this world, so its laws hold without mercy."""

    def __init__(self, seed: int, begin: float, until: float, seen: Counter[str]) -> None:
        self._random = Random(f"{seed} outside")
        self.on = {name for name in OUTSIDE if self._random.random() < 0.5}
        self.alone = False
        self._until, self._seen = until, seen
        self._odd: tuple[str, str, Any] | None = None  # whose row, which member, what stands there
        self._odd_until, self._next = 0.0, begin + self._random.expovariate(1 / EVERY)
        self._wants = self._random.choice(FIGURES)  # the member that is odd next
        self._vanishes = begin + (until - begin) * self._random.uniform(0.5, 0.9)

    def let_alone(self) -> None:
        """Nothing but these."""
        self.on, self.alone = set(OUTSIDE), True

    def kills(self, now: float) -> bool:
        """Whether the process dies now, so that a pair can vanish meanwhile."""
        return "vanished pair" in self.on and self._vanishes <= now < self._until

    def vanish(self, now: float, listed: Collection[str], delist: Callable[[str], None]) -> None:
        """No bot lives: this is when a pair goes."""
        if self.kills(now) and len(listed) > 1:
            self.on.discard("vanished pair")
            self._seen["fault vanished pair"] += 1
            delist(self._random.choice(sorted(listed)))

    def rows(self, body: Any, now: float) -> Any:
        """What an answer tells; of a list perhaps one row is odd."""
        if not isinstance(body, list) or "odd row" not in self.on or now >= self._until:
            return body
        if now >= self._next and now >= self._odd_until:
            self._strike(body, now)
        if self._odd is None or now >= self._odd_until:
            return body
        subject, member, wrong = self._odd
        return [
            {**row, member: wrong} if _subject(row) == subject and member in row else row
            for row in body
        ]

    def _strike(self, body: list[Any], now: float) -> None:
        rows = [row for row in body if isinstance(row, dict) and _subject(row)]
        if not rows or self._wants not in rows[0] or "candle_date_time_utc" in rows[0]:
            return  # another list; a gap of candles proves nothing
        random = self._random
        self._odd = _subject(random.choice(rows)), self._wants, random.choice(WRONG)
        self._wants = random.choice(FIGURES)
        self._odd_until = now + random.uniform(*LASTS)
        self._next = now + random.expovariate(1 / EVERY)
        self._seen["fault odd row"] += 1


def _subject(row: Any) -> str:
    return next((str(row[name]) for name in NAMES if name in row), "")


class Watched:
    """The laws of a world in which nothing else goes wrong. ``broken`` is told what was not so."""

    def __init__(
        self,
        config: Config,
        now: Callable[[], float],
        listed: Callable[[], Collection[str]],
        broken: Callable[[str], None],
    ) -> None:
        self._config, self._now, self._listed, self._broken = config, now, listed, broken
        self._stops: dict[str, tuple[str, Decimal]] = {}  # pair and stop, by trade
        self._below: dict[str, float] = {}  # since when its price is at or below, by trade
        self._held_back = False

    def born(self) -> None:
        """A life begins: what is owed is owed from now on."""
        self._below.clear()

    def stated(self, envelope: Envelope) -> None:
        """One event that is on the disk."""
        match envelope.body:
            case AccountShut(reason=reason):
                self._broken(f"one odd row shut the account: {reason}")
            case CoinsMissed() | SoldOutside() | DustLost() as event:
                self._broken(f"what could not be read was taken for sold: {event}")
            case PairBarred(pair=pair, reason="gone") if pair in self._listed():
                self._broken(f"{pair} is listed, and was said to be gone")
            case TradeOpened(trade=trade, pair=pair, price=price):
                self._stops[trade] = pair, price * (1 + self._config.stoploss)
            case ExitWanted(trade=trade):
                self._stops.pop(trade, None)
                self._below.pop(trade, None)
            case TradeClosed(row=row) | DustKept(row=row):
                self._stops.pop(row.trade, None)
            case ModeTaken(mode=mode) if envelope.source == "holdings":
                self._held_back = mode in ("stopped", "killed")

    def traded(self, pair: str, price: Decimal) -> None:
        """A price at the venue."""
        now = self._now()
        for trade, (of, stop) in self._stops.items():
            if of != pair or self._held_back:
                continue
            if price > stop:
                self._below.pop(trade, None)
            elif now - self._below.setdefault(trade, now) > WATCHED:
                self._below[trade] = float("inf")
                self._broken(f"{trade} is at {price}, its stop {stop} is not watched")
