"""What it costs to keep ideas while people hold a board open, against nobody holding it."""

import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import programs
from tests.benchmarks.slack import CHANNELS
from tests.benchmarks.table import Row

READERS = 50
EVENTS = 4000
"""Events in one turn."""
TURNS = 5


def rows(turns: int = TURNS) -> Iterator[Row]:
    """The program with readers, against the same without, in turns."""
    with (
        tempfile.TemporaryDirectory() as folder,
        programs.slack().running("/api/auth.test") as slack,
        programs.commonplace(slack.port, Path(folder) / "ideas.db").running() as bot,
    ):
        sent = EVENTS
        programs.fire(bot.port, 20, 0, sent)
        url = f"http://127.0.0.1:{bot.port}{_shared(bot)}live"
        rates: dict[int, list[float]] = {0: [], READERS: []}
        for _ in range(turns):
            for readers, found in rates.items():
                with _reading(url, readers):
                    found.append(programs.fire(bot.port, 20, sent, EVENTS))
                sent += EVENTS
        without, beside = rates.values()
        ratios = [many / none for none, many in zip(without, beside, strict=True)]
        yield Row(
            what=f"events kept while {READERS} read live ÷ while nobody does, concurrency 20",
            value=statistics.median(ratios),
            goal=0.9,
            stretch=0.95,
            note=f"{statistics.median(beside):,.0f}/s ÷ {statistics.median(without):,.0f}/s, "
            f"{bot.memory():.0f} MiB, of {sent // len(CHANNELS):,} ideas in the channel",
        )


def _shared(bot: programs.Program) -> str:
    """Share a channel; the path of its board."""
    args = (sys.executable, "-m", "bot", "share", "--channel", CHANNELS[0])
    env = programs.clean_env() | dict(bot.env)
    told = subprocess.run(args, cwd=programs.ROOT, env=env, check=True, capture_output=True)
    found = re.search(r"/b/[^/]+/", told.stdout.decode())
    assert found is not None
    return found[0]


@contextmanager
def _reading(url: str, count: int) -> Iterator[None]:
    """Hold a board open so many times, in a process of its own."""
    if not count:
        yield
        return
    args = (sys.executable, "-m", "tests.benchmarks.readers", url, str(count))
    with subprocess.Popen(args, cwd=programs.ROOT, stdout=subprocess.PIPE) as readers:
        assert readers.stdout is not None
        if readers.stdout.readline() != b"reading\n":
            raise RuntimeError("not everybody could read live")
        yield
        readers.terminate()
