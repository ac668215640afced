"""Ideas as entries for reference managers: RIS, BibTeX and CSL-JSON, streamed in constant memory.

Rows, arguments and results are those of `export.write_csv`. A name stands as one piece: nobody has
told which part of it is the family's.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final
from urllib.parse import quote

from bot.core.finding.export import COLUMNS, write_objects, write_texts
from bot.core.messages.common import excerpt
from bot.core.model.links import is_address

TITLE = 120
"""The most characters of an idea that stand as its title."""

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
"""The months as BibTeX's styles know them: they are no texts, and stand without braces."""

_UNSAFE = re.compile(r"[^!#-;=?-\[\]_a-z~]")
"""What no address holds; it could end the field that the address stands in."""

_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)
_TEX_BRACES: Final = _TEX | str.maketrans({"{": r"\textbraceleft{}", "}": r"\textbraceright{}"})
"""For braces that do not match: BibTeX counts a brace after a backslash too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An idea as it is cited; each of its texts is one line without control characters."""

    key: str
    title: str
    author: str
    day: date
    within: str
    """The channel and the network."""
    url: str
    """Empty where none is known."""
    tags: tuple[str, ...]
    note: str
    """Whom the idea credits, and its licence, as sentences; empty: neither."""
    text: str


def write_ris(rows: Iterable[Sequence[object]], out: BinaryIO) -> int:
    """Write RIS: each idea is a page on the web (`ELEC`)."""
    return write_texts(map(_ris, _entries(rows)), out)


def write_bib(rows: Iterable[Sequence[object]], out: BinaryIO) -> int:
    """Write BibTeX: each idea is a `@misc`, which every style knows."""
    return write_texts(map(_bib, _entries(rows)), out)


def write_csl(rows: Iterable[Sequence[object]], out: BinaryIO) -> int:
    """Write CSL-JSON: each idea is a `post`."""
    return write_objects(map(_csl, _entries(rows)), out)


def _entries(rows: Iterable[Sequence[object]]) -> Iterator[_Entry]:
    for row in rows:
        cells = {name: one_line(cell) for name, cell in zip(COLUMNS, row, strict=True)}
        stamp = re.sub(r"\D", "", cells["posted_at"])
        thanks = cells["credits"].replace("; ", ", ")
        words = cells["text"] or cells["resources"]
        yield _Entry(
            # Neither ever changes; the moment tells apart two networks' ideas of one number.
            key=f"idea{cells['number']}-{stamp}",
            title=excerpt(words, TITLE) or f"Idea {cells['number']}",
            author=cells["author"],
            day=date.fromisoformat(cells["day"]),
            within=", ".join(filter(None, (cells["channel"], cells["workspace"]))),
            url=web_address(cells["permalink"]),
            tags=tuple(cells["tags"].split("; ")) if cells["tags"] else (),
            note=" ".join(
                (
                    *((f"With credit to {thanks}.",) if thanks else ()),
                    *((f"Licence: {cells['licence']}.",) if cells["licence"] else ()),
                )
            ),
            text=words,
        )


def one_line(cell: object) -> str:
    """Return a cell on one line: a line of its own would be read as another field."""
    words = str(cell)
    if not (words.isascii() and words.isprintable()):
        kept = (c for c in words if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs"})
        words = "".join(kept)
    return " ".join(words.split())


def web_address(url: str) -> str:
    """Return an address without what would end the field that it stands in; else nothing."""
    return _UNSAFE.sub(lambda found: quote(found[0]), url) if is_address(url) else ""


def _ris(entry: _Entry) -> str:
    fields = [
        ("TY", "ELEC"),
        ("ID", entry.key),
        ("AU", entry.author),
        ("TI", entry.title),
        ("T2", entry.within),
        ("PY", str(entry.day.year)),
        ("DA", f"{entry.day:%Y/%m/%d}/"),
        ("UR", entry.url),
        *(("KW", tag) for tag in entry.tags),
        ("N1", entry.note),
        ("AB", entry.text),
    ]
    lines = [f"{tag}  - {value}\r\n" for tag, value in fields if value]
    return "".join(lines) + "ER  - \r\n\r\n"


def _bib(entry: _Entry) -> str:
    fields = {
        # Braces of their own keep a name in one piece, and a title in its capitals.
        "author": _tex(entry.author) and f"{{{_tex(entry.author)}}}",
        "title": f"{{{_tex(entry.title)}}}",
        "howpublished": _tex(entry.within),
        "year": str(entry.day.year),
        "day": str(entry.day.day),
        "url": entry.url,
        "keywords": _tex(", ".join(entry.tags)),
        "note": _tex(entry.note),
        "abstract": _tex(entry.text),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    month = f"  month = {_MONTHS[entry.day.month - 1]},\n"
    return f"@misc{{{entry.key},\n{''.join(lines)}{month}}}\n\n"


def _tex(text: str) -> str:
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    return text.translate(_TEX_BRACES if depth else _TEX)


def _csl(entry: _Entry) -> Mapping[str, object]:
    day = entry.day
    fields: dict[str, object] = {
        "id": entry.key,
        "type": "post",
        "author": [{"literal": entry.author}] if entry.author else [],
        "title": entry.title,
        "container-title": entry.within,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "URL": entry.url,
        "keyword": ", ".join(entry.tags),
        "note": entry.note,
        "abstract": entry.text,
    }
    return {name: value for name, value in fields.items() if value}
