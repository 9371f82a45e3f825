"""What the operator has decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from actors import steward
from actors.steward import Steward
from messages.config import Config, Exchange
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
from tests.actors.turns import Turns, of

CONFIG = Config()


def born() -> Turns:
    turns = Turns(steward, Steward)
    turns.take(AdoptConfig(CONFIG, "birth"))
    return turns


def test_a_start_states_the_configuration_only_when_it_differs() -> None:
    turns = Turns(steward, Steward)
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
