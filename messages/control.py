"""The control protocol, which is the console's language: one union, its verbs in freqtrade's words.

The first line of a docstring is the help of its verb. A ``Question`` is answered by whoever asks,
from the state directory; a ``Change`` crosses the control socket and is answered by an actor.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from messages.base import Command, Event, Message, Reply
from messages.config import Config
from messages.runtime_stats import RuntimeStats


class Question(Message):
    """Asks; never changes anything."""


class Change(Command):
    """Changes something. ``id`` is drawn once by the console: the same frame twice is one order."""


# --- questions
class ShowStatus(Question, tag="status"):
    """Open trades, with their profit now and their stop."""


class ShowBalance(Question, tag="balance"):
    """Cash, what is reserved, and the coins held."""


class ShowOrders(Question, tag="orders"):
    """Orders that have not ended."""


class ShowTrades(Question, tag="trades"):
    """The last closed trades."""

    limit: int = 20


class ShowProfit(Question, tag="profit"):
    """Profit of all closed trades."""


class ShowPerformance(Question, tag="performance"):
    """Profit by pair."""


class ShowDaily(Question, tag="daily"):
    """Profit by trading day."""

    days: int = 7


class ShowWhy(Question, tag="why"):
    """Why a pair was, or was not, bought or sold."""

    pair: str


class ShowLocks(Question, tag="locks"):
    """Pairs that may not be entered, until when, and why."""


class ShowConfig(Question, tag="show_config"):
    """The configuration in force."""


class ShowHealth(Question, tag="health"):
    """Whether every part of the bot is well."""


# --- changes
class StopEntry(Change, tag="stopentry"):
    """No new entries; exits go on."""

    id: str = ""


class StartTrading(Change, tag="start"):
    """Trade again after stop, stopentry or kill."""

    id: str = ""


class StopTrading(Change, tag="stop"):
    """No new decision at all: neither entries nor exits."""

    id: str = ""


class ForceEnter(Change, tag="forceenter"):
    """Buy a pair now, at the market."""

    pair: str
    stake: Decimal | None = None
    id: str = ""


class ForceExit(Change, tag="forceexit"):
    """Sell an open trade now, at the market; "all" sells every one."""

    pair: str
    id: str = ""


class CancelOpenOrder(Change, tag="cancel_open_order"):
    """Cancel the open orders of a pair; what was filled is kept."""

    pair: str
    id: str = ""


class AdoptPair(Change, tag="adopt"):
    """Make the coins of a pair that are not ours a trade, from Upbit's average price or yours."""

    pair: str
    price: Decimal | None = None
    id: str = ""


class ReleasePair(Change, tag="release"):
    """End an adopted trade without selling; its coins are left alone again."""

    pair: str
    id: str = ""


class ExplainPair(Change, tag="explain"):
    """Say what became of coins that left the account: sold PRICE, moved, or lost."""

    pair: str
    answer: Literal["sold", "moved", "lost"]
    price: Decimal | None = None
    id: str = ""


class SettlePair(Change, tag="settle"):
    """You have looked: end the disputed orders of a pair by what the venue shows."""

    pair: str
    id: str = ""


class AcceptKey(Change, tag="accept_key"):
    """You have looked: the new API key is of the account that this bot has traded on."""

    id: str = ""


class TakeSnapshot(Change, tag="snapshot"):
    """Journal every coin of the account now, with its average and its price."""

    id: str = ""


class ReloadConfig(Change, tag="reload_config"):
    """Read the configuration again; it holds from the next candle on."""

    id: str = ""
    config: Config | None = None  # read and checked by the asker; None crosses no socket


class Kill(Change, tag="kill"):
    """Stop, cancel our open orders, and stay so over restarts."""

    id: str = ""


class ShowVitals(Change, tag="vitals"):
    """How the running process breathes: memory, mailboxes, commits."""

    id: str = ""


class Shutdown(Change, tag="shutdown"):
    """End the bot; open trades have no stop until it runs again."""

    id: str = ""


Questions = (
    ShowStatus
    | ShowBalance
    | ShowOrders
    | ShowTrades
    | ShowProfit
    | ShowPerformance
    | ShowDaily
    | ShowWhy
    | ShowLocks
    | ShowConfig
    | ShowHealth
)
Changes = (  # ``ShowVitals`` changes nothing, but only the process itself can answer it
    StopEntry
    | StartTrading
    | StopTrading
    | ForceEnter
    | ForceExit
    | CancelOpenOrder
    | AdoptPair
    | ReleasePair
    | ExplainPair
    | SettlePair
    | AcceptKey
    | TakeSnapshot
    | ReloadConfig
    | Kill
    | ShowVitals
    | Shutdown
)
Operator = Questions | Changes


class OperatorReply(Reply):
    """What became of a change: done or refused, with a catalogue key and its facts."""

    done: bool
    key: str
    facts: dict[str, str] = {}
    vitals: RuntimeStats | None = None  # of ``ShowVitals``


# --- what the steward states
class ConfigAdopted(Event):
    """The configuration that holds from now on; whole, without secrets."""

    config: Config
    birth: str = ""  # the birth id of the state directory; part of every identifier
    rules: int = 1  # the number of the rules that decide from now on


class TradingChanged(Event):
    """What the bot may do: running | stopentry (exits only) | stopped | killed."""

    mode: Literal["running", "stopentry", "stopped", "killed"]
    command: str = ""


class ConfigTaken(Event):
    """An owner has taken the configuration into its state; each states its own."""

    config: Config
    birth: str = ""


class CommandTaken(Event):
    """An operator's command was carried out: the same id again is the same command."""

    id: str


class ModeTaken(Event):
    """An owner has taken in what the bot may do."""

    mode: Literal["running", "stopentry", "stopped", "killed"]


class AdoptConfig(Command):
    """From the composition root, at every start: this is the configuration."""

    config: Config
    birth: str = ""  # the birth id of the state directory
    rules: int = 1  # the number of the rules that this code decides by
