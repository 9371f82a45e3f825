"""Every event that was ever journaled. What stands here must decode for ever."""

from __future__ import annotations

from messages import (
    account,
    audit,
    budget,
    control,
    limits,
    market,
    market_status,
    notices,
    notification_delivery,
    orders,
    paper,
    recovery,
    snapshots,
    storage,
    trading,
    venue_queries,
)

AnyEvent = (
    control.ConfigAdopted
    | control.TradingChanged
    | control.ConfigTaken
    | control.CommandTaken
    | control.ModeTaken
    | trading.EntryWanted
    | trading.EntryVetoed
    | trading.BookEnabled
    | trading.BookAsked
    | trading.BookAnswered
    | trading.SlotFreed
    | trading.SlotTaken
    | trading.LockTaken
    | budget.BudgetReserved
    | budget.BudgetRefused
    | budget.BudgetSettled
    | budget.BudgetCredited
    | budget.BudgetReleased
    | budget.SaleEnded
    | budget.CashDiffered
    | budget.BudgetAdjusted
    | account.ReconciliationBegun
    | account.AccountReconciled
    | account.AccountShut
    | account.AccountOpened
    | account.CoinUnread
    | account.CoinRead
    | account.IntentTaken
    | account.AccountSeen
    | account.CoinsShown
    | account.CoinsMissed
    | account.SalesNoted
    | account.SoldOutside
    | account.TradeSuspended
    | account.TradeResumed
    | account.CoinsMovedOut
    | account.CoinsReturned
    | account.CoinsFreed
    | account.DustLost
    | account.TradeReleased
    | account.StopsDisabled
    | account.StopsEnabled
    | account.EntriesBarred
    | account.EntriesAllowed
    | account.PocketTaken
    | account.ExitUnresolved
    | account.SettlementAsked
    | account.DisputeSettled
    | recovery.ExitsBarred
    | recovery.PastSought
    | recovery.AccountTaken
    | recovery.AccountDenied
    | recovery.PastShut
    | recovery.PastAsked
    | recovery.RowsUnread
    | recovery.LookUnread
    | recovery.RecoveryBegun
    | recovery.SaleFound
    | recovery.StrayFound
    | recovery.PastAnswered
    | recovery.ExitsAllowed
    | recovery.SaleTaken
    | recovery.PastNoted
    | recovery.BirthSighted
    | recovery.BirthForgotten
    | recovery.SightingNoted
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
    | trading.DustKept
    | trading.TradeEmptied
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
    | orders.CapEased
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
    | limits.MomentsCapped
    | notices.SummaryGiven
    | notices.NoticeSkipped
    | notification_delivery.NoticesGathered
    | notification_delivery.SummaryPosted
    | notification_delivery.LanesOpened
    | notification_delivery.NotifyTaken
    | notification_delivery.LetterBegun
    | notification_delivery.LetterEnded
    | storage.SpaceShort
    | storage.SpaceRegained
    | market.FeedTaken
    | market.PricesRefused
    | paper.PaperOpened
    | paper.PaperAccepted
    | paper.PaperFilled
    | paper.PaperEnded
    | paper.PaperRefused
    | audit.BooksAudited
    | audit.IntentWitnessed
    | audit.InvariantBroken
    | market_status.PairsWatched
    | market_status.HoldingNoted
    | market_status.TermsAwaited
    | market_status.TermsSeen
    | market_status.PairBarred
    | market_status.PairFreed
    | market_status.PairReminded
    | market_status.KeyEnding
    | market_status.ClockDiffered
    | market_status.ClockAgreed
    | snapshots.SnapshotsBegun
    | snapshots.SnapshotTaken
    | snapshots.SnapshotPriced
    | snapshots.SnapshotFailed
    | snapshots.SnapshotMissed
)

# What may stand beside the first event of a turn: the volatile message that caused it.
AnyPrompt = (
    control.StopEntry
    | control.StartTrading
    | control.StopTrading
    | control.ForceEnter
    | control.ForceExit
    | control.CancelOpenOrder
    | control.AdoptPair
    | control.ReleasePair
    | control.ExplainPair
    | control.SettlePair
    | control.AcceptKey
    | control.TakeSnapshot
    | control.ReloadConfig
    | control.Kill
    | control.ShowVitals
    | control.Shutdown
    | control.AdoptConfig
    | account.CheckAccount
    | account.RetryAccount
    | account.RemindStops
    | account.EndReconciliation
    | account.CompareCash
    | account.CompareCoins
    | account.WarnUnresolved
    | audit.CheckBooks
    | limits.Refill
    | limits.ReleaseCall
    | limits.HoldCalls
    | limits.SetPace
    | limits.ShowHold
    | limits.ProbeVenue
    | market.OpeningReport
    | market.CandleReport
    | market.ClosingReport
    | market.TakeCandle
    | market.TakePrices
    | market.CloseCandles
    | market.CheckFeed
    | storage.MeasureSpace
    | storage.TrimJournal
    | storage.RestartProcess
    | market.Watch
    | market.ReplayEnded
    | market.FeedReport
    | market.EndWait
    | market.PricesReport
    | notices.ShowNotice
    | notices.SummaryDue
    | notices.SkipNotice
    | notices.ActorFailed
    | notification_delivery.PostNotice
    | notification_delivery.OpenLanes
    | notification_delivery.PostDue
    | notification_delivery.SendLetter
    | notification_delivery.LetterReport
    | venue_queries.FetchCandles
    | venue_queries.FetchBook
    | venue_queries.FetchAccount
    | venue_queries.DispatchFetch
    | venue_queries.FetchTicker
    | venue_queries.TickerReport
    | venue_queries.CandlesReport
    | venue_queries.BookReport
    | venue_queries.AccountReport
    | venue_queries.FetchPast
    | venue_queries.PastReport
    | recovery.ReadPast
    | recovery.CheckPast
    | recovery.CheckName
    | recovery.NameReport
    | venue_queries.FetchTerms
    | venue_queries.TermsReport
    | venue_queries.FetchMarkets
    | venue_queries.MarketsReport
    | venue_queries.FetchKey
    | venue_queries.KeyReport
    | venue_queries.FetchWallets
    | venue_queries.WalletsReport
    | venue_queries.FetchSnapshot
    | venue_queries.SnapshotReport
    | snapshots.CheckSnapshot
    | market_status.WatchPairs
    | market_status.CheckMarkets
    | market_status.CheckTerms
    | market_status.CheckKey
    | market_status.CheckWallets
    | market_status.StandingReport
    | orders.SubmitOrder
    | orders.QueryOrder
    | orders.CancelOrder
    | orders.Dispatch
    | orders.CheckOrders
    | orders.OrderReport
    | orders.CallReport
    | storage.SpaceReport
    | trading.EnterAt
    | trading.EnableBook
    | trading.ExpireBook
    | trading.RetryExit
    | trading.SweepLocks
)
