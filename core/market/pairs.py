"""Owns what pairs are called: the venue's code, what people type, and what people read.

Only KRW markets are known here. Names are the common Korean and English ones of the coins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import zip_longest
from unicodedata import normalize

from core.market.known import KNOWN

NAMES = {  # code: (Korean, English)
    "BTC": ("비트코인", "Bitcoin"),
    "ETH": ("이더리움", "Ethereum"),
    "XRP": ("엑스알피", "XRP"),
    "SOL": ("솔라나", "Solana"),
    "DOGE": ("도지코인", "Dogecoin"),
    "ADA": ("에이다", "Cardano"),
    "TRX": ("트론", "TRON"),
    "USDT": ("테더", "Tether"),
    "USDC": ("유에스디코인", "USDC"),
    "LINK": ("체인링크", "Chainlink"),
    "AVAX": ("아발란체", "Avalanche"),
    "XLM": ("스텔라루멘", "Stellar Lumens"),
    "SUI": ("수이", "Sui"),
    "BCH": ("비트코인캐시", "Bitcoin Cash"),
    "HBAR": ("헤데라", "Hedera"),
    "SHIB": ("시바이누", "Shiba Inu"),
    "DOT": ("폴카닷", "Polkadot"),
    "UNI": ("유니스왑", "Uniswap"),
    "AAVE": ("에이브", "Aave"),
    "PEPE": ("페페", "Pepe"),
    "NEAR": ("니어프로토콜", "NEAR Protocol"),
    "APT": ("앱토스", "Aptos"),
    "ETC": ("이더리움클래식", "Ethereum Classic"),
    "POL": ("폴리곤에코시스템토큰", "Polygon"),
    "ATOM": ("코스모스", "Cosmos"),
    "ALGO": ("알고랜드", "Algorand"),
    "VET": ("비체인", "VeChain"),
    "ARB": ("아비트럼", "Arbitrum"),
    "SEI": ("세이", "Sei"),
    "STX": ("스택스", "Stacks"),
    "IMX": ("이뮤터블엑스", "Immutable X"),
    "GRT": ("더그래프", "The Graph"),
    "SAND": ("샌드박스", "The Sandbox"),
    "MANA": ("디센트럴랜드", "Decentraland"),
    "AXS": ("엑시인피니티", "Axie Infinity"),
    "FLOW": ("플로우", "Flow"),
    "XTZ": ("테조스", "Tezos"),
    "EOS": ("이오스", "EOS"),
    "NEO": ("네오", "Neo"),
    "QTUM": ("퀀텀", "Qtum"),
    "BSV": ("비트코인에스브이", "Bitcoin SV"),
    "BTT": ("비트토렌트", "BitTorrent"),
    "XEM": ("넴", "NEM"),
    "STMX": ("스톰엑스", "StormX"),
    "ICX": ("아이콘", "ICON"),
    "CHZ": ("칠리즈", "Chiliz"),
    "ONDO": ("온도파이낸스", "Ondo Finance"),
    "TRUMP": ("오피셜트럼프", "Official Trump"),
}
OTHER_NAMES = {"리플": "XRP", "ripple": "XRP", "카르다노": "ADA", "폴리곤": "POL", "시바": "SHIB"}

COMMON = tuple(f"KRW-{code}" for code in NAMES)
FORMS = "KRW-BTC, BTC/KRW, btc, 비트코인 or bitcoin"
ENTRIES = f"{FORMS}, or a pattern: DOGE/.*"  # of a list of pairs
QUOTES = ("KRW", "USDT", "USD", "")
PATTERN_MAX = 100  # characters
NEAR_MOST = 20  # entries of a list for which the nearest is looked up: each takes its time
ROOMLESS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # they come along where a name is copied
_NOTHING = dict.fromkeys(map(ord, ROOMLESS))
_CODE = re.compile(r"(?=.*[A-Z])[A-Z0-9]{1,12}")  # a figure alone is no coin
_SPECIAL = re.compile(r"[.*+?^$|()\[\]{}\\]")
_STAR = re.compile(r"[-/]\*")  # "/*" repeats the slash
_IN_NO_NAME = re.compile(r"[^!-~]|['\"`;@#&%~]")  # a pattern with it matches no name of a market
_WORDS = re.compile(r"\w+")


def _plain(text: str) -> str:
    """One spelling for what looks alike: composed Hangul, narrow Latin, no spaces, lower case.

    Marks that take no room come along where a name is copied from a page: they are left out.
    """
    return "".join(normalize("NFKC", text).translate(_NOTHING).split()).casefold()


_BY_NAME = {_plain(name): code for code, names in NAMES.items() for name in names} | OTHER_NAMES


def pair_code(text: str) -> str:
    """The venue's code of a KRW market, from any form that people use; ValueError otherwise.

    Whether the venue has such a market is not known here.
    """
    word = _plain(text)
    code = _BY_NAME.get(word) or _coin_of(word.upper())
    if not _CODE.fullmatch(code) or code == "KRW":
        raise ValueError(f"no pair: {text[:40]!r}; write {FORMS}")
    return f"KRW-{code}"


def by_names(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Markets by name, as ``named`` looks them up: what a venue calls those that it lists."""
    return {_plain(name): pair for name, pair in names if name}


def named(text: str, more: Mapping[str, str] | None = None) -> str:
    """The market of a coin's name, of the common ones and ``more`` (``by_names``); "" for none."""
    word = _plain(text)
    code = _BY_NAME.get(word)
    return (more or {}).get(word) or (f"KRW-{code}" if code else "")


def is_name(text: str) -> bool:
    """Whether it is written as a name and no code: only the common coins' names are known here."""
    return any(not char.isascii() and char.isalpha() for char in _plain(text))


def _coin_of(word: str) -> str:
    """The coin of KRW-BTC, BTC/KRW or BTC."""
    return word.removeprefix("KRW-") if word.startswith("KRW-") else word.removesuffix("/KRW")


# --- lists of pairs
def entry(text: str) -> str:
    """An entry of a list of pairs: a market's code, or a pattern as it stands; else ValueError.

    A pattern is a regular expression over BTC/KRW, as in freqtrade's lists: ``(DOGE|SHIB)/.*``.
    A star of a file name (``DOGE/*``) would match nothing as one, so it is refused, and so is what
    stands in no name of a market: a blank, a quotation mark, a Korean letter.
    """
    word = normalize("NFKC", text).translate(_NOTHING).strip()
    if not _SPECIAL.search(word):
        return pair_code(text)
    try:
        if len(word) > PATTERN_MAX or _STAR.search(word) or _IN_NO_NAME.search(word):
            raise ValueError
        _compiled(word)
    except (ValueError, re.error):
        raise ValueError(f"no pattern: {text[:40]!r}") from None
    return word


def is_pattern(listed: str) -> bool:
    """Whether an entry stands for every market that it matches."""
    return bool(_SPECIAL.search(listed))


def codes(listed: Iterable[str]) -> tuple[str, ...]:
    """Those of a list that are no patterns."""
    return tuple(one for one in listed if not is_pattern(one))


def names(listed: Iterable[str], pair: str) -> bool:
    """Whether a list of pairs names this market."""
    return any(one == pair or (is_pattern(one) and _matches(one, pair)) for one in listed)


def expanded(listed: Iterable[str], known: Iterable[str]) -> list[str]:
    """The markets that a list names: codes as they stand, patterns as those known that match."""
    found: dict[str, None] = {}
    every = sorted(known)
    for one in listed:
        matched = [pair for pair in every if _matches(one, pair)] if is_pattern(one) else [one]
        found |= dict.fromkeys(matched)
    return list(found)


def unmatched(listed: Iterable[str], known: Iterable[str]) -> list[str]:
    """The entries of a list that name none of the known markets."""
    every = set(known)
    others = (one for one in listed if one not in every)
    return [one for one in others if not (is_pattern(one) and any(_matches(one, p) for p in every))]


def misspelt(listed: Iterable[str], markets: Sequence[str]) -> list[tuple[str, str]]:
    """Entries of a list that name none of these markets and none of ``KNOWN``.

    Each with the nearest of these markets, else of ``KNOWN``; "" where none is near.
    """
    ours = [market for market in markets if market.startswith("KRW-")]
    lost = unmatched(listed, {*ours, *KNOWN})
    near = [nearest(one, ours) or nearest(one, KNOWN) for one in lost[:NEAR_MOST]]
    return list(zip_longest(lost, near, fillvalue=""))


def nearest(text: str, known: Iterable[str] = KNOWN) -> str:
    """The known market whose code or name looks most like this; "" when none does.

    Of equally like ones the first by name: what is said of a pair must not change by itself.
    Of a pattern that was meant for another it is that one: ``DOGE/.*`` of a file name's star,
    ``(DOGE|SHIB)/.*`` of ``DOGE|SHIB``. Of one with a misspelt coin it is that coin's market.
    """
    markets, text = sorted(known), text[:PATTERN_MAX]  # a pasted page is no misspelt pair
    if _STAR.search(text):
        return _STAR.sub(lambda found: f"{found[0][0]}.*", text)
    if not _SPECIAL.search(text):
        return _like(_alone(_coin_of(_plain(text).upper())), markets)
    whole = f"({text})/.*"
    if "|" in text and not _IN_NO_NAME.search(text) and _means(whole, markets):
        return whole
    words = (one for one in _WORDS.findall(normalize("NFC", text)) if one.upper() not in QUOTES)
    return next((found for one in words if (found := _like(one, markets))), "")


def _like(word: str, markets: Iterable[str]) -> str:
    by_name: dict[str, str] = {}
    for pair in markets:
        for name in (coin(pair), *NAMES.get(coin(pair), ())):
            by_name[_plain(name)] = pair
    found = get_close_matches(_plain(word), by_name, 1, 0.6)
    return by_name[found[0]] if found else ""


def _means(pattern: str, markets: Iterable[str]) -> bool:
    """Whether it is a pattern that matches one of them."""
    try:
        return any(_matches(pattern, pair) for pair in markets)
    except re.error:
        return False


def _alone(word: str) -> str:
    """The coin of a pair that is written as other venues and programs do: BTC_KRW, BTC/USDT."""
    parts = [part for part in re.split(r"[/_-]", word) if part not in QUOTES]
    return parts[0] if len(parts) == 1 else word


def _matches(pattern: str, pair: str) -> bool:
    compiled = _compiled(pattern)
    return bool(compiled.fullmatch(f"{coin(pair)}/KRW") or compiled.fullmatch(pair))


@lru_cache(256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def coin(pair: str) -> str:
    """BTC of KRW-BTC."""
    return pair.removeprefix("KRW-")


def pair_name(pair: str, language: str) -> str:
    """비트코인(KRW-BTC) for ``ko``, Bitcoin(KRW-BTC) for ``en``; an unknown coin's code alone."""
    names = NAMES.get(coin(pair))
    return f"{names[language != 'ko']}({pair})" if names else pair
