"""Owns what a person may change from a page: asked about once more, then sent as the console does.

The command's id is drawn when it is asked about, so a form that is sent twice is one command.
"""

from __future__ import annotations

import re
import shlex
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.control import client
from i18n import say
from i18n.errors import UserError
from i18n.formatting import pair_name
from interfaces.console.doubts import told
from interfaces.console.grammar import CONSOLE_COMMANDS, EVERY, parse
from interfaces.dashboard.markup import Html, el
from messages.control import Change, Changes, OperatorReply
from messages.previews import ChangePreview

ALLOWED = ("stopentry", "start", "forceexit", "cancel_open_order", "kill")
WITH_PAIR = ("forceexit", "cancel_open_order")
LONGEST = 4096  # bytes of a form
ID = re.compile(r"[0-9a-f]{32}")


def meant(told: Mapping[str, str], id: str = "") -> Changes:
    """The change that is asked for. Raises UserError, which names what is allowed."""
    verb, pair = told.get("verb", ""), told.get("pair", "")
    if verb not in ALLOWED:
        raise UserError(f'"{verb[:40]}" is no change', "dashboard", ", ".join(ALLOWED), "go back")
    line = f"{verb} {shlex.quote(pair)}" if verb in WITH_PAIR else verb
    change = parse(line, lambda: id)
    assert isinstance(change, Change)
    return change


def question(
    change: Changes, held: tuple[str, ...], language: str, preview: ChangePreview | None = None
) -> Html:
    """Is it meant? With what would come of it, and a button that says what it does.

    ``held``: the pairs of open trades, where the bot does not tell what would come of it.
    """
    verb = str(change.__struct_config__.tag)
    pair = str(getattr(change, "pair", ""))
    named = pair_name(pair, language) if pair not in ("", EVERY) else ""
    what = f"{say(f'dash_do_{verb}', language)} {named}".strip()
    if pair == EVERY:
        what = say("dash_do_forceexit_all", language)
        key = "confirm_forceexit_these" if preview else "confirm_forceexit_all"
        trades = len(preview.orders) if preview else len(held)
        text = say(key, language, trades=str(trades), pairs=" ".join(held))
    elif verb == "kill":
        key = "confirm_kill_trades" if held and not preview else "confirm_kill"
        text = say(key, language, pairs=" ".join(held))
    else:
        text = say(f"help_{verb}", language) or CONSOLE_COMMANDS[verb].help
    fields = [
        el("input", type="hidden", name=name, value=value)
        for name, value in (("verb", verb), ("pair", pair), ("id", uuid.uuid4().hex))
    ]
    buttons = el(
        "p",
        el("button", what, type="submit", class_=f"do {verb}"),
        " ",
        el("a", say("dash_back", language), href="/", class_="change"),
    )
    form = el("form", fields, buttons, method="post", action="/change")
    return html_of(what, text, [*_lines(preview, language), form])


def _lines(preview: ChangePreview | None, language: str) -> list[Html]:
    """What would come of it, line by line."""
    if preview is None:
        return []
    lines = [*told(preview, lambda key, **facts: say(key, language, **facts))]
    return [el("ul", [el("li", line) for line in lines], class_="preview")] if lines else []


async def told_by(request: Request) -> dict[str, str]:
    """The fields of a form that was sent. Raises UserError for what is none of ours."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST:
            raise _strange()
    try:
        if kind != "application/x-www-form-urlencoded":
            raise _strange()
        text = body.decode("ascii")
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=10))
    except ValueError:
        raise _strange() from None
    if not ID.fullmatch(fields.get("id", "")):
        raise _strange()
    return fields


def sent(state: Path, change: Changes) -> OperatorReply:
    """Have the bot make it. Raises UserError where none answers."""
    return client.ask(state, change)


def foreseen(state: Path, change: Changes) -> ChangePreview | None:
    """What would come of it, as the bot says; None where it does not say so.

    Raises UserError where none is there to make it.
    """
    return client.preview(state, change)


def answered(reply: OperatorReply, language: str) -> Html:
    """What became of it."""
    return _after(say(reply.key, language, **reply.facts), reply.done, language)


def failed(error: UserError, language: str) -> Html:
    """What was wrong with it."""
    return _after(error.block(language), False, language)


def html_of(title: str, text: str, more: Html | list[Html]) -> Html:
    """A heading, a sentence, and what follows."""
    return el("section", el("h1", title), el("p", text), more, class_="question")


def _after(text: str, done: bool, language: str) -> Html:
    return el(
        "section",
        el("pre", text, class_="done" if done else "refused"),
        el("p", el("a", say("dash_back", language), href="/", class_="change")),
        class_="question",
    )


def _strange() -> UserError:
    return UserError("this is no form of ours", "dashboard", "the page's own button", "go back")
