"""Events kept durably, beside a Bolt that does nothing: the whole program, over real HTTP.

The two programs run one after the other in turns, each while the other is stopped, so that both
meet the same machine; the ratio of each turn is taken, and of the ratios the median. The bot's
share includes what it does for Slack afterwards, in so far as it does that while events pour in.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.core.model.ideas import Filters, Visibility
from storage import read_store
from tests.benchmarks import programs
from tests.benchmarks.table import Row

EVENTS = 5000
"""Events in one turn."""

TURNS = 5
SLOW_EVENTS = 1200


def rows(turns: int = TURNS) -> Iterator[Row]:
    """The program against plain Bolt, at two levels of concurrency."""
    with (
        tempfile.TemporaryDirectory() as folder,
        programs.slack().running("/api/auth.test") as slack,
        programs.plain_bolt(slack.port).running() as plain,
        programs.commonplace(slack.port, Path(folder) / "ideas.db").running() as bot,
    ):
        bot.pause()
        programs.fire(plain.port, 20, 0, EVENTS)
        plain.pause()
        bot.go_on()
        sent = EVENTS * 2  # the log reaches its size, and every member and channel is known
        programs.fire(bot.port, 20, 0, sent)
        for concurrency in (20, 100):
            ratios, floors, rates = [], [], []
            for _ in range(turns):
                bot.pause()
                plain.go_on()
                floors.append(programs.fire(plain.port, concurrency, sent, EVENTS))
                plain.pause()
                bot.go_on()
                rates.append(programs.fire(bot.port, concurrency, sent, EVENTS))
                ratios.append(rates[-1] / floors[-1])
                sent += EVENTS
            yield Row(
                what=f"events kept durably ÷ no-op Bolt, concurrency {concurrency}",
                value=statistics.median(ratios),
                goal=0.6,
                stretch=0.75,
                note=f"{statistics.median(rates):,.0f}/s ÷ {statistics.median(floors):,.0f}/s, "
                f"{fsync(Path(folder)):.1f} ms fsync",
            )
        _check(Path(folder) / "ideas.db", sent)


def slow_disk_rows() -> Iterator[Row]:
    """The program with group commit, against the same that commits each event by itself.

    The database lies in memory where the system has a place for that, and each commit sleeps for
    4 ms on top, in SQLite's own thread: see `slow_disk.py`.
    """
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  (a folder of its own)
    rates = {}
    for group in (400, 1):
        with (
            tempfile.TemporaryDirectory(dir=place) as folder,
            programs.slack().running("/api/auth.test") as slack,
            programs.commonplace(
                slack.port,
                Path(folder) / "ideas.db",
                program=("-m", "tests.benchmarks.slow_disk", str(group), "run"),
            ).running() as bot,
        ):
            count = SLOW_EVENTS if group > 1 else SLOW_EVENTS // 4
            programs.fire(bot.port, 20, 0, count // 4)
            rates[group] = programs.fire(bot.port, 20, count // 4, count)
    yield Row(
        what="group commit ÷ one commit per event, 4 ms disk, concurrency 20",
        value=rates[400] / rates[1],
        note=f"{rates[400]:,.0f}/s ÷ {rates[1]:,.0f}/s, commit made to sleep 4 ms",
    )


def _check(database: Path, sent: int) -> None:
    """Everything that was acknowledged is on disk, but for the few posts that are no ideas."""
    with read_store(f"sqlite:///{database}") as store:
        kept = asyncio.run(store.count("", Filters(), Visibility(everything=True)))
    if not sent * 0.9 < kept <= sent:
        raise RuntimeError(f"{sent:,} events were acknowledged, but {kept:,} ideas are kept")
    sys.stderr.write(f"  {kept:,} ideas of {sent:,} events are on disk\n")


def fsync(folder: Path, times: int = 50) -> float:
    """What it takes here to bring a page that is there already to disk, in milliseconds."""
    page = b"x" * 4096
    file = os.open(folder / "page", os.O_RDWR | os.O_CREAT)
    took = []
    for _ in range(times):
        os.pwrite(file, page, 0)
        began = time.perf_counter()
        os.fsync(file)
        took.append(time.perf_counter() - began)
    os.close(file)
    return statistics.median(took) * 1000
