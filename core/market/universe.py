"""Owns which of a venue's markets are traded when the configuration says "KRW-*"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from core.market.pairs import names
from messages.config import Config

QUOTE = "KRW-"
WhyNot = Literal["not_krw", "blacklisted", "warned", "cautioned", "low_turnover", "newly_listed"]


class Listing(Struct, frozen=True):
    """A market as the venue lists it.

    ``turnover`` is KRW of the last 24 hours. ``listed`` is the day of its first candle (UTC);
    None = it is older than what was looked at, so old enough.
    """

    pair: str
    warning: bool = False
    caution: bool = False
    turnover: Decimal = Decimal(0)
    listed: date | None = None


class Universe(Struct, frozen=True):
    """The pairs that are traded, by turnover, and why each other is not."""

    pairs: tuple[str, ...]
    left_out: Mapping[str, WhyNot] = {}


def universe(listings: Iterable[Listing], config: Config, today: date) -> Universe:
    """The markets that pass every filter: the greater turnover first, then by name.

    The order matters: at one candle the first pair takes the last free slot.
    """
    traded: list[Listing] = []
    left_out: dict[str, WhyNot] = {}
    for listing in {listing.pair: listing for listing in listings}.values():
        reason = why_not(listing, config, today)
        if reason:
            left_out[listing.pair] = reason
        else:
            traded.append(listing)
    traded.sort(key=lambda listing: (-listing.turnover, listing.pair))
    return Universe(tuple(listing.pair for listing in traded), left_out)


def why_not(listing: Listing, config: Config, today: date) -> WhyNot | None:
    """Why a market is not traded; None when it is."""
    if not listing.pair.startswith(QUOTE):
        return "not_krw"
    if names(config.pair_blacklist, listing.pair):
        return "blacklisted"
    if listing.warning:
        return "warned"
    if listing.caution and not config.trade_cautioned:
        return "cautioned"
    if listing.turnover < config.min_turnover_krw:
        return "low_turnover"
    if listing.listed and (today - listing.listed).days < config.min_days_listed:
        return "newly_listed"
    return None
