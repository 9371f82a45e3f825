"""The scenes. Moments are seconds after the first candle's beginning."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import structs

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
from messages.trading import EnterAt
from tests.proof.failpoints.accounts import ACCOUNTS
from tests.proof.failpoints.owner import Move
from tests.proof.failpoints.scene import BTC, ETH, LIMIT, LIVE, PATIENT, PLAIN, Scene
from tests.proof.failpoints.venue import Did, Window

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
    **ACCOUNTS,
}
