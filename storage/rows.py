"""Between values and cells: instants as text of one width, clean text, lists in one cell."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from bot.core.model.posts import Place
from storage.connection import Connection

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=64)
def stamp(instant: datetime) -> str:
    """An aware instant as `2026-11-25T15:00:00.000000Z`: UTC, sorts as text."""
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds")[:26] + "Z"


def instant(text: str) -> datetime:
    """Back from `stamp`."""
    return datetime.fromisoformat(text[:26]).replace(tzinfo=UTC)


def maybe_instant(text: str | None) -> datetime | None:
    """Back from `stamp`, where there may be none."""
    return None if text is None else instant(text)


def moment(when: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (when - EPOCH) // MICROSECOND


def clean(text: str) -> str:
    """Without NUL (PostgreSQL refuses it) and without halves of characters (SQLite does)."""
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def joined(items: Iterable[str]) -> str:
    """Items as they stand in one cell. A `; ` inside an item would read as two items."""
    return "; ".join([item.replace("; ", ", ") for item in items])


def split(cell: str) -> tuple[str, ...]:
    """Back from `joined`."""
    return tuple(cell.split("; ")) if cell else ()


TOGETHER = 32
"""Rows that one statement inserts at most: each number of rows is a statement of its own."""


def insert(
    con: Connection, table: str, rows: Sequence[Mapping[str, object]], conflict: str = ""
) -> None:
    """Insert *rows*, which have the same columns in the same order, in as few steps as may be.

    Python gives its lock back for each step of a statement, and has to win it again from the event
    loop: a statement for each row halves how many messages are kept in a second.

    Args:
        conflict: what to do with a row that is there already; without it, that is an error.
    """
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        statement = _insert(table, tuple(some[0]), len(some), conflict)
        con.execute(statement, [value for row in some for value in row.values()])


@cache
def _insert(table: str, columns: tuple[str, ...], count: int, conflict: str) -> str:
    row = f"({', '.join('?' * len(columns))})"
    values = ", ".join([row] * count)
    return f"insert into {table} ({', '.join(columns)}) values {values} {conflict}"


def at(place: Place) -> dict[str, object]:
    """The parameters :workspace, :channel and :ts."""
    return {"workspace": place.workspace, "channel": place.channel, "ts": place.ts}


def note_erasure(con: Connection) -> None:
    """Note that words went: they are to leave the search index, the file and its log too."""
    con.execute("update upkeep set scrub = scrub + 1, stale = 1")
    con.erased = True
