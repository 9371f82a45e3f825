"""Owns what the bot's operator does, at its doors: commands, and the configuration's file.

Mostly he lets the bot trade; what he stops he lets go on after a while. A frame may reach a door
twice, which is one command; what he types twice is two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random

from msgspec import structs

from messages.base import Message
from messages.config import Config
from messages.control import (
    AdoptPair,
    CancelOpenOrder,
    ForceEnter,
    ForceExit,
    Kill,
    ReleasePair,
    ReloadConfig,
    StartTrading,
    StopEntry,
    StopTrading,
)

ACTS = {
    "adopt": "coins that are not the bot's become a trade",
    "release": "an adopted trade ends unsold",
    "explain": "coins that left were moved out, or are lost",
    "reload_config": "the file has changed, and is read again",
    "frame twice": "one frame comes to the door twice",
    "typed twice": "he types the same once more",
}
TWICE = 0.2  # of a command to come twice, by one frame or by his hand
STAKES = (Decimal(300000), Decimal(400000), Decimal(499000))
CAPITALS = (Decimal(900_000), Decimal(1_000_000), Decimal(1_100_000))
ROOM = 60.0  # seconds before an order, in which the pair is sold
Said = list[tuple[float, Message]]  # with the seconds until it is said


class Operator:
    """``config`` is what stands in the file; ``last`` gives a pair's price, ``seen`` counts.

    Only what a door cannot see is counted here; what came of the rest, the journal tells.
    """

    def __init__(
        self,
        random: Random,
        pairs: tuple[str, ...],
        config: Config,
        last: Callable[[str], Decimal | None],
        seen: Counter[str],
    ) -> None:
        self.config = config
        self._random, self._pairs, self._last, self._seen = random, pairs, last, seen
        self._moves = 0
        self.typed: list[tuple[str, str]] = []  # ids of the orders that he typed twice

    def move(self) -> Said:
        """One thing that he does, and what it brings with it."""
        random, id, pair = self._random, self._id(), self._random.choice(self._pairs)
        choices: list[Message] = [ForceEnter(pair, id=id)] * 9
        choices += [ForceExit(pair, id), ForceExit("all", id), CancelOpenOrder(pair, id)]
        choices += [CancelOpenOrder(pair, id), StopEntry(id), StopTrading(id), Kill(id)]
        choices += [self._adopt(pair, id)] * 3 + [ReleasePair(pair, id)]
        said = random.choice(choices) if random.random() < 0.9 else self._reload(id)
        every: Said = [(0.0, said)]
        if random.random() < TWICE:
            self._seen["act frame twice"] += 1
            wait = random.choice((0.0, 0.5, 400.0, 1500.0))
            if isinstance(said, ForceEnter) and wait > ROOM:  # were it carried out, it would count
                every.append((wait - ROOM, ForceExit(pair, self._id())))
            every.append((wait, said))
        elif isinstance(said, ForceEnter) and random.random() < TWICE:
            every += self._typed_again(said)
        elif isinstance(said, AdoptPair) and random.random() < 0.5:
            every.append((random.uniform(5.0, 600.0), ReleasePair(pair, self._id())))
        if isinstance(said, StopEntry | StopTrading | Kill):
            every.append((random.uniform(20.0, 400.0), self.start()))
        return every

    def start(self) -> StartTrading:
        """He lets it trade again."""
        return StartTrading(self._id())

    def _id(self) -> str:
        self._moves += 1
        return f"op{self._moves}"

    def _typed_again(self, said: ForceEnter) -> Said:
        """Two words, two orders, once he has made room for the second."""
        again = ForceEnter(said.pair, id=self._id())
        self.typed.append((f"{said.pair}!{said.id}", f"{said.pair}!{again.id}"))
        return [(60.0, ForceExit(said.pair, self._id())), (120.0, again)]

    def _adopt(self, pair: str, id: str) -> AdoptPair:
        """At Upbit's own price, or at the one of the market."""
        return AdoptPair(pair, self._last(pair) if self._random.random() < 0.7 else None, id)

    def _reload(self, id: str) -> ReloadConfig:
        """The file is another from here on, also for a start that comes first."""
        random = self._random
        small = self.config.stake_amount < min(STAKES)
        self.config = structs.replace(
            self.config,
            stake_amount=self.config.stake_amount if small else random.choice(STAKES),
            cooldown_minutes=random.choice((0, 5, 15)),
            max_open_trades=random.choice((2, 3)),
            minimal_roi=random.choice((Decimal("0.011"), Decimal("0.02"))),
            available_capital=random.choice(CAPITALS),
        )
        return ReloadConfig(id, self.config)
