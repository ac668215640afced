"""The driver under real faults: locks, full and read-only disks, foreign files, killed programs."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database, Migrations

from bot.core.errors import (
    SchemaError,
    SettingsError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StorePlaceError,
)
from bot.core.model.ideas import Captured, Withdrawal
from storage import Store, look_at, migrate, migrations, open_store, read_store
from storage.connection import Connection
from storage.sqlite.connection import connect
from storage.sqlite.files import prepare, require
from storage.sqlite.upkeep import IndexVacuum
from tests.disks import read_only, small_disk
from tests.storage.making import ALL, NONE, T0, busy, found, keep, place, query

ROOT = Path(__file__).parents[2]


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


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python program beside this one."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


# -- handed over ------------------------------------------------------------------------------


async def test_what_is_handed_over_just_before_closing_is_stored(url: str) -> None:
    """Closing waits for what the loop has not even had a moment to hand over."""
    store = open_store(url)
    keeping = asyncio.ensure_future(keep(store))
    await asyncio.sleep(0)
    store.close_now()
    async with asyncio.timeout(5):
        assert Captured(1, 1) == await keeping
    with read_store(url) as again:
        assert 1 == again.count_rows("", NONE, ALL)


# -- locked -----------------------------------------------------------------------------------


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


# -- one failing piece ------------------------------------------------------------------------


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


# -- full and read-only -----------------------------------------------------------------------


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
            assert [1] == [row[0] for row in reader.export_rows("T1", NONE, ALL)]
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
        list(gone.export_rows("T1", NONE, ALL))
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
        list(broken.export_rows("T1", NONE, ALL))
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


# -- which files are opened -------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["", "sqlite://", "sqlite:///", "sqlite:////", "postgresql://h/db", "mysql://x", "ideas.db"],
)
def test_other_databases(url: str) -> None:
    """An address of another kind is refused with what is supported."""
    with pytest.raises(SettingsError, match="DATABASE_URL must read sqlite:///folder"):
        open_store(url)
    with pytest.raises(SettingsError):
        migrate(url)


def test_folder(tmp_path: Path) -> None:
    """A folder is not a file, for writing and for reading."""
    with pytest.raises(StoreFullError, match="is a folder"):
        open_store(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreFullError, match="is a folder"):
        open_store(f"sqlite:///{tmp_path}", read_only=True)


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """Where the folder cannot be made, the words name it."""
    (tmp_path / "file").write_text("here")
    with pytest.raises(StoreFullError, match="cannot be made"):
        open_store(f"sqlite:///{tmp_path}/file/ideas.db")


def test_foreign_file(tmp_path: Path) -> None:
    """Another program's database is refused and stays as it was."""
    path = tmp_path / "other.db"
    con = sqlite3.connect(path)
    con.execute("create table notes (id integer primary key)")
    con.commit()
    con.close()
    before = path.read_bytes()
    for read_only_ in (False, True):
        with pytest.raises(SchemaError, match="another program"):
            open_store(f"sqlite:///{path}", read_only=read_only_)
    assert before == path.read_bytes()


def test_foreign_file_with_migrations(tmp_path: Path) -> None:
    """A database that another program made by the same library is refused as well."""
    path = tmp_path / "other.db"
    theirs = Migrations("others")
    theirs(name="one")(lambda db: db.execute("create table t (x)"))
    database = Database(path)
    theirs.apply(database)
    database.close()
    with pytest.raises(SchemaError, match="another program"):
        open_store(f"sqlite:///{path}")


@pytest.mark.parametrize("content", [b"{}" * 1000, b"SQLite format 3\0" + b"junk" * 999])
def test_no_database(tmp_path: Path, content: bytes) -> None:
    """A file that is no database is refused and stays as it was."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(SchemaError, match="not a database"):
        open_store(f"sqlite:///{path}")
    with pytest.raises(SchemaError, match="not a database"):
        open_store(f"sqlite:///{path}", read_only=True)
    assert content == path.read_bytes()


async def test_newer(store: Store, url: str) -> None:
    """An older program refuses what a newer one has written, and names the remedy."""
    query(store, "select 1")
    con = sqlite3.connect(store.path)
    con.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) "
        "values ('commonplace', '9999_future', '2030')"
    )
    con.commit()
    con.close()
    for read_only_ in (False, True):
        with pytest.raises(SchemaError, match=r"newer version of Commonplace \(it has 9999_future"):
            open_store(url, read_only=read_only_)


async def test_older(store: Store, url: str) -> None:
    """A reader does not migrate: it says what must be run."""
    await store.close()
    con = sqlite3.connect(store.path)
    con.execute("delete from _sqlite_migrations where name <> '0001_tables'")
    con.commit()
    con.close()
    with pytest.raises(SchemaError, match="Run commonplace migrate first"):
        open_store(url, read_only=True)


def test_nothing_to_read(tmp_path: Path) -> None:
    """Reading from a file that is not there makes none, and says how to begin."""
    with pytest.raises(StoreError, match="There is no database at"):
        open_store(f"sqlite:///{tmp_path / 'ideas.db'}", read_only=True)
    assert [] == list(tmp_path.iterdir())


def test_migrate(tmp_path: Path) -> None:
    """Migrating makes folders and file, says what was done, and then has nothing to do."""
    url = f"sqlite:///{tmp_path / 'a b' / 'c%20d?#' / 'ideas.db'}"
    assert [file.stem for file in migrations.MIGRATIONS] == migrate(url)
    assert [] == migrate(url)
    assert [] == sorted((tmp_path / "a b" / "c%20d?#").glob("*.db-*"))
    with read_store(url) as reader:
        assert [] == list(reader.export_rows("", NONE, ALL))


def test_a_migration_that_fails(tmp_path: Path) -> None:
    """When a migration fails nothing of any is left, and the next start begins anew."""
    path = tmp_path / "ideas.db"
    bad = tmp_path / "9999_bad.sql"
    bad.write_text("create tabel x;")
    con = connect(path, mode="rwc", patience=1, cache_kib=1000)
    with pytest.raises(sqlite3.OperationalError):
        migrations.apply(con, (*migrations.MIGRATIONS, bad))
    assert [] == con.execute("select * from sqlite_master").fetchall()
    con.close()
    assert [file.stem for file in migrations.MIGRATIONS] == migrate(f"sqlite:///{path}")


async def test_a_migration_that_is_added_later(store: Store, tmp_path: Path) -> None:
    """A file with ideas in it gets what it lacks, once, and keeps what it holds."""
    await keep(store)
    await store.close()
    later = tmp_path / "0004_later.sql"
    later.write_text("alter table idea add column colour text;\nupdate idea set colour = 'blue';\n")
    with closing(connect(store.path, mode="rw", patience=1, cache_kib=1000)) as con:
        every = (*migrations.MIGRATIONS, later)
        assert ["0004_later"] == migrations.pending(con, every)
        assert ["0004_later"] == migrations.apply(con, every)
        assert [] == migrations.apply(con, every)
    assert [(1, "blue")] == query(store, "select number, colour from idea")
    with pytest.raises(SchemaError, match=r"newer version of Commonplace \(it has 0004_later"):
        open_store(f"sqlite:///{store.path}")


def test_a_migration_that_another_did_first(tmp_path: Path) -> None:
    """Who finds that another program has migrated meanwhile has nothing left to do."""
    path = tmp_path / "ideas.db"
    migrate(f"sqlite:///{path}")
    con = connect(path, mode="rw", patience=1, cache_kib=1000)
    assert [] == migrations.apply(con)
    con.close()


def test_old_sqlite() -> None:
    """Where Python's SQLite is too old, the start says so."""
    require((3, 38, 0))
    with pytest.raises(SettingsError, match=r"has SQLite 3\.31\.1; Commonplace needs 3\.38"):
        require((3, 31, 1))


# -- several programs -------------------------------------------------------------------------

MIGRATE = """
import sys
from storage import migrate
print("ready", flush=True)
sys.stdin.readline()
print(len(migrate(sys.argv[1])), flush=True)
"""


@pytest.mark.parametrize("existing", [False, True])
def test_four_programs_migrate_at_once(url: str, *, existing: bool) -> None:
    """Four programs that start at once on one file all succeed, and one of them migrates."""
    if existing:
        migrate(url)
    programs = [run(MIGRATE, url) for _ in range(4)]
    for program in programs:
        assert program.stdout is not None
        assert "ready\n" == program.stdout.readline()
    results = []
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in programs:
        out, err = program.communicate(timeout=60)
        assert "" == err
        results.append(int(out))
    assert [0, 0, 0, 0 if existing else len(migrations.MIGRATIONS)] == sorted(results)


WRITE = """
import asyncio, sys
from storage import open_store
from tests.storage.making import keep
async def main():
    store = open_store(sys.argv[1])
    n = int(sys.argv[2])
    for k in range(int(sys.argv[3])):
        got = await keep(store, 1000 * n + k, text=f"word{n} number{k}")
        print(got.number, flush=True)
    await store.close()
asyncio.run(main())
"""


def test_four_programs_write_at_once(url: str) -> None:
    """Four programs that write at once see no lock, and share one row of numbers."""
    migrate(url)
    programs = [run(WRITE, url, n, 40) for n in range(4)]
    numbers: list[int] = []
    for program in programs:
        out, err = program.communicate(timeout=60)
        assert "" == err
        numbers += map(int, out.split())
    assert list(range(1, 161)) == sorted(numbers)


CLAIM = """
import asyncio, sys
from datetime import timedelta
from bot.core.model.work import Claim, DeliveryKind
from storage import open_store
from tests.storage.making import T0
async def main():
    store = open_store(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    won = 0
    for week in range(30):
        got = await store.claim("T1", "C1", DeliveryKind.DIGEST, f"2026-W{week}", at=T0, now=T0,
                                lease=timedelta(minutes=5))
        won += isinstance(got, Claim)
    print(won, flush=True)
    await store.close()
asyncio.run(main())
"""


def test_programs_claim_at_once(url: str) -> None:
    """Three programs that claim the same weeks at once get each week once."""
    migrate(url)
    programs = [run(CLAIM, url) for _ in range(3)]
    for program in programs:
        assert program.stdout is not None
        assert "ready\n" == program.stdout.readline()
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    won = []
    for program in programs:
        out, err = program.communicate(timeout=60)
        assert "" == err
        won.append(int(out))
    assert 30 == sum(won)


async def test_killed(url: str) -> None:
    """A program killed without warning has lost nothing that it acknowledged."""
    for round_ in range(3):
        program = run(WRITE, url, round_, 100_000)
        assert program.stdout is not None
        last = 0
        for _ in range(60):
            last = int(program.stdout.readline())
        program.kill()
        rest = program.stdout.read()
        program.communicate(timeout=30)
        told = [last, *map(int, rest.split("\n")[:-1])][-1]
        store = open_store(url)
        try:
            assert told <= await store.count("T1", NONE, ALL) <= told + 1
            assert () == await store.check()
        finally:
            await store.close()


# -- upkeep -----------------------------------------------------------------------------------


async def test_backup_while_others_write(store: Store, tmp_path: Path) -> None:
    """A copy made while others write is whole, and opens like any other database."""
    await asyncio.gather(*[keep(store, n) for n in range(300)])
    copy = tmp_path / "safe" / "copy.db"
    backup = asyncio.ensure_future(store.backup(copy))
    written = 300
    while not backup.done():
        await keep(store, written)
        written += 1
    await backup
    assert ["copy.db"] == [file.name for file in copy.parent.iterdir()]
    restored = open_store(f"sqlite:///{copy}")
    try:
        assert 300 <= await restored.count("T1", NONE, ALL) <= written
        assert () == await restored.check()
        await keep(restored, 99_999)
    finally:
        await restored.close()


async def test_backup_that_exists(store: Store, tmp_path: Path) -> None:
    """A backup never overwrites a file, not even one that appears meanwhile."""
    await keep(store)
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        await store.backup(copy)
    assert "mine" == copy.read_text()
    dangling = tmp_path / "dangling.db"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="exists already"):
        await store.backup(dangling)
    assert not (tmp_path / "nowhere").exists()


async def test_backup_to_nowhere(store: Store, tmp_path: Path) -> None:
    """A place that cannot be written is said, and nothing is left of the attempt."""
    (tmp_path / "file").write_text("here")
    with pytest.raises(StoreFullError, match="cannot be written"):
        await store.backup(tmp_path / "file" / "copy.db")


async def test_wiped(store: Store) -> None:
    """A wiped store is as new: numbers begin at 1 and nothing is found."""
    await keep(store, tags=("a",))
    await store.wipe()
    assert [] == await found(store)
    assert [] == await store.workspaces()
    assert None is await store.next_due()
    assert Captured(1, 1) == await keep(store)
    assert () == await store.check()


async def test_scrubbed_rarely(store: Store) -> None:
    """Between two scrubs of a large index there is rest, except when the store closes."""
    for n in range(50):
        await keep(store, n, text=" ".join(f"w{n}x{k}" for k in range(200)))
    scrub = IndexVacuum(pages=1, few=0)

    def until_clean(*, hurry: bool = False) -> float | None:
        con = sqlite3.connect(store.path, isolation_level=None)
        try:
            again: float | None = 0.0
            while again == 0.0:
                again = scrub(con, hurry)
            return again
        finally:
            con.close()

    assert None is until_clean()
    con = sqlite3.connect(store.path, isolation_level=None)
    con.execute("update upkeep set scrub = scrub + 1")
    assert None is until_clean()
    con.execute("update upkeep set scrub = scrub + 1")
    scrub._not_before = time.monotonic() + 50
    assert 40 < (until_clean() or 0)
    assert None is until_clean(hurry=True)
    assert [(0,)] == con.execute("select scrub from upkeep").fetchall()
    con.close()
    await store.withdraw(place(0), Withdrawal.DELETED, now=T0)


async def test_a_log_that_is_read_is_tried_more_and_more_rarely(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, tried again after two seconds, then four, and then it is clean."""
    await keep(store)
    await store.close()
    scrub = IndexVacuum()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("update upkeep set scrub = 1, stale = 0")

        def until_it_rests() -> float | None:
            while (again := scrub(con, hurry=False)) == 0.0:
                pass
            return again

        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("begin")
            other.execute("select * from upkeep").fetchall()
            con.execute("update upkeep set write_probe = write_probe + 1")
            assert (2.0, 4.0) == (until_it_rests(), until_it_rests())
        assert None is until_it_rests()
        assert [(0,)] == con.execute("select scrub from upkeep").fetchall()
    assert 1 == caplog.text.count("another program is reading it")


def test_what_lies_where_the_database_should_be(tmp_path: Path) -> None:
    """None, an older one, one that is ready, and a place for none; nothing is made or changed."""
    path = tmp_path / "data" / "ideas.db"
    url = f"sqlite:///{path}"
    found = look_at(url)
    assert (False, True) == (found.ready, str(path) in found.words)
    assert [] == list(tmp_path.iterdir())
    migrate(url)
    assert look_at(url).ready
    with closing(sqlite3.connect(path)) as con:
        con.execute("delete from _sqlite_migrations where name <> '0001_tables'")
        con.commit()
    assert "is older than this program" in look_at(url).words
    with pytest.raises(StorePlaceError, match="is a folder"):
        look_at(f"sqlite:///{tmp_path}")
    with pytest.raises(StorePlaceError, match="none can be made"):
        look_at(f"sqlite:///{path}/sub/ideas.db")


def test_a_folder_on_a_full_disk_is_no_wrong_place(tmp_path: Path) -> None:
    """Where there is no room for a folder, waiting may help; where there can be none, it cannot."""
    with small_disk(tmp_path / "disk") as disk:
        with pytest.raises(OSError, match="No space"):
            disk.joinpath("ballast").write_bytes(b"x" * 3_000_000)
        with pytest.raises(StoreFullError, match="is full") as caught:
            migrate(f"sqlite:///{disk}/data/ideas.db")
        assert not isinstance(caught.value, StorePlaceError)


async def test_reads_what_was_acknowledged(store: Store) -> None:
    """What was acknowledged is seen at once, by a look-up and by a list in another thread."""
    for n in range(8):
        await keep(store, n)
        assert None is not await store.idea("T1", n + 1, ALL)
        assert n + 1 == len(await found(store))
