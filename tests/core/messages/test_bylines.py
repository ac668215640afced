"""What pages that people outside can open say of people."""

import pytest

from bot.core.messages.bylines import NOBODY, public_author, public_text
from bot.core.model.people import Author, Shown

ROSA = Author(id="U1", name="Rosa", real_name="Rosa Alvarez", title="Chief", school="Prairie")


@pytest.mark.parametrize(
    ("shown", "author", "line"),
    [
        (None, ROSA, NOBODY),
        (Shown.NOBODY, ROSA, NOBODY),
        (Shown.SCHOOL, ROSA, "Prairie"),
        (Shown.SCHOOL, Author(id="U1", name="Rosa", title="Chief"), NOBODY),
        (Shown.NAME, ROSA, "Rosa, Prairie"),
        (Shown.NAME, Author(id="U1", real_name="Rosa Alvarez"), "Rosa Alvarez"),
        (Shown.NAME, Author(id="U1", name="Rosa", title="Chief"), "Rosa, Chief"),
        (Shown.NAME, Author(id="U1"), NOBODY),
        (Shown.NAME, Author(id="U1", name="Rosa\nAlvarez ", school=" "), "Rosa Alvarez"),
        (Shown.SCHOOL, Author(id="U1", name="Rosa", school="\u202eeiriarP"), "eiriarP"),
    ],
)
def test_author(shown: Shown | None, author: Author, line: str) -> None:
    """The author chooses; until then, and where nothing else is known, nobody is named."""
    assert line == public_author(author, shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ask Rosa", "Ask Rosa"),
        ("with @Rosa, and @rosa alvarez too", f"with {NOBODY}, and {NOBODY} too"),
        ("@Rosalind is another", "@… is another"),
        ("@Rosalind Ames is another; @ 3 pm, @12", "@… is another; @ 3 pm, @12"),
        ("with @Mei and @mei tanaka", f"with {NOBODY} and @mei tanaka"),
        ("\u202eread\u2066 by @\u202eRosa\u202c", f"read by {NOBODY}"),
        ("merci@Rosa Alvarez, _@Rosa_", f"merci@…, _{NOBODY}_"),
        ("感谢@Rosa Alvarez的帮助", "感谢@…"),
        ("@Rosa  Alvarez, @rosa\xa0alvarez", f"{NOBODY}, {NOBODY}"),
        ("@Jose\u0301 Weiß and @JOSÉ WEISS", f"{NOBODY} and {NOBODY}"),
        ("@Rosa Bloom wrote, @Mei Tanaka Then", "@… wrote, @Mei Tanaka Then"),
        ("@Ana Maria de la Cruz wrote to @Иван Петров", "@… wrote to @…"),
        ("https://example.org/@ames, me@example.org", "https://example.org/@ames, me@example.org"),
        ("https://example.org,@Rosa Alvarez", f"https://example.org,{NOBODY}"),
        ("@📚 Ames Bell reads, @_Ames_ too", "@… reads, @…_ too"),
        ("@Jo (she/her)! and @Jo", f"{NOBODY}! and @…"),
    ],
)
def test_text(text: str, shown: str) -> None:
    """Whoever gave no name is mentioned by none, of two names by the longer one."""
    assert shown == public_text(
        text, {"Rosa", "Rosa Alvarez", "Jo (she/her)", "mei", "josé weiss", ""}, {"mei tanaka"}
    )


def test_nobody_to_hide() -> None:
    """A text stays as it is where nobody is mentioned; who is not known is not named."""
    assert "with Rosa" == public_text("with Rosa", {"Rosa"})
    assert "with @…, a@b.org" == public_text("with @Rosa, a@b.org", {""})
