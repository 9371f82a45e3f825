"""``probe-exchange``: the owner's contract test of Upbit, with a little money that comes back."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import click

from adapters.upbit.secrets import Keys, NoKeys, load_keys
from app.config.config_file import load
from app.pairs import read_pair
from app.preflight.account import check_keys
from app.state_directory import refuse_foreign
from app.venue.probe import SAMPLES, Probe
from app.venue.probe_file import ProbeResult, store
from app.venue.requests import BRISK, Banned, PacedRequester, client_of
from app.venue.terms import Terms, terms_of
from app.venue.why import as_error, shut_out
from i18n import configured_language, say
from i18n.errors import UserError
from i18n.styles import rendered
from i18n.tables import grid
from interfaces.commands.doctor import KEYS_FILE
from interfaces.console.console import at_terminal, yes
from interfaces.console.session import json_text
from interfaces.options import asking, config_path

LIVE_STATE = Path("state") / "live"


@click.command("probe-exchange")
@asking
@click.option("--yes", "agreed", is_flag=True, help="Agree without being asked.")
@click.option("--pair", default="KRW-BTC", show_default=True)
@click.option("--samples", type=click.IntRange(0, 200), default=SAMPLES, show_default=True)
def probe_exchange(
    config: Path | None, state: Path | None, json: bool, agreed: bool, pair: str, samples: int
) -> int:
    """See what Upbit really does with a repeated identifier. Exit code 1 if an order is left."""
    keys = load_keys(os.environ, KEYS_FILE)
    chosen = load(config_path(config), os.environ).config
    language, host = configured_language(chosen, os.environ), chosen.exchange.rest_url
    place = state or LIVE_STATE
    refuse_foreign(place)
    client = client_of(chosen.exchange, _keys(keys, language))
    reading = PacedRequester(chosen.exchange, BRISK)
    try:
        terms = terms_of(client, reading, read_pair(pair, "--pair"), host, language)
        if not agreed and not _agree(terms, host, samples, language):
            return 130
        probe = Probe(client, reading, terms, f"probe-{uuid.uuid4().hex[:12]}")
        seen = _seen(probe, ProbeResult(time.time(), host, terms.pair), samples, language)
    except Banned as ban:
        raise as_error(shut_out(ban, host), language, host) from None
    finally:
        client.close()
    path = store(place, seen)
    if json:
        click.echo(json_text(seen))
    else:
        click.echo(report(seen, language) + "\n" + say("written", language, path=str(path)))
    return 1 if seen.left_behind else 0


def _seen(probe: Probe, seen: ProbeResult, samples: int, language: str) -> ProbeResult:
    """Run it; whoever interrupts it is told what is left."""
    try:
        return probe.run(seen, samples, lambda step: _tell(f"probe_step_{step}", language))
    except BaseException:
        if probe.left:
            click.echo(say("probe_left", language, names=", ".join(probe.left)), err=True)
        raise


def _tell(key: str, language: str) -> None:
    if sys.stderr.isatty():
        click.echo(say(key, language), err=True)


def _agree(terms: Terms, host: str, samples: int, language: str) -> bool:
    """Name the cost, and ask. Raises UserError where nobody can answer."""
    facts = {"pair": terms.pair, "price": str(terms.price), "volume": str(terms.volume)}
    told = say(
        "probe_cost", language, **facts, host=host, krw=str(terms.locked), count=str(samples)
    )
    if not at_terminal():
        raise UserError(told, "probe-exchange", "--yes", say("probe_yes", language))
    click.echo(told)
    return yes(click.prompt(say("probe_ask", language), default="", show_default=False))


def report(seen: ProbeResult, language: str) -> str:
    """What was seen, as a table."""
    rows = [
        (
            say("probe_twice", language),
            _told("refused", seen.twice_refused, language, seen.twice_name),
        ),
        (
            say("probe_burns", language),
            _told("burns", seen.refusal_burns, language, seen.refusal_name),
        ),
        (
            say("probe_after", language),
            _told("refused", seen.after_cancel_refused, language, seen.after_cancel_name),
        ),
        (say("probe_lag", language), _lags(seen, language)),
        (say("probe_fills", language), _told("fills", seen.fills_have_ids, language, "")),
    ]
    table = rendered(grid(say("probe_title", language), ("what", "how"), rows, language))
    last = say("probe_safe" if seen.resend_safe else "probe_unsafe", language)
    left = (
        say("probe_left", language, names=", ".join(seen.left_behind)) if seen.left_behind else ""
    )
    return "\n".join(line for line in (table, last, left) if line)


def _told(group: str, fact: bool | None, language: str, name: str) -> str:
    how = "unknown" if fact is None else "yes" if fact else "no"
    key = "probe_unknown" if fact is None else f"probe_{group}_{how}"
    return f"{say(key, language)} {f'({name})' if name else ''}".rstrip()


def _lags(seen: ProbeResult, language: str) -> str:
    if not seen.lags_ms:
        return say("probe_unknown", language)
    ordered: Sequence[int] = sorted(seen.lags_ms)
    facts = {
        "count": str(len(ordered)),
        "middle": str(ordered[len(ordered) // 2]),
        "most": str(ordered[-1]),
        "missed": str(seen.not_found),
    }
    return say("probe_lags", language, **facts)


def _keys(keys: Keys | NoKeys, language: str) -> Keys:
    """The keys, or why there are none as a UserError."""
    if isinstance(keys, Keys):
        return keys
    found = check_keys(keys)
    raise UserError(found.text(language), "UPBIT_ACCESS_KEY", "", found.todo(language))
