"""Owns the line between the bot's client and Upbit: requests under way, and what befalls them.

A request leaves, arrives a little later, and its answer comes back a little after that; whoever
asked may have died meanwhile, and other things happen. What is still on the line outlives a power
loss.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from msgspec import structs

from adapters.upbit.answers import Answer, Failure
from sandbox.limits import group_of
from simulation.live.event_queue import EventQueue
from simulation.live.fault_plan import FaultPlan
from simulation.live.safety import SafetyProperties
from simulation.live.upbit import Request, Upbit

Came = Answer | Failure
GIVE_UP = 10.0  # seconds: config's call_seconds
# Seconds, shorter than a tombstone is watched; those that come soon find their order still wanted.
LATES = ((40.0, 2400.0), (40.0, 300.0))
UNHEARD = Failure("unknown", "timeout")
LOOK_UP, CANCEL = ("GET", "/v1/order"), ("DELETE", "/v1/order")
STALE = 0.3  # of a look-up of what has changed, to show it as it was
TERMS = ("market", "side", "ord_type", "price", "volume")  # alike in these, it misleads the most
UNSOUND = ("garbled", "strange")
STRANGER = {  # an order of other hands, which has sold or bought all that it wanted
    "uuid": "0" * 8,
    "state": "done",
    "executed_volume": "1",
    "executed_funds": "5000",
    "paid_fee": "2.5",
}
FLIPPED = {"bid": "ask", "ask": "bid"}


class NetworkSession:
    """Stands where the client's session does: keeps what is asked, and gives what came of it."""

    def __init__(self, came: Came = UNHEARD) -> None:
        self.request: Request | None = None
        self._came = came

    def call(
        self, method: str, path: str, params: Any = (), body: bytes = b"", signed: bool = True
    ) -> Came:
        """As the session's."""
        self.request = Request(method, path, tuple(params), body)
        return self._came


class Receiver(Protocol):
    """Who gets an answer."""

    def __call__(self, came: Came) -> None: ...


class Network:
    """Requests of all lives of the bot."""

    def __init__(
        self, queue: EventQueue, upbit: Upbit, fault_plan: FaultPlan, laws: SafetyProperties
    ) -> None:
        self._agenda, self._upbit, self._weather, self._laws = queue, upbit, fault_plan, laws
        self._requests = 0
        self.sent: dict[str, float] = {}  # when each identifier first left
        self.odd = False  # whether rows of an answer may be unreadable
        self._shown: dict[str, list[Answer]] = {}  # what look-ups have shown, by what was asked

    def ask(self, request: Request, did: str, rarely: bool, hear: Receiver) -> None:
        """One request leaves. ``did``: what it is for; ``rarely``: it comes often, so strike less.

        ``hear`` is called when the answer comes, or when it is certain that none will.
        """
        now, random = self._agenda.now, self._weather.random
        self._requests += 1
        request = structs.replace(request, nonce=self._requests)
        name = request.asked().one("identifier") if request.submits else ""
        if name:
            self.sent.setdefault(name, now)
        fault = self._weather.of_call(did, rarely, now)
        hear = self._witnessed(request, hear, fault)
        there, back = random.uniform(0.01, 0.2), random.uniform(0.01, 0.2)
        if fault == "unsent":
            self._agenda.after(0.0, lambda: hear(Failure("not_sent", "refused")))
            return
        side = request.asked().one("side") if name else ""
        self._laws.sent(group_of(request.method, request.path), side, name)
        if (request.method, request.path) == CANCEL:
            self._laws.promises.cancelled(request.asked().one("identifier"))
        if fault in ("late", "echo"):
            self._later(request)
        if fault in ("lost", "late"):
            self._agenda.after(GIVE_UP, lambda: hear(UNHEARD))
            return

        def arrive() -> None:
            came = self._arrived(request, fault)
            if came is UNHEARD:
                self._agenda.after(GIVE_UP - there, lambda: hear(came))
            else:
                self._agenda.after(back, lambda: hear(came))

        self._agenda.after(there, arrive)

    def _witnessed(self, request: Request, hear: Receiver, fault: str) -> Receiver:
        """The same ear, with the laws beside it; an answer that cannot be read proves nothing."""
        sound = fault not in UNSOUND and not self.odd
        looks = (request.method, request.path) == LOOK_UP

        def heard(came: Came) -> None:
            status = came.status if isinstance(came, Answer) else 0
            if status == 404 and looks:
                self._laws.denied(request.asked().one("identifier"))
            if sound or status == 429:
                self._laws.answered(group_of(request.method, request.path), status)
            hear(came)

        return heard

    def _later(self, request: Request) -> None:
        """It stays on the line for a while, and arrives when nobody waits for an answer."""
        left = max(self._weather.until - self._agenda.now, 0.0)
        random = self._weather.random
        wait = min(random.uniform(*random.choice(LATES)), left)

        def arrive() -> None:
            self._upbit.answer(request)

        self._agenda.after(wait, arrive)

    def _arrived(self, request: Request, fault: str) -> Came:
        """What comes back, once the request is there."""
        random, answer = self._weather.random, self._upbit.answer
        match fault:
            case "silent":
                answer(request)
                return UNHEARD
            case "twice":
                return random.choice([answer(request), answer(request)])
            case "refused":
                said = self._upbit.refuse(request)
                return UNHEARD if random.random() < 0.4 else said
            case "down":
                if random.random() < 0.3:
                    answer(request)
                return Answer(random.choice((500, 502, 503, 504)), b"<html>Bad Gateway</html>")
            case "throttled":
                return Answer(429, b'{"error":{"name":"too_many_requests","message":""}}')
            case "banned":
                self._upbit.banned_until = self._agenda.now + 20.0
                return answer(request)
            case "strange":
                return self._stranger(answer(request))
            case "garbled":
                return garbled(answer(request), random.choice)
            case _ if (request.method, request.path) == LOOK_UP:
                return self._looked_up(request, answer(request))
            case _:
                return answer(request)

    def _looked_up(self, request: Request, answer: Answer) -> Answer:
        """An order as it is, or now and then as a copy of the books still has it."""
        if answer.status != 200:
            return answer
        shown = self._shown.setdefault(repr(request.params), [])
        if answer.body not in [other.body for other in shown]:
            shown.append(answer)
        before = shown[:-1]
        if before and self._weather.strikes("stale", STALE, self._agenda.now):
            return structs.replace(self._weather.random.choice(before), date=answer.date)
        return answer

    def _stranger(self, answer: Answer) -> Answer:
        """An order's answer that tells of another one, under our name; any other as it was."""
        body = msgspec.json.decode(answer.body)
        if not isinstance(body, dict) or body.get("side") not in FLIPPED:
            return answer
        others = [msgspec.json.decode(shown[-1].body) for shown in self._shown.values()]
        told = [other for other in others if other["uuid"] != body["uuid"]]
        told.append(body | STRANGER | {"side": FLIPPED[body["side"]]})
        alike = [one for one in told if all(one.get(name) == body.get(name) for name in TERMS)]
        other = self._weather.random.choice(alike or told) | {"identifier": body["identifier"]}
        return structs.replace(answer, body=_encoded(other))


def garbled(answer: Answer, choice: Callable[[list[bytes]], bytes]) -> Answer:
    """What no one can rely on: cut, no JSON, figures that are none."""
    body = answer.body
    nan = body.replace(b'"executed_volume":"0"', b'"executed_volume":"NaN"')
    return structs.replace(answer, body=choice([body[: len(body) // 2], b"<html>", b"", nan]))


def _encoded(body: dict[str, Any]) -> bytes:
    return msgspec.json.encode(body)
