"""Doubts: which changes are asked about before they are made, and the question of each.

What cannot be taken back is asked about always; with real money also what buys, sells or leaves
open trades without their stop. The bot is asked first what would come of it: what it would refuse
is refused without a question, and the question names what would be done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Protocol

from i18n.errors import UserError
from interfaces.console.grammar import EVERY
from messages.control import Changes, ForceEnter, ForceExit, Kill, Shutdown, StopTrading
from messages.previews import ChangePreview, PreviewedOrder, PreviewedTrade

ORDERING = (ForceEnter, ForceExit)
REAL_MONEY = (*ORDERING, Kill, StopTrading)

Confirm = Callable[[str], bool]
Say = Callable[..., str]


class Asker(Protocol):
    """What a question is made of."""

    def say(self, key: str, **facts: str) -> str: ...
    def held(self) -> tuple[str, ...]: ...
    def live(self) -> bool: ...


def spends(change: Changes, session: Asker) -> bool:
    """Whether it touches real money, so that it needs a yes."""
    return isinstance(change, REAL_MONEY) and session.live()


def doubtful(change: Changes, session: Asker) -> bool:
    """Whether a person is asked before it is made."""
    every = isinstance(change, ForceExit) and change.pair == EVERY
    return every or isinstance(change, Shutdown | Kill) or spends(change, session)


def question(change: Changes, session: Asker, preview: ChangePreview | None = None) -> str:
    """What to ask before a change; "" for one that is made at once, and one that changes nothing.

    ``preview``: what would come of it, where the bot could say.
    """
    if not doubtful(change, session) or (preview and preview.idle):
        return ""
    if preview is None:
        return _unforeseen(change, session)
    return "\n".join([*told(preview, session.say), _foreseen(change, preview, session.say)])


def told(preview: ChangePreview, say: Say) -> Iterator[str]:
    """Line by line, what a change would do."""
    for order in preview.orders:
        yield from _entry(order, say) if order.side == "bid" else _exit(order, say)
    for cancel in preview.cancels:
        yield say("preview_cancel", pair=cancel.pair, side=cancel.side)
    for trade in preview.trades:
        yield _trade(trade, say)
    if preview.held_until:
        yield say("preview_held", until=str(preview.held_until))


def needs_yes(name: str) -> UserError:
    """What to say to a change of real money where there is no terminal to ask at."""
    return UserError(
        what=f"{name} moves real money, and there is no terminal to ask at",
        where="console",
        allowed="--yes, which answers the question beforehand",
        todo="give console --yes, use console -c COMMAND, or type it at a terminal",
    )


# --- with what the bot says
def _foreseen(change: Changes, preview: ChangePreview, say: Say) -> str:
    match change:
        case Shutdown():
            return say("confirm_shutdown")
        case Kill():
            return say("confirm_kill")
        case ForceExit(pair=pair) if pair == EVERY:
            return say("confirm_forceexit_these", trades=str(len(preview.orders)))
        case ForceExit(pair=pair):
            return say("confirm_forceexit", pair=pair)
        case ForceEnter(pair=pair) if preview.orders:
            krw = format(preview.orders[0].krw, "f")
            return say("confirm_forceenter_stake", pair=pair, krw=krw)
        case ForceEnter(pair=pair):
            return say("confirm_forceenter", pair=pair)
    return say("confirm_stop")


def _entry(order: PreviewedOrder, say: Say) -> Iterator[str]:
    key = "preview_entry" if order.limit else "preview_entry_market"
    facts = _facts(krw=order.krw, price=order.price, fee=order.fee, ceiling=order.limit)
    yield say(key if order.price else "preview_entry_unpriced", pair=order.pair, **facts)
    if order.cut:
        yield say("ending_cut", cut=order.cut, **_facts(krw=order.krw, stake=order.stake))


def _exit(order: PreviewedOrder, say: Say) -> Iterator[str]:
    facts = _facts(volume=order.volume, krw=order.krw, price=order.price)
    if order.profit is not None:
        facts |= _facts(profit=order.profit)
    key = "preview_exit" if order.price else "preview_exit_unpriced"
    yield say(key, pair=order.pair, **facts)
    if order.cut:
        yield say("preview_exit_cut", pair=order.pair, reason=order.cut)
    if order.waits:
        detail = order.detail
        yield say("preview_waits", pair=order.pair, reason=order.waits, detail=detail)


def _trade(trade: PreviewedTrade, say: Say) -> str:
    if trade.profit is None:
        return say("preview_trade_unpriced", pair=trade.pair, **_facts(volume=trade.volume))
    facts = _facts(volume=trade.volume, krw=trade.krw, profit=trade.profit)
    return say("preview_trade", pair=trade.pair, **facts)


def _facts(**figures: Decimal) -> dict[str, str]:
    return {name: format(figure, "f") for name, figure in figures.items()}


# --- without
def _unforeseen(change: Changes, session: Asker) -> str:
    match change:
        case Shutdown():
            return _with_trades("confirm_shutdown", session)
        case ForceExit(pair=pair) if pair == EVERY:
            held = session.held()
            return session.say("confirm_forceexit_all", trades=str(len(held)), pairs=" ".join(held))
        case Kill():
            return _with_trades("confirm_kill", session)
        case ForceEnter(pair=pair, stake=Decimal() as stake):
            return session.say("confirm_forceenter_stake", pair=pair, krw=str(stake))
        case ForceEnter(pair=pair):
            return session.say("confirm_forceenter", pair=pair)
        case ForceExit(pair=pair):
            return session.say("confirm_forceexit", pair=pair)
    return _with_trades("confirm_stop", session)


def _with_trades(key: str, session: Asker) -> str:
    """The question, which names the open trades where there are any."""
    held = session.held()
    facts = {"trades": str(len(held)), "pairs": " ".join(held)}
    return session.say(f"{key}_trades", **facts) if held else session.say(key)
