"""Files of ideas: exact, reversible, harmless in a spreadsheet, and small in memory."""

import csv
import io
import json
import sys
import tracemalloc
import unicodedata
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.finding.export import COLUMNS, CUT, LISTS, guarded, write_csv, write_json
from tests.core.finding.rows import Row, row

COUNTS = {"number", "reactions", "replies", "tried"}
INSTANTS = {"posted_at", "edited_at", "day"}
DANGEROUS = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "'", "＝", "＋", "－", "＠", "＇"]  # noqa: RUF001


def as_csv(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    assert len(rows) == write_csv(iter(rows), out)
    return out.getvalue()


def as_json(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    assert len(rows) == write_json(iter(rows), out)
    return out.getvalue()


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.builds(str.__add__, st.sampled_from(DANGEROUS), st.text(st.sampled_from("a\",\r\n\0;'"))),
)
rows_of_ideas = st.lists(
    st.tuples(
        *(
            st.integers(0, 2**40)
            if name in COUNTS
            else st.sampled_from(["", "2026-11-25T15:00:00Z"])
            if name in INSTANTS
            else texts
            for name in COLUMNS
        )
    ),
    max_size=4,
)


@given(rows_of_ideas)
@example([row(text="'"), row(text="''=1")])
def test_round_trip(rows: list[Row]) -> None:
    """Read as CSV and rid of one leading ', every cell is what it was."""
    header, *cells = read_csv(as_csv(rows))
    assert list(COLUMNS) == header
    assert [[str(cell) for cell in row] for row in rows] == [
        [cell.removeprefix("'") for cell in row] for row in cells
    ]


@given(rows_of_ideas)
def test_no_formula(rows: list[Row]) -> None:
    """No cell of the file begins with what a spreadsheet takes for a formula."""
    for cells in read_csv(as_csv(rows)):
        assert not [cell for cell in cells if cell[:1] in set(DANGEROUS) - {"'"} and cell]


@pytest.mark.parametrize("start", DANGEROUS)
@pytest.mark.parametrize("column", sorted(set(COLUMNS) - COUNTS - INSTANTS))
def test_guard(start: str, column: str) -> None:
    """Each dangerous first character is guarded, in every column that people fill."""
    place = COLUMNS.index(column)
    assert f"'{start}1+1" == guarded(row(**{column: f"{start}1+1"}))[place]


@pytest.mark.parametrize(
    "text",
    [
        "see;=1+1;there",
        "see;@SUM(A1)",
        "a\nb;\u200b-2",
        ";＋1",  # noqa: RUF001
        "\u200b=1+1",
        "\ufeffhello",
        "\u202e=1+1",
        "\u2060",
        "\U000e0001=1",
        "see;\u00a0=1+1",
    ],
)
@pytest.mark.parametrize("column", ["text", "author", "credits", "workspace"])
def test_hidden_formulas_are_guarded(column: str, text: str) -> None:
    """So is what stands behind characters without width, or where cells are split at `;`."""
    assert f"'{text}" == guarded(row(**{column: text}))[COLUMNS.index(column)]


def test_a_formula_behind_anything_blank_is_guarded() -> None:
    """Whatever control, format character, separator or blank letter stands first, save a space."""
    unseen = [
        sign
        for sign in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp"} and sign != " "
    ]
    for sign in (*unseen, *"\u115f\u1160\u2800\u3164\uffa0"):
        assert f"'{sign}=1" == guarded(row(text=f"{sign}=1"))[COLUMNS.index("text")], ascii(sign)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a" * 32_767, "a" * 32_767),
        ("a" * 32_768, "a" * 32_737 + CUT),
        ("=" * 40_000, "'" + "=" * 32_736 + CUT),
        ("📚" * 16_383, "📚" * 16_383),
        ("📚" * 16_384, "📚" * 16_368 + CUT),
    ],
)
def test_no_cell_is_longer_than_a_spreadsheet_takes(text: str, cell: str) -> None:
    """A text beyond 32,767 characters, as spreadsheets count them, says where it goes on."""
    data = as_csv([row(text=text)])
    assert cell == read_csv(data)[1][COLUMNS.index("text")]
    assert len(cell.encode("utf-16-le")) <= 2 * 32_767
    assert text == json.loads(as_json([row(text=text)]))[0]["text"]


@pytest.mark.parametrize(
    "text", ["a=1", "lunch; -1", " =1", "1-2", "\u2212 1", "\ufe66", ";", "a;\n- b", "#", '"', "é"]
)
def test_nothing_else_is_changed(text: str) -> None:
    """A cell that only looks like trouble stays as it is."""
    assert row(text=text) == guarded(row(text=text))


def test_bytes() -> None:
    """The file is UTF-8 with its mark, CRLF, quotes doubled, breaks inside cells kept."""
    rows = [
        row(author="Zoë, S.", text='=1+1 "x"\nnext', tags="ai; grade-6"),
        row(number=2, text="a\0b\rc", source="form", kind="question", tried=3),
    ]
    head = (
        "\ufeffnumber,posted_at,author,author_id,title,school,district,channel,channel_id,text,"
        "tags,components,resources,credits,prompt,reactions,replies,tried,permalink,edited_at,"
        "source,kind,day,workspace,licence\r\n"
    )
    assert (
        head + '1,2026-11-25T15:00:00Z,"Zoë, S.",U1,,,,ideas,C1,"\'=1+1 ""x""\nnext",ai; grade-6'
        ",,,,,0,0,0,,,post,idea,2026-11-25,Prairie,\r\n"
        '2,2026-11-25T15:00:00Z,Rosa,U1,,,,ideas,C1,"a\0b\rc",,,,,,0,0,3,,,form,question,'
        "2026-11-25,Prairie,\r\n"
    ).encode() == as_csv(rows)
    assert head.encode() == as_csv([])


def test_half_an_emoji() -> None:
    """Half an emoji, which no file can hold, does not cost the export."""
    assert "a?b" == read_csv(as_csv([row(text="a\ud83db")]))[1][COLUMNS.index("text")]
    assert json.loads(as_json([row(text="a\ud83db")]))[0]["text"] == "a?b"


@given(rows_of_ideas)
def test_json_equals_csv(rows: list[Row]) -> None:
    """JSON says what the CSV says: same names, values unaltered, lists as lists."""
    read = json.loads(as_json(rows))
    assert [[str(cell) for cell in row] for row in rows] == [
        [
            "; ".join(value) if name in LISTS else "" if value is None else str(value)
            for name, value in one.items()
        ]
        for one in read
    ]
    assert [list(COLUMNS)] * len(rows) == [list(one) for one in read]


def test_json() -> None:
    """In JSON what is empty is null or an empty list, a count of 0 is 0, and nothing is guarded."""
    read = json.loads(as_json([row(text="=é", tags="ai; grade-6"), row(number=2)]))
    assert ("=é", ["ai", "grade-6"], [], None, 0) == tuple(
        read[0][name] for name in ("text", "tags", "credits", "school", "tried")
    )
    assert [1, 2] == [one["number"] for one in read]
    assert b"[]\n" == as_json([])
    assert "é".encode() in as_json([row(text="é")])


class Sink(io.RawIOBase):
    """Takes bytes and forgets them."""

    size = 0

    def write(self, data: object) -> int:
        assert isinstance(data, bytes)
        self.size += len(data)
        return len(data)


WRITE = {"csv": write_csv, "json": write_json}


@pytest.mark.parametrize("form", ["csv", "json"])
def test_rows_are_written_as_they_come(form: str) -> None:
    """A thousand rows are written before more are taken; the number of all is the result."""
    out = io.BytesIO()
    written: list[int] = []

    def rows() -> Iterator[Row]:
        for n in range(2500):
            if n % 1000 == 0:
                written.append(len(out.getvalue()))
            yield row(number=n)

    assert 2500 == WRITE[form](rows(), out)
    assert written[0] < 1000 < written[1] < written[2] < len(out.getvalue())


@pytest.mark.parametrize(("form", "many"), [("csv", 200_000), ("json", 50_000)])
def test_memory(form: str, many: int) -> None:
    """Two hundred thousand ideas take no more memory than two thousand: it streams."""
    idea = row(text="word " * 40)[1:]
    sink = Sink()
    tracemalloc.start()
    try:
        count = WRITE[form](((n, *idea) for n in range(many)), sink)  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert many == count
    assert sink.size > many * 200
    assert peak < 6_000_000
