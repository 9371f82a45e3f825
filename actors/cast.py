"""Who plays: every actor of a bot, owners before edges; on paper, on live prices, live."""

from __future__ import annotations

from actors.account import Account
from actors.auditor import Auditor
from actors.budget import Budget
from actors.courier import Courier
from actors.entries.strategist import Strategist
from actors.gauge import Gauge
from actors.herald import Herald
from actors.holdings.holdings import Holdings
from actors.machinery.actor import Named
from actors.market.feed import Feed
from actors.market.quotes import Quotes
from actors.market.warden import Warden
from actors.notifier import Notifier
from actors.orders.breaker import Breaker
from actors.orders.fetcher import Fetcher
from actors.orders.gateway import Gateway
from actors.orders.limiter import Limiter
from actors.orders.paper import Paper
from actors.orders.venue import Venue
from actors.outbox import Outbox
from actors.snapshots import Snapshots
from actors.steward import Steward
from actors.supervisor import Supervisor

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
