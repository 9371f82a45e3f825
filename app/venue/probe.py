"""Owns the owner's contract test of Upbit: what it does with a repeated identifier, and the lag.

Steps (a) to (e) of docs/reference/reliability.md 2.1, one order alive at a time. Nothing is sent
twice but on purpose; whatever may live at the exchange is cancelled at the end, also after a
failure.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from msgspec import structs

from adapters.upbit.answers import Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import DEFAULT, ORDER
from adapters.upbit.replies import NoData, Refused
from adapters.upbit.schemas.accounts import Order
from app.venue.probe_file import ProbeResult
from app.venue.requests import Banned, PacedRequester
from app.venue.terms import Terms

TWIN = "duplicated_identifier"
SAMPLES = 50
LOOKS_MAX = 30  # look-ups of one order before it counts as not seen
WAIT = 0.1  # seconds before the second look-up; grows
WAIT_MAX = 2.0
LIVE = ("wait", "watch")

Answer = Order | Refused | None  # None: whether it was taken is not known
Told = Callable[[str], None]  # the step that begins, by its letter


class Probe:
    """One run. ``left`` names the orders that may still live."""

    def __init__(self, client: Client, reading: PacedRequester, terms: Terms, prefix: str) -> None:
        self._client, self._reading, self._terms, self._prefix = client, reading, terms, prefix
        self.left: dict[str, set[str]] = {}  # uuids by identifier
        self._unsure: set[str] = set()  # identifiers that were sent without an answer

    def run(self, seen: ProbeResult, samples: int, told: Told) -> ProbeResult:
        """All steps, then the sweep; a step that a refusal keeps from its end tells nothing."""
        try:
            told("a")
            seen, lived = self._twice(seen)
            told("c")
            seen = self._after_cancel(seen) if lived else seen
            told("b")
            seen = self._refusal(seen)
            told("d")
            for number in range(samples):
                if (lag := self._lag(f"{self._prefix}-d{number}")) is None:
                    break
                seen = structs.replace(
                    seen, lags_ms=(*seen.lags_ms, lag[0]), not_found=seen.not_found + lag[1]
                )
            told("e")
            seen = structs.replace(seen, fills_have_ids=self._fills(seen.at))
        except Banned:
            pass  # the sweep below cannot be heard either, and says what is left
        finally:
            left = self.sweep()
        return structs.replace(seen, left_behind=left)

    def sweep(self) -> tuple[str, ...]:
        """Cancel what may live; the identifiers that were not seen to have ended."""
        try:
            for identifier in list(self.left):
                self._cancel(identifier)
        except Banned:
            pass
        return tuple(self.left)

    # --- the steps
    def _twice(self, seen: ProbeResult) -> tuple[ProbeResult, bool]:
        """(a) an order, and the same again while it rests; whether the first was taken."""
        identifier = f"{self._prefix}-a"
        if not isinstance(self._place(identifier, self._terms.volume), Order):
            return seen, False
        second = self._place(identifier, self._terms.volume)
        refused, name = _as_twin(second)
        return structs.replace(seen, twice_refused=refused, twice_name=name), True

    def _after_cancel(self, seen: ProbeResult) -> ProbeResult:
        """(c) the same identifier once more, after its order has been cancelled."""
        identifier = f"{self._prefix}-a"
        if not self._cancel(identifier):
            return seen
        refused, name = _as_twin(self._place(identifier, self._terms.volume))
        self._cancel(identifier)
        return structs.replace(seen, after_cancel_refused=refused, after_cancel_name=name)

    def _refusal(self, seen: ProbeResult) -> ProbeResult:
        """(b) an order below the minimum, then one that is valid under the same identifier."""
        identifier = f"{self._prefix}-b"
        first = self._place(identifier, self._terms.small)
        if not isinstance(first, Refused):
            return seen
        seen = structs.replace(seen, refusal_name=first.name)
        burns, _ = _as_twin(self._place(identifier, self._terms.volume))
        self._cancel(identifier)
        return structs.replace(seen, refusal_burns=burns)

    def _lag(self, identifier: str) -> tuple[int, int] | None:
        """(d) ms from the reply until a look-up finds the order, and the look-ups before it."""
        if not isinstance(self._place(identifier, self._terms.volume), Order):
            return None
        begin = self._reading.now()
        for misses in range(LOOKS_MAX):
            if isinstance(self._look(identifier), Order):
                lag = round((self._reading.now() - begin) * 1000)
                return (lag, misses) if self._cancel(identifier) else None
        return None

    def _fills(self, at: float) -> bool | None:
        """(e) of a former order of the account: this test itself is never filled."""
        week = 7 * 86400.0
        listed = self._reading.ask(DEFAULT, lambda: self._client.closed_orders(at - week, at)).value
        if isinstance(listed, NoData | Refused | Failure):
            return None
        filled = [order.uuid for order in listed if order.executed_volume > 0]
        if not filled:
            return None
        looks = [self._by_uuid(filled[0]) for _ in range(2)]
        if not all(isinstance(order, Order) and order.trades for order in looks):
            return None
        first, second = ([t.uuid for t in o.trades or ()] for o in looks if isinstance(o, Order))
        return len(set(first)) == len(first) and sorted(first) == sorted(second)

    # --- one call each
    def _place(self, identifier: str, volume: Decimal) -> Answer:
        """Send once. What may have been taken is in ``left`` before it is sent."""
        known = self.left.setdefault(identifier, set())
        body = self._terms.body(identifier, volume)
        value = self._reading.once(ORDER, lambda: self._client.place(body)).value
        if isinstance(value, Order):
            known.add(value.uuid)
            return value
        if isinstance(value, Refused) and value.status < 500 and value.name:
            if not known and identifier not in self._unsure:
                del self.left[identifier]
            return value
        self._unsure.add(identifier)
        return None

    def _look(self, identifier: str) -> Answer:
        asked = self._reading.once(DEFAULT, partial(self._client.order_by, identifier=identifier))
        value = asked.value
        return value if isinstance(value, Order | Refused) else None

    def _by_uuid(self, uuid: str) -> Answer:
        value = self._reading.ask(DEFAULT, partial(self._client.order_by, uuid=uuid)).value
        return value if isinstance(value, Order | Refused) else None

    def _cancel(self, identifier: str) -> bool:
        """Have every order of this name cancelled; whether all were seen to have ended."""
        for uuid in sorted(self.left.get(identifier, set())):
            self._reading.once(DEFAULT, partial(self._client.cancel, uuid=uuid))
            if not self._ended(partial(self._by_uuid, uuid)):
                return False
            self.left[identifier].discard(uuid)
        if identifier in self._unsure:
            self._reading.once(DEFAULT, partial(self._client.cancel, identifier=identifier))
            if not self._ended(partial(self._look, identifier)):
                return False
        self._unsure.discard(identifier)
        self.left.pop(identifier, None)
        return True

    def _ended(self, look: Callable[[], Answer]) -> bool:
        """Look until the order does not live; one that is never found is not known to have ended.

        A cancel's own answer is no evidence (docs/reference/reliability.md 2.2).
        """
        wait = WAIT
        for _ in range(LOOKS_MAX):
            found = look()
            if isinstance(found, Order) and found.state not in LIVE:
                return True
            self._reading.wait(wait)
            wait = min(wait * 1.5, WAIT_MAX)
        return False


def _as_twin(answer: Answer) -> tuple[bool | None, str]:
    """Whether Upbit refused it as a twin: only its own name for that is evidence."""
    if isinstance(answer, Refused):
        return (True if answer.name == TWIN else None), answer.name
    return (False if isinstance(answer, Order) else None), ""
