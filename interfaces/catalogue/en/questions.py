"""How an event of the journal reads as a line, in English."""

from __future__ import annotations

QUESTIONS = {
    "event_ConfigAdopted": "configuration adopted: {strategy}, {timeframe}",
    "event_TradingChanged": "the bot is now: {mode}",
    "event_EntryWanted": "{pair}: entry decided at {price}, {krw} ({tag})",
    "event_EntryVetoed": "{pair}: signal ({conditions}), no entry: {reason}",
    "event_BudgetReserved": "{pair}: {krw} reserved, fee {fee}",
    "event_BudgetRefused": "{pair}: no cash: {reason}, {needed} needed, {free} free",
    "event_OrderIntended": "{pair}: {side} order is sent",
    "event_OrderFilled": "{pair}: {side} order filled: {volume} for {krw}, fee {fee}",
    "event_OrderClosed": "{pair}: {side} order ended: {volume} for {krw}, fee {fee}",
    "event_OrderRefused": "{pair}: {side} order refused: {reason} {text}",
    "event_OrderUncertain": "{pair}: {side} order in doubt: {reason}",
    "event_OrderAbsent": "{pair}: {side} order never arrived",
    "event_OrderFound": "{pair}: {side} order was found after all",
    "event_OrderDisputed": "{pair}: frozen: {reason}",
    "event_CancelIntended": "{pair}: order is cancelled: {reason}",
    "event_TradeOpened": "{pair}: trade opened: {volume} at {price} ({tag})",
    "event_TradeIncreased": "{pair}: trade grew to {volume} at {price}",
    "event_HighRaised": "{pair}: new high {price}",
    "event_ExitWanted": "{pair}: exit decided at {price}, {volume}: {reason}",
    "event_ExitFailed": "{pair}: exit failed: {reason}; next try {until}",
    "event_TradeReduced": "{pair}: part sold at {price}: {profit} ({ratio}), {reason}",
    "event_TradeClosed": "{pair}: trade closed at {price}: {profit} ({ratio}), {reason}",
    "event_PairLocked": "{pair}: no entry until {until}: {reason}",
    "event_BreakerOpened": "venue does not answer; entries wait until {until}",
    "event_BreakerClosed": "venue answers again",
    "event_VenueBanned": "venue has banned us until {until}",
}
