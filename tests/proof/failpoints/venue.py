"""The paper venue behind a line that fails by a script: what befalls which calls, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, structs

from actors.orders.paper import Paper
from messages.base import Envelope
from messages.control import ConfigAdopted
from messages.orders import (
    CallReport,
    CancelOrder,
    Dispatch,
    OrderReport,
    QueryOrder,
    SubmitOrder,
)

Asked = Literal["submit", "query", "cancel"]
Read = Literal["account", "past", "book", "snapshot", "markets", "wallets"]
Did = Asked | Read | Literal["fill"]  # the last: one that is told unasked
OfOrder = Literal["lost", "silent", "refused", "absent", "down", "throttled", "banned", "strange"]
Trouble = OfOrder | Literal["key", "odd", "copy"]


class Window(Struct, frozen=True):
    """A trouble of all calls of a kind, from a second to another of the scene.

    lost: does not arrive, and nothing answers. silent: done, but the answer is lost. refused: a
    definite no. absent: not found. down: nothing is done, and that is not certain. strange:
    another order is shown. key: refused for our key. odd, copy: what is not as usual in the answer
    (tests/proof/failpoints/far.py).
    """

    trouble: Trouble
    calls: tuple[Did, ...]
    begin: float
    end: float


def trouble_of(script: tuple[Window, ...], now: float, did: Did) -> str:
    """What befalls such a call now; "" when nothing does."""
    fitting = (w.trouble for w in script if w.begin <= now < w.end and did in w.calls)
    return next(fitting, "")


KINDS: dict[type, Asked] = {SubmitOrder: "submit", QueryOrder: "query", CancelOrder: "cancel"}
GOES = {
    "refused": "ok",
    "key": "ok",
    "absent": "ok",
    "down": "failed",
    "throttled": "throttled",
    "banned": "banned",
}
KEY_REFUSED = "no_authorization_ip"
SAYS = {
    "refused": ("refused", "market_offline"),
    "key": ("refused", KEY_REFUSED),
    "throttled": ("refused", "too_many_requests"),
    "absent": ("absent", "order_not_found"),
}
BAN = 30.0  # seconds


class ScriptedPaper(Paper):
    """Its script is the tool ``script``: windows in epoch seconds.

    The tool ``lost``: by identifier, what it shows of orders that its own books do not have.
    """

    def take(self, envelope: Envelope) -> Any:
        """Deal with a call as the script wants it."""
        self.trouble = self._trouble_of(envelope.body)
        if self.trouble == "lost":
            return None
        if self.trouble in GOES:
            return self._refuse(self.trouble, envelope.body)
        if isinstance(envelope.body, Dispatch) and (shown := self._lost(envelope.body.call)):
            self.system.send(shown, source=self.name)
            self.system.send(CallReport("default", "ok"), source=self.name)
            return None
        return super().take(envelope)

    def _lost(self, call: Any) -> OrderReport | None:
        lost: Mapping[str, OrderReport] = self.system.tools["lost"]()
        shown = lost.get(call.identifier) if isinstance(call, QueryOrder) else None
        return structs.replace(shown, id=call.id) if shown else None

    def _trouble_of(self, body: Any) -> str:
        if isinstance(body, ConfigAdopted):
            return ""
        did: Did = KINDS[type(body.call)] if isinstance(body, Dispatch) else "fill"
        return trouble_of(self.system.tools["script"], self.system.now(), did)

    def _refuse(self, trouble: str, dispatch: Dispatch) -> None:
        call = dispatch.call
        id = call.order.id if isinstance(call, SubmitOrder) else call.id
        did = KINDS[type(call)]
        outcome: Any
        outcome, name = SAYS.get(trouble, ("unknown", ""))
        group = "order" if did == "submit" else "default"
        went: Any = GOES[trouble]
        for answer in (
            OrderReport(id, outcome, did, name=name),
            CallReport(group, went, BAN if trouble == "banned" else 0.0),
        ):
            self.system.send(answer, source=self.name)

    def _speak(self, outcome: Any, cause: Envelope) -> Any:
        if self.trouble == "silent":
            outcome = tuple(m for m in outcome if not isinstance(m, OrderReport))
        elif self.trouble == "strange":
            outcome = tuple(_strange(m) if isinstance(m, OrderReport) else m for m in outcome)
        return super()._speak(outcome, cause)


def _strange(report: OrderReport) -> OrderReport:
    """An answer about somebody else's order."""
    return structs.replace(report, outcome="snapshot", uuid="stranger", state="wait", pair="KRW-X")
