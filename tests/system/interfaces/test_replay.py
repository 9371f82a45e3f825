"""A recorded period is decided again to the last event; whatever comes out otherwise is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from actors.actor_sets import ALL_ACTORS
from actors.budget import Budget
from actors.entries import strategist
from actors.entries.strategist import Strategist
from actors.orders.gateway import Gateway
from adapters import recording
from app.maintenance.folds import folds
from app.maintenance.trim import JournalTrim
from app.replay_check.replay_check import replay_check
from app.replay_check.turns import turns
from core.rules import RULES
from core.strategies import BUILT_IN
from core.strategy import Signals
from interfaces.commands.replay import strategy_of
from messages.base import Envelope, Message
from messages.budget import BudgetReserved
from messages.limits import CallFailed
from messages.market import ClosingReport
from messages.orders import CheckOrders, OrderClosed
from messages.trading import EntryVetoed, EntryWanted
from persistence.reader import Reader
from persistence.store import Store
from persistence.verify import verify
from tests.support.cli_runner import run, said
from tests.support.live_streams import NOW, A, B, Closes, price, update
from tests.support.strategies import Leaver
from tests.tools.golden_journals import (
    CONFIG,
    ROOT,
    expected,
    first_difference,
    journaled,
    laid,
    market,
    names,
    read,
    redecided,
    version,
)
from tests.unit.actors.test_live_paper import Trading

RULE = BUILT_IN[CONFIG.strategy]


def decided(path: Path, candle_series: Any, strategy: Any = RULE, cast: Any = ALL_ACTORS) -> Any:
    with Reader.open(path) as reader:
        return replay_check(reader, strategy, candle_series, cast)


def altered(
    tmp_path: Path, change: Callable[[list[Envelope]], Iterable[Envelope]], **cursors: int
) -> tuple[Path, Any]:
    """This release's journal with something changed in it."""
    letters, candle_series = read(version())
    path = tmp_path / "state"
    laid(path, change(letters), recording.digest(candle_series), **cursors)
    return path, candle_series


def test_there_is_a_golden_journal_of_this_release() -> None:
    assert version() in names()


@pytest.mark.parametrize("name", names())
def test_every_golden_folds_and_differs_first_where_the_table_says(
    tmp_path: Path, name: str
) -> None:
    letters, _ = read(name)
    done = redecided(tmp_path, name)
    listed = expected()[name]
    assert first_difference(done) == (listed and without(listed))
    assert done.entries == len(letters) > 200
    assert done.unknown == 0
    assert (done.made_by, done.decided_by) == ([1], RULES)
    assert verify(tmp_path / "s", folds()) == []


def without(listed: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in listed.items() if name != "changelog"}


def test_what_explains_each_difference_stands_in_the_changelog() -> None:
    changelog = " ".join((ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split())
    for name, listed in expected().items():
        assert listed is None or " ".join(listed["changelog"].split()) in changelog, name
    assert {*expected()} == {*names()}


def test_the_journal_of_the_first_release_is_decided_the_same_today(tmp_path: Path) -> None:
    letters, candle_series = read(version())
    laid(tmp_path / "s", letters, recording.digest(candle_series))
    recording.write(tmp_path / "market.csv.gz", candle_series)
    told = said("replay", "--state-dir", "s", "--recording", "market.csv.gz", cwd=tmp_path)
    assert told["differences"] == 0, told["first"]
    assert (told["made_by"], told["decided_by"]) == ([1], RULES)
    assert told["entries"] == len(letters) > 200
    assert told["turns"] > 150
    assert told["silences"] > 50
    assert told["verdicts"] > 50
    assert told["unknown"] == told["unseen"] == 0
    assert verify(tmp_path / "s", folds()) == []


def test_what_a_bot_has_just_done_is_decided_the_same(tmp_path: Path) -> None:
    candle_series = market()
    letters = journaled(tmp_path, candle_series)
    done = decided(tmp_path / "made", candle_series)
    assert done.differences == []
    assert done.entries == len(letters)
    # Nothing is left out but what the second witness states of all the others.
    assert done.left_out == sum(turn.owner == "auditor" for turn in turns(letters))


def first_of(letters: list[Envelope], kind: type) -> int:
    return next(i for i, e in enumerate(letters) if isinstance(e.body, kind))


def test_an_event_that_today_would_be_another_is_named_with_both(tmp_path: Path) -> None:
    def change(letters: list[Envelope]) -> list[Envelope]:
        at = first_of(letters, EntryWanted)
        body = structs.replace(letters[at].body, tag="another")
        return [*letters[:at], structs.replace(letters[at], body=body), *letters[at + 1 :]]

    path, candle_series = altered(tmp_path, change)
    first = decided(path, candle_series).differences[0]
    at = first_of(read(version())[0], EntryWanted)
    assert (first.number, first.owner) == (at + 1, "strategist")
    assert '"another"' in first.then[0]
    assert '"another"' not in first.now[0]
    assert "ClosingReport" in first.message


def test_a_verdict_that_today_would_be_another_is_named(tmp_path: Path) -> None:
    letters, candle_series = read(version())
    at = next(i for i, e in enumerate(letters) if isinstance(e.prompt, ClosingReport))

    def change(letters: list[Envelope]) -> list[Envelope]:
        verdict = structs.replace(letters[at].prompt.verdict, conditions=("made up",))
        prompt = structs.replace(letters[at].prompt, verdict=verdict)
        return [*letters[:at], structs.replace(letters[at], prompt=prompt), *letters[at + 1 :]]

    path, _ = altered(tmp_path, change)
    found = [d for d in decided(path, candle_series).differences if d.owner == "strategy"]
    assert [d.number for d in found] == [at + 1]
    assert "made up" in found[0].then[0]
    assert "made up" not in found[0].now[0]


class Eager:
    """The built-in strategy, which today wants more."""

    Params = RULE.Params

    @staticmethod
    def signals(candles: Any, params: Any) -> Signals:
        found = RULE.signals(candles, params)
        return structs.replace(found, entry=found.entry | (candles.time % 600 == 0))


def test_an_entry_that_nobody_wanted_then_is_named_where_it_is_missed(tmp_path: Path) -> None:
    letters, candle_series = read(version())
    laid(tmp_path / "s", letters, recording.digest(candle_series))
    done = decided(tmp_path / "s", candle_series, Eager())
    missed = [d for d in done.differences if not d.number]
    assert missed
    assert {d.owner for d in missed} == {"strategist"}
    assert all(not d.then and "Entry" in d.now[0] for d in missed)
    assert all("ClosingReport" in d.message for d in missed)


def test_an_event_that_today_would_lead_to_something_is_named(tmp_path: Path) -> None:
    """The budget has taken an entry's wish in, says its cursor, and has said nothing."""
    at = first_of(read(version())[0], EntryWanted)
    path, candle_series = altered(tmp_path, lambda letters: letters[: at + 1], budget=at)
    assert decided(path, candle_series, None).differences == []
    path, candle_series = altered(tmp_path / "b", lambda letters: letters[: at + 1], budget=at + 1)
    (found,) = decided(path, candle_series, None).differences
    assert (found.number, found.owner, found.then) == (at + 1, "budget", ())
    assert "BudgetReserved" in found.now[0]


class Refusing(Strategist):
    """Today nobody may enter."""

    @staticmethod
    def decide(state: Any, message: Any, at: float, kept: Message | None = None) -> Any:
        if isinstance(message, ClosingReport) and message.verdict.entry:
            return iter([EntryVetoed(message.pair, message.candle.time, "stopped", ())])
        return strategist.decide(state, message, at, kept)


class Generous(Budget):
    """Today the fee is forgotten."""

    @staticmethod
    def decide(*arguments: Any) -> Any:
        for message in Budget.decide(*arguments):
            free = isinstance(message, BudgetReserved)
            yield structs.replace(message, fee=message.fee * 0) if free else message


class Broken(Gateway):
    """Today it fails at an order's end."""

    @staticmethod
    def evolve(state: Any, event: Any) -> Any:
        assert not isinstance(event, OrderClosed)
        return Gateway.evolve(state, event)


@pytest.mark.parametrize(
    ("other", "kind"),
    [(Refusing, EntryWanted), (Generous, BudgetReserved), (Broken, OrderClosed)],
)
def test_an_owner_that_decides_otherwise_today_is_named_at_its_first_difference(
    tmp_path: Path, other: Any, kind: type
) -> None:
    letters, candle_series = read(version())
    laid(tmp_path / "s", letters, recording.digest(candle_series))
    cast = [other if actor.name == other.name else actor for actor in ALL_ACTORS]
    first = decided(tmp_path / "s", candle_series, cast=cast).differences[0]
    assert first.owner == other.name
    turn = next(t for t in turns(letters) if any(isinstance(e, kind) for e in t.events))
    assert first.number == turn.number


def letter(number: int, source: str, cause: int = 0, prompt: Any = None, at: float = 1.0) -> Any:
    return Envelope(CallFailed(number), at, source, "", cause, number, prompt=prompt)


def test_turns_are_told_apart_by_owner_moment_cause_and_prompt() -> None:
    letters = [
        letter(1, "a", prompt=CheckOrders()), letter(2, "a"),
        letter(3, "a", prompt=CheckOrders()),
        letter(4, "b", cause=3), letter(5, "b", cause=3),
        letter(6, "b", cause=2),
        letter(7, "b", cause=2, at=2.0),
        letter(8, "a", cause=2, at=2.0),
    ]  # fmt: skip
    found = [[e.number for e in turn.letters] for turn in turns(letters)]
    assert found == [[1, 2], [3], [4, 5], [6], [7], [8]]


def test_a_trimmed_journal_is_decided_from_its_base_on(tmp_path: Path) -> None:
    letters, candle_series = read(version())
    path = tmp_path / "state"
    laid(path, letters, recording.digest(candle_series))
    with Store.open(path) as store:
        record = store.load("strategist", Strategist.State)
        assert record
        store.commit("strategist", record, [], {}, len(letters))  # all of it is settled
        before = letters[150].at
        trim = JournalTrim(store, 1)
        while trim.step(before + 86400) < 1:
            pass
        assert store.base().number == next(e.number for e in letters if e.at >= before) - 1
    assert verify(path, folds()) == []
    done = decided(path, candle_series)
    assert done.differences == []
    assert 50 < done.entries < len(letters)


class Always(Closes):
    """Today it would enter at every close."""

    def signals(self, candles: Any, params: Any) -> Signals:
        found = super().signals(candles, params)
        return structs.replace(found, entry=found.entry | True)


def test_a_live_markets_verdicts_come_back_from_its_archive(tmp_path: Path) -> None:
    bot = Trading(tmp_path, 1)
    bot.enter()
    for minute in range(2, 7):
        end = 60 * minute
        bot.tell(end - 1, update("7" if minute == 3 else "7.1", NOW + end - 60))
        bot.tell(end + 0.5, price("7", NOW + end + 0.4))
        bot.runtime.run_until(NOW + end + 2)
    bot.end()
    with bot.store as store:
        asked = [
            row.candle.time for row in store.archived(A, 100) if row.judged
        ]  # what was fetched at the start was not
        assert asked == [int(NOW) + 60 * minute for minute in range(6)]
        assert len(store.archived(A, 100)) > len(asked)
        done = replay_check(store, Closes(), None)
        assert done.differences == []
        assert done.verdicts == len(asked) + len([r for r in store.archived(B, 99) if r.judged])
        wrong = replay_check(store, Always(), None).differences
    missed = [d for d in wrong if not d.number]
    assert {d.owner for d in missed} == {"strategist"}
    assert next(d.at for d in missed) > NOW + 60


def test_another_recording_than_the_one_that_was_traded_is_refused(tmp_path: Path) -> None:
    letters, candle_series = read(version())
    laid(tmp_path / "s", letters, recording.digest(candle_series))
    recording.write(tmp_path / "other.csv.gz", market()[:1])
    done = run("replay", "--state-dir", "s", "--recording", "other.csv.gz", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""


def test_a_difference_ends_with_exit_code_1_and_tells_the_first(tmp_path: Path) -> None:
    path, candle_series = altered(
        tmp_path,
        lambda letters: [
            structs.replace(e, body=structs.replace(e.body, tag="other"))
            if isinstance(e.body, EntryWanted)
            else e
            for e in letters
        ],
    )
    recording.write(tmp_path / "market.csv.gz", candle_series)
    words = ("replay", "--state-dir", path, "--recording", "market.csv.gz")
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 1
    assert '"tag":"other"' in done.stdout
    assert f"made by rules 1, decided by rules {RULES}" in done.stdout
    assert run(*words, "--json", cwd=tmp_path).returncode == 1


def test_a_strategy_that_is_not_at_hand_leaves_its_verdicts_as_they_were(tmp_path: Path) -> None:
    from app.config.config_file import load

    here = load(None, {})
    assert strategy_of(CONFIG, here) is RULE
    assert strategy_of(structs.replace(CONFIG, strategy="gone.py:Gone"), here) is None
    letters, candle_series = read(version())
    laid(tmp_path / "s", letters, recording.digest(candle_series))
    done = decided(tmp_path / "s", candle_series, None)
    assert (done.differences, done.verdicts) == ([], 0)
    assert decided(tmp_path / "s", candle_series, Leaver()).verdicts > 0
