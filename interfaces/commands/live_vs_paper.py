"""What live and paper differ in, as people and programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click
from msgspec import structs
from rich.console import RenderableType

from adapters.strategies import LoadedStrategy as Judge
from app.backtest import backtest
from app.config.config_file import Loaded
from app.replay import Replay
from app.state_directory import require
from core.money import quotient
from i18n import say, word
from i18n.errors import UserError
from i18n.formatting import DASH, krw, kst, pair_name, percent, price
from i18n.styles import shown
from i18n.tables import grid, pairs, stacked
from interfaces.commands.live_vs_paper_window import Window, window_of
from interfaces.commands.replay import strategy_of
from interfaces.console.session import json_text
from interfaces.live_confirmation.rehearsal import on_paper
from interfaces.options import CliContext
from messages.plain_values import iso, to_plain
from persistence.reader import Reader
from persistence.store import Store
from projections.ledger import Ledger
from projections.live_vs_paper import Difference, differences, sums
from projections.run import RunTrade, RunTrades

ZERO = Decimal(0)


def print_comparison(here: CliContext, files: Sequence[Path]) -> int:
    """Compare, and print it; the exit code. Raises UserError."""
    with Reader.open(require(here.state)) as reader:
        ledger = Ledger()
        ledger.catch_up(reader)
        span = window_of(reader, ledger, files, here)
        live = RunTrades(trades=Ledger.of_base(reader).trades).take(reader.events())
    paper = on_paper_again(span, here)
    found = differences(live, paper, span.begin, span.end, span.judged)
    if here.json:
        facts = {"begin": iso(span.begin), "end": iso(span.end)}
        kinds = {kind: {"trades": n, "gap": gap} for kind, (n, gap) in sums(found).items()}
        click.echo(json_text(to_plain({**facts, "kinds": kinds, "trades": found})))
    else:
        click.echo(shown(stacked(*tables(found, span, here.language)), here.language))
    return 0


def on_paper_again(span: Window, here: CliContext) -> RunTrades:
    """The same hours, stepped through by the same actors on paper. Raises UserError."""
    strategy = strategy_of(span.config, here.loaded)
    if strategy is None:
        what = say("drift_strategy", here.language, name=span.config.strategy)
        raise UserError(what, "strategy", span.config.strategy)
    judge = Judge(strategy, span.config.strategy_hash)
    names = tuple(series.pair for series in span.candle_series)
    loaded = Loaded(span.config, {}, judge)
    if span.config.dry_run:  # what was on paper had no caps of live trading
        config = structs.replace(span.config, feed="recording", pair_whitelist=names)
        loaded = Loaded(config, {}, judge)
    else:
        loaded = on_paper(loaded, names)
    side = RunTrades()

    def look(store: Store) -> None:
        side.take(store.events())

    backtest(loaded, Replay(span.candle_series, strategy, bulk=True), quiet=here.json, look=look)
    return side


def tables(found: Sequence[Difference], span: Window, language: str) -> list[RenderableType]:
    """What was compared, the sums by kind, and each trade that differs."""
    begin, end = kst(span.begin, False), kst(span.end, False)
    names = ", ".join(series.pair for series in span.candle_series)
    head = pairs("", [(say("drift_title", language), ""), (f"{begin} - {end} (KST)", names)])
    rows = [
        (say(f"drift_kind_{kind}", language), f"{count:,}", krw(gap, signed=True))
        for kind, (count, gap) in sums(found).items()
    ]
    profits = [sum((d.profit for d in side if d), ZERO) for side in _sides(found)]
    total = pairs(
        "",
        [
            (say("drift_live", language), krw(profits[0], signed=True)),
            (say("drift_paper", language), krw(profits[1], signed=True)),
            (say("drift_gap", language), krw(profits[0] - profits[1], signed=True)),
        ],
    )
    parts: list[RenderableType] = [head, total]
    parts.append(grid("", ("how", "count", "gap"), rows, language))
    listed = [one for one in found if one.kind != "same"]
    if listed:
        columns = ("pair", "opened", "how", "live", "paper", "gap", "why")
        cells = [_cells(one, language) for one in listed]
        parts.append(grid(say("drift_each", language), columns, cells, language, ("opened",)))
    return parts


def _sides(found: Sequence[Difference]) -> tuple[list[RunTrade | None], list[RunTrade | None]]:
    return [one.live for one in found], [one.paper for one in found]


def _cells(one: Difference, language: str) -> tuple[str, ...]:
    return (
        pair_name(one.pair, language),
        kst(one.at, False),
        say(f"drift_kind_{one.kind}", language),
        _deal(one.live, language),
        _deal(one.paper, language),
        krw(one.gap, signed=True),
        reason(one, language),
    )


def reason(one: Difference, language: str) -> str:
    """Why, as a sentence; "" where nothing differs."""
    if not one.why:
        return ""
    facts = {"reason": one.reason, "text": one.text}
    if one.cause:
        facts |= {"pair": one.cause.pair, "at": str(one.cause.opened_at)}
    if one.live and one.paper and one.paper.price:
        off = quotient(one.live.price, one.paper.price) - 1
        facts["off"] = percent(off, signed=True)
    return say(one.why, language, **facts)


def _deal(deal: RunTrade | None, language: str) -> str:
    """What it was bought at, and how it was sold."""
    if deal is None:
        return DASH
    sold = [f"{price(r.close_rate)} {word('reason', r.exit_reason, language)}" for r in deal.rows]
    still = [say("drift_open", language)] if deal.open else []
    return f"{price(deal.price)} → {', '.join([*sold, *still])}"
