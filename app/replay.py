"""A recording made ready for the feed: its tapes, the pairs that are traded, the signals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.config.config_file import Loaded
from app.config.layers import placed
from app.pairs import refuse_barless
from app.recordings import require_startup
from core.market.candles import CandleSeries, columns
from core.market.known import KNOWN
from core.market.mapped import let_go
from core.market.pairs import expanded, nearest, unmatched
from core.replay.schedule import Schedule, schedule_of
from core.strategy import Signals, Strategy, params_of, signals_of
from i18n.errors import UserError
from messages.config import Config


class Replay:
    """What ``actors.market.replay_feed`` replays.

    ``bulk`` passes over candles that change nothing.
    """

    def __init__(
        self,
        candle_series: Sequence[CandleSeries],
        strategy: Strategy,
        *,
        bulk: bool,
        keep: int = 0,
        flush: int = 0,
    ) -> None:
        self.candle_series, self.strategy = tuple(candle_series), strategy
        self.bulk, self.keep, self.flush = bulk, keep, flush
        self._made: tuple[Config, Schedule] | None = None

    def schedule(self, config: Config) -> Schedule:
        """The candles of the traded pairs in order, with the strategy's verdicts."""
        if self._made is None or self._made[0] != config:
            startup = config.startup_candle_count
            params = params_of(self.strategy, config.strategy_params)
            candle_series = chosen(self.candle_series, config)
            signals = [self._signals(params, series, startup) for series in candle_series]
            self._made = config, schedule_of(candle_series, signals, startup, self.bulk)
        return self._made[1]

    def _signals(self, params: Struct, series: CandleSeries, startup: int) -> Signals:
        found = signals_of(self.strategy, params, columns(series), startup)
        let_go([series])
        return found


def scheduled(replay: Replay, loaded: Loaded) -> Schedule:
    """Its schedule under a configuration that was read; an error tells from where its key came.

    Raises UserError too where no pair has as many candles as the strategy starts with, and where
    no limit entry could ever be filled.
    """
    with placed(loaded.origin):
        require_startup(entered(replay.candle_series, loaded.config), loaded.config)
        _require_patience(loaded.config)
        return replay.schedule(loaded.config)


def entered(candle_series: Sequence[CandleSeries], config: Config) -> list[CandleSeries]:
    """The same as ``chosen``, of lists that a person has written and nothing has read yet.

    Raises UserError too for what of ``pair_blacklist`` names no market at all: neither one that was
    recorded nor one that Upbit is known to have, for the same list trades live.
    """
    refuse_barless(config.pair_blacklist, [series.pair for series in candle_series])
    return chosen(candle_series, config)


def _require_patience(config: Config) -> None:
    """A recorded candle is met at its close, behind all that is due by then.

    So a limit entry that rests for one candle or less meets none: each would be cancelled unfilled,
    where freqtrade's backtests look into the candle itself. Raises UserError.
    """
    rests = config.unfilledtimeout
    seconds = rests.entry * (60 if rests.unit == "minutes" else 1)
    if config.order_types.entry != "limit" or seconds > config.seconds:
        return
    raise UserError(
        what=f"limit entries that rest for {seconds} s are never filled on candles of"
        f" {config.seconds} s: the next candle is known when they have ended",
        where="unfilledtimeout.entry",
        allowed=f"on a recording more than {config.seconds} s",
        todo="raise unfilledtimeout.entry, or use order_types.entry: market",
    )


def chosen(candle_series: Sequence[CandleSeries], config: Config) -> list[CandleSeries]:
    """The tapes of ``pair_whitelist``, in its order; all of them, by name, for "KRW-*".

    Raises UserError for a listed pair that was not recorded, and for another timeframe.
    """
    have = {series.pair: series for series in candle_series}
    wanted = config.pair_whitelist
    names = sorted(have) if isinstance(wanted, str) else expanded(wanted, have)
    missing = [] if isinstance(wanted, str) else unmatched(wanted, have)
    if missing:
        raise _unrecorded("pair_whitelist", missing, have)
    for name in names:
        if have[name].seconds != config.seconds:
            raise UserError(
                what=f"{name} was recorded in candles of {have[name].seconds} s",
                where="timeframe",
                allowed=f"the recording's own; timeframe is {config.timeframe}",
                todo="set timeframe to the recording's unit, or use another recording",
            )
    return [have[name] for name in names]


def _unrecorded(key: str, missing: Sequence[str], have: Iterable[str]) -> UserError:
    real = not unmatched(missing[:1], KNOWN)  # it is a market: another one was not meant
    near = "" if real else nearest(missing[0], have) or nearest(missing[0], KNOWN)
    todo = f"take the pair out of {key}, or add its file to --recording"
    if near not in ("", missing[0]):
        todo = (
            f"did you mean {near}? Otherwise take the pair out of {key}, or add its file to"
            " --recording"
        )
    return UserError(
        what=f"no recording of {', '.join(missing)}",
        where=key,
        allowed=f"pairs of this recording: {', '.join(sorted(have))}",
        todo=todo,
    )
