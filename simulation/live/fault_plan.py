"""Owns which faults a world has, how often they strike, and until when: all by its seed.

Swarm: each seed switches a random half of the faults off, so that none hides behind another. In
the calm phase nothing strikes any more, and everything must end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from random import Random

CALM_SECONDS = 5700.0  # a late order's quarantine, an hour of its tombstone, and the end of trades
CALLS = {  # what may become of one request
    "lost": "it never arrives",
    "silent": "it arrives, and the answer is lost",
    "twice": "the line repeats it",
    "late": "it arrives long after the client gave up",
    "echo": "it is answered, and arrives once more much later",
    "refused": "maintenance: a definite no, now and then unheard",
    "down": "5xx for a while; now and then it was done all the same",
    "throttled": "429",
    "banned": "418 for a while",
    "strange": "the answer tells of another order",
    "garbled": "the answer is cut, or no JSON, or holds no figure",
    "unsent": "no connection: not a byte leaves",
}
STREAM = {  # what may become of the stream of prices and of the account's own frames
    "stream cut": "the socket is lost, and comes back",
    "stream stalled": "it says nothing for a while",
    "frame lost": "one frame never comes",
    "frame twice": "one frame comes twice",
    "frame late": "an old price comes after newer ones",
}
GARBLED = {  # what may become of prices; drawn apart, so that they shift nothing else
    "frame zero": "a price of 0, and a candle of nothing but 0",
    "frame off": "one frame is a tenth or more off, alone",
    "frame old": "a frame of a minute ago, with a price that never was",
    "market crashed": "a pair really loses a third of its price within a minute",
}
MACHINE = {
    "killed": "the process dies between two turns",
    "clock forward": "the clock leaps ahead",
    "clock back": "the clock leaps back",
    "slept": "the machine is suspended",
    "disk full": "no commit, for a while",
    "venue failed": "the orders' edge raises",
    "fetcher failed": "the fetcher raises",
    "feed failed": "the feed raises",
    "wish twice": "a wish comes to the gateway once more, past the cursors",
}
LEAPS = {  # of the bot's clock, by hours or days: drawn apart, and no part of the swarm
    "leap forward": "the clock leaps hours or days ahead, and is set right later",
    "leap back": "the clock leaps hours or days back, and is set right later",
    "leap over a restart": "the next start finds the clock far behind the journal's last entry",
}
ACCOUNT = {
    "lag": "look-ups do not show young orders yet",
    "stale": "a look-up shows an order as it was before",
    "date skewed": "the venue's clock, as its answers tell it, is wrong for a while",
    "offline": "a pair is under maintenance",
    "delisted": "a pair is gone for ever",
    "deposit": "the owner pays in, or coin arrives",
    "withdrawal": "the owner takes money out",
    "manual order": "the owner trades by hand",
    "manual sale": "the owner sells what the bot holds",
    "manual cancel": "the owner cancels the bot's order",
}
BOOKS = {  # how a book may be told; drawn apart, so that they shift no other fault
    "book wide": "its asks are far above what orders meet",
    "book one-sided": "it has no asks, or no bids",
    "book lagging": "it is half an hour old",
    "book crossed": "its best bid is above its best ask",
    "book thin": "next to nothing is on offer",
}
GARBLED_SHARE = 0.5  # of the seeds has each of those
APART = {  # drawn each by its own chance (simulation/live/apart.py)
    "wallet suspended": "deposits or withdrawals of a coin are paused for a while",
    "key refused": "every private call is refused for the caller's address, for a while",
}
LATER = {  # drawn apart from the others, which are the same with and without them
    "restored backup": "the ledger is put back from a backup, under a new birth",
    "rolled back": "the ledger is that of some time before, under the same birth",
    "second birth": "another bot of the same make trades on the account",
}
FAULTS = (*CALLS, *STREAM, *MACHINE, *ACCOUNT)
LEAPS_EVERY = 3000.0  # seconds
FAMILIES = ("books", "coins", "leaps", "garbled", "apart", "outside", "later")
RARE_CALLS = 0.006  # of a look-up of a known order, or of a fetch, to be struck
CALL = 0.1  # of another call
LATE = 0.08  # of an order, besides: what comes after it was given up is rare, and matters most


def family_of(seed: int) -> str:
    """The family of later faults that a world has beside its half of the others.

    One of them: each has laws of its own, and a fault of one excuses what another forbids.
    """
    return Random(f"{seed} family").choice(FAMILIES)


class FaultPlan:
    """``on``: the faults of this seed; ``until``: when they end (epoch seconds)."""

    def __init__(
        self, random: Random, until: float, calm: bool = False, apart: Random | None = None
    ) -> None:
        half = random.sample(FAULTS, len(FAULTS) // 2)
        self.on: frozenset[str] = frozenset() if calm else frozenset(half)
        self.crash = 0.0 if calm else random.choice((0.0, 0.003, 0.01))  # of each commit
        self.random, self.until = random, until
        self.seen: Counter[str] = Counter()
        self._calls = sorted(self.on & CALLS.keys())
        self._down_until = 0.0
        self.apart = apart or Random(0)
        names = sorted(GARBLED)
        some = frozenset(name for name in names if self.apart.random() < GARBLED_SHARE)
        self.garbled = frozenset[str]() if calm or apart is None else some
        self.leaping = False

    def let_only(self, *faults: str) -> None:
        """Only these faults, at their usual rates, and no crash."""
        self.on, self.crash = frozenset(faults), 0.0
        self.garbled = frozenset()
        self._calls = sorted(self.on & CALLS.keys())

    def leave_out(self, faults: frozenset[str]) -> None:
        """All but these."""
        self.on -= faults
        self._calls = sorted(self.on & CALLS.keys())

    def calm(self, now: float) -> bool:
        """Whether the faults are over."""
        return now >= self.until

    def strikes(self, name: str, chance: float, now: float) -> bool:
        """Whether this fault happens here; it is counted if it does."""
        if name not in self.on or self.calm(now) or self.random.random() >= chance:
            return False
        self.seen[f"fault {name}"] += 1
        return True

    def garbles(self, name: str, chance: float, now: float) -> bool:
        """The same of a fault of GARBLED."""
        if name not in self.garbled or self.calm(now) or self.apart.random() >= chance:
            return False
        self.seen[f"fault {name}"] += 1
        return True

    def of_call(self, did: str, rarely: bool, now: float) -> str:
        """What befalls a call: a name of CALLS, or ""."""
        if not self._calls or self.calm(now):
            return ""
        fault = "down" if now < self._down_until else ""
        if not fault and did == "submit" and "late" in self.on and self.random.random() < LATE:
            fault = "late"
        if not fault and self.random.random() < (RARE_CALLS if rarely else CALL):
            fault = self.random.choice(self._calls)
            if fault == "down":
                self._down_until = now + self.random.choice((0.0, 30.0, 600.0))
        if fault:
            self.seen[f"fault {fault} {did}"] += 1
        return fault

    def leaps(self, random: Random, now: float) -> list[tuple[float, str, float]]:
        """When the clock leaps, how, and by how many seconds."""
        found: list[tuple[float, str, float]] = []
        self.leaping = bool(self.on)
        if not self.leaping:
            return found
        at = now
        while (at := at + random.expovariate(1 / LEAPS_EVERY)) < self.until:
            name = random.choice(sorted(LEAPS))
            found.append((at, name, random.choice((9 * 3600.0, 3 * 86400.0))))
        return found

    def moments(self, names: Iterable[str], every: float, now: float) -> list[tuple[float, str]]:
        """When these faults strike between now and the calm: each about once in ``every`` s."""
        found: list[tuple[float, str]] = []
        for name in names:
            at = now
            while name in self.on:
                at += self.random.expovariate(1 / every)
                if at >= self.until:
                    break
                found.append((at, name))
        return found
