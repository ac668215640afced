"""Which files are opened, how they are made and migrated, and what is refused."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.core.errors import SchemaError, SettingsError, StoreError, StoreFullError, StorePlaceError
from storage import Store, look_at, migrate, migrations, open_store, read_store
from storage.sqlite.connection import connect
from storage.sqlite.files import require
from tests.disks import small_disk
from tests.exported import exported
from tests.storage.making import ALL, NONE, keep, query


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
        assert [] == list(exported(reader, "", NONE, ALL))


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


def test_what_hangs_on_a_delivery_outlives_its_new_table(tmp_path: Path) -> None:
    """A digest that was sent by an earlier version keeps its ideas and what it said beside."""
    every = migrations.MIGRATIONS
    at = next(n for n, file in enumerate(every) if file.stem == "0017_subscriptions")
    with closing(connect(tmp_path / "ideas.db", mode="rwc", patience=1, cache_kib=1000)) as con:
        migrations.apply(con, every[:at])
        con.execute("insert into workspace (id) values ('T1')")
        con.execute("insert into channel (workspace, id, first_seen) values ('T1', 'C1', '')")
        con.execute(
            """insert into idea (workspace, number, channel, posted_at, moment, text, reads_as,
              source, kept_at) values ('T1', 1, 'C1', '', 1, '', 'idea', 'post', '')"""
        )
        key = "'T1', 'C1', 'digest', '2026-W48'"
        con.execute(
            f"""insert into delivery (workspace, channel, kind, subject, at, ts)
            values ({key}, '', '1.5')"""
        )
        con.execute(f"insert into delivery_idea values ({key}, 0, 0, 1)")
        con.execute(f"insert into delivery_extra values ({key}, 0, 0, 'question', '1')")
        con.commit()
        assert "0017_subscriptions" in migrations.apply(con, every)
        assert [("1.5",)] == [tuple(row) for row in con.execute("select ts from delivery")]
        for table in ("delivery_idea", "delivery_extra"):
            assert 1 == con.execute(f"select count(*) from {table}").fetchone()[0]
        assert [] == con.execute("pragma foreign_key_check").fetchall()


def test_whose_an_idea_is_that_an_earlier_version_gave_away(tmp_path: Path) -> None:
    """Each note says to whom, as far as that is known: of what was withdrawn since it is nobody."""
    every = migrations.MIGRATIONS
    at = next(n for n, file in enumerate(every) if file.stem == "0024_given")
    with closing(connect(tmp_path / "ideas.db", mode="rwc", patience=1, cache_kib=1000)) as con:
        migrations.apply(con, every[:at])
        con.execute("insert into workspace (id) values ('T1')")
        con.execute("insert into channel (workspace, id, first_seen) values ('T1', 'C1', '')")
        con.execute("insert into member (workspace, id) values ('T1', 'U3')")
        for number, author in ((1, "'U3'"), (2, "null")):
            con.execute(
                f"""insert into idea (workspace, number, channel, posted_at, moment, text,
                  reads_as, source, kept_at, author_id)
                values ('T1', {number}, 'C1', '', {number}, '', 'idea', 'post', '', {author})"""
            )
            for what, before in (("moved", "U1"), ("hidden", ""), ("moved", "U2")):
                con.execute(
                    f"""insert into care (workspace, channel, idea_id, who, at, what, member_id)
                    values ('T1', 'C1', {number}, 'U9', '', '{what}', '{before}')"""
                )
        con.commit()
        migrations.apply(con, every)
        said = con.execute("select given_to from care order by id")
        assert ["U2", "", "U3", "U2", "", ""] == [given_to for (given_to,) in said]


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
