"""Owns the paper venue behind a bad line: the product's own, harsh as the world wants it."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from actors.orders.paper import Paper
from messages.base import Envelope
from messages.orders import Call, CallReport, Dispatch, OrderReport, SubmitOrder
from messages.paper import PaperRefused
from simulation.calls import did
from simulation.paper.world import DOWN_SECONDS, World

OFFLINE = "market_offline"  # Upbit's name of a halt that refuses orders


class HarshPaper(Paper):
    """The paper venue behind a bad line, which the runtime's tools hold as ``world``.

    What is on that line outlives the process, so nothing gets there before it is on the disk.
    """

    side_effecting = True

    def take(self, envelope: Envelope) -> Any:
        """Deal with a call as the world wants it."""
        self.garbled, self.refusing = "", False
        if not isinstance(envelope.body, Dispatch):
            return super().take(envelope)
        world: World = self.system.tools["world"]
        call, now = envelope.body.call, self.system.now()
        if envelope.source == "line":  # whoever asked has given up waiting for the answer
            self.garbled = "silent"
            return super().take(envelope)
        fault = world.fault(call, now)
        if fault in ("late", "echo"):
            world.later(call, now)
        if fault == "refused" and isinstance(call, SubmitOrder) and world.random.random() < 0.5:
            self.garbled, self.refusing = "silent", True
            super().take(envelope)
        elif fault in ("refused", "down", "throttled", "banned"):
            self._trouble(world, fault, call, now)
        elif fault not in ("lost", "late"):
            self.garbled = fault
            for _ in range(2 if fault == "twice" else 1):
                super().take(envelope)
        return None

    def _decide(self, body: Any) -> Any:
        """A new order that the venue refuses for reasons of its own, and remembers that it did."""
        call = body.call if self.refusing else None
        known = call and self.system.store.kept(self.name, call.identifier)
        if call is None or known or call.identifier in self.record.state.resting:
            return super()._decide(body)
        return PaperRefused(call.identifier, OFFLINE, ""), CallReport("order", "ok")

    def _trouble(self, world: World, fault: str, call: Call, now: float) -> None:
        """The venue says no, or something that says nothing."""
        if fault == "down" and now >= world.down_until:
            world.down_until = now + world.random.choice(DOWN_SECONDS)
        id = call.order.id if isinstance(call, SubmitOrder) else call.id
        names = {"refused": OFFLINE, "throttled": "too_many_requests"}
        outcome: Any = "refused" if fault in names else "unknown"
        group = "order" if isinstance(call, SubmitOrder) else "default"
        went: Any = {"refused": "ok", "down": "failed"}.get(fault, fault)
        for answer in (
            OrderReport(id, outcome, did(call), name=names.get(fault, "")),
            CallReport(group, went, 20.0 if fault == "banned" else 0.0),
        ):
            self.system.send(answer, source=self.name)

    def _speak(self, outcome: Any, cause: Envelope) -> Any:
        world: World = self.system.tools["world"]
        refused = any(isinstance(m, OrderReport) and m.outcome == "refused" for m in outcome)
        if refused and isinstance(cause.body, Dispatch) and did(cause.body.call) == "submit":
            self.garbled = "silent" if world.muffled(self.system.now()) else self.garbled
        if self.garbled == "silent":
            outcome = tuple(m for m in outcome if not isinstance(m, OrderReport))
        elif self.garbled == "strange":
            outcome = tuple(strange(m) if isinstance(m, OrderReport) else m for m in outcome)
        return super()._speak(outcome, cause)


def strange(report: OrderReport) -> OrderReport:
    """An answer about somebody else's order, or about ours in another shape."""
    if report.outcome == "snapshot":
        return structs.replace(report, side="bid" if report.side == "ask" else "ask")
    return structs.replace(report, outcome="snapshot", uuid="stranger", state="wait", pair="KRW-X")
