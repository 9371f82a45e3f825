"""Owns the names: every metric there is, its kind, its labels, and what it means."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["gauge", "counter", "histogram"]


class Family(Struct, frozen=True):
    """One metric. A counter is shown with ``_total`` behind its name."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str

    @property
    def shown(self) -> str:
        """The name as it is asked for."""
        return f"{self.name}_total" if self.kind == "counter" else self.name


def _family(name: str, kind: Kind, help: str, *labels: str) -> Family:
    return Family(f"jangbu_{name}", kind, labels, help)


# --- how the process is, by its own word
INFO = _family("info", "gauge", "The state directory: always 1.", "mode", "venue", "birth")
UP = _family("up", "gauge", "1 while a bot answers at the control socket.")
READ = _family("journal_read", "gauge", "1 once the journal was read: counters begin then.")
UPTIME = _family("uptime_seconds", "gauge", "Real seconds since the bot's process began.")
MEMORY = _family("memory_bytes", "gauge", "Resident memory of the bot.")
MAILBOX = _family("mailbox_letters", "gauge", "Letters that wait in a mailbox.", "actor")
LETTERS = _family("letters", "counter", "Letters taken since the process began.", "actor")
COMMIT = _family("commit_seconds", "histogram", "Real time of an owner's transaction.", "owner")
WAIT = _family("limiter_wait_seconds", "histogram", "Time a call waited at the limiter.", "group")
WAITING = _family("limiter_waiting", "gauge", "Calls that wait at the limiter.")
FRAMES = _family(
    "price_frames_doubted", "counter",
    "Live frames that did not count, by why; unwitnessed: leaps that counted after their wait.",
    "why",
)  # fmt: skip
LAG = _family("feed_lag_seconds", "gauge", "Age of the newest price, or of the newest candle.")

# --- what is, by the journal
MODE = _family("trading_mode", "gauge", "1 for what the bot may do now.", "mode")
BREAKER = _family("breaker_state", "gauge", "1 for the breaker's state now.", "state")
FRESH = _family("feed_fresh", "gauge", "0 while entries wait for live prices.")
OPEN_TRADES = _family("open_trades", "gauge", "Open trades.")
OPEN_ORDERS = _family("open_orders", "gauge", "Orders that have not ended, by state.", "state")
UNKNOWN = _family("orders_unknown", "gauge", "Orders whose fate is not known.")
UNKNOWN_AGE = _family("order_unknown_age_seconds", "gauge", "Age of the oldest of these.")
EQUITY = _family("equity_krw", "gauge", "First capital, what was earned, open trades as of now.")
REALISED = _family("realised_krw", "gauge", "Earned by all rows that were closed, after fees.")
UNREALISED = _family("unrealised_krw", "gauge", "What the open trades would earn now.")
DRAWDOWN = _family("drawdown_ratio", "gauge", "How far the equity is under its peak.")
CASH = _family("cash_krw", "gauge", "Cash: free, or reserved for entries.", "kind")
ENTRIES = _family("journal_entries", "gauge", "The number of the newest journal entry.")
UNSETTLED = _family("unsettled_entries", "gauge", "Entries that not everybody has taken in.")
LAST = _family("last_entry_timestamp_seconds", "gauge", "When the newest entry was stated.")
LEDGER = _family("ledger_bytes", "gauge", "Size of the ledger's file.")
DISK = _family("disk_free_bytes", "gauge", "Free bytes on its disk.")

# --- how often, by the journal
ORDERS = _family(
    "orders", "counter", "Orders: intended, then filled, unfilled, refused, absent.",
    "side", "outcome",
)  # fmt: skip
WISHES = _family("wishes", "counter", "Decisions to buy or sell.", "side", "reason")
REFUSALS = _family(
    "refusals", "counter", "Entries that were not made, and by whom.", "by", "reason"
)
EXITS = _family("exits", "counter", "Closed rows.", "reason", "result")
FEES = _family("fees_krw", "counter", "Fees of closed rows.")
DOUBTS = _family("order_doubts", "counter", "Orders that became unknown, disputed, found.", "kind")
THROTTLED = _family("throttled", "counter", "Times the venue said 429, by rate group.", "group")
TROUBLES = _family("troubles", "counter", "What should not happen often.", "kind")
STAGE = _family("order_stage_seconds", "histogram", "From one stage to the next.", "stage")

ALWAYS: tuple[Family, ...] = (
    INFO,
    UP,
    READ,
    MODE,
    BREAKER,
    OPEN_TRADES,
    UNREALISED,
    CASH,
    ENTRIES,
    UNSETTLED,
)
ALWAYS += (LAST, LEDGER, DISK, LAG)
OF_THE_JOURNAL: tuple[Family, ...] = (
    FRESH,
    OPEN_ORDERS,
    UNKNOWN,
    UNKNOWN_AGE,
    EQUITY,
    REALISED,
    DRAWDOWN,
)
OF_THE_JOURNAL += (ORDERS, WISHES, REFUSALS, EXITS, FEES, DOUBTS, THROTTLED, TROUBLES, STAGE)
OF_THE_PROCESS = (UPTIME, MEMORY, MAILBOX, LETTERS, COMMIT, WAIT, WAITING, FRAMES)
FAMILIES = (*ALWAYS, *OF_THE_JOURNAL, *OF_THE_PROCESS)
