"""Every tunable number, with its meaning and its allowed range beside it.

Names are freqtrade's where it has one. Levels are gross: measured on prices, before fees.
``extra`` of a field holds its range: ``above``/``below`` exclude the bound, ``least``/``most``
include it. The ranges are enforced where the file is read, not here: a journaled configuration
must decode for ever.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Struct, field

from messages.exchange import Exchange as Exchange
from messages.exchange import described as _d
from messages.notification_config import Logs, Notify, Telegram

TIMEFRAMES = {"1m": 60, "3m": 180, "5m": 300, "10m": 600, "15m": 900, "30m": 1800, "1h": 3600}
TIMEFRAMES |= {"4h": 14400, "1d": 86400}

Timeframe = Literal["1m", "3m", "5m", "10m", "15m", "30m", "1h", "4h", "1d"]

LIVE_CAPITAL = Decimal(200000)  # KRW, until the owner says otherwise
Krw = Annotated[Decimal, _d("KRW", above=0, most=10**12)]


class OrderTypes(Struct, frozen=True):
    """How orders go out."""

    entry: Annotated[Literal["market", "limit"], _d("a limit entry asks the candle's close")] = (
        "market"
    )
    exit: Annotated[Literal["market"], _d("exits are market orders")] = "market"


class UnfilledTimeout(Struct, frozen=True):
    """How long a limit entry may stay open."""

    entry: Annotated[int, _d("after this it is cancelled, its fills kept", least=1, most=10080)] = (
        10
    )
    unit: Annotated[Literal["seconds", "minutes"], _d("unit of entry")] = "minutes"


class Protection(Struct, frozen=True):
    """A rule that stops entries after losses; freqtrade's methods and keys.

    A key that a method does not use is read and changes nothing, as in freqtrade.
    """

    method: Annotated[
        Literal["StoplossGuard", "MaxDrawdown", "LowProfitPairs", "CooldownPeriod"],
        _d("which rule"),
    ]
    lookback_period: Annotated[int, _d("minutes looked back", least=1, most=525600)] = 1440
    trade_limit: Annotated[int, _d("closed trades it takes", least=1, most=10000)] = 1
    stop_duration: Annotated[int, _d("minutes without entries", least=1, most=525600)] = 720
    max_allowed_drawdown: Annotated[Decimal, _d("share of the capital", above=0, most=1)] = Decimal(
        "0.10"
    )
    only_per_pair: Annotated[bool, _d("StoplossGuard: count and lock each pair alone")] = False
    required_profit: Annotated[
        Decimal, _d("profit ratio below which a trade or a pair counts", above=-1, most=100)
    ] = Decimal(0)
    lookback_period_candles: Annotated[
        int | None, _d("candles looked back, in place of minutes", least=1, most=100000)
    ] = None
    stop_duration_candles: Annotated[
        int | None, _d("candles without entries, in place of minutes", least=1, most=100000)
    ] = None
    unlock_at: Annotated[str, _d("UTC, when entries go on (HH:MM), in place of a duration")] = ""


class Paper(Struct, frozen=True):
    """The paper venue."""

    fill_share: Annotated[
        Decimal, _d("share of an order that each price fills", above=0, most=1)
    ] = Decimal(1)


class Breaker(Struct, frozen=True):
    """When the venue does not answer."""

    failures: Annotated[int, _d("failures in a row that open the breaker", least=1, most=1000)] = 3
    pause_seconds: Annotated[int, _d("pause before a probe", least=1, most=86400)] = 300


class Gateway(Struct, frozen=True):
    """How an order's fate is followed."""

    look_up_seconds: Annotated[
        Decimal, _d("first wait of a look-up; doubles", above=0, most=60)
    ] = Decimal("0.5")
    look_up_seconds_max: Annotated[Decimal, _d("longest wait of a look-up", above=0, most=600)] = (
        Decimal(10)
    )
    open_seconds: Annotated[int, _d("how often an open order is looked at", least=1, most=600)] = 30
    quarantine_minutes: Annotated[
        int, _d("not-found answers must go on this long", least=1, most=1440)
    ] = 15
    quarantine_answers: Annotated[int, _d("not-found answers it takes", least=2, most=10000)] = 30
    tombstone_seconds: Annotated[
        int, _d("how often a given-up order is asked for", least=10, most=86400)
    ] = 300
    tombstone_hours: Annotated[int, _d("for how long", least=1, most=720)] = 48
    tombstone_days: Annotated[int, _d("and then daily, for so long", least=0, most=365)] = 30


class Bounds(Struct, frozen=True):
    """Bounds of queues, restarts and files."""

    mailbox_max: Annotated[
        int, _d("letters an owner's mailbox may hold", least=1000, most=10**8)
    ] = 1000000
    actor_restarts: Annotated[int, _d("restarts of an actor in the window", least=0, most=1000)] = (
        20
    )
    process_restarts: Annotated[
        int, _d("restarts of the bot in the window", least=0, most=1000)
    ] = 5
    restart_window_seconds: Annotated[int, _d("that window", least=1, most=86400)] = 60
    disk_reserve_mb: Annotated[
        int, _d("free disk below which entries stop", least=1, most=10**6)
    ] = 64


class Config(Struct, frozen=True):
    """config.json. Keys of the strategy's own stand beside these and are kept apart here."""

    dry_run: Annotated[bool, _d("paper money; false trades live")] = True
    feed: Annotated[
        Literal["recording", "upbit"], _d("candles of a recording, or Upbit's prices as they come")
    ] = "recording"
    exchange: Exchange = Exchange()
    strategy: Annotated[str, _d('a built-in name, or "file.py:Class"')] = "rsi_macd_bollinger"
    timeframe: Annotated[Timeframe, _d("length of a candle")] = "1m"
    pair_whitelist: Annotated[
        tuple[str, ...] | str, _d('pairs traded; "KRW-*" = every one that the feed has')
    ] = "KRW-*"
    pair_blacklist: Annotated[tuple[str, ...], _d("pairs never entered")] = ()
    min_turnover_krw: Annotated[
        Decimal, _d('of "KRW-*" live: least turnover of 24 hours, KRW', least=0, most=10**15)
    ] = Decimal(5_000_000_000)
    min_days_listed: Annotated[
        int, _d('of "KRW-*" live: least age of a market in days', least=0, most=180)
    ] = 7
    trade_cautioned: Annotated[
        bool, _d('of "KRW-*" live: also markets under a caution; a warned one never')
    ] = False
    trade_wallet_suspended: Annotated[
        bool, _d("live: also enter coins whose deposits or withdrawals are paused")
    ] = False
    dry_run_wallet: Annotated[
        Decimal, _d("paper money at the start, KRW", above=0, most=10**12)
    ] = Decimal(1000000)
    available_capital: Annotated[
        Decimal | None,
        _d("KRW the bot may use; null = all paper money, 200,000 live", above=0, most=10**12),
    ] = None
    stake_amount: Annotated[Decimal, _d("KRW of an entry, fee on top", least=5000, most=10**9)] = (
        Decimal(100000)
    )
    max_open_trades: Annotated[
        int, _d("open trades and pending entries at most", least=1, most=1000)
    ] = 3
    stoploss: Annotated[Decimal, _d("loss at which all is sold", above=-1, below=0)] = Decimal(
        "-0.03"
    )
    minimal_roi: Annotated[Decimal, _d("gain at which all is sold", above=0, most=100)] = Decimal(
        "0.10"
    )
    trailing_stop_positive: Annotated[
        Decimal, _d("fall from the peak at which all is sold", above=0, below=1)
    ] = Decimal("0.02")
    trailing_stop_positive_offset: Annotated[
        Decimal, _d("gain from which the peak is trailed", above=0, most=100)
    ] = Decimal("0.03")
    partial_exit_profit: Annotated[
        Decimal, _d("gain at which a part is sold, once", above=0, most=100)
    ] = Decimal("0.05")
    partial_exit_ratio: Annotated[Decimal, _d("that part", above=0, most=1)] = Decimal("0.5")
    cooldown_minutes: Annotated[
        int, _d("no entry this long after a full exit", least=0, most=525600)
    ] = 1440
    cooldown_after_unfilled: Annotated[
        int,
        _d(
            "live prices: minutes without entry after one that was not filled", least=0, most=525600
        ),
    ] = 10
    slippage_rate: Annotated[
        Decimal, _d("how much worse a paper market order fills", least=0, below=1)
    ] = Decimal("0.0005")
    startup_candle_count: Annotated[
        int, _d("candles that the strategy sees; no entry before", least=2, most=100000)
    ] = 400
    fee_rate: Annotated[Decimal, _d("fee on the funds of a fill", least=0, below=1)] = Decimal(
        "0.0005"
    )
    min_order_krw: Annotated[
        Decimal, _d("least order the venue takes, KRW", least=0, most=10**9)
    ] = Decimal(5000)
    order_types: OrderTypes = OrderTypes()
    unfilledtimeout: UnfilledTimeout = UnfilledTimeout()
    protections: Annotated[
        tuple[Protection, ...] | None, _d("null = none in a dry run, the usual two when live")
    ] = None
    max_daily_loss_krw: Annotated[
        Decimal | None,
        _d(
            "loss of a day that stops entries; null = off in a dry run, 5 % when live",
            above=0,
            most=10**12,
        ),
    ] = None
    paper: Paper = Paper()
    breaker: Breaker = Breaker()
    gateway: Gateway = Gateway()
    bounds: Bounds = Bounds()
    notify: Notify = Notify()
    telegram: Telegram = Telegram()
    logs: Logs = Logs()
    heartbeat_url: Annotated[
        str | None, _d("an address called each minute while the bot is well; null = none")
    ] = None
    journal_keep_days: Annotated[
        int | None,
        _d("live prices: days the journal keeps; trades stay; null = all", least=31, most=36500),
    ] = 400
    speed: Annotated[Decimal, _d("candle time over real time in a replay", above=0, most=10**9)] = (
        Decimal(600)
    )
    language: Annotated[
        Literal["auto", "en", "ko"], _d("auto = as the environment's LANG says")
    ] = "auto"
    day_starts_at: Annotated[str, _d("KST, when a trading day begins (HH:MM)")] = "00:00"
    strategy_params: dict[str, Any] = field(
        default_factory=dict
    )  # the strategy's own keys, as given
    strategy_hash: str = ""  # sha256 of the strategy's source, filled in where it is loaded

    @property
    def seconds(self) -> int:
        """Length of a candle in seconds."""
        return TIMEFRAMES[self.timeframe]

    @property
    def lives(self) -> bool:
        """Whether prices come from the venue as they are, and not from a recording."""
        return self.feed == "upbit" or not self.dry_run

    @property
    def capital(self) -> Decimal:
        """KRW the bot may use."""
        if self.available_capital is not None:
            return self.available_capital
        return self.dry_run_wallet if self.dry_run else LIVE_CAPITAL
