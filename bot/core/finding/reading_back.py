"""Our own export, read back: the guard undone, each row as it was when it was written."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from bot.core.finding.export import CUT, LISTS, OURS
from bot.core.intake.resources import kind_of
from bot.core.model.ideas import Credit, Draft, Kind, Resource
from bot.core.model.imports import NO_CSV, Arrival, BadRow, Destination, Item, Remark
from bot.core.model.people import Author, Licence
from bot.core.model.posts import Place, Post

NEEDED: Final = frozenset({"number", "posted_at", "author", "channel", "text", "kind"})
"""The columns by which a file is known for ours."""

LONGEST_OBJECT: Final = 4 << 20
"""Characters that one idea takes in JSON at most."""

SAME: Final = 16_000
"""Characters by which two texts are told apart: a longer one is cut in CSV and whole in JSON."""

_OTHERS_SHOWN: Final = 10
_BETWEEN: Final = " \t\r\n,"


def from_csv(lines: Iterable[str], into: Destination, *, framework: str) -> Iterator[Item]:
    """Read our CSV.

    Args:
        lines: without the byte-order mark, with their ends.
        framework: the version of the file that the codes of components are from.
    """
    rows = csv.reader(lines, strict=True)
    header = next(rows, [])
    reading = _Reading(into, framework)
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error:
            yield BadRow(f"line {line}", NO_CSV)
            continue
        if not row:
            continue
        if len(row) != len(header):
            why = f"it has {len(row)} cells, and the header has {len(header)}"
            yield BadRow(f"line {line}", why)
            continue
        cells = {name: _unguarded(name, cell) for name, cell in zip(header, row, strict=True)}
        yield from reading.row(f"line {line}", cells)
    yield from reading.end()


def from_json(chunks: Iterable[str], into: Destination, *, framework: str) -> Iterator[Item]:
    """Read our JSON, object by object, in bounded memory; arguments as `from_csv`."""
    reading = _Reading(into, framework)
    for number, found in enumerate(_objects(chunks), start=1):
        where = f"idea {number} of the file"
        if isinstance(found, str):
            yield BadRow(where, found)
        elif not isinstance(found, dict):
            yield BadRow(where, "it is no object")
        else:
            yield from reading.row(where, {name: _cell(value) for name, value in found.items()})
    yield from reading.end()


def _objects(chunks: Iterable[str]) -> Iterator[object]:
    """The elements of an array, read as they come; a text says why the rest cannot be read."""
    decode = json.JSONDecoder().raw_decode
    held, begun = "", False
    for chunk in (*chunks, ""):
        held += chunk
        while True:
            held = held.lstrip(_BETWEEN)
            if not begun and held.startswith("["):
                held, begun = held[1:], True
                continue
            if not held or (begun and held[0] == "]"):
                break
            try:
                found, end = decode(held) if begun else (None, 0)
            except (ValueError, RecursionError):
                if chunk and len(held) < LONGEST_OBJECT:
                    break  # perhaps the rest comes with the next chunk
                yield "the file is broken from here on, and the rest was left out"
                return
            if not begun:
                yield "the file is no list of ideas"
                return
            yield found
            held = held[end:]


def _unguarded(name: str, cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and name not in OURS else cell


def _cell(value: object) -> str:
    """A value of JSON as the cell that CSV has for it."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


@dataclass(slots=True)
class _Reading:
    """Reads rows, and remembers which were of other channels."""

    into: Destination
    framework: str
    others: Counter[str] = field(default_factory=Counter)

    def row(self, where: str, cells: Mapping[str, str]) -> Iterator[Item]:
        """What a row holds; nothing for one of another channel."""
        channel_id, channel = cells.get("channel_id", ""), cells.get("channel", "")
        if not self.into.is_from(channel_id, channel):
            self.others[channel or channel_id] += 1
            return
        if self.into.workspace_name is None:  # a new database is a copy: its first row says of what
            self.into = replace(self.into, workspace_name=cells.get("workspace", ""))
        try:
            yield _arrival(where, cells, self.into, self.framework)
        except ValueError as error:
            yield BadRow(where, str(error))

    def end(self) -> Iterator[Item]:
        """What is to be said of the whole file."""
        if self.others:
            names = sorted(self.others)
            shown = ", ".join(names[:_OTHERS_SHOWN])
            more = ", …" if len(names) > _OTHERS_SHOWN else ""
            yield Remark(
                f"{self.others.total():,} ideas of the file are of other channels ({shown}{more}) "
                "and were left out. To bring in those of one, name it with --from."
            )


def _arrival(where: str, cells: Mapping[str, str], into: Destination, framework: str) -> Arrival:
    """Raises `ValueError` with words for whoever imports the file."""
    posted_at = _instant(cells, "posted_at")
    if posted_at is None:
        raise ValueError("posted_at is empty")
    try:
        kind = Kind(cells.get("kind", ""))
    except ValueError:
        raise ValueError(
            f"kind is {cells.get('kind', '')!r}; it can be {', '.join(Kind)}"
        ) from None
    text = cells.get("text", "")
    lists = {name: tuple(filter(None, cells.get(name, "").split("; "))) for name in LISTS}
    name = cells.get("author", "")
    home = cells.get("workspace", "") == into.workspace_name
    author = Author(
        id=cells.get("author_id", "") if home else "",
        name=name,
        title=cells.get("title", ""),
        school=cells.get("school", ""),
        district=cells.get("district", ""),
        licence=next((one for one in Licence if one == cells.get("licence")), None),
    )
    said = f"{posted_at.isoformat()}\n{name}\n{text.removesuffix(CUT)[:SAME]}"
    return Arrival(
        where=where,
        key=f"own:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:32]}",
        post=Post(
            place=Place(into.workspace, into.channel, ""),
            posted_at=posted_at,
            author_id=author.id,
            body=(),
        ),
        author=author,
        draft=Draft(
            text=text,
            kind=kind,
            marked=True,
            asks=kind is Kind.QUESTION,
            tags=lists["tags"],
            resources=tuple(Resource(url, kind_of(url, "", "")) for url in lists["resources"]),
            credits=tuple(map(Credit, lists["credits"])),
            components=lists["components"],
            framework=framework,
        ),
        number=_number(cells, "number"),
        prompt=cells.get("prompt", ""),
        reactions=_number(cells, "reactions"),
        replies=_number(cells, "replies"),
        tried=_number(cells, "tried"),
        permalink=cells.get("permalink", ""),
        edited_at=_instant(cells, "edited_at"),
    )


def _instant(cells: Mapping[str, str], name: str) -> datetime | None:
    cell = cells.get(name, "").strip()
    if not cell:
        return None
    try:
        found = datetime.fromisoformat(cell)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is {cell[:40]!r}, which is no instant") from None


def _number(cells: Mapping[str, str], name: str) -> int:
    cell = cells.get(name, "").strip()
    if not cell:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        raise ValueError(f"{name} is {cell[:40]!r}, which is no number")
    return int(cell)
