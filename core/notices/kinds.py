"""Owns which notices go to messengers, of what kind each is, and in which hours it waits."""

from __future__ import annotations

from types import MappingProxyType

from messages.notification_config import Kind, NoticeRule, Notify
from messages.notification_delivery import Notice

OF_KIND: dict[Kind, tuple[str, ...]] = {
    "signals": ("entry_signal", "entry_unpriced", "entry_cut", "exit_signal", "exit_unpriced"),
    "refusals": ("entry_vetoed", "ask_above_band", "entry_unfunded", "entry_refused"),
    "trades": (
        *("entry_filled", "entry_filled_cut", "entry_part_filled", "entry_unfilled"),
        *("exit_filled", "exit_part_filled", "trade_dust"),
    ),
    "orders": (
        *("order_uncertain", "order_arrived", "order_found", "order_absent", "order_disputed"),
        *("exit_refused", "exit_locked", "exit_unresolved", "dispute_settled"),
    ),
    "account": (
        *("account_reconciled", "cash_adjusted", "trade_released", "cash_left"),
        *("coins_left", "coins_back", "coins_moved_out", "coins_returned", "coins_lost"),
        *("account_shut", "account_opened", "key_ending", "past_unread", "exits_go_on_unread"),
        *("account_found", "account_taken", "account_denied"),
        *("rows_unread", "sale_unread", "order_unread"),
        *("recovery_begun", "sale_found", "stray_sale_found", "purchase_found", "recovery_ended"),
        *("stops_disabled", "stops_enabled", "snapshot_taken", "snapshot_late"),
        *("snapshot_missed", "snapshot_lost", "snapshot_by_hand", "snapshot_failed"),
        "snapshot_partial",
        *("coin_unread", "coin_read"),
    ),
    "market": (
        *("pair_barred", "held_barred", "pair_freed", "pair_locked", "breaker_opened"),
        *("breaker_probed", "breaker_closed", "venue_banned", "pace_shrunk"),
        *("feed_stale", "feed_fresh", "price_refused", "price_unwitnessed"),
    ),
    "summary": ("summary", "summary_quiet"),
}
KINDS = MappingProxyType({key: kind for kind, keys in OF_KIND.items() for key in keys})
# What is told where nobody has said otherwise: what was done and what is wrong, not what was
# seen; refusals only in the summary, and that one in the morning.
USUAL = {
    "signals": NoticeRule("signals", "off"),
    "refusals": NoticeRule("refusals", "off"),
    "summary": NoticeRule("summary", "info", "22:00-08:00"),
}
RESTS = ("cooldown", "CooldownPeriod", "unfilled")  # of a pair, after what is told already
LEVELS = ("info", "warning", "critical")
KST_SECONDS = 9 * 3600.0
DAY = 86400.0


def kind_of(notice: Notice) -> Kind:
    """The kind of a notice; what nobody listed is about the bot itself."""
    if notice.key == "pair_locked" and notice.facts.get("reason") in RESTS:
        return "signals"  # every full exit and every unfilled entry is followed by one
    return KINDS.get(notice.key, "bot")


def rule_of(notice: Notice, notify: Notify) -> NoticeRule:
    """What holds for a notice."""
    kind = kind_of(notice)
    given = next((rule for rule in notify.rules if rule.kind == kind), None)
    return given or USUAL.get(kind) or NoticeRule(kind)


def wanted(notice: Notice, notify: Notify) -> bool:
    """Whether it goes to messengers."""
    level = rule_of(notice, notify).level
    if notice.level == "critical":
        return True
    return level != "off" and LEVELS.index(notice.level) >= LEVELS.index(level)


def held_until(notice: Notice, notify: Notify, at: float) -> float:
    """The moment (epoch seconds) up to which it waits; 0 when it may go now."""
    hours = rule_of(notice, notify).quiet
    if notice.level == "critical" or not hours:
        return 0.0
    begin, end = (_seconds(clock) for clock in hours.split("-"))
    time = (at + KST_SECONDS) % DAY
    if (time - begin) % DAY >= (end - begin) % DAY:
        return 0.0
    return at + (end - time) % DAY


def _seconds(clock: str) -> float:
    hours, minutes = clock.split(":")
    return int(hours) * 3600.0 + int(minutes) * 60.0
