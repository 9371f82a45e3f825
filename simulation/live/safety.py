"""Owns the laws that bind the bot's conduct: what it says in its journal, and what it then does.

The books at a world's end may come out right by luck; here a promise is broken when it is broken.
Moments are the world's, whatever the bot's clock shows: a leap of that clock, by however much,
silences no one. Only what a clock that leaps *ahead* makes look over is believed to be over.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from itertools import pairwise

from core.market.tick_size import korean_day, tick_size
from core.orders.intents import ALONE_ANSWERS, ALONE_MINUTES
from messages.base import Envelope
from messages.config import Config
from messages.control import ModeTaken
from messages.limits import (
    BreakerClosed,
    BreakerHalfOpened,
    BreakerOpened,
    PaceRegrown,
    PaceShrunk,
    VenueBanned,
)
from messages.market_status import ClockAgreed, ClockDiffered, PairBarred, PairFreed
from messages.orders import Order, OrderAbsent, OrderIntended, OrderRepeated
from messages.recovery import BirthSighted, ExitsAllowed, ExitsBarred, RecoveryBegun
from messages.trading import BookAsked, EntryWanted, ExitWanted
from simulation.live.event_queue import NEVER
from simulation.live.key_law import KeyProperties
from simulation.live.liveness import LivenessProperties

BOOK_SECONDS = 2.0  # that an entry waits for the order book
UNDER_WAY = 1.0  # seconds in which a call that was let out before may still leave
AGAIN_ANSWERS, AGAIN_SECONDS = 5, 20.0  # before a resend: docs/reference/reliability.md 2.2
ASKED_AGAIN = 90.0  # seconds besides its period, within which a look follows any leap
PACED = 10.0  # seconds within which an answer cuts a group's pace, or lets it grow again
GROWS = 2 * 60.0 + PACED  # after its last change a good answer lets it; a leap may double the wait
BESIDE = 900.0  # within which a second bot is seen: looks at the account are far apart


class SafetyProperties:
    """``violations`` are told at the world's end. ``skew`` gives how wrong the bot's clock is."""

    def __init__(self, config: Config, now: Callable[[], float], skew: Callable[[], float]) -> None:
        self._config, self._now, self._skew = config, now, skew
        self.violations: list[str] = []
        self.promises = LivenessProperties(now, self._broken)
        self.key = KeyProperties(now, skew, self._broken)
        self._suspended: dict[str, float] = {}  # since when the bot knows it of a pair's wallet
        self._names: dict[str, tuple[str, str]] = {}  # identifier and side, by the intent's id
        self._denied: defaultdict[str, list[float]] = defaultdict(list)
        self._submits: dict[str, tuple[float, int]] = {}  # the newest of each identifier
        self._intended: set[str] = set()  # identifiers
        self._left: defaultdict[str, deque[float]] = defaultdict(deque)  # by rate group
        self._asked: dict[str, tuple[str, float]] = {}  # the entry that asks for a book, by pair
        self._wishes: set[str] = set()
        self._wish_at = 0.0  # by the bot's clock
        self._paces: dict[str, tuple[int, float]] = {}  # by rate group, and since when
        self._unpaced: dict[str, float] = {}  # since when a group's pace is to change
        self._modes: dict[str, str] = {}  # by who has taken it
        self._wrong_since = NEVER  # since when the bot knows that its clock is
        self.second_at = NEVER  # when a second bot's order was placed, until somebody says start
        self.sighted = False  # that order is said to be another bot's
        self._unread = False  # what was ordered before this ledger's end
        self._forced: set[str] = set()  # identifiers of entries that an operator wants
        self._open_since = self._banned_since = self._born = 0.0
        self._banned_until = 0.0
        self._ahead_at = -NEVER  # when the clock leapt ahead last
        self._unasked = NEVER  # since when the account should have been looked at

    def awake(self) -> None:
        """The bot begins to live, or wakes: one call that was let out may leave only now."""
        self._born = self._now()
        self._left.clear()
        self._unpaced.clear()
        self.promises.awake(self._born)
        self.key.forgiven(self._born)

    def beside(self) -> None:
        """A second bot's order is placed."""
        self.second_at, self.sighted = self._now(), False

    def unseen(self) -> None:
        """It was placed long ago, and nothing has kept the bot from seeing it."""
        if self.second_at < NEVER and not self.sighted:
            self._broken("a second bot bought, and that was not said")

    def leapt(self, seconds: float) -> None:
        """The bot's clock, not the world's."""
        if not seconds:
            return
        now = self._now()
        if seconds > 0:  # what the limiter counts is past then
            self._ahead_at = now
            self._left.clear()
        self.promises.leapt()
        self._unasked = min(self._unasked, now)

    def remember(self) -> Callable[[], None]:
        """Gives what makes the bot's own word that of now again: a ledger forgets what it said."""
        modes, wrong, opened = dict(self._modes), self._wrong_since, self._open_since
        suspended, submits = dict(self._suspended), dict(self._submits)
        wishes, paces = set(self._wishes), dict(self._paces)
        again, key = self.promises.remember(), self.key.remember()

        def restore() -> None:
            self._modes, self._wrong_since, self._open_since = modes, wrong, opened
            # What was sent since may be meant again by the same name: the venue takes it once.
            self._suspended, self._submits, self._wishes = suspended, submits, wishes
            self._paces = paces
            self._unpaced.clear()
            key()
            self._banned_since = self._banned_until = 0.0
            again()

        return restore

    # --- what it says
    def stated(self, envelope: Envelope) -> None:
        """One event that is on the disk."""
        event, now, self._wish_at = envelope.body, self._now(), envelope.at
        self.promises.stated(envelope)
        self._look(now)
        self.key.stated(event)
        match event:
            case OrderIntended(order=order, identifier=identifier):
                self._names[order.id] = identifier, order.side
                self._intended.add(identifier)
                self._priced(order)
                if self._unread:
                    self._broken(f"{order.id} was intended before the past was read")
                if order.tag == "force_entry":
                    self._forced.add(identifier)
            case OrderAbsent(id=id):
                self._patient(id)
            case BookAsked(id=id, pair=pair):
                self._asked[pair] = id, envelope.at
            case OrderRepeated(id=id) if not self._config.exchange.resend:
                self._broken(f"{id} is to be sent again where twins may not be known")
            case EntryWanted() | ExitWanted():
                self._wanted(envelope.source, event)
            case ExitsBarred() | RecoveryBegun():
                self._unread = True
            case ExitsAllowed():
                self._unread = False
            case _:
                self._of_venue(envelope, now)

    def _of_venue(self, envelope: Envelope, now: float) -> None:
        """How the venue is said to be, and what the bot may do."""
        match envelope.body:
            case BreakerOpened():
                self._open_since = now
            case BreakerHalfOpened() | BreakerClosed():
                self._open_since = 0.0
            case VenueBanned(until=until):
                self._banned_since, self._banned_until = now, until - self._skew()
                self.promises.forgiven(self._banned_until)
                self.key.forgiven(self._banned_until)
            case (
                PaceShrunk(group=group, per_second=pace) | PaceRegrown(group=group, per_second=pace)
            ):
                self._paces[group] = pace, now
                self._unpaced.pop(group, None)
            case ModeTaken(mode=mode):
                self._modes[envelope.source] = mode
            case PairBarred(pair=pair, reason="wallet_suspended"):
                self._suspended.setdefault(pair, now)
            case PairFreed(pair=pair, reason="wallet_suspended"):
                self._suspended.pop(pair, None)
            case BirthSighted():
                self.sighted = True
            case ClockDiffered():
                self._wrong_since = now
            case ClockAgreed():
                self._wrong_since = NEVER

    def _wanted(self, source: str, wish: EntryWanted | ExitWanted) -> None:
        """A wish is one that is allowed."""
        mode = self._modes.get(source, "running")
        if isinstance(wish, EntryWanted):
            self._by_book(wish)
            if mode != "running" and wish.tag != "force_entry":
                self._broken("an entry while it was paused")
            if self._now() - max(self._wrong_since, self._born) > UNDER_WAY:
                self._broken("an entry while the clock was known to be wrong")
            known = max(self._suspended.get(wish.pair, NEVER), self._born)
            if self._now() - known > UNDER_WAY:
                self._broken("an entry while the coin's wallet was known to be suspended")
            return
        if mode in ("stopped", "killed") and wish.reason != "force_exit":
            self._broken("an exit while it was stopped")

    def _by_book(self, wish: EntryWanted) -> None:
        """An entry rests on its own order book, heard in time, and can be filled by it."""
        id, asked = self._asked.pop(wish.pair, ("", 0.0))
        if wish.id in self._wishes:
            self._broken(f"{wish.id} is wanted twice")
        self._wishes.add(wish.id)
        if wish.limit is not None and not wish.time_in_force:
            return  # a limit entry has a price of its own
        if wish.id != id or wish.limit is None:
            self._broken(f"{wish.id} is wanted without an order book")
        elif wish.limit < wish.ask or not wish.ask:
            self._broken(f"{wish.id} is wanted below the ask")
        elif self._wish_at - asked > BOOK_SECONDS:
            self._broken(f"{wish.id} is wanted by a book that came late")

    def _priced(self, order: Order) -> None:
        """No entry pays more than its band, or the price one tick above where its decision was."""
        if order.side != "bid" or order.price is None:
            return
        day = korean_day(self._now())
        band = order.reference * (1 + self._config.exchange.max_slippage)
        tick = tick_size(order.reference, day, order.pair)
        if order.price > max(band, order.reference + tick):
            self._broken(f"{order.id} pays up to {order.price}, decided at {order.reference}")

    def _patient(self, id: str) -> None:
        """An order is given up only after the quarantine, counted in the venue's own answers."""
        identifier, side = self._names[id]
        rules, times = self._config.gateway, self._denied[identifier]
        answers, minutes = rules.quarantine_answers, rules.quarantine_minutes
        if side == "ask":
            answers, minutes = min(answers, ALONE_ANSWERS), min(minutes, ALONE_MINUTES)
        most = float(rules.look_up_seconds_max)
        gaps = [min(b - a, most) for a, b in pairwise(times)]
        if len(times) < answers or sum(gaps) + 2 * most < minutes * 60:
            self._broken(f"{id} given up after {len(times)} answers in {sum(gaps):.0f} s")

    # --- what it does
    def sent(self, group: str, side: str, identifier: str) -> None:
        """A request leaves; ``side`` and ``identifier`` of one that places an order, else "" """
        now = self._now()
        since = self._open_since
        if side == "bid" and since and now - since > UNDER_WAY:
            self._broken("an entry left while the breaker was open")
        alone = identifier in self._forced or self._born > self.second_at
        if side == "bid" and not alone and now - self.second_at > BESIDE:
            self._broken("an entry left beside a second bot")
        quiet = self._banned_since + UNDER_WAY < now < self._banned_until
        if quiet and self._ahead_at < self._banned_since:
            self._broken("a request left during a ban")
        if identifier:
            self._submitted(identifier, now)
            self.promises.left(identifier)
        elif group == "default":
            self._unasked = NEVER
        self._paced(group, now)
        self._look(now)

    def _look(self, now: float) -> None:
        """What should have happened by now."""
        self.promises.look()
        since = max(self._unasked, self._born, self._banned_until)
        if now > since + self._config.exchange.account_seconds + ASKED_AGAIN:
            self._unasked = NEVER
            self._broken("the account was not looked at again after a leap of the clock")
        for group, since in [*self._unpaced.items()]:
            if now > since + PACED:
                del self._unpaced[group]
                self._broken(f"the pace of {group} did not follow the venue's answers")
        self.key.look()

    def _submitted(self, identifier: str, now: float) -> None:
        """Never again where twins may not be known; elsewhere after many a "not found"."""
        if identifier not in self._intended:
            self._broken(f"{identifier} left before its intent was on the disk")
        denied = len(self._denied[identifier])
        before = self._submits.get(identifier)
        self._submits[identifier] = now, denied
        if before is None:
            return
        at, count = before
        hasty = denied - count < AGAIN_ANSWERS or now - at < AGAIN_SECONDS
        if not self._config.exchange.resend or (hasty and self._ahead_at < at):
            self._broken(f"{identifier} was sent again after {now - at:.1f} s")

    def _paced(self, group: str, now: float) -> None:
        """Never more of a group in a second than its limit, or than the pace that it was cut to."""
        left = self._left[group]
        left.append(now)
        while left[0] <= now - 1.0:
            left.popleft()
        most = self._most(group)
        pace, since = self._paces.get(group, (most, now))
        if now - since > UNDER_WAY + 1.0:
            most = min(most, pace)
        if len(left) > most:
            self._broken(f"{len(left)} calls of {group} in a second")

    def _most(self, group: str) -> int:
        exchange = self._config.exchange
        limits = {"order": exchange.order_per_second, "default": exchange.default_per_second}
        return limits.get(group, exchange.quotation_per_second)

    def answered(self, group: str, status: int) -> None:
        """An answer has come back to the bot: "too many" cuts the pace, a good one lets it grow."""
        now, most = self._now(), self._most(group)
        pace, since = self._paces.get(group, (most, -NEVER))
        cut = status == 429 and now - since > PACED
        if cut or (status == 200 and pace < most and now - since > GROWS):
            self._unpaced.setdefault(group, now)

    def unheard(self) -> None:
        """What has just come back is lost with the edge that had asked."""
        self._unpaced.clear()

    def denied(self, identifier: str) -> None:
        """An authoritative "not found" has come back to the bot."""
        self._denied[identifier].append(self._now())

    def _broken(self, what: str) -> None:
        self.violations.append(what)
