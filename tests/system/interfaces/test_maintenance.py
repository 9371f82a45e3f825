"""A ledger can be copied while its bot trades, put back, brought up to date, trimmed."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from actors.actor_sets import ALL_ACTORS
from actors.runtime.deterministic import DeterministicRuntime
from actors.runtime.system import System
from actors.storage_monitor import StorageMonitor
from actors.trading_state import TradingState
from adapters import recording
from app.composition import build
from app.config.config_file import load
from app.maintenance.folds import folds
from app.maintenance.pause import pause
from app.maintenance.trim import JournalTrim
from app.replay import Replay
from app.replay_check.replay_check import replay_check as replayed
from app.state_directory import PULSE, open_for_trading, place_of
from core.market.synthetic import synthetic_market
from core.strategies import BUILT_IN
from i18n.errors import UserError
from interfaces.views import Ledger, status
from interfaces.views.past import moment_of, status_at
from messages.audit import InvariantBroken
from messages.base import Envelope
from messages.control import TradingChanged
from messages.market import Candle
from messages.trading import TradeOpened
from persistence.codec import seal, unseal
from persistence.maintenance.backup import write
from persistence.reader import Reader
from persistence.record import Identity, Record
from persistence.store import Store
from persistence.verify import verify
from tests.support.cli_runner import TIGHT, around, command, run, said
from tests.support.specimens import EVENTS, specimen
from tests.unit.persistence.maintenance.test_migration import older_of

SPEED = 3000  # candle seconds a real one: a minute of trading or so
TAPES = synthetic_market(1, days=1)


def traded(path: Path) -> None:
    """Go on, from whatever is there, to the end of a day on the built-in market."""
    loaded = load(None, TIGHT)
    if not (path / "data.mdb").exists():
        born = Identity("b1rth", "paper", "upbit", "paper", recording.digest(TAPES))
        Store.create(path, born, sync=False).close()
    with Store.open(path, sync=False) as store:
        replay = Replay(TAPES, loaded.strategy.strategy, bulk=True, keep=60)
        bot = build(loaded.config, replay, store, runtime="steps")
        bot.start()
        bot.run()
        assert bot.system.failed is None


def sound(path: Path) -> bool:
    return verify(path, folds()) == []


def ledger_of(path: Path) -> Ledger:
    with Reader.open(path) as reader:
        ledger = Ledger()
        ledger.catch_up(reader)
    return ledger


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``s`` is the state of a run, and ``b`` its backup."""
    folder = tmp_path_factory.mktemp("upkeep")
    traded(folder / "s")
    write(folder / "s", folder / "b", folds())
    return folder


def counted(path: Path) -> int:
    with Reader.open(path) as reader:
        return reader.count()


# --- backup and restore
def test_a_backup_says_what_it_holds_and_lies_beside_the_state_directory(place: Path) -> None:
    told = said("backup", "--state-dir", "s", cwd=place)
    assert re.fullmatch(r"s\.\d{8}T\d{6}Z\.backup", told["file"])
    assert (told["entries"], told["mode"]) == (counted(place / "s"), "paper")
    assert (place / told["file"]).stat().st_mode & 0o777 == 0o600
    assert run("backup", told["file"], "--state-dir", "s", cwd=place).returncode == 2


def test_what_is_restored_is_the_same_but_for_its_birth_and_the_pause(place: Path) -> None:
    told = said("restore", "b", "--state-dir", "r", cwd=place)
    assert told["aside"] is None
    assert told["birth"] != told["former"] == "b1rth"
    was, now = ledger_of(place / "s"), ledger_of(place / "r")
    assert (now.trades, now.orders, now.cash) == (was.trades, was.orders, was.cash)
    assert (was.mode, now.mode) == ("running", "stopentry")
    with Reader.open(place / "r") as reader:
        assert reader.birth.former == ("b1rth",)
        assert reader.count() == counted(place / "s") + 2
    traded(place / "r")
    assert sound(place / "r")
    with Reader.open(place / "r") as reader:
        assert replayed(reader, BUILT_IN["rsi_macd_bollinger"], TAPES).differences == []


def test_a_ledger_that_is_there_is_moved_aside_whole(place: Path) -> None:
    shutil.copytree(place / "s", place / "t")
    told = said("restore", "b", "--state-dir", "t", cwd=place)
    assert ledger_of(place / told["aside"]) == ledger_of(place / "s")
    assert sound(place / told["aside"])
    assert sound(place / "t")


def test_without_a_state_directory_a_backup_goes_where_its_mode_trades(place: Path) -> None:
    assert place_of(Identity("b", "paper", "upbit", "paper", "digest")) == Path("state/paper")
    assert place_of(Identity("b", "paper", "upbit", "paper", PULSE)) == Path("state/prices")
    assert place_of(Identity("b", "live", "upbit", "account")) == Path("state/live")


@pytest.mark.parametrize("mode", ["stopped", "killed"])
def test_a_pause_never_allows_more_than_was_allowed(place: Path, tmp_path: Path, mode: Any) -> None:
    shutil.copytree(place / "s", tmp_path / "s")
    with Store.open(tmp_path / "s") as store:
        kept = store.load("steward", TradingState)
        assert kept
        store.commit(
            "steward", structs.replace(kept, state=structs.replace(kept.state, mode=mode)), []
        )
        before = store.count()
        pause(store, "x")
        assert store.count() == before


@pytest.mark.parametrize("file", ["nothing", "s", "s/data.mdb", "s/birth.json"])
def test_what_is_no_backup_is_refused_and_changes_nothing(place: Path, file: str) -> None:
    before = (place / "s" / "data.mdb").read_bytes()
    assert run("restore", file, "--state-dir", "s", cwd=place).returncode == 2
    assert (place / "s" / "data.mdb").read_bytes() == before


ASKING = (("status",), ("backup", "open.backup"), ("verify",), ("report",), ("why", "KRW-BTC"))


@pytest.mark.parametrize("words", ASKING, ids=lambda words: words[0])
def test_who_only_asks_is_told_of_a_directory_that_is_open_to_others(
    place: Path, words: tuple[str, ...]
) -> None:
    asked = [*words, "--state-dir", "s"]
    assert "may write" not in run(*asked, cwd=place).stderr
    (place / "open.backup").unlink(missing_ok=True)
    (place / "s").chmod(0o777)
    try:
        done = run(*asked, cwd=place)
    finally:
        (place / "s").chmod(0o700)
        (place / "open.backup").unlink(missing_ok=True)
    assert (done.returncode, "may write" in done.stderr) == (0, True)
    assert "chmod 700 's'" in done.stderr


@pytest.mark.parametrize("words", [("trade", "--speed", "max"), *ASKING], ids=lambda w: w[0])
def test_a_link_that_leads_out_of_a_state_directory_ends_every_verb(
    place: Path, words: tuple[str, ...]
) -> None:
    (place / "victim").write_text("my diary")
    link = place / "s" / "console_history"
    link.symlink_to(place / "victim")
    try:
        done = run(*words, "--state-dir", "s", cwd=place)
    finally:
        link.unlink()
    assert done.returncode == 2, done.stderr
    assert "console_history is a link" in done.stderr
    assert str(place / "victim") in done.stderr
    assert (place / "victim").read_text() == "my diary"


def test_a_backup_is_not_put_in_the_place_of_another_mode_or_among_other_files(place: Path) -> None:
    live = Identity("live1", "live", "upbit", "account")
    with Store.create(place / "live", live, sync=False) as store:
        pause(store, "x", 5.0)
    write(place / "live", place / "live.backup", folds())
    (place / "mine").mkdir()
    (place / "mine" / "letter.txt").write_text("dear")
    for target in ("s", "mine"):
        done = run("restore", "live.backup", "--state-dir", target, cwd=place)
        assert done.returncode == 2, target
    assert {entry.name for entry in (place / "mine").iterdir()} == {"letter.txt"}


@pytest.fixture
def trading(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A bot that trades in ``s``, not as fast as it could."""
    words = command("--headless", "--speed", SPEED, "--state-dir", "s")
    pipe = subprocess.PIPE
    bot = subprocess.Popen(words, cwd=tmp_path, env=around(), stdout=pipe, text=True)
    assert bot.stdout
    while "KRW-" not in bot.stdout.readline():
        pass
    while not re.match(r"20\d\d-", bot.stdout.readline()):  # it has traded
        pass
    yield bot
    bot.send_signal(signal.SIGTERM)
    bot.communicate()


def test_a_bot_that_trades_is_backed_up_and_not_disturbed(
    tmp_path: Path, trading: subprocess.Popen[str]
) -> None:
    counts = []
    for number in range(2):
        counts.append(said("backup", f"b{number}", "--state-dir", "s", cwd=tmp_path)["entries"])
        assert (
            run("restore", f"b{number}", "--state-dir", f"r{number}", cwd=tmp_path).returncode == 0
        )
        assert sound(tmp_path / f"r{number}")
    assert counts[0] > 0
    assert counts == sorted(counts)
    assert trading.poll() is None
    done = run("restore", "b0", "--state-dir", "s", cwd=tmp_path)  # it holds the lock
    assert done.returncode == 2
    assert trading.poll() is None
    assert sound(tmp_path / "s")


# --- migration
def test_a_start_brings_an_older_ledger_up_to_date_and_keeps_the_old_one(
    place: Path, tmp_path: Path
) -> None:
    shutil.copytree(place / "s", tmp_path / "s")
    older_of(tmp_path / "s")
    done = run("status", "--state-dir", "s", cwd=tmp_path)
    assert done.returncode == 2
    config = load(None, TIGHT).config
    lock, store, warnings = open_for_trading(tmp_path / "s", config, recording.digest(TAPES))
    store.close()
    lock.release()
    (aside,) = (tmp_path / "s").glob("before-*")
    assert str(aside) in " ".join(warnings)
    assert json.loads((aside / "birth.json").read_text())["schema"] == 1
    assert ledger_of(tmp_path / "s") == ledger_of(place / "s")
    traded(tmp_path / "s")
    assert sound(tmp_path / "s")


# --- trim
def trimmed(store: Store, keep: float) -> int:
    """Trim what lies so many seconds before the end; the number of the last that went."""
    last = store.last()
    assert last
    trim = JournalTrim(store, 1)
    while trim.step(last.at - keep + 86400) < 1:
        pass
    return store.base().number


def test_questions_are_answered_alike_behind_a_trim(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "s", tmp_path / "s")
    whole = ledger_of(place / "s")
    with Store.open(tmp_path / "s") as store:
        asleep = Ledger()  # somebody asked before the trim, and asks again behind it
        asleep.take(store.events(0, 50))
        bases = [trimmed(store, keep) for keep in (50000.0, 30000.0, 9000.0)]
        assert 0 < bases[0] < bases[1] < bases[2] < store.count()
        for ledger in (Ledger(), asleep):
            ledger.catch_up(store)
            assert ledger.condensed() == whole.condensed()
            assert ledger.trades == whole.trades
            assert ledger.cash.now == whole.cash.now
        early = store.base().at - 60
        with pytest.raises(UserError):
            status_at(store, early, "en")
        assert status_at(store, early + 120, "en").trades is not None
    assert sound(tmp_path / "s")
    done = run("status", "--as-of", "2026-01-05 10:00", "--state-dir", "s", cwd=tmp_path)
    assert done.returncode == 2
    traded(tmp_path / "s")
    assert sound(tmp_path / "s")


def test_the_gauge_trims_at_a_start_and_daily(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "s", tmp_path / "s")
    with Store.open(tmp_path / "s") as store:
        last = store.last()
        assert last
        now = last.at + 86400 - 40000  # of so many seconds a day's keep leaves the last
        runtime = DeterministicRuntime(now)
        system = System(runtime, store, [StorageMonitor], {"trim": JournalTrim(store, 1)})
        system.start()
        runtime.run_until(now + 60)
        first = store.base()
        assert 0 < first.number < store.settled()
        assert last.at - 50000 < first.at < last.at - 40000
        runtime.run_until(now + 86400 - 60)
        assert store.base() == first
        runtime.run_until(now + 86400 + 60)
        assert store.base().number == min(store.settled(), store.count() - 1)
        assert system.failed is None
    assert sound(tmp_path / "s")


# --- as of
def test_a_journal_with_a_broken_invariant_stays_whole_until_somebody_has_looked(
    place: Path, tmp_path: Path
) -> None:
    shutil.copytree(place / "s", tmp_path / "s")
    with Store.open(tmp_path / "s") as store:
        last = store.last()
        assert last
        now = last.at + 86400
        say(store, "auditor", InvariantBroken("cash_differs", "cash", "1", "2", (3, 4)), last.at)
        say(store, "steward", TradingChanged("stopentry"), last.at)
        trim = JournalTrim(store, 1)
        assert trim.step(now) == 86400
        assert store.base().number == 0
        say(store, "steward", TradingChanged("running", "seen"), last.at)
        while trim.step(now) < 1:
            pass
        assert store.base().number > 4


def say(store: Store, name: str, event: Any, at: float) -> None:
    """What an owner states, outside of a bot."""
    owner = next(actor for actor in ALL_ACTORS if actor.name == name)
    kept = store.load(name, owner.State)  # type: ignore[attr-defined]
    record = kept or Record(owner.State())  # type: ignore[attr-defined]
    state = owner.evolve(record.state, event)  # type: ignore[attr-defined]
    letter = Envelope(event, at, name)
    store.commit(name, Record(state, record.cursors), [letter], {}, store.count())


def test_the_state_at_a_moment_of_the_past_is_what_was_seen_then(tmp_path: Path) -> None:
    loaded = load(None, TIGHT)
    seen: dict[float, Any] = {}
    with Store.create(tmp_path / "s", Identity("b", "paper", "upbit", ""), sync=False) as store:
        replay = Replay(synthetic_market(2, days=1), loaded.strategy.strategy, bulk=True)
        bot = build(loaded.config, replay, store, runtime="steps")
        bot.start()
        runtime, ledger = bot.system.runtime, Ledger()
        before = runtime.now()
        while runtime.step():  # type: ignore[attr-defined]
            if runtime.now() != before:  # all of that moment is in the journal
                ledger.catch_up(store)
                seen[before] = status.look(ledger, store, before).trades
                before = runtime.now()
        last = store.last()
        assert last
        begun = {at: trades for at, trades in seen.items() if trades and at <= last.at}
        assert len({tuple(t.trade for t in trades) for trades in begun.values()}) > 8
        for at, trades in list(begun.items())[:: max(1, len(begun) // 15)]:
            assert rowed(status_at(store, at, "en").trades) == rowed(trades)
            assert status_at(store, at, "en").at.timestamp() == at


def test_a_price_of_the_past_is_that_moments_or_none(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "s", tmp_path / "s")
    with Store.open(tmp_path / "s") as store:
        opens = [e for e in store.events() if isinstance(e.body, TradeOpened)]
        at, pair = opens[len(opens) // 2].at, opens[len(opens) // 2].body.pair
        start = int(at) - 60
        for time, price in ((start - 86400, 1), (start - 3000, 2), (start, 3), (start + 60, 4)):
            store.archive([(pair, Candle(time, *[Decimal(price)] * 5))], 1)
            (trade,) = (t for t in status_at(store, at, "en").trades if t.pair == pair)
            wanted = {1: None, 2: Decimal(2), 3: Decimal(3), 4: Decimal(3)}[price]
            assert trade.current_rate == wanted


def rowed(trades: Any) -> list[Any]:
    """Without the price, which comes from the archive."""
    none = {"current_rate": None, "profit_abs": None, "profit_ratio": None}
    return [structs.replace(trade, **none) for trade in trades]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-08 09:00", 1767830400),
        ("2026-01-08T00:00:00Z", 1767830400),
        ("2026-01-08", 1767798000),
        ("2026-01-08T02:00:00+02:00", 1767830400),
    ],
)
def test_a_moment_is_koreas_unless_it_names_its_zone(text: str, at: float) -> None:
    assert moment_of(text, "en") == at


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "9" * 400, "12:00", "-1"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        moment_of(text, "ko")


def test_a_moment_before_the_beginning_is_refused_and_one_to_come_is_now(place: Path) -> None:
    done = run("status", "--as-of", "2020-01-01", "--state-dir", "s", cwd=place)
    assert done.returncode == 2
    late = said("status", "--as-of", "2030-01-01", "--state-dir", "s", cwd=place)
    assert late == said("status", "--state-dir", "s", cwd=place)
    assert late["at"] < "2026-01-07"


def test_a_pause_in_a_ledger_without_a_word_is_its_first(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s", Identity("b", "paper", "upbit", ""), sync=False) as store:
        pause(store, "x", 5.0)
        kept = store.load("steward", TradingState)
        assert kept
        assert (kept.state.mode, [e.at for e in store.events()]) == ("stopentry", [5.0, 5.0])
    assert sound(tmp_path / "s")


def test_what_any_event_adds_to_an_answer_survives_in_the_base() -> None:
    ledger = Ledger()
    for number, kind in enumerate(EVENTS, 1):
        ledger.take([Envelope(specimen(kind), 5.0, "x", number=number)])
    assert ledger.locks
    assert ledger.account
    assert ledger.orders.rows
    kept = ledger.condensed()
    assert unseal(b"k", seal(b"k", kept), Ledger) == kept
