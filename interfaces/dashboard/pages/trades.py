"""The page of trades: those that are open, those that are over, sums by exit reason."""

from __future__ import annotations

from i18n import say, word
from i18n.formatting import duration, krw, kst, percent
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.overview import open_trades
from interfaces.dashboard.pages.page_request import PageContent, PagePart, PageRequest
from interfaces.dashboard.pages.pieces import PER_PAGE, facts, gain, pager, pair_link, rate, table
from interfaces.dashboard.picture import ZERO, Picture
from messages.trading import TradeRecord

NAMES: tuple[str, ...] = (
    "pair",
    "opened",
    "closed",
    "held",
    "entry",
    "exit",
    "stake",
    "profit",
    "ratio",
)
NAMES += ("exit_reason",)


def trades(picture: Picture, asked: PageRequest) -> PageContent:
    """Open trades, and a page of the closed."""
    language, kept = asked.language, picture.chronicle.trades.closed
    rows = picture.chronicle.newest_rows((asked.page - 1) * PER_PAGE, PER_PAGE)
    pages = pager(asked.path, asked.page, len(kept), language)
    shown = table(NAMES, [_row(row, language) for row in rows], language, "none_trades")
    parts = (
        PagePart("trades", say("title_status", language), open_trades(picture, asked)),
        PagePart("sums", say("title_summary", language), sums(picture, language)),
        PagePart("closed", say("title_trades", language), el("div", pages, shown, pages)),
    )
    return PageContent(say("dash_trades", language), parts)


def of_pair(picture: Picture, pair: str, language: str) -> Html:
    """The newest closed rows of one pair."""
    found = [row for row in picture.chronicle.trades.closed[-5000:] if row.pair == pair]
    return table(NAMES, [_row(row, language) for row in found[-10:][::-1]], language, "none_trades")


def sums(picture: Picture, language: str) -> Html:
    """What all closed rows add up to."""
    curve, count = picture.chronicle.curve, picture.chronicle.closed
    rate = percent(curve.wins / count, places=1) if count else "-"
    wins = f"{curve.wins:,} / {count - curve.wins - curve.losses:,} / {curve.losses:,}"
    return facts(
        [
            (say("sum_rows", language), f"{count:,}"),
            (say("sum_wins", language), wins),
            (say("sum_win_rate", language), rate),
            (say("sum_profit", language), gain(curve.profit if count else ZERO)),
            (say("sum_fees", language), krw(curve.fees)),
        ]
    )


def _row(row: TradeRecord, language: str) -> list[object]:
    return [
        pair_link(row.pair, language),
        kst(row.open_date, seconds=False),
        kst(row.close_date, seconds=False),
        duration(row.close_date - row.open_date, language),
        rate(row.open_rate),
        rate(row.close_rate),
        krw(row.stake_amount),
        gain(row.profit_abs),
        gain(None, row.profit_ratio),
        word("reason", row.exit_reason, language),
    ]
