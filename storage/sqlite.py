"""The SQLite driver: one writer thread that commits in groups, readers beside it, plain errors.

A piece of work is an item and a function that works items in. The writer takes whatever waits,
those of one function together, and runs it in one transaction, in which one that fails harms no
other; only then does it tell anyone that it is done: what was answered is on disk. Readers have
connections of their own, which cannot write.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar
from urllib.parse import quote

from bot.core.errors import (
    SchemaError,
    SettingsError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StorePlaceError,
)
from storage import schema

Item = TypeVar("Item")
Result = TypeVar("Result")

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_CANNOT_WRITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
_NOT_OURS = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_GROUP = 400
"""So many pieces of work share a commit, and those that came with the last of them."""
_ENOUGH = 24
"""So many pieces are handed over although more are coming: the writer can be at work on them."""


class Connection(sqlite3.Connection):
    """A connection that knows whether jobs were queued on it since the last commit."""

    queued = False
    erased = False


def translated(error: sqlite3.Error, path: Path) -> StoreError | None:
    """What an operator can do about *error*; None if it is our own mistake."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
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


def connect(path: Path, *, mode: str, patience: float, cache_kib: int) -> Connection:
    """A connection without implicit transactions. *mode*: `rwc`, `rw`, `ro` or `immutable`."""
    flag = "immutable=1" if mode == "immutable" else f"mode={mode}"
    con = sqlite3.connect(
        f"file:{quote(str(path))}?{flag}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        factory=Connection,
    )
    try:
        con.execute("pragma foreign_keys = on")
        con.execute("pragma secure_delete = on")  # what is withdrawn leaves the file too
        con.execute(f"pragma cache_size = -{cache_kib}")
    except sqlite3.Error:
        con.close()
        raise
    return con


def each(con: Connection, works: Sequence[Callable[[Connection], Result]]) -> list[Result]:
    """Work that has nothing to gain from being done together."""
    return [work(con) for work in works]


@dataclass(slots=True)
class _Piece:
    """A piece of work that waits for the writer, and whom to tell."""

    work: Callable[[Connection, Sequence[Any]], Sequence[Any]]
    item: Any
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    since: float = field(default_factory=time.monotonic)


def _together(
    con: Connection, work: Callable[..., Sequence[Any]], pieces: Sequence[_Piece]
) -> Iterator[tuple[_Piece, Any]]:
    return zip(pieces, work(con, [piece.item for piece in pieces]), strict=True)


_Settled = tuple["_Piece", Any, BaseException | None]


def _settle(settled: Sequence[_Settled], wake: Callable[[], None] | None) -> None:
    for piece, value, error in settled:
        if piece.future.done():  # whoever asked has gone
            continue
        if error is None:
            piece.future.set_result(value)
        else:
            piece.future.set_exception(error)
    if wake is not None:
        wake()


class Writer:
    """The one thread that writes.

    Args:
        path: the database.
        patience: seconds a piece of work waits for another process's lock, at most.
        idle: called when nothing waits, with a connection and whether the store is closing; does a
            little upkeep and says after how many seconds it would like to be called again (None:
            not before the next erasure).
    """

    def __init__(
        self, path: Path, *, patience: float, idle: Callable[[Connection, bool], float | None]
    ) -> None:
        self._path = path
        self._patience = patience
        self._idle = idle
        self._idle_at: float | None = 0.0
        self._queue: SimpleQueue[list[_Piece] | None] = SimpleQueue()
        self._gathered: dict[asyncio.AbstractEventLoop, list[_Piece]] = {}
        self._con: Connection | None = None
        self._closed = False
        self._lock = threading.Lock()
        self.wake: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(
        self, work: Callable[[Connection, Sequence[Item]], Sequence[Result]], item: Item
    ) -> asyncio.Future[Result]:
        """Have *item* worked in; the future is done once it is on disk, or nothing of it is.

        *work* is given all items that wait for it in a row, and returns a result for each. It
        changes nothing but the database: it may be undone and run a second time.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        with self._lock:  # nothing gets in behind the last piece
            if self._closed:
                raise StoreError("The database is closed; nothing of this was stored.")
            gathered = self._gathered.setdefault(loop, [])
            gathered.append(_Piece(work, item, future, loop))
            if len(gathered) == 1:
                loop.call_soon(self._hand_over, loop, 0)
        return future

    def _hand_over(self, loop: asyncio.AbstractEventLoop, seen: int) -> None:
        """Hand over what *loop* has gathered, unless more came since *seen* were there.

        While the loop is at other pieces, it and the writer would only wait for each other's turn.
        """
        with self._lock:
            gathered = self._gathered.get(loop)
            if gathered is None:  # closing has handed it over
                return
            if seen < len(gathered) < _ENOUGH:
                loop.call_soon(self._hand_over, loop, len(gathered))
            else:
                self._queue.put(self._gathered.pop(loop))

    def close(self) -> None:
        """Do what waits, then close. Blocks."""
        with self._lock:
            if not self._closed:
                self._closed = True
                for gathered in self._gathered.values():
                    self._queue.put(gathered)
                self._gathered.clear()
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            batch: list[_Piece] = []
            try:
                pieces = self._queue.get(timeout=self._until_idle())
                while pieces is not None:
                    batch += pieces
                    if len(batch) >= _GROUP:
                        break
                    pieces = self._queue.get_nowait()
                open_ = pieces is not None
            except Empty:
                if not batch:
                    self._rest()
                    continue
            if batch:
                self._commit(batch)
        self._rest(last=True)
        if self._con is not None:
            self._con.close()

    def _until_idle(self) -> float | None:
        if self._idle_at is None:
            return None
        return max(0.0, self._idle_at - time.monotonic())

    def _rest(self, *, last: bool = False) -> None:
        if self._idle_at is None:
            return
        ends = time.monotonic() + 2.0
        again: float | None = 0.0
        try:
            con = self._connection()
            again = self._idle(con, last)
            while last and again == 0.0 and time.monotonic() < ends:
                again = self._idle(con, last)
        except sqlite3.Error:  # upkeep can wait; whoever writes next hears of it
            self._drop()
            again = 60.0
        self._idle_at = None if again is None else time.monotonic() + again

    def _connection(self) -> Connection:
        if self._con is None:
            con = connect(self._path, mode="rw", patience=self._patience, cache_kib=65536)
            con.execute("pragma synchronous = full")
            con.execute("pragma temp_store = memory")  # pages kept for a rollback: no file of them
            con.execute("pragma wal_autocheckpoint = 10000")
            con.execute("pragma journal_size_limit = 67108864")
            self._con = con
        return self._con

    def _drop(self) -> None:
        """Undo what is open and start with a new connection next time."""
        if self._con is not None:
            with suppress(sqlite3.Error):
                self._con.rollback()
            self._con.close()
            self._con = None

    def _commit(self, batch: list[_Piece]) -> None:
        settled: list[_Settled] = []
        queued = False
        try:
            con = self._connection()
            con.queued = con.erased = False
            self._begin(con, batch[0].since)
            settled = self._do(con, batch)
            con.execute("commit")
            queued = con.queued
            if con.erased and self._idle_at is None:
                self._idle_at = 0.0
        except (sqlite3.Error, MemoryError) as error:
            self._recover(error)
            settled = [(piece, None, self._words_for(error)) for piece in batch]
        loops = {piece.loop for piece in batch}
        for loop in loops:
            mine = [one for one in settled if one[0].loop is loop]
            with suppress(RuntimeError):  # that loop has ended; nobody is left to be told
                loop.call_soon_threadsafe(_settle, mine, self.wake if queued else None)

    def _recover(self, error: Exception) -> None:
        """Undo what is open; after anything but a lock of others, begin with a new connection."""
        known = self._words_for(error)
        if isinstance(known, StoreBusyError) and self._con is not None:
            self._con.rollback()
        else:
            self._drop()

    def _words_for(self, error: Exception) -> Exception:
        known = translated(error, self._path) if isinstance(error, sqlite3.Error) else None
        return known or error

    def _begin(self, con: Connection, since: float) -> None:
        waited = time.monotonic() - since
        short = waited > 0.05  # it has waited behind others: the whole wait stays bounded
        if short:
            left = max(0.05, self._patience - waited)
            con.execute(f"pragma busy_timeout = {int(left * 1000)}")
        try:
            con.execute("begin immediate")
        finally:
            if short:
                con.execute(f"pragma busy_timeout = {int(self._patience * 1000)}")

    def _do(self, con: Connection, batch: list[_Piece]) -> list[_Settled]:
        """Run the pieces. Where one fails, all are undone and run again, each by itself.

        Savepoints are kept for that case: each makes the search index write what it has so far.
        """
        try:
            return [
                (piece, value, None)
                for work, pieces in groupby(batch, key=attrgetter("work"))
                for piece, value in _together(con, work, list(pieces))
            ]
        except Exception as error:
            if self._spoils(con, error):
                raise
        con.execute("rollback")
        con.execute("begin immediate")
        return [self._do_alone(con, piece) for piece in batch]

    def _do_alone(self, con: Connection, piece: _Piece) -> _Settled:
        con.execute("savepoint piece")
        try:
            ((_, value),) = _together(con, piece.work, [piece])
        except Exception as error:
            if self._spoils(con, error):
                raise
            con.execute("rollback to piece")
            con.execute("release piece")
            return piece, None, error
        con.execute("release piece")
        return piece, value, None

    def _spoils(self, con: Connection, error: Exception) -> bool:
        """Whether *error* is not one piece's fault: then nothing of the group can be stored."""
        return isinstance(error, sqlite3.Error) and (
            translated(error, self._path) is not None or not con.in_transaction
        )


class Readers:
    """Connections that only read: one for each thread that asks, and threads for longer work."""

    def __init__(self, path: Path, *, mode: str, patience: float) -> None:
        self._path = path
        self._mode = mode
        self._patience = patience
        self._local = threading.local()
        self._open: list[Connection] = []
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="store-reader")

    def connection(self, cache_kib: int = 16384) -> Connection:
        """A new connection that cannot write; the caller closes it."""
        try:
            con = connect(self._path, mode=self._mode, patience=self._patience, cache_kib=cache_kib)
        except sqlite3.Error as error:
            raise translated(error, self._path) or error from error
        con.execute("pragma query_only = on")
        return con

    def here(self, work: Callable[[Connection], Result]) -> Result:
        """Run *work* in this thread, in one snapshot. For what takes microseconds."""
        try:
            con: Connection | None = getattr(self._local, "con", None)
            if con is None:
                con = self._local.con = self.connection()
                with self._lock:
                    self._open.append(con)
            con.execute("begin")
            try:
                return work(con)
            finally:
                con.rollback()
        except sqlite3.Error as error:
            raise translated(error, self._path) or error from error

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run *work* in a reader's thread, in one snapshot."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self.here, work)

    def close(self) -> None:
        """Wait for readers at work, then close their connections. Blocks."""
        self._pool.shutdown()
        for con in self._open:
            con.close()
        self._open.clear()


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
        SettingsError: it does; with the remedy.
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
            names = schema.apply(con) if schema.pending(con) else []
            con.execute("pragma journal_mode = wal")  # a restored backup is not
        finally:
            con.close()
    except SchemaError as error:
        raise SchemaError(f"{path} {error}") from error
    except sqlite3.Error as error:
        raise translated(error, path) or error from error
    return names


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


def reading_mode(path: Path, *, older: bool = False) -> str:
    """How to open *path* for reading only; errors say what is missing.

    Args:
        older: one that is not yet migrated will do.
    """
    _refuse_folder(path)
    if not path.exists():
        raise StoreError(
            f"There is no database at {path} yet. Start the bot once (commonplace run), "
            "or set DATABASE_URL to where it is."
        )
    try:
        try:
            _require_readable(path, "ro", older=older)
        except sqlite3.OperationalError as error:
            # A WAL database can be read only where its helper files can be made, or where nobody
            # writes and nothing waits in them.
            log = path.with_name(path.name + "-wal")
            unwritable = error.sqlite_errorcode & 0xFF in _CANNOT_WRITE
            if not unwritable or (log.exists() and log.stat().st_size):
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
        lacking = schema.pending(con)
    finally:
        con.close()
    if lacking and not older:
        raise SchemaError("is older than this program. Run commonplace migrate first.")


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise StorePlaceError(
            f"{path} is a folder. Set DATABASE_URL to a file, such as sqlite:///{path}/ideas.db."
        )
