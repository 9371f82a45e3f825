"""What the verbs around Upbit say: download-data, probe-exchange, a first live start."""

from __future__ import annotations

UPBIT = {
    "download_done": "{path}: {count} candles, {first} to {last}",
    "download_there": "{path}: already there",
    "download_none": "{pair}: no candle in that time",
    "probe_poor": "The account has {free} free, and the test locks {needed}.",
    "probe_cost": "This places real orders at {host}: {pair}, a limit buy of {volume} at {price}"
    " (post_only, 30 % below the market), one at a time, about {count} in all. Each locks {krw} and"
    " is cancelled, so that the money comes back. Should one be filled, the coin is yours and"
    " Upbit's fee is paid.",
    "probe_ask": "Do it? (yes/no)",
    "probe_yes": "agree with --yes where nobody can be asked",
    "probe_step_a": "(a) the same identifier twice",
    "probe_step_b": "(b) an order below the minimum, then a valid one",
    "probe_step_c": "(c) the identifier of a cancelled order",
    "probe_step_d": "(d) how soon an order can be seen",
    "probe_step_e": "(e) the fills of a former order",
    "probe_title": "What Upbit did",
    "probe_twice": "(a) same identifier while the order lives",
    "probe_burns": "(b) a refused order's identifier",
    "probe_after": "(c) same identifier after a cancel",
    "probe_lag": "(d) until a look-up finds an order",
    "probe_fills": "(e) fills of the last filled order, 7 days",
    "probe_unknown": "could not be told",
    "probe_refused_yes": "refused as a twin",
    "probe_refused_no": "TAKEN: a second order",
    "probe_burns_yes": "is used up",
    "probe_burns_no": "may be used again",
    "probe_fills_yes": "each has an id that stays",
    "probe_fills_no": "have no id to rely on",
    "probe_lags": "{middle} ms in the middle, {most} ms at most, of {count};"
    " {missed} times not found",
    "probe_safe": "An order may be sent again with its own identifier: exchange.resend may be on.",
    "probe_unsafe": "Sending again is not proven to be safe: leave exchange.resend off.",
    "probe_left": "LOOK AT UPBIT: these orders were not seen to have ended: {names}",
    "live_title": "FIRST LIVE START: real money at {host}",
    "live_krw": "KRW: {total} held, {free} free to order, {locked} in orders",
    "live_coins": "Coins of the account",
    "live_no_coins": "The account holds no coins.",
    "live_caps": "At most {order} an order, {day} a day, {capital} in all",
    "live_fee": "Upbit's fee: {rate} of each fill",
    "live_backtest": "What a backtest of this very configuration gave:",
    "live_rehearses": "A backtest of this configuration is run first; candles are fetched for it.",
    "live_days": "{begin} to {end} (KST), {count} of {most} pairs; capital, cap an order,"
    " protections and the loss of a day as live",
    "live_no_history": "There are too few candles for one.",
    "live_no_backtest": "It could not be run: {text}",
    "live_waits": "{text} Asked again in {seconds} s; until then nothing is traded.",
    "live_ask": 'Type "{phrase}" to trade live; anything else ends:',
    "live_wrong": "Not confirmed: nothing is traded.",
    "live_nobody": "A first live start must be confirmed, and nobody can type here.",
    "live_flag": "start it once on a terminal, or give --confirm-live",
    "live_given": "Confirmed by --confirm-live.",
}
