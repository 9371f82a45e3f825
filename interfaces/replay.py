"""A recording made ready for the feed: its tapes, the pairs that are traded, the signals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from core.market.candles import Tape, columns
from core.market.mapped import let_go
from core.market.pairs import COMMON, NAMES, coin, expanded, nearest, one_coin, unmatched
from core.market.schedule import Schedule, schedule_of
from core.strategy import Signals, Strategy, judged, params_of
from interfaces.errors import UserError
from interfaces.settings.config_file import Loaded
from interfaces.settings.sources import placed
from interfaces.sources import require_startup
from messages.config import Config


class Replay:
    """What ``actors.market.feed`` replays. ``bulk`` passes over candles that change nothing."""

    def __init__(
        self,
        tapes: Sequence[Tape],
        strategy: Strategy,
        *,
        bulk: bool,
        keep: int = 0,
        flush: int = 0,
    ) -> None:
        self.tapes, self.strategy = tuple(tapes), strategy
        self.bulk, self.keep, self.flush = bulk, keep, flush
        self._made: tuple[Config, Schedule] | None = None

    def schedule(self, config: Config) -> Schedule:
        """The candles of the traded pairs in order, with the strategy's verdicts."""
        if self._made is None or self._made[0] != config:
            startup = config.startup_candle_count
            params = params_of(self.strategy, config.strategy_params)
            tapes = chosen(self.tapes, config)
            signals = [self._signals(params, tape, startup) for tape in tapes]
            self._made = config, schedule_of(tapes, signals, startup, self.bulk)
        return self._made[1]

    def _signals(self, params: Struct, tape: Tape, startup: int) -> Signals:
        found = judged(self.strategy, params, columns(tape), startup)
        let_go([tape])
        return found


def scheduled(replay: Replay, loaded: Loaded) -> Schedule:
    """Its schedule under a configuration that was read; an error tells from where its key came.

    Raises UserError too where no pair has as many candles as the strategy starts with.
    """
    with placed(loaded.origin):
        require_startup(chosen(replay.tapes, loaded.config), loaded.config)
        return replay.schedule(loaded.config)


def chosen(tapes: Sequence[Tape], config: Config) -> list[Tape]:
    """The tapes of ``pair_whitelist``, in its order; all of them, by name, for "KRW-*".

    Raises UserError for a listed pair that was not recorded, and for another timeframe.
    """
    have = {tape.pair: tape for tape in tapes}
    wanted = config.pair_whitelist
    names = sorted(have) if isinstance(wanted, str) else expanded(wanted, have)
    missing = [] if isinstance(wanted, str) else unmatched(wanted, have)
    if missing:
        raise _unrecorded("pair_whitelist", missing, have)
    if misspelt := [name for name in config.pair_blacklist if _misspelt(name, have)]:
        raise _unrecorded("pair_blacklist", misspelt, have)
    for name in names:
        if have[name].seconds != config.seconds:
            raise UserError(
                what=f"{name} was recorded in candles of {have[name].seconds} s",
                where="timeframe",
                allowed=f"the recording's own; timeframe is {config.timeframe}",
                todo="set timeframe to the recording's unit, or use another recording",
            )
    return [have[name] for name in names]


def _misspelt(name: str, have: Iterable[str]) -> bool:
    """Whether a blacklisted name is no market that is known, and looks like one that is.

    A pair that was not recorded may well stand in the list: the same file trades live.
    """
    code = one_coin(name)
    unknown = bool(code) and code not in have and coin(code) not in NAMES
    return unknown and bool(nearest(code, (*COMMON, *have)))


def _unrecorded(key: str, missing: Sequence[str], have: Iterable[str]) -> UserError:
    near = nearest(missing[0], have) or nearest(missing[0])
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
