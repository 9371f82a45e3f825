"""The whole report: one HTML file with its style, its script and plotly's in it.

Nothing is fetched: the policy in its head lets the browser run these very scripts, known by their
digests, and load nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from importlib import import_module
from typing import Any

from core.strategies import BUILT_IN
from interfaces.catalogue import meaning, say
from interfaces.errors import UserError
from interfaces.formatting import kst, to_plain
from interfaces.reports.page import tables, tiles
from interfaces.reports.page.charts import MARKS, charts
from interfaces.reports.page.look import STYLE
from interfaces.reports.page.material import Material
from interfaces.reports.page.script import SCRIPT
from interfaces.settings.config_file import explained
from interfaces.settings.values import shown
from messages.config import TIMEFRAMES

PRIVATE = ("heartbeat_url",)  # of no concern to whom the report is shown


def plotly_script(words: str) -> str:
    """plotly's own script out of its wheel. Raises UserError where it is not installed."""
    try:
        offline = import_module("plotly.offline")  # an extra, and heavy
    except ImportError:
        what, todo = say("report_no_plotly", words), say("extra_server", words)
        raise UserError(what, "plotly", "", todo) from None
    script: str = offline.get_plotlyjs()
    return script.replace("</script", "<\\/script")


def document(made: Material, words: str) -> str:
    """The file's text. Raises UserError without plotly."""
    drawn = charts(made, words)
    library = plotly_script(words)
    told = _embedded({**drawn, "words": _words(words)})
    title = say("report_title_live" if made.run.live else "report_title", words)
    return "".join(
        [
            f'<!doctype html><html lang="{words}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(library, SCRIPT)}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>",
            _head(made, title, words),
            _body(made, drawn, words),
            "</main>",
            f'<script type="application/json" id="told">{told}</script>',
            f"<script>{library}</script><script>{SCRIPT}</script></body></html>\n",
        ]
    )


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


def _head(made: Material, title: str, words: str) -> str:
    facts = {"begin": kst(made.run.begin, False), "end": kst(made.run.end, False)}
    days = say("report_days", words, **facts, count=f"{made.figures.days:,}")
    heading = (days, *made.run.heading)
    lines = "".join(f'<p class="faint">{escape(line)}</p>' for line in heading)
    button = f'<button id="theme" type="button">{escape(say("report_theme", words))}</button>'
    return f"<header><div><h1>{escape(title)}</h1>{lines}</div>{button}</header>"


def _body(made: Material, drawn: dict[str, Any], words: str) -> str:
    def titled(key: str, inner: str) -> str:
        return tables.section(say(key, words), inner)

    marked = say("report_marked" if made.whole else "report_realised", words)
    curve = f'<div id="equity" class="chart"></div><figcaption>{escape(marked)}</figcaption>'
    return "".join(
        [
            tiles.tiles(made, words),
            titled("report_equity", f"<figure>{curve}</figure>"),
            _candles(made, drawn, words),
            '<div class="two">',
            titled("title_by_pair", tables.by_pair(made, words)),
            titled("title_by_reason", tables.by_reason(made, words)),
            titled("report_by_month", tables.by_month(made, words)),
            titled("title_status", tables.still_open(made, words)),
            "</div>",
            titled("title_trades", tables.trades(made, words)),
            _folded("report_meanings", tiles.meanings(words), words),
            _folded("title_config", _settings(made, words), words),
        ]
    )


def _folded(key: str, inner: str, words: str) -> str:
    return f"<details><summary>{escape(say(key, words))}</summary>{inner}</details>"


def _candles(made: Material, drawn: dict[str, Any], words: str) -> str:
    """A choice of pairs above the chart; without any candles, a sentence."""
    title = say("report_candles", words)
    if not drawn["pairs"]:
        return tables.section(
            title, f'<p class="faint">{escape(say("report_no_candles", words))}</p>'
        )
    choices = "".join(
        f'<option value="{place}">{escape(pair["name"])} ({len(pair["sells"])})</option>'
        for place, pair in enumerate(drawn["pairs"])
    )
    label = escape(say("col_pair", words))
    chosen = f'<label>{label} <select id="pair">{choices}</select></label>'
    chart = '<div id="candles" class="chart"></div>'
    note = f'<span id="length"></span> {escape(say("report_candles_how", words))}'
    if len(made.run.rows) > MARKS:
        facts = {"shown": f"{MARKS:,}", "total": f"{len(made.run.rows):,}"}
        note += f" {escape(say('report_cut', words, **facts))}"
    return tables.section(title, f"<figure>{chosen}{chart}<figcaption>{note}</figcaption></figure>")


def _settings(made: Material, words: str) -> str:
    config = made.run.config
    strategy = BUILT_IN.get(config.strategy)
    rows = [
        [row.key, shown(to_plain(row.value)).strip('"'), meaning(row.key, row.meaning, words)]
        for row in explained(config, strategy.Params if strategy else None, {})
        if row.key not in PRIVATE
    ]
    digest = [["strategy_hash", config.strategy_hash, ""]] if config.strategy_hash else []
    return tables.table(("key", "how", "meaning"), [*rows, *digest], words)


def _words(words: str) -> dict[str, Any]:
    """What the script says."""
    told: dict[str, Any] = {
        name: say(f"report_{key}", words)
        for name, key in (
            *(("equity", "curve"), ("market", "market"), ("drawdown", "drawdown")),
            *(("bought", "buy"), ("won", "won"), ("lost", "lost")),
        )
    }
    lengths = {seconds: name for name, seconds in TIMEFRAMES.items()}
    told["lengths"] = {s: say("report_length", words, length=n) for s, n in lengths.items()}
    return told
