"""freqtrade's keys that are read differently here, or not at all, and the way out of each.

Names as in freqtrade's configuration reference, its page "Configuration".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOVED = {  # its key -> ours, which says the same
    "exchange.pair_whitelist": "pair_whitelist",
    "exchange.pair_blacklist": "pair_blacklist",
    "pairlists": "pair_whitelist",
    "entry_pricing": "order_types.entry",
    "exit_pricing": "order_types.exit",
    "bid_strategy": "order_types.entry",
    "ask_strategy": "order_types.exit",
    "tradable_balance_ratio": "available_capital",
    "fee": "fee_rate",
    "trailing_only_offset_is_reached": "trailing_stop_positive_offset",
    "ticker_interval": "timeframe",
    "position_adjustment_enable": "partial_exit_profit, partial_exit_ratio",
    "max_entry_position_adjustment": "partial_exit_profit, partial_exit_ratio",
    "strategy_path": 'strategy: "file.py:Class"',
    "timerange": "--timerange",
    "db_url": "--state-dir",
    "user_data_dir": "--state-dir",
    "fiat_display_currency": "language",
    "telegram.notification_settings": "notify.rules",
    "telegram.enabled": "telegram.notices, telegram.commands",
}
SECRET = frozenset(
    {
        *("exchange.key", "exchange.secret", "exchange.password", "exchange.uid"),
        *("telegram.token", "telegram.chat_id", "telegram.topic_id", "telegram.authorized_users"),
    }
)
FIXED = frozenset(  # one way only: the key has nothing to choose
    {
        "stake_currency",
        "trading_mode",
        "margin_mode",
        "process_only_new_candles",
        "use_exit_signal",
        "exit_profit_only",
        "exit_profit_offset",
        "ignore_roi_if_entry_signal",
        "ignore_buying_expired_candle_after",
        "amend_last_stake_amount",
        "last_stake_amount_min_ratio",
        "cancel_open_orders_on_exit",
        "force_entry_enable",
        "initial_state",
        "order_types.stoploss",
        "order_types.stoploss_on_exchange",
        "order_types.stoploss_on_exchange_interval",
        "order_types.emergency_exit",
        "order_types.force_entry",
        "order_types.force_exit",
        "order_time_in_force",
        "unfilledtimeout.exit",
        "unfilledtimeout.exit_timeout_count",
        "exchange.ccxt_config",
        "exchange.ccxt_async_config",
        "exchange.ccxt_sync_config",
        "exchange.markets_refresh_interval",
        "exchange.enable_ws",
    }
)
ABSENT = frozenset(
    {
        "edge",
        "webhook",
        "discord",
        "api_server",
        "external_message_consumer",
        "freqai",
        "bot_name",
        "internals",
        "dataformat_ohlcv",
        "dataformat_trades",
        "add_config_files",
        "log_config",
        "recursive_strategy_search",
        "custom_price_max_distance_ratio",
        "$schema",
    }
)


def way_out(path: str, value: Any) -> tuple[str, Mapping[str, str]] | None:
    """Catalogue key and facts of what to do instead; None when the key is not freqtrade's.

    ``path`` is without list indices: ``protections.method``.
    """
    name = path.removeprefix("protections.")
    if path == "trailing_stop":
        return "freqtrade_trailing_stop", {}
    if name == "only_per_side":
        return "freqtrade_side", {}
    if name == "calculation_mode":
        return "freqtrade_fall", {}
    if path in SECRET:
        return "freqtrade_secret", {}
    if name in MOVED:
        return "freqtrade_moved", {"target": MOVED[name]}
    if name in FIXED:
        return "freqtrade_fixed", {}
    return ("freqtrade_absent", {}) if name in ABSENT else _meant(path, value)


def _meant(path: str, value: Any) -> tuple[str, Mapping[str, str]] | None:
    """Keys that we have too, with a value that means something else there."""
    match path, value:
        case "minimal_roi", {**table}:
            first = next(iter(table.values()), "0.10")
            return "freqtrade_minimal_roi", {"example": str(first)}
        case "stake_amount", str(text) if text.lower() == "unlimited":
            return "freqtrade_unlimited", {}
        case "max_open_trades", -1:
            return "freqtrade_endless", {}
        case "dry_run_wallet", {**table}:
            return "freqtrade_wallet", {"example": str(table.get("KRW", 1000000))}
        case "order_types.exit", "limit":
            return "freqtrade_exit", {}
    return None
