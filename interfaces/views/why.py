"""``why``: what was decided about a pair lately, what came of it, and what holds of it now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from rich.console import RenderableType

from app.pairs import unknown_pair
from core.market.known import KNOWN
from core.market.pairs import COMMON
from core.strategy import Strategy
from i18n import say
from i18n.formatting import DASH, kst, pair_name
from i18n.tables import grid, nothing, stacked
from interfaces.views import lines
from messages.base import Envelope
from messages.plain_values import moment
from persistence.reader import Reader
from projections import conditions
from projections.ledger import Ledger, listed
from projections.orders import ending_of
from projections.recent_entries import OF_ALL, OF_THE_PAIR, pair_of

LAST = 25  # decisions shown
STRIDE = 20_000  # entries looked at in one go, from the newest backwards
LOOKED_MAX = 400_000  # entries looked at in all


class Decision(Struct, frozen=True):
    """One journal entry. ``cause`` is the number of the entry that led to it, 0 for the market."""

    number: int
    cause: int
    at: datetime
    trace: str
    event: str
    text: dict[str, str]  # by language


class WhyView(Struct, frozen=True):
    """The last decisions, oldest first, and the conditions at the newest archived candle.

    ``refused``: why an entry would be refused now; an operator's wish by the first of them, unless
    only a rest stands in its way.
    """

    pair: str
    mode: str
    price: Decimal | None
    candle: datetime | None  # the close of that candle
    conditions: tuple[conditions.Condition, ...]
    decisions: tuple[Decision, ...]
    refused: tuple[str, ...] = ()


def look(
    ledger: Ledger, reader: Reader, pair: str, now: float, strategy: Strategy | None
) -> WhyView:
    """From the journal and the archive. Raises UserError for a market that is in neither."""
    candles = reader.candles(pair, ledger.config.startup_candle_count)
    heard = {*ledger.pairs, *listed(ledger.config)}
    if not candles and pair not in (*heard, *KNOWN):
        raise unknown_pair(pair, heard or COMMON, "PAIR", "this bot has never heard of")
    newest = candles[-1] if candles else None
    return WhyView(
        pair,
        ledger.mode,
        newest.close if newest else None,
        moment(newest.time + ledger.config.seconds) if newest else None,
        conditions.look(strategy, ledger.config, candles),
        tuple(
            _decision(envelope, pair, lambda event: ending_of(event, ledger.orders.rows, reader))
            for envelope in decisions(reader, pair)
        ),
        _refused(reader, pair, now),
    )


def _refused(reader: Reader, pair: str, now: float) -> tuple[str, ...]:
    from actors.entries.entry_filter import (  # imported late, as for health
        StrategistState,
        entry_refusal,
    )

    kept = reader.load("strategist", StrategistState)
    if kept is None or kept.state.config is None:
        return ()
    found = (entry_refusal(kept.state, pair, now, forced) for forced in (True, False))
    return tuple(dict.fromkeys(reason for reason in found if reason))


def decisions(reader: Reader, pair: str, last: int = LAST) -> list[Envelope]:
    """The last decisions that touched the pair, oldest first."""
    found: list[Envelope] = []
    end = reader.count()
    least = max(0, end - LOOKED_MAX)
    while end > least and len(found) < last:
        start = max(least, end - STRIDE)
        found = [*_touching(reader.events(start, end), pair), *found]
        end = start
    return found[-last:]


def _touching(events: Iterator[Envelope], pair: str) -> Iterator[Envelope]:
    """Entries of the pair itself, those of its workflows, and what stops every pair."""
    for envelope in events:
        body = envelope.body
        about = pair_of(envelope) if isinstance(body, OF_THE_PAIR) else ""
        if isinstance(body, OF_ALL) or about in (pair, "*"):
            yield envelope


def table(view: WhyView, language: str) -> RenderableType:
    """As people read it."""
    name = pair_name(view.pair, language)
    refused = [
        nothing("why_refused", language, reason=reason, detail="") for reason in view.refused
    ]
    if not view.decisions and not view.conditions and not refused:
        return nothing("none_why", language, pair=view.pair)
    title = say("title_why", language, pair=view.pair)
    past: RenderableType = nothing("none_why", language, pair=view.pair)
    if view.decisions:
        rows = [(str(d.number), kst(d.at), d.text.get(language, d.event)) for d in view.decisions]
        past = grid(title, ("number", "time", "event"), rows, language)
    if not view.conditions:
        return stacked(past, *refused, nothing("none_conditions", language))
    when = f" ({name}, {kst(view.candle)})" if view.candle else ""
    cells = [_cells(condition, language) for condition in view.conditions]
    title = say("title_now", language) + when
    return stacked(
        past, *refused, grid(title, ("condition", "value", "range", "how"), cells, language)
    )


def _cells(condition: conditions.Condition, language: str) -> tuple[str, ...]:
    held = "held_now" if condition.holds else "held_recent" if condition.recent else "held_not"
    return (
        condition.name,
        condition.value or DASH,
        say(condition.needs, language, limit=condition.limit or DASH),
        say(held, language),
    )


def _decision(envelope: Envelope, pair: str, why: lines.Why) -> Decision:
    texts = {language: lines.text(envelope, language, pair, why) for language in ("en", "ko")}
    return Decision(
        envelope.number,
        envelope.cause,
        moment(envelope.at),
        envelope.trace,
        type(envelope.body).__name__,
        texts,
    )
