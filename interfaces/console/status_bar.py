"""The lines below the prompt: equity, open trades with the way to their stops, and the prices.

They are read from the state directory between two key presses, once in a second, so that the
directory is open once at a time; a thread of its own asks the bot, which may not answer at once.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from prompt_toolkit.formatted_text import StyleAndTextTuples
from rich.cells import cell_len

from app.control import client
from app.error_messages import EXPECTED
from app.state_summary import state_summary
from core.market.pairs import coin
from core.money import quotient
from i18n import say, word
from i18n.errors import UserError
from i18n.formatting import kst, percent
from i18n.styles import TOOLBAR_TONES, OutputStyle
from interfaces.terminal import ERRORS
from interfaces.views import status
from messages.control import ShowVitals
from messages.runtime_stats import RuntimeStats
from persistence.reader import Reader
from projections.ledger import Ledger, clock

EVERY = 1.0  # seconds between two looks
ANSWER_SECONDS = 2.0  # longest wait for the bot
GAP = "  "
ROWS = 4  # of parts at most; what has no room is counted
RULE = "-"
ZERO = Decimal(0)

Part = tuple[str, str]  # its style, and its text


@dataclass(frozen=True)
class BarState:
    """What there is to show at one moment. Money is KRW; ``seconds`` 0 = a replay has no age."""

    live: bool = False
    mode: str = "running"
    equity: Decimal = ZERO
    capital: Decimal = ZERO
    trades: tuple[status.TradeNow, ...] = ()
    most: int = 0
    orders: int = 0
    at: float = 0.0
    on_prices: bool = False  # live prices, no recording
    stale_after: float = 10.0


def bar_state(reader: Reader, ledger: Ledger, vitals: RuntimeStats | None) -> BarState:
    """From the owners' records, and from what the running bot answered last."""
    config = ledger.config
    now = vitals.at if vitals else clock(reader, ledger)
    view = status.look(ledger, reader, now, prices=vitals.prices if vitals else {})
    worth = (t.amount * (t.current_rate or t.open_rate) for t in view.trades)
    dust = sum((value for _, value in ledger.dust.values()), ZERO)
    return BarState(
        live=reader.birth.mode == "live",
        mode=ledger.mode,
        equity=sum(worth, ledger.cash.now + dust),
        capital=config.capital,
        trades=view.trades,
        most=config.max_open_trades,
        orders=len(ledger.cash.reserved),
        at=now,
        on_prices=config.lives,
        stale_after=float(config.exchange.stale_seconds),
    )


@dataclass
class StatusBar:
    """What prompt_toolkit shows at the bottom of the screen."""

    state: Path
    look: OutputStyle
    _vitals: RuntimeStats | None = None
    _answered: bool = True
    _shown: BarState | None = None
    _read_at: float = field(default=-EVERY)
    _over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin to ask the bot."""
        threading.Thread(target=self._ask, name="status bar", daemon=True).start()

    def stop(self) -> None:
        """Ask no more."""
        self._over.set()

    def __call__(self) -> StyleAndTextTuples:
        """The lines of now."""
        if time.monotonic() - self._read_at >= EVERY:
            self._shown, self._read_at = self._read(), time.monotonic()
        language, width = self.look.language, terminal_width()
        parts = [("class:critical", say("bar_unread", language))]
        if self._shown:
            parts = list(self._parts(self._shown))
        return painted(flowed(parts, width, language), width)

    def _read(self) -> BarState | None:
        try:
            with Reader.open(self.state) as reader:
                return bar_state(reader, state_summary(reader), self._vitals)
        except EXPECTED:
            return None

    def _ask(self) -> None:
        while not self._over.wait(EVERY):
            try:
                self._vitals = client.ask(self.state, ShowVitals(), ANSWER_SECONDS).vitals
                self._answered = True
            except UserError:
                self._answered = False

    def _parts(self, now: BarState) -> Iterator[Part]:
        language = self.look.language
        yield ("class:critical" if now.live else "", say(f"bar_{_money_of(now)}", language))
        yield feed(now, self._vitals, self._answered, language)
        yield from self._money(now)
        if now.mode != "running":
            yield "class:warning", word("mode", now.mode, language)
        if now.orders:
            yield "", say("bar_orders", language, count=str(now.orders))
        yield "", say("bar_open", language, count=str(len(now.trades)), most=str(now.most))
        yield from (self._trade(trade) for trade in _nearest(now))

    def _money(self, now: BarState) -> Iterator[Part]:
        language = self.look.language
        yield "", say("bar_equity", language, krw=str(now.equity))
        if now.capital:
            ratio = quotient(now.equity - now.capital, now.capital)
            yield tone(ratio), percent(ratio, signed=True)

    def _trade(self, trade: status.TradeNow) -> Part:
        language, ratio = self.look.language, trade.profit_ratio
        gain = percent(ratio, signed=True) if ratio is not None else ""
        stop = say("bar_stop", language, distance=percent(distance(trade), signed=True))
        return tone(ratio or ZERO), " ".join(filter(None, (coin(trade.pair), gain, stop)))


def feed(now: BarState, vitals: RuntimeStats | None, answered: bool, language: str) -> Part:
    """How old the prices are; of a replay, where it is."""
    if not answered:
        return "class:critical", say("bar_down", language)
    if not now.on_prices:
        return "", say("bar_replay", language, moment=kst(now.at, seconds=False))
    if vitals is None or not vitals.heard:
        return "class:warning", say("bar_feed_none", language)
    age = max(0.0, vitals.at - vitals.heard)
    stale = age > now.stale_after
    key = "bar_feed_stale" if stale else "bar_feed"
    return "class:critical" if stale else "", say(key, language, seconds=f"{age:.0f}")


def _nearest(now: BarState) -> list[status.TradeNow]:
    """Open trades, the one nearest to its stop first."""
    return sorted(now.trades, key=distance, reverse=True)


def _money_of(now: BarState) -> str:
    return "live" if now.live else "paper"


def distance(trade: status.TradeNow) -> Decimal:
    """How far the price has to move until the stop is met, as a share of the price."""
    price = trade.current_rate or trade.open_rate
    return quotient(trade.stop_rate - price, price) if price else ZERO


def tone(figure: Decimal) -> str:
    """The style of a gain or a loss."""
    if not figure:
        return ""
    return "class:gain" if figure > 0 else "class:loss"


def flowed(parts: list[Part], width: int, language: str) -> list[list[Part]]:
    """Parts in rows, none of them torn; those without room are counted at the end."""
    rows: list[list[Part]] = [[]]
    for place, part in enumerate(parts):
        if rows[-1] and room(rows[-1]) + len(GAP) + cell_len(part[1]) > width:
            if len(rows) == ROWS:
                rows[-1][-1:] = [("", say("bar_more", language, count=str(len(parts) - place + 1)))]
                break
            rows.append([])
        rows[-1].append(part)
    return rows


def room(row: list[Part]) -> int:
    """Cells that a row takes."""
    return sum(cell_len(text) for _, text in row) + len(GAP) * (len(row) - 1)


def painted(rows: list[list[Part]], width: int) -> StyleAndTextTuples:
    """The rows as prompt_toolkit takes them, below a rule."""
    made: StyleAndTextTuples = [("class:rule", RULE * width)]
    for row in rows:
        made.append(("", "\n"))
        for place, (style, text) in enumerate(row):
            made += [("", GAP if place else ""), (style, spelt(text))]
    return made


def styles(look: OutputStyle) -> dict[str, str]:
    """For prompt_toolkit's style sheet; without colours nothing has a style."""
    bar = {"bottom-toolbar": "noreverse", "bottom-toolbar.text": "noreverse"}
    if not look.colours:
        return bar
    tones = TOOLBAR_TONES.get(look.language, TOOLBAR_TONES["en"])
    grave = {"warning": "ansiyellow", "critical": "bold ansiwhite bg:ansired", "rule": "ansigray"}
    return bar | tones | grave


def spelt(text: str) -> str:
    """The text in characters that the terminal has."""
    encoding = sys.__stdout__.encoding if sys.__stdout__ else "utf-8"
    return text.encode(encoding, ERRORS).decode(encoding)


def terminal_width() -> int:
    """Columns of the terminal that the prompt is on."""
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 80
    except (OSError, ValueError):
        return 80
