"""Owns the books of the paper venue: cash, coins and resting orders, kept like an exchange's.

It takes the venue's place behind the limiter: what the gateway sends is refused or accepted by
Upbit's rules (core/venue/matching.py) and fills at the candles that the feed takes. Cash and coins
are whole pockets, what resting orders lock included.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, assert_never, get_args
from uuid import NAMESPACE_URL, uuid5

from msgspec import structs

from actors.runtime.owner import Outputs, Owner
from core.market.tick_size import korean_day
from core.venue.account_ledger import Change, PaperState, after_fill, evolve
from core.venue.matching import Fill, due, fill, locked, refusal, rules_of
from messages.base import Message
from messages.control import ConfigAdopted, ConfigTaken
from messages.market import OpeningReport, Watch
from messages.orders import (
    Call,
    CallReport,
    CancelOrder,
    Dispatch,
    OrderReport,
    QueryOrder,
    SubmitOrder,
)
from messages.paper import (
    PaperAccepted,
    PaperEnded,
    PaperFilled,
    PaperOpened,
    PaperRefused,
    Resting,
)

NAME = "paper"

Inbox = ConfigAdopted | OpeningReport | Dispatch
Did = Literal["submit", "query", "cancel"]


# --- decide
def decide(state: PaperState, message: Inbox, at: float, kept: Message | None = None) -> Outputs:
    """``kept`` is what became of the order with this identifier, if it has ended."""
    match message:
        case ConfigAdopted(config=config):
            if state.config is None:
                yield PaperOpened(config.dry_run_wallet)
            yield ConfigTaken(config)
        case OpeningReport():
            yield from _match(state, message)
        case Dispatch(call=call):
            if isinstance(kept, PaperRefused) and not isinstance(call, CancelOrder):
                yield _refused_before(call, kept)
            else:
                yield from _answer(state, call, at, kept)
            yield CallReport("order" if isinstance(call, SubmitOrder) else "default", "ok")
        case _:
            assert_never(message)


def _answer(state: PaperState, call: Call, at: float, kept: Message | None) -> Outputs:
    ended = kept if isinstance(kept, PaperEnded) else None
    match call:
        case SubmitOrder():
            yield from _submit(state, call, at, kept is not None)
        case QueryOrder(id=id, identifier=identifier):
            yield _shown(state, id, identifier, ended, "query")
        case CancelOrder(id=id, identifier=identifier):
            resting = state.resting.get(identifier)
            if resting:
                yield PaperEnded(resting.order.id, identifier, "cancel", resting)
            # As at Upbit the answer still shows "wait": only a later look shows the end.
            yield _shown(state, id, identifier, ended, "cancel")
            if resting:
                yield from _unwatched(state, resting.order.pair, {identifier})
        case _:
            assert_never(call)


def _submit(state: PaperState, call: SubmitOrder, at: float, burnt: bool) -> Outputs:
    order, identifier = call.order, call.identifier
    if burnt or identifier in state.resting:
        yield _refused(call, "duplicated_identifier", "이미 등록된 identifier입니다.")
        return
    if state.config is None:
        yield OrderReport(order.id, "not_sent", "submit", name="market_offline")
        return
    rules = rules_of(state.config)
    no = refusal(order, state.free, state.free_coin(order.pair), rules, korean_day(at))
    if no:
        yield PaperRefused(identifier, *no)
        yield _refused(call, *no)
        return
    uuid = str(uuid5(NAMESPACE_URL, f"jangbu:{identifier}"))
    resting = Resting(order, identifier, uuid, at)
    yield PaperAccepted(resting, locked(order, rules.fee_rate))
    yield _snapshot(resting, "wait", "submit")
    yield Watch(NAME, order.pair, every=True)


def _match(state: PaperState, opening: OpeningReport) -> Outputs:
    pair, candle = opening.pair, opening.candle
    ended: set[str] = set()
    for identifier, resting in state.resting.items():
        if resting.order.pair != pair or not _due(resting, opening):
            continue
        assert state.config is not None
        rate = state.pledges[identifier].fee_rate
        rules = structs.replace(rules_of(state.config), fee_rate=rate)
        done = fill(resting, candle, rules, korean_day(candle.time))
        if done is None:
            continue
        after = resting
        if done.volume:
            event = _fill_event(resting, done, opening)
            after = after_fill(resting, event)
            yield event
        if done.state != "wait":
            ended.add(identifier)
            yield PaperEnded(resting.order.id, identifier, done.state, after)
        yield _snapshot(after, done.state)
    if ended:
        yield from _unwatched(state, pair, ended)


def _due(resting: Resting, opening: OpeningReport) -> bool:
    return due(resting, opening.candle, opening.seconds, opening.since)


def _fill_event(resting: Resting, done: Fill, opening: OpeningReport) -> PaperFilled:
    """A fill is dated by the candle's open, at a price by its own moment."""
    candle = opening.candle.time
    at = float(candle) if opening.seconds else opening.since
    return PaperFilled(resting.order.id, done.volume, done.funds, done.fee, at, candle)


def _unwatched(state: PaperState, pair: str, ended: set[str]) -> Iterable[Watch]:
    """The end of the watch, when nothing of the pair rests any more."""
    if pair not in {r.order.pair for key, r in state.resting.items() if key not in ended}:
        yield Watch(NAME, pair)


# --- what is answered
def _shown(
    state: PaperState, id: str, identifier: str, ended: PaperEnded | None, did: Did
) -> OrderReport:
    resting = state.resting.get(identifier)
    if resting:
        return _snapshot(resting, "wait", did)
    if ended:
        return _snapshot(ended.resting, ended.state, did)
    return OrderReport(id, "absent", did, name="order_not_found", text="주문을 찾지 못했습니다.")


def _snapshot(
    resting: Resting, state: Literal["wait", "done", "cancel"], did: Did = "query"
) -> OrderReport:
    order = resting.order
    return OrderReport(
        id=order.id,
        outcome="snapshot",
        call=did,
        uuid=resting.uuid,
        state=state,
        pair=order.pair,
        side=order.side,
        ord_type=order.ord_type,
        price=order.price,
        asked_volume=order.volume,
        volume=resting.volume,
        funds=resting.funds,
        fee=resting.fee,
        filled_at=resting.filled_at,
    )


def _refused_before(call: SubmitOrder | QueryOrder, kept: PaperRefused) -> OrderReport:
    """Said again to whoever asks: the first answer may have been lost. Upbit says less."""
    did: Did = "submit" if isinstance(call, SubmitOrder) else "query"
    id = call.order.id if isinstance(call, SubmitOrder) else call.id
    return OrderReport(id, "refused", did, name=kept.name, text=kept.text, final=True)


def _refused(call: SubmitOrder, name: str, text: str) -> OrderReport:
    return OrderReport(call.order.id, "refused", "submit", name=name, text=text)


# --- the owner
def resume(state: PaperState, at: float) -> Outputs:
    """Candles of pairs with resting orders matter again."""
    for pair in dict.fromkeys(r.order.pair for r in state.resting.values()):
        yield Watch(NAME, pair, every=True)


class Paper(Owner[PaperState]):
    """The paper venue; the index keeps, by identifier, what became of every order."""

    name = NAME
    accepts = get_args(Inbox)
    State = PaperState
    indexed = True
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)

    @staticmethod
    def key(message: Inbox) -> str:
        """A call's identifier."""
        return message.call.identifier if isinstance(message, Dispatch) else ""

    @staticmethod
    def keeps(event: Change) -> str:
        """Ends and refusals, by identifier: it is burnt for ever."""
        return event.identifier if isinstance(event, PaperEnded | PaperRefused) else ""
