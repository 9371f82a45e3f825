"""Given, when, then for an owner: turns on values, with no system around them."""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType
from typing import Any, TypeVar

from messages.base import Event
from messages.config import Config
from messages.market import Candle

D = Decimal
T = TypeVar("T")
TIGHT = Config(cooldown_minutes=10, slippage_rate=D(0))


class Turns:
    """An owner and its state; every turn's outcome is folded in, and kept events are recalled."""

    def __init__(self, module: ModuleType, owner: Any, state: Any = None) -> None:
        self.module, self.owner = module, owner
        self.state = state or owner.State()
        self.kept: dict[str, Any] = {}

    def take(self, message: Any, at: float = 0.0) -> list[Any]:
        """One turn; what was said."""
        extra: tuple[Any, ...] = ()
        if self.owner.indexed:
            extra = (self.kept.get(self.owner.key(message) or "-"),)
        said = list(self.module.decide(self.state, message, at, *extra))
        for event in said:
            if isinstance(event, Event):
                self.state = self.module.evolve(self.state, event)
                if self.owner.indexed and self.owner.keeps(event):
                    self.kept[self.owner.keeps(event)] = event
        return said

    def all(self, *messages: Any, at: float = 0.0) -> list[Any]:
        """Several turns; all that was said."""
        return [said for message in messages for said in self.take(message, at)]


def of(kind: type[T], said: list[Any]) -> list[T]:
    """Those of one kind."""
    return [message for message in said if isinstance(message, kind)]


def candle(
    time: int, low: str = "100", high: str = "100", close: str = "", open: str = ""
) -> Candle:
    """A candle; close and open lie at the low when not given."""
    return Candle(time, D(open or low), D(high), D(low), D(close or low), D(1))
