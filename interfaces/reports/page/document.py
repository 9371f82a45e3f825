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


def document(made: Material, language: str) -> str:
    """The file's text. Raises UserError without plotly."""
    drawn = charts(made, language)
    title = say("report_title_live" if made.run.live else "report_title", language)
    told = {**drawn, "words": said(language)}
    return whole(title, _heading(made, language), _body(made, drawn, language), told, RUN, language)


def _heading(made: Material, language: str) -> tuple[str, ...]:
    facts = {"begin": kst(made.run.begin, False), "end": kst(made.run.end, False)}
    days = say("report_days", language, **facts, count=f"{made.figures.days:,}")
    return (days, *made.run.heading)


def _body(made: Material, drawn: dict[str, Any], language: str) -> str:
    def titled(key: str, inner: str) -> str:
        return tables.section(say(key, language), inner)

    marked = say("report_marked" if made.whole else "report_realised", language)
    curve = f'<div id="equity" class="chart"></div><figcaption>{escape(marked)}</figcaption>'
    return "".join(
        [
            tiles.tiles(made, language),
            titled("report_equity", f"<figure>{curve}</figure>"),
            _candles(made, drawn, language),
            '<div class="two">',
            titled("title_by_pair", tables.by_pair(made, language)),
            titled("title_by_reason", tables.by_reason(made, language)),
            titled("report_by_month", tables.by_month(made, language)),
            "</div>",
            titled("title_status", tables.still_open(made, language)),
            titled("title_trades", tables.trades(made, language)),
            _folded("report_meanings", tiles.meanings(language), language),
            _folded("title_config", _settings(made, language), language),
        ]
    )


def _folded(key: str, inner: str, language: str) -> str:
    return f"<details><summary>{escape(say(key, language))}</summary>{inner}</details>"


def _candles(made: Material, drawn: dict[str, Any], language: str) -> str:
    """A choice of pairs above the chart; without any candles, a sentence."""
    title = say("report_candles", language)
    if not drawn["pairs"]:
        return tables.section(
            title, f'<p class="faint">{escape(say("report_no_candles", language))}</p>'
        )
    choices = "".join(
        f'<option value="{place}">{escape(pair["name"])} ({len(pair["sells"])})</option>'
        for place, pair in enumerate(drawn["pairs"])
    )
    label = escape(say("col_pair", language))
    chosen = f'<label>{label} <select id="pair">{choices}</select></label>'
    chart = '<div id="candles" class="chart"></div>'
    note = f'<span id="length"></span> {escape(say("report_candles_how", language))}'
    if len(made.run.rows) > MARKS:
        facts = {"shown": f"{MARKS:,}", "total": f"{len(made.run.rows):,}"}
        note += f" {escape(say('report_cut', language, **facts))}"
    return tables.section(title, f"<figure>{chosen}{chart}<figcaption>{note}</figcaption></figure>")


def _settings(made: Material, language: str) -> str:
    config = made.run.config
    strategy = BUILT_IN.get(config.strategy)
    rows = [
        [row.key, shown(to_plain(row.value)).strip('"'), meaning(row.key, row.meaning, language)]
        for row in explained(config, strategy.Params if strategy else None, {})
        if row.key not in PRIVATE
    ]
    digest = [["strategy_hash", config.strategy_hash, ""]] if config.strategy_hash else []
    return tables.table(("key", "how", "meaning"), [*rows, *digest], language)


def said(language: str) -> dict[str, Any]:
    """What the script says."""
    told: dict[str, Any] = {
        name: say(f"report_{key}", language)
        for name, key in (
            *(("equity", "curve"), ("market", "market"), ("drawdown", "drawdown")),
            *(("bought", "buy"), ("won", "won"), ("lost", "lost"), ("volume", "volume")),
        )
    }
    lengths = {seconds: name for name, seconds in TIMEFRAMES.items()}
    told["lengths"] = {s: say("report_length", language, length=n) for s, n in lengths.items()}
    return told
