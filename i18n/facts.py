"""How a fact is shown, by its name: facts travel as plain text and are dressed here."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from i18n.en import TEXTS as ENGLISH
from i18n.endings import cause, ending_words
from i18n.formatting import duration, krw, kst, pair_name, percent, price, volume
from i18n.ko import TEXTS as KOREAN
from i18n.sentences import translated

AMOUNTS = frozenset({"krw", "fee", "needed", "free", "stake"})
MOMENTS = frozenset({"until", "since", "at"})
NAMED = frozenset({"reason", "side", "mode", "invariant", "cut"})


def shown(name: str, fact: str, language: str) -> str:
    """The fact as people read it; one that does not parse stays as it is."""
    try:
        return _shown(name, fact, language)
    except (InvalidOperation, ValueError, OverflowError, OSError):
        return fact


def _shown(name: str, fact: str, language: str) -> str:
    if name in AMOUNTS:
        return krw(Decimal(fact))
    if name in MOMENTS:
        return kst(float(fact), seconds=False)
    if name in NAMED:
        texts: dict[str, str] = KOREAN if language == "ko" else ENGLISH
        return texts.get(f"{name}_{fact}") or translated(fact, language)
    match name:
        case "cap":
            return _shown("cut", fact, language)
        case "text":
            return cause(fact, language)
        case "ending":
            return ending_words(fact, language)
        case "pair":
            return ", ".join(pair_name(pair, language) for pair in fact.split(", "))
        case "pairs":
            return ", ".join(fact.replace(",", " ").split()) or "-"
        case "price" | "ask" | "last_price" | "ceiling":
            return price(Decimal(fact))
        case "profit":
            return krw(Decimal(fact), signed=True)
        case "ratio":
            return percent(Decimal(fact), signed=True)
        case "stops":
            return "; ".join(_stop(part, language) for part in fact.split())
        case "lasting":
            return duration(float(fact), language)
        case "volume":
            return volume(Decimal(fact))
        case "conditions" | "tag":
            return fact.replace(" ", " + ") or "-"
    return fact


def _stop(part: str, language: str) -> str:
    """One open trade of ``PAIR=VOLUME@STOP``: its coin, and the price of its stop."""
    pair, _, rest = part.partition("=")
    coin, _, stop = rest.partition("@")
    name = "손절가" if language == "ko" else "stop"
    return f"{pair_name(pair, language)} {volume(Decimal(coin))} ({name} {price(Decimal(stop))})"
