"""Owns the checks that need Upbit but no keys: reachable, clock, limits, markets."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from actors.runtime.clocks import Clock
from adapters.upbit.answers import Answer, Failure
from adapters.upbit.client import Client
from adapters.upbit.groups import MARKET, TICKER
from adapters.upbit.replies import NoData, Refused, Reply, Trouble
from adapters.upbit.schemas.quotes import Pair
from app.preflight.finding import Finding, ok, trouble, warning
from app.venue.requests import Banned, PacedRequester
from app.venue.why import Why, shut_out, why
from core.market.clock_skew import SAMPLES, SECONDS_MAX, SPREAD, Sample, skew
from core.market.pairs import expanded, is_pattern, misspelt, nearest, unmatched
from messages.config import Config

ANY = "KRW-BTC"  # for questions that are not about one pair
NAMED_MAX = 10  # pairs that one finding names
OF_THE_BLACKLIST = frozenset({"blacklist_near", "blacklist_unknown"})


def check_reach(
    client: Client, reading: PacedRequester, config: Config, ours: Clock
) -> list[Finding]:
    """Everything that is public. One finding alone when Upbit is out of reach."""
    host = config.exchange.rest_url
    try:
        reply = reading.ask(MARKET, client.markets)
        value = reply.value
        if isinstance(value, NoData | Refused | Failure):
            return [trouble_of(value, host)]
        samples = _samples(client, reading, ours)
    except Banned as ban:
        return [of(shut_out(ban, host))]
    return [
        ok("reach", "reach_ok", host=host, count=str(len(value))),
        clock(samples, SECONDS_MAX / min(1.0, ours.real(1.0))),
        limits(reply),
        *markets(value, config, reply.odd),
    ]


def trouble_of(value: Trouble, host: str) -> Finding:
    """A call that brought nothing, as a finding about reaching Upbit."""
    return of(why(value, host))


def of(reason: Why) -> Finding:
    """The same, of a reason."""
    return Finding("reach", "trouble", reason.key, reason.facts)


def clock(samples: Sequence[Sample], most: float = SECONDS_MAX) -> Finding:
    """Our clock beside Upbit's; ``most`` seconds may be between them."""
    off = skew(samples)
    if off is None:
        return warning("clock", "clock_untold")
    if abs(off) > most:
        return trouble("clock", "clock_ahead" if off > 0 else "clock_behind", seconds=_s(off))
    return ok("clock", "clock_ok", seconds=_s(most))


def limits(reply: Reply[tuple[Pair, ...]]) -> Finding:
    """Whether Upbit tells how much may still be asked."""
    answer = reply.answer
    if not isinstance(answer, Answer) or answer.remaining < 0:
        return warning("limits", "limits_untold")
    return ok("limits", "limits_ok", group=answer.group, count=str(answer.remaining))


def markets(listed: Sequence[Pair], config: Config, odd: Sequence[str] = ()) -> list[Finding]:
    """The pairs of the configuration: listed, and without Upbit's warnings.

    ``odd``: markets whose rows cannot be read; one that does not say its name may be any.
    """
    by_name = {pair.market: pair for pair in listed}
    listed_now = [name for name in by_name if name.startswith("KRW-")]
    wanted = config.pair_whitelist
    names = listed_now if isinstance(wanted, str) else _named_by(wanted, listed_now)
    hidden = [name for name in names if name not in by_name and {name, ""} & {*odd}]
    absent = [name for name in names if name not in by_name and name not in hidden]
    near = {name: nearest(name, by_name) for name in absent}
    unknown = [name for name in absent if not near[name]]
    warned = [name for name in names if name in by_name and _is_warned(by_name[name])]
    found = []
    for name in absent[:NAMED_MAX]:
        if near[name]:
            found.append(trouble("market", "market_near", name=name, near=near[name]))
    if unknown:
        found.append(trouble("market", "market_unknown", names=_named(unknown)))
    found += _unbarred(config.pair_blacklist, [*by_name, *odd])
    if odd:
        rows = _named([name or "?" for name in odd])
        found.append(warning("market", "market_unread", names=rows))
    if warned:
        found.append(warning("market", "market_warned", names=_named(warned)))
    if len(absent) < len(names):
        found.append(ok("market", "market_ok", count=str(len(names) - len(absent))))
    return found


def _unbarred(listed: Sequence[str], known: Sequence[str]) -> list[Finding]:
    """Entries of the blacklist that bar no market: a misspelt one, and one that is listed no more.

    A market that cannot be read may be the one that is meant: then nothing is said.
    """
    if "" in known:
        return []
    wrong = dict(misspelt(listed, known))
    gone = [one for one in unmatched(listed, known) if one not in wrong]
    found = [
        trouble("market", "blacklist_near", name=one, near=near)
        if near
        else trouble("market", "blacklist_unknown", name=one)
        for one, near in wrong.items()
    ]
    return [*found, *(warning("market", "blacklist_gone", name=one) for one in gone)][:NAMED_MAX]


def _named_by(listed: Sequence[str], known: Sequence[str]) -> list[str]:
    """The markets that a list names, and the patterns of it that match none."""
    lost = [one for one in listed if is_pattern(one) and unmatched([one], known)]
    return [*lost, *expanded(listed, known)]


def _is_warned(pair: Pair) -> bool:
    return pair.market_event is not None and pair.market_event.warning


def _named(names: Sequence[str]) -> str:
    more = f" +{len(names) - NAMED_MAX}" if len(names) > NAMED_MAX else ""
    return ", ".join(names[:NAMED_MAX]) + more


def _samples(client: Client, reading: PacedRequester, ours: Clock) -> list[Sample]:
    """A few short answers at different fractions of a second."""
    found = []
    pause = threading.Event()
    for _ in range(SAMPLES):
        asked = ours.now()
        answer = reading.once(TICKER, lambda: client.tickers([ANY])).answer
        if isinstance(answer, Answer):
            found.append(Sample(asked, ours.now(), answer.date))
        pause.wait(SPREAD)
    return found


def _s(seconds: float) -> str:
    return f"{abs(seconds):.1f}"
