"""Who plays: every actor of a bot, owners before edges; on paper, on live prices, live."""

from __future__ import annotations

from actors.account import Account
from actors.auditor import Auditor
from actors.budget import Budget
from actors.console_notifier import ConsoleNotifier
from actors.entries.strategist import Strategist
from actors.holdings.holdings import Holdings
from actors.market.live_feed import LiveFeed
from actors.market.market_status import MarketStatusOwner
from actors.market.replay_feed import ReplayFeed
from actors.message_sender import MessageSender
from actors.notifier import Notifier
from actors.orders.breaker import Breaker
from actors.orders.fetcher import Fetcher
from actors.orders.gateway import Gateway
from actors.orders.limiter import Limiter
from actors.orders.paper import Paper
from actors.orders.venue import Venue
from actors.outbox import Outbox
from actors.runtime.system import BaseActor
from actors.snapshots import Snapshots
from actors.storage_monitor import StorageMonitor
from actors.supervisor import Supervisor
from actors.trading_state import TradingStateOwner

REPLAY_ACTORS: tuple[type[BaseActor], ...] = (
    Supervisor,
    TradingStateOwner,
    Budget,
    Holdings,
    Gateway,
    Limiter,
    Breaker,
    Paper,
    Strategist,
    Auditor,
    Notifier,
    ConsoleNotifier,
    ReplayFeed,
    StorageMonitor,
)

# Upbit's prices as they come, paper money.
LIVE_PRICE_ACTORS: tuple[type[BaseActor], ...] = (
    MarketStatusOwner,
    *(LiveFeed if a is ReplayFeed else a for a in REPLAY_ACTORS),
    Fetcher,
)

# Upbit's prices, and the account's own money.
LIVE_ACTORS: tuple[type[BaseActor], ...] = (
    Account,
    Snapshots,
    *(Venue if a is Paper else a for a in LIVE_PRICE_ACTORS),
)

# Where there is a messenger to tell.
MESSENGER_ACTORS: tuple[type[BaseActor], ...] = (Outbox, MessageSender)

# Whoever may have written in a journal, or may be written to.
ALL_ACTORS: tuple[type[BaseActor], ...] = tuple(
    dict.fromkeys((*REPLAY_ACTORS, *LIVE_PRICE_ACTORS, *LIVE_ACTORS, *MESSENGER_ACTORS))
)
