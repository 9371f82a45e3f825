"""A small sound state directory, and the owners whose events it holds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from messages.base import Envelope
from messages.budget import BudgetCredited
from messages.limits import BreakerOpened, CallFailed
from messages.market import Candle, TakeCandle
from persistence.store import Identity, Record, Store

BORN = Identity("b1rth", "paper", "upbit", "main", "digest", born_at=1756684800.0)


class Cash(Struct, frozen=True):
    """What the budget of these tests knows."""

    krw: Decimal = Decimal(0)
    sales: tuple[str, ...] = ()


class Count(Struct, frozen=True):
    """What the breaker of these tests knows."""

    failures: int = 0


def cash(state: Cash, event: Any) -> Cash:
    """Adds a sale; the same one twice is an error."""
    if event.id in state.sales:
        raise ValueError(f"{event.id} twice")
    return Cash(state.krw + event.funds, (*state.sales, event.id))


def count(state: Count, event: Any) -> Count:
    """Counts failures."""
    return replace(state, failures=0 if isinstance(event, BreakerOpened) else event.failures)


FOLDS: dict[str, Any] = {"budget": (Cash, cash, Cash()), "breaker": (Count, count, Count())}


def candle(time: int, price: int = 100) -> Candle:
    """A candle whose prices are all the same."""
    return Candle(time, *[Decimal(price)] * 5)


def sale(number: int) -> BudgetCredited:
    """The event of one sale."""
    return BudgetCredited(f"sale{number}", Decimal(number), Decimal("0.5"))


def taken(store: Store, name: str, cursors: dict[str, int]) -> dict[str, int]:
    """The cursors of an owner who has just taken in the newest entry, if another stated it."""
    last = store.last()
    return {**cursors, last.source: last.number} if last and last.source != name else cursors


def sell(store: Store, turn: int) -> list[Envelope]:
    """One turn of the budget: two sales, the second of them kept, and a cursor moved."""
    record = store.load("budget", Cash) or Record(Cash())
    state, letters = record.state, []
    last = store.count()
    for number in (2 * turn, 2 * turn + 1):
        state = cash(state, sale(number))
        prompt = TakeCandle(turn) if not letters else None
        letters.append(
            Envelope(sale(number), float(turn), "budget", f"t{turn}", last, 0, prompt=prompt)
        )
    found = taken(store, "budget", record.cursors)
    kept = {letters[1].body.id: letters[1].body}
    return store.commit("budget", Record(state, found), letters, kept, last)


def fail(store: Store, turn: int) -> list[Envelope]:
    """One turn of the breaker, which takes in the budget's newest event."""
    event, last = CallFailed(turn), store.count()
    record = Record(Count(turn), taken(store, "breaker", store.cursors("breaker")))
    return store.commit(
        "breaker", record, [Envelope(event, float(turn), "breaker", cause=last)], {}, last
    )


def fill(store: Store, turns: int = 30) -> None:
    """Let both owners take turns; afterwards everything in the directory is in use."""
    for turn in range(turns):
        sell(store, turn)
        fail(store, turn)
        store.archive(
            [("KRW-BTC", candle(60 * turn)), ("KRW-ETH", candle(60 * turn))], store.count()
        )
    store.note("feed", b"here")


def make(path: Path, turns: int = 30) -> Path:
    """A sound state directory, closed."""
    with Store.create(path, BORN, sync=False) as store:
        fill(store, turns)
    return path
