"""Who plays: every actor of a bot, owners before edges; on paper, on live prices, live."""

from __future__ import annotations

from actors.account import Account
from actors.auditor import Auditor
from actors.budget import Budget
from actors.console_notifier import Herald
from actors.entries.strategist import Strategist
from actors.holdings.holdings import Holdings
from actors.market.live_feed import Quotes
from actors.market.market_status import Warden
from actors.market.replay_feed import Feed
from actors.message_sender import Courier
from actors.notifier import Notifier
from actors.orders.breaker import Breaker
from actors.orders.fetcher import Fetcher
from actors.orders.gateway import Gateway
from actors.orders.limiter import Limiter
from actors.orders.paper import Paper
from actors.orders.venue import Venue
from actors.outbox import Outbox
from actors.runtime.system import Named
from actors.snapshots import Snapshots
from actors.storage_monitor import Gauge
from actors.supervisor import Supervisor
from actors.trading_state import Steward

CAST: tuple[type[Named], ...] = (
    Supervisor,
    Steward,
    Budget,
    Holdings,
    Gateway,
    Limiter,
    Breaker,
    Paper,
    Strategist,
    Auditor,
    Notifier,
    Herald,
    Feed,
    Gauge,
)

# Upbit's prices as they come, paper money.
PRICES: tuple[type[Named], ...] = (Warden, *(Quotes if a is Feed else a for a in CAST), Fetcher)

# Upbit's prices, and the account's own money.
LIVE: tuple[type[Named], ...] = (Account, Snapshots, *(Venue if a is Paper else a for a in PRICES))

# Where there is a messenger to tell.
POSTING: tuple[type[Named], ...] = (Outbox, Courier)

# Whoever may have written in a journal, or may be written to.
EVERYONE: tuple[type[Named], ...] = tuple(dict.fromkeys((*CAST, *PRICES, *LIVE, *POSTING)))
