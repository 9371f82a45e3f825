"""Planted bugs about wallets that rest and keys that are refused."""

from __future__ import annotations

from tests.proof.mutants.mutant import Mutant

DISABLED = "actors/holdings/disabled.py"

WALLETS = (
    Mutant(
        "a refused key is not said",
        DISABLED,
        "        if message.reason in OF_KEY and known is None:",
        "        if message.reason in OF_KEY and known is not None:",
        "live",
        300,
    ),
    Mutant(
        "a key that is taken again is not noticed",
        "actors/account.py",
        "            if state.shut:\n                yield AccountOpened()",
        "            if state.shut and not state.shut.startswith('no_auth'):\n"
        "                yield AccountOpened()",
        "live",
        11,
    ),
    Mutant(
        "a refused exit waits on when the key is taken again",
        DISABLED,
        "            if (wish := trade.wish) and not state.held_back:",
        "            if (wish := trade.wish) and state.held_back:",
        "live",
        78,
    ),
    Mutant(
        "a suspended wallet bars no entry",
        "actors/entries/entry_filter.py",
        "        case PairBarred(pair=pair, reason=reason):\n"
        "            return LockTaken(pair, FOREVER, reason)",
        "        case PairBarred(pair=pair, reason=reason):\n"
        "            return LockTaken(pair, 0.0 if reason[0] == 'w' else FOREVER, reason)",
        "live",
        60,
    ),
)
