"""Why an order ended as it did, in words: the reason first, then the figures behind it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.orders.end_reason import EndReason, read
from i18n.en import TEXTS as ENGLISH
from i18n.formatting import krw, price, volume
from i18n.ko import TEXTS as KOREAN
from i18n.sentences import translated


def ending_words(written: str, language: str) -> str:
    """The text of an ending, as core/orders/end_reason.py writes it; "" where there is none."""
    ending = read(written)
    texts: dict[str, str] = KOREAN if language == "ko" else ENGLISH
    reason = texts.get(f"reason_{ending.reason}") or translated(ending.reason, language)
    words = cause(ending.facts.get("text", ""), language)
    head = f"{reason} {words}".strip()
    return "; ".join(filter(None, [head, *_figures(ending, texts)]))


def cause(text: str, language: str) -> str:
    """What stands behind a reason: a name of ours in words, in brackets; or the venue's words."""
    texts: dict[str, str] = KOREAN if language == "ko" else ENGLISH
    known = texts.get(f"reason_{text}")
    return f"({known})" if known else translated(text, language)


def _figures(ending: EndReason, texts: dict[str, str]) -> Iterator[str]:
    facts = ending.facts
    if "filled" in facts:
        shares = {name: volume(Decimal(facts[name])) for name in ("filled", "asked")}
        yield texts["ending_filled"].format(**shares)
    if "limit" in facts:
        limit = price(Decimal(facts["limit"]))
        if "price" in facts:
            above, decided = Decimal(facts["above"]), price(Decimal(facts["price"]))
            yield texts["ending_band"].format(limit=limit, above=f"{above:+f}", price=decided)
        else:
            yield texts["ending_limit"].format(limit=limit)
    if "ask" in facts:
        depth = volume(Decimal(facts.get("depth", "0")))
        yield texts["ending_ask"].format(ask=price(Decimal(facts["ask"])), depth=depth)
    if "cut" in facts:
        yield _cut(facts, texts)


def _cut(facts: dict[str, str], texts: dict[str, str]) -> str:
    """What made the order smaller, and from what to what; of an older row only the first."""
    cut = texts.get(f"cut_{facts['cut']}", facts["cut"])
    if "stake" not in facts:
        return texts["ending_cut_bare"].format(cut=cut)
    amounts = {name: krw(Decimal(facts[name])) for name in ("krw", "stake")}
    return texts["ending_cut"].format(cut=cut, **amounts)
