"""Citations: what reference managers read of them, whatever somebody wrote."""

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as formatters
from citeproc.source.json import CiteProcJSON
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.finding.citations import write_bib, write_csl, write_ris
from tests.core.finding.rows import Row, row

WRITE: dict[str, Callable[[Iterable[Sequence[object]], BinaryIO], int]] = {
    "ris": write_ris,
    "bib": write_bib,
    "csl": write_csl,
}
GARDEN = row(
    number=12,
    author="Zoë Álvarez",
    channel="leadership",
    text="We built a reading garden & lost 50% of nothing.\nIt {works}!",
    tags="outdoors; grade-6",
    credits="Ben Okafor; Mei",
    permalink="https://prairie.example/archives/C1/p1?thread_ts=1&cid=C1",
)
KEY = "idea12-20261125150000"
HOSTILE = [
    "a\r\nER  - \r\nTY  - JOUR\r\nAU  - Somebody",
    "a\u2028ER  - \u2028TY  - JOUR",
    "a\x85\x0b\x0cTY  - JOUR",
    "}, author = {Somebody}\n}\n@misc{x, title = {y",
    "{{{", "}}}", "\\", "\\}", "100% of it", "a~b^c_d#e$f&g", '"@string{a="b"}',
    '", "author": [], "x": "', "\0\x1b[31m", "a\ud83d",
]  # fmt: skip

texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text(st.sampled_from("{}\\%&$#_~^@,= \n\r\"'ab-TYER"), max_size=40),
    st.sampled_from(HOSTILE),
)


def written(form: str, *rows: Row) -> str:
    out = io.BytesIO()
    assert len(rows) == WRITE[form](iter(rows), out)
    return out.getvalue().decode()


def one_line(text: str) -> str:
    kept = (c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cs"})
    return " ".join("".join(kept).split())


def read_ris(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rispy.loads(text)
    return found


def read_bib(text: str) -> list[dict[str, str]]:
    """Each entry's fields as they stand, its key and type among them."""
    library = parse_string(text)
    assert [] == library.failed_blocks
    assert len(library.blocks) == len(library.entries)
    return [
        {"key": one.key, "type": one.entry_type} | {f.key: str(f.value) for f in one.fields}
        for one in library.entries
    ]


# -- what is said ---------------------------------------------------------------------------------


def test_ris() -> None:
    """RIS names the author, day, channel, network, address, tags and whom the idea credits."""
    (entry,) = read_ris(written("ris", GARDEN))
    text = "We built a reading garden & lost 50% of nothing. It {works}!"
    assert {
        "type_of_reference": "ELEC",
        "id": KEY,
        "authors": ["Zoë Álvarez"],
        "title": text,
        "secondary_title": "leadership, Prairie",
        "year": "2026",
        "date": "2026/11/25/",
        "urls": ["https://prairie.example/archives/C1/p1?thread_ts=1&cid=C1"],
        "keywords": ["outdoors", "grade-6"],
        "notes": ["With credit to Ben Okafor, Mei."],
        "abstract": text,
    } == entry


def test_bibtex() -> None:
    """BibTeX says the same; a name stays in one piece, and no sign is a command."""
    (entry,) = read_bib(written("bib", GARDEN))
    text = r"We built a reading garden \& lost 50\% of nothing. It \{works\}!"
    assert {
        "type": "misc",
        "key": KEY,
        "author": "{Zoë Álvarez}",
        "title": f"{{{text}}}",
        "howpublished": "leadership, Prairie",
        "year": "2026",
        "month": "nov",
        "day": "25",
        "url": "https://prairie.example/archives/C1/p1?thread_ts=1&cid=C1",
        "keywords": "outdoors, grade-6",
        "note": "With credit to Ben Okafor, Mei.",
        "abstract": text,
    } == entry


def test_csl() -> None:
    """CSL-JSON says the same, and a citation processor makes a reference of it."""
    (entry,) = json.loads(written("csl", GARDEN))
    assert (KEY, "post", [{"literal": "Zoë Álvarez"}], "leadership, Prairie") == tuple(
        entry[name] for name in ("id", "type", "author", "container-title")
    )
    assert {"date-parts": [[2026, 11, 25]]} == entry["issued"]
    shown = reference(entry)
    for said in ("Zoë Álvarez", "2026", "We built a reading garden", "https://prairie.example/"):
        assert said in shown


def reference(entry: dict[str, Any]) -> str:
    """What a citation processor says of an entry."""
    source = CiteProcJSON([entry])
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    made = CitationStylesBibliography(style, source, formatters.plain)
    made.register(Citation([CitationItem(entry["id"])]))
    return "".join(map(str, made.bibliography()))


@pytest.mark.parametrize("form", WRITE)
def test_the_licence_is_a_note(form: str) -> None:
    """Beside whom the idea credits."""
    text = written(form, row(credits="Mei", licence="CC BY-NC 4.0"))
    assert "With credit to Mei. Licence: CC BY-NC 4.0." in text
    assert "Licence" not in written(form, GARDEN)


@pytest.mark.parametrize("form", WRITE)
def test_what_is_not_known_is_left_out(form: str) -> None:
    """No author, no address, no tag: no field for it. A file of nothing is a whole file."""
    text = written(form, row(author="", text="Shelves", workspace="", channel=""))
    for name in ("AU", "UR", "KW", "T2", "author", "url", "URL", "keyword", "howpublished"):
        assert not re.search(rf'^(?:{name}  -|  {name} =|.*"{name}":)', text, re.MULTILINE), name
    assert {"ris": "", "bib": "", "csl": "[]\n"}[form] == written(form)


def test_a_title_is_never_empty_nor_long() -> None:
    """It is the beginning of the words, else the address that was shared, else the number."""
    long, link, empty = json.loads(
        written(
            "csl",
            row(text="word " * 100),
            row(text="", resources="https://example.org/a"),
            row(number=7, text=""),
        )
    )
    assert len(long["title"]) <= 120
    assert long["title"].endswith("…")
    assert ("https://example.org/a", "Idea 7") == (link["title"], empty["title"])


@pytest.mark.parametrize("form", WRITE)
def test_keys_are_stable(form: str) -> None:
    """An edit, a new name or another channel leaves the key; another network has another one."""
    changed = row(number=12, author="Rosa", text="Other words", channel="new")
    other = row(number=12, posted_at="2026-11-25T15:00:01Z")
    assert KEY in written(form, GARDEN)
    assert KEY in written(form, changed)
    assert KEY not in written(form, other)


@pytest.mark.parametrize("form", WRITE)
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://", "https://[", "file:///etc/passwd", "C1/p1"]
)
def test_only_an_address_on_the_web_is_one(form: str, address: str) -> None:
    """What cannot be opened, or must not be, stands in no field for addresses."""
    assert address not in written(form, row(permalink=address))


# -- hostile text ---------------------------------------------------------------------------------


@settings(deadline=None)
@given(texts, texts, texts)
@example("a\r\nER  - ", "x", "b\nTY  - JOUR")
def test_no_text_ends_a_ris_entry(text: str, name: str, tag: str) -> None:
    """Read again, there are as many entries as ideas, and each text is what it was, on a line."""
    one = row(text=text, author=name, tags=tag.replace(";", ""), permalink=f"https://a.org/{text}")
    entries = read_ris(written("ris", one, GARDEN))
    assert [one_line(text), entries[1]["abstract"]] == [
        entry.get("abstract", "") for entry in entries
    ]
    assert [one_line(name)] == entries[0].get("authors", [""])
    assert ["ELEC", "ELEC"] == [entry["type_of_reference"] for entry in entries]


@settings(deadline=None)
@given(texts, texts, texts)
def test_no_text_ends_a_bibtex_entry(text: str, name: str, tag: str) -> None:
    """Read again, there are as many entries as ideas, with braces that match in every field."""
    one = row(text=text, author=name, tags=tag.replace(";", ""), permalink=f"https://a.org/{text}")
    first, second = read_bib(written("bib", one, GARDEN))
    assert "{Zoë Álvarez}" == second["author"]
    assert set(first) <= set(second)
    for value in first.values():
        assert value.count("{") == value.count("}")


@pytest.mark.parametrize("text", ["a & b", "50% {of} it", "c_d #1 $2", "back\\slash", "x ~ y"])
def test_latex_shows_what_was_written(text: str) -> None:
    """The commands of BibTeX's file, read as LaTeX, are the signs that somebody wrote."""
    library = parse_string(
        written("bib", row(text=text)), append_middleware=[LatexDecodingMiddleware()]
    )
    assert text == library.entries[0]["abstract"]


@settings(deadline=None)
@given(texts, texts)
def test_csl_is_json_whatever_was_written(text: str, name: str) -> None:
    """CSL-JSON read again has the words and the name, each on a line."""
    first, second = json.loads(written("csl", row(text=text, author=name), GARDEN))
    assert one_line(text) == first.get("abstract", "")
    assert ([{"literal": one_line(name)}] if one_line(name) else None) == first.get("author")
    assert KEY == second["id"]
