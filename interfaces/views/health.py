"""``health``: whether every part of the bot is well."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from rich.console import RenderableType

from app.runtime_stats import described
from core.limits.calls import BAN_LONGEST
from core.market.pairs import coin
from core.notices.account import account_notice
from core.orders.intents import GatewayState
from core.trading.trades import HoldingsState
from core.waits import due
from i18n import say, word
from i18n.formatting import DASH, kst
from i18n.tables import pairs
from messages.account import StopsDisabled
from messages.audit import InvariantBroken
from messages.plain_values import moment
from messages.recovery import AccountDenied, BirthSighted, PastShut, PastSought, RecoveryBegun
from messages.runtime_stats import HealthIssue
from persistence.reader import Reader
from projections.ledger import Ledger, listed

DATA = "data.mdb"
MEGABYTE = 1_000_000
EXIT_SECONDS = 90.0  # an answer and a look-up included; longer no exit may wait to be sent


class Messenger(Struct, frozen=True):
    """A messenger: letters that were sent, notices that wait and that were left out, of all time.

    ``failing``: the last letter did not get through.
    """

    name: str
    sent: int
    waiting: int
    left_out: int
    failing: bool


class HealthView(Struct, frozen=True):
    """What the state directory tells of the bot. ``breaker``: closed, open, probing, banned."""

    mode: str
    birth: str
    venue: str
    entries: int
    unsettled: int  # entries that not everybody has taken in yet
    last_at: datetime | None
    newest_candle: datetime | None
    breaker: str
    breaker_until: datetime | None
    orders_in_doubt: int
    owners: tuple[str, ...]
    ledger_bytes: int
    disk_free_bytes: int
    disk_reserve_bytes: int
    broken: tuple[InvariantBroken, ...] = ()  # invariants of the money, since the last start
    messengers: tuple[Messenger, ...] = ()
    recovery: str = ""  # why exits wait: reading | shut | found | account | denied; "" = not
    recovery_since: datetime | None = None  # orders made since then are looked for
    recovery_facts: dict[str, str] = {}
    second_birth: BirthSighted | None = None  # another bot's order on this account
    suspended: tuple[str, ...] = ()  # pairs whose coins left without a sale
    exits_waiting: tuple[str, ...] = ()  # pairs whose sale should have left by now
    disabled: StopsDisabled | None = None  # our key is refused: no stop works
    exits_barred: dict[str, str] = {}  # why a refused exit waits, by pair
    ails: tuple[HealthIssue, ...] = ()  # what keeps the running bot from trading, as it says itself

    @property
    def well(self) -> bool:
        """Whether nothing here needs a person."""
        room = self.disk_free_bytes > self.disk_reserve_bytes
        alone = self.second_birth is None and not self.recovery
        held = self.exits_waiting or self.suspended or self.disabled
        sound = not (self.orders_in_doubt or self.broken or held)
        return self.breaker == "closed" and sound and alone and room and not self.ails


def look(
    ledger: Ledger, reader: Reader, now: float, ails: tuple[HealthIssue, ...] = ()
) -> HealthView:
    """From the state directory, and the disk it lies on; ``ails`` as the running bot tells them."""
    doubtful = [r for r in ledger.orders.rows.values() if r.state in ("unknown", "disputed")]
    over = ledger.breaker == "banned" and due(ledger.breaker_until, now, BAN_LONGEST)
    data = reader.path / DATA
    return HealthView(
        ledger.mode,
        reader.birth.id,
        f"{reader.birth.mode}/{reader.birth.venue}",
        ledger.number,
        max(0, ledger.number - reader.settled()),
        moment(ledger.at) if ledger.number else None,
        _newest(ledger, reader),
        "closed" if over else ledger.breaker,
        moment(ledger.breaker_until) if ledger.breaker in ("open", "banned") else None,
        len(doubtful),
        reader.owners(),
        data.stat().st_size if data.exists() else 0,
        shutil.disk_usage(reader.path).free,
        ledger.config.bounds.disk_reserve_mb * MEGABYTE,
        tuple(ledger.broken),
        _messengers(reader),
        *waiting(ledger),
        ledger.rival,
        tuple(sorted({t.pair for t in ledger.trades.open.values() if t.suspended})),
        _exits_waiting(reader, now),
        ledger.disabled,
        _exits_barred(reader),
        ails,
    )


def table(view: HealthView, language: str) -> RenderableType:
    """As people read it."""
    until = str(view.breaker_until.timestamp()) if view.breaker_until else ""
    breaker = say(f"breaker_state_{view.breaker}", language, until=until)
    facts = {
        "health_mode": word("mode", view.mode, language),
        "health_birth": f"{view.venue} {view.birth}",
        "health_entries": f"{view.entries:,}",
        "health_last": kst(view.last_at) if view.last_at else DASH,
        "health_archive": kst(view.newest_candle) if view.newest_candle else DASH,
        "health_breaker": breaker,
        "health_audit": "; ".join(breach(b, language) for b in view.broken)
        or say("audit_agrees", language),
        "health_unknown": str(view.orders_in_doubt),
        "health_suspended": _suspended(view, language),
        "health_exits": ", ".join(view.exits_waiting) or DASH,
        "health_barred": _barred(view, language),
        "health_owners": ", ".join(view.owners) or DASH,
        "health_map": f"{view.ledger_bytes / MEGABYTE:,.1f} MB",
        "health_disk": f"{view.disk_free_bytes / MEGABYTE:,.0f} MB",
    }
    facts |= waits(view.recovery, view.recovery_facts, view.second_birth, language)
    if view.disabled:
        facts["health_stops"] = stopless(view.disabled, language)
    if view.messengers:
        facts["health_messengers"] = "; ".join(_told(one, language) for one in view.messengers)
    lines = described(view.ails, language)
    lines += [(say(key, language), text) for key, text in facts.items()]
    return pairs(say("title_health", language), lines)


def plain_ails(ails: Iterable[HealthIssue]) -> list[dict[str, str]]:
    """The same for programs."""
    return [{"name": one.name, **one.facts} for one in ails]


def waiting(ledger: Ledger) -> tuple[str, datetime | None, dict[str, str]]:
    """Why exits wait, since when, and the facts of it; "" when they do not."""
    match ledger.recovery:
        case None:
            return "", None, {}
        case RecoveryBegun(since=since, orders=orders):
            return "found", moment(since), {"since": str(since), "orders": str(orders)}
        case PastShut(since=since, reason=reason):
            return "shut", moment(since), {"since": str(since), "reason": reason}
        case AccountDenied(left=0, account=account):
            return "denied", moment(ledger.at), {"account": account}
        case AccountDenied(account=account) | PastSought(account=account) if account:
            return "account", moment(ledger.at), {"account": account}
        case PastSought(since=since):
            return "reading", moment(since), {"since": str(since)}
        case _:
            return "reading", moment(ledger.at), {"since": str(ledger.at)}


def waits(
    recovery: str, facts: dict[str, str], rival: BirthSighted | None, language: str
) -> dict[str, str]:
    """The lines on what holds exits or entries back, by the key of each."""
    found = {}
    if recovery:
        found["health_recovery"] = say(f"recovery_{recovery}", language, **facts)
    if rival:
        more = {"identifier": rival.identifier, "pair": rival.pair}
        told = say("second_birth_is", language, since=str(rival.created_at), **more)
        found["health_second_birth"] = told
    return found


def _suspended(view: HealthView, language: str) -> str:
    """Trades whose coins are away, and what to type."""
    told = [
        say("health_suspended_text", language, pair=pair, coin=coin(pair))
        for pair in view.suspended
    ]
    return "; ".join(told) or say("none_suspended", language)


def _exits_barred(reader: Reader) -> dict[str, str]:
    """Exits that the gateway takes only when something has ended, or when their coins are free."""
    kept = reader.load("holdings", HoldingsState)
    trades = kept.state.trades.values() if kept else ()
    reasons = {trade.pair: "coins_not_free" if trade.waits else trade.bar for trade in trades}
    return {pair: reason for pair, reason in reasons.items() if reason}


def _barred(view: HealthView, language: str) -> str:
    told = [f"{pair}: {word('reason', why, language)}" for pair, why in view.exits_barred.items()]
    return "; ".join(told) or DASH


def _messengers(reader: Reader) -> tuple[Messenger, ...]:
    from actors.outbox import OutboxState  # imported late: actors take their time

    kept = reader.load("outbox", OutboxState)
    return tuple(
        Messenger(
            lane.name,
            lane.sent,
            len(lane.queue) + len(lane.letter),
            lane.left_out,
            bool(lane.tries or lane.rests),
        )
        for lane in (kept.state.lanes if kept else ())
    )


def _exits_waiting(reader: Reader, now: float) -> tuple[str, ...]:
    """Sales that were refused and not tried again, and those that no answer has come to.

    A moment too far ahead counts too: the clock may have been set back while it waited.
    """
    from actors.holdings.exits import GOOD_SECONDS  # imported late: actors take their time

    holdings, gateway = reader.load("holdings", HoldingsState), reader.load("gateway", GatewayState)
    found = []
    if holdings and not holdings.state.held_back:
        for trade in holdings.state.trades.values():
            late = now - trade.retry_at
            if trade.wish and (late > EXIT_SECONDS or -late > trade.retry_seconds + EXIT_SECONDS):
                found.append(trade.pair)
    for live in gateway.state.live.values() if gateway else ():
        waited = now - (live.order.good_until - GOOD_SECONDS)
        if live.stage == "sending" and live.order.purpose == "exit" and abs(waited) > EXIT_SECONDS:
            found.append(live.order.pair)
    return tuple(dict.fromkeys(found))


def _told(one: Messenger, language: str) -> str:
    key = "health_lane_failing" if one.failing else "health_lane"
    facts = {"sent": f"{one.sent:,}", "waiting": f"{one.waiting:,}", "left": f"{one.left_out:,}"}
    return say(key, language, name=one.name, **facts)


def breach(broken: InvariantBroken, language: str) -> str:
    """What does not agree, and the journal entries that show it."""
    name = word("invariant", broken.invariant, language)
    return f"{name} ({broken.where}; {' '.join(map(str, broken.evidence))})"


def stopless(disabled: StopsDisabled, language: str) -> str:
    """Why no stop works, since when, and what is open."""
    told = account_notice(disabled)
    if told is None:
        return word("reason", disabled.reason, language)
    return say(told[1], language, **told[2])


def _newest(ledger: Ledger, reader: Reader) -> datetime | None:
    names = {*listed(ledger.config), *ledger.pairs}
    found = [candles[0].time for pair in names if (candles := reader.candles(pair, 1))]
    return moment(max(found)) if found else None
