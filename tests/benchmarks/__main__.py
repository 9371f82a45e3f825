"""Every figure as a ratio within one interleaved run.

make bench                         all of them; writes RESULTS.md
make bench ARGS="sweeps cluster"   some of GROUPS, only printed
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.benchmarks import (
    archive,
    cluster,
    dashboard,
    disk,
    exits,
    journal,
    kernel,
    mail,
    notices,
    replays,
    sockets,
    sweeps,
    upbit,
)

ROUNDS = 5
Row = tuple[str, str, str, str, str]


def pair(
    ours: Callable[[], float], base: Callable[[], float], n: int = ROUNDS
) -> tuple[float, float]:
    """Medians of both, taken in turn."""
    both = [(ours(), base()) for _ in range(n)]
    return median(a for a, _ in both), median(b for _, b in both)


def mails() -> list[Row]:
    ours, stock = pair(mail.told_ours, mail.told_stock)
    chain, bare = pair(mail.chain_ours, mail.chain_bare)
    return [
        (
            "message told",
            f"{ours:,.0f}/s",
            f"stock {stock:,.0f}/s",
            f"{ours / stock:.2f}",
            ">= 2.5",
        ),
        (
            "three-actor chain, p50",
            f"{chain * 1e6:.0f} us",
            f"bare {bare * 1e6:.0f} us",
            f"{chain / bare:.2f}",
            "<= 1.5",
        ),
    ]


def disks(folder: Path) -> list[Row]:
    ours, bare = pair(disk.codec_ours, disk.codec_bare)
    sealed, _ = pair(disk.codec_sealed, disk.codec_bare)
    commits = disk.Commits(folder)
    mine, plain = pair(commits.ours, commits.plain, disk.COMMITS)
    paths = [disk.path_seconds(folder / f"p{i}", commits) for i in range(ROUNDS)]
    way, three = median(w for w, _ in paths), median(t for _, t in paths)
    each = 1e6 / disk.CODEC_ROUNDS
    return [
        (
            "envelope encoded and decoded",
            f"{ours * each:.2f} us",
            f"bare {bare * each:.2f} us",
            f"{ours / bare:.2f}",
            "<= 1.5",
        ),
        (
            "the same with its checksum made and checked",
            f"{sealed * each:.2f} us",
            f"bare {bare * each:.2f} us",
            f"{sealed / bare:.2f}",
            "",
        ),
        (
            "one owner commit, rate",
            f"{mine * 1e3:.2f} ms",
            f"bare put {plain * 1e3:.2f} ms",
            f"{plain / mine:.2f}",
            ">= 0.8",
        ),
        (
            "candle closed -> intent -> venue edge, p50",
            f"{way * 1e3:.2f} ms",
            f"3 bare commits {three * 1e3:.2f} ms",
            f"{way / three:.2f}",
            "<= 1.7",
        ),
    ]


def venues(folder: Path) -> list[Row]:
    wire = sockets.Wire(folder)
    taken = [(sockets.ours(folder / f"s{i}", wire), sockets.bare(wire)) for i in range(ROUNDS)]
    frames, plain = median(a for a, _ in taken), median(b for _, b in taken)
    exit_ours, exit_bare = exits.measure(folder / "exits")
    signed, jwt = pair(upbit.signing_ours, upbit.signing_bare)
    minute = upbit.Minute()
    judged, talib = pair(minute.ours, minute.bare)
    each = 1e6 / upbit.SIGNED
    return [
        (
            "socket frame -> decoded -> strategist, a core",
            f"{frames:,.0f}/s",
            f"bare {plain:,.0f}/s",
            f"{frames / plain:.2f}",
            ">= 40,000/s where bare makes 57,000; >= 0.7",
        ),
        (
            "price that triggers an exit -> order on the wire, p50",
            f"{exit_ours * 1e3:.2f} ms",
            f"3 bare commits + 1 bare POST {exit_bare * 1e3:.2f} ms",
            f"{exit_ours / exit_bare:.2f}",
            "<= 1.7",
        ),
        (
            "a request signed",
            f"{signed * each:.1f} us",
            f"bare pyjwt {jwt * each:.1f} us",
            f"{signed / jwt:.2f}",
            "<= 1.2",
        ),
        (
            f"signals of {upbit.PAIRS} markets after a minute closes, CPU",
            f"{judged * 1e3:.0f} ms",
            f"bare TA-Lib {talib * 1e3:.1f} ms",
            f"{judged / talib:.1f}",
            "< 250 ms",
        ),
    ]


def runs(folder: Path) -> list[Row]:
    rates = [replays.candles_a_second(folder / f"r{i}", 60, 1) for i in range(3)]
    rate, loop = median(r for r, _ in rates), replays.plain_candles_a_second(60)
    one, few = replays.candles_a_second(folder / "one", 150, 5)
    many, lots = replays.candles_a_second(folder / "many", 30, 5)
    wide = [
        [replays.candles_a_second(folder / f"w{pairs}-{i}", 20, pairs)[0] for pairs in (1, 20)]
        for i in range(3)
    ]
    alone, twenty = median(a for a, _ in wide), median(b for _, b in wide)
    memory = replays.peak_megabytes(folder / "peak", 150, 5)
    ready = replays.restart_seconds(folder / "long", 1_000_000)
    grown, entries = journal.day(folder / "day")
    return [
        (
            "stepped replay, one market",
            f"{rate:,.0f} candles/s",
            f"plain loop {loop:,.0f}/s",
            f"{rate / loop:.2f}",
            ">= 30,000/s",
        ),
        (
            f"{few:,} candles, memory of the process that replays them",
            f"{memory:.0f} MB",
            "",
            "",
            "< 300 MB for 1,000,000",
        ),
        (
            f"rate at {few:,} over rate at {lots:,} candles",
            f"{one:,.0f}/s",
            f"{many:,.0f}/s",
            f"{one / many:.2f}",
            "1 = linear",
        ),
        (
            "20 markets, cost of a candle over that of one market's",
            f"{1e6 / twenty:.1f} us",
            f"one {1e6 / alone:.1f} us",
            f"{alone / twenty:.2f}",
            "1",
        ),
        ("restart after 1,000,000 entries", f"{ready:.3f} s", "", "", "< 0.5 s"),
        (
            f"journal a day at {journal.PAIRS} markets",
            f"{grown:.2f} MB",
            f"{entries:,} entries",
            f"{1e6 * grown / entries:,.0f} bytes each",
            "",
        ),
        (
            f"archive when full, {journal.PAIRS} markets",
            f"{journal.archive_full(folder / 'archive'):.0f} MB",
            "",
            "",
            "",
        ),
    ]


GROUPS: dict[str, Callable[[Path], list[Row]]] = {
    "actors": lambda folder: [*mails(), *disks(folder)],
    "venues": venues,
    "replays": runs,
    "messengers": notices.rows,
    "dashboard": lambda folder: dashboard.rows(folder / "dashboard"),
    "kernel": lambda _: kernel.rows(),
    "sweeps": lambda folder: sweeps.rows(folder / "sweeps"),
    "cluster": lambda folder: cluster.rows(folder / "cluster"),
    "archive": lambda folder: archive.rows(folder / "archive"),
}


def main(words: list[str]) -> None:
    """The groups that are named, or all of them; only all of them are written down."""
    if unknown := [word for word in words if word not in GROUPS]:
        print(f"no such group: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
        sys.exit(2)
    with tempfile.TemporaryDirectory(dir=".") as name:
        rows = [row for each in words or GROUPS for row in GROUPS[each](Path(name).resolve())]
    load = os.getloadavg()[0]
    lines = [
        "# The last result of `make bench`",
        "",
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores,"
        f" load average {load:.1f} at the end. Ratios count; the rest is this machine's.",
        "",
        "| what | ours | beside it | ratio | reach |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if not words:
        (Path(__file__).parent / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
