"""The one thread that writes, and commits in groups.

The writer takes whatever waits and runs it in one transaction, in which a piece that fails harms
no other; only after the commit does it tell anyone: what was answered is on disk.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from bot.core.errors import StoreBusyError, StoreError
from storage.sqlite.connection import Connection, connect, translated

R = TypeVar("R")
T = TypeVar("T")

GROUP = 400
"""The most pieces of work that share a commit."""

ENOUGH = 24
"""So many pieces are handed over although more are coming: the writer can be at work on them."""


@dataclass(slots=True)
class _Piece:
    """A piece of work that waits for the writer, and whom to tell."""

    work: Callable[[Connection, Sequence[Any]], Sequence[Any]]
    item: Any
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    since: float = field(default_factory=time.monotonic)


_Result = tuple[_Piece, Any, BaseException | None]


def _tell(results: Sequence[_Result], wake: Callable[[], None] | None) -> None:
    for piece, value, error in results:
        if piece.future.done():  # whoever asked has gone
            continue
        if error is None:
            piece.future.set_result(value)
        else:
            piece.future.set_exception(error)
    if wake is not None:
        wake()


def _together(
    con: Connection, work: Callable[..., Sequence[Any]], pieces: Sequence[_Piece]
) -> Iterator[tuple[_Piece, Any]]:
    return zip(pieces, work(con, [piece.item for piece in pieces]), strict=True)


class Writer:
    """The one thread that writes.

    Args:
        path: the database.
        patience: seconds that a piece of work waits for another process's lock, at most.
        idle: called when nothing waits, with a connection and whether the store is closing; does a
            little upkeep and returns after how many seconds to call it again (None: not before
            the next erasure).

    Attributes:
        wake: called in the event loop after each commit that queued jobs.
    """

    def __init__(
        self, path: Path, *, patience: float, idle: Callable[[Connection, bool], float | None]
    ) -> None:
        self.wake: Callable[[], None] | None = None
        self._path = path
        self._patience = patience
        self._idle = idle
        self._idle_at: float | None = 0.0
        self._queue: SimpleQueue[list[_Piece] | None] = SimpleQueue()
        self._waiting: dict[asyncio.AbstractEventLoop, list[_Piece]] = {}
        self._con: Connection | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(
        self, work: Callable[[Connection, Sequence[T]], Sequence[R]], item: T
    ) -> asyncio.Future[R]:
        """Have *item* worked in; the future is done once it is on disk, or nothing of it is.

        *work* takes all its items that wait in a row, and returns a result for each. It may
        be undone and run a second time: what it does outside the database bears that.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        with self._lock:  # nothing gets in behind the last piece
            if self._closed:
                raise StoreError("The database is closed; nothing of this was stored.")
            waiting = self._waiting.setdefault(loop, [])
            waiting.append(_Piece(work, item, future, loop))
            if len(waiting) == 1:
                loop.call_soon(self._hand_over, loop, 0)
        return future

    def _hand_over(self, loop: asyncio.AbstractEventLoop, seen: int) -> None:
        """Hand over what *loop* has asked for, unless more came since *seen* were waiting.

        While the loop is at other pieces, it and the writer would only wait for each other's turn.
        """
        with self._lock:
            waiting = self._waiting.get(loop, [])
            if seen < len(waiting) < ENOUGH:
                loop.call_soon(self._hand_over, loop, len(waiting))
                return
            self._put_waiting(loop)

    def _put_waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        pieces = self._waiting.pop(loop, [])
        for start in range(0, len(pieces), GROUP):
            self._queue.put(pieces[start : start + GROUP])

    def close(self) -> None:
        """Do what waits, then close. Blocks."""
        with self._lock:
            if not self._closed:
                self._closed = True
                for loop in list(self._waiting):
                    self._put_waiting(loop)
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            if batch:
                self._commit(batch)
            else:
                self._rest()
        self._rest(last=True)
        if self._con is not None:
            self._con.close()

    def _next_batch(self) -> list[_Piece] | None:
        """Return what waits; nothing when it is time for upkeep; None when the store closes."""
        batch: list[_Piece] = []
        with suppress(Empty):
            pieces = self._queue.get(timeout=self._until_idle())
            while pieces is not None:
                batch += pieces
                if len(batch) >= GROUP:
                    return batch
                pieces = self._queue.get_nowait()
            if not batch:
                return None
            self._queue.put(None)  # this batch is the last one
        return batch

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
        results: list[_Result] = []
        queued = False
        try:
            con = self._connection()
            con.queued = con.erased = False
            self._begin(con, batch[0].since)
            results = self._do(con, batch)
            con.execute("commit")
            queued = con.queued
            if con.erased:
                self._idle_at = 0.0
        except (sqlite3.Error, MemoryError) as error:
            self._recover(error)
            results = [(piece, None, self._words_for(error)) for piece in batch]
        for loop in {piece.loop for piece in batch}:
            its = [result for result in results if result[0].loop is loop]
            with suppress(RuntimeError):  # that loop has ended; nobody is left to be told
                loop.call_soon_threadsafe(_tell, its, self.wake if queued else None)

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

    def _do(self, con: Connection, batch: list[_Piece]) -> list[_Result]:
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

    def _do_alone(self, con: Connection, piece: _Piece) -> _Result:
        con.execute("savepoint piece")
        try:
            (value,) = piece.work(con, [piece.item])
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
