"""The writer under real faults: locks, failing work, full, read-only and damaged files."""

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import SchemaError, StoreBusyError, StoreError, StoreFullError
from bot.core.model.ideas import Captured
from storage import Store, migrate, migrations, open_store, read_store
from storage.connection import Connection
from storage.sqlite.files import prepare
from tests.disks import read_only, small_disk
from tests.exported import exported
from tests.storage.making import ALL, NONE, busy, found, keep, query


@contextmanager
def held(store: Store) -> Iterator[None]:
    """Another program holds the database's write lock."""
    con = sqlite3.connect(store.path, isolation_level=None)
    con.execute("begin immediate")
    try:
        yield
    finally:
        con.execute("rollback")
        con.close()


# -- handed over --------------------------------------------------------------------------------


async def test_what_is_handed_over_just_before_closing_is_stored(url: str) -> None:
    """Closing waits for what the loop has not even had a moment to hand over."""
    store = open_store(url)
    keeping = asyncio.ensure_future(keep(store))
    await asyncio.sleep(0)
    store.close_now()
    async with asyncio.timeout(5):
        assert Captured(1, 1) == await keeping
    with read_store(url) as again:
        assert 1 == await again.count("", NONE, ALL)


# -- locked -------------------------------------------------------------------------------------


async def test_locked(url: str) -> None:
    """While another program holds the file nothing is acknowledged; afterwards all goes on."""
    store = open_store(url, patience=0.2)
    try:
        with held(store):
            begun = time.monotonic()
            first = asyncio.ensure_future(keep(store))
            await asyncio.sleep(0)
            later = [asyncio.ensure_future(keep(store, n)) for n in range(1, 6)]
            errors = await asyncio.gather(first, *later, return_exceptions=True)
            assert 2 > time.monotonic() - begun
            assert [StoreBusyError] * 6 == [type(error) for error in errors]
            assert "Nothing of this was stored" in str(errors[0])
            assert "Try again" in str(errors[0])
            assert [] == await found(store)
        assert Captured(1, 1) == await keep(store)
    finally:
        await store.close()


async def test_whoever_waited_behind_others(url: str) -> None:
    """Whoever has waited behind others waits no longer for the lock than was promised."""
    store = open_store(url, patience=1.0)
    try:
        with held(store):
            first = asyncio.ensure_future(store.ping())
            await asyncio.wait([first], timeout=0.5)
            begun = time.monotonic()
            with pytest.raises(StoreBusyError):
                await store.ping()
            assert 1.35 > time.monotonic() - begun
            with pytest.raises(StoreBusyError):
                await first
        await store.ping()
    finally:
        await store.close()


async def test_locked_while_opening(tmp_path: Path) -> None:
    """A new file that another program holds is waited for, then made."""
    path = tmp_path / "ideas.db"
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("begin immediate")
    opening = asyncio.create_task(asyncio.to_thread(migrate, f"sqlite:///{path}"))
    await asyncio.wait([opening], timeout=0.2)
    assert not opening.done()
    con.execute("commit")
    con.close()
    assert [file.stem for file in migrations.MIGRATIONS] == await opening


def test_locked_for_too_long(tmp_path: Path) -> None:
    """A file that is held for ever ends the start with words an operator can act on."""
    path = tmp_path / "ideas.db"
    migrate(f"sqlite:///{path}")
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("pragma journal_mode = delete")
    con.execute("pragma locking_mode = exclusive")
    con.execute("begin exclusive")
    try:
        with pytest.raises(StoreBusyError, match=r"ideas\.db for too long"):
            prepare(path, patience=0.1)
    finally:
        con.close()


def test_log_that_cannot_be_switched(tmp_path: Path) -> None:
    """A reader that hinders the switch to write-ahead logging is waited for, not for ever."""
    path = tmp_path / "ideas.db"
    migrate(f"sqlite:///{path}")
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("pragma journal_mode = delete")
    con.execute("begin")
    con.execute("select * from idea").fetchall()
    try:
        with pytest.raises(StoreBusyError):
            prepare(path, patience=0.1)
    finally:
        con.close()
    assert [] == prepare(path, patience=0.1)


# -- one failing piece --------------------------------------------------------------------------


async def test_one_failing_piece(store: Store) -> None:
    """In a group, what fails fails alone: the others are stored."""

    def wrong(con: Connection) -> None:
        con.execute("insert into workspace (id) values ('TX')")
        con.execute("insert into workspace (id) values ('TX')")

    def bad(con: Connection) -> None:
        con.execute("insert into workspace (id) values ('TY')")
        raise ValueError("mine")

    async with busy(store):
        work: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(keep(store)),
            store._write(wrong),
            asyncio.ensure_future(keep(store, 1)),
            store._write(bad),
            asyncio.ensure_future(keep(store, 2)),
        ]
        await asyncio.sleep(0)
    results = await asyncio.gather(*work, return_exceptions=True)
    assert [Captured(1, 1), Captured(2, 2), Captured(3, 3)] == results[::2]
    assert [1, 2, 3] == sorted(await found(store))
    assert [sqlite3.IntegrityError, ValueError] == [type(one) for one in results[1::2]]
    assert [("T1",)] == query(store, "select id from workspace")


async def test_a_piece_that_breaks_the_group(store: Store) -> None:
    """Work that ends the transaction itself spoils its group, is reported, and all goes on."""

    def ends(con: Connection) -> None:
        con.execute("rollback")

    def ends_and_fails(con: Connection) -> None:
        con.execute("rollback")
        con.execute("select * from nowhere")

    def fails(_: Connection) -> None:
        raise ValueError("mine")

    for group in ([ends], [ends_and_fails], [fails, ends_and_fails]):
        async with busy(store):
            work = [store._write(one) for one in group]
        results = await asyncio.gather(*work, return_exceptions=True)
        assert [sqlite3.OperationalError] * len(group) == [type(one) for one in results]
    assert Captured(1, 1) == await keep(store)


async def test_a_group_that_cannot_be_stored(store: Store) -> None:
    """When a group fails with trouble of the disk all of it is undone, and the next one is kept."""

    def trouble(con: Connection) -> None:
        con.execute("insert into workspace (id) values ('TX')")
        sqlite3.connect("file:/nowhere/at/all?mode=ro", uri=True)

    async with busy(store):
        kept = asyncio.ensure_future(keep(store))
        await asyncio.sleep(0)
        work = store._write(trouble)
    for future in (kept, work):
        with pytest.raises(StoreFullError):
            await future
    assert [] == query(store, "select * from workspace")
    assert Captured(1, 1) == await keep(store)


async def test_a_large_group(store: Store) -> None:
    """A thousand posts at once are kept in their order, in few commits."""
    outcomes = await asyncio.gather(*[keep(store, n) for n in range(1000)])
    assert [Captured(n, n) for n in range(1, 1001)] == outcomes


async def test_who_gave_up(store: Store) -> None:
    """Whoever stops waiting disturbs nobody; what they handed over is stored all the same."""
    async with busy(store):
        waiting = asyncio.ensure_future(keep(store))
        await asyncio.sleep(0)
        waiting.cancel()
    await store.ping()
    assert waiting.cancelled()
    assert [1] == await found(store)


def test_loops_come_and_go(url: str) -> None:
    """A loop that ended before the commit harms nobody; the next one uses the same store."""
    store = open_store(url)
    gate = threading.Event()

    async def hand_over() -> None:
        store._write(lambda _: gate.wait(5))

    asyncio.run(hand_over())
    gate.set()
    asyncio.run(store.ping())
    assert [(1,)] == query(store, "select write_probe from upkeep")
    store.close_now()


def test_many_threads(url: str) -> None:
    """Eight threads with a loop each use one store, and none sees a lock."""
    store = open_store(url)
    errors: list[BaseException] = []

    def work(n: int) -> None:
        async def main() -> None:
            await asyncio.gather(*[keep(store, 100 * n + k) for k in range(25)])

        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close_now()
    assert [] == errors
    assert [(200, 200)] == query(store, "select count(*), max(number) from idea")


async def test_closed(url: str) -> None:
    """What was handed over before closing is stored; afterwards nothing is taken."""
    store = open_store(url)
    handed = [asyncio.ensure_future(keep(store, n)) for n in range(5)]
    await asyncio.sleep(0)
    await store.close()
    assert [n + 1 for n in range(5)] == sorted(one.number for one in await asyncio.gather(*handed))
    with pytest.raises(StoreError, match="closed"):
        await store.ping()
    await store.close()


# -- full and read-only -------------------------------------------------------------------------


async def keep_until_full(store: Store, first: int) -> tuple[int, StoreFullError]:
    """Keep long ideas until the disk is full; how many were acknowledged, and the error."""
    for n in range(5_000):
        try:
            await keep(store, first + n, text="long words " * 300)
        except StoreFullError as error:
            return n, error
    raise AssertionError("the disk took everything")  # pragma: no cover


async def test_full_disk(tmp_path: Path) -> None:
    """On a full disk nothing is acknowledged that is not stored; with room all goes on."""
    with small_disk(tmp_path / "disk") as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * 900_000)
        store = open_store(f"sqlite:///{disk / 'ideas.db'}")
        try:
            acknowledged, error = await keep_until_full(store, 0)
            assert "disk" in str(error)
            assert "Nothing of this was stored" in str(error)
            more, _ = await keep_until_full(store, 5_000)
            acknowledged += more
            with pytest.raises(StoreError):
                await store.backup(disk / "copy.db")
            assert ["ballast", "ideas.db", "ideas.db-shm", "ideas.db-wal"] == sorted(
                file.name for file in disk.iterdir()
            )
            ballast.unlink()
            assert Captured(acknowledged + 1, acknowledged + 1) == await keep(store, 9_999)
            assert acknowledged + 1 == await store.count("T1", NONE, ALL)
            assert () == await store.check()
        finally:
            await store.close()


async def test_read_only_disk(tmp_path: Path) -> None:
    """A file that cannot be written is said so; reading works; once it can be, all goes on."""
    home = tmp_path / "home"
    url = f"sqlite:///{home / 'ideas.db'}"
    store = open_store(url)
    await keep(store)
    await store.close()
    with read_only(home, tmp_path / "seen") as seen:
        with pytest.raises(StoreFullError, match="cannot be opened or written"):
            open_store(f"sqlite:///{seen / 'ideas.db'}")
        with read_store(f"sqlite:///{seen / 'ideas.db'}") as reader:
            assert [1] == [row[0] for row in exported(reader, "T1", NONE, ALL)]
        running = Store(seen / "ideas.db")
        with pytest.raises(StoreFullError, match="goes on by itself"):
            await keep(running, 1)
    (tmp_path / "seen").rmdir()
    (tmp_path / "seen").symlink_to(home)
    try:
        assert Captured(2, 2) == await keep(running, 1)
    finally:
        await running.close()


async def test_read_only_disk_with_a_log(tmp_path: Path) -> None:
    """Where the log still holds what the file does not, a read-only copy is not half shown."""
    home = tmp_path / "home"
    store = open_store(f"sqlite:///{home / 'ideas.db'}")
    await keep(store)
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("ideas.db", "ideas.db-wal"):
        (copy / name).write_bytes((home / name).read_bytes())
    await store.close()
    with (
        read_only(copy, tmp_path / "seen") as seen,
        pytest.raises(StoreFullError, match="cannot be opened"),
        read_store(f"sqlite:///{seen / 'ideas.db'}"),
    ):
        pass  # pragma: no cover


async def test_opened_for_reading(store: Store, url: str) -> None:
    """A store opened for reading takes no writes, and needs no writer to be closed."""
    await keep(store)
    reader = open_store(url, read_only=True)
    reader.on_jobs(lambda: None)
    assert [1] == await found(reader)
    assert () == await reader.check()
    with pytest.raises(StoreFullError, match="for reading only"):
        await reader.ping()
    await reader.close()


async def test_file_taken_away(tmp_path: Path) -> None:
    """Without the file, reading and writing say so; neither makes an empty one."""
    gone = Store(tmp_path / "gone.db", patience=0.1)
    with pytest.raises(StoreFullError):
        await gone.ping()
    with pytest.raises(StoreFullError):
        await gone.member("T1", "U1")
    with pytest.raises(StoreFullError):
        list(exported(gone, "T1", NONE, ALL))
    with pytest.raises(StoreFullError):
        await gone.backup(tmp_path / "copy.db")
    await gone.close()
    assert [] == os.listdir(tmp_path)  # noqa: PTH208  (not in a loop's way)


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192:] = b"\x07" * (len(data) - 8192)
    path.write_bytes(data)


async def test_damaged_while_open(store: Store) -> None:
    """A damaged file is told from a busy or full one, by readers and in an export."""
    await keep(store, text="x" * 5000)
    await store.close()
    damage(store.path)
    broken = Store(store.path)
    with pytest.raises(SchemaError, match="damaged"):
        await found(broken)
    with pytest.raises(SchemaError, match="damaged"):
        list(exported(broken, "T1", NONE, ALL))
    with pytest.raises(SchemaError, match="damaged"):
        await keep(broken, 1)
    await broken.close()


async def test_mistakes_of_ours(store: Store) -> None:
    """A mistake in our own SQL is not dressed up as the operator's trouble."""
    with pytest.raises(sqlite3.OperationalError):
        store._readers.here(lambda con: con.execute("select * from nowhere"))
    with pytest.raises(sqlite3.OperationalError):
        await store._readers.read(lambda con: con.execute("selekt 1"))
    with pytest.raises(StoreFullError):
        await store._readers.read(lambda con: con.execute("delete from upkeep"))


async def test_reads_what_was_acknowledged(store: Store) -> None:
    """What was acknowledged is seen at once, by a look-up and by a list in another thread."""
    for n in range(8):
        await keep(store, n)
        assert None is not await store.idea("T1", n + 1, ALL)
        assert n + 1 == len(await found(store))
