"""A life of two pairs as all owners tell it: right in every figure, so that one can be spoiled."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from msgspec import structs

from core.orders.payload import identifier
from messages.account import DustLost, SoldOutside
from messages.base import Event
from messages.budget import (
    BudgetAdjusted,
    BudgetCredited,
    BudgetRefused,
    BudgetReleased,
    BudgetReserved,
    BudgetSettled,
    SaleEnded,
)
from messages.config import Config
from messages.control import ConfigAdopted
from messages.orders import (
    Order,
    OrderAbsent,
    OrderAccepted,
    OrderClosed,
    OrderFilled,
    OrderFound,
    OrderIntended,
    OrderMissed,
    OrderRefused,
    OrderUncertain,
)
from messages.paper import PaperAccepted, PaperEnded, PaperFilled, PaperOpened, Resting
from messages.trading import (
    DustKept,
    EntryEnded,
    EntryWanted,
    ExitFailed,
    ExitFilled,
    ExitWanted,
    HighRaised,
    TradeClosed,
    TradeIncreased,
    TradeOpened,
    TradeRecord,
    TradeReduced,
)

D = Decimal
A, B = "KRW-A", "KRW-B"
BIRTH = "birth"
CAPITAL = D(1_000_000)
Story = list[tuple[str, Event]]  # who says what
Change = Callable[[Story], Story]


def wanted(id: str, pair: str, krw: str = "10000") -> Story:
    """A wish, and the cash for it."""
    return [
        ("strategist", EntryWanted(id, pair, D(krw), D(1000), "tag", 60, 150.0)),
        ("budget", BudgetReserved(id, pair, D(krw), D(krw) * D("0.0005"), D(1000), 150.0)),
    ]


def intent(order: Order) -> Story:
    """It is sent, and has arrived."""
    name = identifier(BIRTH, order.id)
    return [
        ("gateway", OrderIntended(order, name, "{}")),
        ("paper", PaperAccepted(Resting(order, name, "u", 0.0), D(1))),
        ("gateway", OrderAccepted(order.id, "u")),
    ]


def executed(order: Order, *fills: tuple[str, str, str]) -> Story:
    """Fills of (coin, KRW, fee), and the end, as venue and gateway tell them."""
    told: Story = []
    total = (D(0), D(0), D(0))
    facts = (order.id, order.trade, order.pair, order.side)
    for fill in fills:
        new = tuple(map(D, fill))
        total = (total[0] + new[0], total[1] + new[1], total[2] + new[2])
        told += [
            ("paper", PaperFilled(order.id, new[0], new[1], new[2], 60.0, 60)),
            ("gateway", OrderFilled(*facts, *total, 60.0)),
        ]
    name = identifier(BIRTH, order.id)
    resting = Resting(order, name, "u", 0.0, *total)
    return [
        *told,
        ("paper", PaperEnded(order.id, name, "done", resting)),
        ("gateway", OrderClosed(*facts, "done", *total, 60.0)),
    ]


def entry(id: str, pair: str) -> Story:
    """Ten coins for 10,000 KRW, in two fills."""
    order = Order(id, id, pair, "bid", "price", price=D(10000))
    return [
        *wanted(id, pair),
        *intent(order),
        *executed(order, ("4", "4000", "2"), ("6", "6000", "3")),
        ("budget", BudgetSettled(id, D(4000), D(2))),
        ("budget", BudgetSettled(id, D(10000), D(5))),
        ("budget", BudgetReleased(id, D(0))),
        ("holdings", TradeOpened(id, pair, D(4), D(4000), D(2), D(1000), 60.0, "tag")),
        ("holdings", TradeIncreased(id, pair, D(10), D(10000), D(5), D(1000), 60.0)),
        ("holdings", EntryEnded(id, pair)),
        ("holdings", HighRaised(id, pair, D(1100), 120)),
    ]


def row(trade: str, pair: str, amount: str, krw: str, fee: str, reason: str) -> TradeRecord:
    """So much was sold for so much; each coin has cost 1,000.5."""
    stake, open_fee = D(amount) * 1000, D(amount) / 2
    profit = D(krw) - D(fee) - stake - open_fee
    return TradeRecord(
        trade, pair, 60.0, 180.0, D(1000), D(1100), D(amount), stake, open_fee, D(fee), profit,
        D(0), reason, D(1100), "tag",  # type: ignore[arg-type]
    )  # fmt: skip


def leaving(trade: str, pair: str, number: int, amount: str, reason: str) -> tuple[Order, Story]:
    """An exit is wanted."""
    id = f"{trade}/x{number}"
    wish = ExitWanted(id, trade, pair, D(amount), reason, D(1100), 180, 240.0)  # type: ignore[arg-type]
    return Order(id, trade, pair, "ask", "market", volume=D(amount)), [("holdings", wish)]


def sale(trade: str, pair: str, number: int, amount: str, reason: str, whole: bool) -> Story:
    """An exit at 1,100 KRW a coin."""
    order, told = leaving(trade, pair, number, amount, reason)
    krw, fee = D(amount) * 1100, D(amount) * 1100 * D("0.0005")
    sold = row(trade, pair, amount, str(krw), str(fee), reason)
    return [
        *told,
        *intent(order),
        *executed(order, (amount, str(krw), str(fee))),
        ("budget", BudgetCredited(order.id, krw, fee)),
        ("budget", SaleEnded(order.id)),
        ("holdings", ExitFilled(order.id, trade, pair, D(amount), krw, fee, 180.0)),
        ("holdings", TradeClosed(sold) if whole else TradeReduced(sold)),
    ]


def refused(trade: str, pair: str, number: int, amount: str) -> Story:
    """An exit that the gateway does not intend."""
    order, told = leaving(trade, pair, number, amount, "roi")
    return [
        *told,
        ("gateway", OrderRefused(order.id, trade, pair, "ask", "pair_busy")),
        ("holdings", ExitFailed(order.id, trade, pair, "pair_busy", 0.0)),
    ]


def dust(trade: str, pair: str, amount: str) -> Story:
    """What is left is worth too little: 900 a coin that cost 1,000."""
    value = D(amount) * 900
    kept = structs.replace(row(trade, pair, amount, str(value), "0", "dust"), close_rate=D(900))
    return [("holdings", DustKept(kept, value, "stop_loss"))]


def found_again(id: str, pair: str) -> Story:
    """An entry that was given up as absent exists after all; nothing of it was executed."""
    order = Order(id, id, pair, "bid", "price", price=D(10000))
    name, facts = identifier(BIRTH, id), (id, id, pair)
    return [
        *wanted(id, pair),
        ("gateway", OrderIntended(order, name, "{}")),
        ("gateway", OrderUncertain(*facts[1:], "bid", "timeout")),
        ("gateway", OrderMissed(id, 1)),
        ("gateway", OrderAbsent(*facts, "bid")),
        ("budget", BudgetReleased(id, D(10005))),
        ("paper", PaperAccepted(Resting(order, name, "u", 0.0), D(1))),
        ("gateway", OrderFound(*facts, "bid")),
        ("gateway", OrderAccepted(id, "u")),
        *executed(order),
    ]


def by_hand(trade: str, pair: str) -> Story:
    """All ten coins of a trade were sold at the exchange."""
    sold = row(trade, pair, "10", "11000", "5", "sold_on_exchange")
    return [
        ("holdings", SoldOutside(trade, pair, D(10), D(11000), D(5))),
        ("holdings", TradeClosed(sold)),
        ("budget", BudgetAdjusted(D(10995), "sold_on_exchange")),
    ]


def story() -> Story:
    """All of it; the first trade's second half begins with a refusal."""
    first, second = f"{A}@60", f"{B}@60"
    unfunded = ("strategist", EntryWanted("z", A, D(5), D(1), "tag", 90, 150.0))
    rest = CAPITAL - 10005 + D("5497.25")
    return [
        ("steward", ConfigAdopted(Config(available_capital=CAPITAL), BIRTH)),
        ("paper", PaperOpened(CAPITAL)),
        *entry(first, A),
        *sale(first, A, 1, "5", "partial_exit", whole=False),
        unfunded,
        ("budget", BudgetRefused("z", A, "insufficient_budget", D(5), rest)),
        *refused(first, A, 2, "5"),
        *sale(first, A, 3, "4", "roi", whole=False),
        *dust(first, A, "1"),
        ("holdings", DustLost(A, D(1))),
        *entry(second, B),
        *by_hand(second, B),
        *found_again(f"{B}@600", B),
        *entry(f"{A}@900", A),
        *sale(f"{A}@900", A, 1, "10", "stop_loss", whole=True),
    ]


# --- what spoils it
def place(told: Story, kind: type, nth: int) -> int:
    """Where the nth of a kind stands."""
    return [i for i, (_, event) in enumerate(told) if isinstance(event, kind)][nth]


def lacking(kind: type, nth: int = 0) -> Change:
    """One of them is missing."""
    return lambda told: told[: place(told, kind, nth)] + told[place(told, kind, nth) + 1 :]


def twice(kind: type, nth: int = 0) -> Change:
    """One of them is said twice."""
    return lambda told: (
        told[: place(told, kind, nth)]
        + told[place(told, kind, nth) :][:1]
        + (told[place(told, kind, nth) :])
    )


def other(kind: type, nth: int = 0, **facts: Any) -> Change:
    """One of them says something else."""

    def change(told: Story) -> Story:
        at = place(told, kind, nth)
        source, event = told[at]
        return [*told[:at], (source, structs.replace(event, **facts)), *told[at + 1 :]]

    return change


def also(source: str, event: Event, kind: type, nth: int = 0) -> Change:
    """One more is said behind another."""
    return lambda told: [
        *told[: place(told, kind, nth) + 1],
        (source, event),
        *told[place(told, kind, nth) + 1 :],
    ]


def shuffled(told: Story, seed: int) -> Story:
    """The same, the words of different owners in any order; what one owner says keeps its own."""
    random = Random(seed)
    queues: dict[str, list[tuple[str, Event]]] = {}
    for said in told:
        queues.setdefault(said[0], []).append(said)
    after: Story = []
    while queues:
        source = random.choice(sorted(queues))
        after.append(queues[source].pop(0))
        if not queues[source]:
            del queues[source]
    return after
