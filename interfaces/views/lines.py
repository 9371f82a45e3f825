"""One journal entry as a line, or as JSON: for ``tail`` and for ``why``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from core.market.book import excess
from core.market.pairs import coin
from core.orders.end_reason import EndReason, cut_facts
from core.orders.intents import FREE_CASH
from core.trading.trades import BARS
from i18n import LANGUAGES, say
from i18n.formatting import kst
from messages.base import Envelope
from messages.budget import BudgetReserved
from messages.control import ConfigAdopted
from messages.market import FeedTaken
from messages.orders import OrderClosed, OrderIntended
from messages.plain_values import iso, plain, to_plain
from messages.trading import (
    DustKept,
    EntryVetoed,
    EntryWanted,
    ExitFailed,
    ExitWanted,
    TradeClosed,
    TradeReduced,
)
from projections.recent_entries import pair_of

RENAMED = {  # a field of an event -> the catalogue's name of that fact
    "close": "price",
    "max_price": "price",
    "stake": "krw",
    "funds": "krw",
    "cost": "krw",
    "retry_at": "until",
    "silent_seconds": "seconds",
    "last": "last_price",
    "close_rate": "price",
    "profit_abs": "profit",
    "profit_ratio": "ratio",
    "exit_reason": "reason",
}


Why = Callable[[OrderClosed], EndReason]


def text(envelope: Envelope, language: str, pair: str = "", why: Why | None = None) -> str:
    """What the event says; ``pair`` stands in where the event has none of its own.

    ``why``: gives the reason of an order that has ended.
    """
    body = envelope.body
    ended = why(body) if why and isinstance(body, OrderClosed) else EndReason()
    key = f"event_{type(body).__name__}"
    if isinstance(body, EntryWanted | ExitWanted) and not body.close:
        key += "_unpriced"  # an operator's wish: bound to no candle, decided at no price
    if isinstance(body, EntryVetoed) and body.ask:
        key += "_book"
    if isinstance(body, ExitFailed) and (body.waits or body.reason in BARS):
        key += "_waits"
    if isinstance(body, FeedTaken):
        key += "_fresh" if body.fresh else "_stale"
    if cut := _cut(body):
        key += "_cut"
    if ended.reason and isinstance(body, OrderClosed):
        key += "_short" if body.volume else "_unfilled"
    if key not in LANGUAGES["en"]:
        return _fallback(body)
    about = pair or pair_of(envelope)
    facts = {"pair": about, "coin": coin(about), **_facts(body), "ending": ended.written, **cut}
    return say(key, language, **facts)


def line(envelope: Envelope, language: str, why: Why | None = None) -> str:
    """``tail``'s line: number, Korean time, who, what."""
    head = f"{envelope.number:>8}  {kst(envelope.at)}  {envelope.source:<10}  "
    return head + text(envelope, language, why=why)


def is_of(envelope: Envelope, trace: str | None) -> bool:
    """Whether an entry is of this workflow, or of one of its exits; of any without one."""
    return not trace or envelope.trace == trace or envelope.trace.startswith(f"{trace}/")


def as_json(envelope: Envelope) -> dict[str, Any]:
    """``tail --json``: times UTC, money plain."""
    return {
        "number": envelope.number,
        "at": iso(envelope.at),
        "source": envelope.source,
        "trace": envelope.trace,
        "cause": envelope.cause,
        "mark": {"time": envelope.mark.time, "pair": envelope.mark.pair},
        "event": to_plain(envelope.body),
    }


def doubted(counts: dict[str, int]) -> str:
    """Live prices that did not count: why and how often; "" when all did."""
    return ", ".join(f"{why} {count:,}" for why, count in sorted(counts.items()) if count)


def _facts(body: Any) -> dict[str, str]:
    match body:
        case ConfigAdopted(config=source) | OrderIntended(order=source):
            pass
        case TradeReduced(row=source) | TradeClosed(row=source) | DustKept(row=source):
            pass
        case source:
            pass
    facts: dict[str, str] = {}
    for name in source.__struct_fields__:
        facts.setdefault(RENAMED.get(name, name), _word(getattr(source, name)))
    if isinstance(body, EntryVetoed) and body.ask:
        above, allowed = excess(body.ask, body.close, body.allowed)
        facts |= {"above": above, "allowed": allowed}
    return facts


def _cut(body: Any) -> dict[str, str]:
    """What an entry was cut to, from what and by what; nothing where it was not."""
    match body:
        case BudgetReserved() if body.wanted:
            return {"krw": plain(body.krw), "stake": plain(body.wanted), "cap": FREE_CASH}
        case OrderIntended():
            facts = cut_facts(body.order, body.cut_by, body.wanted)
            return {"cap" if name == "cut" else name: fact for name, fact in facts.items()}
    return {}


_WORDS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Decimal, plain),
    (tuple, lambda names: " ".join(map(str, names))),
)


def _word(value: Any) -> str:
    for kind, worded in _WORDS:
        if isinstance(value, kind):
            return worded(value)
    return "" if value is None else str(value)


def _fallback(body: Any) -> str:
    raw = to_plain(body)
    raw.pop("type", None)
    return f"{type(body).__name__} {msgspec.json.encode(raw).decode()}"
