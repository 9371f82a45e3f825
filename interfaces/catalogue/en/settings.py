"""What is said about a configuration that cannot be used, in English."""

from __future__ import annotations

SETTINGS = {
    "config_file": "the configuration cannot be read: {reason}",
    "config_size": "the configuration is larger than {most} bytes",
    "config_json": "the configuration is no valid JSON: {reason}",
    "config_object": "the configuration is no JSON object",
    "config_duplicate": 'the key "{name}" stands twice',
    "config_number": "{name} is no number",
    "config_unknown": 'unknown key "{name}"',
    "config_type": "{value} has the wrong type",
    "config_range": "{value} is out of range",
    "config_pair": "{value} is no pair",
    "config_twice": "the pair {value} stands twice",
    "config_missing": "the key is missing",
    "config_contradiction": "{value} contradicts {other}, which is {limit}",
    "config_freqtrade": '"{name}" is a key of freqtrade that is read differently here',
    "config_strategy": "the strategy cannot be used: {text}",
    "config_rewrite": "correct the file, or write a new one with: run.py new-config",
    "config_near": 'did you mean "{name}"? Otherwise take the key out',
    "config_remove": "take the key out; run.py show-config lists all keys",
    "config_set": "give it a value within the range",
    "config_levels": "lower {lower} or raise {upper}",
    "config_name_strategy": 'name a built-in strategy, or a file and a name in it: "file.py:Name"',
    "freqtrade_moved": "take it out and use: {target}",
    "freqtrade_fixed": "take it out: there is only one way here",
    "freqtrade_absent": "take it out: there is no such part here",
    "freqtrade_secret": "take it out: no secret stands in a configuration",
    "freqtrade_trailing_stop": "take it out: the peak is always trailed; set"
    " trailing_stop_positive and trailing_stop_positive_offset",
    "freqtrade_minimal_roi": "give one gain at which all is sold, not a table by time: {example}",
    "freqtrade_unlimited": "give the KRW of one entry; less is bought when less cash is free",
    "freqtrade_endless": "give a number of trades, 1 or more",
    "freqtrade_wallet": "give the amount alone, KRW is meant: {example}",
    "freqtrade_exit": "exits are market orders: market",
}
