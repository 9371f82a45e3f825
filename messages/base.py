"""The five kinds of message, and the envelope that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, dataclass_transform

from msgspec import Struct, field

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    B = TypeVar("B", default=Any)
    P = TypeVar("P", default=Any)
else:
    from typing import TypeVar

    B = TypeVar("B")
    P = TypeVar("P")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Message(Struct, frozen=True, tag=True, gc=False):
    """A value, never a handle: immutable, comparable, encodable."""


class Command(Message):
    """An imperative: exactly one actor accepts it, and may refuse. Volatile."""


class Event(Message):
    """A fact in the past tense: journaled first, then delivered to all who accept it."""


class Report(Message):
    """A noun: what the outside world told us. Volatile; may repeat, may be lost, may be late."""


class Reply(Message):
    """A noun: the answer to somebody outside the system who asked."""


class ReplayPosition(Struct, frozen=True, array_like=True, gc=False):
    """The candle being taken when something was stated: its start (epoch seconds) and its pair."""

    time: int = 0
    pair: str = ""


class Envelope(Struct, Generic[B, P], frozen=True, omit_defaults=True, gc=False):
    """One message in flight, and one record of the journal (whose key is its number).

    Values never refer to themselves, so the garbage collector need not follow them (``gc``).
    """

    body: B
    at: float  # epoch seconds on the runtime's clock, when the body was stated
    source: str  # the name of who stated it
    trace: str = ""  # the workflow it belongs to: the id of a trade, an order or a command
    cause: int = 0  # the journal number of the event that led to it, 0 when none
    number: int = 0  # its own journal number, 0 unless it is an event
    mark: ReplayPosition = ReplayPosition()
    prompt: P | None = None  # for the first event of a turn: the volatile message that caused it


class After(Struct, frozen=True):
    """Ask the runtime to deliver a message to its acceptor later.

    ``idle`` puts it behind every other alarm of the same instant, so on a virtual clock it
    arrives only when all that happened before has been dealt with. ``real``: the seconds are those
    of the wall, on a market that runs faster too: for waits for an answer from outside. What is
    said of the market or by the venue (a candle, a price's age, a limit, a ban) is on its clock.
    """

    seconds: float
    message: Message
    idle: bool = False
    real: bool = False
