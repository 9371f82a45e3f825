"""Words about the proofs that a user can repeat: simulated worlds."""

from __future__ import annotations

PROOF: dict[str, str] = {
    "soak_title": "Simulated: seeds {first} to {last}, {hours} hours each",
    "soak_seeds": "seeds",
    "soak_live": "of them with money at stake",
    "soak_years": "simulated years",
    "soak_orders": "orders at the venue",
    "soak_trades": "trades, parts included",
    "soak_crashes": "crashes survived",
    "soak_faults": "faults",
    "soak_violations": "violations",
    "soak_digest": "digest of all journals",
    "soak_failed": "seed {seed}: {what}",
    "soak_again": "  the same again: {command}",
    "soak_bad_seeds": "these are no seeds: {text}",
    "soak_seeds_allowed": "A..B, from 0 on, A less than B: 0..500",
}
