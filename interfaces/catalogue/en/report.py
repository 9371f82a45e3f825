"""Words of the reports, in English."""

from __future__ import annotations

REPORT = {
    "report_title": "Backtest",
    "report_title_live": "What the bot has earned",
    "report_written": "Report written: {path}",
    "report_theme": "Light / dark",
    "report_equity": "Equity and drawdown",
    "report_curve": "equity",
    "report_won_lost": "{won} won, {lost} lost",
    "report_of_loss": "{figure} of an average loss",
    "report_of_trades": "of {count} trades",
    "report_market": "the market, bought and held",
    "report_drawdown": "drawdown",
    "report_marked": "Open trades are worth the newest close, less the fee of a sale. Deposits and"
    " withdrawals are neither profit nor drawdown.",
    "report_realised": "At market prices only where candles are kept; before them a trade counts"
    " when it is sold. Give the days with --recording to see all of it at market prices. Deposits"
    " and withdrawals are neither profit nor drawdown.",
    "report_candles": "Trades on candles",
    "report_candles_how": "Wheel to zoom, drag to move.",
    "report_no_candles": "No candles of these trades are at hand; name their days with"
    " --recording.",
    "report_length": "Candles of {length}.",
    "report_bought": "{at}<br>{price}<br>{tag}",
    "report_buy": "bought",
    "report_won": "sold, won",
    "report_lost": "sold, lost",
    "report_by_month": "By month",
    "report_meanings": "How the figures are computed",
    "report_cut": "The last {shown} of {total}; --export-trades and show-trades --json have all.",
    "report_from": "state {path}",
    "report_days": "{begin} to {end} (KST), {count} trading days",
    "report_no_plotly": "the charts need plotly, which is not installed",
    "extra_server": "install everything: make all",
    "col_month": "Month (KST)",
    "col_tag": "Entry conditions",
    "figure_worth": "Equity at the end",
    "figure_market": "Market change",
    "figure_drawdown": "Greatest drawdown",
    "figure_yearly": "Growth a year",
    "figure_sharpe": "Sharpe",
    "figure_sortino": "Sortino",
    "figure_calmar": "Calmar",
    "figure_profit_factor": "Profit factor",
    "figure_expectancy": "Expectancy an exit",
    "meant_drawdown": "The greatest fall of the equity below its highest point until then.",
    "meant_sharpe": "Mean of the daily returns over their standard deviation (n - 1), times"
    " √365; the riskless rate is 0. Sharpe 1994.",
    "meant_sortino": "Mean of the daily returns over the root of the mean square of those below 0,"
    " times √365. Sortino and Price 1994.",
    "meant_calmar": "Growth a year over the greatest drawdown. Young 1991, here over the whole"
    " run.",
    "meant_yearly": "(equity at the end / at the beginning) ^ (365 days / days) - 1. Of a few days"
    " it says little.",
    "meant_profit_factor": "All that was won over all that was lost.",
    "meant_expectancy": "What an exit earned on the average; below it, for each won of an average"
    " loss: (1 + average win / average loss) × win rate - 1. Tharp 1998.",
    "meant_market": "The mean over the pairs of last close / first open - 1: what the same money,"
    " spread evenly and left there, would have done.",
    "tax_sold_at": "sold at (KST)",
    "tax_pair": "market",
    "tax_coin": "coin",
    "tax_volume": "volume",
    "tax_proceeds": "proceeds (KRW)",
    "tax_sale_fee": "fee of the sale (KRW)",
    "tax_cost": "cost (KRW)",
    "tax_buy_fee": "fee of the purchase (KRW)",
    "tax_gain": "gain (KRW)",
    "tax_bought_at": "bought at (KST)",
    "tax_method": "method of cost",
    "tax_reason": "reason",
    "tax_trade": "trade",
    "tax_moving_average": "moving average",
    "tax_fifo": "first in, first out",
    "tax_written": "{count} sales of {year} written: {path}",
    "tax_sum": "  proceeds {proceeds}, cost {cost}, fees {fees}, gain {gain} ({method})",
    "tax_advice": "  This bot's own trades only, and no advice: ask who knows your taxes.",
    "tax_snapshot_none": "  No snapshot of {year}-01-01 00:00 KST is held.",
    "tax_none": "There was no sale in {year}: nothing was written.",
}
