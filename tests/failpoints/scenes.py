"""The scenes: a few candles, a plan of entries, what befalls the line, what people do.

Moments are seconds after the first candle's beginning; candle k, from 1, closes at 60 * k. A scene
is ``exact`` when a crash must change nothing: the same rows, the same books. Where it may cost a
purchase (a wish that has become stale, live rules that never send twice) only the invariants must
hold. The recording crosses an hour and the end of a trading day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from msgspec import Struct, structs

from core.market.candles import Candles, Tape, tape_of
from core.strategy import Signals
from messages.base import Command
from messages.config import Config, Exchange, Gateway, OrderTypes, Paper, UnfilledTimeout
from messages.control import (
    AdoptPair,
    CancelOpenOrder,
    ForceEnter,
    ForceExit,
    Kill,
    ReleasePair,
    ReloadConfig,
    SettlePair,
    StartTrading,
    StopEntry,
    StopTrading,
)
from messages.market import Candle
from messages.trading import EnterAt
from tests.failpoints.owner import Lost, Move
from tests.failpoints.venue import Did, Window

TAIL = 8  # candles more, in which whatever is under way comes to its end
BTC, ETH = "KRW-BTC", "KRW-ETH"
EPOCH = 1_767_279_000  # 2026-01-01 14:50 UTC, ten minutes before a day ends in Korea
HURRIED = Gateway(
    quarantine_minutes=1,
    quarantine_answers=2,
    tombstone_seconds=60,
    tombstone_hours=1,
    tombstone_days=0,
)
PLAIN = Config(
    gateway=HURRIED,
    stoploss=Decimal("-0.02"),
    minimal_roi=Decimal("0.03"),
    trailing_stop_positive=Decimal("0.005"),
    trailing_stop_positive_offset=Decimal("0.015"),
    partial_exit_profit=Decimal("0.01"),
    partial_exit_ratio=Decimal("0.5"),
    cooldown_minutes=1,
    startup_candle_count=2,
    max_open_trades=2,
    stake_amount=Decimal(300000),
    protections=(),
)
LIMIT = structs.replace(
    PLAIN,
    order_types=OrderTypes(entry="limit"),
    unfilledtimeout=UnfilledTimeout(entry=2),
    paper=Paper(Decimal("0.4")),
)
PATIENT = structs.replace(LIMIT, unfilledtimeout=UnfilledTimeout(entry=60))
LIVE = structs.replace(  # the rules of real money: nothing is sent twice, nothing before a look
    PLAIN,
    dry_run=False,
    available_capital=PLAIN.dry_run_wallet,
    exchange=Exchange(
        account_seconds=20, max_order_krw=None, max_daily_krw=None, max_orders_per_minute=None
    ),
)


Tide = Literal["disk", "map", "fails"]


class NoParams(Struct, frozen=True):
    """The plan has none."""


class Planned:
    """Enters at these candles, leaves at those; counted by their close, from the first one."""

    Params: type[Struct] = NoParams

    def __init__(self, entries: Sequence[int], exits: Sequence[int] = ()) -> None:
        self._entries, self._exits = entries, exits

    def signals(self, candles: Candles, params: Any, /) -> Signals:
        """As planned."""
        minutes = (candles.time - EPOCH) // 60 + 1
        return Signals(np.isin(minutes, self._entries), np.isin(minutes, self._exits))


class Scene(Struct, frozen=True):
    """What happens; ``tides`` are (begin, end, what): no room on the disk, or in the map (until a
    start), or a gauge that fails once a life."""

    closes: tuple[int, ...]  # of BTC, in permille of 100,000 KRW
    entries: tuple[int, ...]
    exits: tuple[int, ...] = ()
    others: tuple[int, ...] = ()  # the same of ETH, which enters at the same candles
    config: Config = PLAIN
    script: tuple[Window, ...] = ()
    operator: tuple[tuple[float, Command], ...] = ()
    moves: tuple[Move, ...] = ()  # of coins, beside the bot's orders
    tides: tuple[tuple[float, float, Tide], ...] = ()
    loss: float = 0.0  # the power goes at this moment in any case: what follows is a recovery
    off: float = 0.0  # seconds until the machine is there again after it
    lost: tuple[Lost, ...] = ()  # orders that the ledger does not know after it
    watched: bool = False  # the venue's markets are looked at, and the year's turn
    exact: bool = True

    def tapes(self) -> tuple[Tape, ...]:
        """What is replayed."""
        rows = {BTC: self.closes, ETH: self.others}
        return tuple(_tape(pair, closes) for pair, closes in rows.items() if closes)

    def price(self, pair: str, now: float) -> Decimal:
        """The newest close of a pair at a moment (epoch seconds), KRW."""
        closes = self.others if pair == ETH else self.closes
        place = int(now - EPOCH) // 60 - 1
        return Decimal(closes[max(0, min(place, len(closes) - 1))] * 100)

    def strategy(self) -> Planned:
        """Who decides."""
        return Planned(self.entries, self.exits)


def _tape(pair: str, closes: Sequence[int]) -> Tape:
    candles, before = [], closes[0]
    for place, close in enumerate((*closes, *[closes[-1]] * TAIL)):
        open, close_ = Decimal(before * 100), Decimal(close * 100)
        low, high = sorted((open, close_))
        candles.append(Candle(EPOCH + 60 * place, open, high, low, close_, Decimal(1)))
        before = close
    return tape_of(pair, 60, candles)


RISE = (1000,) * 5 + (1000, 1004, 1032, 1032, 1032, 1032)
LONG = RISE + (1032,) * 8
QUIET: tuple[Did, ...] = ("submit", "fill")
SCENES: Mapping[str, Scene] = {
    "an entry filled, and the target gain": Scene(RISE, (3,), others=RISE),
    "an entry refused, and a later one": Scene(
        (1000,) * 8 + (1004, 1032, 1032, 1032),
        (3, 6),
        script=(Window("refused", ("submit",), 180, 300),),
        exact=False,
    ),
    "an entry unknown, then found": Scene(
        LONG,
        (3,),
        script=(Window("silent", QUIET, 180, 420), Window("down", ("query",), 180, 270)),
        exact=False,
    ),
    "an exit that does not arrive, and is sent again": Scene(
        (1000,) * 12,
        (3,),
        exits=(7,),
        script=(Window("lost", ("submit",), 420, 421),),
        exact=False,
    ),
    "an entry unknown, then absent, with live rules": Scene(
        (1000,) * 14 + (1032,) * 4,
        (3, 10),
        config=LIVE,
        script=(Window("lost", ("submit",), 180, 240),),
        exact=False,
    ),
    "an entry found after it was given up": Scene(
        (1000,) * 22,
        (3, 18),
        config=LIVE,
        script=(Window("silent", QUIET, 180, 900), Window("absent", ("query",), 180, 500)),
        exact=False,
    ),
    "a partial exit, and the trailing stop": Scene(
        (1000,) * 6 + (1012, 1020, 1022, 1012, 1012, 1012), (3,)
    ),
    "a stop loss, and no money for another pair": Scene(
        (1000,) * 5 + (996, 970, 970, 970),
        (3,),
        config=structs.replace(PLAIN, stake_amount=Decimal(999000)),
        others=RISE,
    ),
    "dust, and the trade that it joins": Scene(
        (1000,) * 5 + (780,) * 8 + (806,) * 3,
        (3, 9),
        config=structs.replace(PLAIN, stake_amount=Decimal(6000)),
    ),
    "an exit refused for a while": Scene(
        (1000,) * 20,
        (3,),
        exits=(7,),
        script=(Window("refused", ("submit",), 410, 600),),
        exact=False,
    ),
    "a stop loss in doubt for minutes, with live rules": Scene(
        (1000,) * 5 + (996,) + (970,) * 14,
        (3,),
        config=LIVE,
        script=(Window("silent", QUIET, 350, 900), Window("down", ("query",), 350, 800)),
        exact=False,
    ),
    "a limit entry partly filled, then out of time": Scene(
        (1000, 1000, 1000, 1000, 1000, 1003, 1003, 1003, 1006, 1006, 1034, 1034, 1034),
        (3,),
        config=LIMIT,
    ),
    "forced in and out": Scene(
        (1000,) * 12,
        (),
        operator=(
            (200, ForceEnter(BTC, id="in")),
            (210, EnterAt(ForceEnter(ETH, id="in at"), Decimal(100000))),
            (400, ForceExit(BTC, id="out")),
            (460, ForceExit(ETH, id="out too")),
        ),
        others=(1000,) * 12,
    ),
    "entries cancelled by hand, and by a forced exit": Scene(
        (1000, 1000, 1000, 1000, 1003, 1004, 1004, 1004, 1004, 1004, 1004),
        (3,),
        config=PATIENT,
        others=(1000, 1000, 1000, 1000, 1003, 1004, 1004, 1004, 1004, 1004, 1004),
        operator=((330, CancelOpenOrder(BTC, "cancel")), (330, ForceExit(ETH, "out"))),
    ),
    "kill, and start again": Scene(
        (1000, 1000, 1000, 1000, 1003, 1004, 1004, 1004, 1004, 1032, 1032, 1032),
        (3, 8),
        config=PATIENT,
        operator=(
            (250, Kill("kill")),
            (400, StartTrading("go")),
            (460, StopEntry("no entries")),
            (490, StopTrading("nothing")),
            (560, StartTrading("go on")),
        ),
    ),
    "a dispute, settled by the operator": Scene(
        LONG,
        (3,),
        config=LIVE,
        script=(Window("strange", ("submit", "query", "fill"), 180, 400),),
        operator=((500, SettlePair(BTC, "looked")),),
        exact=False,
    ),
    "a venue that throttles, bans and falls silent": Scene(
        (1000,) * 26 + (1032,) * 4,
        (3, 6, 9, 22),
        config=structs.replace(LIVE, cooldown_minutes=0),
        script=(
            Window("throttled", ("submit",), 180, 190),
            Window("banned", ("submit",), 360, 380),
            Window("down", ("submit", "query"), 540, 900),
        ),
        exact=False,
    ),
    "no room on the disk, a gauge that fails, a new configuration": Scene(
        RISE,
        (3,),
        operator=((250, ReloadConfig("new", structs.replace(PLAIN, cooldown_minutes=2))),),
        tides=((60, 170, "disk"), (380, 440, "fails"), (440, 500, "disk")),
        others=RISE,
    ),
    "a map that is full, and the process starts again": Scene(
        RISE, (3,), tides=((290, 330, "map"),), others=RISE
    ),
    "a restart while an order is in doubt, with live rules": Scene(
        LONG,
        (3,),
        config=LIVE,
        script=(Window("silent", QUIET, 180, 420), Window("down", ("query",), 180, 280)),
        loss=250,
        exact=False,
    ),
    "coins that came in, adopted, released, adopted and released": Scene(
        (1000,) * 20,
        (3,),
        config=LIVE,
        moves=(
            Move(130, ETH, Decimal("1.5")),
            Move(340, BTC, Decimal("0.5"), "out"),
            Move(350, BTC, Decimal("0.5"), "back"),
        ),
        operator=(
            (310, AdoptPair(ETH, Decimal(100000), "take")),
            (370, ReleasePair(ETH, "leave")),
            (430, AdoptPair(ETH, Decimal(100000), "take again")),
            (490, ReleasePair(ETH, "leave again")),
        ),
        exact=False,
    ),
}
