"""Strangers: every verb and every console command meets what a stranger types, and where.

The lines are made from the command catalogue itself, so that a new verb, option or console command
is met without being named here. Each line is met in one language at one kind of terminal; from
line to line both change.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count, islice
from pathlib import Path

import click
import msgspec
import pytest

from i18n.errors import LABELS, UserError
from interfaces.cli import MODULES, jangbu
from interfaces.console.grammar import CONSOLE_COMMANDS as COMMANDS
from interfaces.console.grammar import ConsoleCommand, parse
from interfaces.console.session import StateSession
from messages.control import Shutdown
from tests.support.cli_runner import ROOT, around, run
from tests.support.terminals import Terminal
from tests.system.interfaces.stranger_script import COLUMNS, Seen, Visit
from tests.tools.screens import played

AGAIN, QUIET = 12, 5.0  # times that a key is pressed; seconds in which nothing came of it
ENDS = (  # of the standard streams, each with what it can show
    ("terminal", "cp949"),
    ("pipe", "utf-8"),
    ("gone", "euc_kr"),
    ("full", "latin-1"),
    ("closed", "utf-8"),
    ("pipe", "euc_kr"),
    ("terminal", "latin-1"),
)
UNPAIRED, LONG = "\udcff", "9" * 300  # a byte that is no text; what no file may be called
WORDS = ("KRW-BCT", "statsu", "도지코인", "", UNPAIRED, LONG)
NO_PAIRS = ("KRW-BCT", "statsu", "", UNPAIRED, LONG)
OFFLINE = "http://127.0.0.1:9"
QUOTED = re.compile(r"""\"[^"]*\"|'[^']*'|KRW-\w+|도지코인|비트코인""")
HANGUL = re.compile("[가-힣]")
CODES = (0, 1, 2, 130)  # done, not, bad input, ended by Ctrl-C
AT_ONCE = 137  # a bot that is asked a second time does not take its time
FEW = 1  # word, beside the one that is too long, that an option meets


class Strangers:
    """One process that forks for each visit; the kinds of terminal take turns."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        script = [sys.executable, "-m", "tests.system.interfaces.stranger_script"]
        self.process = subprocess.Popen(script, cwd=ROOT, stdin=pipe, stdout=pipe)
        self._turn = count()

    def faults(
        self, words: list[str], folder: Path, *, bad: bool = False, silent: bool = False
    ) -> list[str]:
        """What is wrong with the answer to a line.

        ``bad``: it has to be refused; ``silent``: it need not be answered.
        """
        turn = next(self._turn)
        (ends, encoding), language = ENDS[turn % len(ENDS)], ("ko", "en")[turn % 2]
        given = {"JANGBU__LANGUAGE": language, "JANGBU__EXCHANGE__REST_URL": OFFLINE}
        environ = around(PYTHONIOENCODING=encoding, **given)
        typed = [word.encode("utf-8", "surrogateescape") for word in words]
        seen = self._seen(Visit(typed, str(folder), environ, ends, encoding))
        seen.interrupted |= silent
        wrong = faults_of(seen, ends, encoding, language, bad)
        shown = " ".join(word[:20] for word in words)
        place = f"{shown!r} ({ends}, {encoding}, {language})"
        return [f"{place}: {fault}: {seen.text[-400:]!r}" for fault in wrong]

    def _seen(self, visit: Visit) -> Seen:
        into, out = self.process.stdin, self.process.stdout
        assert into
        assert out
        into.write(msgspec.json.encode(visit) + b"\n")
        into.flush()
        return msgspec.json.decode(out.readline(), type=Seen)

    def close(self) -> None:
        self.process.communicate()


def faults_of(seen: Seen, ends: str, encoding: str, language: str, bad: bool) -> Iterator[str]:
    """What a stranger may not see."""
    if seen.code not in (*CODES, *([AT_ONCE] if seen.interrupted else [])):
        yield f"exit code {seen.code}"
    if bad and seen.code != 2 and not seen.interrupted:
        yield f"bad input ended with {seen.code}"
    text = seen.text.decode(encoding, "replace")
    if "\ufffd" in text:
        yield "what the terminal cannot show"
    if re.search(r"Traceback|\w+Error: |Exception ignored", text):
        yield "a traceback"
    if ends in ("pipe", "terminal") and not seen.interrupted:
        yield from _unsaid(text, seen.code, language, spoken=encoding != "latin-1")


def _unsaid(text: str, code: int | None, language: str, *, spoken: bool) -> Iterator[str]:
    """What is missing in an answer that can be read."""
    if not text.strip() and code != 130:
        yield "no word"
    if not spoken and language == "ko":  # nothing but "?" can stand for Hangul
        return
    if re.fullmatch(r"[a-z]+_[a-z_]+", text.strip()):
        yield "a key of the catalogue"
    if code != 2:
        return
    first, where, allowed, todo = (f"{label}: " for label in LABELS[language])
    if re.search(r"^\[.*\].*: .*(→|->) \w", text, re.M):  # a finding, and what to do
        return
    lines = [line for line in text.splitlines() if line.startswith(first)]
    if not lines or where not in text or not (allowed in text or todo in text):
        yield "not what, where, and what is allowed or to do"
    elif language == "ko" and not HANGUL.search(QUOTED.sub("", lines[0].removeprefix(first))):
        yield "English in Korean"


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strangers]:
    """The kernel is compiled before: a Ctrl-C within numba's compiler is swallowed there."""
    tried = run("hyperopt", "--epochs", "1", cwd=tmp_path_factory.mktemp("compiled"))
    assert tried.returncode == 0, tried.stderr
    some = Strangers()
    yield some
    some.close()


# --- verbs of the command line
def params_of(verb: str) -> list[click.Parameter]:
    """What a verb takes and its help shows."""
    found = jangbu.get_command(click.Context(jangbu), verb)
    assert found
    return [param for param in found.params if not getattr(param, "hidden", False)]


def reads_a_pair(param: click.Parameter) -> bool:
    """Whether no word but a pair will do."""
    return (param.name or "").startswith("pair")


def is_refused(param: click.Parameter, word: str) -> bool:
    """Whether a parameter of this type takes no such word."""
    kind = param.type
    if reads_a_pair(param):
        return word in NO_PAIRS
    return isinstance(kind, click.Choice | click.types.IntParamType | click.types.FloatParamType)


def sound_words(verb: str) -> list[str]:
    """What a verb cannot be without, so that the word beside it is reached."""
    words: list[str] = []
    for param in params_of(verb):
        if param.required:
            kind = param.type
            number = isinstance(kind, click.types.IntParamType)
            word = "1" if number else "KRW-BTC" if reads_a_pair(param) else "new"
            word = str(kind.choices[0]) if isinstance(kind, click.Choice) else word
            words += [word] if isinstance(param, click.Argument) else [param.opts[-1], word]
    return words


def lines_of(verb: str) -> Iterator[tuple[list[str], bool]]:
    """What strangers type after a verb, and whether it has to be refused."""
    turn, needed = count(), sound_words(verb)
    yield [verb], bool(needed)
    yield [verb, "--nonsense"], True
    yield [verb, *needed, *WORDS[:3], "--help"], False
    yield [verb[:-1]], True
    for param in params_of(verb):
        option = isinstance(param, click.Option)
        if option and param.is_flag:  # type: ignore[attr-defined]
            continue
        if option:
            yield [verb, max(param.opts, key=len)[:-1] + "#"], True
            yield [verb, *needed, param.opts[-1]], True
        drawn = islice((WORDS[next(turn) % len(WORDS)] for _ in count()), FEW)
        for word in dict.fromkeys(WORDS if reads_a_pair(param) else (*drawn, LONG)):
            given = [param.opts[-1], *[word] * param.nargs] if option else [word]
            rest = needed if option else needed[1:]
            yield (
                [verb, *rest, *given] if option else [verb, *given, *rest],
                is_refused(param, word),
            )


@pytest.mark.parametrize("verb", MODULES)
def test_every_verb_answers_strangers_with_a_sentence(
    strangers: Strangers, tmp_path: Path, verb: str
) -> None:
    found: list[str] = []
    for number, (words, bad) in enumerate(lines_of(verb)):
        folder = tmp_path / str(number)
        folder.mkdir()
        found += strangers.faults(words, folder, bad=bad)
    assert not found, "\n".join(found)


# --- commands of the console
def typed(verb: ConsoleCommand, pairs: tuple[str, ...]) -> Iterator[str]:
    """What strangers type at the console that begins with this command."""
    sound = ["KRW-BTC" if "pair" in a.kind else (*a.choices, "1")[0] for a in verb.arguments]
    least = sum(argument.required for argument in verb.arguments)
    yield verb.name
    yield verb.name[:-1]
    yield " ".join([verb.name, *"abcde"])
    for place, argument in enumerate(verb.arguments):
        words = (*NO_PAIRS, "도지코인", *(pairs if "pair" in argument.kind else ()))
        for word in words:
            given = [*sound]
            given[place] = word if word and word.isprintable() else f'"{word}"'
            yield " ".join([verb.name, *given[: max(place + 1, least)]])


def is_bad(line: str) -> bool:
    """Whether the console cannot read it."""
    try:
        parse(line, lambda: "1")
    except UserError:
        return True
    return False


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A paper bot at a terminal of 40 columns, which has played the built-in market to its end."""
    one = played(tmp_path_factory.mktemp("bot"), "en", COLUMNS)
    yield one
    one.close()


def state_of(terminal: Terminal) -> Path:
    """Where its bot trades."""
    return Path(f"/proc/{terminal.process.pid}/cwd").resolve() / "state" / "paper"


def test_every_console_command_answers_strangers_with_a_sentence(
    strangers: Strangers, terminal: Terminal, tmp_path: Path
) -> None:
    state = state_of(terminal)
    desk = StateSession(state, "en")
    held = set(desk.held())
    known = tuple(sorted(desk.ledger().pairs))
    pairs = (next(iter(held)), next(pair for pair in known if pair not in held))
    assert held
    attach = ["console", "--state-dir", str(state)]
    found = [fault for _ in ENDS for fault in strangers.faults(attach, tmp_path, silent=True)]
    for verb in sorted(COMMANDS.values(), key=lambda verb: verb.message is Shutdown):
        for line in typed(verb, pairs):
            if verb.message is Shutdown and not is_bad(line):
                continue
            found += strangers.faults([*attach, "-c", line], tmp_path, bad=is_bad(line))
    assert not found, "\n".join(found)


def test_the_prompt_of_a_running_bot_refuses_and_lives_on(terminal: Terminal) -> None:
    for verb in COMMANDS.values():
        line = next(line for line in typed(verb, ()) if is_bad(line))
        before = terminal.screen.text().count("Error: ")
        terminal.type(f"{line}\r")
        terminal.until(lambda screen, n=before: screen.text().count("Error: ") > n)
    terminal.type("status\r")
    terminal.until(lambda screen: "Open trades" in screen.text())
    assert "Traceback" not in terminal.screen.text()
    assert not terminal.screen.torn


def test_a_terminal_that_goes_away_ends_a_bot_that_has_played_as_exit_does(
    terminal: Terminal,
) -> None:
    for _ in range(AGAIN):
        terminal.type("\x04")  # one that falls between two prompts is lost, as any key is
        with suppress(AssertionError):
            terminal.until(lambda _: terminal.process.poll() is not None, QUIET)
        if terminal.process.poll() is not None:
            break
    assert terminal.end() == 0
    assert "Traceback" not in terminal.screen.text()
