"""Owns the list of refusals that are a definite no to a first attempt.

The 4xx names of docs/reference/upbit.md 1.6 and 4.6 that Upbit documents or that were
observed. A name that is not here, known or not, says nothing certain. Three are left out on
purpose, for each may mean that a copy of the order has arrived: ``duplicated_identifier`` (an
earlier one is known), ``nonce_used`` (this very request came twice) and ``order_not_found`` (no
answer to an order).
"""

from __future__ import annotations

AUTHENTICATION = frozenset(
    {
        "invalid_query_payload",
        "jwt_verification",
        "expired_access_key",
        "no_authorization_ip",
        "no_authorization_i_p",
        "no_authorization_token",
        "out_of_scope",
        "open_api_withdraw_locked",
        "market_offline",
    }
)
# Of the key itself: whatever is asked with it is refused, exits as well.
OF_KEY = frozenset(
    {
        "expired_access_key",
        "invalid_access_key",
        "jwt_verification",
        "no_authorization_ip",
        "no_authorization_i_p",
    }
)
ORDERS = frozenset(
    {
        "create_bid_error",
        "create_ask_error",
        "insufficient_funds_bid",
        "insufficient_funds_ask",
        "under_min_total_bid",
        "under_min_total_ask",
        "over_krw_funds_bid",
        "invalid_price_bid",
        "invalid_price_ask",
        "invalid_volume_bid",
        "invalid_volume_ask",
        "invalid_parameter",
        "validation_error",
        "invalid_time_in_force",
        "invalid_post_only",
        "not_supported_ord_type",
        "notfoundmarket",
        "bad_request",
        "QUERY_PARAMETER_NOT_SUPPORTED",
        "pocket_not_found",
        "currency_not_found",
        "too_many_requests",
        "withdraw_address_not_registered",
        "withdraw_address_not_registerd",
        "withdraw_insufficient_balance",
        "withdraw_amount_too_small",
        "withdraw_not_found",
        "coin_address_not_found",
    }
)
DEFINITE_NO = AUTHENTICATION | ORDERS
