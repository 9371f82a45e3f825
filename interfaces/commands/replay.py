"""``replay``: a recorded period decided again with today's code."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from app.config.config_file import Loaded
from app.recordings import source_of
from app.replay_check.replay_check import replay_check as decided_again
from app.replay_check.report import Difference, Replayed
from app.replay_check.verdicts import journaled_verdicts
from app.state_directory import PULSE, require
from core.market.candles import CandleSeries
from core.strategies import BUILT_IN
from core.strategy import Strategy
from i18n import say
from i18n.errors import UserError
from i18n.formatting import DASH, kst
from interfaces.console.session import json_text
from interfaces.options import asking, cli_context, files_of, recording_option
from messages.config import Config
from persistence.reader import Reader

LONGEST = 600  # characters of a message that is shown


@click.command()
@asking
@recording_option
def replay(
    config: Path | None,
    state: Path | None,
    json: bool,
    recording: tuple[Path, ...],
    more: tuple[Path, ...],
) -> int:
    """Decide a recorded period again with today's code. Exit code 1 when something differs."""
    here = cli_context(config, state, json)
    with Reader.open(require(here.state)) as reader:
        known = journaled_verdicts(reader)
        then = known.configs[-1] if known else Config()
        strategy = strategy_of(then, here.loaded)
        candle_series = _tapes(reader, files_of(recording, more), then, here.language)
        done = decided_again(reader, strategy, candle_series)
    if json:
        first = [asdict(done)["differences"][0]] if done.differences else []
        counts = {**asdict(done), "differences": len(done.differences)}
        click.echo(json_text({**counts, "strategy": strategy is not None, "first": first}))
    else:
        click.echo("\n".join(lines(done, strategy is not None, here.language)))
    return 1 if done.differences else 0


def strategy_of(then: Config, loaded: Loaded) -> Strategy | None:
    """Today's code of the strategy that was traded; None when nobody names it any more."""
    named = loaded.strategy.strategy if loaded.config.strategy == then.strategy else None
    return BUILT_IN.get(then.strategy) or named


def _tapes(
    reader: Reader, files: tuple[Path, ...], then: Config, language: str
) -> tuple[CandleSeries, ...] | None:
    """The recording that was traded; None for a live market. Raises UserError for another."""
    digest = reader.birth.recording
    if digest in ("", PULSE):
        return None
    source = source_of(files, then)
    if source.digest != digest:
        what = say("replay_other_recording", language)
        raise UserError(what, "--recording", digest[:16], say("replay_name_it", language))
    return source.candle_series


def lines(done: Replayed, judged: bool, language: str) -> list[str]:
    """The outcome as people read it."""
    counts = {"entries": done.entries, "turns": done.turns, "silences": done.silences}
    shown = [say("replay_done", language, **{k: f"{v:,}" for k, v in counts.items()})]
    made = ", ".join(map(str, done.made_by)) or DASH
    shown.append(say("replay_rules", language, then=made, now=str(done.decided_by)))
    if judged:
        facts = {"count": f"{done.verdicts:,}", "unseen": f"{done.unseen:,}"}
        shown.append(say("replay_verdicts", language, **facts))
    else:
        shown.append(say("replay_no_strategy", language))
    if done.unknown:
        shown.append(say("replay_unknown", language, count=f"{done.unknown:,}"))
    if not done.differences:
        return [*shown, say("replay_same", language)]
    count = f"{len(done.differences):,}"
    return [
        *shown,
        say("replay_differs", language, count=count),
        *_told(done.differences[0], language),
    ]


def _told(first: Difference, language: str) -> list[str]:
    place = str(first.number) if first.number else "-"
    facts = {"number": place, "owner": first.owner, "when": kst(first.at)}
    shown = [say("replay_first", language, **facts)]
    shown.append(f"  {first.message[:LONGEST] or say('replay_start', language)}")
    for key, said in (("replay_then", first.then), ("replay_now", first.now)):
        shown.append(f"  {say(key, language)}")
        shown += [f"    {text[:LONGEST]}" for text in said] or [
            f"    {say('replay_nothing', language)}"
        ]
    return shown if first.number else [*shown, say("replay_silent", language)]
