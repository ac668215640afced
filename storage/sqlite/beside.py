"""The file beside the database in which erasures are kept apart: a restored copy is older.

It holds a line for each member who was erased, and for each idea that went with them: hashes and
instants alone. Nobody but its owner can read it.
"""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from storage import erased, erasure
from storage.erased import Erasure
from storage.rows import instant, stamp
from storage.sqlite.connection import Connection

_LINE: Final = re.compile(
    r"(?P<at>\S{26}Z) (?P<salt>[0-9a-f]{32}) (?P<hash>[0-9a-f]{40})(?P<nothing> nothing)?"
)


def place_of(database: Path) -> Path:
    """Where the file of a database is."""
    return database.with_name(f"{database.name}.erased")


def read(database: Path) -> Sequence[Erasure]:
    """Return the latest erasure of each. A line that a crash cut short counts for nothing.

    Raises:
        OSError: the file is there, and cannot be read.
    """
    try:
        lines = place_of(database).read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return ()
    found: dict[str, Erasure] = {}
    for line in filter(None, map(_LINE.fullmatch, lines)):
        one = Erasure(
            hash=line["hash"],
            salt=line["salt"],
            at=instant(line["at"]),
            keeps_nothing=line["nothing"] is not None,
        )
        found[one.hash] = max(one, found.get(one.hash, one), key=lambda each: each.at)
    return tuple(found.values())


def add(database: Path, erasures: Iterable[Erasure]) -> None:
    """Add erasures to the file; they are on the disk when this returns.

    Raises:
        OSError: the file cannot be written.
    """
    known = read(database)
    lines = [
        f"{stamp(one.at)} {one.salt} {one.hash}{' nothing' * one.keeps_nothing}\n"
        for one in erasures
        if one not in known
    ]
    if not lines:
        return
    file = os.open(place_of(database), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.fchmod(file, 0o600)
        # An empty line is none, and ends one that was cut short. One write: others add lines, too.
        os.write(file, "".join(("\n", *lines)).encode())
        os.fsync(file)
    finally:
        os.close(file)
    folder = os.open(database.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def lacking(con: Connection, database: Path) -> Sequence[Erasure]:
    """Return the erasures of the file that the database does not have: it is an older copy."""
    beside = read(database)
    if not beside:
        return ()
    older = not con.execute("select 1 from sqlite_master where name = 'erased'").fetchone()
    held = {} if older else {one.hash: one.at for one in erased.noted(con)}
    return [one for one in beside if one.hash not in held or held[one.hash] < one.at]


def reconcile(con: Connection, database: Path) -> None:
    """Bring database and file into step: each has then every erasure, and nobody erased is left.

    Raises:
        OSError: the file cannot be read or written.
    """
    known = {one.hash: one.at for one in read(database)}
    noted = erased.noted(con)
    add(database, [one for one in noted if one.hash not in known or known[one.hash] < one.at])
    if not lacking(con, database):
        return
    con.execute("begin immediate")  # undone with the connection, should it fail
    erasure.forget_again(con, lacking(con, database))
    con.execute("commit")
