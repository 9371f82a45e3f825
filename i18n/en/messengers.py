"""What is said to, and in, messengers, in English."""

from __future__ import annotations

MESSENGERS = {
    "post_missed": "{count} notices before this were left out, or may not have arrived: run.py tail"
    " has them.",
    "post_again": "(sent again: this may have arrived already)",
    "post_no_apprise": "{name} names messengers, and apprise is not installed",
    "post_secret_half": "{name} is missing in {place}: Telegram needs {token} and {chat}.",
    "post_secret_malformed": "{name} in {place} has not the form that it must have.",
    "post_secret_quoted": "{name} in {place} stands in quotation marks, which docker --env-file"
    " keeps; write it without them.",
    "post_secret_unreadable": "{place} cannot be read.",
    "post_secret_link": "{place} is a symbolic link.",
    "post_secret_not_ours": "{place} belongs to another user.",
    "post_secret_open": "Others may read {place}.",
    "post_secret_todo": "give {token} and {chat} (docs/guides/messengers.md), or neither;"
    " a .env must be ours, 0600",
    "post_lanes": "  tells   {names}",
    "post_max": "With --speed max no messenger is told.",
    "health_messengers": "Messengers",
    "health_lane": "{name}: {sent} sent, {waiting} wait, {left} left out",
    "health_lane_failing": "{name} does not answer: {sent} sent, {waiting} wait, {left} left out",
    "event_NoticesGathered": "notices for messengers gathered",
    "event_SummaryPosted": "a summary for messengers",
    "event_LanesOpened": "messengers: {names}",
    "event_NotifyTaken": "what messengers are told has changed",
    "event_LetterBegun": "a message to {lane} is sent",
    "event_LetterEnded": "the message to {lane}: {outcome}",
    "sandbox_telegram": "Telegram on {url}: JANGBU__TELEGRAM__API_URL={url} TELEGRAM_TOKEN={token}"
    " TELEGRAM_CHAT_ID={chat}. Speak there: curl -d /status {url}/sandbox/say; read it:"
    " curl {url}/sandbox/said",
    "tg_unknown_near": "This is no command: {text}. Did you mean {name}? /help lists them.",
    "tg_unknown": "This is no command: {text}. /help lists them.",
    "tg_help": "Commands:",
    "tg_off": "{name} may put more money at risk, and is off here (telegram.may_increase).",
    "tg_confirm": "{name}: answer yes within {seconds} s to do it. Anything else leaves it.",
    "tg_left": "Nothing was done.",
    "tg_late": "Not done, it waited too long: {text}. Send it again.",
    "tg_trouble": "That could not be answered now: {reason}",
    "tg_refused": "Telegram refuses the token: no commands are taken from there.",
    "tg_shared": "Another program fetches this bot's messages: commands may not arrive.",
    "tg_bot_fell": "🚨 The bot ended with {code}; it is started again ({count} of {most}).",
    "tg_bot_down": "🚨 The bot has fallen {count} times and stays down, the last time with {code}."
    " Open trades have no stop.",
}
