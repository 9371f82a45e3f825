"""The actors against a plain loop of the same rules: every row, every digit."""

from __future__ import annotations

from collections import Counter
from decimal import localcontext
from pathlib import Path

import pytest
from msgspec import structs

from adapters.recording import read
from core.candles import Tape, columns
from core.made_up import made_up_market
from core.strategies import BUILT_IN
from core.strategy import judged, params_of
from interfaces.composition import build
from interfaces.replay import Replay
from messages.config import Config
from messages.trading import TradeClosed, TradeReduced
from persistence.store import Store
from tests.reference import DOWN, replay
from tests.simulation import BIRTH, TIGHT

RECORDED = Path(__file__).parents[2] / "shared/data/upbit/candles/1m"
FILES = sorted(RECORDED.glob("*_1m_2025-09-01_2025-09-20.csv.gz"))
MANY = structs.replace(TIGHT, startup_candle_count=400, cooldown_minutes=1)


def rows(tapes: list[Tape], config: Config, folder: Path) -> list[dict[str, object]]:
    """What the actors' rows say, without the trade's id."""
    store = Store.create(folder, BIRTH, sync=False)
    bot = build(config, Replay(tapes, BUILT_IN[config.strategy], bulk=True), store, runtime="steps")
    bot.start()
    assert bot.run().reason == "finished"
    events = [e.body for e in store.events() if isinstance(e.body, TradeClosed | TradeReduced)]
    bot.stop()
    return [{k: v for k, v in structs.asdict(e.row).items() if k != "trade"} for e in events]


def expected(tapes: list[Tape], config: Config) -> list[dict[str, object]]:
    params = params_of(BUILT_IN[config.strategy], config.strategy_params)
    startup = config.startup_candle_count
    signals = [judged(BUILT_IN[config.strategy], params, columns(t), startup) for t in tapes]
    with localcontext(DOWN):
        return replay(tapes, signals, config)


@pytest.mark.parametrize("config", [Config(), TIGHT, MANY], ids=["default", "tight", "many"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_actors_agree_with_the_plain_loop_on_the_made_up_market(
    config: Config, seed: int, tmp_path: Path
) -> None:
    made = made_up_market(seed, days=7 if config is not TIGHT else 1)
    tapes = sorted(made, key=lambda tape: tape.pair)
    found = rows(tapes, config, tmp_path / "state")
    assert found == expected(tapes, config)
    assert len(found) >= 5


@pytest.mark.skipif(not FILES, reason="recorded Upbit data (../shared) is not beside this checkout")
@pytest.mark.parametrize("config", [Config(), MANY], ids=["default", "many"])
def test_the_actors_agree_with_the_plain_loop_on_recorded_days(
    config: Config, tmp_path: Path
) -> None:
    tapes = sorted(read(FILES), key=lambda tape: tape.pair)
    found = rows(tapes, config, tmp_path / "state")
    assert found == expected(tapes, config)
    assert len(found) >= (200 if config is MANY else 15)
    if config is MANY:
        reasons = Counter(row["exit_reason"] for row in found)
        assert {"stop_loss", "trailing_stop_loss", "partial_exit", "roi"} <= reasons.keys()
