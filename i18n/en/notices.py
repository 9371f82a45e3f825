"""What the notifier says, in English."""

from __future__ import annotations

NOTICES = {
    "entry_signal": "{pair}: entry signal at {price}, {krw} wanted ({tag})",
    "entry_unpriced": "{pair}: buying at the market, {krw} wanted ({tag})",
    "entry_vetoed": "{pair}: signal ({conditions}), but no entry: {reason}",
    "ask_above_band": "{pair}: signal ({conditions}), but no entry: the book asks {ask},"
    " {above} % above {price}; max_slippage allows {allowed} %",
    "entry_unfunded": "{pair}: no entry: {reason}, {needed} needed, {free} free",
    "entry_refused": "{pair}: entry refused: {reason} {text}",
    "entry_cut": "{pair}: the entry is for {krw} instead of {stake}: {cap}",
    "exit_signal": "{pair}: selling {volume} at about {price}: {reason}",
    "exit_unpriced": "{pair}: selling {volume} at the market: {reason}",
    "exit_refused": "{pair}: exit refused: {reason} {text}",
    "exit_locked": "{pair}: exit refused: an order of your own locks its coins ({volume} at"
    " {price}, {uuid}); the exit waits until they are free. Cancel that order to let it go",
    "entry_filled": "{pair}: bought {volume} at {price} for {krw}, fee {fee}",
    "entry_filled_cut": "{pair}: bought {volume} at {price} for {krw}, fee {fee}; {stake} were"
    " wanted: {cap}",
    "entry_part_filled": "{pair}: bought {volume} at {price} for {krw}, fee {fee}; {ending}",
    "entry_unfilled": "{pair}: the entry order ended without a fill: {ending}",
    "exit_filled": "{pair}: sold {volume} at {price} for {krw}: {profit} ({ratio}), {reason}",
    "exit_part_filled": "{pair}: sold a part, {volume} at {price} for {krw}: {profit} ({ratio}),"
    " {reason}",
    "trade_dust": "{pair}: trade over: {profit} ({ratio}); {volume}, now {krw}, is worth too little"
    " to sell and is kept for the next trade",
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
    "coins_left": "{pair}: {volume} left the account, and the exchange shows no sale. The stop goes"
    " on for what is there. Say what happened: explain {coin} sold PRICE, explain {coin} moved, or"
    " explain {coin} lost. Without an answer they count as moved out at {until}",
    "coins_back": "{pair}: the coins that were missing are in the account again",
    "coins_moved_out": "{pair}: {volume} were moved out of the account, unsold; their cost of {krw}"
    " is kept apart",
    "coins_returned": "{pair}: {volume} are in the account again that may be those moved out. To"
    " trade them on at their former cost of {krw}: adopt {coin}",
    "coins_lost": "{pair}: {volume} are lost: {profit}",
    "cash_left": "{krw} left the account without an order of the bot (withdrawn, or spent by hand):"
    " it counts on so much less",
    "cash_adjusted": "The cash changes by {krw}: {reason}",
    "trade_released": "{pair}: {volume} are no trade any more and stay where they are",
    "account_shut": "The account cannot be looked at, so there are no entries: {reason}",
    "account_opened": "The account can be looked at again; entries go on",
    "past_unread": "Nothing is sold or bought yet: the orders made since {since} cannot be listed"
    " ({reason}), and whether this ledger knows them all is not known. It is asked again and again",
    "exits_go_on_unread": "The orders made since {since} cannot be listed; nothing points at a"
    " ledger that is too old, so exits go on, and the list is asked for again and again",
    "rows_unread": "{count} rows of the orders made since {since} cannot be read, however often"
    " they are asked for ({rows}). Every name that a sale of an open trade would have was asked"
    " for, so exits go on. See at the exchange whether one of them is this bot's",
    "sale_unread": "{pair}: order {identifier} may have sold this trade, and what became of it"
    " cannot be read. Nothing of {pair} is sold before it can, and no stop of it works; all else"
    " goes on. See at the exchange; release {pair} gives the coins back to you",
    "order_unread": "What became of this bot's order {identifier} cannot be read, and it is of no"
    " open trade. See at the exchange; all else goes on",
    "account_found": "A new API key is in use ({account}). It is of the same account: it shows this"
    " bot's order {identifier}",
    "account_taken": "A new API key is in use ({account}); it counts as of the same account",
    "account_denied": "NOTHING IS BOUGHT OR SOLD, NO STOP WORKS: the new API key ({account}) shows"
    " none of this bot's orders, so it may be of another account. Open trades: {pairs}. Put the key"
    " of the right account back and start again; if this one is of the same account: accept_key",
    "recovery_begun": "Orders of this bot since {since} that this ledger does not know: {orders}."
    " It is older than the account (restored, copied or rolled back). Nothing is sold or bought"
    " until each is looked up and booked",
    "sale_found": "{pair}: {volume} were sold at {price} for {krw} on {since}, and this ledger did"
    " not know it. It is booked now and not sold again",
    "purchase_found": "{pair}: this bot bought {volume} at {price} for {krw} on {since}, and this"
    " ledger does not know the trade. The coins count as yours: adopt {pair} makes them a trade"
    " again, adopt {pair} {price} at that price",
    "stray_sale_found": "{pair}: this bot sold {volume} at {price} for {krw} on {since}, of a trade"
    " that this ledger never knew. Nothing is booked for it",
    "recovery_ended": "Everything since was looked up: {orders} orders were found. Exits go on",
    "second_birth": "Two bots run on this account: {identifier} ({pair}, {since}) is an order of"
    " another state directory of this bot. No entries; exits go on. Shut one of them down, wait"
    " five minutes and type start",
    "stops_disabled": "NO STOP WORKS since {since}: {reason}. No order can be sent until the key is"
    " taken again. Open: {stops}. Look at upbit.com, My page, Open API management: is this"
    " machine's address registered, and the key still good? Sell there by hand if need be",
    "stops_enabled": "The exchange takes the key again; stops work. None worked for {lasting}",
    "snapshot_taken": "Year-end snapshot of {year} taken: {count} currencies; see run.py snapshot",
    "snapshot_late": "Year-end snapshot of {year} was missed, and taken {lasting} late: {count}"
    " currencies; see run.py snapshot",
    "snapshot_missed": "Year-end snapshot of {year} is not taken yet, {lasting} after 00:00 KST of"
    " January 1: {reason}. It is tried again each minute",
    "snapshot_lost": "The year-end snapshot of {year} was missed: the bot did not run in the days"
    " after January 1. Note the amounts of that moment yourself, from the exchange's records",
    "snapshot_by_hand": "Snapshot of the account taken: {count} currencies; see run.py snapshot",
    "snapshot_partial": "Snapshot of the account taken ({count} currencies), but WITHOUT {unread}:"
    " the exchange's rows of them cannot be read (* = a row that does not say its currency). Note"
    " these amounts yourself, from the exchange's records; take another: run.py snapshot",
    "snapshot_failed": "No snapshot of the account was taken: {reason}",
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
    "price_refused": "{pair}: a live price of {price} did not count, {last_price} was known:"
    " {reason} (since the last notice: {count})",
    "price_unwitnessed": "{pair}: {price} after {last_price}: nothing confirmed or denied it in 5"
    " s, so it counts (since the last notice: {count})",
    "feed_stale": "No live price for {seconds} s: no stop is watched and no entry is made until"
    " prices come again",
    "feed_fresh": "Live prices come again. No stop was watched for {lasting}",
    "summary": "Since {since}: {signals} signals, {entries} entries, {exits} exits, {profit},"
    " {refusals} refusals",
    "summary_quiet": "Since {since}: no signals; {entries} entries, {exits} exits, {profit},"
    " {refusals} refusals",
}
