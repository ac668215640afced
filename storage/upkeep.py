"""Upkeep: a copy while others write, a check of the file, and scrubbing erased words from it."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.core.errors import StoreError, StoreFullError

if TYPE_CHECKING:
    from pathlib import Path

    from storage.sqlite import Connection

_PAGES = 200
"""Pages of the index that one step of a scrub rewrites: some ten milliseconds."""


def ping(con: Connection) -> None:
    """Write something small."""
    con.execute("update upkeep set beats = beats + 1")


class Scrub:
    """Takes the words of withdrawn ideas out of the file itself.

    SQLite's search index only notes that a row is gone; its words stay on disk until the index is
    merged. So whenever the writer has nothing to do after a withdrawal, the index is merged step by
    step, each a transaction of its own, and the log is emptied. The larger the index, the more
    rarely: at most a twentieth of the time is spent on it.
    """

    def __init__(self, pages: int = _PAGES) -> None:
        self._pages = pages
        self._seen = 0  # the count of erasures that the merge at work covers; 0: none is
        self._begun = 0.0
        self._not_before = 0.0

    def __call__(self, con: Connection, hurry: bool) -> float | None:  # noqa: FBT001
        """One step; returns after how many seconds to come again, None when all is clean."""
        now = time.monotonic()
        if not self._seen:
            (count,) = con.execute("select scrub from upkeep").fetchone()
            if not count:
                return None
            if now < self._not_before and not hurry:
                return self._not_before - now
            self._seen, self._begun = count, now
            con.execute(
                "insert into idea_words (idea_words, rank) values ('merge', :pages)",
                {"pages": -self._pages},  # negative: all levels are to become one
            )
            return 0.0
        before = con.total_changes
        con.execute(
            "insert into idea_words (idea_words, rank) values ('merge', :pages)",
            {"pages": self._pages},
        )
        if con.total_changes - before > 1:
            return 0.0
        con.execute(
            "update upkeep set scrub = scrub - :seen where scrub >= :seen", {"seen": self._seen}
        )
        con.execute("pragma wal_checkpoint(truncate)").fetchall()
        self._seen = 0
        self._not_before = time.monotonic() + 20 * (time.monotonic() - self._begun)
        return 0.0


def backup(con: Connection, target: Path) -> None:
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


def _copy(con: Connection, half: Path) -> None:
    half.parent.mkdir(parents=True, exist_ok=True)
    half.touch(mode=0o600)
    copy = sqlite3.connect(half, isolation_level=None)
    try:
        con.execute("begin")  # one snapshot: otherwise each commit would start the copy over
        con.execute("select 1 from sqlite_master").fetchall()
        con.backup(copy, pages=500)
        copy.execute("pragma journal_mode = delete").fetchall()  # one file, nothing beside it
    finally:
        with suppress(sqlite3.Error):
            con.rollback()
        copy.close()
    with half.open("rb+") as file:
        os.fsync(file.fileno())


_ORPHANS = """
select 'tag' as what, count(*) as n from tag
  where not exists (select 1 from idea i where i.id = idea_id and i.withdrawn is null)
union all select 'component', count(*) from idea_component
  where not exists (select 1 from idea i where i.id = idea_id and i.withdrawn is null)
union all select 'resource', count(*) from resource
  where not exists (select 1 from idea i where i.id = idea_id and i.withdrawn is null)
union all select 'credit', count(*) from credit
  where not exists (select 1 from idea i where i.id = idea_id and i.withdrawn is null)
"""

_GAPS = """select workspace, count(*), max(number) from idea
  group by workspace having count(*) <> max(number)"""


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
        for what, n in con.execute(_ORPHANS)
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


_TABLES = (
    "change",
    "own_prompt",
    "skipped_prompt",
    "outbox",
    "missing",
    "reading",
    "due",
    "told",
    "preview",
    "left_out",
    "trial",
    "delivery_part",
    "delivery_extra",
    "delivery_idea",
    "delivery",
    "passed",
    "reaction",
    "reply",
    "credit",
    "resource",
    "idea_component",
    "tag",
    "idea",
    "member_name",
    "member",
    "channel",
    "workspace",
)


def wipe(con: Connection) -> None:
    """Empty every table; those that point at others first."""
    for table in _TABLES:
        con.execute(f"delete from {table}")  # noqa: S608
    con.execute("insert into idea_words (idea_words) values ('delete-all')")
    con.execute("update upkeep set scrub = scrub + 1")
    con.erased = True
