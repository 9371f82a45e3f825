"""Owns when losses stop entries: freqtrade's StoplossGuard and MaxDrawdown, and a daily loss.

Meanings (freqtrade's documentation, "Protections"): StoplossGuard counts the losing trades that
a stop ended within its lookback; MaxDrawdown takes the greatest fall of the summed profit of the
trades within its lookback, here as a share of the capital, and locks when it is exceeded. A lock
lasts ``stop_duration`` from the newest trade that counted. Exits never pause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import inf

from msgspec import Struct

from core.waits import runs
from messages.config import Config, Protection
from messages.trading import ExitReason

ZERO = Decimal(0)
EVERY_PAIR = "*"
USUAL = (
    Protection("StoplossGuard", lookback_period=1440, trade_limit=4, stop_duration=720),
    Protection(
        "MaxDrawdown",
        lookback_period=2880,
        stop_duration=1440,
        max_allowed_drawdown=Decimal("0.10"),
    ),
)
USUAL_DAILY_LOSS = Decimal("0.05")  # of the capital
STOPS = ("stop_loss", "trailing_stop_loss")
BOOKED_DAYS = 2  # a trade's end may be of the day before, and counts for the day that runs
_DAY, _KOREA = 86400, 9 * 3600


class Closed(Struct, frozen=True):
    """A trade that is over; ``profit`` is KRW, of all its parts together."""

    pair: str
    at: float
    reason: ExitReason
    profit: Decimal


class Day(Struct, frozen=True):
    """What was realised in a trading day, KRW, and when that day ends (epoch seconds)."""

    ends: float = 0.0
    profit: Decimal = ZERO


class Lock(Struct, frozen=True):
    """No entry in the pair ("*" = in any) until then (epoch seconds)."""

    pair: str
    until: float
    reason: str


def protections(config: Config) -> tuple[Protection, ...]:
    """Those in force: as configured, else none in a dry run and the usual ones when live."""
    if config.protections is not None:
        return config.protections
    return () if config.dry_run else USUAL


def daily_loss_limit(config: Config) -> Decimal | None:
    """KRW lost in a day at which entries stop; None when there is no such limit."""
    if config.max_daily_loss_krw is not None or config.dry_run:
        return config.max_daily_loss_krw
    return config.capital * USUAL_DAILY_LOSS


def remembered(history: Sequence[Closed], closed: Closed, config: Config) -> tuple[Closed, ...]:
    """The closed trades that some protection may still count, oldest first."""
    longest = max((p.lookback_period for p in protections(config)), default=0) * 60
    return tuple(c for c in (*history, closed) if c.at > closed.at - longest)


def verdicts(history: Sequence[Closed], config: Config) -> Iterable[Lock]:
    """The locks that the newest trade of the history brings about; the longest of a reason."""
    found: dict[tuple[str, str], Lock] = {}
    for lock in _verdicts(history, config):
        known = found.get((lock.pair, lock.reason))
        if known is None or lock.until > known.until:
            found[lock.pair, lock.reason] = lock
    return found.values()


def _verdicts(history: Sequence[Closed], config: Config) -> Iterable[Lock]:
    """Each protection's own."""
    if not history:
        return
    for rule in protections(config):
        since = history[-1].at - rule.lookback_period * 60
        trades = [c for c in history if c.at > since]
        pair = EVERY_PAIR
        if rule.method == "StoplossGuard":
            if rule.only_per_pair:
                pair = history[-1].pair
                trades = [c for c in trades if c.pair == pair]
            trades = [c for c in trades if c.reason in STOPS and c.profit < 0]
            locks = len(trades) >= rule.trade_limit
        else:
            allowed = rule.max_allowed_drawdown * config.capital
            locks = len(trades) >= rule.trade_limit and drawdown(trades) > allowed
        if locks:
            yield Lock(pair, max(c.at for c in trades) + rule.stop_duration * 60, rule.method)


def drawdown(trades: Sequence[Closed]) -> Decimal:
    """The greatest fall of the summed profit from a former height, in KRW; the first one is 0."""
    total = peak = worst = ZERO
    for closed in trades:
        total += closed.profit
        peak = max(peak, total)
        worst = max(worst, peak - total)
    return worst


def locks_at(until: float, reason: str, at: float, config: Config) -> bool:
    """Whether a lock that ends then holds at this moment.

    One further ahead than its reason can make it was set by a clock that has been set back since,
    and is over. What no rule of the configuration makes any more ends when it was to end.
    """
    # It is set by the moment of a fill and looked at by that of a candle's close, which is earlier.
    return runs(until, at, longest_lock(reason, config) + config.seconds + 60.0)


def longest_lock(reason: str, config: Config) -> float:
    """Seconds that a lock of this reason lasts at most."""
    if reason == "max_daily_loss_krw":
        return float(BOOKED_DAYS * _DAY)
    minutes = [p.stop_duration for p in protections(config) if p.method == reason]
    if reason == "cooldown" and config.cooldown_minutes:
        minutes.append(config.cooldown_minutes)
    return max(minutes) * 60.0 if minutes else inf


# --- the trading day
def day_end(at: float, day_starts_at: str) -> float:
    """When the trading day of this moment ends; days begin at ``HH:MM`` KST, which has no DST."""
    hours, _, minutes = day_starts_at.partition(":")
    start = int(hours) * 3600 + int(minutes) * 60 - _KOREA
    return float(((at - start) // _DAY + 1) * _DAY + start)


def day_after(day: Day, at: float, profit: Decimal, config: Config) -> Day:
    """The day's figure with one more profit or loss; a new day begins at nothing."""
    if at >= day.ends:
        return Day(day_end(at, config.day_starts_at), profit)
    if day.ends > at + BOOKED_DAYS * _DAY:  # the clock was set back: what was lost, today was
        return Day(day_end(at, config.day_starts_at), day.profit + profit)
    return Day(day.ends, day.profit + profit)


def day_lock(day: Day, config: Config) -> Lock | None:
    """The lock until the day's end when its loss has reached the limit."""
    limit = daily_loss_limit(config)
    if limit is None or day.profit > -limit:
        return None
    return Lock(EVERY_PAIR, day.ends, "max_daily_loss_krw")
