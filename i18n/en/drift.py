"""Words about live beside paper, in English."""

from __future__ import annotations

DRIFT = {
    "drift_title": "Live beside paper",
    "drift_live": "Live, realised",
    "drift_paper": "Paper, realised",
    "drift_gap": "Difference",
    "drift_each": "What differs",
    "drift_open": "still open",
    "drift_kind_same": "same",
    "drift_kind_price": "other price",
    "drift_kind_exit": "other exit",
    "drift_kind_only_live": "only live",
    "drift_kind_only_paper": "only paper",
    "drift_fills": "filled at what the market had (entry {off}); paper takes the next open and"
    " slippage_rate",
    "drift_size": "another amount: a cap, or the cash there was",
    "drift_by_hand": "{reason}",
    "drift_still_open": "sold on one side only so far",
    "drift_within_candle": "exits follow each price live; paper knows a candle's high and low,"
    " not their order",
    "drift_adopted": "adopted by the operator",
    "drift_forced": "forced by the operator",
    "drift_before": "opened before these hours; paper begins without a trade",
    "drift_paper_refused": "paper did not enter: {reason}",
    "drift_no_signal": "no signal on these candles: the strategy, its parameters or the candles"
    " were others then",
    "drift_live_ended": "the live entry came to nothing: {reason} {text}",
    "drift_not_there": "the bot did not see this candle close: it was down, or prices did not come",
    "drift_live_refused": "live did not enter: {reason}",
    "drift_live_refused_forced": "live did not enter: {reason}; in the way was the trade of {pair}"
    " that the operator forced at {at}",
    "drift_live_refused_adopted": "live did not enter: {reason}; in the way was the trade of {pair}"
    " that the operator adopted at {at}",
    "drift_live_refused_own": "live did not enter: {reason}; in the way was its {pair} of {at}",
    "drift_paper_refused_forced": "paper did not enter: {reason}; in the way was a forced trade,"
    " {pair} of {at}",
    "drift_paper_refused_adopted": "paper did not enter: {reason}; in the way was an adopted trade,"
    " {pair} of {at}",
    "drift_paper_refused_own": "paper did not enter: {reason}; in the way was its {pair} of {at}",
    "drift_stopped": "the bot was stopped (stop, kill) when paper sold",
    "drift_no_live_signal_or_down": "live told of no signal: the bot was down, or the strategy, its"
    " parameters or the candles were others then",
    "drift_no_live_signal": "no live signal: the strategy, its parameters or the candles were"
    " others then",
    "drift_unexplained": "the journal does not tell",
    "drift_nothing": "nothing has happened here yet",
    "drift_recording": "a replay is compared on the recording that it replayed",
    "drift_short": "there are fewer than {count} candles of every pair, and the strategy needs so"
    " many",
    "drift_strategy": "nobody knows the strategy {name} any more",
    "col_count": "Trades",
    "col_gap": "Difference",
    "col_live": "Live",
    "col_paper": "Paper",
    "col_why": "Why",
}
