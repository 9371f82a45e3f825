"""The configuration file: what is read, from where, and what is refused with which way out."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from app.config.config_file import explain, load, new_config_text
from app.config.fields import leaves
from core.trading.protections import USUAL
from i18n.errors import UserError
from messages.config import Config

ROOT = Path(__file__).parents[3]


def file(folder: Path, text: object) -> Path:
    path = folder / "config.json"
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    return path


def refused(folder: Path, text: object, **environ: str) -> UserError:
    with pytest.raises(UserError) as caught:
        load(file(folder, text), environ)
    assert caught.value.exit_code == 2
    return caught.value


@pytest.mark.parametrize("cap", [1, 4999, 5000, 5412])
def test_a_cap_below_the_least_that_can_be_bought_is_refused(tmp_path: Path, cap: int) -> None:
    error = refused(tmp_path, {"exchange": {"max_order_krw": cap}, "min_order_krw": 5000})
    assert "exchange.max_order_krw" in error.where
    assert f"{cap} contradicts min_order_krw, which is 5000" in error.what
    assert "5413" in error.allowed
    assert "5413" in error.todo


@pytest.mark.parametrize("cap", [5413, 50000, None])
def test_a_cap_that_leaves_room_for_an_entry_is_taken(tmp_path: Path, cap: int | None) -> None:
    made = load(file(tmp_path, {"exchange": {"max_order_krw": cap}}), {}).config
    assert made.exchange.max_order_krw == cap


def test_without_a_file_everything_is_at_its_default() -> None:
    loaded = load(None, {})
    assert loaded.config.stake_amount == Decimal(100000)
    assert loaded.config.strategy_params["rsi_oversold"] == 30
    assert set(loaded.origin.values()) == {"default"}
    assert len(loaded.config.strategy_hash) == 64


def test_the_new_config_holds_every_key_at_its_default(tmp_path: Path) -> None:
    loaded = load(file(tmp_path, new_config_text()), {})
    assert loaded.config == load(None, {}).config
    assert set(loaded.origin.values()) == {"config.json"}
    assert list(json.loads(new_config_text()))[:2] == ["dry_run", "feed"]


def test_the_committed_config_is_the_new_one() -> None:
    assert (ROOT / "config.json").read_text() == new_config_text()


def test_options_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, {"stake_amount": 10000, "speed": 1, "exchange": {"queue_max": 20}})
    environ = {"JANGBU__SPEED": "2", "JANGBU__EXCHANGE__QUEUE_MAX": "30", "LANG": "C"}
    loaded = load(path, environ, {"speed": Decimal(3)})
    assert (loaded.config.speed, loaded.config.stake_amount) == (3, 10000)
    assert loaded.config.exchange.queue_max == 30
    assert loaded.origin["speed"] == "--speed"
    assert loaded.origin["exchange.queue_max"] == "JANGBU__EXCHANGE__QUEUE_MAX"
    assert loaded.origin["stake_amount"] == "config.json"
    assert loaded.origin["stoploss"] == "default"


def test_the_environment_gives_text_lists_and_sections() -> None:
    environ = {
        "JANGBU__PAIR_WHITELIST": "btc,XRP/KRW",
        "JANGBU__DAY_STARTS_AT": "09:00",
        "JANGBU__RSI_OVERSOLD": "25",
        "JANGBU__BREAKER": '{"failures": 5}',
    }
    config = load(None, environ).config
    assert config.pair_whitelist == ("KRW-BTC", "KRW-XRP")
    assert config.day_starts_at == "09:00"
    assert config.strategy_params["rsi_oversold"] == 25
    assert config.breaker.failures == 5


@pytest.mark.parametrize("key", ["pair_whitelist", "pair_blacklist"])
@pytest.mark.parametrize("text", ["KRW-DOGE", "DOGE/KRW", "doge", "도지코인", "krw-doge"])
def test_both_lists_of_pairs_are_read_alike(tmp_path: Path, key: str, text: str) -> None:
    loaded = load(file(tmp_path, {key: [text]}), {})
    assert getattr(loaded.config, key) == ("KRW-DOGE",)


@pytest.mark.parametrize("key", ["pair_whitelist", "pair_blacklist"])
def test_a_list_of_pairs_refuses_a_name_with_the_nearest_one(tmp_path: Path, key: str) -> None:
    error = refused(tmp_path, {key: ["도지 코인이"]})
    assert f"{key}[0]" in error.where
    assert "KRW-DOGE" in error.todo


def test_a_blacklist_may_be_empty_or_hold_patterns(tmp_path: Path) -> None:
    assert load(file(tmp_path, {"pair_blacklist": []}), {}).config.pair_blacklist == ()
    path = file(tmp_path, {"pair_blacklist": ["DOGE/.*", "(BULL|BEAR)/.*"]})
    assert load(path, {}).config.pair_blacklist == ("DOGE/.*", "(BULL|BEAR)/.*")


def test_numbers_are_exact(tmp_path: Path) -> None:
    config = load(file(tmp_path, '{"stoploss": -0.1, "fee_rate": "0.0004"}'), {}).config
    assert (config.stoploss, config.fee_rate) == (Decimal("-0.1"), Decimal("0.0004"))


def test_pairs_are_understood_in_every_form_and_come_once(tmp_path: Path) -> None:
    path = file(tmp_path, {"pair_whitelist": ["KRW-BTC", "eth", "XRP/KRW", "도지코인"]})
    wanted = ("KRW-BTC", "KRW-ETH", "KRW-XRP", "KRW-DOGE")
    assert load(path, {}).config.pair_whitelist == wanted
    assert "[1]" in refused(tmp_path, {"pair_whitelist": ["btc", "KRW-BTC"]}).where
    assert "[0]" in refused(tmp_path, {"pair_whitelist": ["BTC/USDT"]}).where


def test_protections_are_read_row_by_row(tmp_path: Path) -> None:
    rows = [{"method": "StoplossGuard", "trade_limit": 2}, {"method": "MaxDrawdown"}]
    made = load(file(tmp_path, {"protections": rows}), {}).config.protections
    assert made is not None
    assert [(row.method, row.trade_limit) for row in made] == [
        ("StoplossGuard", 2),
        ("MaxDrawdown", 1),
    ]


def test_all_four_of_freqtrades_protections_are_read_with_their_keys(tmp_path: Path) -> None:
    rows = [
        {"method": "CooldownPeriod", "stop_duration_candles": 5},
        {
            "method": "MaxDrawdown",
            "lookback_period_candles": 48,
            "trade_limit": 20,
            "stop_duration_candles": 4,
            "max_allowed_drawdown": 0.2,
        },
        {
            "method": "StoplossGuard",
            "lookback_period_candles": 24,
            "trade_limit": 4,
            "unlock_at": "16:00",
            "required_profit": 0.0,
            "only_per_pair": False,
        },
        {
            "method": "LowProfitPairs",
            "lookback_period_candles": 6,
            "trade_limit": 2,
            "stop_duration": 60,
            "required_profit": 0.02,
            "only_per_pair": False,
        },
    ]
    made = load(file(tmp_path, {"protections": rows}), {}).config.protections
    assert made is not None
    assert [row.method for row in made] == [row["method"] for row in rows]
    for row, given in zip(made, rows, strict=True):
        assert {name: getattr(row, name) for name in given} == {
            name: Decimal(str(value)) if isinstance(value, float) else value
            for name, value in given.items()
        }


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"lookback_period": 60, "lookback_period_candles": 6}, "lookback_period_candles"),
        ({"stop_duration": 60, "unlock_at": "10:00"}, "unlock_at"),
        ({"unlock_at": "24:00"}, "unlock_at"),
        ({"stop_duration_candles": 0}, "stop_duration_candles"),
        ({"required_profit": -1}, "required_profit"),
    ],
)
def test_keys_of_a_protection_that_cannot_be_or_say_it_twice_are_named(
    tmp_path: Path, keys: dict[str, object], where: str
) -> None:
    error = refused(tmp_path, {"protections": [{"method": "StoplossGuard", **keys}]})
    assert error.where.endswith(f"protections[0].{where}")


def test_what_a_protections_row_leaves_out_is_usual_for_its_method(tmp_path: Path) -> None:
    rows = [{"method": "StoplossGuard"}, {"method": "MaxDrawdown"}]
    assert load(file(tmp_path, {"protections": rows}), {}).config.protections == USUAL


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"stoploss": 0}, "stoploss"),
        ({"stoploss": -1}, "stoploss"),
        ({"stoploss": "NaN"}, "stoploss"),
        ({"stake_amount": "Infinity"}, "stake_amount"),
        ({"stake_amount": 4999}, "stake_amount"),
        ({"stake_amount": True}, "stake_amount"),
        ({"stake_amount": 1e300}, "stake_amount"),
        ({"max_open_trades": 0}, "max_open_trades"),
        ({"max_open_trades": 2.5}, "max_open_trades"),
        ({"max_open_trades": "3"}, "max_open_trades"),
        ({"dry_run": 1}, "dry_run"),
        ({"timeframe": "2m"}, "timeframe"),
        ({"exchange": {"name": "binance"}}, "exchange.name"),
        ({"exchange": {"queue_max": 9}}, "exchange.queue_max"),
        ({"exchange": 5}, "exchange"),
        ({"rsi_oversold": 101}, "rsi_oversold"),
        ({"rsi_period": 1}, "rsi_period"),
        ({"day_starts_at": "24:00"}, "day_starts_at"),
        ({"pair_whitelist": []}, "pair_whitelist"),
        ({"protections": [{"method": "None"}]}, "protections[0].method"),
        ({"protections": [{"trade_limit": 2}]}, "protections[0].method"),
        ({"protections": [{"method": "MaxDrawdown", "trade_limit": 0}]}, "protections[0].trade_"),
        ({"stoploss": None}, "stoploss"),
        ({"strategy": "nothing"}, "strategy"),
        ({"strategy": "missing.py:Mine"}, "strategy"),
        ({"strategy_hash": "x"}, "strategy_hash"),
        ({"trailing_stop_positive": 0.03}, "trailing_stop_positive"),
        ({"minimal_roi": 0.05}, "partial_exit_profit"),
    ],
)
def test_a_bad_value_is_refused_with_its_place_and_range(
    tmp_path: Path, given: object, where: str
) -> None:
    error = refused(tmp_path, given)
    assert f"config.json: {where}" in error.where
    assert error.todo
    assert error.allowed or "strategy_hash" in where


def test_an_unknown_key_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    assert "stake_amount" in refused(tmp_path, {"stake_ammount": 1}).todo
    assert "exchange.queue_max" in refused(tmp_path, {"exchange": {"queue_mx": 1}}).todo
    assert "gateway.open_seconds" in refused(tmp_path, {"open_seconds": 1}).todo
    assert refused(tmp_path, {}, JANGBU__NONSENSE="1").where == "JANGBU__NONSENSE: nonsense"


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({"minimal_roi": {"0": 0.04}}, "0.04"),
        ({"trailing_stop": True}, "trailing_stop_positive"),
        ({"exchange": {"pair_whitelist": ["BTC/KRW"]}}, "pair_whitelist"),
        ({"stake_amount": "unlimited"}, "KRW"),
        ({"max_open_trades": -1}, "1"),
        ({"pairlists": [{"method": "StaticPairList"}]}, "pair_whitelist"),
        ({"entry_pricing": {"price_side": "same"}}, "order_types.entry"),
        ({"stake_currency": "KRW"}, ""),
        ({"exchange": {"secret": "x"}}, ""),
        ({"dry_run_wallet": {"KRW": 5000000}}, "5000000"),
        ({"protections": [{"method": "StoplossGuard", "only_per_side": False}]}, "short"),
        (
            {"protections": [{"method": "MaxDrawdown", "calculation_mode": "equity"}]},
            "always a share of the capital",
        ),
        ({"order_types": {"stoploss_on_exchange": True}}, ""),
    ],
)
def test_a_key_of_freqtrade_that_we_read_differently_is_refused_with_the_way_out(
    tmp_path: Path, given: object, way: str
) -> None:
    error = refused(tmp_path, given)
    assert way in error.todo
    assert error.todo


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"speed": NaN}', '{"speed": 1, "speed": 2}', "[" * 9000, '{"speed": 1e999999}',
     '{"exchange": {"queue_max": 20, "queue_max": 30}}', "\x00\xff"],
)  # fmt: skip
def test_what_is_no_configuration_is_refused(tmp_path: Path, text: str) -> None:
    assert "config.json" in refused(tmp_path, text).where


def test_bytes_that_are_no_text_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    with pytest.raises(UserError):
        load(path, {})
    path.write_bytes(b'{"speed": "\xff"}')
    with pytest.raises(UserError):
        load(path, {})


def test_all_that_is_wrong_is_told_at_once_in_the_readers_language(tmp_path: Path) -> None:
    error = refused(tmp_path, {"stoploss": 1, "speed": 0, "nonsense": 1})
    assert len(error.others) == 2
    korean = refused(tmp_path, {"stoploss": 1}, LANG="ko_KR.UTF-8")
    assert korean.what != refused(tmp_path, {"stoploss": 1}, LANG="en_US.UTF-8").what
    assert len(error.block("en").splitlines()) == 11


def test_a_strategy_of_ones_own_brings_its_own_keys(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import numpy as np\nfrom msgspec import Struct\nfrom core.strategy import Signals\n"
        "class Params(Struct, frozen=True):\n    level: float = 1.5\n"
        "class Mine:\n    Params = Params\n    @staticmethod\n    def signals(candles, params):\n"
        "        no = np.zeros(len(candles.time), dtype=bool)\n        return Signals(no, no)\n"
    )
    loaded = load(file(tmp_path, {"strategy": "mine.py:Mine", "level": 2}), {})
    assert loaded.config.strategy_params == {"level": 2.0}
    with pytest.raises(UserError, match="levle"):
        load(file(tmp_path, {"strategy": "mine.py:Mine", "levle": 20}), {})


def test_an_option_that_names_another_strategy_leaves_the_files_keys_for_its_own_aside(
    tmp_path: Path,
) -> None:
    (tmp_path / "mine.py").write_text(
        "import numpy as np\nfrom msgspec import Struct\nfrom core.strategy import Signals\n"
        "class Params(Struct, frozen=True):\n    level: float = 1\n"
        "class Mine:\n    Params = Params\n    @staticmethod\n    def signals(candles, params):\n"
        "        none = np.zeros(len(candles.time), dtype=bool)\n"
        "        return Signals(none, none)\n"
    )
    other = {"strategy": "mine.py:Mine"}
    path = file(tmp_path, new_config_text())
    loaded = load(path, {"JANGBU__RSI_OVERSOLD": "20"}, other)
    assert loaded.config.strategy_params == {"level": 1.0}
    assert loaded.config.stake_amount == Decimal(100000)
    with pytest.raises(UserError, match="rsi_overslod"):
        load(file(tmp_path, {"rsi_overslod": 20}), {}, other)
    back = load(file(tmp_path, {**other, "level": 3}), {}, {"strategy": "rsi_macd_bollinger"})
    assert back.config.strategy_params["rsi_oversold"] == 30


FREQTRADE_KEYS = {  # of each method, as its documentation has them (latest, "Protections")
    "StoplossGuard": ("lookback_period", "trade_limit", "required_profit", "only_per_pair"),
    "MaxDrawdown": ("lookback_period", "trade_limit", "max_allowed_drawdown", "calculation_mode"),
    "LowProfitPairs": ("lookback_period", "trade_limit", "required_profit"),
    "CooldownPeriod": ("lookback_period",),
}
OF_ALL = ("stop_duration", "stop_duration_candles", "lookback_period_candles", "unlock_at")


@pytest.mark.parametrize("method", FREQTRADE_KEYS)
def test_each_key_of_freqtrades_protections_is_taken_or_the_guide_says_it_is_refused(
    tmp_path: Path, method: str
) -> None:
    texts = [(ROOT / "docs" / "guides" / name).read_text() for name in ("rules.md", "rules.ko.md")]
    values = {"unlock_at": "09:00", "only_per_pair": True, "required_profit": 0.01}
    values |= {"max_allowed_drawdown": 0.2, "calculation_mode": "ratios", "only_per_side": False}
    refused = set()
    for key in (*FREQTRADE_KEYS[method], *OF_ALL, "only_per_side"):
        try:
            row = {"method": method, key: values.get(key, 5)}
            load(file(tmp_path, {"protections": [row]}), {})
        except UserError:
            refused.add(key)
    assert refused == {"only_per_side", *(["calculation_mode"] * (method == "MaxDrawdown"))}
    assert all(f"`{key}`" in text for key in refused for text in texts)


@pytest.mark.parametrize("place", ["mine.py", "strategies/mine.py"])
@pytest.mark.parametrize("name", ["rsi_macd_bollinger", "other.py:Mine"])
def test_keys_of_an_own_strategy_are_left_aside_when_the_file_names_another_again(
    tmp_path: Path, place: str, name: str
) -> None:
    text = (
        "import numpy as np\nfrom msgspec import Struct\nfrom core.strategy import Signals\n"
        "class Levels(Struct, frozen=True):\n    level: float = 1\n"
        "class Mine:\n    Params = Levels\n    @staticmethod\n    def signals(candles, params):\n"
        "        none = np.zeros(len(candles.time), dtype=bool)\n"
        "        return Signals(none, none)\n"
    )
    (tmp_path / "strategies").mkdir()
    (tmp_path / place).write_text(text + "raise SystemExit('it was run')\n")
    (tmp_path / "other.py").write_text(text.replace("level", "depth"))
    (tmp_path / "torn.py").write_text("class Params(\n")
    loaded = load(file(tmp_path, {"strategy": name, "level": 2}), {})
    assert loaded.aside == ("level",)
    with pytest.raises(UserError, match="levle"):
        load(file(tmp_path, {"strategy": name, "levle": 2}), {})


@pytest.mark.parametrize("given", ["file", "environment"])
def test_another_strategy_by_file_or_environment_leaves_those_keys_aside_as_the_option_does(
    tmp_path: Path, given: str
) -> None:
    for name in ("mine", "other"):
        (tmp_path / f"{name}.py").write_text(
            "import numpy as np\nfrom msgspec import Struct\nfrom core.strategy import Signals\n"
            f"class Params(Struct, frozen=True):\n    {name}_level: float = 1\n"
            "class Mine:\n    Params = Params\n    @staticmethod\n"
            "    def signals(candles, params):\n"
            "        none = np.zeros(len(candles.time), dtype=bool)\n"
            "        return Signals(none, none)\n"
        )
    keys = {"mine_level": 3, "rsi_oversold": 20}
    if given == "file":
        keys.pop("mine_level")
        loaded = load(file(tmp_path, {"strategy": "other.py:Mine", **keys}), {})
    else:
        path = file(tmp_path, {"strategy": "mine.py:Mine", **keys})
        loaded = load(
            path, {"JANGBU__STRATEGY": "other.py:Mine", "JANGBU__CONDITIONS_REQUIRED": "1"}
        )
    assert loaded.config.strategy_params == {"other_level": 1.0}
    assert {*keys} <= {*loaded.aside}
    with pytest.raises(UserError, match="rsi_overslod"):
        load(file(tmp_path, {"strategy": "other.py:Mine", "rsi_overslod": 20}), {})


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ('{"stoploss": 0.03}', "write stoploss: -0.03"),
        ('{"stoploss": 3}', "write stoploss: -0.03"),
        ('{"stoploss": -3}', "write stoploss: -0.03"),
        ('{"trailing_stop_positive": 2}', "write trailing_stop_positive: 0.02"),
    ],
)
def test_a_loss_above_0_and_a_percent_are_refused_with_the_value_that_was_meant(
    tmp_path: Path, text: str, way: str
) -> None:
    with pytest.raises(UserError) as refused:
        load(file(tmp_path, text), {})
    assert refused.value.todo.endswith(way)
    assert refused.value.where.endswith(text.split('"')[1])


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ({"timeframe": "15min"}, "15m"),
        ({"protections": [{"method": "StopLossGuard"}]}, "StoplossGuard"),
        ({"notify": {"rules": [{"kind": "trade"}]}}, "trades"),
        ({"feed": "Upbit"}, "upbit"),
    ],
)
def test_a_misspelt_word_of_a_few_is_refused_with_the_nearest(
    tmp_path: Path, given: object, near: str
) -> None:
    assert refused(tmp_path, given).todo == f"did you mean {near}?"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("JANGBU__MAX_OPEN_TRADES", "'5'"),
        ("JANGBU__MAX_OPEN_TRADES", '"5"'),
        ("JANGBU__DRY_RUN", "'true'"),
        ("JANGBU__STRATEGY", "'rsi_macd_bollinger'"),
        ("JANGBU__PAIR_WHITELIST", "'KRW-BTC'"),
        ("JANGBU__STAKE_AMOUNT", "'50000'"),
    ],
)
def test_quotation_marks_that_docker_leaves_around_a_value_are_named(name: str, text: str) -> None:
    with pytest.raises(UserError) as refused:
        load(None, {name: text})
    assert "docker --env-file keeps quotation marks" in refused.value.todo
    assert name in refused.value.todo


@pytest.mark.parametrize("key", ["PAIR_WHITELIST", "PAIR_BLACKLIST"])
@pytest.mark.parametrize(
    "text", ["'DOGE/.*'", "'[\"DOGE/.*\"]'", "'KRW-BTC,DOGE/.*'", "'[\"KRW-BTC\"]'"]
)
def test_quotes_that_docker_leaves_around_a_pattern_are_named_and_no_part_of_it(
    key: str, text: str
) -> None:
    with pytest.raises(UserError) as refused:
        load(None, {f"JANGBU__{key}": text})
    assert f"write JANGBU__{key} without ' around its value" in refused.value.todo


@pytest.mark.parametrize(
    "text",
    ["[DOGE/KRW]", "[KRW-BTC]", "['KRW-BTC']", "['DOGE/.*','ETH/.*']", "KRW-BTC;ETH", "btc eth"],
)
@pytest.mark.parametrize("key", ["PAIR_WHITELIST", "PAIR_BLACKLIST"])
def test_a_text_that_is_no_list_of_pairs_is_told_how_one_is_written(key: str, text: str) -> None:
    with pytest.raises(UserError) as refused:
        load(None, {f"JANGBU__{key}": text})
    assert "with commas: KRW-BTC,DOGE/.*" in refused.value.todo


def test_an_empty_place_between_commas_is_no_pair_and_an_empty_text_no_list() -> None:
    found = load(None, {"JANGBU__PAIR_WHITELIST": "KRW-BTC, ,비트코인 캐시,"})
    assert found.config.pair_whitelist == ("KRW-BTC", "KRW-BCH")
    assert load(None, {"JANGBU__PAIR_BLACKLIST": ""}).config.pair_blacklist == ()
    assert load(None, {"JANGBU__PAIR_BLACKLIST": "Bit coin"}).config.pair_blacklist == ("KRW-BTC",)
    with pytest.raises(UserError):
        load(None, {"JANGBU__PAIR_WHITELIST": ""})


def test_an_unknown_key_is_not_blamed_on_the_quotes_around_its_value() -> None:
    with pytest.raises(UserError) as refused:
        load(None, {"JANGBU__STAKE_AMONT": "'5000'"})
    assert "stake_amount" in refused.value.todo


def test_a_wrong_value_in_quotes_that_json_takes_is_not_blamed_on_them() -> None:
    with pytest.raises(UserError) as refused:
        load(None, {"JANGBU__LANGUAGE": '"fr"'})
    assert "docker" not in refused.value.todo


def test_every_key_is_explained_with_its_range() -> None:
    rows = {row.key: row for row in explain(load(None, {}))}
    assert set(rows) >= {key.path for key in leaves()} | {"rsi_oversold"}
    assert all(row.range and row.meaning and row.origin for row in rows.values())
    assert rows["stoploss"].range == "number, > -1, < 0"
    assert rows["max_daily_loss_krw"].range == "number, > 0, <= 1000000000000 | null"


def test_equal_settings_are_equal_whoever_gave_them() -> None:
    given = load(None, {"JANGBU__RSI_OVERSOLD": "30", "JANGBU__STAKE_AMOUNT": "100000"}).config
    assert given == load(None, {}).config
    assert isinstance(given, Config)
