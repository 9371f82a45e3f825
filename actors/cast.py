"""Who plays: every actor of a bot that trades on paper, owners before edges."""

from __future__ import annotations

from actors.breaker import Breaker
from actors.budget import Budget
from actors.feed import Feed
from actors.gateway import Gateway
from actors.herald import Herald
from actors.holdings import Holdings
from actors.limiter import Limiter
from actors.machinery.actor import Named
from actors.notifier import Notifier
from actors.paper import Paper
from actors.steward import Steward
from actors.strategist import Strategist
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
    Notifier,
    Herald,
    Feed,
)
