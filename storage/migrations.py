"""Migrations: how a file is made, and how one of an earlier version is brought up to date.

Each is a file of SQL in `storage/schema/`, in the order of the names. One that has been released is
never edited: a later one changes what it made.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import SchemaError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from sqlite_utils import Database

SET = "commonplace"
"""Our name in sqlite-utils' table of migrations; it also tells our files from foreign ones."""

MIGRATIONS: Sequence[Path] = tuple(sorted(Path(__file__).with_name("schema").glob("*.sql")))
"""Oldest first; a file's name without its ending is the migration's."""


def _script(file: Path) -> Callable[[Database], None]:
    """A migration that runs *file* inside the transaction it finds (`executescript` would not)."""
    import sqlite3 as sqlite  # noqa: PLC0415  (only needed when something is pending)

    def apply(db: Database) -> None:
        statement = ""
        for line in file.read_text("utf-8").splitlines(keepends=True):
            statement += line
            if sqlite.complete_statement(statement):
                db.conn.execute(statement)
                statement = ""

    return apply


def applied(con: sqlite3.Connection) -> frozenset[str] | None:
    """Return the names of our migrations in the file; None if the file is new.

    Raises:
        SchemaError: the file is another program's.
    """
    tables = {name for (name,) in con.execute("select name from sqlite_master")}
    if not tables:
        return None
    names: frozenset[str] = frozenset()
    if "_sqlite_migrations" in tables:
        names = frozenset(
            name
            for (name,) in con.execute(
                "select name from _sqlite_migrations where migration_set = ?", (SET,)
            )
        )
    if not names:
        raise SchemaError(
            "is a database of another program. Nothing was changed. "
            "Set DATABASE_URL to a file of its own."
        )
    return names


def pending(con: sqlite3.Connection, migrations: Sequence[Path] = MIGRATIONS) -> list[str]:
    """Return the names of the migrations that the file lacks, oldest first.

    Raises:
        SchemaError: the file is another program's, or was written by a newer version.
    """
    done = applied(con) or frozenset()
    names = [file.stem for file in migrations]
    if newer := done.difference(names):
        raise SchemaError(
            f"was written by a newer version of Commonplace (it has {', '.join(sorted(newer))}). "
            "Nothing was changed. Start the newer version, or restore a backup made before it."
        )
    return [name for name in names if name not in done]


def apply(con: sqlite3.Connection, migrations: Sequence[Path] = MIGRATIONS) -> list[str]:
    """Bring the file up to date, all or nothing; safe in any number of processes at once.

    Returns:
        The names of the migrations applied by this call.
    """
    con.execute("begin immediate")
    try:
        names = pending(con, migrations)
        if names:
            from sqlite_utils import Database, Migrations  # noqa: PLC0415  (40 ms, rarely needed)

            ours = Migrations(SET)
            for file in migrations:
                ours(name=file.stem)(_script(file))
            ours.apply(Database(con, execute_plugins=False))
        con.execute("commit")
    except BaseException:
        if con.in_transaction:
            con.execute("rollback")
        raise
    return names
