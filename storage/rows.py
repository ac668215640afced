"""Between values and rows: instants as text of one width, clean text, lists, many rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from bot.core.model.ideas import Idea, Kind, Source, Withdrawal
from bot.core.model.people import Author
from storage.sqlite import Connection

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


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


_TOGETHER = 32
"""Rows that one statement writes at most: each number of rows is a statement of its own."""


def insert(
    con: Connection, table: str, rows: Sequence[Mapping[str, object]], conflict: str = ""
) -> None:
    """Insert *rows*, all with the same columns, in as few statements as may be.

    Python gives its lock back for each step of a statement and has to win it again: one statement
    for many rows leaves the event loop alone, and leaves it the other processor meanwhile.

    Args:
        conflict: what to do with a row that is there already; without it, that is an error.
    """
    for start in range(0, len(rows), _TOGETHER):
        some = rows[start : start + _TOGETHER]
        statement = _insert(table, tuple(some[0]), len(some), conflict)
        con.execute(statement, [value for row in some for value in row.values()])


@cache
def _insert(table: str, columns: tuple[str, ...], count: int, conflict: str) -> str:
    row = f"({', '.join('?' * len(columns))})"
    values = ", ".join([row] * count)
    return f"insert into {table} ({', '.join(columns)}) values {values} {conflict}"  # noqa: S608


AUTHOR_NAME = """case when i.author_name <> '' then i.author_name else coalesce((
    select nullif(m.name, '') from member m where m.workspace = i.workspace and m.id = i.author_id
  ), '') end"""
"""The frozen name; while there is none the latest known one. Whose name is not known has none."""

CHANNEL_NAME = """(
    select c.name from channel c where c.workspace = i.workspace and c.id = i.channel)"""

IDEA_COLUMNS = f"""i.id, i.workspace, i.number, i.channel, {CHANNEL_NAME}, i.ts, i.posted_at,
  i.author_id, {AUTHOR_NAME}, i.author_real_name, i.author_title, i.school, i.district, i.role,
  i.text, i.kind, i.reads_as, i.source, i.tags, i.components, i.resources, i.credits, i.prompt,
  i.reactions, i.replies, i.tried, i.permalink, i.edited_at, i.kept_at,
  i.withdrawn, i.mark"""
"""What `idea_of` reads, from a table `idea i`."""


def idea_of(row: Sequence[object]) -> Idea:
    """The idea of a row of `IDEA_COLUMNS`."""
    r: Sequence[str] = row  # type: ignore[assignment]  # the columns' types are the schema's
    return Idea(
        id=int(r[0]),
        workspace=r[1],
        number=int(r[2]),
        channel=r[3],
        channel_name=r[4] or "",
        ts=r[5],
        posted_at=instant(r[6]),
        author=Author(
            id=r[7] or "",
            name=r[8],
            real_name=r[9],
            title=r[10],
            school=r[11],
            district=r[12],
            role=r[13],
        ),
        text=r[14],
        kind=Kind(r[15]),
        asks=r[16] == Kind.QUESTION,
        source=Source(r[17]),
        tags=split(r[18]),
        components=split(r[19]),
        resources=split(r[20]),
        credits=split(r[21]),
        prompt=r[22],
        reactions=int(r[23]),
        replies=int(r[24]),
        tried=int(r[25]),
        permalink=r[26],
        edited_at=maybe_instant(r[27]),
        kept_at=instant(r[28]),
        withdrawn=Withdrawal(r[29]) if r[29] else None,
        mark=r[30],
    )
