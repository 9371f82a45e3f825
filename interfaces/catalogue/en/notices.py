"""What the notifier says, in English."""

from __future__ import annotations

NOTICES = {
    "entry_signal": "{pair}: entry signal at {price}, {krw} wanted ({tag})",
    "entry_unpriced": "{pair}: buying at the market, {krw} wanted ({tag})",
    "entry_vetoed": "{pair}: signal ({conditions}), but no entry: {reason}",
    "entry_unfunded": "{pair}: no entry: {reason}, {needed} needed, {free} free",
    "entry_refused": "{pair}: entry refused: {reason} {text}",
    "exit_signal": "{pair}: selling {volume} at about {price}: {reason}",
    "exit_unpriced": "{pair}: selling {volume} at the market: {reason}",
    "exit_refused": "{pair}: exit refused: {reason} {text}",
    "entry_filled": "{pair}: bought {volume} at {price} for {krw}, fee {fee}",
    "entry_unfilled": "{pair}: the entry order ended without a fill",
    "exit_filled": "{pair}: sold {volume} at {price} for {krw}: {profit} ({ratio}), {reason}",
    "exit_part_filled": "{pair}: sold a part, {volume} at {price} for {krw}: {profit} ({ratio}),"
    " {reason}",
    "trade_dust": "{pair}: {volume} (cost {krw}) is worth too little to sell and is kept;"
    " trade over: {profit}",
    "order_uncertain": "{pair}: it is not known whether the {side} order arrived: {reason}",
    "order_arrived": "{pair}: the {side} order did arrive at the venue",
    "order_found": "{pair}: the {side} order was found at the venue after it had been given up",
    "order_absent": "{pair}: the {side} order never arrived at the venue",
    "order_disputed": "{pair}: frozen until a person has looked: {reason}",
    "exit_unresolved": "{pair}: since {seconds} s it is not known whether the sale arrived;"
    " look at the exchange",
    "dispute_settled": "{pair}: the dispute is over, as the exchange shows it",
    "account_reconciled": "The account was seen and agrees; entries may begin",
    "coins_missed": "{pair}: {volume} less is in the account than is ours",
    "cash_adjusted": "The cash changes by {krw}: {reason}",
    "trade_released": "{pair}: {volume} are no trade any more and stay where they are",
    "account_shut": "The account cannot be looked at, so there are no entries: {reason}",
    "account_opened": "The account can be looked at again; entries go on",
    "coin_unread": "{pair}: the account's row cannot be read, so what there is of it is not known:"
    " no entries there, nothing is compared; exits go on",
    "coin_read": "{pair}: the account's row can be read again",
    "pair_barred": "{pair}: no entries: {reason} {detail}",
    "held_barred": "{pair}: {reason} {detail}. The bot holds this coin: no more entries, exits go"
    " on; look at the exchange's announcements",
    "pair_freed": "{pair}: entries may go on; this is over: {reason}",
    "key_ending": "The API key ends in {days} days ({until}): make a new one at Upbit, it cannot be"
    " extended",
    "clock_differs": "This machine's clock is {off} s off the venue's: no entries until it is"
    " right; let it be set by NTP",
    "clock_agrees": "The clock is right again",
    "breaker_opened": "The venue failed {failures} times in a row; entries wait until {until}",
    "breaker_probed": "One call goes out to see whether the venue is well again",
    "breaker_closed": "The venue answers again",
    "venue_banned": "The venue has banned us; nothing goes out until {until}",
    "pace_shrunk": "The venue says too many calls: {group} slows down to {per_second} a second",
    "pair_locked": "{pair}: no entry until {until}: {reason}",
    "mode_changed": "The bot is now: {mode}",
    "config_adopted": "Configuration in force: {strategy}, {timeframe} candles, {pairs},"
    " {stake} an entry",
    "actor_failed": "{name} failed: {reason}",
    "space_short": "No room: {reason}. No entries until there is; exits go on. {megabytes} MB are"
    " free on the disk, {used} % of the ledger's map are used",
    "space_regained": "There is room again; entries go on",
    "feed_stale": "No live price for {seconds} s: no stop is watched and no entry is made until"
    " prices come again",
    "feed_fresh": "Live prices come again. No stop was watched for {lasting}",
    "summary": "Since {since}: {signals} signals, {entries} entries, {exits} exits, {profit},"
    " {refusals} refusals",
    "summary_quiet": "Since {since}: no signals; {entries} entries, {exits} exits, {profit},"
    " {refusals} refusals",
}
