"""Every event that was ever journaled. What stands here must decode for ever."""

from __future__ import annotations

from messages import budget, control, limits, market, notices, orders, paper, trading

AnyEvent = (
    control.ConfigAdopted
    | control.TradingChanged
    | control.ConfigTaken
    | control.CommandTaken
    | control.ModeTaken
    | trading.EntryWanted
    | trading.EntryVetoed
    | trading.SlotFreed
    | trading.SlotTaken
    | trading.LockTaken
    | budget.BudgetReserved
    | budget.BudgetRefused
    | budget.BudgetSettled
    | budget.BudgetCredited
    | budget.BudgetReleased
    | budget.SaleEnded
    | trading.TradeOpened
    | trading.TradeIncreased
    | trading.EntryEnded
    | trading.HighRaised
    | trading.ExitWanted
    | trading.ForceExitNoted
    | trading.ExitFilled
    | trading.ExitFailed
    | trading.CancelWanted
    | trading.TradeReduced
    | trading.TradeClosed
    | trading.PairLocked
    | orders.OrderIntended
    | orders.OrderAccepted
    | orders.OrderUncertain
    | orders.OrderMissed
    | orders.OrderRepeated
    | orders.OrderFilled
    | orders.CancelIntended
    | orders.OrderClosed
    | orders.OrderRefused
    | orders.OrderAbsent
    | orders.OrderForgotten
    | orders.OrderFound
    | orders.OrderDisputed
    | limits.CallFailed
    | limits.CallsRecovered
    | limits.BreakerOpened
    | limits.BreakerHalfOpened
    | limits.BreakerClosed
    | limits.VenueBanned
    | limits.PaceShrunk
    | limits.PaceRegrown
    | notices.SummaryGiven
    | notices.NoticeSkipped
    | paper.PaperOpened
    | paper.PaperAccepted
    | paper.PaperFilled
    | paper.PaperEnded
    | paper.PaperRefused
)

# What may stand beside the first event of a turn: the volatile message that caused it.
AnyPrompt = (
    control.StopEntry
    | control.StartTrading
    | control.StopTrading
    | control.ForceEnter
    | control.ForceExit
    | control.CancelOpenOrder
    | control.ReloadConfig
    | control.Kill
    | control.Shutdown
    | control.AdoptConfig
    | limits.Refill
    | limits.HoldCalls
    | limits.SetPace
    | limits.ShowHold
    | limits.ProbeVenue
    | market.OpeningReport
    | market.CandleReport
    | market.ClosingReport
    | market.TakeCandle
    | market.Watch
    | market.ReplayEnded
    | notices.ShowNotice
    | notices.SummaryDue
    | notices.ActorFailed
    | orders.SubmitOrder
    | orders.QueryOrder
    | orders.CancelOrder
    | orders.Dispatch
    | orders.CheckOrders
    | orders.OrderReport
    | orders.CallReport
    | trading.RetryExit
    | trading.SweepLocks
)
