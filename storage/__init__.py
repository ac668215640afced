"""Storage: opens the database that `DATABASE_URL` names, and brings it to this version's schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.core.ports import IdeaStore
from storage.sqlite import files
from storage.sqlite.files import Found
from storage.store import Store

__all__ = ["Found", "Store", "find_faults", "look_at", "migrate", "open_store", "read_store"]


def open_store(
    url: str,
    *,
    read_only: bool = False,
    existing: bool = False,
    older: bool = False,
    patience: float = 2.5,
) -> Store:
    """Open the database at *url*; blocks while it is made or migrated.

    Works without an event loop; the store itself may then be used from any number of loops.

    Args:
        url: `sqlite:///relative` or `sqlite:////absolute`; parent folders are made.
        read_only: change nothing, not even the schema; the file must exist.
        existing: the file must exist.
        older: with *read_only*, take also one that is not yet migrated, to be copied as it is.
        patience: seconds that a write or a read waits for another process's lock.

    Raises:
        SettingsError: the url is of no kind that we know.
        SchemaError: the file is another program's, damaged, or written by a newer version; with
            *read_only* also when it is older, unless *older* is given.
        StoreBusyError: another process holds it.
        StoreFullError: it cannot be made or written, or the disk is full; `StorePlaceError` where
            waiting will not help.
        StoreError: with *read_only* or *existing*: there is none.
    """
    path = Path(files.path_of(url))
    if existing:
        files.require_file(path)
    if read_only:
        return Store(path, mode=files.reading_mode(path, older=older), patience=patience)
    files.prepare(path)
    return Store(path, patience=patience)


def migrate(url: str, *, patience: float = 30.0) -> list[str]:
    """Bring the database at *url* to this version's schema; raises as `open_store` does.

    Args:
        patience: seconds to wait for another process's lock.

    Returns:
        The names of the migrations that were applied; none when it was up to date.
    """
    return files.prepare(Path(files.path_of(url)), patience=patience)


def look_at(url: str) -> Found:
    """What lies where the database at *url* should be; makes and changes nothing.

    Raises as `open_store` does, but where there is none, or an older one, that is only said.
    """
    return files.look_at(Path(files.path_of(url)))


@contextmanager
def read_store(url: str) -> Iterator[Store]:
    """The database at *url* for reading only, also while another process writes.

    For commands: no event loop is needed for `export_book`. Raises as `open_store` does with
    *read_only*.
    """
    store = open_store(url, read_only=True)
    try:
        yield store
    finally:
        store.close_now()


async def find_faults(url: str) -> tuple[str, ...]:
    """What is wrong with the database at *url*, a sentence each; nothing when all is well.

    Changes nothing and holds nobody up: what only a writer may ask is asked of a copy. May take
    minutes. Raises as `open_store` does with *read_only*.
    """
    with read_store(url) as store:
        if found := await store.check():
            return found
        with TemporaryDirectory(prefix="commonplace-") as folder:
            copy = Path(folder) / "copy.db"
            await store.backup(copy)
            whole = open_store(f"sqlite:///{copy}")
            try:
                return await whole.check()
            finally:
                await whole.close()


def _is_a_store(store: Store) -> IdeaStore:
    """Held by the type checker: a `Store` is what the core asks for."""
    return store
