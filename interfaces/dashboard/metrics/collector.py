"""Owns what a scrape is answered with: sums that are there already, nothing is added up for it.

What hangs on the whole journal is left out until that was read: a counter that runs up to where
it had been would look like a day's orders in a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from interfaces.dashboard.metrics import families as names
from interfaces.dashboard.metrics.families import Family
from interfaces.dashboard.picture import Picture
from messages.runtime_stats import BUCKETS, RuntimeStats

MODES = ("running", "stopentry", "stopped", "killed")
BREAKER = ("closed", "open", "probing", "banned")
STATES = ("sending", "wait", "unknown", "disputed")
DOUBTS = ("unknown", "disputed", "found")
TROUBLES: tuple[str, ...] = (
    "banned",
    "breaker_opened",
    "invariant_broken",
    "feed_stale",
    "notice_skipped",
)
TROUBLES += ("space_short", "price_refused")
FRAMES = ("zero", "old", "step", "candle", "unwitnessed", "jump")
OUTCOMES = [(s, o) for s in ("bid", "ask") for o in ("intended", "filled", "unfilled", "refused")]
OUTCOMES += [("bid", "absent"), ("ask", "absent")]

Values = Mapping[Any, float]  # by the values of the labels, a tuple of text


class Bot(Collector):
    """Collects one picture."""

    def __init__(self, picture: Callable[[], Picture]) -> None:
        self._picture = picture

    def collect(self) -> Iterator[Metric]:
        """Every family that is known now."""
        picture = self._picture()
        yield from _always(picture)
        if picture.caught_up:
            yield from _money(picture)
            yield from _orders(picture)
            yield from _counts(picture)
        if picture.vitals:
            yield from _process(picture.vitals)


def _always(picture: Picture) -> Iterator[Metric]:
    view, birth, ledger = picture.health, picture.reader.birth, picture.ledger
    yield _many(names.INFO, {(birth.mode, birth.venue, birth.id): 1})
    yield _one(names.UP, picture.watch.bot == "up")
    yield _one(names.READ, picture.caught_up)
    yield _many(names.MODE, {(mode,): view.mode == mode for mode in MODES})
    yield _many(names.BREAKER, {(state,): view.breaker == state for state in BREAKER})
    yield _one(names.OPEN_TRADES, len(ledger.trades.open))
    yield _one(names.UNREALISED, picture.figures.unrealised)
    figures = picture.figures
    reserved = float(figures.cash - figures.free)
    yield _many(names.CASH, {("free",): float(figures.free), ("reserved",): reserved})
    yield _one(names.ENTRIES, view.entries)
    yield _one(names.UNSETTLED, view.unsettled)
    yield _one(names.LAST, view.last_at.timestamp() if view.last_at else 0)
    yield _one(names.LEDGER, view.ledger_bytes)
    yield _one(names.DISK, view.disk_free_bytes)
    newest = picture.vitals.heard if picture.vitals else 0.0
    if not newest and view.newest_candle:
        newest = view.newest_candle.timestamp() + ledger.config.seconds
    yield _one(names.LAG, max(0.0, picture.now - newest) if newest else 0)


def _money(picture: Picture) -> Iterator[Metric]:
    figures, curve = picture.figures, picture.chronicle.curve
    yield _one(names.EQUITY, figures.equity or 0)
    yield _one(names.REALISED, curve.profit)
    yield _one(names.DRAWDOWN, figures.drawdown or 0)
    yield _many(names.FEES, {(): float(curve.fees)})


def _orders(picture: Picture) -> Iterator[Metric]:
    rows = [row for row, _ in picture.open_orders]
    states = {(state,): sum(row.state == state for row in rows) for state in STATES}
    yield _many(names.OPEN_ORDERS, states)
    unknown = [
        picture.now - (course.uncertain or row.intended_at)
        for row, course in picture.open_orders
        if row.state in ("unknown", "disputed")
    ]
    yield _one(names.UNKNOWN, len(unknown))
    yield _one(names.UNKNOWN_AGE, max(0.0, *unknown) if unknown else 0)
    yield _one(names.FRESH, picture.chronicle.fresh is not False)
    stages = picture.chronicle.courses.stages
    yield _spans(names.STAGE, {(n,): (s.counts, s.seconds) for n, s in stages.items()})


def _counts(picture: Picture) -> Iterator[Metric]:
    counts = picture.chronicle.counts
    yield _many(names.ORDERS, _from_zero(OUTCOMES, counts.orders))
    yield _many(names.WISHES, counts.wishes)
    yield _many(names.REFUSALS, counts.refusals)
    yield _many(names.EXITS, counts.rows)
    yield _many(names.DOUBTS, _from_zero([(d,) for d in DOUBTS], counts.doubts))
    yield _many(names.THROTTLED, counts.throttled)
    yield _many(names.TROUBLES, _from_zero([(t,) for t in TROUBLES], counts.troubles))


def _process(vitals: RuntimeStats) -> Iterator[Metric]:
    yield _one(names.UPTIME, vitals.uptime)
    yield _one(names.MEMORY, vitals.memory)
    yield _one(names.WAITING, vitals.waiting)
    yield _many(names.FRAMES, _from_zero([(why,) for why in FRAMES], _labelled(vitals.refused)))
    yield _many(names.MAILBOX, {(actor,): n for actor, n in vitals.mailboxes.items()})
    yield _many(names.LETTERS, {(actor,): n for actor, n in vitals.handled.items()})
    yield _spans(names.COMMIT, {(o,): (s.counts, s.seconds) for o, s in vitals.commits.items()})
    yield _spans(names.WAIT, {(g,): (s.counts, s.seconds) for g, s in vitals.waits.items()})


# --- as the library has it
def _one(family: Family, value: object) -> Metric:
    return _many(family, {(): float(value)})  # type: ignore[arg-type]


def _many(family: Family, values: Values) -> Metric:
    kind = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
    metric = kind(family.name, family.help, labels=family.labels)
    for labels, value in values.items():
        metric.add_metric(labels, value)
    return metric


def _spans(family: Family, spans: Mapping[tuple[str, ...], tuple[Iterable[int], float]]) -> Metric:
    metric = HistogramMetricFamily(family.name, family.help, labels=family.labels)
    edges = [*(f"{edge:g}" for edge in BUCKETS), "+Inf"]
    for labels, (counts, seconds) in spans.items():
        whole, buckets = 0, []
        for edge, count in zip(edges, counts, strict=True):
            whole += count
            buckets.append((edge, float(whole)))
        metric.add_metric(labels, buckets, sum_value=seconds)
    return metric


def _labelled(counts: Mapping[str, int]) -> Values:
    return {(label,): count for label, count in counts.items()}


def _from_zero(keys: Iterable[tuple[str, ...]], counts: Values) -> Values:
    """What has not happened yet is 0, not absent: a first time is a rise, and alerts see it."""
    return {**dict.fromkeys(keys, 0), **counts}
