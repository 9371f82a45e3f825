"""The paper venue behind a line that fails by a script: what befalls which calls, and when."""

from __future__ import annotations

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
Did = Asked | Literal["fill"]  # the last: one that is told unasked
Trouble = Literal["lost", "silent", "refused", "absent", "down", "throttled", "banned", "strange"]


class Window(Struct, frozen=True):
    """A trouble of all calls of a kind, from a second to another of the scene.

    lost: does not arrive, and nothing answers. silent: done, but the answer is lost. refused: a
    definite no. absent: not found. down: nothing is done, and that is not certain. strange:
    another order is shown.
    """

    trouble: Trouble
    calls: tuple[Did, ...]
    begin: float
    end: float


KINDS: dict[type, Asked] = {SubmitOrder: "submit", QueryOrder: "query", CancelOrder: "cancel"}
GOES = {
    "refused": "ok",
    "absent": "ok",
    "down": "failed",
    "throttled": "throttled",
    "banned": "banned",
}
SAYS = {
    "refused": ("refused", "market_offline"),
    "throttled": ("refused", "too_many_requests"),
    "absent": ("absent", "order_not_found"),
}
BAN = 30.0  # seconds


class ScriptedPaper(Paper):
    """Its script is the tool ``script``: windows in epoch seconds."""

    def take(self, envelope: Envelope) -> Any:
        """Deal with a call as the script wants it."""
        self.trouble = self._trouble_of(envelope.body)
        if self.trouble == "lost":
            return None
        if self.trouble in GOES:
            return self._refuse(self.trouble, envelope.body)
        return super().take(envelope)

    def _trouble_of(self, body: Any) -> str:
        if isinstance(body, ConfigAdopted):
            return ""
        now = self.system.now()
        did: Did = KINDS[type(body.call)] if isinstance(body, Dispatch) else "fill"
        script: tuple[Window, ...] = self.system.tools["script"]
        fitting = (w.trouble for w in script if w.begin <= now < w.end and did in w.calls)
        return next(fitting, "")

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
