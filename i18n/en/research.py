"""Words about checks of a strategy, in English."""

from __future__ import annotations

RESEARCH = {
    "plot_title": "{pair}: candles, signals and trades",
    "plot_count": "{shown} of {total} candles",
    "plot_how": "Small marks: where the strategy wants to enter or leave."
    " Large ones: what was bought and sold. Scroll to zoom.",
    "plot_entries": "Wants to enter",
    "plot_exits": "Wants to leave",
    "archive_added": "{pair}: {count} candles added, {known} were there",
    "archive_held": "What the archive holds (KST)",
    "archive_gaps": "Stretches without candles (KST)",
    "col_timeframe": "Timeframe",
    "col_candles": "Candles",
    "col_first": "First",
    "col_last": "Last",
    "col_missing": "Missing",
    "col_longest": "Most in a row",
    "look_none": "No look-ahead: at each of {count} candles the last {startup} alone say what the"
    " whole history says.",
    "look_ahead": "LOOKS AHEAD: {name} of {pair} at {at} is {value} with the candles after it, and"
    " {other} without. Live it would be {other}.",
    "price_jump": "{pair}: the price goes from {last_price} to {price} at {at}: more than three"
    " times as much or less than a third. Renamed money or bad data; what is earned there is not",
    "price_jumps": "{pair}: the price goes from {last_price} to {price} at {at}, and {count} times"
    " more so: more than three times as much or less than a third. Renamed money or bad data; what"
    " is earned there is not",
    "look_startup": "Too few start-up candles, or a tie that rounding decides: {name} of {pair}"
    " at {at} is {value} with its whole past, and {other} with the last {startup}."
    " See recursive-analysis.",
    "look_short": "{pair} has fewer than {startup} candles: nothing was compared.",
    "look_true": "true",
    "look_false": "false",
    "settle_title": "What start-up candles change",
    "settle_enough": "{pair}: settled from {settled} start-up candles on; startup_candle_count"
    " {startup} is enough.",
    "settle_few": "{pair}: settled from {settled} start-up candles on; startup_candle_count"
    " {startup} is TOO FEW.",
    "settle_never": "{pair}: NOT SETTLED with {most} start-up candles; try --max-candles {more}.",
    "settle_backtest": "NOT SETTLED with startup_candle_count {startup}: at {differing} of"
    " {compared} candles looked at a bot, which sees {startup} candles, would decide otherwise"
    " than this backtest, whose indicators see the whole past. recursive-analysis tells how many"
    " are needed.",
    "settle_short": "{pair} has too few candles to compare.",
    "col_startup": "Start-up candles",
    "col_compared": "Compared",
    "col_differing": "Different",
    "sweep_title": "Search",
    "sweep_trials": "Sets tried",
    "sweep_all": "all there are",
    "sweep_repeats": "{count} tries were repeats",
    "sweep_failed": "Of these not played",
    "sweep_failed_why": "{count}: their values contradict each other, or the strategy raised."
    " The last: {error}",
    "sweep_objective": "Chosen by",
    "sweep_tried": "The same where it was not trained",
    "sweep_trained_folds": "Mean of the folds where trained",
    "sweep_tried_folds": "Mean of the folds where not trained",
    "sweep_sure": "Not luck (deflated Sharpe)",
    "sweep_best": "The best, as keys of the configuration",
    "sweep_windows": "What it earned",
    "sweep_heat": "Two parameters, and what the best of their sets was worth where trained",
    "sweep_across": "Across",
    "sweep_up": "Up",
    "sweep_heat_how": "White is 0. A lone strong field is luck; a strong region may be more. Grey:"
    " not tried.",
    "sweep_curve": "The best set: won by its exits",
    "sweep_curve_how": "Shaded: days that it was not trained on.",
    "sweep_sets": "Sets that were tried",
    "sweep_folds": "Walking forward: chosen on the days before, tried on these",
    "sweep_train": "training",
    "sweep_validation": "validation",
    "sweep_train_last": "last fold, trained",
    "sweep_validation_last": "last fold, tried",
    "col_part": "Part",
    "col_window": "Days (KST)",
    "col_drawdown": "Drawdown",
    "col_sharpe": "Sharpe",
    "col_sortino": "Sortino",
    "col_calmar": "Calmar",
    "col_train": "Trained",
    "col_tried": "Tried",
    "col_worth": "Trained",
    "col_worth_tried": "Tried",
    "col_values": "Values",
    "sweep_interrupted": "Interrupted. All that was finished is in {path}; the same command goes"
    " on.",
    "sweep_nothing": "No set could be played: {error}",
    "sweep_lost": "OVER-FITTED: it earned in training ({profit}), and nothing where it was not"
    " trained.",
    "sweep_fell": "OVER-FITTED: where it was not trained it is worth less than half.",
    "sweep_loses": "IT LOSES: even the best set lost money where it was trained.",
    "sweep_unseen": "NOT CHECKED: it was trained on the whole history; --validation or"
    " --walk-forward tell whether it holds elsewhere.",
    "sweep_luck": "LUCK is likely: of {count} sets the best looks this good by chance alone.",
    "sweep_few": "FEW DAYS: a part of the history has fewer than 30; its ratios say little.",
    "sweep_holds": "Nothing here says that it is over-fitted; the next days may.",
}
