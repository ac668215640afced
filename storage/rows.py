"""Between values and cells: instants as text of one width, clean text, lists in one cell."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from bot.core.model.posts import Place
from bot.core.model.weeks import Span
from storage.connection import Connection, Row

V = TypeVar("V")
NO_VALUES: Mapping[str, object] = {}

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


def breaks_of(lines: str) -> tuple[Span, ...]:
    """Back from a line for each break, `2026-12-21 to 2027-01-04`."""
    days = (line.split(" to ") for line in lines.splitlines())
    return tuple(Span(*map(date.fromisoformat, pair)) for pair in days)


_OF_CELL: Mapping[Any, Callable[[Any], Any]] = {
    datetime: instant,
    date: date.fromisoformat,
    bool: bool,
    tuple[str, ...]: split,
    tuple[Span, ...]: breaks_of,
    Mapping[str, Any]: json.loads,
}


def _converter(hint: Any) -> Callable[[Any], Any] | None:
    """What makes a value of this type of a cell; None: the cell is the value."""
    if isinstance(hint, UnionType):
        (kind,) = {*get_args(hint)} - {NoneType}
        convert = _converter(kind)
        return convert and (lambda cell: convert(cell) if cell else None)
    return hint if isinstance(hint, type) and issubclass(hint, Enum) else _OF_CELL.get(hint)


@cache
def _maker(kind: Any, columns: tuple[str, ...], prefix: str = "") -> Callable[[Any], Any]:
    """What makes a dataclass of the cells of these columns; see `value_of`."""
    at = {name: index for index, name in enumerate(columns)}
    cells: dict[str, tuple[int, Callable[[Any], Any] | None]] = {}
    others: dict[str, Callable[[Any], Any]] = {}
    hints = get_type_hints(kind)
    for name in (one.name for one in fields(kind)):
        if is_dataclass(hints[name]):
            others[name] = _maker(hints[name], columns, f"{prefix}{name}_")
        else:
            cells[name] = at[prefix + name], _converter(hints[name])

    def make(row: Any) -> Any:
        given = {
            name: row[index] if convert is None else convert(row[index])
            for name, (index, convert) in cells.items()
        }
        for name, other in others.items():
            given[name] = other(row)
        return kind(**given)

    return make


def value_of(kind: Callable[..., V], row: Row | dict[str, Any]) -> V:
    """A dataclass of this kind, each field made of the column of its name by the field's type.

    The fields of a dataclass in it are columns with the name of that field before theirs:
    `author_name`. Of two columns of one name the last one counts.
    """
    cells = tuple(row.values()) if isinstance(row, dict) else row
    made: V = _maker(kind, tuple(row.keys()))(cells)
    return made


def one(
    con: Connection, kind: Callable[..., V], sql: str, values: Mapping[str, object]
) -> V | None:
    """What `value_of` makes of the first row of *sql*; None: there is none."""
    row = con.execute(sql, values).fetchone()
    return None if row is None else value_of(kind, row)


def many(
    con: Connection, kind: Callable[..., V], sql: str, values: Mapping[str, object] = NO_VALUES
) -> list[V]:
    """What `value_of` makes of each row of *sql*."""
    rows = con.execute(sql, values).fetchall()
    if not rows:
        return []
    make = _maker(kind, tuple(rows[0].keys()))
    return [make(row) for row in rows]


def column(con: Connection, sql: str, values: Mapping[str, object] = NO_VALUES) -> list[Any]:
    """The only cell of each row of *sql*."""
    return [cell for (cell,) in con.execute(sql, values)]


def cells_of(value: Any) -> dict[str, Any]:
    """Back from `value_of`: a cell for each field of a dataclass."""
    return {one.name: _cell(getattr(value, one.name)) for one in fields(value)}


def _cell(value: Any) -> object:
    match value:
        case Enum():
            return value.value
        case bool():
            return int(value)
        case str():
            return clean(value)
        case datetime():
            return stamp(value)
        case date():
            return str(value)
        case (Span(), *_) as breaks:
            return "\n".join(f"{span.first} to {span.last}" for span in breaks)
        case tuple():
            return joined(value)
        case _:
            return value


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


def update(con: Connection, table: str, id_: int, row: Mapping[str, object]) -> None:
    """Set these columns of the row of that id."""
    pairs = ", ".join(f"{name} = :{name}" for name in row)
    con.execute(f"update {table} set {pairs} where id = :id", {**row, "id": id_})


def upsert(
    con: Connection, table: str, row: Mapping[str, object], keys: str, *, keep: Sequence[str] = ()
) -> None:
    """Insert *row*, or update the one with the same *keys*: all columns but those to *keep*."""
    held = {*keys.split(", "), *keep}
    columns = ", ".join(f"{name} = excluded.{name}" for name in row if name not in held)
    insert(con, table, [row], f"on conflict ({keys}) do update set {columns}")


def at(place: Place) -> dict[str, object]:
    """The parameters :workspace, :channel and :ts."""
    return {"workspace": place.workspace, "channel": place.channel, "ts": place.ts}


def note_erasure(con: Connection, *, whole: bool = False) -> None:
    """Note that words went: they are to leave the search index, the file and its log too.

    Args:
        whole: the whole file is to be written anew for it at once, however lately it was.
    """
    con.execute("update upkeep set scrub = scrub + 1, stale = max(stale, ?)", (1 + whole,))
    con.erased = True
