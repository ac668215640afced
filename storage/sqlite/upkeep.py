"""Upkeep: a copy while others write, a check of the file, and scrubbing erased words from it."""

import logging
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from bot.core.errors import StoreError, StoreFullError
from storage.connection import Connection
from storage.rows import note_erasure

log = logging.getLogger(__name__)

_PAGES = 200
"""Pages of the index that one step of a scrub rewrites: some ten milliseconds."""

_FEW = 500
"""So few ideas' index is built anew at once, in less time than it takes to merge it."""

_REST = 20
"""So many times as long as a scrub took is no other begun."""

_REST_OF_FILE = 1000
"""So many times as long as it took to write the whole file anew is that not done again."""

_PATIENCE = (1.0, 60.0)
"""Seconds until the log is tried to be emptied again: at first, and at most."""


def ping(con: Connection) -> None:
    """Write something small. What another process erased, and could not scrub, is scrubbed here."""
    con.execute("update upkeep set write_probe = write_probe + 1")
    con.erased = con.erased or not is_scrubbed(con)


def is_scrubbed(con: Connection) -> bool:
    """Whether erased words have left the search index, the file and its log."""
    row = con.execute("select 1 from upkeep where scrub = scrubbed and stale = 0").fetchone()
    return row is not None


class IndexVacuum:
    """Takes erased words out of the file itself, and does not believe that they are gone.

    Three places hold words that no row has any more. SQLite's search index only notes that a row is
    gone: it is merged, step by step, each a transaction of its own. A page keeps a copy of what was
    moved out of it: about one erasure in five hundred leaves one behind, so the whole file is
    written anew. The log holds pages as they were: it is emptied, and where another program reads
    it, that is tried until it succeeds.

    The larger the file, the more rarely, unless a person was erased: at most a twentieth of the
    time goes to scrubbing, and a thousandth to writing all anew. Waiting for others is neither.
    """

    def __init__(self, pages: int = _PAGES, few: int = _FEW) -> None:
        self._pages = pages
        self._few = few
        self._seen: int | None = None  # the count of erasures that the scrub at work covers
        self._spent = 0.0  # seconds at work on it
        self._merged = self._rewrites = False
        self._pause = _PATIENCE[0]
        self._not_before = 0.0
        self._rewrite_from = 0.0

    def __call__(self, con: sqlite3.Connection, hurry: bool) -> float | None:  # noqa: FBT001
        """One step; returns after how many seconds to come again, None when all is clean."""
        now = time.monotonic()
        try:
            return self._step(con, now, hurry=hurry)
        finally:
            self._spent += time.monotonic() - now

    def _step(self, con: sqlite3.Connection, now: float, *, hurry: bool) -> float | None:
        if self._seen is None:
            count, words, stale = con.execute(
                "select scrub, scrub > scrubbed, stale from upkeep"
            ).fetchone()
            if not (words or stale):
                return None
            urgent = stale > 1  # somebody was erased
            begins = self._not_before if words else self._rewrite_from
            if now < begins and not (urgent or (hurry and words)):
                return begins - now
            self._seen, self._spent = count, 0.0
            self._rewrites = urgent or (stale and now >= self._rewrite_from)
            self._merged = not words or self._begin(con)
            return 0.0
        if not self._merged:
            self._merged = not _changes(con, "merge", self._pages)
            return 0.0
        if self._rewrites:
            self._rewrites = False
            con.execute("vacuum")
            con.execute("update upkeep set stale = 0 where scrub = :seen", {"seen": self._seen})
            self._rewrite_from = now + (1 + _REST_OF_FILE) * (time.monotonic() - now)
            return 0.0
        if not _emptied(con):
            if self._pause == 2 * _PATIENCE[0]:  # one of ours may just have been reading
                log.warning(
                    "Erased words are still in the database's -wal file, for another program is "
                    "reading it. They go as soon as it has ended."
                )
            self._pause = min(self._pause * 2, _PATIENCE[1])
            return self._pause
        con.execute("update upkeep set scrubbed = max(scrubbed, :seen)", {"seen": self._seen})
        self._seen, self._pause = None, _PATIENCE[0]
        self._not_before = now + _REST * self._spent
        return 0.0

    def _begin(self, con: sqlite3.Connection) -> bool:
        """Begin with the index; returns whether that was all it needs."""
        few = con.execute(
            "select count(*) from (select 1 from idea_words_docsize limit :most)",
            {"most": self._few},
        ).fetchone()[0]
        if few < self._few:
            # A merge passes over an index whose only segment holds nothing but erased words.
            con.execute("insert into idea_words (idea_words) values ('rebuild')")
            return True
        _changes(con, "merge", -self._pages)  # negative: all levels are to become one
        return False


def _changes(con: sqlite3.Connection, command: str, rank: int) -> bool:
    """Give the search index a command; returns whether that changed anything."""
    before = con.total_changes
    con.execute(
        "insert into idea_words (idea_words, rank) values (:command, :rank)",
        {"command": command, "rank": rank},
    )
    return con.total_changes - before > 1


def _emptied(con: sqlite3.Connection) -> bool:
    """Bring the log into the file and empty it; False: somebody reads it. Waits for nobody."""
    (patience,) = con.execute("pragma busy_timeout").fetchone()
    con.execute("pragma busy_timeout = 0")
    try:
        (busy, left, _) = con.execute("pragma wal_checkpoint(truncate)").fetchone()
    finally:
        con.execute(f"pragma busy_timeout = {patience}")
    return not busy and not left


def backup(con: sqlite3.Connection, target: Path) -> None:
    """Copy the database as it is now to *target*, which must not exist.

    *con* is used for nothing else. The copy is complete when its name appears.
    """
    if target.exists():
        raise StoreError(f"{target} exists already. Nothing was written. Choose another name.")
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            _copy(con, half)
            os.link(half, target)  # unlike a rename, this never overwrites
        finally:
            for left in (half, half.with_name(half.name + "-journal")):
                left.unlink(missing_ok=True)
    except FileExistsError as error:
        raise StoreError(
            f"{target} exists already. Nothing was written. Choose another name."
        ) from error
    except OSError as error:
        raise StoreFullError(
            f"{target} cannot be written ({error.strerror}). Choose another place for the backup."
        ) from error
    except sqlite3.Error as error:
        raise StoreFullError(
            f"The backup could not be written to {target} ({error}). Nothing is left of it. "
            "Make room, or choose another place."
        ) from error


def _copy(con: sqlite3.Connection, half: Path) -> None:
    half.parent.mkdir(parents=True, exist_ok=True)
    half.touch(mode=0o600)
    copy = sqlite3.connect(half, isolation_level=None)
    try:
        con.execute("begin")  # one snapshot: otherwise each commit would start the copy over
        con.execute("select 1 from sqlite_master").fetchall()
        con.backup(copy, pages=500)
        _clean(copy)
        copy.execute("pragma journal_mode = delete").fetchall()  # one file, nothing beside it
    finally:
        with suppress(sqlite3.Error):
            con.rollback()
        copy.close()
    with half.open("rb+") as file:
        os.fsync(file.fileno())


def _clean(copy: sqlite3.Connection) -> None:
    """Take out of a copy what is on its way out of the file: erased words."""
    copy.execute("pragma secure_delete = on")
    tables = {name for (name,) in copy.execute("select name from sqlite_master")}
    if "idea_words" in tables:
        copy.execute("insert into idea_words (idea_words) values ('optimize')")
    copy.execute("vacuum")


_CHILDREN = {
    "tag": "tag",
    "component": "idea_component",
    "resource": "resource",
    "credit": "credit",
}
"""What hangs on an idea, by its name for people: the tables."""

_ORPHANS = """select count(*) from {}
  where not exists (select 1 from idea i where i.id = idea_id
    and (i.withdrawn is null or i.withdrawn = i.aside))"""

_GAPS = """select workspace, count(*), max(number) from (
    select workspace, number, number - 1 <> lag(number, 1, 0) over here
      and not exists (select 1 from imported where idea_id = id and key like 'own:%') as gap
    from idea window here as (partition by workspace order by number))
  group by workspace having max(gap)"""
"""An idea from a file of ours keeps its number, and the one before it may be in no file."""


def check(con: Connection) -> tuple[str, ...]:
    """What is wrong with the file, a sentence each; nothing when all is well. May take minutes."""
    findings = [
        f"The file is damaged: {row[0]}. Restore a backup."
        for row in con.execute("pragma integrity_check(20)")
        if row[0] != "ok"
    ]
    findings += [
        f"A row of {row[0]} points at a {row[2]} that is not there."
        for row in con.execute("pragma foreign_key_check")
    ]
    findings += [
        f"{n} rows of {what} belong to no idea that is kept."
        for what, table in _CHILDREN.items()
        for (n,) in con.execute(_ORPHANS.format(table))
        if n
    ]
    findings += [
        f"Workspace {workspace} has {count} ideas but numbers up to {last}."
        for workspace, count, last in con.execute(_GAPS)
    ]
    return tuple(findings)


def check_index(con: Connection) -> tuple[str, ...]:
    """Compare the search index with the ideas.

    SQLite takes this question as an insert, so it is asked on the writer's connection.
    """
    try:
        con.execute("insert into idea_words (idea_words, rank) values ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        return (f"The search index differs from the ideas ({error}).",)
    return ()


def wipe(con: Connection) -> None:
    """Empty every table but what is no content: names of components, migrations, upkeep."""
    con.defer_foreign_keys()
    tables = con.execute(
        """select name from pragma_table_list where schema = 'main' and type = 'table'
          and name not in ('component', 'upkeep') and name not like '\\_%' escape '\\'
          and name not like 'sqlite%'"""
    )
    for (table,) in tables.fetchall():
        con.execute(f"delete from {table}")
    con.execute("update upkeep set salts = '[]'")
    con.execute("insert into idea_words (idea_words) values ('delete-all')")
    note_erasure(con)
