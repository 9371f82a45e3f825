"""Commands from Telegram: who is heard, what is done once, and what asks for a second message."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from adapters.telegram.access import Access, NoAccess, load_access
from adapters.upbit.secrets import HIDDEN, Secret
from i18n import say
from interfaces.console.grammar import CONSOLE_COMMANDS
from interfaces.telegram.conversation import CONFIRM_SECONDS, INCREASING, Conversation
from interfaces.telegram.listener import STALE_SECONDS, Listener
from interfaces.telegram.offsets import FORGOTTEN_SECONDS, NAME, Offset
from messages.control import (
    ForceEnter,
    ForceExit,
    Kill,
    Operator,
    OperatorReply,
    ShowStatus,
    ShowWhy,
    StartTrading,
    StopEntry,
    StopTrading,
)
from messages.previews import ChangePreview, PreviewedOrder
from sandbox.telegram.chat import PERSON
from sandbox.telegram.server import TOKEN, Fault, TelegramServer
from tests.support.fakes import FakeBot, FakeDesk

GROUP, OTHER = -100777, 999


class Talk:
    """A conversation whose clock stands where it is put."""

    def __init__(self, may_increase: bool = False, *, real_money: bool = False) -> None:
        self.bot, self.at = FakeBot(), 0.0
        self.desk = FakeDesk(self.bot, trades=2, real_money=real_money)
        self.talk = Conversation(self.desk, may_increase, lambda: self.at)
        self.count = 0

    def say(self, text: str, sender: int = PERSON) -> str:
        self.count += 1
        return self.talk.take(text, f"telegram-{self.count}", sender).text


def test_a_question_is_answered_by_the_desk() -> None:
    talk = Talk()
    for line in ("/status", "status", "/status@our_bot", " /STATUS "):
        assert talk.say(line) == "answer to status"
    talk.say("/why@our_bot btc")
    assert talk.desk.looked == [*[ShowStatus()] * 4, ShowWhy("KRW-BTC")]


def test_a_change_bears_the_id_of_its_message_so_that_it_is_done_once() -> None:
    talk = Talk()
    talk.talk.take("/stopentry", "telegram-7")
    talk.talk.take("/stopentry", "telegram-7")
    assert talk.bot.asked == [StopEntry("telegram-7")] * 2


@pytest.mark.parametrize("line", ["/forceenter btc", "/start", "/reload_config", "/adopt btc"])
def test_what_may_put_more_money_at_risk_is_off_and_else_confirmed(line: str) -> None:
    off, on = Talk(), Talk(may_increase=True)
    off.say(line)
    off.say("yes")
    assert off.bot.asked == []
    on.say(line)
    assert on.bot.asked == []
    on.say("yes")
    assert [isinstance(change, INCREASING) for change in on.bot.asked] == [True]


@pytest.mark.parametrize("line", ["/kill", "/shutdown", "/forceexit all"])
def test_what_cannot_be_taken_back_asks_first(line: str) -> None:
    talk = Talk()
    talk.say(line)
    assert talk.bot.asked == []
    talk.say("예")
    assert len(talk.bot.asked) == 1


@pytest.mark.parametrize("line", ["/stop", "/stopentry", "/forceexit btc"])
def test_what_lowers_the_risk_is_done_at_once(line: str) -> None:
    talk = Talk()
    talk.say(line)
    assert [type(change) for change in talk.bot.asked] == [
        {"/stop": StopTrading, "/stopentry": StopEntry}.get(line, ForceExit)
    ]


@pytest.mark.parametrize("line", ["/stop", "/forceexit btc"])
def test_with_real_money_a_phone_asks_as_the_console_does(line: str) -> None:
    talk = Talk(real_money=True)
    answer = talk.say(line)
    assert "confirm_" in answer
    assert "tg_confirm" in answer
    assert talk.bot.asked == []
    talk.say("yes")
    assert len(talk.bot.asked) == 1


def test_a_question_on_the_phone_names_the_open_trades() -> None:
    assert "KRW-BTC, KRW-ETH lose their stop" in Talk().say("/shutdown")


def test_what_would_be_refused_or_change_nothing_is_answered_without_asking() -> None:
    talk = Talk(may_increase=True, real_money=True)
    busy = OperatorReply(False, "not_entered", {"reason": "pair_busy"})
    talk.bot.previews = {
        ForceEnter: ChangePreview(busy),
        Kill: ChangePreview(OperatorReply(True, "mode_is"), idle=True),
    }
    assert talk.say("/forceenter btc") == "refused: not_entered"
    assert talk.say("/kill") == "done: mode_is"
    talk.say("yes")
    assert talk.bot.asked == []


@pytest.mark.parametrize("real_money", [False, True])
def test_a_phone_is_told_what_would_come_of_it(real_money: bool) -> None:
    talk = Talk(may_increase=True, real_money=real_money)
    order = PreviewedOrder(
        "KRW-BTC", "bid", krw=Decimal(5), price=Decimal(1), cut="free_cash", stake=Decimal(9)
    )
    talk.bot.previews[ForceEnter] = ChangePreview(OperatorReply(True, "done"), (order,))
    asked = talk.say("/forceenter btc").splitlines()
    assert asked[:2] == ["preview_entry_market", "ending_cut"]
    assert ("confirm_forceenter_stake" in asked) is real_money
    assert asked[-1] == "tg_confirm"
    talk.say("yes")
    assert len(talk.bot.asked) == 1


def test_a_yes_counts_once_in_time_from_the_same_person_and_for_the_last_message_alone() -> None:
    talk = Talk()
    talk.say("/kill")
    talk.say("yes", sender=OTHER)
    talk.say("yes")
    assert talk.bot.asked == [], "another's message let it go"
    talk.say("/kill")
    talk.at = CONFIRM_SECONDS + 1
    talk.say("yes")
    assert talk.bot.asked == [], "it came too late"
    talk.say("/kill")
    talk.say("/status")
    talk.say("yes")
    assert talk.bot.asked == [], "something was said between"
    talk.say("/kill")
    talk.say("yes")
    talk.say("yes")
    assert len(talk.bot.asked) == 1
    assert isinstance(talk.bot.asked[0], Kill)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "/", "hello there", "/nonsense", "/why", "/why nothing at all", "/trades 0",
     '/why "', "x" * 5000, "\x00\x07", "/forceexit 🚨"],
)  # fmt: skip
def test_nonsense_gets_an_answer_and_changes_nothing(text: str) -> None:
    talk = Talk(may_increase=True)
    assert talk.say(text)
    assert talk.bot.asked == []


def test_a_misspelt_command_is_answered_with_the_nearest_and_nothing_is_done() -> None:
    bot = FakeBot()
    said = Conversation(Spoken(bot), may_increase=True).take("/forcexit btc", "1").text
    assert "Did you mean /forceexit?" in said
    assert bot.asked == []


class Spoken(FakeDesk):
    """Says what the catalogue says."""

    def say(self, key: str, **facts: str) -> str:
        return say(key, "en", **facts)


def test_the_menu_holds_every_command_that_may_be_given_in_telegrams_form() -> None:
    safe, all_of_them = Talk().talk.menu(), Talk(may_increase=True).talk.menu()
    names = {row["command"] for row in all_of_them}
    assert names == {*CONSOLE_COMMANDS, "help"}
    assert len(CONSOLE_COMMANDS) == len(get_args(Operator))
    assert names - {row["command"] for row in safe} == {
        name for name, verb in CONSOLE_COMMANDS.items() if verb.message in INCREASING
    }
    for row in all_of_them:
        assert row["command"].replace("_", "").isalnum()
        assert 1 <= len(row["command"]) <= 32
        assert row["description"]


# --- the thread at a real server
class Chatting:
    """A listener at a server of its own."""

    def __init__(self, folder: Path, users: frozenset[int] = frozenset({PERSON})) -> None:
        self.folder, self.users = folder, users
        self.server = TelegramServer()
        self.server.start()
        self.told: list[str] = []
        self.begin()

    def begin(self, chat: int = PERSON, token: str = TOKEN) -> None:
        """A life of the parent's process."""
        self.bot = FakeBot()
        self.desk = FakeDesk(self.bot)
        access = Access(Secret(token), chat, self.users)
        talk = Conversation(self.desk, False)
        self.listener = Listener(
            self.server.url, access, talk, Offset(self.folder), self.told.append
        )

    def heard(self, text: str, **facts: Any) -> bool:
        """Said, and answered."""
        before = len(self.server.chat.sent)
        self.server.chat.say(text, **facts)
        return self.server.chat.wait(lambda: len(self.server.chat.sent) > before)

    def over(self) -> None:
        self.listener.stop()
        self.server.stop()


@pytest.fixture
def chatting(tmp_path: Path) -> Iterator[Chatting]:
    made = Chatting(tmp_path)
    yield made
    made.over()


def test_a_command_is_done_and_answered(chatting: Chatting) -> None:
    chatting.listener.start()
    assert chatting.heard("/status")
    assert chatting.server.chat.texts() == ["answer to status"]
    assert {row["command"] for row in chatting.server.chat.commands} > {"status", "kill", "help"}


def test_only_our_chat_and_our_people_are_heard(chatting: Chatting) -> None:
    chat = chatting.server.chat
    chat.say("/stopentry", sender=OTHER)
    chat.say("/stopentry", chat=OTHER, sender=OTHER)
    chat.say("/stopentry", chat=GROUP, sender=PERSON)
    chat.say("/stopentry", kind="edited_message")
    chat.say("/stopentry", kind="channel_post")
    chatting.listener.start()
    assert chatting.heard("/status")
    assert chat.texts() == ["answer to status"], "nobody else gets as much as an answer"
    assert chatting.bot.asked == []


def test_in_a_group_nobody_commands_who_is_not_named(tmp_path: Path) -> None:
    made = Chatting(tmp_path, frozenset({GROUP}))
    made.begin(chat=GROUP)
    made.server.chat.say("/stopentry", chat=GROUP)
    made.users = frozenset({OTHER})
    made.listener.start()
    assert made.server.chat.wait(lambda: made.server.chat.calls.count("getUpdates") > 0)
    assert made.server.chat.sent == []
    made.listener.stop()
    made.begin(chat=GROUP)
    made.listener.start()
    assert made.heard("/status", chat=GROUP, sender=OTHER)
    made.over()


def test_what_waited_too_long_is_not_done_and_said_so_once(chatting: Chatting) -> None:
    old = time.time() - STALE_SECONDS - 5
    for _ in range(3):
        chatting.server.chat.say("/stopentry", date=old)
    chatting.listener.start()
    chatting.server.chat.say("/status")
    chatting.server.chat.say("/balance")
    assert chatting.server.chat.wait(lambda: len(chatting.server.chat.sent) == 3)
    assert chatting.bot.asked == []
    assert "answer to balance" in chatting.server.chat.texts()


def test_an_update_that_comes_again_after_a_restart_is_not_done_again(chatting: Chatting) -> None:
    number = chatting.server.chat.say("/stopentry")
    chatting.listener.start()
    assert chatting.server.chat.wait(lambda: len(chatting.server.chat.sent) == 1)
    chatting.listener.stop()
    chatting.begin()
    chatting.server.chat.say("/stopentry", update_id=number)
    chatting.listener.start()
    assert chatting.heard("/status")
    assert chatting.bot.asked == []
    assert (chatting.folder / NAME).stat().st_mode & 0o777 == 0o600


def test_an_old_number_is_forgotten_since_telegram_begins_anew(tmp_path: Path) -> None:
    Offset(tmp_path).keep(500)
    assert Offset(tmp_path).next == 500
    path = tmp_path / NAME
    path.write_text('{"next":500,"at":%f}' % (time.time() - FORGOTTEN_SECONDS - 1))
    assert Offset(tmp_path).next == 0
    path.write_text("nonsense")
    assert Offset(tmp_path).next == 0


@pytest.mark.parametrize("kind", ["error", "busy", "reset"])
def test_a_poll_that_fails_is_made_again(chatting: Chatting, kind: Any) -> None:
    chatting.server.faults.append(Fault(kind, "getUpdates", times=2, seconds=1))
    chatting.listener.start()
    assert chatting.heard("/status")


def test_an_answer_that_was_not_taken_is_given_once_more_and_one_that_was_is_not(
    chatting: Chatting,
) -> None:
    chatting.listener.start()
    chatting.server.faults.append(Fault("error"))
    assert chatting.heard("/status")
    chatting.server.faults.append(Fault("reset_after"))
    assert chatting.heard("/status")
    assert chatting.heard("/balance")
    assert chatting.server.chat.texts() == ["answer to status"] * 2 + ["answer to balance"]


def test_a_refused_token_and_a_second_poller_are_said_on_the_terminal(chatting: Chatting) -> None:
    chatting.server.faults.append(Fault("error", "getUpdates", times=1, status=409))
    chatting.begin(token="1:another-token")
    refused = chatting.listener
    chatting.begin()
    chatting.listener.start()
    assert chatting.heard("/status")
    refused.start()
    calls = chatting.server.chat
    assert calls.wait(lambda: len(chatting.told) == 2)
    refused.stop()
    assert set(chatting.told) == {"tg_shared", "tg_refused"}


def test_what_cannot_be_read_ends_nothing(chatting: Chatting) -> None:
    strange: tuple[Any, ...] = (
        None,
        "?",
        {"chat": {"id": "x"}, "text": 4},
        {"chat": [], "text": ""},
    )
    for number, message in enumerate(strange, 5):
        chatting.server.chat.put({"update_id": number, "message": message})
    chatting.server.chat.put({"update_id": 9.5, "message": {}})
    chatting.listener.start()
    assert chatting.heard("/status")


# --- who may be spoken with
def test_token_and_chat_come_from_the_environment_and_leave_it() -> None:
    environ = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_CHAT_ID": "42", "OTHER": "x"}
    access = load_access(environ)
    assert isinstance(access, Access)
    assert (access.token.reveal(), access.chat, access.users) == (TOKEN, 42, {42})
    assert environ == {"OTHER": "x"}
    assert TOKEN not in repr(access)
    assert HIDDEN in repr(access)


def test_in_a_group_people_are_named_each() -> None:
    environ = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_CHAT_ID": "-100", "TELEGRAM_USER_ID": "1, 2"}
    access = load_access(environ)
    assert isinstance(access, Access)
    assert access.users == {1, 2}


@pytest.mark.parametrize(
    ("given", "problem", "name"),
    [
        ({}, "missing", ""),
        ({"TELEGRAM_TOKEN": TOKEN}, "half", "TELEGRAM_CHAT_ID"),
        ({"TELEGRAM_CHAT_ID": "1"}, "half", "TELEGRAM_TOKEN"),
        ({"TELEGRAM_TOKEN": "no token", "TELEGRAM_CHAT_ID": "1"}, "malformed", "TELEGRAM_TOKEN"),
        ({"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_CHAT_ID": "me"}, "malformed", "TELEGRAM_CHAT_ID"),
        ({"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_CHAT_ID": "'42'"}, "quoted", "TELEGRAM_CHAT_ID"),
        (
            {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_CHAT_ID": "1", "TELEGRAM_USER_ID": "me"},
            "malformed",
            "TELEGRAM_USER_ID",
        ),
    ],
)
def test_half_a_secret_is_told_by_its_name(given: dict[str, str], problem: str, name: str) -> None:
    found = load_access(dict(given))
    assert isinstance(found, NoAccess)
    assert (found.problem, found.name) == (problem, name)


def test_a_file_of_secrets_must_be_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"TELEGRAM_TOKEN={TOKEN}\nTELEGRAM_CHAT_ID=42\n")
    file.chmod(0o644)
    assert load_access({}, file) == NoAccess("open", ".env", "")
    file.chmod(0o600)
    assert isinstance(load_access({}, file), Access)


def test_a_change_that_is_refused_says_so(chatting: Chatting) -> None:
    talk = Talk(may_increase=True)
    talk.say("/forceenter eth")
    assert "refused" in talk.say("yes")
    assert [type(change) for change in talk.bot.asked] == [ForceEnter]
    assert StartTrading not in {type(change) for change in talk.bot.asked}
