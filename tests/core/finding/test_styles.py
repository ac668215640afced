"""One idea in APA, MLA and Chicago: the text that people copy, for whatever stands in an idea."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.core.finding.styles import Citation, cite
from bot.core.model.ideas import Idea
from bot.core.model.parts import Run
from bot.core.model.people import Author, Licence

DAY = date(2026, 10, 14)
URL = "https://prairie.example/archives/C1/p1"
GARDEN = "We built a reading garden"


def cited(
    text: str = GARDEN,
    name: str = "Rosa Alvarez",
    *,
    day: date = DAY,
    network: str = "Prairie",
    **more: Any,
) -> Citation:
    at = datetime(2026, 10, 14, 15, tzinfo=UTC)
    known: dict[str, Any] = {
        "author": Author(id="U1", name=name),
        "channel_name": "leadership",
        "permalink": URL,
    }
    idea = Idea(
        id=1,
        workspace="T1",
        number=12,
        channel="C1",
        ts="1.0",
        posted_at=at,
        text=text,
        **known | more,
    )
    return cite(idea, day=day, network=network)


def text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def test_each_style() -> None:
    """An idea of a member with a first and a last name; titles that stand alone are in italics."""
    found = cited()
    assert (
        f"Alvarez, R. (2026, October 14). {GARDEN} [Online forum post]. leadership, Prairie. {URL}"
    ) == text(found.apa)
    assert (f"Alvarez, Rosa. “{GARDEN}.” Prairie, leadership, 14 Oct. 2026, {URL}.") == text(
        found.mla
    )
    assert (f"Alvarez, Rosa. “{GARDEN}.” leadership, Prairie, October 14, 2026. {URL}.") == text(
        found.chicago
    )
    assert "(R. Alvarez, personal communication, October 14, 2026)" == found.aside
    italics = [[run.text for run in one if run.italic] for one in (found.apa, found.mla)]
    assert [[GARDEN], ["Prairie"]] == italics


@pytest.mark.parametrize(
    ("name", "apa", "mla", "family"),
    [
        ("Rosa Alvarez", "Alvarez, R.", "Alvarez, Rosa.", "Alvarez"),
        ("Rosa M. Alvarez", "Alvarez, R. M.", "Alvarez, Rosa M.", "Alvarez"),
        ("Jean-Luc O’Neil", "O’Neil, J.-L.", "O’Neil, Jean-Luc.", "O’Neil"),
        ("Zoë van der Berg", "van der Berg, Z.", "van der Berg, Zoë.", "van der Berg"),
        ("Rosa", "Rosa.", "Rosa.", ""),
        ("Ms. Alvarez", "Ms. Alvarez.", "Ms. Alvarez.", ""),
        ("Dr Rosa", "Dr Rosa.", "Dr Rosa.", ""),
        ("Rosa Alvarez (she/her)", "Alvarez, R.", "Alvarez, Rosa.", "Alvarez"),
        ("(she/her)", "(she/her).", "(she/her).", ""),
        ("Luis García Márquez", "Luis García Márquez.", "Luis García Márquez.", ""),
        ("Rosa Alvarez Jr.", "Rosa Alvarez Jr.", "Rosa Alvarez Jr.", ""),
        ("reading team", "reading team.", "reading team.", ""),
        ("王小明", "王小明.", "王小明.", ""),
        ("김 민준", "김 민준.", "김 민준.", ""),
        ("Лев Толстой", "Лев Толстой.", "Лев Толстой.", ""),
        ("<b>Rosa</b>", "<b>Rosa</b>.", "<b>Rosa</b>.", ""),
        ("Rosa\nAlvarez", "Alvarez, R.", "Alvarez, Rosa.", "Alvarez"),
    ],
)
def test_names(name: str, apa: str, mla: str, family: str) -> None:
    """A first and one last name are turned round; any other name stands as it is."""
    found = cited(name=name)
    assert f"{apa} (2026, October 14). " == found.apa[0].text
    assert text(found.mla).startswith(f"{mla} “{GARDEN}.”")
    assert text(found.chicago).startswith(f"{mla} “{GARDEN}.”")
    assert family == found.family


def test_no_name() -> None:
    """Each style begins with the words of the idea."""
    found = cited(name="")
    assert text(found.apa).startswith(f"{GARDEN} [Online forum post]. (2026, October 14). leader")
    assert text(found.mla).startswith(f"“{GARDEN}.” Prairie, ")
    assert text(found.chicago).startswith(f"“{GARDEN}.” leadership, ")
    assert found.aside.startswith("(Unknown author, ")


def test_a_name_in_full() -> None:
    """It stands where none is shown in the chat."""
    found = cited(author=Author(id="U1", real_name="Ben Okafor"))
    assert text(found.apa).startswith("Okafor, B. (2026")


@pytest.mark.parametrize(
    ("words", "apa", "others"),
    [
        ("Who reads aloud?", "Who reads aloud?", "“Who reads aloud?”"),
        ("They came. They read!", "They came. They read!", "“They came. They read!”"),
        ("He said “read”", "He said “read”", "“He said \u2018read.’”"),
        ('"Read!" he said', '"Read!" he said', "“\u2018Read!’ he said.”"),
        ('He said "read!"', 'He said "read!"', "“He said \u2018read!’”"),
        ('A 6" ruler', 'A 6" ruler', '“A 6" ruler.”'),
        ("We <b>read</b> & wrote", "We <b>read</b> & wrote", "“We <b>read</b> & wrote.”"),
        ("我們讀書。", "我們讀書。", "“我們讀書。”"),
        ("Two\nlines\there", "Two lines here", "“Two lines here.”"),
        ("a\x1b[31m\ud83d", "a[31m", "“a[31m.”"),
    ],
)
def test_titles(words: str, apa: str, others: str) -> None:
    """One line; a stop where the words have none; quotes within the quotes are single."""
    found = cited(words)
    assert [apa] == [run.text for run in found.apa if run.italic]
    assert text(found.mla).startswith(f"Alvarez, Rosa. {others} Prairie, ")
    assert text(found.chicago).startswith(f"Alvarez, Rosa. {others} leadership, ")


def test_a_long_text() -> None:
    """APA takes 20 words, the others 280 characters, and no more of a word without an end."""
    found = cited(" ".join(f"word{n}" for n in range(1, 100)))
    assert [f"{' '.join(f'word{n}' for n in range(1, 21))}…"] == [
        run.text for run in found.apa if run.italic
    ]
    assert 240 < len(found.mla[0].text) < 300
    assert found.mla[0].text.endswith("…”")
    assert len(text(cited("a" * 40_000).apa)) < 500


def test_what_is_not_known_is_left_out() -> None:
    """No address, no channel, no network: no comma or stop stands for them."""
    found = cited(permalink="", channel_name="", network="")
    assert f"Alvarez, R. (2026, October 14). {GARDEN} [Online forum post]. " == text(found.apa)
    assert f"Alvarez, Rosa. “{GARDEN}.” 14 Oct. 2026." == text(found.mla)
    assert f"Alvarez, Rosa. “{GARDEN}.” October 14, 2026." == text(found.chicago)
    found = cited(network="")
    assert f"Alvarez, Rosa. “{GARDEN}.” leadership, 14 Oct. 2026, {URL}." == text(found.mla)


def test_an_idea_without_words() -> None:
    """Its resources stand for its title, else its number; whom it credits is no author."""
    only = cited("", resources=("https://a.example/x",), credits=("Ben Okafor",))
    assert ["https://a.example/x"] == [run.text for run in only.apa if run.italic]
    assert "Okafor" not in text(only.apa + only.mla + only.chicago)
    assert ["Idea 12"] == [run.text for run in cited("").apa if run.italic]


def test_an_address_that_is_none() -> None:
    """What is no address of the web is left out, and one that would end its field is mended."""
    assert "javascript" not in text(cited(permalink="javascript:alert(1)").mla)
    assert f"{URL}%7D" in text(cited(permalink=f"{URL}}}").chicago)


def test_the_licence_stands_last() -> None:
    """In brackets behind the address that APA ends with; as a sentence in the others."""
    author = Author(id="U1", name="Rosa Alvarez", licence=Licence.RESERVED)
    found = cited(author=author)
    assert text(found.apa).endswith(f"{URL} (All rights reserved)")
    assert text(found.mla).endswith(f"{URL}. All rights reserved.")
    assert text(found.chicago).endswith(f"{URL}. All rights reserved.")


@pytest.mark.parametrize(
    ("month", "full", "short"),
    [(5, "May", "May"), (6, "June", "June"), (9, "September", "Sept."), (12, "December", "Dec.")],
)
def test_months(month: int, full: str, short: str) -> None:
    """MLA cuts the long ones."""
    found = cited(day=date(2026, month, 2))
    assert f"(2026, {full} 2)" in text(found.apa)
    assert f", 2 {short} 2026, " in text(found.mla)
    assert f" {full} 2, 2026." in text(found.chicago)
