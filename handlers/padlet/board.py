"""A board's posts, as rows of its CSV or XLSX or as items of its RSS, become arrivals."""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import chain, islice
from typing import Final

from bot.core.intake.reader import typed
from bot.core.model.imports import NO_CSV, Arrival, BadRow, Destination, Item, Remark
from bot.core.model.links import is_address
from bot.core.model.people import Author
from bot.core.model.posts import File, Place, Post, Text
from handlers.padlet.days import instant_of
from handlers.padlet.headers import columns_of, is_anonymous, is_board, plain
from handlers.padlet.markup import plain_text

Cell = str | float | datetime
Row = tuple[str, Sequence[Cell]]
"""Where a row stands, and its cells."""

ABOVE: Final = 20
"""Rows that may stand above the headers: the board's title and the like."""

_WORD: Final = re.compile(r"\w+")


def csv_rows(lines: Iterable[str]) -> Iterator[Row | BadRow]:
    """The rows of a CSV, each with its line; comma, semicolon or tab, as its head has it."""
    remaining = iter(lines)
    head = list(islice(remaining, ABOVE))
    delimiter = max(",;\t", key="".join(head).count)
    rows = csv.reader(chain(head, remaining), delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 1
        try:
            yield f"line {line}", next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield BadRow(f"line {line}", NO_CSV)


def from_rows(rows: Iterable[Row | BadRow], into: Destination, *, zone: tzinfo) -> Iterator[Item]:
    """Read the rows of a board; those above its headers are passed over.

    Args:
        zone: of days and hours that name none.
    """
    remaining = iter(rows)
    seen: list[Row] = []
    for row in remaining:
        if isinstance(row, BadRow):
            yield row
            continue
        seen.append(row)
        if is_board([str(cell) for cell in row[1]]) or len(seen) > ABOVE:
            break
    headers = [str(cell).strip() for cell in seen[-1][1]] if seen else []
    if not is_board(headers):
        where, cells = seen[0] if seen else ("the file", ())
        first = ", ".join(filter(None, (str(cell)[:40] for cell in cells[:12]))) or "nothing"
        yield BadRow(
            where,
            "no columns of a Padlet export were found (Subject, Body, Author, Created at, in one "
            f"of its languages). It begins with: {first}",
        )
        return
    columns = columns_of(headers)
    taken = set(columns.values())
    if left := [name for at, name in enumerate(headers) if name and at not in taken]:
        yield Remark(f"These columns were not read: {', '.join(name[:40] for name in left)}.")
    # In the United States, whose pages are in English, the month stands first.
    english = "created" in columns and _is_english(headers[columns["created"]])
    for row in remaining:
        if isinstance(row, BadRow):
            yield row
        elif any(str(cell).strip() for cell in row[1]):
            told = {name: row[1][at] for name, at in columns.items() if at < len(row[1])}
            try:
                yield arrival(row[0], into, told, zone=zone, month_first=english)
            except ValueError as error:
                yield BadRow(row[0], str(error))


def _is_english(header: str) -> bool:
    return plain(header).split()[0] in {"created", "date", "creation", "posted", "published"}


def arrival(
    where: str, into: Destination, cells: dict[str, Cell], *, zone: tzinfo, month_first: bool = True
) -> Arrival:
    """A post of a board, of its cells by what they hold.

    Raises:
        ValueError: it has no day, or nothing in it; the words are for whoever imports it.
    """
    said = {name: plain_text(str(cell)) for name, cell in cells.items()}
    subject, body = said.get("subject", ""), said.get("body", "")
    attached = said.get("attachment", "").split()
    links = [one for one in attached if is_address(one)]
    text = "\n".join(filter(None, (subject, body, *(() if links else attached))))
    if not text and not links:
        raise ValueError("there is nothing in it")
    if not str(cells.get("created", "")).strip():
        raise ValueError("it has no day")
    posted_at = instant_of(cells["created"], zone, month_first=month_first)
    name = " ".join(said.get("author", "").split())
    name = "" if is_anonymous(name) else name
    likes = said.get("likes", "")
    return Arrival(
        where=where,
        key=key_of(name, text, links),
        post=Post(
            place=Place(into.workspace, into.channel, ""),
            posted_at=posted_at,
            author_id="",
            body=typed((Text(text),)) if text else (),
            files=tuple(File(link, "") for link in links),
        ),
        author=Author(id="", name=name),
        chosen=True,
        heading=said.get("section", ""),
        reactions=int(likes) if likes.isascii() and likes.isdigit() and len(likes) < 7 else 0,
    )


def key_of(name: str, text: str, links: Sequence[str]) -> str:
    """What makes a post of a board the same in its CSV, its XLSX and its RSS: words and author."""
    words = " ".join(_WORD.findall(text.casefold())) or " ".join(links)
    said = f"{name.casefold()}\n{words}"
    return f"padlet:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:32]}"
