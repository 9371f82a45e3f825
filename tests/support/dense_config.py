"""The configuration under which runs are compared, and what a run must hold to be worth comparing.

A comparison of two runs proves only what both went through (settled 45). So the rows must tell of
many exits, of every reason, of two pairs that filled in one minute, and of a cut allocation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from msgspec import structs

from messages.config import Config
from messages.trading import UNSOLD, ExitReason

EXITS = 200
# Of a replay without an operator, who alone forces an exit and explains a loss, and without an
# account, which alone shows what was sold or moved by other hands.
REASONS = set(get_args(ExitReason)) - UNSOLD - {"force_exit", "sold_on_exchange", "recovered"}
PARAMS = {"rsi_oversold": 45, "conditions_required": 1}
TIGHTEST = Config(
    dry_run_wallet=Decimal(33000),
    stake_amount=Decimal(10030),  # half of it is just enough to be sold, and soon is not
    max_open_trades=3,
    stoploss=Decimal("-0.006"),
    minimal_roi=Decimal("0.012"),
    trailing_stop_positive=Decimal("0.003"),
    trailing_stop_positive_offset=Decimal("0.008"),
    partial_exit_profit=Decimal("0.004"),
    cooldown_minutes=1,
    startup_candle_count=100,
    strategy_params=PARAMS,
)
STRATEGY = f"{Path(__file__).with_name('strategies.py')}:Leaver"


def environ() -> dict[str, str]:
    """The same for a process: variables that override the defaults, and the strategy's file."""
    plain = Config()
    changed = {
        name: value
        for name, value in structs.asdict(TIGHTEST).items()
        if name != "strategy_params" and value != getattr(plain, name)
    }
    found = changed | PARAMS | {"strategy": STRATEGY}
    return {f"JANGBU__{name.upper()}": str(value) for name, value in found.items()}


def check_tight(rows: Iterable[Mapping[str, Any]]) -> None:
    """Fail unless these rows (of trades, or exported) hold all that a comparison has to meet."""
    listed = [row for row in rows if not row.get("is_open")]
    reasons = Counter(row["exit_reason"] for row in listed)
    assert sum(reasons.values()) >= EXITS, reasons
    assert reasons.keys() >= REASONS, reasons
    assert _together(listed), "no two pairs filled in one minute"
    assert _cut(listed), "no allocation was cut"


def _together(rows: list[Mapping[str, Any]]) -> bool:
    """Whether two pairs filled at one moment; dust is never filled."""
    pairs: defaultdict[Any, set[str]] = defaultdict(set)
    for row in rows:
        pairs[row["open_date"]].add(row["pair"])
        if row["exit_reason"] != "dust":
            pairs[row["close_date"]].add(row["pair"])
    return any(len(found) > 1 for found in pairs.values())


def _cut(rows: list[Mapping[str, Any]]) -> bool:
    """Whether a trade that was sold whole had cost clearly less than the stake."""
    cost: defaultdict[Any, Decimal] = defaultdict(Decimal)
    whole: set[Any] = set()
    for row in rows:
        trade = row["pair"], row["open_date"]
        cost[trade] += Decimal(row["stake_amount"])
        if row["exit_reason"] not in ("partial_exit", "dust"):
            whole.add(trade)
    return any(cost[trade] < TIGHTEST.stake_amount * Decimal("0.9") for trade in whole)
