"""Which file to open: its address, its making, its privacy, and what lies there already."""

import errno
import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import SchemaError, SettingsError, StoreError, StoreFullError, StorePlaceError
from storage import migrations
from storage.connection import Connection
from storage.erased import Erasure
from storage.sqlite import beside
from storage.sqlite.connection import connect, is_unwritable, translated


def path_of(url: str) -> str:
    """The file that `sqlite:///relative` or `sqlite:////absolute` names; else `SettingsError`."""
    prefix = "sqlite:///"
    scheme = url.partition(":")[0] or "nothing"
    if not url.startswith(prefix) or not url[len(prefix) :].strip("/"):
        raise SettingsError(
            f"DATABASE_URL must read sqlite:///folder/file.db or sqlite:////absolute/file.db; "
            f"{scheme} is not supported."
        )
    return url[len(prefix) :]


def require(version: tuple[int, ...]) -> None:
    """Refuse an SQLite that lacks what the schema and the queries use.

    Raises:
        SettingsError: it does, with the remedy.
    """
    if version < (3, 38):
        raise SettingsError(
            f"This Python has SQLite {'.'.join(map(str, version))}; Commonplace needs 3.38 or "
            "newer. Install a newer Python, then make .venv anew with it."
        )
    with closing(sqlite3.connect(":memory:")) as con:
        try:
            con.execute("create virtual table words using fts5 (text)")
        except sqlite3.Error as error:
            raise SettingsError(
                f"This Python's SQLite cannot search texts ({error}): it was built without FTS5. "
                "Take another Python, such as your system's, and make .venv anew with it: "
                "rm -r .venv && make install PYTHON=/usr/bin/python3"
            ) from None


def prepare(path: Path, *, patience: float = 30.0) -> list[str]:
    """Make the file if need be and bring it to this version's schema; returns what was applied."""
    require(sqlite3.sqlite_version_info)
    try:
        _make_folder(path.parent)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFullError(
                f"The disk of {path.parent} is full, so that folder cannot be made. "
                "Make room; the bot then goes on by itself."
            ) from error
        raise StorePlaceError(
            f"The folder {path.parent} cannot be made ({error.strerror}). "
            "Make it, give it to the bot's user, or set DATABASE_URL to another place."
        ) from error
    _refuse_folder(path)
    try:
        _keep_private(path)
        con = connect(path, mode="rw", patience=patience, cache_kib=16384)
        try:
            names = migrations.apply(con) if migrations.pending(con) else []
            _use_wal(con, patience)  # a restored backup does not
            beside.reconcile(con, path)
        finally:
            con.close()
    except SchemaError as error:
        raise SchemaError(f"{path} {error}") from error
    except OSError as error:
        raise _not_kept_apart(path, error) from error
    except sqlite3.Error as error:
        raise translated(error, path) or error from error
    return names


def keep_apart(path: Path, erasures: Sequence[Erasure]) -> None:
    """Note erasures beside the database, where a restored copy does not undo it.

    Raises:
        StoreFullError: they cannot be noted.
    """
    try:
        beside.add(path, erasures)
    except OSError as error:
        raise _not_kept_apart(path, error) from error


def keep_none_apart(path: Path) -> None:
    """Forget who was erased from a database of samples."""
    beside.place_of(path).unlink(missing_ok=True)


def _not_kept_apart(path: Path, error: OSError) -> StoreFullError:
    return StoreFullError(
        f"{beside.place_of(path)} cannot be read or written ({error.strerror}): it says who was "
        "erased, so nothing goes on without it. Give it to the bot's user, and make room."
    )


def _use_wal(con: Connection, patience: float) -> None:
    """Keep a log beside the file. SQLite itself does not wait here for who reads it meanwhile."""
    ends = time.monotonic() + patience
    while True:
        try:
            (mode,) = con.execute("pragma journal_mode = wal").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            mode = ""
        if mode == "wal" or time.monotonic() > ends:  # some places can have none
            return
        time.sleep(0.02)


def _make_folder(folder: Path) -> None:
    """Make it, and what is above it, so that nobody but its owner can look into it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)  # whatever the umask


def _keep_private(path: Path) -> None:
    """Make the file if need be, and let nobody but its owner read it or what lies beside it.

    SQLite gives the files beside it the same mode. What is somebody else's stays as it is: doctor
    says so.
    """
    with suppress(OSError):  # SQLite will say what is wrong
        path.touch(0o600)
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        with suppress(OSError):
            if file.stat().st_mode & 0o177:
                file.chmod(0o600)


@dataclass(frozen=True, slots=True)
class Found:
    """What lies where the database should be: *ready*, or in words why it cannot be used yet."""

    path: Path
    words: str = ""

    @property
    def ready(self) -> bool:
        """Whether it can be opened as it is."""
        return not self.words


def look_at(path: Path) -> Found:
    """What lies at *path*. Nothing is made or changed; raises as `prepare` does."""
    require(sqlite3.sqlite_version_info)
    _refuse_folder(path)
    if path.exists():
        try:
            reading_mode(path)
        except SchemaError:
            reading_mode(path, older=True)
            return Found(
                path,
                f"{path} is older than this program. Run commonplace migrate, or start the bot.",
            )
        return Found(path)
    above = next(folder for folder in path.absolute().parents if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise StorePlaceError(
            f"There is no database at {path.absolute()}, and none can be made in {above}. "
            "Give that folder to the bot's user, or set DATABASE_URL to another place."
        )
    return Found(
        path,
        f"there is none at {path.absolute()} yet: commonplace run makes it. If there should be "
        "one, go to the folder that it is in, or set DATABASE_URL",
    )


def require_file(path: Path) -> None:
    """Raise `StoreError` where there is no database."""
    _refuse_folder(path)
    if not path.exists():
        raise StoreError(
            f"There is no database at {path} yet. Start the bot once (commonplace run), "
            "make an empty one (commonplace migrate), or set DATABASE_URL to where it is."
        )


def reading_mode(path: Path, *, older: bool = False) -> str:
    """How to open *path* for reading only; errors say what is missing.

    Args:
        older: one that is not yet migrated will do.
    """
    require_file(path)
    try:
        try:
            _require_readable(path, "ro", older=older)
        except sqlite3.OperationalError as error:
            # A WAL database can be read only where its helper files can be made, or where nobody
            # writes and nothing waits in them.
            log = path.with_name(path.name + "-wal")
            if not is_unwritable(error) or (log.exists() and log.stat().st_size):
                raise
            _require_readable(path, "immutable", older=older)
            return "immutable"
    except SchemaError as error:
        raise SchemaError(f"{path} {error}") from error
    except sqlite3.Error as error:
        raise translated(error, path) or error from error
    return "ro"


def _require_readable(path: Path, mode: str, *, older: bool) -> None:
    con = connect(path, mode=mode, patience=2.5, cache_kib=2048)
    try:
        lacking = migrations.pending(con)
        forgotten = beside.lacking(con, path)
    except OSError as error:
        raise _not_kept_apart(path, error) from error
    finally:
        con.close()
    if forgotten:
        raise SchemaError(
            "is a copy from before somebody was erased. Run commonplace migrate first, which "
            "erases them here too."
        )
    if lacking and not older:
        raise SchemaError("is older than this program. Run commonplace migrate first.")


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise StorePlaceError(
            f"{path} is a folder. Set DATABASE_URL to a file, such as sqlite:///{path}/ideas.db."
        )
