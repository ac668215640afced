"""The rows of a workbook's first sheet, read as a stream: texts, and numbers as they stand."""

import posixpath
import re
from collections.abc import Iterator
from typing import Final
from zipfile import ZipFile

from bot.core.errors import UnreadableFileError
from handlers.archives import Tags, chunks, feed
from handlers.padlet.board import Cell, Row

MOST: Final = 256 << 20
"""Bytes of a sheet, unpacked."""

MOST_WORDS: Final = 64 << 20
"""Bytes of the texts that cells share, unpacked: these are held in memory."""

MOST_COLUMNS: Final = 256

_BOOK: Final = "xl/workbook.xml"
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")


def is_workbook(archive: ZipFile) -> bool:
    """Whether an archive is a workbook."""
    return _BOOK in archive.NameToInfo


def xlsx_rows(archive: ZipFile) -> Iterator[Row]:
    """The rows of the first sheet, each with its number.

    Raises:
        UnreadableFileError: the workbook is damaged, or larger than we read.
    """
    words = _Words()
    if "xl/sharedStrings.xml" in archive.NameToInfo:
        for _ in feed(chunks(archive, "xl/sharedStrings.xml", most=MOST_WORDS), words, "its texts"):
            pass
    sheet = _Sheet(words.found)
    for _ in feed(chunks(archive, _first_sheet(archive), most=MOST), sheet, "its first sheet"):
        yield from sheet.rows
        sheet.rows.clear()


def _first_sheet(archive: ZipFile) -> str:
    book, links = _Names("sheet"), _Names("Relationship")
    for name, tags in ((_BOOK, book), ("xl/_rels/workbook.xml.rels", links)):
        for _ in feed(chunks(archive, name, most=1 << 20), tags, name):
            pass
    idents = [value for one in book.found[:1] for key, value in one.items() if key.endswith("}id")]
    for one in links.found:
        if one.get("Id") in idents:
            return posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
    raise UnreadableFileError("The workbook has no sheet.")


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


class _Names(Tags):
    """Collects the attributes of the tags of one name."""

    def __init__(self, name: str) -> None:
        self.found: list[dict[str, str]] = []
        self._name = name

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _bare(tag) == self._name:
            self.found.append(attributes)


class _Words(Tags):
    """Collects the texts that cells share."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text: list[str] = []
        self._open = self._aside = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._open = _bare(tag) == "t"
        self._aside = self._aside or _bare(tag) == "rPh"  # how a text is read aloud

    def end(self, tag: str) -> None:
        self._open = False
        if _bare(tag) == "rPh":
            self._aside = False
        if _bare(tag) == "si":
            self.found.append("".join(self._text))
            self._text.clear()

    def data(self, words: str) -> None:
        if self._open and not self._aside:
            self._text.append(words)


class _Sheet(Tags):
    """Collects rows."""

    def __init__(self, words: list[str]) -> None:
        self.rows: list[Row] = []
        self._words = words
        self._row: list[Cell] = []
        self._number = 0
        self._at = 0
        self._kind = ""
        self._text: list[str] = []
        self._open = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _bare(tag)
        if name == "row":
            given = attributes.get("r", "")
            self._number = int(given) if given.isdecimal() else self._number + 1
            self._row, self._at = [], 0
        elif name == "c":
            if letters := _LETTERS.match(attributes.get("r", "")):
                self._at = _column(letters[0])
            self._kind = attributes.get("t", "n")
            self._text.clear()
        self._open = name in {"v", "t"}

    def data(self, words: str) -> None:
        if self._open:
            self._text.append(words)

    def end(self, tag: str) -> None:
        name = _bare(tag)
        self._open = False
        if name == "c":
            if self._at < MOST_COLUMNS:
                self._row += [""] * (self._at + 1 - len(self._row))
                self._row[self._at] = self._cell("".join(self._text))
            self._at += 1
        elif name == "row" and self._row:
            self.rows.append((f"row {self._number}", self._row))

    def _cell(self, text: str) -> Cell:
        if self._kind == "s":
            at = int(text) if text.isdecimal() and len(text) < 10 else -1
            return self._words[at] if 0 <= at < len(self._words) else ""
        if self._kind != "n" or not text:
            return text
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1
