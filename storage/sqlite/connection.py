"""Connections to an SQLite file, and what its errors mean for an operator."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from bot.core.errors import SchemaError, StoreBusyError, StoreError, StoreFullError
from storage.erased import hash_of
from storage.mentions import nameless, said

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_CANNOT_WRITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
_NOT_OURS = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


class Connection(sqlite3.Connection):
    """A connection that knows what its transaction did besides changing rows.

    What the attributes say stands at `storage.connection.Connection`.
    """

    queued = False
    erased = False

    def tables_with(self, column: str, /) -> list[str]:
        """The names of the tables that have *column*, in the reverse order of the alphabet."""
        rows = self.execute(
            """select t.name from pragma_table_list t join pragma_table_info(t.name) c
            where t.type = 'table' and c.name = :column order by t.name desc""",
            {"column": column},
        )
        return [name for (name,) in rows]

    def defer_foreign_keys(self) -> None:
        """Check whether rows point at rows when the transaction ends, and not before."""
        self.execute("pragma defer_foreign_keys = on")


def connect(path: Path, *, mode: str, patience: float, cache_kib: int) -> Connection:
    """Open a connection without implicit transactions.

    Args:
        path: the file.
        mode: `rwc`, `rw`, `ro` or `immutable`.
        patience: seconds to wait for another process's lock.
        cache_kib: memory for pages, in KiB.
    """
    flag = "immutable=1" if mode == "immutable" else f"mode={mode}"
    con = sqlite3.connect(
        f"file:{quote(str(path))}?{flag}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        factory=Connection,
    )
    con.row_factory = sqlite3.Row
    con.create_function("said", 4, said, deterministic=True)
    con.create_function("nameless", 2, nameless, deterministic=True)
    con.create_function("erased_hash", 3, hash_of, deterministic=True)
    try:
        con.execute("pragma foreign_keys = on")
        con.execute("pragma secure_delete = on")  # what is withdrawn leaves the file too
        con.execute(f"pragma cache_size = -{cache_kib}")
    except sqlite3.Error:
        con.close()
        raise
    return con


def is_unwritable(error: sqlite3.Error) -> bool:
    """Whether *error* says that the file, or its folder, cannot be opened or written."""
    return _code(error) in _CANNOT_WRITE


def translated(error: sqlite3.Error, path: Path) -> StoreError | None:
    """Return what an operator can do about *error*; None if the mistake is the program's own."""
    code = _code(error)
    if code in _BUSY:
        return StoreBusyError(
            f"Another process has held {path} for too long. Nothing of this was stored. "
            "Try again; if this goes on, look for a second program or a backup that holds the file."
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreFullError(
            f"The disk of {path} is full. Nothing of this was stored. "
            "Make room; the bot then goes on by itself."
        )
    if code in _CANNOT_WRITE:
        return StoreFullError(
            f"{path} cannot be opened or written ({error}). Nothing of this was stored. "
            "Check that the file and its folder belong to the bot's user, and that the disk is "
            "not read-only; the bot then goes on by itself."
        )
    if code in _NOT_OURS:
        return SchemaError(
            f"{path} is damaged or not a database ({error}). Nothing was changed. "
            "Restore a backup, or set DATABASE_URL to another file."
        )
    return None


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
