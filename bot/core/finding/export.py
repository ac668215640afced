"""Ideas as CSV and JSON: every column, streamed in constant memory, safe in a spreadsheet.

The other formats have modules of their own, which write as it is done here.

Rows are what `IdeaStore.export_book` reads: the values of `COLUMNS`, in that order.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import BinaryIO, TypeVar

from bot.core.model.ideas import Kind

T = TypeVar("T")

COLUMNS = (
    "number",
    "posted_at",
    "author",
    "author_id",
    "title",
    "school",
    "district",
    "channel",
    "channel_id",
    "text",
    "tags",
    "components",
    "resources",
    "credits",
    "prompt",
    "reactions",
    "replies",
    "tried",
    "permalink",
    "edited_at",
    "source",
    "kind",
    "day",
    "workspace",
    "licence",
)
"""The columns, in the file's order. New ones are only ever added at the end."""

LISTS = frozenset({"tags", "components", "resources", "credits"})
"""Columns that hold several values, joined by `; `."""

_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
_UNSEEN = (
    "\u00a0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160\u1680"
    "\u17b4-\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Ranges of characters that are blank or take up no room: what one sees first stands behind them.

Among them is every separator but the space, and every format character.
"""

_CONTROLS = "\0-\x1f\x7f-\x9f"

_STARTS = frozenset(f"{_SIGNS}'\uff07").union(
    chr(code)
    for first, last in re.findall(r"(?s)(.)(?:-(.))?", _UNSEEN + _CONTROLS)
    for code in range(ord(first), ord(last or first) + 1)
)
"""What a spreadsheet may take for the start of a formula, and `'`, so that undoing is exact."""

_SPLITS = re.compile(rf";[{_UNSEEN}]*[{re.escape(_SIGNS)}]")
"""The same, where a spreadsheet splits cells at `;`."""

LONGEST_CELL = 32_767
"""Characters, counted as spreadsheets do, that a cell holds."""

CUT = "… (continued at the permalink)"
"""How a cell ends whose text is longer."""

CHUNK = 1000
"""Rows held in memory at once."""

# Counts and instants of our own making cannot begin a formula, so they are not looked at.
OURS = frozenset({"number", "posted_at", "reactions", "replies", "tried", "edited_at", "day"})
_first = itemgetter(slice(1))
_theirs = itemgetter(*(place for place, name in enumerate(COLUMNS) if name not in OURS))
_KIND = COLUMNS.index("kind")


def write_csv(rows: Iterable[Sequence[object]], out: BinaryIO) -> int:
    """Write RFC 4180 CSV in UTF-8 with a byte-order mark.

    A cell that a spreadsheet could take for a formula gets one `'` in front; nothing else is
    changed, so removing one leading `'` restores it. Only one that is longer than a spreadsheet
    takes ends in `CUT`.

    Args:
        rows: values in the order of `COLUMNS`.
        out: open for writing bytes; left open.

    Returns:
        The number of rows, the header not counted.
    """

    def lines(cells: Iterable[Sequence[object]]) -> str:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(cells)
        return text.getvalue()

    out.write(_encoded("\ufeff" + lines([COLUMNS])))
    written = 0
    for chunk in _chunks(rows):
        out.write(_encoded(lines(map(guarded, chunk))))
        written += len(chunk)
    return written


def write_json(rows: Iterable[Sequence[object]], out: BinaryIO) -> int:
    """Write a JSON array of objects in UTF-8: the CSV's names, values unaltered.

    Lists are lists, empty ones `[]`; anything else that is empty is `null`. Arguments and
    result are those of `write_csv`.
    """
    return write_objects(map(_object, rows), out)


def write_objects(objects: Iterable[Mapping[str, object]], out: BinaryIO) -> int:
    """Write a JSON array in UTF-8, an object a line; return how many there were."""
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    out.write(b"[")
    written = 0
    for chunk in _chunks(objects):
        out.write(_encoded((",\n" if written else "\n") + ",\n".join(map(encode, chunk))))
        written += len(chunk)
    out.write(b"\n]\n" if written else b"]\n")
    return written


def write_texts(texts: Iterable[str], out: BinaryIO) -> int:
    """Write texts, one after the other, in UTF-8; return how many there were."""
    written = 0
    for chunk in _chunks(texts):
        out.write(_encoded("".join(chunk)))
        written += len(chunk)
    return written


def guarded(row: Sequence[object]) -> Sequence[object]:
    """The row with `'` before each cell that could be taken for a formula, and no cell too long."""
    theirs = _theirs(row)
    together = "".join(theirs)
    if (
        _STARTS.isdisjoint(map(_first, theirs))
        and (";" not in together or not _SPLITS.search(together))
        and 2 * len(together) <= LONGEST_CELL
    ):
        return row
    return [safe_cell(cell) if isinstance(cell, str) else cell for cell in row]


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that each takes whole."""
    return as_one_cell(f"'{cell}" if could_be_formula(cell) else cell)


def could_be_formula(cell: str) -> bool:
    """Whether a spreadsheet could take this text, or a part of it, for a formula."""
    return cell[:1] in _STARTS or bool(_SPLITS.search(cell))


def as_one_cell(cell: str) -> str:
    """A cell that a spreadsheet takes whole. Most characters beyond the first plane count twice."""
    if 2 * len(cell) <= LONGEST_CELL:
        return cell
    units = cell.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST_CELL:
        return cell
    room = 2 * (LONGEST_CELL - len(CUT))
    return units[:room].decode("utf-16-le", "ignore") + CUT


def _object(row: Sequence[object]) -> dict[str, object]:
    return {
        name: (value.split("; ") if value else [])
        if name in LISTS and isinstance(value, str)
        # Not "or None": a count of 0 is known.
        else (None if value == "" else value)
        for name, value in zip(COLUMNS, row, strict=True)
    }


def _chunks(ones: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(ones)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _encoded(text: str) -> bytes:
    # Half an emoji cannot be written in UTF-8; a question mark is better than no file.
    return text.encode("utf-8", "replace")


def counting(
    rows: Iterable[Sequence[object]], kinds: dict[Kind, int]
) -> Iterator[Sequence[object]]:
    """The rows as they come, counted by kind."""
    for row in rows:
        kinds[Kind(str(row[_KIND]))] += 1
        yield row
