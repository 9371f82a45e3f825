"""``health``: whether the bot runs, lives, and needs nobody: for people, containers and cron."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from app.control import client
from app.processes.liveness import HUNG
from app.runtime_stats import described
from app.state_directory import require
from i18n import say
from i18n.errors import UserError
from i18n.styles import shown
from i18n.tables import pairs, stacked
from interfaces.console.session import json_text
from interfaces.options import asking, cli_context
from interfaces.views import answer, plain, render
from interfaces.views.health import HealthView, plain_ails
from interfaces.views.lines import doubted
from messages.control import ShowHealth, ShowVitals
from messages.runtime_stats import HealthIssue
from persistence.lock import owner
from persistence.reader import Reader

ANSWER_SECONDS = 10.0
SICK = 1  # the exit code


class Process(Struct, frozen=True):
    """The bot's process: 0 when none holds the state directory. ``said``: why it is not alive."""

    pid: int
    answers: bool
    hung: tuple[str, ...] = ()
    uptime: float = 0.0  # seconds
    said: str = ""
    doubted: dict[str, int] = {}  # live prices that did not count, by why
    left_out: int = 0  # rows and frames that could not be read
    ails: tuple[HealthIssue, ...] = ()  # what keeps it from trading as it should

    @property
    def alive(self) -> bool:
        """Whether it runs, answers, and none of its parts hangs."""
        return bool(self.pid) and self.answers and not self.hung

    @property
    def no_candles(self) -> float:
        """Seconds in which trades were told, and no candle."""
        told = [float(one.facts["lasting"]) for one in self.ails if one.name == "no_candles"]
        return told[0] if told else 0.0


@click.command()
@asking
@click.option(
    "--alive",
    is_flag=True,
    help="Look at the process, its candles and its strategy, not at venue and orders.",
)
def health(config: Path | None, state: Path | None, json: bool, alive: bool) -> int:
    """Whether the bot runs and needs nobody. Exit code 0 when it is well, 1 when not."""
    here = cli_context(config, state, json)
    process = look(require(here.state), here.language)
    with Reader.open(here.state) as reader:
        view = answer(ShowHealth(), reader)
    assert isinstance(view, HealthView)
    well = process.alive and not process.ails and (alive or view.well)
    if json:
        click.echo(json_text(_plain(process, view, well)))
    else:
        click.echo(shown(stacked(*_told(process, view, well, alive, here.language)), here.language))
    return 0 if well else SICK


def look(state: Path, language: str) -> Process:
    """Ask the kernel who holds the state directory, and the bot itself how it is."""
    pid = owner(state)
    if not pid:
        return Process(0, False, said=say("health_down", language))
    try:
        reply = client.ask(state, ShowVitals(uuid.uuid4().hex), ANSWER_SECONDS)
    except UserError as error:
        return Process(pid, False, said=error.what)
    hung = tuple(reply.facts.get(HUNG, "").split())
    said = say("health_hung", language, names=", ".join(hung)) if hung else ""
    if (vitals := reply.vitals) is None:
        return Process(pid, True, hung, said=said)
    left_out = sum(vitals.left_out.values())
    return Process(pid, True, hung, vitals.uptime, said, vitals.refused, left_out, vitals.ails)


def _plain(process: Process, view: HealthView, well: bool) -> dict[str, Any]:
    of_process = {
        "pid": process.pid,
        "alive": process.alive,
        "answers": process.answers,
        "hung": list(process.hung),
        "uptime_seconds": round(process.uptime, 1),
        "prices_doubted": process.doubted,
        "rows_left_out": process.left_out,
        "seconds_without_candles": round(process.no_candles, 1),
        "ails": plain_ails(process.ails),
    }
    return {"well": well, "process": of_process, "state": {**plain(view), "well": view.well}}


def _told(process: Process, view: HealthView, well: bool, alive: bool, language: str) -> list[Any]:
    verdict = say("health_well" if well else "health_sick", language)
    facts = {"pid": str(process.pid), "lasting": str(process.uptime)}
    runs = process.said or say("health_runs", language, **facts)
    lines = [(verdict, ""), (say("health_process", language), runs)]
    if told := doubted(process.doubted):
        lines.append((say("health_doubted", language), told))
    lines += described(process.ails, language)
    if process.left_out:
        lines.append((say("health_left_out", language), f"{process.left_out:,}"))
    top = pairs("", lines)
    return [top] if alive else [top, render(view, language)]
