"""What is said to people, and what an actor says when it fails."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from messages.base import Command, Event, Report

Level = Literal["info", "warning", "critical"]

# Every notice there is, and its facts. All facts are text: KRW (price krw fee profit needed free)
# and coin (volume) in plain decimal notation, ``ratio`` a fraction, ``until`` and ``since`` epoch
# seconds, ``lasting`` so many seconds, shown in hours, ``conditions`` and ``tag`` names with spaces
# between, ``reason`` a name in snake_case (of ours, or Upbit's), ``text`` Upbit's own words or
# nothing, ``ending`` why an order ended as it did, as core/orders/end_reason.py writes it.
NOTICES: dict[str, tuple[str, ...]] = {
    # what was seen, and why nothing came of it
    "entry_signal": ("pair", "price", "krw", "tag"),
    "entry_cut": ("pair", "krw", "stake", "cap"),  # krw instead of stake; cap may be ``free_cash``
    "entry_unpriced": ("pair", "krw", "tag"),  # at no candle: an operator's
    "entry_vetoed": ("pair", "reason", "conditions"),
    "ask_above_band": ("pair", "conditions", "ask", "price", "above", "allowed"),  # shares in %
    "entry_unfunded": ("pair", "reason", "needed", "free"),
    "entry_refused": ("pair", "reason", "text"),
    "exit_signal": ("pair", "price", "volume", "reason"),
    "exit_unpriced": ("pair", "volume", "reason"),  # at no candle: forced
    "exit_refused": ("pair", "reason", "text"),
    "exit_locked": ("pair", "volume", "price", "uuid"),  # by an order that is not ours
    # what was done
    "entry_filled": ("pair", "volume", "price", "krw", "fee"),
    "entry_filled_cut": ("pair", "volume", "price", "krw", "stake", "cap", "fee"),
    "entry_part_filled": ("pair", "volume", "price", "krw", "fee", "ending"),
    "entry_unfilled": ("pair", "ending"),
    "exit_filled": ("pair", "volume", "price", "krw", "profit", "ratio", "reason"),
    "exit_part_filled": ("pair", "volume", "price", "krw", "profit", "ratio", "reason"),
    "trade_dust": ("pair", "volume", "krw", "profit", "ratio"),
    # what is not known
    "order_uncertain": ("pair", "side", "reason"),
    "order_arrived": ("pair", "side"),  # the unknown is over
    "order_found": ("pair", "side"),  # after it had been given up
    "order_absent": ("pair", "side"),
    "order_disputed": ("pair", "reason"),
    "exit_unresolved": ("pair", "seconds"),  # said again and again while it lasts
    "dispute_settled": ("pair",),
    # the account
    "account_reconciled": (),
    "coins_left": ("pair", "volume", "coin", "until"),
    "coins_back": ("pair",),
    "coins_moved_out": ("pair", "volume", "krw"),
    "coins_returned": ("pair", "volume", "krw", "coin"),
    "coins_lost": ("pair", "volume", "profit"),
    "cash_adjusted": ("krw", "reason"),
    "cash_left": ("krw",),
    "trade_released": ("pair", "volume"),
    "account_shut": ("reason",),
    "account_opened": (),
    # what it knows of our past that this ledger does not; ``since`` is when that was
    "past_unread": ("reason", "since"),
    "exits_go_on_unread": ("since",),
    "rows_unread": ("count", "rows", "since"),
    "sale_unread": ("identifier", "pair"),
    "order_unread": ("identifier",),
    "recovery_begun": ("orders", "since"),
    "sale_found": ("pair", "volume", "price", "krw", "since"),
    "purchase_found": ("pair", "volume", "price", "krw", "since"),
    "stray_sale_found": ("pair", "volume", "price", "krw", "since"),
    "recovery_ended": ("orders",),
    "account_found": ("account", "identifier"),
    "account_taken": ("account",),
    "account_denied": ("account", "pairs"),
    "second_birth": ("identifier", "pair", "since"),
    "stops_disabled": ("reason", "since", "stops"),  # PAIR=VOLUME@STOP each; said hourly
    "stops_enabled": ("lasting",),  # so long no stop worked
    "snapshot_taken": ("year", "count"),
    "snapshot_late": ("year", "count", "lasting"),  # so long after the year's begin
    "snapshot_missed": ("year", "lasting", "reason"),  # and is tried again
    "snapshot_lost": ("year",),
    "snapshot_by_hand": ("count",),
    "snapshot_partial": ("count", "unread"),  # currencies that it lacks
    "snapshot_failed": ("reason",),
    "coin_unread": ("pair",),  # "KRW" = the cash, "*" = a row that does not say whose it is
    "coin_read": ("pair",),
    # what the venue says of its markets, of our key and of the time
    "pair_barred": ("pair", "reason", "detail"),  # a day, a rate, an amount, or Upbit's word
    "held_barred": ("pair", "reason", "detail"),  # of a coin that is held: said daily
    "pair_freed": ("pair", "reason"),
    "key_ending": ("until", "days"),
    "clock_differs": ("off",),  # seconds with their sign: + is ahead of the venue
    "clock_agrees": (),
    # the venue, and the bot itself
    "breaker_opened": ("failures", "until"),
    "breaker_probed": (),
    "breaker_closed": (),
    "venue_banned": ("until",),
    "pace_shrunk": ("group", "per_second"),
    "pair_locked": ("pair", "until", "reason"),
    "mode_changed": ("mode",),
    "config_adopted": ("strategy", "timeframe", "pairs", "stake"),
    "space_short": ("reason", "megabytes", "used"),  # free on the disk; used in %, of the map
    "space_regained": (),
    "price_refused": ("pair", "price", "last_price", "reason", "count"),  # since the last one
    "price_unwitnessed": ("pair", "price", "last_price", "count"),
    "feed_stale": ("seconds",),
    "feed_fresh": ("lasting",),  # so long no stop was watched
    "invariant_broken": ("invariant", "where", "expected", "found", "evidence"),
    "actor_failed": ("name", "reason"),  # said by whoever supervises, not by the notifier
    # once an hour; the quiet one says that there were no signals
    "summary": ("since", "signals", "entries", "exits", "profit", "refusals"),
    "summary_quiet": ("since", "entries", "exits", "profit", "refusals"),
}


class ShowNotice(Command):
    """Say this: a catalogue key and its facts, rendered in the reader's language at the rim."""

    level: Level
    key: str
    facts: dict[str, str] = {}
    at: float = 0.0
    trace: str = ""  # the workflow that it is of, and
    entry: int = 0  # the journal entry that led to it, 0 when none: told by the herald


class SummaryDue(Command):
    """The notifier's alarm: an hour has passed. ``since`` is the start of the bot."""

    since: float = 0.0


class SummaryGiven(Event):
    """An hourly summary was given; its counts begin again. ``due``: when the next one is, 0 = at
    the next full hour."""

    at: float
    due: float = 0.0


class NoticeCounted(Event):
    """Volatile: something for the next summary. ``profit`` is KRW, of an exit."""

    kind: Literal["signal", "entry", "exit", "refusal"]
    profit: Decimal = Decimal(0)


class SkipNotice(Command):
    """From the notifier to the steward, who journals it: it failed twice at this event."""

    number: int
    reason: str


class NoticeSkipped(Event):
    """An event at which the notifier failed twice; it goes on behind it."""

    number: int
    reason: str


class ActorFailed(Report):
    """An actor has raised, or (``wanted``) the process is to be started again on purpose."""

    name: str
    reason: str
    wanted: bool = False
