"""Markets that the venue lists, as last heard, and what a command about another one is answered.

What takes a slot (an entry, an adoption) is refused before it is asked for; what is about a trade
is answered by the trade's owner first, for a market may be delisted while a trade holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from core.market.pairs import nearest
from messages.base import After, Message
from messages.control import AdoptPair, Changes, ForceEnter, OperatorReply
from messages.venue_queries import Fetch, MarketsReport

EVERY = ("*", "all")  # a market whose row cannot be read; a command about every trade
UNFIT = {ForceEnter: "not_entered", AdoptPair: "not_adopted"}

Came = Sequence[Message | After]


class MarketList:
    """Empty until the venue has told its markets; a recording's are known from the start."""

    def __init__(self, listed: Iterable[str] = ()) -> None:
        self.listed = frozenset(listed)

    def heard(self, fetch: Callable[[Fetch], Came]) -> Callable[[Fetch], Came]:
        """The same fetch; a list of markets that it brings is kept."""

        def listening(call: Fetch) -> Came:
            came = fetch(call)
            for report in came:
                if isinstance(report, MarketsReport) and not report.failed:
                    self.listed = frozenset((*report.listed, *report.unread))
            return came

        return listening

    def lacks(self, pair: str) -> bool:
        """Whether it is sure that there is no such market."""
        return bool(self.listed) and not {pair, *EVERY} & self.listed and pair not in EVERY

    def refusal(self, command: Changes) -> OperatorReply | None:
        """The answer to a command that would take a slot for no market; None for all others."""
        key = UNFIT.get(type(command))
        pair = getattr(command, "pair", "")
        if key is None or not pair:
            return None
        if self.lacks(pair):
            return self._absent(pair)
        if isinstance(command, AdoptPair) and not self.listed:
            return OperatorReply(False, key, {"pair": pair, "reason": "no_market_list"})
        return None

    def explained(self, command: Changes, reply: OperatorReply) -> OperatorReply:
        """The reply; where nothing was done for want of such a market it says so."""
        pair = getattr(command, "pair", "")
        missed = not reply.done and bool(pair) and self.lacks(pair)
        return self._absent(pair) if missed else reply

    def _absent(self, pair: str) -> OperatorReply:
        near = nearest(pair, sorted(p for p in self.listed if p.startswith("KRW-")))
        if near:
            return OperatorReply(False, "no_market_near", {"pair": pair, "near": near})
        return OperatorReply(False, "no_market", {"pair": pair})
