"""Ideas as a workbook (XLSX): real dates, filters, a header that stays; in constant memory.

Every cell is a text, a number or a date: none is a formula or a link, whatever somebody wrote.
`WRITERS` knows the other formats too.
"""

import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final

from bot.core.finding.citations import write_bib, write_csl, write_ris
from bot.core.finding.export import COLUMNS, as_one_cell, could_be_formula, write_csv, write_json
from bot.core.finding.markdown import write_markdown
from bot.core.model.exports import PROMPTS, TRIALS, Book, Format, Rows, Writers

LAST_ROW: Final = 1_048_576
"""Rows of a sheet, its header among them."""

_INSTANTS: Final = frozenset({"posted_at", "edited_at", "tried_at", "asked_at"})
_DAYS: Final = frozenset({"day"})
_WIDE: Final = {"text": 80, "words": 60, "prompt": 60, "permalink": 30, "resources": 30}
_WIDTH: Final = 18
_FIRST_YEAR: Final = 1900
"""The year that the days of a workbook are counted from."""

_MADE: Final = datetime(1980, 1, 1)  # noqa: DTZ001  (a file has no zone; ZIP's own first day)
"""When the file says that it was made, so that the same ideas make the same bytes."""


def write_xlsx(book: Book, out: BinaryIO) -> int:
    """Write a workbook with the sheets Ideas, Trials and Prompts, in constant memory.

    What is longer than a cell ends as in the CSV. A text that could be taken for a formula is
    marked as text, so that it stays one when somebody edits its cell. A sheet that is full goes on
    in another of its name.

    Args:
        out: open for writing bytes; left open.

    Returns:
        The number of ideas.
    """
    import xlsxwriter  # noqa: PLC0415  (few starts of the program need it)
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    # The library's own files, the packed one among them, are gone whatever happens.
    with TemporaryDirectory(prefix="commonplace-") as folder:
        packed = Path(folder) / "ideas.xlsx"
        workbook = xlsxwriter.Workbook(packed, {"constant_memory": True, "tmpdir": folder})
        workbook.use_zip64()
        workbook.set_properties({"created": _MADE})
        sheets = _Sheets(workbook)
        try:
            written = sheets.add("Ideas", COLUMNS, book.ideas)
            sheets.add("Trials", TRIALS, book.trials)
            sheets.add("Prompts", PROMPTS, book.prompts)
            workbook.close()
        except FileCreateError as error:  # it hides that the disk is full
            raise error.args[0] from None
        finally:
            for sheet in workbook.worksheets():
                sheet.row_data_fh.close()
        with packed.open("rb") as file:
            shutil.copyfileobj(file, out)
    return written


class _Sheets:
    """Adds sheets to a workbook."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._head = workbook.add_format({"bold": True})
        self._marked = workbook.add_format({"quote_prefix": True})
        self._instant = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})

    def add(self, name: str, columns: Sequence[str], rows: Rows) -> int:
        """Write rows on a sheet, and on more where there are too many; return how many."""
        remaining = iter(rows)
        written = 0
        for part in count(1):
            sheet = self._workbook.add_worksheet(name if part == 1 else f"{name} {part}")
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                sheet.set_column(place, place, _WIDE.get(column, _WIDTH))
                sheet.write_string(0, place, column, self._head)
            row = 0
            for row, cells in enumerate(islice(remaining, LAST_ROW - 1), start=1):
                self._write(sheet, row, columns, cells)
            sheet.autofilter(0, 0, row, len(columns) - 1)
            written += row
            if row < LAST_ROW - 1:
                break
        return written

    def _write(self, sheet: Any, row: int, columns: Sequence[str], cells: Sequence[object]) -> None:
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            if isinstance(cell, int):
                sheet.write_number(row, place, cell)
            elif cell and not self._wrote_time(sheet, row, place, column, str(cell)):
                self._write_text(sheet, row, place, str(cell))

    def _wrote_time(self, sheet: Any, row: int, place: int, column: str, cell: str) -> bool:
        """Write a day or an instant, unless it is one that no workbook can count."""
        if column in _INSTANTS:
            # Days and hours of a workbook are of no zone; these are UTC.
            at = datetime.fromisoformat(cell).astimezone(UTC).replace(tzinfo=None)
            form = self._instant
        elif column in _DAYS:
            at = datetime.combine(date.fromisoformat(cell), datetime.min.time())
            form = self._day
        else:
            return False
        if at.year <= _FIRST_YEAR:
            return False
        sheet.write_datetime(row, place, at, form)
        return True

    def _write_text(self, sheet: Any, row: int, place: int, cell: str) -> None:
        text = as_one_cell(cell.encode("utf-8", "replace").decode())
        form = self._marked if could_be_formula(text) else None
        if text.startswith("<r>") and text.endswith("</r>"):
            # The library takes such a text for markup of its own, and writes it as it is; one in
            # three pieces it takes for text.
            pieces = text[0], text[1], text[2:]
            sheet.write_rich_string(row, place, *pieces, *filter(None, (form,)))
        else:
            sheet.write_string(row, place, text, form)


WRITERS: Final[Writers] = {
    Format.CSV: lambda book, out: write_csv(book.ideas, out),
    Format.JSON: lambda book, out: write_json(book.ideas, out),
    Format.XLSX: write_xlsx,
    Format.MD: lambda book, out: write_markdown(book.ideas, out, book.components),
    Format.RIS: lambda book, out: write_ris(book.ideas, out),
    Format.BIB: lambda book, out: write_bib(book.ideas, out),
    Format.CSL: lambda book, out: write_csl(book.ideas, out),
}
"""What writes each format."""
