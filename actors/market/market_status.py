"""Owns what the venue says of its markets, of our key and of the time, and what that bars.

Asked for on a period, and at every start before there is any entry; a ticker and a refused order
tell their part at once. What is barred here are entries, and each bar ends by itself when the
venue says so. Exits are never barred, but a held pair that is warned or to be delisted is said
at once and once a day. On paper only what needs no key is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never, get_args

from msgspec import structs

from actors.runtime.owner import Outputs, Owner
from core.market.instrument_status import (
    DAY,
    OF_TERMS,
    SKEW_MAX,
    SUSPENDED,
    TO_REMIND,
    Change,
    MarketStatus,
    announced,
    bars_of,
    days_left,
    evolve,
)
from core.market.pairs import expanded
from core.waits import passed
from messages.account import TradeReleased
from messages.base import After
from messages.config import Config
from messages.control import ConfigAdopted, ConfigTaken
from messages.market import PricesRefused, PricesReport
from messages.market_status import (
    Bar,
    CheckKey,
    CheckMarkets,
    CheckTerms,
    CheckWallets,
    ClockAgreed,
    ClockDiffered,
    HoldingNoted,
    KeyEnding,
    PairBarred,
    PairFreed,
    PairReminded,
    PairsWatched,
    StandingReport,
    TermsAwaited,
    TermsSeen,
    WatchPairs,
)
from messages.orders import OrderRefused
from messages.trading import DustKept, TradeClosed, TradeEmptied, TradeOpened
from messages.venue_queries import (
    FetchKey,
    FetchMarkets,
    FetchTerms,
    FetchWallets,
    KeyReport,
    MarketsReport,
    TermsReport,
    WalletsReport,
)

MARKETS_SECONDS = 60.0
TERMS_SECONDS = 3600.0
KEY_SECONDS = 6 * 3600.0
WALLETS_SECONDS = 120.0
WORKING = "working"
OFFLINE = "market_offline"

Inbox = (
    ConfigAdopted
    | WatchPairs
    | CheckMarkets
    | CheckTerms
    | CheckKey
    | CheckWallets
    | MarketsReport
    | TermsReport
    | KeyReport
    | WalletsReport
    | StandingReport
    | PricesReport
    | OrderRefused
    | TradeOpened
    | TradeClosed
    | DustKept
    | TradeEmptied
    | TradeReleased
)


def decide(state: MarketStatus, message: Inbox, at: float) -> Outputs:
    match message:
        case ConfigAdopted(config=config):
            yield ConfigTaken(config)
            if state.config is None:
                yield from _begun(structs.replace(state, config=config), at_birth=True)
            else:
                yield from _reconfigured(state, config)
        case WatchPairs(pairs=pairs):
            if pairs != state.pairs:
                yield PairsWatched(pairs)
            if state.live:
                yield FetchTerms(pairs)
                yield from _wallets_asked(state)
        case CheckMarkets() | CheckTerms() | CheckKey() | CheckWallets():
            yield from _rung(state, message, at)
        case WalletsReport():
            yield from _wallets(state, message, at)
        case MarketsReport():
            yield from _listed(state, message, at)
        case TermsReport():
            yield from _terms(state, message, at)
        case KeyReport(ends=ends):
            yield from _key(state, ends, at)
        case StandingReport():
            yield from _standing(state, message, at)
        case PricesReport():
            yield PricesRefused(*structs.astuple(message))
        case OrderRefused():
            yield from _offline(state, message, at)
        case TradeOpened(trade=trade, pair=pair):
            yield HoldingNoted(trade, pair)
        case TradeClosed(row=row) | DustKept(row=row):
            yield from _over(state, row.trade)
        case TradeReleased(trade=trade) | TradeEmptied(trade=trade):
            yield from _over(state, trade)
        case _:
            assert_never(message)


def _rung(
    state: MarketStatus, alarm: CheckMarkets | CheckTerms | CheckKey | CheckWallets, at: float
) -> Outputs:
    """Ask, and again after a while."""
    match alarm:
        case CheckMarkets():
            yield from _checked(state, at)
        case CheckTerms():
            if state.pairs:
                yield FetchTerms(state.pairs)
            yield After(MARKETS_SECONDS if state.awaited else TERMS_SECONDS, CheckTerms())
        case CheckKey():
            yield FetchKey()
            yield After(KEY_SECONDS, CheckKey())
        case CheckWallets():
            yield from _wallets_asked(state)
            yield After(WALLETS_SECONDS, CheckWallets())
        case _:
            assert_never(alarm)


def _reconfigured(state: MarketStatus, config: Config) -> Outputs:
    if config.trade_wallet_suspended:
        yield from (PairFreed(p, SUSPENDED) for p, b in state.bars.items() if SUSPENDED in b)
    yield from _relisted(structs.replace(state, config=config))


def _begun(state: MarketStatus, at_birth: bool) -> Outputs:
    """A life begins. Who is traded is told in every life, and then asked about."""
    if state.live:
        yield TermsAwaited()
        if at_birth and state.pairs:
            yield FetchTerms(state.pairs)
        yield After(MARKETS_SECONDS, CheckTerms())
        yield CheckKey()
        yield CheckWallets()
    yield CheckMarkets()


def _relisted(state: MarketStatus) -> Outputs:
    """Pairs that a configuration names anew are asked about, before the next look is due."""
    assert state.config is not None
    listed = state.config.pair_whitelist
    named = tuple(expanded(listed, state.pairs)) if isinstance(listed, tuple) else state.pairs
    if {*named} != {*state.pairs} and state.config.lives:
        yield PairsWatched(named)
        yield FetchMarkets()
        if state.live:
            yield FetchTerms(named)


def _over(state: MarketStatus, trade: str) -> Iterator[HoldingNoted]:
    if trade in state.held:
        yield HoldingNoted(trade, "")


def _checked(state: MarketStatus, at: float) -> Outputs:
    """Look again, and say again what a person must not forget. What is halted may be over."""
    yield FetchMarkets()
    halted = tuple(p for p, bars in state.bars.items() if "halted" in bars and p in _ours(state))
    if halted and state.live and not state.awaited:
        yield FetchTerms(halted)
    for pair in dict.fromkeys(state.held.values()):
        bars = state.bars.get(pair, {})
        reason = next((reason for reason in TO_REMIND if reason in bars), None)
        if reason and passed(state.said.get(pair, 0.0), at, DAY):
            yield PairReminded(pair, reason, bars[reason], at)
    yield After(MARKETS_SECONDS, CheckMarkets())


def _ours(state: MarketStatus) -> frozenset[str]:
    return frozenset((*state.pairs, *state.held.values()))


def _listed(state: MarketStatus, report: MarketsReport, at: float) -> Outputs:
    """A list that could not be had tells nothing of a market; a clock is told by any answer."""
    skewed = abs(report.skew) > SKEW_MAX
    if skewed != state.skewed:
        yield ClockDiffered(report.skew) if skewed else ClockAgreed()
    if report.failed:
        return
    listed, warned = frozenset(report.listed), frozenset(report.warned)
    for pair in sorted(_ours(state)):
        hidden = pair not in listed and bool({pair, "*"} & {*report.unread})
        yield from _set(state, pair, "unread", "" if hidden else None, at)
        if hidden:  # its row is there, or may be: no answer says that it is gone
            continue
        yield from _set(state, pair, "warned", "" if pair in warned else None, at)
        yield from _set(state, pair, "gone", None if pair in listed else "", at)


def _terms(state: MarketStatus, report: TermsReport, at: float) -> Outputs:
    assert state.config is not None
    for pair, terms in report.terms.items():
        bars = bars_of(terms, state.config)
        for reason in OF_TERMS:
            if reason != "halted" or not _halted_by_ticker(state, pair):
                yield from _set(state, pair, reason, bars.get(reason), at)
    if state.awaited and report.terms.keys() >= set(state.pairs):
        yield TermsSeen()


def _wallets_asked(state: MarketStatus) -> Iterator[FetchWallets]:
    """Unless coins are entered all the same."""
    if state.config is not None and not state.config.trade_wallet_suspended:
        yield FetchWallets()


def _wallets(state: MarketStatus, report: WalletsReport, at: float) -> Outputs:
    """A list, or a row, that cannot be read changes nothing; a coin that is not listed is free."""
    if report.failed or (state.config is not None and state.config.trade_wallet_suspended):
        return
    for pair in sorted(_ours(state)):
        coin = pair.partition("-")[2]
        if coin not in report.unread:
            told = report.states.get(coin, WORKING)
            yield from _set(state, pair, SUSPENDED, None if told == WORKING else told, at)


def _standing(state: MarketStatus, report: StandingReport, at: float) -> Outputs:
    """A ticker's word holds at once, and until a ticker takes it back, whatever the terms say.

    That another halt is over, the terms alone can say; they are asked where a ticker's is.
    """
    if report.state != "ACTIVE":
        yield from _barred(state, report.pair, "halted", report.state, at)
    elif not state.live or _halted_by_ticker(state, report.pair):
        yield from _set(state, report.pair, "halted", None, at)
        if state.live:
            yield FetchTerms((report.pair,))
    yield from _set(state, report.pair, "delisting", report.delisting or None, at)


def _halted_by_ticker(state: MarketStatus, pair: str) -> bool:
    """A ticker's words are in capitals (PREVIEW, DELISTED); those of the terms are not."""
    return state.bars.get(pair, {}).get("halted", "").isupper()


def _offline(state: MarketStatus, refused: OrderRefused, at: float) -> Iterator[Change]:
    known = _halted_by_ticker(state, refused.pair)
    if refused.reason == OFFLINE and state.live and not known:
        yield from _barred(state, refused.pair, "halted", OFFLINE, at)


def _set(
    state: MarketStatus, pair: str, reason: Bar, detail: str | None, at: float
) -> Iterator[Change]:
    """Barred with this detail, or (None) not."""
    if detail is not None:
        yield from _barred(state, pair, reason, detail, at)
    elif reason in state.bars.get(pair, {}):
        yield PairFreed(pair, reason)


def _barred(
    state: MarketStatus, pair: str, reason: Bar, detail: str, at: float
) -> Iterator[Change]:
    """Said when it is new, or says something else."""
    if state.bars.get(pair, {}).get(reason) != detail:
        yield PairBarred(pair, reason, detail, pair in state.held.values(), at)


def _key(state: MarketStatus, ends: float, at: float) -> Iterator[KeyEnding]:
    days = days_left(ends, at)
    due = announced(days)
    known = state.key
    if ends and due is not None and (known is None or (known.ends, known.due) != (ends, due)):
        yield KeyEnding(ends, days, due)


def resume(state: MarketStatus, at: float) -> Outputs:
    """Alarms were lost, and no word of a former life allows anything in this one."""
    if state.config is not None:
        yield from _begun(state, at_birth=False)


class MarketStatusOwner(Owner[MarketStatus]):
    """What may be entered, as far as the venue has a say."""

    name = "warden"
    accepts = get_args(Inbox)
    State = MarketStatus
    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    resume = staticmethod(resume)
