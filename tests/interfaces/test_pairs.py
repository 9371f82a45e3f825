"""Pairs as commands and options read them, and what is said to what is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import recording
from adapters.upbit.shapes.quotes import Pair
from core.market.made_up import made_up_market
from core.market.pairs import by_names
from interfaces.checks.reach import markets
from interfaces.composition import Bot, build
from interfaces.console.grammar import VERBS, Verb, parse
from interfaces.errors import UserError
from interfaces.market_list import MarketList
from interfaces.pairs import read_pair, read_pairs
from interfaces.replay import Replay, chosen
from interfaces.settings.config_file import load
from interfaces.views import answer
from messages.config import Config
from messages.control import AdoptPair, Change, ForceEnter, ForceExit, ShowWhy
from messages.fetching import Fetch, FetchMarkets, MarketsReport
from persistence.reader import Reader
from persistence.record import Birth
from persistence.store import Store
from tests.interfaces.doors import run

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
@pytest.mark.parametrize("key", ["pair_whitelist", "pair_blacklist"])
def test_a_pattern_that_is_misspelt_is_refused_as_a_code_is(key: str) -> None:
    tapes = made_up_market(seed=1, days=1, timeframe="1m")
    wanted = {key: ("DOEG/.*",)}
    with pytest.raises(UserError, match=r"no recording of DOEG/\.\*") as error:
        chosen(tapes, Config(**wanted))  # type: ignore[arg-type]
    assert error.value.where == key
    assert "did you mean KRW-DOGE?" in error.value.todo


def test_a_blacklist_may_name_what_the_recording_does_not_hold() -> None:
    tapes = made_up_market(seed=1, days=1, timeframe="1m")
    assert chosen(tapes, Config(pair_blacklist=("ONDO/.*", "KRW-CHZ", ".*UP/.*")))


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
    tapes = made_up_market(seed=1, days=1, timeframe=config.timeframe)
    replay = Replay(tapes, load(None, {}).strategy.strategy, bulk=True)
    store = Store.create(tmp_path / "state", Birth("b", "paper", "upbit", ""), sync=False)
    made = build(config, replay, store, runtime="steps")
    made.start()
    yield made
    made.stop()


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


OF_A_PAIR = [verb for verb in VERBS.values() if any("pair" in a.kind for a in verb.arguments)]


def typed(verb: Verb, pair: str) -> str:
    """A line with that pair, and what else the command needs."""
    more = [a.choices[0] for a in verb.arguments[1:] if a.required and a.choices]
    return " ".join([verb.name, pair, *more])


@pytest.mark.parametrize("verb", OF_A_PAIR, ids=lambda verb: verb.name)
def test_every_command_of_a_pair_reads_it_alike_and_says_what_is_wrong(
    bot: Bot, verb: Verb
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
    recording.write(path, made_up_market(seed=1, days=1, timeframe="1m"))
    done = run("plot-dataframe", "DOEG", "--recording", str(path), cwd=tmp_path)
    assert done.returncode == 2
    assert "no candle of KRW-DOEG" in done.stderr
    assert "did you mean KRW-DOGE?" in done.stderr


def test_a_blacklisted_name_that_bars_no_listed_market_is_a_warning_with_the_nearest() -> None:
    listed = [Pair(name) for name in LISTED]
    config = Config(pair_blacklist=("DOEG/.*", "KRW-DOGE", "KRW-QQQQQQ"))
    found = [f for f in markets(listed, config) if f.key == "blacklist_near"]
    assert [(f.level, f.facts) for f in found] == [
        ("warning", {"name": "DOEG/.*", "near": "KRW-DOGE"})
    ]


def test_a_whitelisted_pattern_that_no_listed_market_matches_is_named() -> None:
    found = markets([Pair(name) for name in LISTED], Config(pair_whitelist=("DOEG/.*", "KRW-BTC")))
    assert ("market_near", {"name": "DOEG/.*", "near": "KRW-DOGE"}) in [
        (f.key, f.facts) for f in found
    ]
