"""What the console shows of the bot's notices, and below its prompt, in English."""

from __future__ import annotations

CONSOLE = {
    # the word that a line about a pair begins with: at most 8 cells
    "shown_bought": "bought",
    "shown_sold": "sold",
    "shown_reduced": "reduced",
    "shown_skipped": "skipped",
    "shown_unfilled": "unfilled",
    "shown_refused": "refused",
    "shown_locked": "locked",
    "shown_order": "order",
    "shown_notice": "notice",
    # what such a line says, where it is not the notice's own sentence
    "line_entry_filled": "{price} for {krw} ({tag})",
    "line_entry_filled_bare": "{price} for {krw}",
    "line_entry_filled_cut": "{price} for {krw} instead of {stake} ({tag}): {cap}",
    "line_entry_part_filled": "{price} for {krw}: {ending}",
    "line_exit_filled": "{profit} ({ratio}) at {price}: {reason}",
    "line_exit_part_filled": "{profit} ({ratio}) at {price}: {reason}",
    "line_entry_vetoed": "{reason} ({conditions})",
    "line_pair_locked": "no entry until {until}: {reason}",
    "line_day": "since {day}: signals {signals}, bought {entries}, sold {exits}, {profit},"
    " refused {refusals}",
    # the lines below the prompt
    "bar_paper": "PAPER",
    "bar_live": "LIVE",
    "bar_equity": "equity {krw}",
    "bar_open": "open {count}/{most}",
    "bar_none": "no open trades",
    "bar_orders": "orders under way {count}",
    "bar_stop": "stop {distance}",
    "bar_more": "+{count} more",
    "bar_replay": "replay {moment}",
    "bar_feed": "prices {seconds} s old",
    "bar_feed_none": "no price yet",
    "bar_feed_stale": "NO PRICES for {seconds} s",
    "bar_down": "the bot does not answer",
    "bar_unread": "the ledger cannot be read",
}
