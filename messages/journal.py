"""Every event that was ever journaled. What stands here must decode for ever."""

from __future__ import annotations

from messages import (
    account,
    audit,
    budget,
    control,
    fetching,
    limits,
    market,
    notices,
    orders,
    paper,
    posting,
    recovery,
    snapshots,
    space,
    trading,
    watching,
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
    | posting.NoticesGathered
    | posting.SummaryPosted
    | posting.LanesOpened
    | posting.NotifyTaken
    | posting.LetterBegun
    | posting.LetterEnded
    | space.SpaceShort
    | space.SpaceRegained
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
    | watching.PairsWatched
    | watching.HoldingNoted
    | watching.TermsAwaited
    | watching.TermsSeen
    | watching.PairBarred
    | watching.PairFreed
    | watching.PairReminded
    | watching.KeyEnding
    | watching.ClockDiffered
    | watching.ClockAgreed
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
    | space.MeasureSpace
    | space.TrimJournal
    | space.RestartProcess
    | market.Watch
    | market.ReplayEnded
    | market.FeedReport
    | market.EndWait
    | market.PricesReport
    | notices.ShowNotice
    | notices.SummaryDue
    | notices.SkipNotice
    | notices.ActorFailed
    | posting.PostNotice
    | posting.OpenLanes
    | posting.PostDue
    | posting.SendLetter
    | posting.LetterReport
    | fetching.FetchCandles
    | fetching.FetchBook
    | fetching.FetchAccount
    | fetching.DispatchFetch
    | fetching.FetchTicker
    | fetching.TickerReport
    | fetching.CandlesReport
    | fetching.BookReport
    | fetching.AccountReport
    | fetching.FetchPast
    | fetching.PastReport
    | recovery.ReadPast
    | recovery.CheckPast
    | fetching.FetchTerms
    | fetching.TermsReport
    | fetching.FetchMarkets
    | fetching.MarketsReport
    | fetching.FetchKey
    | fetching.KeyReport
    | fetching.FetchWallets
    | fetching.WalletsReport
    | fetching.FetchSnapshot
    | fetching.SnapshotReport
    | snapshots.CheckSnapshot
    | watching.WatchPairs
    | watching.CheckMarkets
    | watching.CheckTerms
    | watching.CheckKey
    | watching.CheckWallets
    | watching.StandingReport
    | orders.SubmitOrder
    | orders.QueryOrder
    | orders.CancelOrder
    | orders.Dispatch
    | orders.CheckOrders
    | orders.OrderReport
    | orders.CallReport
    | space.SpaceReport
    | trading.EnterAt
    | trading.EnableBook
    | trading.ExpireBook
    | trading.RetryExit
    | trading.SweepLocks
)
