"""Pairs as commands and options read them, and what is said to what is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from adapters import recording
from adapters.upbit.schemas.quotes import Pair
from app.composition import Bot, build
from app.config.config_file import load
from app.market_list import MarketList
from app.pairs import read_pair, read_pairs
from app.preflight.reach import markets
from app.replay import Replay, chosen, entered
from core.market.pairs import by_names, entry
from core.market.synthetic import synthetic_market
from i18n.errors import UserError
from interfaces.console.grammar import CONSOLE_COMMANDS, ConsoleCommand, parse
from interfaces.live_confirmation.rehearsal import on_paper
from interfaces.views import answer
from messages.config import Config
from messages.control import AdoptPair, Change, ForceEnter, ForceExit, ReloadConfig, ShowWhy
from messages.venue_queries import Fetch, FetchMarkets, MarketsReport
from persistence.reader import Reader
from persistence.record import Identity
from persistence.store import Store
from tests.support.cli_runner import run

LISTED = ("KRW-BTC", "KRW-DOGE", "KRW-SHIB", "KRW-KAIA")


def said(error: pytest.ExceptionInfo[UserError]) -> str:
    return error.value.block("en")


@pytest.mark.parametrize("text", ["KRW-DOGE", "DOGE", "doge", "DOGE/KRW", "도지코인", "Dogecoin"])
def test_a_command_and_an_option_read_a_pair_in_every_form(text: str) -> None:
    assert read_pair(text, "PAIR") == "KRW-DOGE"
    assert read_pairs(text, LISTED, "--pairs", "Upbit lists no") == ["KRW-DOGE"]


def test_an_option_takes_lists_patterns_and_the_venue_s_own_names() -> None:
    def read(text: str) -> list[str]:
        names = by_names([("카이아", "KRW-KAIA"), ("시바 이누", "KRW-SHIB")])
        return read_pairs(text, LISTED, "--pairs", "Upbit lists no", names)

    assert read("btc, DOGE/KRW,btc") == ["KRW-BTC", "KRW-DOGE"]
    assert read("KRW-BTC KRW-DOGE") == ["KRW-BTC", "KRW-DOGE"]
    assert read("(DOGE|SHIB)/.*") == ["KRW-DOGE", "KRW-SHIB"]
    assert read("카이아,시바 이누") == ["KRW-KAIA", "KRW-SHIB"]
    assert read("KRW-*") == sorted(LISTED)


@pytest.mark.parametrize(
    ("text", "what", "todo"),
    [
        ("KRW-DOEG", "Upbit lists no KRW-DOEG", "did you mean KRW-DOGE?"),
        ("DOEG/.*", "Upbit lists no DOEG/.*", "did you mean KRW-DOGE?"),
        ("도지코", '"도지코" is no pair', "did you mean KRW-DOGE?"),
        ("가나다라", '"가나다라" is no pair', "write the code: KRW-DOGE"),
        ("DOGE/*", '"DOGE/*" is no pair', "DOGE/.*"),
        (" , ", '" , " is no pair', "see --help"),
    ],
)
def test_what_matches_nothing_is_refused_by_name_with_the_way_out(
    text: str, what: str, todo: str
) -> None:
    with pytest.raises(UserError) as error:
        read_pairs(text, LISTED, "--pairs", "Upbit lists no")
    assert what in said(error)
    assert todo in said(error)


# --- lists of a recording
MADE_UP = synthetic_market(seed=1, days=1, timeframe="1m")


def test_a_pattern_of_the_whitelist_that_is_misspelt_is_refused_as_a_code_is() -> None:
    with pytest.raises(UserError, match=r"no recording of DOEG/\.\*") as error:
        entered(MADE_UP, Config(pair_whitelist=("DOEG/.*",)))
    assert error.value.where == "pair_whitelist"
    assert "did you mean KRW-DOGE?" in error.value.todo


def test_a_market_that_was_not_recorded_is_not_taken_for_another_that_looks_like_it() -> None:
    with pytest.raises(UserError, match="no recording of KRW-ARK") as error:
        entered(MADE_UP, Config(pair_whitelist=("KRW-ARK",)))
    assert "did you mean" not in error.value.todo


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("KRW-DOEG", "KRW-DOGE"),
        ("DOEG/.*", "KRW-DOGE"),
        ("$DOGE", "KRW-DOGE"),
        ("[DOGE]", "KRW-DOGE"),
        ("DOGE|SHIB", "(DOGE|SHIB)/.*"),
        ("(DOEG|ETHH)/.*", "KRW-DOGE"),
        ("KRW-QQQQ", ""),
    ],
)
def test_an_entry_of_the_blacklist_that_names_no_market_is_refused_by_name(
    name: str, near: str
) -> None:
    with pytest.raises(UserError) as error:
        entered(MADE_UP, Config(pair_blacklist=("KRW-BTC", name)))
    assert error.value.what == f"no known market is called {name}"
    assert error.value.where == "pair_blacklist"
    assert (f"did you mean {near}?" in error.value.todo) == bool(near)
    assert "pair_blacklist에서 고치거나 빼세요" in error.value.block("ko")


@pytest.mark.parametrize(
    "name", ["ONDO/.*", "KRW-CHZ", ".*UP/.*", "KRW-ARK", "KRW-DO.*", "ark/krw"]
)
def test_a_blacklist_may_name_what_the_recording_does_not_hold(name: str) -> None:
    assert entered(MADE_UP, Config(pair_blacklist=(entry(name),)))


def test_a_journaled_blacklist_is_replayed_whatever_it_names() -> None:
    assert chosen(MADE_UP, Config(pair_blacklist=("KRW-NEWC", "KRW-QQQQ")))


def test_a_rehearsal_bars_of_its_pairs_what_the_blacklist_names_and_no_more() -> None:
    loaded = replace(
        load(None, {}), config=Config(pair_blacklist=("KRW-NEWC", "KRW-DO.*", "KRW-ARK"))
    )
    paper = on_paper(loaded, ("KRW-BTC", "KRW-DOGE"))
    assert paper.config.pair_blacklist == ("KRW-DOGE",)


def test_a_star_of_a_file_name_in_a_list_is_refused_where_the_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"pair_blacklist": ["DOGE/*"]}')
    with pytest.raises(UserError, match="is no pair") as error:
        load(path, {})
    assert "did you mean DOGE/.*?" in error.value.block()


# --- commands
@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    config = load(None, {}).config
    candle_series = synthetic_market(seed=1, days=1, timeframe=config.timeframe)
    replay = Replay(candle_series, load(None, {}).strategy.strategy, bulk=True)
    store = Store.create(tmp_path / "state", Identity("b", "paper", "upbit", ""), sync=False)
    made = build(config, replay, store, runtime="steps")
    made.start()
    yield made
    made.stop()


def test_a_reload_refuses_what_is_new_in_the_blacklist_and_names_no_market(
    tmp_path: Path,
) -> None:
    config = structs.replace(load(None, {}).config, pair_blacklist=("KRW-QQQQ",))
    replay = Replay(MADE_UP, load(None, {}).strategy.strategy, bulk=True)
    store = Store.create(tmp_path / "state", Identity("b", "paper", "upbit", ""), sync=False)
    new = ["KRW-DOEG"]
    bot = build(
        config,
        replay,
        store,
        runtime="steps",
        reread=lambda: structs.replace(config, pair_blacklist=("KRW-QQQQ", *new)),
    )
    bot.start()
    with pytest.raises(UserError, match="no known market is called KRW-DOEG"):
        bot.ask(ReloadConfig("1"))
    assert bot.config.pair_blacklist == ("KRW-QQQQ",)
    new[:] = ["KRW-DO.*", "KRW-ARK"]
    assert bot.ask(ReloadConfig("2")).done
    assert bot.config.pair_blacklist == ("KRW-QQQQ", "KRW-DO.*", "KRW-ARK")
    bot.stop()


@pytest.mark.parametrize(
    "command",
    [
        AdoptPair("KRW-BCT", None, "1"),
        ForceEnter("KRW-BCT", None, "1"),
        ForceExit("KRW-BCT", "1"),
    ],
)
def test_a_command_for_no_market_says_so_with_the_nearest_and_takes_no_slot(
    bot: Bot, command: AdoptPair | ForceEnter | ForceExit
) -> None:
    reply = bot.ask(command)
    assert (reply.done, reply.key) == (False, "no_market_near")
    assert reply.facts == {"pair": "KRW-BCT", "near": "KRW-BTC"}


OF_A_PAIR = [
    verb for verb in CONSOLE_COMMANDS.values() if any("pair" in a.kind for a in verb.arguments)
]


def typed(verb: ConsoleCommand, pair: str) -> str:
    """A line with that pair, and what else the command needs."""
    more = [a.choices[0] for a in verb.arguments[1:] if a.required and a.choices]
    return " ".join([verb.name, pair, *more])


@pytest.mark.parametrize("verb", OF_A_PAIR, ids=lambda verb: verb.name)
def test_every_command_of_a_pair_reads_it_alike_and_says_what_is_wrong(
    bot: Bot, verb: ConsoleCommand
) -> None:
    read = [parse(typed(verb, text), lambda: "1") for text in ("비트코인", "btc", "BTC/KRW")]
    assert [getattr(message, "pair", "") for message in read] == ["KRW-BTC"] * 3
    for line, told in (
        (verb.name, verb.usage),
        (typed(verb, "비트코"), "did you mean KRW-BTC?"),
        (typed(verb, "BTC/USDT"), "did you mean KRW-BTC?"),
        (typed(verb, "없는코인"), "write the code: KRW-DOGE"),
    ):
        with pytest.raises(UserError) as error:
            parse(line, lambda: "1")
        assert told in said(error)
    unknown = parse(typed(verb, "KRW-BCT"), lambda: "1")
    if isinstance(unknown, Change):
        assert bot.ask(unknown).key == "no_market_near"  # type: ignore[arg-type]


def test_a_command_for_a_market_is_answered_by_what_it_asks_for(bot: Bot) -> None:
    for pair in ("KRW-BTC", "all"):
        assert not bot.ask(ForceExit(pair, pair)).key.startswith("no_market")
    assert bot.ask(AdoptPair("KRW-BTC", None, "3")).facts["reason"] == "nothing_external"


def test_the_venue_s_list_is_kept_as_it_comes_and_until_then_nothing_is_adopted() -> None:
    markets = MarketList()
    reports = iter([MarketsReport(failed="timeout"), MarketsReport(LISTED, unread=("KRW-ODD",))])

    def fetch(call: Fetch) -> list[MarketsReport]:
        return [next(reports)]

    adopt, odd = AdoptPair("KRW-GONE", None, "1"), AdoptPair("KRW-ODD", None, "2")
    heard = markets.heard(fetch)
    heard(FetchMarkets())
    waits = markets.refusal(adopt)
    assert waits is not None
    assert waits.facts == {"pair": "KRW-GONE", "reason": "no_market_list"}
    assert markets.refusal(ForceEnter("KRW-GONE", None, "1")) is None
    heard(FetchMarkets())
    refused = markets.refusal(adopt)
    assert refused is not None
    assert refused.key in ("no_market", "no_market_near")
    assert markets.refusal(odd) is None, "its row is there and cannot be read"


def test_where_a_row_does_not_say_its_market_no_pair_is_called_missing() -> None:
    markets = MarketList([*LISTED, "*"])
    assert markets.refusal(AdoptPair("KRW-GONE", None, "1")) is None


def test_why_of_a_market_that_was_never_heard_of_names_the_nearest(bot: Bot) -> None:
    bot.run()
    state = bot.system.store.path
    bot.stop()
    with Reader.open(state) as reader:
        assert answer(ShowWhy("KRW-BTC"), reader)
        with pytest.raises(UserError, match="never heard of KRW-BCT") as error:
            answer(ShowWhy("KRW-BCT"), reader)
    assert error.value.todo == "did you mean KRW-BTC?"


def test_a_plot_of_a_pair_without_candles_names_those_that_have_some(tmp_path: Path) -> None:
    path = tmp_path / "market.csv.gz"
    recording.write(path, synthetic_market(seed=1, days=1, timeframe="1m"))
    done = run("plot-dataframe", "DOEG", "--recording", str(path), cwd=tmp_path)
    assert done.returncode == 2
    assert "no candle of KRW-DOEG" in done.stderr
    assert "did you mean KRW-DOGE?" in done.stderr


def test_a_blacklisted_name_is_read_against_what_the_exchange_lists() -> None:
    listed = [Pair(name) for name in (*LISTED, "KRW-NEWC")]
    names = ("DOEG/.*", "KRW-DOGE", "KRW-NEWC", "KRW-SH.*", "KRW-QQQQQQ", "KRW-STMX")
    found = [f for f in markets(listed, Config(pair_blacklist=names)) if "blacklist" in f.key]
    assert [(f.level, f.key, f.facts["name"]) for f in found] == [
        ("trouble", "blacklist_near", "DOEG/.*"),
        ("trouble", "blacklist_unknown", "KRW-QQQQQQ"),
        ("warning", "blacklist_gone", "KRW-STMX"),
    ]
    assert "did you mean KRW-DOGE?" in found[0].text("en")


def test_where_a_market_does_not_say_its_name_no_blacklisted_one_is_called_misspelt() -> None:
    found = markets([Pair("KRW-BTC")], Config(pair_blacklist=("KRW-QQQQ",)), odd=[""])
    assert not [f for f in found if "blacklist" in f.key]


def test_a_whitelisted_pattern_that_no_listed_market_matches_is_named() -> None:
    found = markets([Pair(name) for name in LISTED], Config(pair_whitelist=("DOEG/.*", "KRW-BTC")))
    assert ("market_near", {"name": "DOEG/.*", "near": "KRW-DOGE"}) in [
        (f.key, f.facts) for f in found
    ]
