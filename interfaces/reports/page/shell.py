"""Owns what every page with charts is: one HTML file with its style, its script and plotly's in it.

Nothing is fetched: the policy in its head lets the browser run these very scripts, known by their
digests, and load nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from i18n import say
from i18n.errors import UserError
from interfaces.reports.page.look import STYLE
from interfaces.reports.page.script import BASE, DRAWING


def whole(
    title: str,
    heading: Sequence[str],
    body: str,
    told: Mapping[str, Any],
    script: str,
    language: str,
) -> str:
    """The file's text. ``told`` is what the script draws; it names its drawings in ``drawings``.

    Raises UserError without plotly.
    """
    library, own = plotly_script(language), BASE + script + DRAWING
    return "".join(
        [
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(library, own)}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>",
            _head(title, heading, language),
            body,
            "</main>",
            f'<script type="application/json" id="told">{_embedded(told)}</script>',
            f"<script>{library}</script><script>{own}</script></body></html>\n",
        ]
    )


def write(path: Path, text: str) -> None:
    """The file, whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def plotly_script(language: str) -> str:
    """plotly's own script out of its wheel. Raises UserError where it is not installed."""
    try:
        offline = import_module("plotly.offline")  # an extra, and heavy
    except ImportError:
        what, todo = say("report_no_plotly", language), say("extra_server", language)
        raise UserError(what, "plotly", "", todo) from None
    script: str = offline.get_plotlyjs()
    return script.replace("</script", "<\\/script")


def _head(title: str, heading: Sequence[str], language: str) -> str:
    lines = "".join(f'<p class="faint">{escape(line)}</p>' for line in heading)
    button = f'<button id="theme" type="button">{escape(say("report_theme", language))}</button>'
    return f"<header><div><h1>{escape(title)}</h1>{lines}</div>{button}</header>"


def _embedded(values: Any) -> str:
    """Values as JSON that no text in them can lead out of."""
    text = json.dumps(values, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _policy(*scripts: str) -> str:
    """Nothing but these scripts; plotly writes styles, and pictures to be saved."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
