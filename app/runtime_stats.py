"""A look at a running bot from within: what ``ShowVitals`` is answered with."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from actors.market.feed_health import FeedHealth, health_issues
from actors.market.price_triggers import PriceTriggers
from actors.market.trusted_prices import TrustedPrices
from actors.runtime.metrics import resident_memory
from actors.runtime.system import System
from i18n import say
from messages.control import OperatorReply
from messages.runtime_stats import BUCKETS, HealthIssue, HistogramCounts, RuntimeStats

MEGABYTE = 1_000_000


def runtime_stats(system: System) -> OperatorReply:
    """The numbers as they stand, and the few of them that a person at the console reads."""
    vitals = _look(system)
    busiest = max(vitals.mailboxes, key=lambda name: vitals.mailboxes[name], default="")
    facts = {
        "memory": f"{vitals.memory / MEGABYTE:,.0f}",
        "letters": str(sum(vitals.mailboxes.values())),
        "name": busiest,
        "commits": str(sum(sum(span.counts) for span in vitals.commits.values())),
        "milliseconds": _usual(list(vitals.commits.values())),
        "waiting": str(vitals.waiting),
        "doubted": str(sum(vitals.refused.values())),
    }
    return OperatorReply(True, "vitals", facts, vitals)


def _look(system: System) -> RuntimeStats:
    meter, bands = system.meter, system.tools.get("bands")
    commits, waits = meter.spans()
    prices: dict[str, Decimal] = {}
    prices, heard = bands.prices() if isinstance(bands, PriceTriggers) else (prices, 0.0)
    trust = system.tools.get("trust")
    left_out, talk = system.tools.get("left_out"), system.tools.get("talk", FeedHealth())
    return RuntimeStats(
        at=system.now(),
        uptime=meter.uptime(),
        memory=resident_memory(),
        mailboxes=system.waiting(),
        handled=dict(system.handled),
        commits=commits,
        waits=waits,
        waiting=meter.waiting,
        sent=meter.left(),
        prices=prices,
        heard=heard,
        refused=trust.refused() if isinstance(trust, TrustedPrices) else {},
        left_out=left_out() if left_out else {},
        traded=talk.traded,
        candled=talk.candled,
        ails=current_issues(system),
    )


def current_issues(system: System) -> tuple[HealthIssue, ...]:
    """What keeps it from trading as it should: what ``health`` and the heartbeat go by."""
    talk = system.tools.get("talk")
    return health_issues(talk) if isinstance(talk, FeedHealth) else ()


def described(found: Iterable[HealthIssue], language: str) -> list[tuple[str, str]]:
    """What keeps the bot from trading as it should: of what kind, and in words."""
    return [
        (say(f"ail_{one.name}", language), say(f"ail_{one.name}_text", language, **one.facts))
        for one in found
    ]


def _usual(spans: list[HistogramCounts]) -> str:
    """Under how many milliseconds nine in ten commits stayed; "" before the first."""
    counts = [sum(cells) for cells in zip(*(span.counts for span in spans), strict=True)]
    whole, seen = sum(counts), 0
    for edge, count in zip(BUCKETS, counts, strict=False):
        seen += count
        if whole and seen >= 0.9 * whole:
            return f"< {edge * 1000:g}"
    return f"> {BUCKETS[-1] * 1000:g}" if whole else ""
