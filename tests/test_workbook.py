"""A workbook of ideas, read again by a library that did not write it."""

import io
import re
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from bot import workbook
from bot.core.errors import CommonplaceError
from bot.core.finding.export import COLUMNS, CUT
from bot.core.model.exports import PROMPTS, TRIALS, Book, Rows
from bot.workbook import write_xlsx
from tests.core.finding.rows import Row, row

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "＝1", "see;=1+1", "{=1}"]  # noqa: RUF001
HOSTILE = [
    *DANGEROUS, "<r>&</r>", "<r></r>", "<r><t>x</t></r></is></c><c><f>1+1</f></c><r></r>",
    "a\rb\nc", "_x0041_", "_x000D_", "\0\x01\x1f", "  blank  ", "\ufffe\uffff", "http://a.org",
    "internal:A1", "mailto:a@b.org", "1", "TRUE", "2026-11-25", "]]>", "&amp;", '"', "📚",
    "a\ud83d", "#REF!",
]  # fmt: skip
TRIAL: Row = (
    *(1, "Rosa", "2026-11-26T08:30:00Z", "Ben", "U2", "Librarian", "Oak", "worked"),
    *("3-5", "class", "=Lovely", "Prairie"),
)
PROMPT: Row = ("2026-11-23T15:00:00Z", "ideas", "C1", "What grew?", 4, "Prairie")

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=20),
    st.builds(lambda text: f"<r>{text}</r>", st.text(st.characters(min_codepoint=32), max_size=9)),
)


def written(*ideas: Row, trials: Rows = (), prompts: Rows = ()) -> bytes:
    out = io.BytesIO()
    book = Book(ideas=iter(ideas), trials=trials, prompts=prompts, components={})
    assert len(ideas) == write_xlsx(book, out)
    return out.getvalue()


def read(data: bytes) -> dict[str, Worksheet]:
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(io.BytesIO(data))}


def cells(sheet: Any, number: int = 2) -> dict[str, Any]:
    """The cells of a row by the names in the header."""
    return {head.value: cell for head, cell in zip(sheet[1], sheet[number], strict=True)}


def as_read(text: str) -> str:
    """What an XML file can hold of a text: halves of characters become question marks."""
    return text.encode("utf-8", "replace").decode()


def test_sheets() -> None:
    """Ideas, Trials and Prompts, each with a bold header that stays, and filters."""
    sheets = read(written(row(), row(number=2), trials=[TRIAL], prompts=[PROMPT]))
    assert ["Ideas", "Trials", "Prompts"] == list(sheets)
    for (name, sheet), columns, last in zip(
        sheets.items(), (COLUMNS, TRIALS, PROMPTS), ("Y3", "L2", "F2"), strict=True
    ):
        assert list(columns) == [cell.value for cell in sheet[1]]
        assert all(cell.font.bold for cell in sheet[1])
        assert ("A2", f"A1:{last}") == (sheet.freeze_panes, sheet.auto_filter.ref), name


def test_real_dates_and_numbers() -> None:
    """Days and instants are dates, in UTC, and counts are numbers; empty cells are empty."""
    idea = row(number=12, edited_at="", reactions=3)
    sheets = read(written(idea, trials=[TRIAL], prompts=[PROMPT]))
    found = cells(sheets["Ideas"])
    assert datetime.fromisoformat("2026-11-25T15:00:00") == found["posted_at"].value
    assert (datetime.fromisoformat("2026-11-25"), "yyyy-mm-dd") == (
        found["day"].value,
        found["day"].number_format,
    )
    assert (12, 3, None) == tuple(
        found[name].value for name in ("number", "reactions", "edited_at")
    )
    assert (
        datetime.fromisoformat("2026-11-26T08:30:00") == cells(sheets["Trials"])["tried_at"].value
    )
    assert (datetime.fromisoformat("2026-11-23T15:00:00"), 4) == tuple(
        cells(sheets["Prompts"])[name].value for name in ("asked_at", "answers")
    )


@pytest.mark.parametrize("day", ["1899-12-31", "1900-01-01", "0001-01-01"])
def test_a_day_that_no_workbook_counts_is_text(day: str) -> None:
    """An idea with a day before 1901, as an old file may have it, keeps the day as text."""
    found = cells(read(written(row(day=day, posted_at=f"{day}T15:00:00Z")))["Ideas"])
    assert (day, f"{day}T15:00:00Z") == (found["day"].value, found["posted_at"].value)


@settings(deadline=None, max_examples=60)
@given(st.lists(texts, min_size=1, max_size=3), texts)
@example(["=1+1"], "<r>x</r>")
def test_every_text_is_read_as_it_was(written_texts: list[str], name: str) -> None:
    """Whatever somebody wrote comes back as it was, as text: no formula, number, link or markup."""
    rows = [row(number=n, text=text, author=name) for n, text in enumerate(written_texts, start=1)]
    trial = (*TRIAL[:3], name, *TRIAL[4:])
    sheets = read(written(*rows, trials=[trial]))
    assert len(rows) + 1 == sheets["Ideas"].max_row
    for number, text in enumerate(written_texts, start=2):
        found = cells(sheets["Ideas"], number)
        for cell, value in ((found["text"], text), (found["author"], name)):
            assert as_read(value) == unescape(cell.value or "")
            assert cell.data_type in {"s", "inlineStr"} or not value
            assert cell.hyperlink is None
    assert as_read(name) == unescape(cells(sheets["Trials"])["tried_by"].value or "")


@pytest.mark.parametrize("text", [*DANGEROUS[:-1], "<r>=1</r>;=1"])
def test_what_could_be_a_formula_is_marked_as_text(text: str) -> None:
    """Its cell stays a text when somebody edits it; there is no formula in the whole file."""
    data = written(row(text=text), row(number=2, text="Fine"))
    sheet = read(data)["Ideas"]
    assert cells(sheet)["text"].quotePrefix
    assert not cells(sheet, 3)["text"].quotePrefix
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = "".join(file.read(name).decode() for name in file.namelist())
    assert not re.search(r"<f[ >]|hyperlink", parts)


@pytest.mark.parametrize("sign", ["a", "📚", "="])
def test_no_cell_is_longer_than_a_spreadsheet_takes(sign: str) -> None:
    """A longer text says where it goes on, as in the CSV; one that just fits is whole."""
    fits, long = sign * (32_767 // len(sign.encode("utf-16-le")) * 2), sign * 40_000
    sheet = read(written(row(text=fits), row(number=2, text=long)))["Ideas"]
    assert fits == cells(sheet)["text"].value
    cut = cells(sheet, 3)["text"].value
    assert cut.endswith(CUT)
    assert len(cut.encode("utf-16-le")) <= 2 * 32_767
    assert long.startswith(cut.removesuffix(CUT))


def test_a_full_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """No idea is left out where there are more than a sheet has rows; each sheet has its header."""
    monkeypatch.setattr(workbook, "LAST_ROW", 4)
    sheets = read(written(*(row(number=n) for n in range(1, 8))))
    assert ["Ideas", "Ideas 2", "Ideas 3", "Trials", "Prompts"] == list(sheets)
    numbers = [[cell.value for cell in sheet["A"]] for sheet in list(sheets.values())[:3]]
    assert [["number", 1, 2, 3], ["number", 4, 5, 6], ["number", 7]] == numbers


def test_the_same_ideas_make_the_same_bytes() -> None:
    """Nothing in the file tells when it was made."""
    assert written(row(), trials=[TRIAL]) == written(row(), trials=[TRIAL])


def test_an_empty_workbook_is_whole() -> None:
    """Without an idea each sheet has its header alone."""
    assert [1, 1, 1] == [sheet.max_row for sheet in read(written()).values()]


def test_what_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rows end early, no part of the file stays on the disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[Row]:
        yield row()
        assert list(tmp_path.iterdir())
        raise CommonplaceError("the database went away")

    with pytest.raises(CommonplaceError):
        write_xlsx(Book(ideas=rows(), components={}), io.BytesIO())
    assert [] == list(tmp_path.iterdir())


class Full(io.BytesIO):
    """A disk without room."""

    def write(self, _data: object) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_said_as_it_is() -> None:
    """The error is that of the disk, not one of the library's."""
    with pytest.raises(OSError, match="No space left") as raised:
        write_xlsx(Book(ideas=[row()], components={}), Full())
    assert 28 == raised.value.errno


def test_memory() -> None:
    """Twenty thousand ideas take no more memory than two thousand: it streams."""
    idea = row(text="word " * 40)[1:]

    def peak(many: int) -> int:
        tracemalloc.start()
        try:
            book = Book(ideas=((n, *idea) for n in range(many)), components={})
            assert many == write_xlsx(book, io.BytesIO())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak(2_000)
    assert peak(20_000) < few + 2_500_000
