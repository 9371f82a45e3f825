"""What the operator has decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from actors import trading_state
from actors.trading_state import TradingStateOwner
from messages.audit import InvariantBroken
from messages.config import Bounds, Config, Exchange
from messages.control import (
    AdoptConfig,
    CommandTaken,
    ConfigAdopted,
    Kill,
    OperatorReply,
    ReloadConfig,
    StartTrading,
    StopEntry,
    StopTrading,
    TradingChanged,
)
from messages.notices import NoticeSkipped, SkipNotice
from messages.storage import RestartProcess, SpaceRegained, SpaceReport, SpaceShort
from tests.unit.actors.turns import Turns, of

CONFIG = Config()


def born() -> Turns:
    turns = Turns(trading_state, TradingStateOwner)
    turns.take(AdoptConfig(CONFIG, "birth"))
    return turns


def test_a_start_states_the_configuration_only_when_it_differs() -> None:
    turns = Turns(trading_state, TradingStateOwner)
    assert turns.take(AdoptConfig(CONFIG, "b")) == [ConfigAdopted(CONFIG, "b")]
    assert turns.take(AdoptConfig(Config(), "b")) == []
    other = Config(max_open_trades=5)
    assert turns.take(AdoptConfig(other, "b")) == [ConfigAdopted(other, "b")]
    assert turns.take(AdoptConfig(other, "restored")) == [ConfigAdopted(other, "restored")]


@pytest.mark.parametrize(
    ("command", "mode"),
    [(StopEntry, "stopentry"), (StopTrading, "stopped"), (Kill, "killed")],
)
def test_a_command_changes_the_mode_and_a_start_changes_it_back(command: Any, mode: Any) -> None:
    turns = born()
    said = turns.take(command("c1"))
    assert of(TradingChanged, said) == [TradingChanged(mode, "c1")]
    assert of(OperatorReply, said)[0].done
    assert turns.take(AdoptConfig(CONFIG, "birth")) == []
    assert turns.state.mode == mode  # a start of the bot leaves it so
    assert of(TradingChanged, turns.take(StartTrading("c2"))) == [TradingChanged("running", "c2")]


def test_a_frame_that_comes_twice_is_one_command() -> None:
    turns = born()
    turns.all(StopEntry("c1"), StartTrading("c2"))
    (reply,) = turns.take(StopEntry("c1"))
    assert reply.done
    assert turns.state.mode == "running"


def test_what_changes_nothing_is_answered_and_its_twin_stays_without_effect() -> None:
    turns = born()
    assert of(TradingChanged, turns.take(StartTrading("c1"))) == []
    turns.take(Kill("c2"))
    turns.take(StartTrading("c1"))
    assert turns.state.mode == "killed"


def test_a_reload_is_adopted() -> None:
    turns = born()
    other = Config(max_open_trades=5)
    said = turns.take(ReloadConfig("c1", other))
    assert of(ConfigAdopted, said) == [ConfigAdopted(other, "birth")]
    assert of(CommandTaken, said) == [CommandTaken("c1")]
    assert of(OperatorReply, said)[0].done
    assert of(ConfigAdopted, turns.take(ReloadConfig("c2", other))) == []
    assert not turns.take(ReloadConfig("c3"))[0].done


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dry_run", False),
        ("timeframe", "5m"),
        ("dry_run_wallet", Decimal(5)),
    ],
)
def test_a_reload_refuses_what_needs_a_restart_and_names_it(key: str, value: Any) -> None:
    turns = born()
    (reply,) = turns.take(ReloadConfig("c1", structs.replace(CONFIG, **{key: value})))
    assert reply == OperatorReply(False, "config_needs_restart", {"keys": key})
    assert turns.state.config == CONFIG


def test_a_reload_refuses_another_venue() -> None:
    other = Config(exchange=structs.replace(Exchange(), name="elsewhere"))
    (reply,) = born().take(ReloadConfig("c1", other))
    assert reply.facts == {"keys": "exchange.name"}


ROOM = SpaceReport(0.1, 65_000_000)
NO_DISK = SpaceReport(0.1, 63_999_999)


def test_while_there_is_room_nothing_is_said() -> None:
    assert born().all(ROOM, ROOM) == []
    assert born().take(SpaceReport(0.7999, 64_000_000)) == []


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (NO_DISK, "disk_short"),
        (SpaceReport(0.1, 0), "disk_short"),
        (SpaceReport(0.8, 10**12), "map_short"),
        (SpaceReport(0.8, 0), "map_short"),
    ],
)
def test_a_lack_of_room_is_stated_once(report: SpaceReport, reason: Any) -> None:
    turns = born()
    assert turns.all(report, report) == [SpaceShort(reason, report.used, report.free)]


def test_the_reserve_is_the_configured_one() -> None:
    turns = Turns(trading_state, TradingStateOwner)
    turns.take(AdoptConfig(Config(bounds=Bounds(disk_reserve_mb=1000)), "b"))
    assert of(SpaceShort, turns.take(SpaceReport(0.1, 999_999_999)))
    assert of(SpaceShort, Turns(trading_state, TradingStateOwner).take(NO_DISK)), (
        "and at first the usual one"
    )


def test_there_is_room_again_when_a_quarter_more_than_the_reserve_is_free() -> None:
    turns = born()
    assert turns.all(NO_DISK, ROOM, NO_DISK) == [SpaceShort("disk_short", 0.1, 63_999_999)]
    assert turns.take(SpaceReport(0.1, 79_999_999)) == []
    assert turns.take(SpaceReport(0.1, 80_000_000)) == [SpaceRegained()]
    assert turns.take(ROOM) == []


def test_another_reason_is_stated_too_and_the_last_one_ends_it() -> None:
    turns = born()
    full = SpaceReport(0.85, 0)
    assert of(SpaceShort, turns.all(NO_DISK, full)) == [
        SpaceShort("disk_short", 0.1, 63_999_999),
        SpaceShort("map_short", 0.85, 0),
    ]
    assert of(SpaceShort, turns.take(NO_DISK)), "the map has grown, the disk has not"
    assert turns.take(SpaceReport(0.1, 10**9)) == [SpaceRegained()]


@pytest.mark.parametrize(("used", "again"), [(0.8999, 0), (0.9, 1), (1.0, 1)])
def test_a_full_map_has_the_process_started_again(used: float, again: int) -> None:
    said = born().take(SpaceReport(used, 10**9))
    assert of(RestartProcess, said) == [RestartProcess("map_full")] * again


def test_a_skipped_notice_is_journaled_once() -> None:
    turns = born()
    assert turns.take(SkipNotice(7, "ValueError: x")) == [NoticeSkipped(7, "ValueError: x")]
    assert turns.all(SkipNotice(7, "ValueError: x"), SkipNotice(7, "another")) == []
    assert turns.take(SkipNotice(8, "x")) == [NoticeSkipped(8, "x")]


BREACH = InvariantBroken("cash_differs", "KRW-BTC@60", "1", "2", (7, 9))


def test_a_broken_invariant_stops_entries_until_an_operator_starts_again() -> None:
    turns = born()
    assert turns.all(BREACH, BREACH) == [TradingChanged("stopentry")]
    assert of(TradingChanged, turns.take(StartTrading("seen"))) == [
        TradingChanged("running", "seen")
    ]
    assert turns.take(BREACH) == [TradingChanged("stopentry")], "the next one does so again"


@pytest.mark.parametrize(("command", "mode"), [(StopTrading, "stopped"), (Kill, "killed")])
def test_a_broken_invariant_lets_nothing_go_on_that_was_stopped(command: Any, mode: Any) -> None:
    turns = born()
    turns.take(command("c1"))
    assert turns.take(BREACH) == []
    assert turns.state.mode == mode
