"""What the auditor finds, in English: each invariant of the money as what is wrong with it."""

from __future__ import annotations

AUDIT = {
    "invariant_broken": "The books do not agree: {invariant} ({where}: {expected} expected,"
    " {found} found; journal {evidence}). No entries until you have looked and typed start;"
    " exits go on",
    "invariant_intent_twice": "an order was intended twice",
    "invariant_identifier_wrong": "an order goes by a name that is not its own",
    "invariant_pair_side_twice": "two orders of one side live in one pair",
    "invariant_stage_outside_table": "an order went a way that there is not",
    "invariant_fills_fell": "running totals of fills did not grow",
    "invariant_overfilled": "more was filled than was asked",
    "invariant_closed_otherwise": "an order ended with other totals than its last fill",
    "invariant_wish_missing": "a wish without an answer, or an answer without a wish",
    "invariant_wish_exceeded": "more was reserved or asked than was wanted",
    "invariant_wish_twice": "the same was wanted twice",
    "invariant_reservation_missing": "an entry was intended without a reservation",
    "invariant_reservation_twice": "cash was reserved twice for one entry",
    "invariant_reservation_left": "a reservation outlives its order",
    "invariant_reservation_freed": "a reservation was freed before its order had ended",
    "invariant_overcommitted": "more cash is reserved than there is",
    "invariant_cash_differs": "the cash is not what the fills make it",
    "invariant_holdings_differ": "the coins are not what the fills make them",
    "invariant_high_fell": "the highest price since an entry fell",
    "invariant_partial_flag_cleared": "a part was to be sold a second time",
    "invariant_venue_differs": "the venue's order is not the one that was told",
    "event_InvariantBroken": "the books do not agree: {invariant} ({where}: {expected} expected,"
    " {found} found; journal {evidence})",
    "event_BooksAudited": "the second witness has written its books",
    "event_IntentWitnessed": "the second witness knows {id}",
    "health_recovery": "Exits wait",
    "recovery_reading": "the orders since {since} are not read yet",
    "recovery_account": "the API key is new ({account}): this bot's orders are looked for under it",
    "recovery_denied": "the new API key ({account}) shows none of this bot's orders: put the right"
    " one back, or type accept_key if it is of the same account",
    "recovery_shut": "the orders since {since} cannot be listed: {reason}",
    "recovery_found": "{orders} orders since {since} are not in this ledger and are looked up",
    "health_second_birth": "Second bot on this account",
    "second_birth_is": "{identifier} ({pair}, {since}); no entries until it is off and you type"
    " start",
    "health_stops": "Stops",
    "health_audit": "Second witness",
    "audit_agrees": "agrees",
}
