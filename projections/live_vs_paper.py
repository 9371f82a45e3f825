"""The two sides beside each other: each trade once, how it differs, and why as far as is known.

A trade's id comes of its pair and its candle, so that the same thought has the same id on both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from core.trading.external_changes import ADOPTED
from messages.trading import TradeRecord
from projections.run import RunTrade, RunTrades

ZERO = Decimal(0)
BY_HAND = frozenset({"force_exit", "sold_on_exchange", "moved_out", "lost"})
Kind = Literal["same", "price", "exit", "only_live", "only_paper"]
KINDS: tuple[Kind, ...] = ("same", "price", "exit", "only_live", "only_paper")


class Difference(Struct, frozen=True):
    """One trade. ``gap``: KRW that live has earned more than paper; ``why`` a catalogue key.

    ``reason``: a name that the journal gives (of a veto, of a refusal), ``text`` Upbit's words.
    ``cause``: the trade that was in the way of this one.
    """

    kind: Kind
    pair: str
    at: float
    live: RunTrade | None
    paper: RunTrade | None
    gap: Decimal
    why: str = ""
    reason: str = ""
    text: str = ""
    cause: RunTrade | None = None


def differences(
    live: RunTrades,
    paper: RunTrades,
    begin: float,
    end: float,
    judged: Mapping[str, frozenset[int]] | None = None,
) -> list[Difference]:
    """Every trade of these hours, by its opening, then by pair."""
    ours, theirs = live.deals(begin, end), paper.deals(begin, end)
    found = []
    for trade in {**ours, **theirs}:
        mine, other = ours.get(trade), theirs.get(trade)
        if mine and other:
            found.append(_both(mine, other, live))
        elif mine:
            found.append(_only_live(mine, paper, begin))
        elif other:
            found.append(_only_paper(other, live, judged))
    return sorted(found, key=lambda one: (one.at, one.pair))


def sums(found: Iterable[Difference]) -> dict[Kind, tuple[int, Decimal]]:
    """How many of each kind, and what they make of the gap in all."""
    made = dict.fromkeys(KINDS, (0, ZERO))
    for one in found:
        count, gap = made[one.kind]
        made[one.kind] = (count + 1, gap + one.gap)
    return made


def _both(live: RunTrade, paper: RunTrade, side: RunTrades) -> Difference:
    gap = live.profit - paper.profit
    place = (live.pair, live.opened_at, live, paper, gap)
    exits, theirs = _exits(live), _exits(paper)
    if [reason for reason, _ in exits] == [reason for reason, _ in theirs]:
        prices = [price for _, price in exits] == [price for _, price in theirs]
        alike = prices and (live.price, live.stake) == (paper.price, paper.stake)
        if alike and live.open == paper.open:
            return Difference("same", *place)
        if live.open == paper.open:
            why = "drift_size" if prices and live.price == paper.price else "drift_fills"
            return Difference("price", *place, why)
    by_hand = {reason for reason, _ in exits} & BY_HAND
    if by_hand:
        return Difference("exit", *place, "drift_by_hand", by_hand.pop())
    return Difference("exit", *place, _late(live, paper, side))


def _late(live: RunTrade, paper: RunTrade, side: RunTrades) -> str:
    """Why paper sold otherwise: what live could not do then, or what paper cannot know."""
    sold = next(iter(_unlike(paper, live)), None)
    if sold is not None and sold.close_date < live.ended_at and side.stopped(sold.close_date):
        return "drift_stopped"
    return "drift_still_open" if live.open != paper.open else "drift_within_candle"


def _unlike(one: RunTrade, other: RunTrade) -> list[TradeRecord]:
    """The exits that the other has not at the same place for the same reason."""
    own = [row.exit_reason for row in other.rows]
    return [row for n, row in enumerate(one.rows) if [row.exit_reason] != own[n : n + 1]]


def _exits(deal: RunTrade) -> list[tuple[str, Decimal]]:
    return [(row.exit_reason, row.close_rate) for row in deal.rows]


def _only_live(live: RunTrade, paper: RunTrades, begin: float) -> Difference:
    why, reason = "drift_unexplained", ""
    if live.by_hand:
        why = "drift_adopted" if live.tag == ADOPTED else "drift_forced"
    elif live.opened_at < begin:
        why = "drift_before"
    elif found := paper.refused(live.pair, live.candle):
        return _blocked("only_live", live, paper, found)
    elif live.trade in paper.ends:
        why, reason = "drift_paper_refused", paper.ends[live.trade][0]
    else:
        why = "drift_no_signal"
    return Difference("only_live", live.pair, live.opened_at, live, None, live.profit, why, reason)


def _only_paper(
    paper: RunTrade, live: RunTrades, judged: Mapping[str, frozenset[int]] | None
) -> Difference:
    reason = text = ""
    if paper.trade in live.ends:
        why, (reason, text) = "drift_live_ended", live.ends[paper.trade]
    elif judged is not None and paper.candle not in judged.get(paper.pair, frozenset()):
        why = "drift_not_there"
    elif found := live.refused(paper.pair, paper.candle):
        return _blocked("only_paper", paper, live, found)
    else:
        why = "drift_no_live_signal" if judged is not None else "drift_no_live_signal_or_down"
    place = (paper.pair, paper.opened_at, None, paper, -paper.profit)
    return Difference("only_paper", *place, why, reason, text)


def _blocked(
    kind: Literal["only_live", "only_paper"], deal: RunTrade, other: RunTrades, reason: str
) -> Difference:
    """The other side refused the entry; a trade of its own may have been in the way."""
    live, paper = (deal, None) if kind == "only_live" else (None, deal)
    gap = deal.profit if live else -deal.profit
    place = (kind, deal.pair, deal.opened_at, live, paper, gap)
    side = "paper" if live else "live"
    block = other.in_the_way(deal.pair, reason, deal.candle + other.seconds)
    if block is None:
        return Difference(*place, f"drift_{side}_refused", reason)
    made = "own"
    if block.by_hand:
        made = "adopted" if block.tag == ADOPTED else "forced"
    return Difference(*place, f"drift_{side}_refused_{made}", reason, "", block)
