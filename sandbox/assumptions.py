"""Owns the switches: what is not confirmed of Upbit, and which way it is here unless turned.

The numbers are those of docs/reference/upbit.md 9. What a recorded reply or frame
has settled since is no switch; limits and bans are data (limits.py).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

WalletState = Literal["working", "withdraw_only", "deposit_only", "paused", "unsupported"]


class Assumptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Each as its comment says when it is on; the admin endpoint ``switches`` turns them."""

    smp_since: date = date(2026, 11, 9)  # 1: from then on smp_type is cancel_maker by default
    wrapped_429: bool = True  # 3: a 429 of an exchange call is wrapped; else bare, as quotation's
    retry_after: bool = False  # 3: 418 and 429 say Retry-After
    ended_cancel: str = "order_not_found"  # 4: the error of cancelling what has ended
    unfit_refused: bool = False  # 5: post_only that would take, fok that cannot: refused with 400
    beyond_book: str = "create_{side}_error"  # 6: a market order larger than the book; "" takes it
    wait_told: bool = True  # 7: myOrder tells ``wait`` of an order that trades at once
    done_told: bool = True  # 7: myOrder tells ``done`` apart from the last ``trade``
    handshake_refused: bool = False  # 8: a private handshake without a sound token gets 403
    nonce_seconds: float = 0.0  # 13: a nonce is remembered so long; 0 = for ever
    encoded_hash: bool = False  # 13: the hash of a query that is still encoded passes too
    numbers: bool = True  # 13: JSON numbers in an order's body pass
    hs384: bool = False  # 13: so do tokens of HS384
    refusal_burns: bool = True  # 14: a refused order's identifier is never taken again
    fixed_window: bool = False  # 17: limits start anew each second; else a bucket refills
    wallets: dict[str, WalletState] = {}  # 3.12: what of a coin's wallet works, by coin
    old_list: bool = True  # 18: GET /v1/orders still answers
