"""The export as CSV, beside a plain loop over `csv.writer` with a guard, and as a workbook."""

import csv
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import psutil

from bot.core.finding.export import COLUMNS, write_csv
from bot.core.model.ideas import Filters, Visibility
from storage import read_store
from tests.benchmarks.programs import MIB, ROOT, clean_env
from tests.benchmarks.table import Row
from tests.exported import exported

TURNS = 5
FORMULA = frozenset("=+-@\t\r\n\0'")


def plain_loop(rows: Iterable[Sequence[object]], target: Path) -> None:
    """What one would write in five minutes."""
    with target.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(
                [f"'{c}" if isinstance(c, str) and c[:1] in FORMULA else c for c in row]
            )


def ours(rows: Iterable[Sequence[object]], target: Path) -> None:
    """What the program does."""
    with target.open("wb") as out:
        write_csv(rows, out)


def rows(database: Path, count: int) -> Iterator[Row]:
    """Speed, both from the same query; then the memory of the command."""
    folder = database.parent
    url = f"sqlite:///{database}"
    ratios, took = [], []
    for _ in range(TURNS):
        seconds = []
        for write in (plain_loop, ours):
            with read_store(url) as store:
                began = time.perf_counter()
                found = exported(store, "", Filters(), Visibility(everything=True))
                write(found, folder / f"{write.__name__}.csv")
                seconds.append(time.perf_counter() - began)
        ratios.append(seconds[0] / seconds[1])
        took.append(seconds)
    if (folder / "ours.csv").read_bytes() != (folder / "plain_loop.csv").read_bytes():
        raise RuntimeError("the two exports differ")
    plain, own = (statistics.median(times) for times in zip(*took, strict=True))
    yield Row(
        what=f"CSV of {count:,} ideas ÷ plain csv.writer loop",
        value=statistics.median(ratios),
        goal=0.75,
        stretch=0.95,
        note=f"{count / own:,.0f}/s ÷ {count / plain:,.0f}/s, both from the database",
    )
    bare = peak((sys.executable, "-c", "import time; time.sleep(.1)"), url)
    command = (sys.executable, "-m", "bot", "export", "--output")
    most = peak((*command, str(folder / "c.csv")), url)
    yield Row(
        what=f"commonplace export of {count:,} ideas, peak memory",
        value=most,
        goal=60,
        stretch=40,
        at_most=True,
        unit=" MiB",
        note=f"a bare Python needs {bare:.0f} MiB",
    )
    began = time.perf_counter()
    large = peak((*command, str(folder / "w.xlsx"), "--format", "xlsx"), url)
    whole = time.perf_counter() - began
    yield Row(
        what=f"commonplace export --format xlsx of {count:,} ideas, peak memory",
        value=large,
        goal=60,
        stretch=45,
        at_most=True,
        unit=" MiB",
        note=f"{count / whole:,.0f}/s; {(folder / 'w.xlsx').stat().st_size / MIB:.0f} MiB",
    )


def peak(args: tuple[str, ...], url: str) -> float:
    """The most memory a command held, looked at every two milliseconds, in MiB."""
    process = subprocess.Popen(
        args, cwd=ROOT, env=clean_env() | {"DATABASE_URL": url}, stderr=subprocess.DEVNULL
    )
    watched = psutil.Process(process.pid)
    most = 0
    while process.poll() is None:
        try:
            most = max(most, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.002)
    if process.wait() != 0:
        raise RuntimeError(f"{' '.join(args)} failed")
    return most / MIB
