"""Owns how a bot and its account are set up in a world: configuration, money, the venue's rules."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from msgspec import Struct, structs

from core.venue.matching import Rules
from messages.config import Config, Gateway, OrderTypes, UnfilledTimeout
from messages.exchange import Exchange
from persistence.store import Identity
from simulation.tight import TIGHT

BIRTH = Identity("simulated", "live", "upbit", "simulated")
CAPITAL = Decimal(1_000_000)
HURRIED = Gateway(
    quarantine_minutes=1,
    quarantine_answers=2,
    tombstone_seconds=240,
    tombstone_hours=1,
    tombstone_days=0,
)
PATIENT = Gateway(tombstone_hours=1, tombstone_days=0)
OWN = {  # the owner's, no more than a thin book takes: a sale that is larger is refused whole
    "BTC": Decimal("0.005"),
    "ETH": Decimal("0.2"),
    "XRP": Decimal(200),
}
LAG_SECONDS = 40.0  # shorter than any quarantine


class Scenario(Struct, frozen=True):
    """``depth``: KRW of a thin book's level; ``balances``: of the account, its owner's own too."""

    config: Config
    rules: Rules
    depth: Decimal | None
    balances: dict[str, Decimal]


def scenario_of(random: Random) -> Scenario:
    """The setting that a seed draws."""
    small = random.random() < 0.25  # so small that a part of it is dust
    share = random.choice((Decimal(1), Decimal(1), Decimal("0.4")))
    stake = Decimal(11000) if small else random.choice((Decimal(400000), Decimal(499000)))
    limit = random.random() < 0.4
    config = structs.replace(
        TIGHT,
        dry_run=False,
        feed="upbit",
        available_capital=CAPITAL,
        exchange=_exchange(random),
        protections=(),
        max_daily_loss_krw=CAPITAL,
        stake_amount=stake,
        minimal_roi=random.choice((TIGHT.minimal_roi, Decimal("0.011"))),
        order_types=OrderTypes(entry="limit" if limit else "market"),
        unfilledtimeout=UnfilledTimeout(entry=random.choice((1, 3, 30))),
        gateway=random.choice((HURRIED, PATIENT)),
    )
    balances = {"KRW": CAPITAL + random.choice((0, 0, 5_000_000))}
    if random.random() < 0.4:
        currency = random.choice(sorted(OWN))
        balances[currency] = OWN[currency]
    depth = random.choice((None, Decimal(120000)))
    return Scenario(config, Rules(share=share), depth, balances)


def _exchange(random: Random) -> Exchange:
    """Caps that bind in some worlds; twins are known to be refused in some."""
    capped = random.random() < 0.4
    return Exchange(
        account_seconds=random.choice((150, 240)),
        stale_seconds=40,
        order_per_second=2 if capped else 12,
        default_per_second=6 if capped else 30,
        max_order_krw=Decimal(300000) if capped else None,
        max_daily_krw=Decimal(4_000_000) if capped else None,
        max_orders_per_minute=3 if capped else None,
        resend=random.random() < 0.4,
    )


def daily(setting: Scenario, seed: int) -> Scenario:
    """A day's cap so low that it binds, where there are caps, by a chance of its own."""
    caps = setting.config.exchange
    if caps.max_daily_krw is None or Random(f"{seed} daily").random() < 0.1:
        return setting
    caps = structs.replace(caps, max_daily_krw=Decimal(600_000))
    return structs.replace(setting, config=structs.replace(setting.config, exchange=caps))


def straying(setting: Scenario) -> Scenario:
    """Entries that rest for long and are given up soon: the late ones are found while they rest."""
    config = structs.replace(
        setting.config,
        order_types=OrderTypes(entry="limit"),
        unfilledtimeout=UnfilledTimeout(entry=30),
        gateway=HURRIED,
    )
    return structs.replace(setting, config=config)
