"""When losses stop entries: freqtrade's four protections, and the loss of a day.

Meanings (freqtrade's documentation, "Protections"): StoplossGuard counts the trades that a stop
ended below ``required_profit`` within its lookback; MaxDrawdown takes the greatest fall of the
summed profit of the trades within its lookback, here as a share of the capital, and locks when it
is exceeded; LowProfitPairs locks a pair whose summed profit ratios stay below ``required_profit``;
CooldownPeriod locks a pair after each of its trades. A lock lasts from the newest trade that
counted for ``stop_duration``, or until ``unlock_at``. Exits never pause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import inf
from typing import assert_never

from msgspec import Struct

from core.money import quotient
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
OF_A_PAIR = ("LowProfitPairs", "CooldownPeriod")
STOPS = ("stop_loss", "trailing_stop_loss")
BOOKED_DAYS = 2  # a trade's end may be of the day before, and counts for the day that runs
_DAY, _KOREA = 86400, 9 * 3600


class EndedTrade(Struct, frozen=True):
    """A trade that is over; ``profit`` is KRW, of all its parts together.

    ``cost``: what they cost, KRW with fees; 0 where no protection asked for it at that time.
    """

    pair: str
    at: float
    reason: ExitReason
    profit: Decimal
    cost: Decimal = ZERO

    @property
    def ratio(self) -> Decimal | None:
        """The profit as a share of the cost; None where that is not known."""
        return quotient(self.profit, self.cost) if self.cost else None


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


def remembered(
    history: Sequence[EndedTrade], closed: EndedTrade, config: Config
) -> tuple[EndedTrade, ...]:
    """The closed trades that some protection may still count, oldest first."""
    longest = max((lookback(p, config) for p in protections(config)), default=0.0)
    return tuple(c for c in (*history, closed) if c.at > closed.at - longest)


def verdicts(history: Sequence[EndedTrade], config: Config) -> Iterable[Lock]:
    """The locks that the newest trade of the history brings about; the longest of a reason."""
    found: dict[tuple[str, str], Lock] = {}
    for lock in _verdicts(history, config):
        known = found.get((lock.pair, lock.reason))
        if known is None or lock.until > known.until:
            found[lock.pair, lock.reason] = lock
    return found.values()


def _verdicts(history: Sequence[EndedTrade], config: Config) -> Iterable[Lock]:
    """Each protection's own."""
    if not history:
        return
    for rule in protections(config):
        alone = rule.method in OF_A_PAIR or (rule.method == "StoplossGuard" and rule.only_per_pair)
        newest = history[-1]
        since = newest.at - lookback(rule, config)
        trades = [c for c in history if c.at > since and (not alone or c.pair == newest.pair)]
        counted = _counted(rule, trades, config)
        if counted:
            pair = newest.pair if alone else EVERY_PAIR
            yield Lock(pair, unlocked(rule, max(c.at for c in counted), config), rule.method)


def _counted(
    rule: Protection, trades: Sequence[EndedTrade], config: Config
) -> Sequence[EndedTrade]:
    """The trades for which a rule locks; none where it does not."""
    match rule.method:
        case "CooldownPeriod":
            return trades[-1:]
        case "StoplossGuard":
            found = [c for c in trades if c.reason in STOPS and _below(c, rule.required_profit)]
            return found if len(found) >= rule.trade_limit else ()
        case "LowProfitPairs":
            ratios = [c.ratio for c in trades if c.ratio is not None]
            low = len(trades) >= rule.trade_limit and ratios
            return trades if low and sum(ratios, ZERO) < rule.required_profit else ()
        case "MaxDrawdown":
            allowed = rule.max_allowed_drawdown * config.capital
            fell = len(trades) >= rule.trade_limit and drawdown(trades) > allowed
            return trades if fell else ()
        case _:
            assert_never(rule.method)


def _below(closed: EndedTrade, required: Decimal) -> bool:
    """Whether a trade earned less than that; where its cost is not known, whether it lost."""
    ratio = closed.ratio
    return closed.profit < 0 if ratio is None or not required else ratio < required


def asks_for_costs(config: Config | None) -> bool:
    """Whether some protection looks at what trades cost."""
    rules = protections(config) if config else ()
    return any(rule.method == "LowProfitPairs" or rule.required_profit for rule in rules)


def lookback(rule: Protection, config: Config) -> float:
    """Seconds that a rule looks back; a rest after each trade looks at that one alone."""
    if rule.method == "CooldownPeriod":
        return 1.0
    if rule.lookback_period_candles is not None:
        return float(rule.lookback_period_candles * config.seconds)
    return rule.lookback_period * 60.0


def duration(rule: Protection, config: Config) -> float:
    """Seconds that a rule's lock lasts at most."""
    if rule.unlock_at:
        return float(_DAY)
    if rule.stop_duration_candles is not None:
        return float(rule.stop_duration_candles * config.seconds)
    return rule.stop_duration * 60.0


def unlocked(rule: Protection, at: float, config: Config) -> float:
    """When the lock of a trade that ended then ends: after its time, or at a time of the day."""
    if not rule.unlock_at:
        return at + duration(rule, config)
    hours, _, minutes = rule.unlock_at.partition(":")
    moment = at // _DAY * _DAY + int(hours) * 3600 + int(minutes) * 60
    return moment if moment >= at else moment + _DAY


def drawdown(trades: Sequence[EndedTrade]) -> Decimal:
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
    seconds = [duration(p, config) for p in protections(config) if p.method == reason]
    if reason == "cooldown" and config.cooldown_minutes:
        seconds.append(config.cooldown_minutes * 60.0)
    return max(seconds, default=inf)


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
