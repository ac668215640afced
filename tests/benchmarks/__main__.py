"""Run the benchmarks and print a table of ratios: `make bench`.

Everything is measured beside its yardstick in the same run, on this machine, over loopback; only
the ratios mean something. `--million` adds what needs a million ideas, and takes many minutes.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import (
    boards,
    books,
    exporting,
    finding,
    home,
    importing,
    intake,
    live,
    starting,
    week,
)
from tests.benchmarks.table import Row, lines

GROUPS = (
    "intake",
    "live",
    "slow-disk",
    "export",
    "import",
    "search",
    "home",
    "board",
    "week",
    "start",
)
MANY = 100_000
FEW = 10_000
MESSAGES = 50_000


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", help=f"some of: {', '.join(GROUPS)}; default all")
    parser.add_argument("--million", action="store_true", help="also with a million ideas")
    asked = parser.parse_args()
    wanted = asked.only or GROUPS
    if unknown := set(wanted) - set(GROUPS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    found: list[Row] = []
    for row in measured(set(wanted), million=asked.million):
        sys.stderr.write(f"{row.what}: {row.value:.2f}{row.unit}  ({row.note})\n")
        found.append(row)
    sys.stdout.write("\n".join(["", *lines(found), ""]))


def measured(wanted: set[str], *, million: bool) -> Iterator[Row]:
    """Measure, one group after the other."""
    if "start" in wanted:
        yield from starting.rows()
    if "intake" in wanted:
        yield from intake.rows()
    if "live" in wanted:
        yield from live.rows()
    if "slow-disk" in wanted:
        yield from intake.slow_disk_rows()
    if wanted & {"export", "search", "board"}:
        with tempfile.TemporaryDirectory() as folder:
            yield from asyncio.run(of_many(Path(folder), wanted))
            if "board" in wanted:
                yield boards.search_row(Path(folder) / "ideas.db", MANY)
    if "home" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            yield from asyncio.run(of_a_home(Path(folder)))
    if "board" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder) / "ideas.db"
            asyncio.run(of_few(database))
            yield from boards.view_rows(database, FEW)
    if "import" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            yield from importing.rows(Path(folder), MESSAGES)
    if "week" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            yield from asyncio.run(week.rows(Path(folder)))
    if million and "search" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            yield from asyncio.run(of_a_million(Path(folder)))


async def of_many(folder: Path, wanted: set[str]) -> list[Row]:
    """What is measured with a hundred thousand ideas."""
    found: list[Row] = []
    database = folder / "ideas.db"
    store = await books.fill(database, MANY)
    if "search" in wanted:
        found.append(await finding.search_row(store, MANY))
        found.append(await finding.mending_row(store, MANY))
        found.append(await finding.similar_row(store, MANY))
        found.append(finding.week_row(await finding.week_times(store, MANY), MANY))
    if "board" in wanted:
        await boards.share(store)
    await store.close()
    if "export" in wanted:
        found += exporting.rows(database, MANY)
    return found


async def of_a_home(folder: Path) -> list[Row]:
    """What a member waits for."""
    store = await books.fill(folder / "ideas.db", FEW)
    found = await home.rows(store, FEW)
    await store.close()
    return found


async def of_few(database: Path) -> None:
    """Make the board that is viewed."""
    store = await books.fill(database, FEW)
    await boards.share(store)
    await store.close()


async def of_a_million(folder: Path) -> list[Row]:
    """What is measured with a million ideas, beside ten thousand."""
    small = await books.fill(folder / "small.db", FEW)
    large = await books.fill(folder / "large.db", finding.MILLION)
    few, many = (
        await finding.week_times(small, FEW),
        await finding.week_times(large, finding.MILLION),
    )
    found = [await finding.search_row(large, finding.MILLION), finding.growth_row(few, many)]
    await small.close()
    await large.close()
    return found


if __name__ == "__main__":
    main()
