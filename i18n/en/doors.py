"""What the command line and the process say, in English."""

from __future__ import annotations

DOORS = {
    "too_many_clients": "Too many consoles at once: {reason}",
    "banner_made_up": "Jangbu trades on PAPER, on a MADE-UP market (seed {seed}, {days} days).",
    "banner_recording": "Jangbu trades on PAPER, on a REPLAY of {files}.",
    "banner_prices": "Jangbu trades on PAPER, on the live prices of {host}.",
    "banner_live": "Jangbu trades LIVE, with the account's own money, at {host}.",
    "ended_live": "The bot has ended. Open trades have no stop until it runs again.",
    "banner_days": "  days    {begin} to {end} (KST)",
    "banner_pairs": "  pairs   {names}",
    "banner_speed": "  speed   {speed} x real time",
    "banner_speed_max": "  speed   as fast as it goes",
    "banner_wallet": "  wallet  {wallet}, {amount} an entry",
    "banner_state": "  state   {path}",
    "banner_again": "  goes on where it stopped, at {begin} (KST)",
    "banner_console": "Type help for the commands; exit leaves the console, shutdown ends the bot.",
    "warning": "Warning: {text}",
    "state_exposed_mode": "others may write in the state directory {path}, and so move the money;"
    " close it: chmod 700 '{path}'",
    "state_exposed_owner": "the state directory {path} belongs to another user, who may move the"
    " money; make it yours, or run as that user",
    "finished": "The recording is used up.",
    "finished_fresh": "The recording is used up; nothing more will be traded on it. --fresh moves"
    " this state aside and begins again.",
    "starts_again": "The bot starts again: {reason}",
    "no_room_left": "The ledger has no room left: make room on the disk of {path}."
    " What was decided is not lost.",
    "fresh_moved": "The old state now lies in {path}.",
    "console_left": "The console is left, the bot goes on. Ctrl-C ends it; run.py console comes"
    " back.",
    "ctrl_c": "Ctrl-C clears the line; a second within {seconds} s asks whether to shut the bot"
    " down. exit leaves the console.",
    "restarting": "The bot ended with {code}; it is started again ({count} of {most}).",
    "heartbeat_failed": "The heartbeat's address cannot be reached ({reason}); trading goes on.",
    "stays_down": "The bot fell {count} times within {seconds} s, the last time with {code}, and"
    " stays down. Its last words:",
    "ended_badly": "The bot ended with {code} and is not started again. Its last words:",
    "sigbus": "The state file is shorter than it should be, or its disk fails: see run.py verify.",
    "verify_sound": "Sound: {count} journal entries fold to the states.",
    "verify_damaged": "Damaged, {count} findings:",
    "written": "Written: {path}",
    "config_ignored": "The configuration cannot be used, so its defaults stand in:",
    "sandbox_ready": "Sandbox on {url}, access key {key}, books in {path}. Its money is made up."
    " Ctrl-C ends it.",
    "health_well": "Well",
    "health_sick": "NOT WELL",
    "health_process": "Process",
    "health_runs": "{pid}, for {lasting}",
    "health_doubted": "Live prices doubted",
    "health_down": "no bot runs; start one with run.py",
    "ail_raises": "Strategy",
    "ail_raises_text": "it fails at each candle, so no entry is made: {text}",
    "ail_startup": "Start-up candles",
    "ail_startup_text": "{pair} has {have} of {need} candles; no entry before it has them all",
    "ail_startup_more": "Start-up candles",
    "ail_startup_more_text": "{pair} has {have} of {need} candles, {count} more pairs lack some"
    " too; no entry before a pair has them all",
    "ail_no_candles": "Candles",
    "ail_no_candles_text": "none for {lasting} while trades go on: no entry can be made; see the"
    " log, and restart it",
    "health_left_out": "rows that could not be read",
    "last_words": "The bot is down and will not start again by itself. It said: {text}",
    "last_words_todo": "No stop is watched now. See to what it said and start it again (run.py"
    " doctor tells more), or sell on Upbit yourself.",
    "last_words_trade": "{pair}: {volume} bought at {price}, stop at {stop}",
    "last_words_orders": "{count} orders have not ended; look at Upbit.",
    "last_words_unread": "Its ledger cannot be read, so what is open is not known: look at Upbit.",
    "health_hung": "these parts hang: {names}; end it (run.py console -c shutdown) and start it"
    " again",
}
