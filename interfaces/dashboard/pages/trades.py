"""The page of trades: those that are open, those that are over, sums by exit reason."""

from __future__ import annotations

from i18n import say, word
from i18n.formatting import duration, krw, kst, percent
from interfaces.dashboard.markup import Html, el
from interfaces.dashboard.pages.asked import Asked, Part, Shown
from interfaces.dashboard.pages.overview import open_trades
from interfaces.dashboard.pages.pieces import PER_PAGE, facts, gain, pager, pair_link, rate, table
from interfaces.dashboard.picture import ZERO, Picture
from messages.trading import Row

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


def trades(picture: Picture, asked: Asked) -> Shown:
    """Open trades, and a page of the closed."""
    words, kept = asked.language, picture.chronicle.trades.closed
    rows = picture.chronicle.newest_rows((asked.page - 1) * PER_PAGE, PER_PAGE)
    pages = pager(asked.path, asked.page, len(kept), words)
    shown = table(NAMES, [_row(row, words) for row in rows], words, "none_trades")
    parts = (
        Part("trades", say("title_status", words), open_trades(picture, asked)),
        Part("sums", say("title_summary", words), sums(picture, words)),
        Part("closed", say("title_trades", words), el("div", pages, shown, pages)),
    )
    return Shown(say("dash_trades", words), parts)


def of_pair(picture: Picture, pair: str, words: str) -> Html:
    """The newest closed rows of one pair."""
    found = [row for row in picture.chronicle.trades.closed[-5000:] if row.pair == pair]
    return table(NAMES, [_row(row, words) for row in found[-10:][::-1]], words, "none_trades")


def sums(picture: Picture, words: str) -> Html:
    """What all closed rows add up to."""
    curve, count = picture.chronicle.curve, picture.chronicle.closed
    rate = percent(curve.wins / count, places=1) if count else "-"
    wins = f"{curve.wins:,} / {count - curve.wins - curve.losses:,} / {curve.losses:,}"
    return facts(
        [
            (say("sum_rows", words), f"{count:,}"),
            (say("sum_wins", words), wins),
            (say("sum_win_rate", words), rate),
            (say("sum_profit", words), gain(curve.profit if count else ZERO)),
            (say("sum_fees", words), krw(curve.fees)),
        ]
    )


def _row(row: Row, words: str) -> list[object]:
    return [
        pair_link(row.pair, words),
        kst(row.open_date, seconds=False),
        kst(row.close_date, seconds=False),
        duration(row.close_date - row.open_date, words),
        rate(row.open_rate),
        rate(row.close_rate),
        krw(row.stake_amount),
        gain(row.profit_abs),
        gain(None, row.profit_ratio),
        word("reason", row.exit_reason, words),
    ]
