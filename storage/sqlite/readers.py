"""Connections that only read, beside the one that writes."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from storage.sqlite.connection import Connection, connect, translated

R = TypeVar("R")


class Readers:
    """One reading connection for each thread that asks, and threads for longer work.

    Args:
        path: the database.
        mode: `rw`, `ro` or `immutable`.
        patience: seconds to wait for another process's lock.
    """

    def __init__(self, path: Path, *, mode: str, patience: float) -> None:
        self._path = path
        self._mode = mode
        self._patience = patience
        self._local = threading.local()
        self._open: list[Connection] = []
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="store-reader")

    def connection(self, cache_kib: int = 16384) -> Connection:
        """Open a connection that cannot write; the caller closes it."""
        try:
            con = connect(self._path, mode=self._mode, patience=self._patience, cache_kib=cache_kib)
        except sqlite3.Error as error:
            raise translated(error, self._path) or error from error
        con.execute("pragma query_only = on")
        return con

    def here(self, work: Callable[[Connection], R]) -> R:
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

    async def read(self, work: Callable[[Connection], R]) -> R:
        """Run *work* in a reader's thread, in one snapshot."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self.here, work)

    def close(self) -> None:
        """Wait for readers at work, then close their connections. Blocks."""
        self._pool.shutdown()
        for con in self._open:
            con.close()
        self._open.clear()
