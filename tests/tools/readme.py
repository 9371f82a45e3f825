"""Generated blocks of README and docs/: ``python -m tests.tools.readme [PAGE...]`` writes them.

A block stands between ``<!-- block: NAME -->`` and ``<!-- end -->``; a page ending in ``.ko.md``
holds the Korean of its blocks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import get_args

import click

from app.config.wizard import CAREFUL
from i18n import say
from tests.support.recorded import SEPTEMBER
from tests.support.sandbox_client import ACCESS, SECRET, sandbox
from tests.tools.screens import at_terminal, settled

ROOT = Path(__file__).parents[2]
FIRST = 16  # lines of what is traded that are shown
COLUMNS = 100
SHORT = " ".join(file.name.split("_")[0] + "..." for file in SEPTEMBER)
RECORDED = {"replayed", "backtest"}  # these need the recordings beside the checkout
BLOCK = re.compile(r"<!-- block: (\w+) -->\n(.*?)<!-- end -->", re.S)
ROOMS = {  # the Korean of the first two lines of each room
    "messages": ("액터 사이를 오가거나 디스크에 남는 모든 것의 타입", "아무것도 계산하지 않음"),
    "core": ("거래 규칙과 각 소유자의 상태, 순수 함수로", "시계, 디스크, 네트워크, 스레드를 모름"),
    "persistence": ("LMDB 환경 하나: 저널, 스냅샷, 색인과 그 관리", "기록의 뜻을 모름"),
    "actors": ("소유자, 경계 액터, 함께 쓰는 런타임", "디스크와 네트워크에 직접 묻지 않음"),
    "adapters": (
        "외부: 거래소, 메신저, 과거 시세, 전략 파일",
        "결정하지 않고 봇의 상태를 갖지 않음",
    ),
    "sandbox": (
        "오프라인에서 실제처럼 응답하는 거래소와 봇 API",
        "거래하는 코드는 이것을 쓰지 않음",
    ),
    "research": (
        "많은 시도를 한꺼번에 하려고 컴파일한 거래 규칙",
        "거래하지 않음: 결과는 액터와 같아야 함",
    ),
    "simulation": ("봇 전체를 시험하는 시드별 세계와 판정 법칙", "봇의 코드를 바꾸지 않음"),
    "projections": (
        "저널에서 읽어 낸 것: 사람과 프로그램이 보는 봇",
        "쓰지 않고, 어느 언어로도 말하지 않음",
    ),
    "i18n": ("영어와 한국어: 사람이 읽는 문구, 숫자, 표, 오류", "결정하지 않고 파일을 읽지 않음"),
    "app": ("봇의 조립, 시작, 감시, 관리, 설정과 점검", "표를 그리지 않고 사람에게 묻지 않음"),
    "interfaces": ("사람이 쓰는 것: 명령, 콘솔, 텔레그램, 대시보드, 보고서", "run.py만 가져다 씀"),
}


def pages() -> list[Path]:
    """Every page that may hold blocks."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def language_of(page: Path) -> str:
    """The language of a page, by its name."""
    return "ko" if page.name.endswith(".ko.md") else "en"


def shown(page: Path) -> dict[str, str]:
    """The blocks that stand in a page, by name."""
    return {match[1]: match[2] for match in BLOCK.finditer(page.read_text(encoding="utf-8"))}


def run(language: str, *words: str, code: int = 0, **more: str) -> str:
    """What a command prints, as wide as a terminal of 100 columns; it ends with ``code``."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("JANGBU", "UPBIT"))}
    environ |= {"COLUMNS": str(COLUMNS), "LANG": f"{language}.UTF-8", "PYTHONIOENCODING": "utf-8"}
    environ |= {"JANGBU__LANGUAGE": language, **more}
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words],
        capture_output=True,
        cwd=ROOT,
        env=environ,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode()


def headless(language: str) -> str:
    """A run on the built-in market: its banner, its first trades, its summary."""
    lines = traded(language)
    return fenced("$ make run ARGS='--headless --speed max'", lines)


def replayed(language: str) -> str:
    """The same on the four recorded markets."""
    lines = traded(language, "--recording", *SEPTEMBER)
    return fenced(f"$ python run.py --headless --speed max --recording {SHORT}", lines)


def backtest(language: str) -> str:
    """The four recorded markets, stepped."""
    text = run(language, "backtesting", "--recording", *map(str, SEPTEMBER))
    return fenced(f"$ python run.py backtesting --recording {SHORT}", text.splitlines())


def traded(language: str, *words: object) -> list[str]:
    """What a run shows at a terminal: its banner, what it traded first, its summary."""
    with tempfile.TemporaryDirectory() as folder:
        around = ("--headless", "--speed", "max", "--config", ROOT / "config.json", *words)
        terminal = at_terminal(Path(folder), language, *around, columns=COLUMNS)
        try:
            assert terminal.end() == 0
        finally:
            terminal.close()
    lines = settled(terminal.screen.text().splitlines())
    begin = next(i for i, line in enumerate(lines) if "state/paper" in line) + 1
    title = say("finished_fresh", language).split(" ")[:4]
    end = next(i for i, line in enumerate(lines) if line.split(" ")[:4] == title)
    return [*lines[: begin + FIRST], "...", *lines[end:]]


def doctor(language: str) -> str:
    """The lines about a key's rights, and the last, at the sandbox."""
    lines = at_sandbox(language, "doctor")
    rights = [say(f"about_scope_{name}", language) for name in ("assets", "order_view", "orders")]
    rights.append(say("about_scope_withdraw", language))
    kept = [line for line in lines if any(right in line for right in rights)]
    return fenced("$ python run.py doctor --config c.json", [*kept, lines[-1]])


def first_live(language: str) -> str:
    """What the first live start of an account shows before it asks, at the sandbox."""
    lines = at_sandbox(language, "trade", "--headless", code=2)
    title = say("live_title", language, host="127.0.0.1").split("\n")[0]
    begin = lines.index(title)
    return fenced("$ python run.py --config c.json", lines[begin : begin + 4])


def at_sandbox(language: str, *words: str, code: int = 0) -> list[str]:
    """What a command prints that stands before an account of the sandbox, with small caps."""
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder) / "books") as client:
        venue = {
            "JANGBU__EXCHANGE__REST_URL": client.url,
            "JANGBU__EXCHANGE__WS_URL": client.url.replace("http", "ws", 1),
            "JANGBU__DRY_RUN": "false",
            "JANGBU__PAIR_WHITELIST": "KRW-BTC",
            "UPBIT_ACCESS_KEY": ACCESS,
            "UPBIT_SECRET_KEY": SECRET,
        }
        venue |= {variable(key): str(value) for key, value in CAREFUL.items()}
        state = ("--state-dir", str(Path(folder) / "state"))
        return run(language, *words, *state, code=code, **venue).splitlines()


def variable(key: str) -> str:
    """The environment's name for a key."""
    return f"JANGBU__{key.replace('.', '__').upper()}"


def fenced(command: str, lines: Sequence[str]) -> str:
    """A command and its output."""
    return "\n".join(["```", command, *(line.rstrip() for line in lines), "```"])


def row(*cells: str) -> str:
    """Of a table. A bar within a cell would end it, in code too."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def commands(language: str) -> str:
    """The console's verbs, from the union."""
    from interfaces.console import grammar

    rows = [
        row(f"`{v.usage}`", say(f"help_{v.name}", language))
        for v in grammar.CONSOLE_COMMANDS.values()
    ]
    return "\n".join(["| | |", "|---|---|", *rows])


def verbs(language: str) -> str:
    """The verbs of the command line with their options, from the commands themselves."""
    from interfaces.cli import MODULES, jangbu

    return "\n\n".join(
        "\n".join(described(language, name, jangbu.get_command(click.Context(jangbu), name)))
        for name in sorted(MODULES)
    )


def described(language: str, name: str, command: click.Command | None) -> Iterator[str]:
    """One verb: how it is called, what it does, its options."""
    assert command is not None, name
    context = click.Context(command, info_name=name, help_option_names=[])
    pieces = " ".join(command.collect_usage_pieces(context))
    yield from (f"### `{name} {pieces}`", "", told(command.help or "", language))
    named = (param for param in command.params if isinstance(param, click.Option))
    found = [param.get_help_record(context) for param in named]
    options = [record for record in found if record]
    if options:
        yield from ("", "| | |", "|---|---|")
    for option, text in options:
        sentence, bracket, rest = text.partition("  [")
        yield row(f"`{option}`", (told(sentence, language) + bracket + rest).strip())


def told(english: str, language: str) -> str:
    """A help text on one line."""
    from i18n.ko.helps import HELPS

    whole = " ".join(english.split())
    return HELPS.get(whole, whole) if language == "ko" else whole


def config(language: str) -> str:
    """Every key, from the types."""
    from app.config.config_file import explain, load
    from i18n import meaning

    lines = [
        row(f"`{key.key}`", f"`{key.value}`", key.range, meaning(key.key, key.meaning, language))
        for key in explain(load(None, {}))
    ]
    return "\n".join(["| | | | |", "|---|---|---|---|", *lines]).replace("|  |", "| |")


def messages(language: str) -> str:
    """Each actor's inbox, and the events that it states."""
    from actors.actor_sets import ALL_ACTORS

    lines = ["| | | |", "|---|---|---|"]
    for actor in ALL_ACTORS:
        module = sys.modules[actor.__module__]
        change = getattr(module, "Change", None)
        stated = get_args(change) or ((change,) if change else ())
        takes = " ".join(kind.__name__ for kind in actor.accepts)
        lines.append(f"| `{actor.name}` | {takes} | {' '.join(k.__name__ for k in stated)} |")
    return "\n".join(lines)


def metrics(language: str) -> str:
    """Every metric: its name, kind, labels and meaning."""
    from interfaces.dashboard.metrics.families import FAMILIES

    rows = [row(f"`{f.shown}`", f.kind, " ".join(f.labels), f.help) for f in FAMILIES]
    return "\n".join(["| metric | kind | labels | what |", "|---|---|---|---|", *rows])


def rooms(language: str) -> str:
    """Each room with what it is for and what it must not do, from its docstring."""
    lines = ["| | | |", "|---|---|---|"]
    for name, korean in ROOMS.items():
        doc = __import__(name).__doc__ or ""
        english = [" ".join(part.split()) for part in doc.split("\n\n", 1)]
        lines.append(row(f"`{name}/`", *(korean if language == "ko" else english)))
    return "\n".join(lines)


BLOCKS: dict[str, Callable[[str], str]] = {
    "headless": headless,
    "replayed": replayed,
    "backtest": backtest,
    "doctor": doctor,
    "first_live": first_live,
    "commands": commands,
    "verbs": verbs,
    "config": config,
    "messages": messages,
    "metrics": metrics,
    "rooms": rooms,
}
RUN = {"headless", "replayed", "backtest", "doctor", "first_live"}  # these start a bot


def written(language: str, text: str) -> str:
    """A page with its blocks made anew; what cannot be made here is left as it is."""

    def block(match: re.Match[str]) -> str:
        name = match[1]
        if name in RECORDED and not SEPTEMBER:
            return match[0]
        return f"<!-- block: {name} -->\n{BLOCKS[name](language)}\n<!-- end -->"

    return BLOCK.sub(block, text)


def main(argv: Sequence[str]) -> None:
    for path in [ROOT / name for name in argv] or pages():
        old = path.read_text(encoding="utf-8")
        new = written(language_of(path), old)
        if new != old:
            path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
