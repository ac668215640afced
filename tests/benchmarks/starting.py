"""How long the program takes to be there, and what it holds in memory then."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import programs
from tests.benchmarks.table import Row

STARTS = 7
HELPS = 15


def rows() -> Iterator[Row]:
    """Start the bot and plain Bolt in turns, both against the same Slack; then ask for help."""
    ready: tuple[list[float], list[float]] = ([], [])
    memory: tuple[list[float], list[float]] = ([], [])
    with (
        tempfile.TemporaryDirectory() as folder,
        programs.slack().running("/api/auth.test") as slack,
    ):
        database = Path(folder) / "ideas.db"
        for _ in range(STARTS):
            pair = (programs.commonplace(slack.port, database), programs.plain_bolt(slack.port))
            for number, program in enumerate(pair):
                with program.running():
                    ready[number].append(program.ready_after * 1000)
                    memory[number].append(program.memory())
    yield _row("commonplace run ready ÷ bare Bolt app", ready, 1.6, 1.3, "ms")
    yield _row("its memory ÷ that of a bare Bolt app", memory, 1.4, 1.25, "MiB")
    helps: tuple[list[float], list[float]] = ([], [])
    for _ in range(HELPS):
        for number, module in enumerate(("bot", "tests.benchmarks.bare_click")):
            helps[number].append(_seconds(module) * 1000)
    yield _row("commonplace --help ÷ bare click", helps, 2, 1.4, "ms")


def _row(
    what: str, pair: tuple[list[float], list[float]], goal: float, stretch: float, unit: str
) -> Row:
    ours, bare = statistics.median(pair[0]), statistics.median(pair[1])
    return Row(
        what=what,
        value=ours / bare,
        goal=goal,
        stretch=stretch,
        at_most=True,
        note=f"{ours:.0f} {unit} ÷ {bare:.0f} {unit}",
    )


def _seconds(module: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        (sys.executable, "-m", module, "--help"),
        cwd=programs.ROOT,
        env=programs.clean_env(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began
