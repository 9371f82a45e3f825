"""Scenes of an account that others use too, and of a venue that says more than what orders do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import structs

from messages.config import OrderTypes, Paper, UnfilledTimeout
from messages.control import AcceptKey, AdoptPair, ExplainPair, ReleasePair, TakeSnapshot
from tests.proof.failpoints.owner import Lost, Move
from tests.proof.failpoints.scene import BTC, EPOCH, ETH, LIVE, Scene
from tests.proof.failpoints.venue import Window

LOOKING = structs.replace(
    LIVE, exchange=structs.replace(LIVE.exchange, account_seconds=15, account_confirm_seconds=30)
)
CAPPED = structs.replace(
    LOOKING,
    order_types=OrderTypes(entry="limit"),
    unfilledtimeout=UnfilledTimeout(entry=1),
    paper=Paper(Decimal("0.4")),
    exchange=structs.replace(LOOKING.exchange, max_daily_krw=Decimal(300000)),
)
FLAT = (1000,) * 7
ALL = Decimal(1000)  # more coin than there is
HOUR = 3600.0
ACCOUNTS: Mapping[str, Scene] = {
    "a ledger that is older than the account": Scene(
        FLAT,
        (3,),
        exits=(7,),
        config=LOOKING,
        script=(Window("down", ("past",), 250, 256), Window("absent", ("query",), 258, 264)),
        loss=250,
        lost=(
            Lost(f"{BTC}@{EPOCH + 120}/x1", BTC, "ask", Decimal(1), Decimal(101000)),
            Lost(f"{ETH}@{EPOCH + 180}", ETH, "bid", Decimal("0.5"), Decimal(100000)),
        ),
        tail=2,
        exact=False,
        sales=True,
    ),
    "coins sold by hand, and others that leave and return": Scene(
        FLAT,
        (3,),
        others=FLAT,
        config=LOOKING,
        moves=(
            Move(245, BTC, ALL, "sold", Decimal(101000)),
            Move(245, ETH, ALL, "out"),
            Move(285, ETH, ALL, "back"),
            Move(305, ETH, ALL, "out"),
            Move(360, ETH, ALL, "back"),
        ),
        operator=(
            (350, ExplainPair(ETH, "moved", id="moved")),
            (385, AdoptPair(ETH, None, "back")),
        ),
        tail=0,
        exact=False,
        sales=True,
    ),
    "dust that leaves": Scene(
        (1000,) * 4 + (780,) * 3,
        (3,),
        config=structs.replace(LOOKING, stake_amount=Decimal(6000)),
        moves=(Move(365, BTC, ALL, "out"),),
        tail=0,
        watched=True,
        exact=False,
        sales=True,
    ),
    "a key that is refused for an hour while coins are held": Scene(
        (1000,) * 4 + (970,) * 4,
        (3,),
        config=LOOKING,
        script=(Window("key", ("account", "submit"), 250, HOUR + 306),),
        loss=302,
        off=HOUR,
        tail=0,
        exact=False,
        sales=True,
    ),
    "a key that is another one after a loss": Scene(
        FLAT,
        (3,),
        exits=(6,),
        config=LOOKING,
        script=(Window("absent", ("query",), 250, 252),),
        operator=((255, AcceptKey("mine")),),
        loss=250,
        renewed=True,
        tail=1,
        exact=False,
        sales=True,
    ),
    "a day's cap, rows that cannot be read, and two more bots": Scene(
        FLAT,
        (3,),
        others=FLAT,
        config=CAPPED,
        script=(
            Window("odd", ("past",), 0, 68),
            Window("odd", ("account",), 250, 265),
            Window("strange", ("account",), 310, 325),
            Window("copy", ("account",), 350, 365),
        ),
        tail=0,
        exact=False,
        sales=True,
    ),
    "the turn of a year, and what the venue says of its markets": Scene(
        (1000,) * 13,
        (3,),
        exits=(5,),
        others=(1000,) * 13,
        config=structs.replace(LIVE, exchange=structs.replace(LIVE.exchange, account_seconds=600)),
        moves=(Move(10, ETH, Decimal("1.5")),),
        script=(
            Window("down", ("snapshot",), 0, 605),
            Window("odd", ("snapshot",), 605, 675),
            Window("odd", ("markets", "wallets"), 230, 290),
            Window("refused", ("submit",), 300, 301),
        ),
        operator=(
            (90, AdoptPair(ETH, Decimal(100000), "take")),
            (100, ReleasePair(ETH, "leave")),
            (200, TakeSnapshot("by hand")),
        ),
        tail=0,
        watched=True,
        exact=False,
        sales=True,
    ),
}
