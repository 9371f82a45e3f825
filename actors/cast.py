"""Who plays: every actor of a bot, owners before edges; on paper, on live prices, live."""

from __future__ import annotations

from actors.account import Account
from actors.auditor import Auditor
from actors.breaker import Breaker
from actors.budget import Budget
from actors.feed import Feed
from actors.fetcher import Fetcher
from actors.gateway import Gateway
from actors.gauge import Gauge
from actors.herald import Herald
from actors.holdings import Holdings
from actors.limiter import Limiter
from actors.machinery.actor import Named
from actors.notifier import Notifier
from actors.paper import Paper
from actors.quotes import Quotes
from actors.steward import Steward
from actors.strategist import Strategist
from actors.supervisor import Supervisor
from actors.venue import Venue
from actors.warden import Warden

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
LIVE: tuple[type[Named], ...] = (Account, *(Venue if a is Paper else a for a in PRICES))

# Whoever may have written in a journal, or may be written to.
EVERYONE: tuple[type[Named], ...] = tuple(dict.fromkeys((*CAST, *PRICES, *LIVE)))
