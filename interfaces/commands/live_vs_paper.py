"""What live and paper differ in, as people and programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click
from msgspec import structs
from rich.console import RenderableType

from adapters.strategies import Loaded as Judge
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
from interfaces.commands.live_vs_paper_window import Hours, hours
from interfaces.commands.replay import strategy_of
from interfaces.console.session import json_text
from interfaces.live_confirmation.rehearsal import on_paper
from interfaces.options import Around
from messages.plain_values import iso, to_plain
from persistence.reader import Reader
from persistence.store import Store
from projections.ledger import Ledger
from projections.live_vs_paper import Difference, differences, sums
from projections.run import Deal, Side

ZERO = Decimal(0)


def told(here: Around, files: Sequence[Path]) -> int:
    """Compare, and print it; the exit code. Raises UserError."""
    with Reader.open(require(here.state)) as reader:
        ledger = Ledger()
        ledger.catch_up(reader)
        span = hours(reader, ledger, files, here)
        live = Side(trades=Ledger.of_base(reader).trades).take(reader.events())
    paper = on_paper_again(span, here)
    found = differences(live, paper, span.begin, span.end, span.judged)
    if here.json:
        facts = {"begin": iso(span.begin), "end": iso(span.end)}
        kinds = {kind: {"trades": n, "gap": gap} for kind, (n, gap) in sums(found).items()}
        click.echo(json_text(to_plain({**facts, "kinds": kinds, "trades": found})))
    else:
        click.echo(shown(stacked(*tables(found, span, here.language)), here.language))
    return 0


def on_paper_again(span: Hours, here: Around) -> Side:
    """The same hours, stepped through by the same actors on paper. Raises UserError."""
    strategy = strategy_of(span.config, here.loaded)
    if strategy is None:
        what = say("drift_strategy", here.language, name=span.config.strategy)
        raise UserError(what, "strategy", span.config.strategy)
    judge = Judge(strategy, span.config.strategy_hash)
    names = tuple(tape.pair for tape in span.tapes)
    loaded = Loaded(span.config, {}, judge)
    if span.config.dry_run:  # what was on paper had no caps of live trading
        config = structs.replace(span.config, feed="recording", pair_whitelist=names)
        loaded = Loaded(config, {}, judge)
    else:
        loaded = on_paper(loaded, names)
    side = Side()

    def look(store: Store) -> None:
        side.take(store.events())

    backtest(loaded, Replay(span.tapes, strategy, bulk=True), quiet=here.json, look=look)
    return side


def tables(found: Sequence[Difference], span: Hours, words: str) -> list[RenderableType]:
    """What was compared, the sums by kind, and each trade that differs."""
    begin, end = kst(span.begin, False), kst(span.end, False)
    names = ", ".join(tape.pair for tape in span.tapes)
    head = pairs("", [(say("drift_title", words), ""), (f"{begin} - {end} (KST)", names)])
    rows = [
        (say(f"drift_kind_{kind}", words), f"{count:,}", krw(gap, signed=True))
        for kind, (count, gap) in sums(found).items()
    ]
    profits = [sum((d.profit for d in side if d), ZERO) for side in _sides(found)]
    total = pairs(
        "",
        [
            (say("drift_live", words), krw(profits[0], signed=True)),
            (say("drift_paper", words), krw(profits[1], signed=True)),
            (say("drift_gap", words), krw(profits[0] - profits[1], signed=True)),
        ],
    )
    parts: list[RenderableType] = [head, total]
    parts.append(grid("", ("how", "count", "gap"), rows, words))
    listed = [one for one in found if one.kind != "same"]
    if listed:
        columns = ("pair", "opened", "how", "live", "paper", "gap", "why")
        cells = [_cells(one, words) for one in listed]
        parts.append(grid(say("drift_each", words), columns, cells, words, ("opened",)))
    return parts


def _sides(found: Sequence[Difference]) -> tuple[list[Deal | None], list[Deal | None]]:
    return [one.live for one in found], [one.paper for one in found]


def _cells(one: Difference, words: str) -> tuple[str, ...]:
    return (
        pair_name(one.pair, words),
        kst(one.at, False),
        say(f"drift_kind_{one.kind}", words),
        _deal(one.live, words),
        _deal(one.paper, words),
        krw(one.gap, signed=True),
        reason(one, words),
    )


def reason(one: Difference, words: str) -> str:
    """Why, as a sentence; "" where nothing differs."""
    if not one.why:
        return ""
    facts = {"reason": one.reason, "text": one.text}
    if one.cause:
        facts |= {"pair": one.cause.pair, "at": str(one.cause.opened_at)}
    if one.live and one.paper and one.paper.price:
        off = quotient(one.live.price, one.paper.price) - 1
        facts["off"] = percent(off, signed=True)
    return say(one.why, words, **facts)


def _deal(deal: Deal | None, words: str) -> str:
    """What it was bought at, and how it was sold."""
    if deal is None:
        return DASH
    sold = [f"{price(r.close_rate)} {word('reason', r.exit_reason, words)}" for r in deal.rows]
    still = [say("drift_open", words)] if deal.open else []
    return f"{price(deal.price)} → {', '.join([*sold, *still])}"
