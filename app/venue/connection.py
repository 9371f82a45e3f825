"""What connects a bot to Upbit: its calls, one connection for each edge, and which time it is."""

from __future__ import annotations

from msgspec import Struct
from msgspec.json import Decoder

from actors.runtime.clocks import Clock
from adapters.upbit import venue
from adapters.upbit.answers import Answer
from adapters.upbit.client import Client
from adapters.upbit.fetches.account import Came
from adapters.upbit.fetches.dispatch import fetch
from adapters.upbit.fetches.request import Requester
from adapters.upbit.hosts import rest_host
from adapters.upbit.replies import NoData, decoded
from adapters.upbit.secrets import Keys
from adapters.upbit.session import Session, Waits
from adapters.upbit.tokens import Signer
from messages.config import Exchange
from messages.orders import Call, CallReport, OrderReport
from messages.venue_queries import Fetch

TRIES = 3


class VenueConnection:
    """Each method is used by one thread only; without keys no private call can be made."""

    def __init__(self, exchange: Exchange, keys: Keys | None, signer: Signer | None = None) -> None:
        """``signer``: signs in the place of keys that are not there yet."""
        self._exchange, self._keys = exchange, keys
        self.signer = Signer(keys) if keys else signer
        self._orders, self.rest = self.client(), self.client()
        self.timed = False
        self.ask_time()

    def ask_time(self) -> None:
        """Which time it is there, unless it is known (``timed``)."""
        if not self.timed:
            self.clock, self.timed = self._clock()
            self._reading = Requester(self.rest, self.clock.now, 1 / self.clock.real(1.0))

    @property
    def left_out(self) -> dict[str, int]:
        """How many rows of replies could not be read, by what was asked. For any thread."""
        return dict(self._reading.left_out)

    def client(self) -> Client:
        """A connection of its own."""
        return Client(self._session())

    def perform(self, call: Call) -> tuple[OrderReport, CallReport]:
        """One call about an order: for the venue's edge."""
        return venue.perform(self._orders, call)

    def fetch(self, call: Fetch) -> Came:
        """Everything else: for the fetcher."""
        return fetch(self._reading, call, self._keys.access if self._keys else None)

    def _clock(self) -> tuple[Clock, bool]:
        """The wall's clock, and whether that is sure.

        On this very machine it is that of the sandbox, if one answers there.

        Asked more than once: a sandbox that was only slow would seem to be in another time.
        """
        if rest_host(self._exchange.rest_url).secure:
            return Clock(), True
        for _ in range(TRIES):
            answer = self._session().call("GET", "/sandbox/clock", signed=False)
            if isinstance(answer, Answer):
                break
        if not isinstance(answer, Answer) or answer.status != 200:
            return Clock(), isinstance(answer, Answer)
        told = decoded(_TOLD, answer.body)
        return (Clock() if isinstance(told, NoData) else Clock(told.now, told.speed)), True

    def close(self) -> None:
        """Let the connections go."""
        self._orders.close()
        self.rest.close()

    def _session(self) -> Session:
        own = self._exchange
        waits = Waits(float(own.connect_seconds), float(own.read_seconds), float(own.call_seconds))
        return Session(own.rest_url, self.signer, waits)


class _Told(Struct):
    now: float
    speed: float


_TOLD = Decoder(_Told)
