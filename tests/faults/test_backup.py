"""A copy of a database that others write into without a pause."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from storage import open_store
from tests.storage.making import keep

WRITER = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None) as con:
    con.execute("pragma synchronous = off")
    con.execute("update upkeep set write_probe = write_probe + 1")
    print("at it", flush=True)
    while True:
        con.execute("update upkeep set write_probe = write_probe + 1")
"""


@asynccontextmanager
async def written_without_a_pause(database: Path) -> AsyncIterator[None]:
    """Another program commits as fast as it can."""
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(database), stdout=PIPE
    )
    assert writer.stdout is not None
    try:
        assert b"at it\n" == await writer.stdout.readline()
        yield
    finally:
        writer.kill()
        await writer.wait()


def grow(database: Path) -> None:
    """Make the file so large that it is copied in many steps."""
    with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as con:
        con.execute(
            """insert into ignored_message (workspace, channel, ts, edited)
            with recursive n (n) as (select 1 union all select n + 1 from n where n < 200)
            select 'T1', 'C9', 'filler ' || n, hex(randomblob(60000)) from n"""
        )


def beats(file: Path) -> int:
    """How often a database was written into."""
    with closing(sqlite3.connect(file, timeout=30)) as con:
        return int(con.execute("select write_probe from upkeep").fetchone()[0])


async def test_a_backup_ends_although_others_never_cease_to_write(database: Path) -> None:
    """It copies one moment: a commit meanwhile neither shows in it nor makes it begin anew."""
    store = open_store(f"sqlite:///{database}")
    try:
        await keep(store)
        grow(database)
        copy = database.with_name("copy.db")
        async with written_without_a_pause(database), asyncio.timeout(20):
            before = beats(database)
            await store.backup(copy)
            # It is of the moment at which it began, not of one of the later beginnings.
            assert beats(copy) - before < (beats(database) - before) / 2
        restored = open_store(f"sqlite:///{copy}")
        assert () == await restored.check()
        await restored.close()
    finally:
        await store.close()
