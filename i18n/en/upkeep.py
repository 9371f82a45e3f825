"""Words about the care of a ledger: backups, ways back, replays."""

from __future__ import annotations

UPKEEP: dict[str, str] = {
    "backup_written": "Backed up: {path}, {count} journal entries up to {at}, {size} bytes,"
    " read back and verified.",
    "restored": "Restored into {path}: {count} journal entries up to {at}.",
    "moved_aside": "What was there now lies in {path}.",
    "entries_paused": "Entries are paused, exits go on when the bot runs: look at status and"
    " balance, then type start in the console.",
    "as_of_title": "As of {at} (KST):",
    "as_of_unread": '"{text}" is no moment',
    "as_of_forms": "write a date, or a date and a time",
    "as_of_trimmed": "the journal was trimmed: it tells of {since} (KST) and later",
    "as_of_unborn": "nothing had happened yet: the journal begins at {since} (KST)",
    "as_of_later": "name a later moment; journal_keep_days says how long the journal is kept",
    "replay_rules": "Journal made by rules {then}, decided by rules {now}.",
    "replay_done": "{entries} entries: {turns} turns and {silences} silences decided again.",
    "replay_verdicts": "{count} verdicts of the strategy judged again;"
    " of {unseen} the candles are gone.",
    "replay_no_strategy": "The strategy is not at hand: its verdicts are taken as journaled.",
    "replay_unknown": "{count} turns follow entries that were trimmed away and are taken"
    " as journaled.",
    "replay_same": "Today's code decides the same.",
    "replay_differs": "Today's code decides otherwise: {count} differences. The first one:",
    "replay_first": "entry {number}, {owner}, {when} (KST), about:",
    "replay_start": "the beginning of a life",
    "replay_then": "then:",
    "replay_now": "today:",
    "replay_nothing": "nothing",
    "replay_other_recording": "this is not the recording that was traded here",
    "replay_name_it": "name the files that were traded",
    "rebuilt": "Made anew in {path} from what the exchange shows.",
    "rebuilt_adopt": "No coin there is ours by now: adopt PAIR in the console"
    " makes a trade of one. Orders that rest on the exchange are"
    " yours to cancel there.",
    "rebuild_how": "rebuild makes a ledger anew, and needs to be told from what",
    "rebuild_how_todo": "run.py rebuild --from-exchange; with a backup, run.py restore FILE",
    "rebuild_paper": "paper money is on no exchange",
    "rebuild_paper_todo": "run.py restore FILE from a backup, or start with --fresh",
    "rebuild_sound": "this ledger is sound, and knows more than the exchange does",
    "rebuild_sound_todo": "go on with it; --fresh of run.py trade begins another one",
    "rebuild_other": "this ledger is of another account than these keys",
    "rebuild_other_todo": "use that account's keys, or name another --state-dir",
    "rebuild_unseen": "the exchange did not show the account; nothing was changed",
    "rebuild_unseen_todo": "see run.py doctor, then try again",
    "snapshot_paper_todo": "use --config and --state-dir of a bot with money at stake",
    "snapshot_unseen": "the exchange did not show the account ({reason}); nothing was recorded",
    "snapshot_unseen_todo": "see run.py doctor, then try again",
    "snapshot_none": "There is no snapshot of the account yet.",
    "snapshot_title_year": "Snapshot of {year}-01-01 00:00 KST, taken at {at} ({lasting} after it)",
    "snapshot_title": "Snapshot taken by hand at {at}",
    "snapshot_total": "Worth {krw} at these prices; {count} currencies without a price in KRW",
    "snapshot_unpriced": "No price could be had: {reason}",
    "snapshot_unread": "INCOMPLETE, without {names}: the exchange's rows could not be read (* = of"
    " an unknown currency); note these amounts from the exchange's records",
    "col_price_then": "Price",
    "col_price_at": "Price of",
    "col_modified": "Changed",
    "modified_yes": "by hand",
    "title_account_former": "; {count} of an earlier life of this ledger: cancel them there",
    "replay_silent": "  Nothing was journaled then."
    " A process that died in that very minute leaves the same trace.",
}
