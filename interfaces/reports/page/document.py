"""The report of a run: what stands where on its page."""

from __future__ import annotations

from html import escape
from typing import Any

from app.config.config_file import explained
from app.config.values import shown
from core.strategies import BUILT_IN
from i18n import meaning, say
from i18n.formatting import kst
from interfaces.reports.page import tables, tiles
from interfaces.reports.page.charts import MARKS, charts
from interfaces.reports.page.material import Material
from interfaces.reports.page.script import RUN
from interfaces.reports.page.shell import whole
from messages.config import TIMEFRAMES
from messages.plain_values import to_plain

PRIVATE = ("heartbeat_url",)  # of no concern to whom the report is shown


def document(made: Material, words: str) -> str:
    """The file's text. Raises UserError without plotly."""
    drawn = charts(made, words)
    title = say("report_title_live" if made.run.live else "report_title", words)
    told = {**drawn, "words": said(words)}
    return whole(title, _heading(made, words), _body(made, drawn, words), told, RUN, words)


def _heading(made: Material, words: str) -> tuple[str, ...]:
    facts = {"begin": kst(made.run.begin, False), "end": kst(made.run.end, False)}
    days = say("report_days", words, **facts, count=f"{made.figures.days:,}")
    return (days, *made.run.heading)


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
            "</div>",
            titled("title_status", tables.still_open(made, words)),
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


def said(words: str) -> dict[str, Any]:
    """What the script says."""
    told: dict[str, Any] = {
        name: say(f"report_{key}", words)
        for name, key in (
            *(("equity", "curve"), ("market", "market"), ("drawdown", "drawdown")),
            *(("bought", "buy"), ("won", "won"), ("lost", "lost"), ("volume", "volume")),
        )
    }
    lengths = {seconds: name for name, seconds in TIMEFRAMES.items()}
    told["lengths"] = {s: say("report_length", words, length=n) for s, n in lengths.items()}
    return told
