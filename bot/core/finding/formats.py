"""What writes each format of a file of ideas.

A workbook needs a library, which the core has not: whoever composes the program adds its writer.
"""

from collections.abc import Callable, Mapping
from typing import BinaryIO, Final

from bot.core.finding.citations import write_bib, write_csl, write_ris
from bot.core.finding.export import write_csv, write_json
from bot.core.finding.markdown import write_markdown
from bot.core.model.exports import Book, Format

Writer = Callable[[Book, BinaryIO], object]
"""Writes a file of a book; reads its rows as they come, and leaves the file open."""

Writers = Mapping[Format, Writer]

TEXTS: Final[Writers] = {
    Format.CSV: lambda book, out: write_csv(book.ideas, out),
    Format.JSON: lambda book, out: write_json(book.ideas, out),
    Format.MD: lambda book, out: write_markdown(book.ideas, out, book.components),
    Format.RIS: lambda book, out: write_ris(book.ideas, out),
    Format.BIB: lambda book, out: write_bib(book.ideas, out),
    Format.CSL: lambda book, out: write_csl(book.ideas, out),
}
"""The formats that are text."""
